//! A question on the command line that is answered with a line, which the terminal shows and lets the user edit.

use std::fs::File;
use std::io::{self, Write as _};
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::Arc;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::retry_on_intr;
use rustix::stdio::stdin;
use tokio::task::spawn_blocking;

use super::controlling::open_controlling_terminal;
use super::line;
use super::signals::SignalFlags;

/// Where the user types the answer.
#[derive(Clone, Debug)]
pub(crate) enum AnswerSource {
    /// Standard input, which must be a terminal.
    StandardInput,
    /// The controlling terminal, where standard input holds something else.
    Terminal(Arc<File>),
}

impl AnswerSource {
    /// The controlling terminal.
    ///
    /// # Errors
    /// There is none.
    pub(crate) fn open_terminal() -> io::Result<Self> {
        open_controlling_terminal().map(|terminal| Self::Terminal(Arc::new(terminal)))
    }

    /// Writes `text` to the controlling terminal. It is for a question that no other stream shows.
    pub(crate) fn show(&self, text: &str) {
        if let Self::Terminal(terminal) = self {
            // A terminal that is gone gives no answer either.
            let _ = (&**terminal).write_all(text.as_bytes());
        }
    }
}

impl AsFd for AnswerSource {
    fn as_fd(&self) -> BorrowedFd<'_> {
        match self {
            Self::StandardInput => stdin(),
            Self::Terminal(terminal) => terminal.as_fd(),
        }
    }
}

/// Reads a line from `source`, with its line break. An answer that ends with Ctrl-D has no line break.
///
/// It reads only in the terminal's foreground. The system stops a background job at each try to read, and such a job would not notice
/// a signal that asks for the end.
///
/// # Errors
/// The source cannot be read. A signal of `ending` came while the process was in the background:
/// [`io::ErrorKind::Interrupted`].
pub(crate) async fn read_answer(source: &AnswerSource, ending: &SignalFlags) -> io::Result<String> {
    let (mut answer, mut bytes) = (Vec::new(), [0; 256]);
    loop {
        let waited = source.clone();
        // A thread may wait there for ever: only a read would be stopped.
        spawn_blocking(move || has_input(&waited, None)).await??;
        if !line::wait_for_foreground(source.as_fd(), || ending.came().next().is_some())? {
            return Err(io::ErrorKind::Interrupted.into());
        }
        if !has_input(source, Some(&Timespec::default()))? {
            // Another job has read what was typed.
            continue;
        }
        let count = rustix::io::read(source, &mut bytes)?;
        answer.extend_from_slice(&bytes[..count]);
        if count == 0 || answer.ends_with(b"\n") {
            return Ok(String::from_utf8_lossy(&answer).into_owned());
        }
    }
}

/// True if a read returns at once, now or within `time`; `None` waits for ever.
fn has_input(source: &AnswerSource, time: Option<&Timespec>) -> io::Result<bool> {
    let mut fds = [PollFd::new(source, PollFlags::IN)];
    Ok(retry_on_intr(|| poll(&mut fds, time))? > 0)
}
