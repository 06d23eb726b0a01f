//! `token_command`: a helper program that prints the token. It runs without a shell, in one of two places.
//!
//! ```text
//! HelperPlace::Foreground, and this program is in the foreground of a terminal ─► foreground: the helper owns the terminal
//! else ────────────────────────────────────────────────────────────────────────► background: a session of its own, 10 s
//!                                                                                       │
//!                                              HelperOutput: status, stdout, stderr ◄───┘─► the first line, or an error
//! ```

mod background;
mod foreground;
mod helper;

use std::os::unix::process::ExitStatusExt as _;
use std::process::ExitStatus;
use std::time::Duration;

use super::fault::SourceFault;
use super::options::HelperPlace;
use crate::terminal::ControllingTerminal;

pub(super) use helper::Helper;

/// How long a helper program may take in the background.
const BACKGROUND_LIMIT: Duration = Duration::from_secs(10);
/// What the terminal sends at Ctrl-C.
const SIGINT: i32 = 2;

/// The first line that the program prints. The caller ends the program, and all that it started, by dropping this future.
///
/// # Errors
/// The program cannot be started, fails, is ended by the user, takes too long, or prints too much.
pub(super) async fn read_first_line(helper: Helper<'_>, place: HelperPlace) -> Result<Vec<u8>, SourceFault> {
    let program = helper.program_name();
    let terminal = match place {
        HelperPlace::Foreground => ControllingTerminal::open_in_foreground(),
        HelperPlace::Background => None,
    };
    let Some(terminal) = terminal else {
        return background::run(helper, BACKGROUND_LIMIT).await?.first_line(program);
    };
    let output = foreground::run(helper, terminal).await?;
    if was_interrupted(output.status) {
        return Err(SourceFault::Interrupted(program));
    }
    output.first_line(program)
}

/// True if Ctrl-C ended the program. A shell that runs a program which Ctrl-C ended gives 128 and the signal's number.
fn was_interrupted(status: ExitStatus) -> bool {
    status.signal() == Some(SIGINT) || status.code() == Some(128 + SIGINT)
}

#[cfg(test)]
mod tests;
