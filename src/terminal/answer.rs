//! A question that the user answers with a line, which the terminal shows and lets the user edit.

use std::io;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::retry_on_intr;
use rustix::stdio::stdin;
use tokio::task::spawn_blocking;

use super::line;
use super::signals::SignalFlags;

/// Reads a line of standard input, which must be a terminal, with its line break. An answer that ends with Ctrl-D has no line break.
///
/// It reads only in the terminal's foreground. The system stops a background job at each try to read, and such a job would not notice
/// a signal that asks for the end.
///
/// # Errors
/// Standard input cannot be read. A signal of `ending` came while the process was in the background:
/// [`io::ErrorKind::Interrupted`].
pub(crate) async fn read_answer(ending: &SignalFlags) -> io::Result<String> {
    let (mut answer, mut bytes) = (Vec::new(), [0; 256]);
    loop {
        // A thread may wait there for ever: only a read would be stopped.
        spawn_blocking(|| has_input(None)).await??;
        if !line::wait_for_foreground(|| ending.came().next().is_some())? {
            return Err(io::ErrorKind::Interrupted.into());
        }
        if !has_input(Some(&Timespec::default()))? {
            // Another job has read what was typed.
            continue;
        }
        let count = rustix::io::read(stdin(), &mut bytes)?;
        answer.extend_from_slice(&bytes[..count]);
        if count == 0 || answer.ends_with(b"\n") {
            return Ok(String::from_utf8_lossy(&answer).into_owned());
        }
    }
}

/// True if a read returns at once, now or within `time`; `None` waits for ever.
fn has_input(time: Option<&Timespec>) -> io::Result<bool> {
    let stdin = stdin();
    let mut fds = [PollFd::new(&stdin, PollFlags::IN)];
    Ok(retry_on_intr(|| poll(&mut fds, time))? > 0)
}
