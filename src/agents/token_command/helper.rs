//! A helper program that is to be run, and what it left.

use std::path::Path;
use std::process::{Command, ExitStatus};

use super::super::fault::SourceFault;
use super::super::source::{MAX_TOKEN_BYTES, program_name};
use crate::api::credentials::Token;
use crate::visible::excerpt;

/// So much of stdout is kept: one byte more than a token may have, which shows that there is more.
pub(super) const MAX_STDOUT_BYTES: usize = MAX_TOKEN_BYTES + 1;
pub(super) const MAX_STDERR_BYTES: usize = 4096;
const MAX_STDERR_CHARS: usize = 300;

/// A helper program that is to be run.
#[derive(Clone, Copy, Debug)]
pub(in crate::agents) struct Helper<'a> {
    /// The program and its arguments.
    pub(in crate::agents) words: &'a [String],
    /// Where it runs, if that is there.
    pub(in crate::agents) directory: &'a Path,
    /// The name of the profile that it prints the token of.
    pub(in crate::agents) profile: &'a str,
}

/// What a helper program left: how it ended, and the first bytes of its outputs.
#[derive(Debug)]
pub(super) struct HelperOutput {
    pub(super) status: ExitStatus,
    pub(super) stdout: Vec<u8>,
    pub(super) stderr: Vec<u8>,
}

impl Helper<'_> {
    pub(super) fn program_name(self) -> String {
        program_name(self.words)
    }

    /// The command without its streams.
    pub(super) fn to_command(self) -> Command {
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
    /// The first line that the program printed, if it succeeded.
    ///
    /// # Errors
    /// The program failed, or the line is longer than a token may be.
    pub(super) fn first_line(&self, program: String) -> Result<Vec<u8>, SourceFault> {
        if !self.status.success() {
            let (status, stderr) = (self.status.to_string(), show_stderr(&self.stdout, &self.stderr));
            return Err(SourceFault::CommandFailed { program, status, stderr });
        }
        let line = first_line(&self.stdout);
        if line.len() > MAX_TOKEN_BYTES {
            return Err(SourceFault::TooLong(program));
        }
        Ok(line.to_owned())
    }
}

fn first_line(stdout: &[u8]) -> &[u8] {
    stdout.split(|byte| *byte == b'\n').next().unwrap_or_default()
}

/// What a program wrote to stderr, made visible. A shell with `set -x` repeats the token there, and may have printed it before
/// it failed: the token is read from stdout first, so that it is known.
pub(super) fn show_stderr(stdout: &[u8], stderr: &[u8]) -> String {
    let _ = Token::from_bytes(first_line(stdout));
    excerpt(String::from_utf8_lossy(stderr).trim(), MAX_STDERR_CHARS)
}
