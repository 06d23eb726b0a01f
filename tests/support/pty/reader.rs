//! The thread that is the terminal: it reads what the program writes, unless it is told not to.

use std::io::Read as _;
use std::os::fd::{AsFd as _, OwnedFd};
use std::os::unix::net::UnixStream;
use std::sync::Arc;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::retry_on_intr;

use super::Shared;

/// Reads until no process has the program's side open, or until the test closes the terminal.
pub(super) struct Reader {
    pub(super) master: Arc<OwnedFd>,
    pub(super) wake: UnixStream,
    pub(super) shared: Arc<Shared>,
}

impl Reader {
    pub(super) fn run(mut self) {
        let mut bytes = [0; 8192];
        while let Some(stalled) = self.wait() {
            if stalled {
                continue;
            }
            match rustix::io::read(&*self.master, &mut bytes) {
                Ok(count) if count > 0 => self.shared.change(|state| {
                    state.raw.extend_from_slice(&bytes[..count]);
                    state.terminal.process(&bytes[..count]);
                }),
                // EIO: no process has the other side open.
                _ => return self.shared.change(|state| state.drained = true),
            }
        }
    }

    /// Waits for output, or to be told something; whether there is nothing to be read now, and none when all is over.
    fn wait(&mut self) -> Option<bool> {
        let (closed, stalled) = {
            let state = self.shared.lock();
            (state.closed, state.stalled)
        };
        if closed {
            return None;
        }
        let mut fds = [
            PollFd::from_borrowed_fd(self.wake.as_fd(), PollFlags::IN),
            PollFd::new(&*self.master, PollFlags::IN),
        ];
        let fds = if stalled { &mut fds[..1] } else { &mut fds[..] };
        // The end of a child of another test is a signal in this process.
        retry_on_intr(|| poll(fds, None)).expect("poll");
        if fds[0].revents().is_empty() {
            return Some(false);
        }
        drop(self.wake.read(&mut [0; 16]));
        Some(true)
    }
}
