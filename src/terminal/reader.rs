//! Keys from the terminal: a thread that reads them. No other thread ever waits for it, but for the moment in which it pauses.
//!
//! ```text
//!  poll(2), no time-out ─► read until drained ─► Parser ─► BurstDetector ─► one message for the batch
//!          ▲    (a time-out only while a sequence is half read)                     │
//!          └────────────────────────────────────────────────────────────────────────┘
//! ```
//!
//! The same poll(2) waits for [`ReaderControl`]: while a helper program owns the terminal, no key may be read here.
//!
//! crossterm's reader is not used, for these reasons:
//!
//! - After an `ESC[200~` whose end mark never comes it returns no key any more
//!   (<https://github.com/crossterm-rs/crossterm/issues/1060>).
//! - It reads a burst only in part: the rest waits for the next key
//!   (<https://github.com/crossterm-rs/crossterm/pull/1057>).
//! - It spins when the terminal is gone (<https://github.com/crossterm-rs/crossterm/issues/793>).

use std::io;
use std::os::fd::AsFd;
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use tokio::sync::mpsc::UnboundedSender;

use super::batch::{BatchPart, InputBatch};
use super::burst::BurstDetector;
use super::key::Key;
use super::parser::Parser;
pub(super) use super::pause::ReaderControl;
use super::pause::{ReaderOrders, control_pair};

/// What the reader tells the loop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TerminalInput {
    /// The keys of one batch, in order; at least one.
    Keys {
        /// The keys that the user pressed.
        keys: Vec<Key>,
        /// True if the keys came together as pasted text does, and not one by one as typed keys do.
        burst: bool,
    },
    /// The text of a paste, or of a piece of one, as the terminal marked it. It may be empty, and has no control character.
    Pasted(String),
    /// No more keys will come, so the loop has to end. The terminal is still there: the watcher reports a hang-up.
    Ended,
}

/// Starts the thread that reads keys from standard input, which must be a terminal. It sends [`TerminalInput`] to `to`.
///
/// The thread ends when the control is dropped, and when the terminal hangs up, without a message. It uses no processor time
/// while no key is pressed.
///
/// # Errors
/// The system gives no thread or no socket.
pub(super) fn start<M>(to: UnboundedSender<M>) -> io::Result<ReaderControl>
where
    M: From<TerminalInput> + Send + 'static,
{
    let (control, orders) = control_pair()?;
    let read = move || {
        let mut farewell = Farewell { to: &to, is_due: true };
        let end = read_keys(rustix::stdio::stdin(), &orders, |input| to.send(input.into()).is_ok());
        farewell.is_due = end == ReadingEnd::Failed;
    };
    thread::Builder::new().name("input".into()).spawn(read)?;
    Ok(control)
}

/// Sends [`TerminalInput::Ended`] when it is dropped, also by a panic of the thread, if the message is still due.
struct Farewell<'a, M: From<TerminalInput>> {
    to: &'a UnboundedSender<M>,
    is_due: bool,
}

impl<M: From<TerminalInput>> Drop for Farewell<'_, M> {
    fn drop(&mut self) {
        if self.is_due {
            // A loop that no longer receives has ended already.
            let _ = self.to.send(TerminalInput::Ended.into());
        }
    }
}

/// Why the reading ended.
#[derive(Debug, PartialEq, Eq)]
enum ReadingEnd {
    /// The terminal is gone.
    HangUp,
    /// The loop no longer receives.
    NoReceiver,
    /// The terminal is there and cannot be read.
    Failed,
}

/// A batch ends after so many keys, and after so long, so that keys which never stop coming are still delivered.
const LARGEST_BATCH: usize = 16 * 1024;
const LONGEST_BATCH: Duration = Duration::from_millis(25);
/// Roughly the most bytes that one press of a key sends. After more bytes than that, still more are on their way.
const ONE_KEY: usize = 8;

/// Reads and sends batches of keys until the reading ends. `send` is false when the loop no longer receives.
fn read_keys(
    terminal: impl AsFd,
    orders: &ReaderOrders,
    mut send: impl FnMut(TerminalInput) -> bool,
) -> ReadingEnd {
    let mut decoder = KeyDecoder::default();
    loop {
        let readiness = match wait_unless_ordered(&terminal, orders, decoder.parser.patience()) {
            Ok(Waited::Ordered) if orders.obey().is_err() => return ReadingEnd::NoReceiver,
            Ok(Waited::Ordered) => {
                // The keys from before the pause belong to no key that comes after it.
                decoder = KeyDecoder::default();
                continue;
            }
            Ok(Waited::Readable) => Ok(true),
            Ok(Waited::TimeOver) => Ok(false),
            Err(end) => Err(end),
        };
        let came = Instant::now();
        let mut batch = InputBatch::default();
        let outcome = match readiness {
            Ok(true) => read_batch(&terminal, &mut decoder.parser, &mut batch),
            Ok(false) => {
                decoder.parser.give_up(&mut batch);
                Ok(())
            }
            Err(end) => Err(end),
        };
        if !decoder.end_batch(batch, came, Instant::now()).all(&mut send) {
            return ReadingEnd::NoReceiver;
        }
        if let Err(end) = outcome {
            return end;
        }
    }
}

/// What the reader remembers between two batches.
#[derive(Debug, Default)]
struct KeyDecoder {
    parser: Parser,
    bursts: BurstDetector,
}

impl KeyDecoder {
    /// The messages for a batch that began to arrive at `came` and was read at `read`.
    ///
    /// Keys that come together with a marked paste, behind it, are part of it. Pasted text may itself hold an end mark, and tmux
    /// hands such text on as it is.
    fn end_batch(
        &mut self,
        batch: InputBatch,
        came: Instant,
        read: Instant,
    ) -> impl Iterator<Item = TerminalInput> {
        let mut is_behind_paste = false;
        batch.into_parts().into_iter().map(move |part| match part {
            BatchPart::Pressed(keys) => {
                let burst = self.bursts.is_burst(&keys, came, read) || is_behind_paste;
                TerminalInput::Keys { keys, burst }
            }
            BatchPart::Pasted(text) => {
                is_behind_paste = true;
                TerminalInput::Pasted(text)
            }
        })
    }
}

/// Reads until nothing more is there. A single key is delivered at once; after more than one, the rest has a moment to
/// arrive.
fn read_batch(terminal: impl AsFd, parser: &mut Parser, batch: &mut InputBatch) -> Result<(), ReadingEnd> {
    let mut bytes = [0; 4096];
    let begun = Instant::now();
    loop {
        let count = match rustix::io::read(&terminal, &mut bytes) {
            Ok(0) => return Err(ReadingEnd::HangUp),
            Ok(count) => count,
            Err(Errno::INTR | Errno::AGAIN) => 0,
            Err(_) if is_hung_up(&terminal) => return Err(ReadingEnd::HangUp),
            Err(_) => return Err(ReadingEnd::Failed),
        };
        parser.feed(&bytes[..count], batch);
        let linger = match count {
            // More than one text key can be the beginning of a paste.
            _ if batch.count_text_keys() > 1 || parser.is_in_paste() => Duration::from_millis(2),
            0..=ONE_KEY => Duration::ZERO,
            _ => Duration::from_micros(100),
        };
        let is_large = batch.len() >= LARGEST_BATCH || begun.elapsed() > LONGEST_BATCH;
        if is_large || !wait(&terminal, linger)? {
            return Ok(());
        }
    }
}

/// What ended a wait.
#[derive(Debug, PartialEq, Eq)]
enum Waited {
    /// There is something to read.
    Readable,
    /// The loop wants the reader to pause, or no longer needs it.
    Ordered,
    /// The time is over.
    TimeOver,
}

/// Waits until there is something to read. False when `time` is over.
fn wait(terminal: impl AsFd, time: Duration) -> Result<bool, ReadingEnd> {
    let mut fds = [PollFd::new(&terminal, PollFlags::IN)];
    wait_for_any(&mut fds, Some(time)).map(|waited| waited == Waited::Readable)
}

/// Waits until there is something to read, or an order. An order comes first. Without a `time` it waits for ever.
fn wait_unless_ordered(
    terminal: impl AsFd,
    orders: &ReaderOrders,
    time: Option<Duration>,
) -> Result<Waited, ReadingEnd> {
    let mut fds = [PollFd::new(&terminal, PollFlags::IN), PollFd::new(orders.stream(), PollFlags::IN)];
    wait_for_any(&mut fds, time)
}

/// Waits for the terminal, which is the first of `fds`, and for orders, the second one.
fn wait_for_any(fds: &mut [PollFd<'_>], time: Option<Duration>) -> Result<Waited, ReadingEnd> {
    let until = time.map(|time| Instant::now() + time);
    loop {
        let left = until.map(|until| until.saturating_duration_since(Instant::now()));
        let left = left.and_then(|left| Timespec::try_from(left).ok());
        match poll(fds, left.as_ref()) {
            Ok(0) => return Ok(Waited::TimeOver),
            Ok(_) if fds.get(1).is_some_and(|orders| !orders.revents().is_empty()) => {
                return Ok(Waited::Ordered);
            }
            Ok(_) if fds[0].revents().contains(PollFlags::IN) => return Ok(Waited::Readable),
            Ok(_) => return Err(ReadingEnd::HangUp),
            // A signal came, or the process was stopped and goes on.
            Err(Errno::INTR) => {}
            Err(_) => return Err(ReadingEnd::Failed),
        }
    }
}

fn is_hung_up(terminal: impl AsFd) -> bool {
    let mut fds = [PollFd::new(&terminal, PollFlags::empty())];
    poll(&mut fds, Some(&Timespec::default())).is_ok_and(|ready| ready > 0)
}

#[cfg(test)]
mod tests;
