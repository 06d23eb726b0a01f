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

use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Command, ExitStatus};
use std::time::Duration;

use super::fault::SourceFault;
use super::options::HelperPlace;
use super::source::{MAX_TOKEN_BYTES, program_name};
use crate::terminal::ControllingTerminal;
use crate::visible::excerpt;

/// How long a helper program may take in the background.
const BACKGROUND_LIMIT: Duration = Duration::from_secs(10);
/// So much of stdout is kept: one byte more than a token may have, which shows that there is more.
const MAX_STDOUT_BYTES: usize = MAX_TOKEN_BYTES + 1;
const MAX_STDERR_BYTES: usize = 4096;
const MAX_STDERR_CHARS: usize = 300;
/// What the terminal sends at Ctrl-C.
const SIGINT: i32 = 2;

/// A helper program that is to be run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Helper<'a> {
    /// The program and its arguments.
    pub(super) words: &'a [String],
    /// Where it runs, if that is there.
    pub(super) directory: &'a Path,
    /// The name of the profile that it prints the token of.
    pub(super) profile: &'a str,
}

/// What a helper program left: how it ended, and the first bytes of its outputs.
#[derive(Debug)]
struct HelperOutput {
    status: ExitStatus,
    stdout: Vec<u8>,
    stderr: Vec<u8>,
}

/// The first line that the program prints. The caller ends the program, and all that it started, by dropping this future.
///
/// # Errors
/// The program cannot be started, fails, is ended by the user, takes too long, or prints too much.
pub(super) async fn read_first_line(helper: Helper<'_>, place: HelperPlace) -> Result<String, SourceFault> {
    let program = helper.program_name();
    let terminal = match place {
        HelperPlace::Foreground => ControllingTerminal::open_in_foreground(),
        HelperPlace::Background => None,
    };
    let Some(terminal) = terminal else {
        return background::run(helper, BACKGROUND_LIMIT).await?.first_line(program);
    };
    let output = foreground::run(helper, terminal).await?;
    // A shell that runs a program which Ctrl-C ended gives 128 and the signal's number.
    match (output.status.signal(), output.status.code()) {
        (Some(SIGINT), _) => Err(SourceFault::Interrupted(program)),
        (_, Some(code)) if code == 128 + SIGINT => Err(SourceFault::Interrupted(program)),
        _ => output.first_line(program),
    }
}

impl Helper<'_> {
    fn program_name(self) -> String {
        program_name(self.words)
    }

    /// The command without its streams.
    fn to_command(self) -> Command {
        let (program, arguments) =
            self.words.split_first().map_or(("", &[][..]), |(p, rest)| (p.as_str(), rest));
        let mut command = Command::new(program);
        command.args(arguments);
        if self.directory.is_dir() {
            command.current_dir(self.directory);
        }
        command
    }
}

impl HelperOutput {
    fn first_line(&self, program: String) -> Result<String, SourceFault> {
        if !self.status.success() {
            let (status, stderr) = (self.status.to_string(), show_stderr(&self.stderr));
            return Err(SourceFault::CommandFailed { program, status, stderr });
        }
        let line = self.stdout.split(|byte| *byte == b'\n').next().unwrap_or_default();
        if line.len() > MAX_TOKEN_BYTES {
            return Err(SourceFault::TooLong(program));
        }
        Ok(String::from_utf8_lossy(line).into_owned())
    }
}

/// What a program wrote to stderr, made visible.
fn show_stderr(stderr: &[u8]) -> String {
    excerpt(String::from_utf8_lossy(stderr).trim(), MAX_STDERR_CHARS)
}

#[cfg(test)]
mod tests;
