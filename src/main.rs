//! The binary: hooks, parse, run, exit code.

use std::process::ExitCode;

fn main() -> color_eyre::Result<ExitCode> {
    // A report has no colours: at this point the program does not know whether stderr is a terminal.
    color_eyre::config::HookBuilder::default().theme(color_eyre::config::Theme::new()).install()?;
    convrating::run(std::env::args_os())
}
