//! The binary: hooks, parse, run, exit code.

use std::process::ExitCode;

fn main() -> color_eyre::Result<ExitCode> {
    // No colours in a report: nobody knows yet what the terminal is.
    color_eyre::config::HookBuilder::default().theme(color_eyre::config::Theme::new()).install()?;
    convrating::run(std::env::args_os())
}
