//! What the user types or pipes in: a hidden token, a yes.
//!
//! While the echo is off, the terminal hands Ctrl-C over as a character, and signals are waited for in the same poll(2).
//! So the echo comes back however the question ends. It stays off until the answer has been dealt with: what follows a
//! line break in a pasted token is part of a secret too.

use std::io::{self, BufRead, Read};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};

use super::Failure;
use super::interrupt::Interrupts;
use crate::agents::{MAX_TOKEN_BYTES, run_blocking};
use crate::exit::Exit;
use crate::private::spoken;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum PromptError {
    /// Ctrl-C, or a signal.
    #[error("interrupted")]
    Interrupted,
    /// The input ended before anything came.
    #[error("nothing was typed or piped in")]
    Empty,
    /// It is longer than a token.
    #[error("what was piped in is too long for a token")]
    TooLong,
    /// Reading failed.
    #[error("the input cannot be read: {}", spoken(.0))]
    Io(#[from] io::Error),
}

impl PromptError {
    pub(super) fn exit(&self) -> Exit {
        match self {
            Self::Interrupted => Exit::Interrupted,
            Self::Empty | Self::TooLong => Exit::Token,
            Self::Io(_) => Exit::Failed,
        }
    }
}

/// A line of standard input that is not shown; `ask` shows the question where there is a terminal. What the user types after
/// it is not shown either, and is thrown away, until the caller drops the [`Quiet`].
///
/// # Errors
/// There is no line, or a signal comes.
pub(super) async fn hidden_line(
    ask: &mut dyn FnMut(&str),
    question: &str,
    interrupts: &Interrupts,
) -> Result<(String, Option<Quiet>), Failure> {
    let Ok(before) = tcgetattr(rustix::stdio::stdin()) else {
        let read = run_blocking(|| piped_line(&mut io::stdin().lock()));
        return Ok((interrupts.race(read).await??, None));
    };
    let mut woken = interrupts.waker()?;
    // The echo is off before the question is on screen, so that an early answer is not shown either.
    let quiet = Quiet::begin(before)?;
    ask(question);
    let typed = typed_line(&mut woken);
    ask("\n");
    let typed = typed?;
    quiet.let_signals_through()?;
    Ok((typed, Some(quiet)))
}

/// A line of standard input with its end; Ctrl-D is an answer without one.
///
/// # Errors
/// When it cannot be read.
pub(super) fn line() -> Result<String, PromptError> {
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    Ok(line)
}

/// The first line of a pipe; the rest is not read.
fn piped_line(input: &mut impl Read) -> Result<String, PromptError> {
    let mut text = Vec::new();
    let mut limited = io::BufReader::new(input.take(MAX_TOKEN_BYTES as u64 + 1));
    limited.read_until(b'\n', &mut text)?;
    match text.len() {
        0 => Err(PromptError::Empty),
        length if length > MAX_TOKEN_BYTES => Err(PromptError::TooLong),
        _ => Ok(String::from_utf8_lossy(&text).into_owned()),
    }
}

/// A terminal without echo. When this value is dropped the terminal is as before, and what was typed meanwhile is thrown
/// away.
#[derive(Debug)]
pub(super) struct Quiet {
    before: Termios,
}

impl Quiet {
    fn begin(before: Termios) -> io::Result<Self> {
        let quiet = Self { before };
        let mut silent = quiet.silent();
        silent.local_modes.remove(LocalModes::ISIG);
        set_terminal(OptionalActions::Now, &silent)?;
        Ok(quiet)
    }

    /// From now on the program reads no keys: Ctrl-C is a signal again. Ctrl-Z stays without effect, since it would leave a
    /// terminal without echo to the shell.
    fn let_signals_through(&self) -> io::Result<()> {
        let mut silent = self.silent();
        silent.special_codes[SpecialCodeIndex::VSUSP] = 0;
        set_terminal(OptionalActions::Now, &silent)
    }

    fn silent(&self) -> Termios {
        let mut silent = self.before.clone();
        silent.local_modes.remove(LocalModes::ECHO | LocalModes::ICANON | LocalModes::IEXTEN);
        silent.special_codes[SpecialCodeIndex::VMIN] = 1;
        silent.special_codes[SpecialCodeIndex::VTIME] = 0;
        silent
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        // This fails on a terminal that is gone.
        let _ = set_terminal(OptionalActions::Flush, &self.before);
    }
}

fn set_terminal(when: OptionalActions, how: &Termios) -> io::Result<()> {
    tcsetattr(rustix::stdio::stdin(), when, how).map_err(io::Error::from)
}

/// Reads the keys up to Enter.
fn typed_line(woken: &mut UnixStream) -> Result<String, PromptError> {
    let mut typed = Typed::default();
    loop {
        wait_for_key(woken)?;
        let mut bytes = [0; 256];
        let count = rustix::io::read(rustix::stdio::stdin(), &mut bytes).map_err(io::Error::from)?;
        if count == 0 {
            return Err(PromptError::Empty);
        }
        if let Some(end) = bytes[..count].iter().find_map(|byte| typed.take(*byte)) {
            return end;
        }
    }
}

/// Waits for input, or ends at a signal.
fn wait_for_key(woken: &mut UnixStream) -> Result<(), PromptError> {
    let stdin = rustix::stdio::stdin();
    let mut both =
        [PollFd::new(&stdin, PollFlags::IN), PollFd::from_borrowed_fd(woken.as_fd(), PollFlags::IN)];
    match poll(&mut both, None) {
        Err(rustix::io::Errno::INTR) => wait_for_key(woken),
        Err(error) => Err(PromptError::Io(error.into())),
        Ok(_) if both[1].revents().is_empty() => Ok(()),
        Ok(_) => Err(PromptError::Interrupted),
    }
}

/// What has been typed so far.
#[derive(Default)]
struct Typed(Vec<u8>);

impl Typed {
    /// Takes a byte. The result comes with the last one.
    fn take(&mut self, byte: u8) -> Option<Result<String, PromptError>> {
        match byte {
            0x03 | 0x1C => return Some(Err(PromptError::Interrupted)),
            0x04 if self.0.is_empty() => return Some(Err(PromptError::Empty)),
            b'\r' | b'\n' => return Some(Ok(String::from_utf8_lossy(&self.0).into_owned())),
            0x08 | 0x7F => drop(self.0.pop()),
            // Ctrl-U and Ctrl-W: a token is one word.
            0x15 | 0x17 => self.0.clear(),
            ..0x20 => {}
            _ if self.0.len() < MAX_TOKEN_BYTES => self.0.push(byte),
            _ => return Some(Err(PromptError::TooLong)),
        }
        None
    }
}

impl std::fmt::Debug for Typed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Typed(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(bytes: &[u8]) -> Result<String, String> {
        let mut typed = Typed::default();
        let end = bytes.iter().find_map(|byte| typed.take(*byte));
        end.expect("no end").map_err(|error| error.to_string())
    }

    #[test]
    fn typing_can_be_mended_and_stopped() {
        assert_eq!(typed(b"abx\x7fc\r").unwrap(), "abc");
        assert_eq!(typed(b"wrong\x15right\n").unwrap(), "right");
        assert_eq!(typed(b"wrong\x17right\n").unwrap(), "right");
        assert_eq!(typed(b"\x1aab\x04\x1b\tc\n").unwrap(), "abc");
        assert_eq!(typed(b"abc\x03").unwrap_err(), "interrupted");
        assert_eq!(typed(b"\x04").unwrap_err(), "nothing was typed or piped in");
    }

    #[test]
    fn the_first_line_of_a_pipe_is_taken() {
        assert_eq!(piped_line(&mut &b"token\nnote\n"[..]).unwrap(), "token\n");
        assert!(matches!(piped_line(&mut &b""[..]), Err(PromptError::Empty)));
        assert!(matches!(piped_line(&mut io::repeat(b'x')), Err(PromptError::TooLong)));
    }
}
