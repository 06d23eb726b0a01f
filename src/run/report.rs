//! What is printed of a panic, and of an error that the user can do nothing about. The text may hold anything that the program
//! has read, so a token in it is blotted out.

use std::io::{self, Write as _};
use std::panic;

use color_eyre::config::{HookBuilder, Theme};
use color_eyre::eyre;

use crate::visible::redact;

/// Makes every panic, in every thread, report itself on stderr without a token in it.
///
/// # Errors
/// There are such hooks already.
pub fn install_report_hooks() -> eyre::Result<()> {
    // No colours in a report: at this point the program does not know what the terminal is.
    let (panic_hook, error_hook) = HookBuilder::default().theme(Theme::new()).try_into_hooks()?;
    error_hook.install()?;
    panic::set_hook(Box::new(move |info| print_redacted(&panic_hook.panic_report(info).to_string())));
    Ok(())
}

/// Writes an error that ends the program to stderr, with its causes and without a token in it.
pub fn print_report(report: &eyre::Report) {
    print_redacted(&format!("Error: {report:?}"));
}

fn print_redacted(text: &str) {
    // Where stderr fails, there is nowhere left to report to.
    let _ = writeln!(io::stderr(), "{}", redact(text));
}
