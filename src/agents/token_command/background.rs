//! A helper program that nobody can answer: it runs in a session of its own, without a terminal, and not for long.
//!
//! ```text
//! start ─► read stdout and stderr ─┬─ the program ends ──► 0.1 s more
//!                                  ├─ the time is up ────► kill the session ─► an error
//!                                  └─ the caller lets go ► kill the session
//! ```
//!
//! A session has no terminal to read, so no key that the user types for the editor or the shell can reach the program. What the
//! program leaves running when it ends may keep the pipes open for ever: this is not waited for, and not killed.

use std::io;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use process_wrap::tokio::{ChildWrapper, CommandWrap, ProcessSession};
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::{ChildStderr, ChildStdout};
use tokio::time::timeout;

use super::super::fault::SourceFault;
use super::helper::{Helper, HelperOutput, MAX_STDERR_BYTES, MAX_STDOUT_BYTES, show_stderr};
use crate::terminal::ChildGroup;

/// How long the ends of the pipes are waited for once the program has ended.
const LAST_WORDS: Duration = Duration::from_millis(100);

/// Runs the program to its end, for `limit` at most. The caller ends it, and all that it started, by dropping this future.
///
/// # Errors
/// The program cannot be started, takes too long, or the system does not say how it ended.
pub(super) async fn run(helper: Helper<'_>, limit: Duration) -> Result<HelperOutput, SourceFault> {
    let program = helper.program_name();
    let mut session = match HelperSession::start(helper) {
        Ok(session) => session,
        Err(source) => return Err(SourceFault::NotStarted { program, source }),
    };
    match timeout(limit, session.follow()).await {
        Ok(Ok(status)) => {
            Ok(HelperOutput { status, stdout: session.stdout.bytes, stderr: session.stderr.bytes })
        }
        Ok(Err(source)) => Err(SourceFault::NotFollowed { program, source }),
        Err(_) => {
            session.end().await;
            let stderr = show_stderr(&session.stdout.bytes, &session.stderr.bytes);
            Err(SourceFault::CommandTooSlow { program, limit, stderr })
        }
    }
}

/// A program that was started. Its whole process group is killed when this value is dropped before the program has ended.
///
/// [`process_wrap::tokio::KillOnDrop`] is not used: it is tokio's own, and kills the program alone.
struct HelperSession {
    program: Box<dyn ChildWrapper>,
    group: ChildGroup,
    stdout: Output<ChildStdout>,
    stderr: Output<ChildStderr>,
}

impl HelperSession {
    fn start(helper: Helper<'_>) -> io::Result<Self> {
        let mut command = helper.to_command();
        command.env_remove("GPG_TTY").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut program =
            CommandWrap::from(tokio::process::Command::from(command)).wrap(ProcessSession).spawn()?;
        let group = ChildGroup::new(program.id().unwrap_or_default());
        let stdout = Output::new(program.stdout().take(), MAX_STDOUT_BYTES);
        let stderr = Output::new(program.stderr().take(), MAX_STDERR_BYTES);
        Ok(Self { program, group, stdout, stderr })
    }

    /// Reads what the program writes until it has ended, and says how it ended.
    async fn follow(&mut self) -> io::Result<ExitStatus> {
        let Self { program, group, stdout, stderr } = self;
        // The program alone is waited for. The session's own `wait` also waits for what the program left running, where that
        // became a child of this process: this process may be the first one of a container.
        let program = program.inner_mut();
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
        group.forget();
        if are_pipes_open {
            // What the program left running may hold them open.
            let _ = timeout(LAST_WORDS, reading).await;
        }
        status
    }

    /// Kills the group, and waits for the program, so that no dead child stays behind.
    async fn end(&mut self) {
        self.group.kill();
        // It cannot ignore this signal.
        let _ = self.program.inner_mut().wait().await;
        let _ = timeout(LAST_WORDS, self.stderr.read()).await;
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
mod tests {
    use super::*;

    #[tokio::test]
    async fn no_more_of_an_output_is_kept_than_its_limit() {
        let mut output = Output::new(Some(&[b'x'; 10_000][..]), 5000);
        output.read().await;
        assert_eq!(output.bytes.len(), 5000);
    }
}
