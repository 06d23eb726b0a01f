//! The binary: hooks, parse, run, exit code.

use std::process::ExitCode;

fn main() -> color_eyre::Result<ExitCode> {
    color_eyre::install()?;
    convrating::run(std::env::args_os())
}
