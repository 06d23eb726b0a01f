//! What is printed of a panic, and of an error that the user can do nothing about. The text may hold anything that the program
//! has read, so a token in it is blotted out.

use std::io::{self, Write as _};
use std::panic;

use color_eyre::eyre;

use crate::visible::redact;

/// Makes every panic, in every thread, report its place and its message on stderr without a token in it.
///
/// There is no backtrace in it, and no colour: at this point the program does not know what the terminal is. color-eyre's own
/// report of a panic would bring a second copy of the code that reads debug information, which a stripped program has not.
pub fn install_panic_report() {
    panic::set_hook(Box::new(|info| print_redacted(&format!("Error: {info}"))));
}

/// Writes an error that ends the program to stderr, with its causes and without a token in it.
pub fn print_report(report: &eyre::Report) {
    print_redacted(&format!("Error: {report:?}"));
}

fn print_redacted(text: &str) {
    // Where stderr fails, there is nowhere left to report to.
    let _ = writeln!(io::stderr(), "{}", redact(text));
}
