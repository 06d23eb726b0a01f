//! The binary: hooks, parse, run, exit code.

use std::process::ExitCode;

fn main() -> color_eyre::Result<ExitCode> {
    convrating::install_report_hooks()?;
    Ok(convrating::run(std::env::args_os()).unwrap_or_else(|report| {
        convrating::print_report(&report);
        ExitCode::FAILURE
    }))
}
