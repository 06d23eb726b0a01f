//! A helper program that owns the terminal: it may ask the user for a passphrase.

use super::super::fault::SourceFault;
use super::super::join::run_blocking;
use super::helper::{Helper, HelperOutput, MAX_STDERR_BYTES, MAX_STDOUT_BYTES};
use crate::terminal::{ControllingTerminal, ForegroundJob, JobOutput};

/// Tells gpg-agent which terminal its pinentry asks on
/// (<https://www.gnupg.org/documentation/manuals/gnupg/Invoking-GPG_002dAGENT.html>).
const GPG_TTY: &str = "GPG_TTY";

/// Runs the program in the foreground of `terminal`, to its end. The caller ends it, and takes the terminal back, by dropping
/// this future.
///
/// # Errors
/// The program cannot be started, or the system does not say how it ended.
pub(super) async fn run(
    helper: Helper<'_>,
    terminal: ControllingTerminal,
) -> Result<HelperOutput, SourceFault> {
    let program = helper.program_name();
    let mut command = helper.to_command();
    if std::env::var_os(GPG_TTY).is_none_or(|name| name.is_empty())
        && let Some(path) = terminal.path()
    {
        command.env(GPG_TTY, path);
    }
    let notice = format!("Waiting for {program}, the token_command of {}. Ctrl-C ends it.", helper.profile);
    let started = ForegroundJob::start(terminal, command, (MAX_STDOUT_BYTES, MAX_STDERR_BYTES));
    let (_guard, job) = match started {
        Ok(started) => started,
        Err(source) => return Err(SourceFault::NotStarted { program, source }),
    };
    match run_blocking(move || job.follow(&notice)).await {
        Ok(JobOutput { status, stdout, stderr }) => Ok(HelperOutput { status, stdout, stderr }),
        Err(source) => Err(SourceFault::NotFollowed { program, source }),
    }
}
