//! What is typed or piped in: a hidden token, a yes.
//!
//! Without echo the terminal also hands Ctrl-C over as a character, and signals are waited for in the same poll(2), so
//! that the echo comes back however the question ends.

use std::io::{self, BufRead, Read};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};
use signal_hook::SigId;
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::low_level::{pipe, unregister};

use crate::exit::Exit;
use crate::private::spoken;
use crate::profile::token_source::MAX_TOKEN_BYTES;

/// Why nothing was typed or piped in.
#[derive(Debug, thiserror::Error)]
pub enum PromptError {
    /// Ctrl-C, or a signal.
    #[error("interrupted")]
    Interrupted,
    /// The end of the input, before anything.
    #[error("nothing was typed or piped in")]
    Empty,
    /// More than a token has.
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

/// A line of standard input that nobody sees; `ask` shows the question where there is a terminal.
///
/// # Errors
/// When there is none.
pub(super) fn hidden_line(ask: &mut dyn FnMut(&str), question: &str) -> Result<String, PromptError> {
    match tcgetattr(rustix::stdio::stdin()) {
        Ok(terminal) => {
            let typed = typed_hidden(&terminal, || ask(question));
            ask("\n");
            typed
        }
        Err(_) => piped_line(&mut io::stdin().lock()),
    }
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

/// Puts the terminal back when it goes.
struct Hidden<'a> {
    before: &'a Termios,
    signals: Vec<SigId>,
}

impl Drop for Hidden<'_> {
    fn drop(&mut self) {
        // A terminal that is gone needs nothing back.
        let _ = tcsetattr(rustix::stdio::stdin(), OptionalActions::Flush, self.before);
        for signal in self.signals.drain(..) {
            unregister(signal);
        }
    }
}

/// Reads a line without echo; `ask` is called once the echo is off, so that an early answer is not shown either.
fn typed_hidden(before: &Termios, ask: impl FnOnce()) -> Result<String, PromptError> {
    let (mut woken, wake) = UnixStream::pair()?;
    let mut hidden = Hidden { before, signals: Vec::new() };
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] {
        hidden.signals.push(pipe::register(signal, wake.try_clone()?)?);
    }
    let mut silent = before.clone();
    silent.local_modes.remove(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG | LocalModes::IEXTEN);
    silent.special_codes[SpecialCodeIndex::VMIN] = 1;
    silent.special_codes[SpecialCodeIndex::VTIME] = 0;
    tcsetattr(rustix::stdio::stdin(), OptionalActions::Now, &silent).map_err(io::Error::from)?;
    ask();
    let mut typed = Typed::default();
    loop {
        wait_for_key(&mut woken)?;
        let mut bytes = [0; 256];
        let count = rustix::io::read(rustix::stdio::stdin(), &mut bytes).map_err(io::Error::from)?;
        if count == 0 {
            return Err(PromptError::Empty);
        }
        for byte in &bytes[..count] {
            if let Some(end) = typed.take(*byte) {
                return end;
            }
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
    /// Takes a byte; tells when that was the end.
    fn take(&mut self, byte: u8) -> Option<Result<String, PromptError>> {
        match byte {
            0x03 | 0x1C => return Some(Err(PromptError::Interrupted)),
            0x04 if self.0.is_empty() => return Some(Err(PromptError::Empty)),
            b'\r' | b'\n' => return Some(Ok(String::from_utf8_lossy(&self.0).into_owned())),
            0x08 | 0x7F => drop(self.0.pop()),
            0x15 => self.0.clear(),
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
