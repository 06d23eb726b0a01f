//! Keys from the terminal: a thread that reads, and that nothing ever waits for.
//!
//! ```text
//!  poll(2), no time-out ─► read until drained ─► Parser ─► Bursts ─► one message for the batch
//!          ▲    (a time-out only while a sequence is half read)            │
//!          └───────────────────────────────────────────────────────────────┘
//! ```
//!
//! It is our own because crossterm's reader takes a stray `ESC[200~` for the start of a paste and hears nothing from
//! then on, delivers half of what exceeds 1,024 bytes, and spins when the terminal is gone.

use std::io;
use std::os::fd::AsFd;
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use tokio::sync::mpsc::UnboundedSender;

use super::key::Key;

mod parser;
mod sequence;

pub use parser::Parser;

/// What the thread tells the loop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// The keys of one batch, in order; never none.
    Keys {
        /// What was pressed.
        keys: Vec<Key>,
        /// They came as text comes that is pasted, not as keys come that are typed.
        burst: bool,
    },
    /// No more keys will come, and not because the terminal hung up (the watcher tells that): the loop has to end.
    Ended,
}

/// Starts the thread that reads keys from standard input, which must be a terminal.
///
/// It never ends by itself while the terminal is there, and costs nothing while no key is pressed. When the
/// terminal hangs up it ends without a word.
///
/// # Errors
/// The thread cannot be started.
pub fn start<M>(to: UnboundedSender<M>) -> io::Result<()>
where
    M: From<Input> + Send + 'static,
{
    let read = move || {
        // Sent when the thread ends in any other way, a panic included.
        let mut last_word = LastWord { to: &to, due: true };
        last_word.due =
            read_keys(rustix::stdio::stdin(), |input| to.send(input.into()).is_ok()) == End::Failed;
    };
    thread::Builder::new().name("input".into()).spawn(read).map(drop)
}

struct LastWord<'a, M: From<Input>> {
    to: &'a UnboundedSender<M>,
    due: bool,
}

impl<M: From<Input>> Drop for LastWord<'_, M> {
    fn drop(&mut self) {
        if self.due {
            // Where nobody listens, nobody needs to be told.
            let _ = self.to.send(Input::Ended.into());
        }
    }
}

/// How reading came to its end.
#[derive(Debug, PartialEq, Eq)]
enum End {
    /// The terminal is gone.
    HangUp,
    /// Nobody listens.
    Unheard,
    /// The terminal is there and cannot be read.
    Failed,
}

/// At most so many keys in one message, so that a stream without end is still delivered.
const LARGEST_BATCH: usize = 16 * 1024;
/// What one press of a key sends at most, in bytes, near enough: more than that and more is on its way.
const ONE_KEY: usize = 8;

fn read_keys(terminal: impl AsFd, mut send: impl FnMut(Input) -> bool) -> End {
    let mut parser = Parser::default();
    let mut bursts = Bursts::default();
    loop {
        let mut batch = Batch::default();
        let readiness = wait(&terminal, parser.patience());
        let came = Instant::now();
        let outcome = match readiness {
            Ok(true) => gather(&terminal, &mut parser, &mut batch),
            Ok(false) => {
                parser.give_up(&mut batch.keys);
                Ok(())
            }
            Err(error) => Err(error),
        };
        if !batch.keys.is_empty() {
            let burst = bursts.judge(&batch, came, Instant::now());
            let keys = batch.keys;
            if !send(Input::Keys { keys, burst }) {
                return End::Unheard;
            }
        }
        if let Err(end) = outcome {
            return end;
        }
    }
}

/// What was read together.
#[derive(Debug, Default)]
struct Batch {
    keys: Vec<Key>,
    /// A terminal that marks pastes, although nobody asked it to, said that this is one.
    is_marked: bool,
}

/// How a marked paste begins.
const PASTE_MARK: &[u8] = b"\x1b[200~";

/// Reads until nothing more is there. One key is not kept waiting; where more comes, the rest gets a moment to arrive.
fn gather(terminal: impl AsFd, parser: &mut Parser, batch: &mut Batch) -> Result<(), End> {
    let mut bytes = [0; 4096];
    loop {
        let count = match rustix::io::read(&terminal, &mut bytes) {
            Ok(0) => return Err(End::HangUp),
            Ok(count) => count,
            Err(Errno::INTR | Errno::AGAIN) => 0,
            Err(_) => return Err(if is_hung_up(&terminal) { End::HangUp } else { End::Failed }),
        };
        parser.feed(&bytes[..count], &mut batch.keys);
        batch.is_marked |= bytes[..count].windows(PASTE_MARK.len()).any(|window| window == PASTE_MARK);
        let linger = match count {
            _ if Bursts::is_text(&batch.keys) => Duration::from_millis(2),
            0..=ONE_KEY => Duration::ZERO,
            _ => Duration::from_micros(100),
        };
        if batch.keys.len() >= LARGEST_BATCH || !wait(&terminal, Some(linger))? {
            return Ok(());
        }
    }
}

/// Waits until there is something to read; false when the time is over, which it never is without one.
fn wait(terminal: impl AsFd, time: Option<Duration>) -> Result<bool, End> {
    let until = time.map(|time| Instant::now() + time);
    loop {
        let left = until.map(|until| until.saturating_duration_since(Instant::now()));
        let left = left.and_then(|left| Timespec::try_from(left).ok());
        let mut fds = [PollFd::new(&terminal, PollFlags::IN)];
        match poll(&mut fds, left.as_ref()) {
            Ok(0) => return Ok(false),
            Ok(_) if fds[0].revents().contains(PollFlags::IN) => return Ok(true),
            Ok(_) => return Err(End::HangUp),
            // A signal, or the process was stopped and goes on.
            Err(Errno::INTR) => {}
            Err(_) => return Err(End::Failed),
        }
    }
}

fn is_hung_up(terminal: impl AsFd) -> bool {
    let mut fds = [PollFd::new(&terminal, PollFlags::empty())];
    poll(&mut fds, Some(&Timespec::default())).is_ok_and(|ready| ready > 0)
}

/// Tells pasted text from typed keys, by its arrival: the mode for bracketed paste stays off.
#[derive(Debug, Default)]
struct Bursts {
    /// When the last key of a burst came.
    last: Option<Instant>,
}

impl Bursts {
    /// More text keys than this in one batch are not typed.
    const TYPED: usize = 8;
    /// A burst is over when no key came for so long.
    const QUIET: Duration = Duration::from_millis(50);

    /// Whether a batch that began to arrive at `came` and was read at `read` belongs to a burst.
    fn judge(&mut self, batch: &Batch, came: Instant, read: Instant) -> bool {
        let goes_on = self.last.is_some_and(|last| came.saturating_duration_since(last) < Self::QUIET);
        let burst = goes_on || batch.is_marked || Self::is_text(&batch.keys);
        self.last = burst.then_some(read);
        burst
    }

    /// `j` and `k` alone are no text: they were held down, on a line that delivered them together.
    fn is_text(keys: &[Key]) -> bool {
        let others = || keys.iter().filter(|key| !key.is_movement());
        others().count() > Self::TYPED && others().any(|key| !matches!(key, Key::Char('j' | 'k')))
    }
}

#[cfg(test)]
mod tests;
