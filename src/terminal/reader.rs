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

use super::parser::Parser;

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

/// At most so many keys in one message, and none that took longer to come, so that a stream without end is still delivered.
const LARGEST_BATCH: usize = 16 * 1024;
const LONGEST_BATCH: Duration = Duration::from_millis(25);
/// What one press of a key sends at most, in bytes, near enough: more than that and more is on its way.
const ONE_KEY: usize = 8;

fn read_keys(terminal: impl AsFd, mut send: impl FnMut(Input) -> bool) -> End {
    let mut parser = Parser::default();
    let mut bursts = Bursts::default();
    loop {
        let mut batch = Batch::default();
        let readiness = wait(&terminal, parser.patience());
        let came = Instant::now();
        if bursts.is_over(came) {
            parser.leave_paste();
        }
        let outcome = match readiness {
            Ok(true) => gather(&terminal, &mut parser, &mut batch),
            Ok(false) => {
                parser.give_up(&mut batch.keys);
                Ok(())
            }
            Err(error) => Err(error),
        };
        (batch.is_marked, batch.is_open) = (parser.take_marked(), parser.is_in_paste());
        if batch.is_marked || !batch.keys.is_empty() {
            let burst = bursts.judge(&batch, came, Instant::now());
            let keys = batch.keys;
            if !keys.is_empty() && !send(Input::Keys { keys, burst }) {
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
    /// A terminal that marks pastes, although nobody asked it to, said that this is one, or a part of one.
    is_marked: bool,
    /// The end of that paste is still to come.
    is_open: bool,
}

/// Reads until nothing more is there. One key is not kept waiting; where more comes, the rest gets a moment to arrive.
fn gather(terminal: impl AsFd, parser: &mut Parser, batch: &mut Batch) -> Result<(), End> {
    let mut bytes = [0; 4096];
    let begun = Instant::now();
    loop {
        let count = match rustix::io::read(&terminal, &mut bytes) {
            Ok(0) => return Err(End::HangUp),
            Ok(count) => count,
            Err(Errno::INTR | Errno::AGAIN) => 0,
            Err(_) => return Err(if is_hung_up(&terminal) { End::HangUp } else { End::Failed }),
        };
        parser.feed(&bytes[..count], &mut batch.keys);
        let linger = match count {
            // More than one may be the beginning of a paste.
            _ if Bursts::text_keys(&batch.keys) > 1 || parser.is_in_paste() => Duration::from_millis(2),
            0..=ONE_KEY => Duration::ZERO,
            _ => Duration::from_micros(100),
        };
        let is_large = batch.keys.len() >= LARGEST_BATCH || begun.elapsed() > LONGEST_BATCH;
        if is_large || !wait(&terminal, Some(linger))? {
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
    /// It is a marked paste whose end is still to come.
    is_open: bool,
}

impl Bursts {
    /// More text keys than this in one batch are not typed.
    const TYPED: usize = 8;
    /// A burst is over when no key came for so long.
    const QUIET: Duration = Duration::from_millis(50);
    /// The same for a marked paste whose end is still to come, and may be lost.
    const QUIET_IF_OPEN: Duration = Duration::from_millis(400);

    /// Whether a batch that began to arrive at `came` and was read at `read` belongs to a burst.
    fn judge(&mut self, batch: &Batch, came: Instant, read: Instant) -> bool {
        let goes_on = self.last.is_some() && !self.is_over(came);
        let burst = goes_on || batch.is_marked || Self::is_text(&batch.keys);
        (self.last, self.is_open) = (burst.then_some(read), batch.is_open);
        burst
    }

    /// Whether there was a burst and it is over by now.
    fn is_over(&self, now: Instant) -> bool {
        let quiet = if self.is_open { Self::QUIET_IF_OPEN } else { Self::QUIET };
        self.last.is_some_and(|last| now.saturating_duration_since(last) >= quiet)
    }

    /// `j` and `k` alone are no text: they were held down, on a line that delivered them together.
    fn is_text(keys: &[Key]) -> bool {
        let is_held_down = |key: &Key| key.is_movement() || matches!(key, Key::Char('j' | 'k'));
        Self::text_keys(keys) > Self::TYPED && !keys.iter().all(is_held_down)
    }

    fn text_keys(keys: &[Key]) -> usize {
        keys.iter().filter(|key| !key.is_movement()).count()
    }
}

#[cfg(test)]
mod tests;
