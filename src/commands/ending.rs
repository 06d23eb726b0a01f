//! How a command ends badly: by a failure, or by a signal.

use super::console::Console;
use super::failure::Failure;
use super::interrupt::Interrupts;
use crate::words::Exit;

/// Prints a failure of the whole run: as JSON on stdout if the user asked for JSON, else on stderr. Returns its exit code.
pub(crate) fn tell_failure(failure: &Failure, is_json: bool, console: &mut Console<'_>) -> Exit {
    match failure {
        _ if is_json => console.json(&failure.to_json()),
        // The user pressed Ctrl-C and needs no message.
        Failure::Interrupted => {}
        _ => console.tell(&failure.sentence()),
    }
    failure.exit()
}

/// After a signal that ends the program, such as SIGTERM: prints how the run ended, and then lets the signal end the program.
/// After no such signal it does nothing.
pub(super) fn give_way(
    ended: &Result<Exit, Failure>,
    is_json: bool,
    interrupts: &Interrupts,
    console: &mut Console<'_>,
) {
    if interrupts.is_fatal() {
        if let Err(failure) = ended {
            tell_failure(failure, is_json, console);
        }
        console.flush();
        interrupts.give_way();
    }
}
