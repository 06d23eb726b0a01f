//! Asks the user for a hidden token or for a yes. The answer is typed, or comes from a pipe.
//!
//! The echo stays off until the command has used the answer. A pasted token may have a line break in it, and the text after
//! the break is part of the secret too.

use std::convert::Infallible;
use std::future::pending;
use std::io::{self, BufRead, Read};

use super::console::Console;
use super::failure::Failure;
use super::interrupt::Interrupts;
use super::prompt_error::PromptError;
use crate::agents::{MAX_TOKEN_BYTES, run_blocking};
use crate::terminal::{AnswerSource, EchoGuard, TypedInput, read_answer};
use crate::visible::redact;

/// Reads a line of standard input that the terminal does not show. `ask` shows the question, if standard input is a terminal.
/// What the user types after that line is not shown either, and is dropped together with the guard: see [`hidden_during`].
///
/// # Errors
/// There is no line, or a signal came first.
pub(super) async fn read_hidden_line(
    ask: &mut dyn FnMut(&str),
    question: &str,
    interrupts: &Interrupts,
) -> Result<(Vec<u8>, Option<EchoGuard>), Failure> {
    // The echo is off before the question is shown, so that an early answer is hidden too.
    let Some(mut echo) = EchoGuard::hide(interrupts.flags()).map_err(PromptError::from)? else {
        let read = run_blocking(|| read_piped_line(&mut io::stdin().lock()));
        return Ok((interrupts.race(read).await??, None));
    };
    let typed = read_typed_line(&echo, &mut || ask(question));
    ask("\n");
    let typed = typed?;
    echo.allow_signals()?;
    Ok((typed, Some(echo)))
}

/// Asks a question that wants a yes or a no. True after a yes.
///
/// # Errors
/// Standard input cannot be read, or a signal came first.
pub(super) async fn ask_yes(
    question: &str,
    interrupts: &Interrupts,
    console: &mut Console<'_>,
) -> Result<bool, Failure> {
    ask_yes_at(&AnswerSource::StandardInput, question, interrupts, console).await
}

/// The same, where the user types the answer at `source`.
///
/// # Errors
/// The source cannot be read, or a signal came first.
pub(super) async fn ask_yes_at(
    source: &AnswerSource,
    question: &str,
    interrupts: &Interrupts,
    console: &mut Console<'_>,
) -> Result<bool, Failure> {
    let question = format!("{question} [y/N] ");
    console.ask(&question);
    if !console.streams().is_stderr_terminal {
        source.show(&redact(&question));
    }
    let answer = interrupts.race(read_answer(source, interrupts.flags())).await;
    if !matches!(&answer, Ok(Ok(line)) if line.ends_with('\n')) {
        // The cursor still stands in the line of the question.
        console.tell("");
    }
    let answer = answer?.map_err(PromptError::from)?;
    Ok(["y", "yes"].contains(&answer.trim().to_lowercase().as_str()))
}

/// Does the work while nothing is shown of what the user types, also when the process is stopped and goes on meanwhile. After the
/// work the terminal is as it was before.
pub(super) async fn hidden_during<T>(echo: Option<EchoGuard>, work: impl Future<Output = T>) -> T {
    let Some(echo) = echo else { return work.await };
    tokio::select! {
        done = work => done,
        never = follow_stops(&echo) => match never {},
    }
}

/// Stops the process at Ctrl-Z, with the terminal as it was before.
async fn follow_stops(echo: &EchoGuard) -> Infallible {
    let wake = echo.stop_stream().wake().try_clone();
    let Ok(wake) = wake.and_then(tokio::net::UnixStream::from_std) else { return pending().await };
    while wake.readable().await.is_ok() {
        let _ = wake.try_read(&mut [0; 64]);
        // A signal that ends the command ends the work. A terminal that is gone needs nothing.
        let _ = echo.follow_stops();
    }
    pending().await
}

/// Reads the first line of a pipe, and no more.
fn read_piped_line(input: &mut impl Read) -> Result<Vec<u8>, PromptError> {
    let mut text = Vec::new();
    let mut limited = io::BufReader::new(input.take(MAX_TOKEN_BYTES as u64 + 1));
    limited.read_until(b'\n', &mut text)?;
    match text.len() {
        0 => Err(PromptError::Empty),
        length if length > MAX_TOKEN_BYTES => Err(PromptError::TooLong),
        _ => Ok(text),
    }
}

/// The key Ctrl-Z.
const CTRL_Z: u8 = 0x1A;

/// Asks, and reads the keys up to Enter. After a stop it asks again, and the answer begins anew.
fn read_typed_line(echo: &EchoGuard, ask: &mut dyn FnMut()) -> Result<Vec<u8>, PromptError> {
    let mut typed = Typed::default();
    ask();
    loop {
        let mut bytes = [0; 256];
        let count = match echo.read(&mut bytes)? {
            TypedInput::Signal => return Err(PromptError::Interrupted),
            TypedInput::Resumed => {
                typed = Typed::default();
                ask();
                continue;
            }
            TypedInput::Bytes(0) => return Err(PromptError::Empty),
            TypedInput::Bytes(count) => count,
        };
        if bytes[..count].contains(&CTRL_Z) && echo.stop()? {
            continue;
        }
        if let Some(end) = bytes[..count].iter().find_map(|byte| typed.take(*byte)) {
            return end;
        }
    }
}

/// The answer that the user has typed so far.
#[derive(Default)]
struct Typed(Vec<u8>);

impl Typed {
    /// Takes a byte. Returns the answer if this was its last byte.
    fn take(&mut self, byte: u8) -> Option<Result<Vec<u8>, PromptError>> {
        match byte {
            0x03 | 0x1C => return Some(Err(PromptError::Interrupted)),
            0x04 if self.0.is_empty() => return Some(Err(PromptError::Empty)),
            b'\r' | b'\n' => return Some(Ok(std::mem::take(&mut self.0))),
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
        end.expect("no end").map(|line| String::from_utf8(line).unwrap()).map_err(|error| error.to_string())
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
        assert_eq!(read_piped_line(&mut &b"token\nnote\n"[..]).unwrap(), b"token\n");
        assert!(matches!(read_piped_line(&mut &b""[..]), Err(PromptError::Empty)));
        assert!(matches!(read_piped_line(&mut io::repeat(b'x')), Err(PromptError::TooLong)));
    }
}
