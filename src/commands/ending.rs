//! How a command ends badly: by a failure, or by a signal.

use super::console::Console;
use super::failure::Failure;
use super::interrupt::Interrupts;
use crate::words::Exit;

/// Tells a failure of the whole run: as JSON on stdout where JSON was asked for, else on stderr.
pub fn tell_failure(failure: &Failure, is_json: bool, console: &mut Console<'_>) -> Exit {
    match failure {
        _ if is_json => console.json(&failure.to_json()),
        // The user who pressed Ctrl-C knows.
        Failure::Interrupted => {}
        _ => console.tell(&failure.sentence()),
    }
    failure.exit()
}

/// After SIGTERM and its like: the user is told what came of the run, and then the signal ends the program.
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
