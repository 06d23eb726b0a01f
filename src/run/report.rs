//! What is printed of a panic, and of an error that the user can do nothing about. The text may hold anything that the program
//! has read, so a token in it is blotted out.

use std::io::{self, Write as _};
use std::panic;

use color_eyre::eyre;

use crate::terminal;
use crate::visible::redact;

/// The exit code of a panic, as Rust's own.
const PANICKED: u8 = 101;

/// Makes every panic, in every thread, end the program: it restores the terminal, reports its place and its message on stderr
/// without a token in it, kills the helper programs, and exits with 101.
///
/// Nothing unwinds behind it: the code that unwinding needs is a seventh of the program, which would be read at each start. So what
/// must not outlive a panic stands in statics of the room `terminal`, and not in a destructor. Two destructors do not run, which does
/// no harm: a save that panics has an intent in the history and no outcome, which reads as unknown; and a file that was to replace
/// another one is removed later.
///
/// There is no backtrace in it, and no colour: at this point the program does not know what the terminal is. color-eyre's own
/// report of a panic would bring a second copy of the code that reads debug information, which a stripped program has not.
pub fn install_panic_report() {
    panic::set_hook(Box::new(|info| {
        terminal::close();
        print_redacted(&format!("Error: {info}"));
        terminal::end_process(PANICKED)
    }));
}

/// Writes an error that ends the program to stderr, with its causes and without a token in it.
pub fn print_report(report: &eyre::Report) {
    print_redacted(&format!("Error: {report:?}"));
}

fn print_redacted(text: &str) {
    // Where stderr fails, there is nowhere left to report to.
    let _ = writeln!(io::stderr(), "{}", redact(text));
}
