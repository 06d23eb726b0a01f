//! `token_command`: a helper program that prints the token. It runs without a shell, and not for long.
//!
//! ```text
//! start, in a process group of its own ─► read stdout and stderr ─┬─ the program ends ──► 0.1 s more ─► its first line
//!                                                                 ├─ the time is up ────► kill the group ─► an error
//!                                                                 └─ the caller lets go ► kill the group
//! ```
//!
//! The program leads a process group, so Ctrl-C does not reach it by itself, and one signal ends it with all that it
//! started. What it leaves running when it ends may keep the pipes open for ever: this is not waited for, and not killed.

use std::io;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use process_wrap::tokio::{ChildWrapper, CommandWrap, ProcessGroup};
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::{ChildStderr, ChildStdout};
use tokio::time::timeout;

use super::fault::SourceFault;
use super::source::{MAX_TOKEN_BYTES, program_name};
use crate::api::credentials::Token;
use crate::visible::excerpt;

/// How long the ends of the pipes are waited for once the program has ended.
const LAST_WORDS: Duration = Duration::from_millis(100);
const MAX_STDERR_BYTES: usize = 4096;
const MAX_STDERR_CHARS: usize = 300;

/// The first line that the program prints. It runs in `directory`, if that is there, and for `limit` at most.
///
/// The caller ends the program, and all that it started, by dropping this future.
///
/// # Errors
/// The program cannot be started, fails, or takes too long.
pub(super) async fn read_first_line(
    words: &[String],
    directory: &Path,
    limit: Duration,
) -> Result<Vec<u8>, SourceFault> {
    let program = program_name(words);
    let mut helper = match Helper::start(words, directory) {
        Ok(helper) => helper,
        Err(source) => return Err(SourceFault::NotStarted { program, source }),
    };
    match timeout(limit, helper.follow()).await {
        Ok(Ok(status)) if status.success() => Ok(helper.first_line()),
        Ok(Ok(status)) => Err(SourceFault::CommandFailed {
            program,
            status: status.to_string(),
            stderr: helper.stderr_text(),
        }),
        Ok(Err(source)) => Err(SourceFault::NotFollowed { program, source }),
        Err(_) => {
            helper.end().await;
            Err(SourceFault::CommandTooSlow { program, limit, stderr: helper.stderr_text() })
        }
    }
}

/// A program that was started. Its whole process group is killed when this value is dropped before the program has ended.
///
/// [`process_wrap::tokio::KillOnDrop`] is not used: it is tokio's own, and kills the program alone.
struct Helper {
    group: Box<dyn ChildWrapper>,
    /// The program has been waited for: from then on the group's number may be another's.
    has_ended: bool,
    stdout: Output<ChildStdout>,
    stderr: Output<ChildStderr>,
}

impl Helper {
    fn start(words: &[String], directory: &Path) -> io::Result<Self> {
        let (program, arguments) = words.split_first().map_or(("", &[][..]), |(p, rest)| (p.as_str(), rest));
        let mut command = CommandWrap::with_new(program, |command| {
            command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
            if directory.is_dir() {
                command.current_dir(directory);
            }
        });
        let mut group = command.wrap(ProcessGroup::leader()).spawn()?;
        let stdout = Output::new(group.stdout().take(), MAX_TOKEN_BYTES);
        let stderr = Output::new(group.stderr().take(), MAX_STDERR_BYTES);
        Ok(Self { group, has_ended: false, stdout, stderr })
    }

    /// Reads what the program writes until it has ended, and says how it ended.
    async fn follow(&mut self) -> io::Result<ExitStatus> {
        let Self { group, has_ended, stdout, stderr } = self;
        // The program alone is waited for. The group's own `wait` also waits for what the program left running, where that
        // became a child of this process: this process may be the first one of a container.
        let program = group.inner_mut();
        let reading = async { tokio::join!(stdout.read(), stderr.read()) };
        tokio::pin!(reading);
        let mut are_pipes_open = true;
        let status = tokio::select! {
            status = program.wait() => status,
            _ = &mut reading => {
                are_pipes_open = false;
                program.wait().await
            }
        };
        *has_ended = true;
        if are_pipes_open {
            // What the program left running may hold them open.
            let _ = timeout(LAST_WORDS, reading).await;
        }
        status
    }

    /// Kills the group, and waits for the program, so that no dead child stays behind.
    async fn end(&mut self) {
        self.kill();
        // It cannot ignore this signal.
        let _ = self.group.inner_mut().wait().await;
        self.has_ended = true;
        let _ = timeout(LAST_WORDS, self.stderr.read()).await;
    }

    fn kill(&mut self) {
        // The group may have ended just now.
        let _ = self.group.start_kill();
    }

    fn first_line(&self) -> Vec<u8> {
        self.stdout.bytes.split(|byte| *byte == b'\n').next().unwrap_or_default().to_owned()
    }

    /// What the program wrote to stderr. A shell with `set -x` repeats the token there, and may have printed it before it
    /// failed: it is read from stdout first, so that it is known.
    fn stderr_text(&self) -> String {
        let _ = Token::from_bytes(&self.first_line());
        excerpt(String::from_utf8_lossy(&self.stderr.bytes).trim(), MAX_STDERR_CHARS)
    }
}

impl Drop for Helper {
    fn drop(&mut self) {
        if !self.has_ended {
            self.kill();
        }
    }
}

/// One of the program's outputs.
struct Output<R> {
    pipe: Option<R>,
    /// The first bytes, up to the limit. What comes after them is read and dropped.
    bytes: Vec<u8>,
    limit: usize,
}

impl<R: AsyncRead + Unpin> Output<R> {
    fn new(pipe: Option<R>, limit: usize) -> Self {
        Self { pipe, bytes: Vec::new(), limit }
    }

    /// Reads to the end. What was read stays when the caller drops this future.
    async fn read(&mut self) {
        let Some(pipe) = &mut self.pipe else { return };
        let mut chunk = vec![0; 4096];
        // What came before a failure to read is all there is.
        while let Ok(count @ 1..) = pipe.read(&mut chunk).await {
            let room = self.limit - self.bytes.len();
            self.bytes.extend_from_slice(&chunk[..count.min(room)]);
        }
    }
}

#[cfg(test)]
mod tests;
