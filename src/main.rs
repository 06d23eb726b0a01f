//! The binary: the report of panics, one run, its exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    convrating::install_panic_report();
    convrating::run(std::env::args_os()).unwrap_or_else(|report| {
        convrating::print_report(&report);
        ExitCode::FAILURE
    })
}
