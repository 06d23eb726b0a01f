//! Standard input line by line, for a program that moves no cursor: a thread reads one line whenever the loop asks for one.
//!
//! ```text
//!  loop: Ask ── a byte ──► reader thread: poll(2) ─► read(2) ─► LineInput ─► the loop's channel
//!        Pause ─ a byte ──► … ─ acknowledges ─► waits for the next byte
//! ```
//!
//! Between two lines nothing is read. So what a script has piped in waits in the pipe, what the user types waits in the terminal,
//! and a helper program can have the terminal.

use std::fmt;
use std::io::{self, IsTerminal as _, Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, retry_on_intr};
use rustix::stdio::stdin;
use tokio::sync::mpsc::UnboundedSender;

use super::line;

/// The longest line that is read, in bytes.
const LONGEST: usize = 16 * 1024;
/// How long a pause may take to be acknowledged. The thread waits in poll(2) then, and wakes at once.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often a background job looks again whether it has the terminal, while there is something to read.
const ELSEWHERE: Duration = Duration::from_millis(100);

/// What the thread tells the loop. A line may be a token, so `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub enum LineInput {
    /// A line without its end.
    Line(String),
    /// A line of more than 16 KiB. It is not kept.
    TooLong,
    /// A line that is not UTF-8. It is not kept: what it says is not known for sure.
    NotText,
    /// No more lines will come. The terminal is still there: the watcher reports a hang-up.
    Ended,
}

impl fmt::Debug for LineInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Line(_) => "Line(redacted)",
            Self::TooLong => "TooLong",
            Self::NotText => "NotText",
            Self::Ended => "Ended",
        })
    }
}

/// The loop's side of the thread. When it is dropped, the thread ends.
#[derive(Debug)]
pub(super) struct LineReader {
    orders: UnixStream,
    acknowledged: Receiver<()>,
}

const ASK: u8 = b'a';
const PAUSE: u8 = b'p';

impl LineReader {
    /// Starts the thread. It reads nothing until it is asked to.
    ///
    /// # Errors
    /// The system gives no thread or no socket.
    pub(super) fn start<M>(to: UnboundedSender<M>) -> io::Result<Self>
    where
        M: From<LineInput> + Send + 'static,
    {
        let (here, there) = UnixStream::pair()?;
        let (acknowledge, acknowledged) = sync_channel(1);
        let (is_terminal, lines) = (io::stdin().is_terminal(), LineBuffer::default());
        let mut thread = LineThread { orders: there, acknowledge, is_terminal, lines };
        thread::Builder::new().name("input".into()).spawn(move || {
            while let Some(input) = thread.next_input() {
                let is_last = input == LineInput::Ended;
                if to.send(input.into()).is_err() || is_last {
                    return;
                }
            }
        })?;
        Ok(Self { orders: here, acknowledged })
    }

    /// Lets the thread read a line, and send it. While it reads one already, nothing happens.
    pub(super) fn ask(&self) {
        self.order(ASK);
    }

    /// Makes the thread stop reading, and waits until it has stopped. The loop asks again afterwards.
    pub(super) fn pause(&self) {
        if self.order(PAUSE) {
            // A thread that has ended does not read either.
            let _ = self.acknowledged.recv_timeout(PATIENCE);
        }
    }

    fn order(&self, order: u8) -> bool {
        (&self.orders).write_all(&[order]).is_ok()
    }
}

/// The thread's side.
struct LineThread {
    orders: UnixStream,
    acknowledge: SyncSender<()>,
    is_terminal: bool,
    lines: LineBuffer,
}

impl LineThread {
    /// Waits until the loop asks, and reads the next line. `None` where the loop has ended, and after a hang-up.
    fn next_input(&mut self) -> Option<LineInput> {
        self.wait_for_ask()?;
        loop {
            if let Some(input) = self.lines.take() {
                return Some(input);
            }
            match self.wait_for_input()? {
                LineWait::Ordered => self.obey()?,
                LineWait::Readable => self.read()?,
            }
        }
    }

    fn wait_for_ask(&mut self) -> Option<()> {
        while self.read_order()? != ASK {}
        Some(())
    }

    /// An order while a line is being read. After a pause the loop asks anew.
    fn obey(&mut self) -> Option<()> {
        if self.read_order()? == PAUSE { self.wait_for_ask() } else { Some(()) }
    }

    fn read_order(&mut self) -> Option<u8> {
        let mut order = [0];
        self.orders.read_exact(&mut order).ok()?;
        if order[0] == PAUSE {
            // A loop that did not wait for the answer is not waited for either.
            let _ = self.acknowledge.try_send(());
        }
        Some(order[0])
    }

    fn wait_for_input(&self) -> Option<LineWait> {
        let stdin = stdin();
        let mut fds = [PollFd::new(&self.orders, PollFlags::IN), PollFd::new(&stdin, PollFlags::IN)];
        retry_on_intr(|| poll(&mut fds, None)).ok()?;
        Some(if fds[0].revents().is_empty() { LineWait::Readable } else { LineWait::Ordered })
    }

    /// Reads what is there. A background job leaves it to the job that has the terminal: the system would stop a job that tries to
    /// read, and a stopped job would not notice a signal that asks for the end.
    fn read(&mut self) -> Option<()> {
        if line::is_background(stdin()) {
            thread::sleep(ELSEWHERE);
            return Some(());
        }
        let mut bytes = [0; 4096];
        match rustix::io::read(stdin(), &mut bytes) {
            Ok(0) if self.is_hung_up() => return None,
            Ok(0) => self.lines.end(),
            Ok(count) => self.lines.feed(&bytes[..count]),
            Err(Errno::INTR | Errno::AGAIN) => {}
            Err(_) if self.is_hung_up() => return None,
            Err(_) => self.lines.end(),
        }
        Some(())
    }

    /// True if the terminal is gone. The end of a pipe is no hang-up.
    fn is_hung_up(&self) -> bool {
        let stdin = stdin();
        let mut fds = [PollFd::new(&stdin, PollFlags::empty())];
        self.is_terminal && poll(&mut fds, Some(&Timespec::default())).is_ok_and(|ready| ready > 0)
    }
}

/// What ended a wait.
enum LineWait {
    Readable,
    Ordered,
}

/// The bytes that were read and not taken yet.
#[derive(Default)]
struct LineBuffer {
    bytes: Vec<u8>,
    /// The line that is being read has become too long: the rest of it is dropped.
    is_too_long: bool,
    has_ended: bool,
}

impl LineBuffer {
    fn feed(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
        if self.bytes.len() > LONGEST && !self.bytes.contains(&b'\n') {
            self.is_too_long = true;
            self.bytes.clear();
        }
    }

    fn end(&mut self) {
        self.has_ended = true;
    }

    /// The next line, if all of it is there. The last one need not have an end.
    fn take(&mut self) -> Option<LineInput> {
        let Some(length) = self.bytes.iter().position(|byte| *byte == b'\n') else { return self.take_last() };
        let line: Vec<u8> = self.bytes.drain(..=length).collect();
        Some(self.finish(&line[..length]))
    }

    fn take_last(&mut self) -> Option<LineInput> {
        if !self.has_ended {
            return None;
        }
        let rest = std::mem::take(&mut self.bytes);
        if rest.is_empty() && !self.is_too_long { Some(LineInput::Ended) } else { Some(self.finish(&rest)) }
    }

    fn finish(&mut self, line: &[u8]) -> LineInput {
        if std::mem::take(&mut self.is_too_long) || line.len() > LONGEST {
            return LineInput::TooLong;
        }
        let text = str::from_utf8(line.strip_suffix(b"\r").unwrap_or(line));
        text.map_or(LineInput::NotText, |text| LineInput::Line(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All that comes of these pieces of input.
    fn read(pieces: &[&[u8]]) -> Vec<LineInput> {
        let (mut lines, mut inputs) = (LineBuffer::default(), Vec::new());
        for piece in pieces {
            lines.feed(piece);
            inputs.extend(std::iter::from_fn(|| lines.take()));
        }
        lines.end();
        while inputs.last() != Some(&LineInput::Ended) {
            inputs.extend(lines.take());
        }
        inputs
    }

    fn line(text: &str) -> LineInput {
        LineInput::Line(text.to_owned())
    }

    #[test]
    fn lines_are_taken_one_by_one_however_they_arrive_and_the_last_needs_no_end() {
        let expected = [line("1"), line(""), line("save"), LineInput::Ended];
        assert_eq!(read(&[b"1\n\nsave"]), expected);
        assert_eq!(read(&[b"1\r", b"\n\nsa", b"ve\n"]), expected);
        assert_eq!(read(&[]), [LineInput::Ended]);
    }

    #[test]
    fn a_line_that_is_not_utf8_is_not_kept_and_the_next_one_is_read() {
        assert_eq!(read(&[b"add \xff\n1"]), [LineInput::NotText, line("1"), LineInput::Ended]);
        assert_eq!(read(&[b"\xc3", b"\xa9\n"]), [line("\u{e9}"), LineInput::Ended]);
    }

    #[test]
    fn a_line_that_is_too_long_is_not_kept_and_the_next_one_is_read() {
        let long = vec![b'x'; LONGEST + 1];
        let expected = [LineInput::TooLong, line("1"), LineInput::Ended];
        assert_eq!(read(&[&long, b"more\n1\n"]), expected);
        assert_eq!(read(&[&[&long[..], b"\n1\n"].concat()]), expected);
        assert_eq!(read(&[&long]), [LineInput::TooLong, LineInput::Ended]);
        let longest = "x".repeat(LONGEST);
        assert_eq!(read(&[longest.as_bytes(), b"\n"]), [line(&longest), LineInput::Ended]);
    }

    #[test]
    fn what_was_typed_is_not_shown_in_a_debug_print() {
        assert_eq!(format!("{:?}", line("secret")), "Line(redacted)");
    }
}
