//! A terminal without echo, for a hidden question on the command line.
//!
//! ```text
//!  hide: no echo, Ctrl-C is a character ─► read_typed … ─► allow_signals: no echo, Ctrl-C is a signal ─► drop: as before
//! ```
//!
//! While the user types, the terminal hands Ctrl-C over as a character, and signals are waited for in the same poll(2) as
//! the keys. So the echo comes back however the question ends.

use std::io;
use std::os::unix::net::UnixStream;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use rustix::stdio::stdin;
use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};

/// Standard input without echo. Dropping it sets the terminal as it was before, and throws away what the user typed and
/// the program did not read.
#[derive(Debug)]
pub(crate) struct EchoGuard {
    before: Termios,
}

impl EchoGuard {
    /// Switches the echo off. `None` if standard input is no terminal.
    ///
    /// # Errors
    /// The terminal cannot be set.
    pub(crate) fn hide() -> io::Result<Option<Self>> {
        let Ok(before) = tcgetattr(stdin()) else { return Ok(None) };
        let guard = Self { before };
        let mut hidden = guard.hidden_modes();
        hidden.local_modes.remove(LocalModes::ISIG);
        set_modes(OptionalActions::Now, &hidden)?;
        Ok(Some(guard))
    }

    /// Makes Ctrl-C a signal again, for the time in which the program works and reads no keys. Ctrl-Z stays without effect:
    /// it would hand a terminal without echo to the shell.
    ///
    /// # Errors
    /// The terminal cannot be set.
    pub(crate) fn allow_signals(&self) -> io::Result<()> {
        let mut hidden = self.hidden_modes();
        hidden.special_codes[SpecialCodeIndex::VSUSP] = 0;
        set_modes(OptionalActions::Now, &hidden)
    }

    /// The modes as before, but without echo, and with each byte handed over as it is typed.
    fn hidden_modes(&self) -> Termios {
        let mut hidden = self.before.clone();
        hidden.local_modes.remove(LocalModes::ECHO | LocalModes::ICANON | LocalModes::IEXTEN);
        hidden.special_codes[SpecialCodeIndex::VMIN] = 1;
        hidden.special_codes[SpecialCodeIndex::VTIME] = 0;
        hidden
    }
}

impl Drop for EchoGuard {
    fn drop(&mut self) {
        // A terminal that is gone needs no restoring.
        let _ = set_modes(OptionalActions::Flush, &self.before);
    }
}

fn set_modes(when: OptionalActions, modes: &Termios) -> io::Result<()> {
    Ok(tcsetattr(stdin(), when, modes)?)
}

/// Waits for bytes that the user types and reads them; 0 bytes at the end of the input. `None` if `wake` can be read first:
/// a signal came.
///
/// # Errors
/// Waiting or reading fails.
pub(crate) fn read_typed(bytes: &mut [u8], wake: &UnixStream) -> io::Result<Option<usize>> {
    let stdin = stdin();
    let mut fds = [PollFd::new(&stdin, PollFlags::IN), PollFd::new(wake, PollFlags::IN)];
    loop {
        match poll(&mut fds, None) {
            Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
            Ok(_) if !fds[1].revents().is_empty() => return Ok(None),
            Ok(_) => return Ok(Some(rustix::io::read(stdin, bytes)?)),
        }
    }
}
