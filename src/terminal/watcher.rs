//! The watcher: one thread that waits for signals and for the terminal's end, and that ends the process if the loop
//! does not.
//!
//! ```text
//!  signal ─► its flag, a byte in a stream ─┐
//!                                          ├─ poll(2), no time-out ─► TerminalEvent ─► the loop
//!  the terminal hangs up ──────────────────┘                               │
//!                                                     the event asks for an end: the loop has 1.5 s to end
//!                                                     (2.5 s while it is busy), then the watcher restores
//!                                                     the terminal and ends the process
//! ```
//!
//! The order at the start is: register the signals, start the threads (the watcher among them), switch to raw mode. A
//! signal that comes in between stays in its flag.
//!
//! The watcher is a thread of its own because the loop's thread can be stuck: a terminal that stops reading blocks it in
//! write(2).

use std::io::{self, IsTerminal as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use tokio::sync::mpsc::UnboundedSender;

use super::signals::{
    ASKS_FOR_END, SIGCONT, SIGHUP, SIGINT, SIGTSTP, SIGWINCH, SignalFlags, SignalStream, list_ending,
};
use super::{children, line};

/// What the watcher tells the loop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TerminalEvent {
    /// This signal asks for the end. If several came, it is the first of the table of signals.
    Signal(i32),
    /// The terminal is gone. Standard input, output and error are `/dev/null` from now on.
    HangUp,
    /// The terminal's size has changed, or may have changed.
    Resized,
    /// SIGINT, where the terminal makes it of Ctrl-C and the loop takes it as that key: see [`LineTerminal`](super::LineTerminal).
    Interrupted,
    /// SIGTSTP: another process asks for what Ctrl-Z does.
    Stop,
    /// The process goes on after a stop. The terminal has to be entered and drawn anew.
    Continued,
}

impl TerminalEvent {
    /// The exit code of the end that this event asks for: 128 and the signal's number, as a shell reports it. `None`
    /// where the event asks for no end.
    pub fn exit_code(self) -> Option<u8> {
        match self {
            Self::Signal(signal) => u8::try_from(128 + signal).ok(),
            Self::HangUp => Self::Signal(SIGHUP).exit_code(),
            Self::Interrupted | Self::Resized | Self::Stop | Self::Continued => None,
        }
    }
}

/// The signals that do not ask for the end, and what each of them means. Only where Ctrl-C makes a signal the first one is among
/// them.
const OTHERS: [(i32, TerminalEvent); 4] = [
    (SIGINT, TerminalEvent::Interrupted),
    (SIGTSTP, TerminalEvent::Stop),
    (SIGCONT, TerminalEvent::Continued),
    (SIGWINCH, TerminalEvent::Resized),
];

/// How the terminal is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TerminalUse {
    /// With a screen of cells: Ctrl-C is a key, and SIGINT asks for the end.
    Screen,
    /// Line by line: the terminal makes SIGINT of Ctrl-C. Standard input may be a pipe, whose end is no hang-up.
    Lines,
}

impl TerminalUse {
    fn others(self) -> &'static [(i32, TerminalEvent)] {
        if self == Self::Lines { &OTHERS } else { &OTHERS[1..] }
    }

    /// The signals that came and ask for the end.
    fn list_endings(self, signals: &SignalFlags) -> impl Iterator<Item = i32> + '_ {
        signals.came().filter(move |signal| self.others().iter().all(|(other, _)| other != signal))
    }
}

/// How long the loop has to end by itself.
const GRACE: Duration = Duration::from_millis(1500);
/// The same while the loop is busy.
const GRACE_IF_BUSY: Duration = Duration::from_millis(2500);
/// How long restoring the terminal may take when the watcher ends the process.
const LAST_RESTORE: Duration = Duration::from_millis(400);

/// The watcher before its thread starts: its signals are registered.
#[derive(Debug)]
pub(super) struct Watcher {
    signals: SignalFlags,
    stream: SignalStream,
}

impl Watcher {
    /// Registers the signals. The caller must do this before it starts a thread and before it enters the terminal.
    ///
    /// The signals of [`ASKS_FOR_END`] are registered also where the parent process set them to be ignored (as `nohup` does with
    /// SIGHUP): a program on a screen has to end when its terminal is gone.
    ///
    /// # Errors
    /// The system gives no socket or no handler.
    pub(super) fn register() -> io::Result<Self> {
        let ending = list_ending(&ASKS_FOR_END);
        let (asking, rest) = ending.split_at(ASKS_FOR_END.len());
        let others = TerminalUse::Screen.others().iter().map(|(signal, _)| *signal);
        let at_once: Vec<_> = asking.iter().copied().chain(others).collect();
        let (signals, stream) = SignalFlags::register_with_stream(&at_once, rest)?;
        Ok(Self { signals, stream })
    }

    /// Waits for a signal that asks for the end, and returns its exit code. The thread, which is started later, learns of that
    /// signal too: its flag stays set.
    ///
    /// # Errors
    /// The system gives no second descriptor for the stream.
    pub(super) async fn wait_for_end(&mut self) -> io::Result<u8> {
        let wake = tokio::net::UnixStream::from_std(self.stream.wake().try_clone()?)?;
        loop {
            self.stream.receive();
            let came = TerminalUse::Screen.list_endings(&self.signals).next();
            if let Some(code) = came.and_then(|signal| TerminalEvent::Signal(signal).exit_code()) {
                return Ok(code);
            }
            wake.readable().await?;
            // This tells tokio when nothing is left to read.
            let _ = wake.try_read(&mut [0; 64]);
        }
    }

    /// Starts the watcher's thread. It uses no processor time until something happens, and ends only with the process.
    ///
    /// # Errors
    /// The thread cannot be started.
    pub(super) fn start<M>(mut self, to: UnboundedSender<M>, mode: TerminalUse) -> io::Result<WatcherHandle>
    where
        M: From<TerminalEvent> + Send + 'static,
    {
        let handle = WatcherHandle { is_busy: Arc::default(), signals: self.signals.clone(), mode };
        let watches = mode == TerminalUse::Screen || io::stdin().is_terminal();
        let is_busy = Arc::clone(&handle.is_busy);
        thread::Builder::new().name("watcher".into()).spawn(move || {
            let code = self.watch_until_end((mode, watches), |event| {
                // A loop that no longer receives is about to end. If it does not, the grace period ends it.
                let _ = to.send(event.into());
            });
            self.wait_for_the_loop(&is_busy, watches);
            end_process(code);
        })?;
        Ok(handle)
    }

    /// Sends each event until one asks for an end, and returns the exit code of that end.
    fn watch_until_end(
        &mut self,
        (mode, watches): (TerminalUse, bool),
        mut send: impl FnMut(TerminalEvent),
    ) -> u8 {
        // What came while the terminal was not open has been received already, and is in the flags.
        let mut hang_up = None;
        loop {
            for event in hang_up.into_iter().chain(self.take_events(mode)) {
                send(event);
                if let Some(code) = event.exit_code() {
                    return code;
                }
            }
            hang_up = self.wait(watches, None).then_some(TerminalEvent::HangUp);
        }
    }

    /// The events of the signals that came. The flags of the signals that ask for an end stay set, because
    /// [`WatcherHandle::is_ending`] reads them.
    fn take_events(&self, mode: TerminalUse) -> impl Iterator<Item = TerminalEvent> + '_ {
        let others = mode.others().iter().filter(|(signal, _)| self.signals.take(*signal));
        mode.list_endings(&self.signals).map(TerminalEvent::Signal).chain(others.map(|(_, event)| *event))
    }

    /// Waits for a signal, and with `for_terminal` also for the terminal's end; for `time` at most. True when the terminal
    /// is gone.
    fn wait(&mut self, for_terminal: bool, time: Option<Duration>) -> bool {
        let stdin = rustix::stdio::stdin();
        // For the terminal no events are requested: poll(2) reports a hang-up all the same.
        let mut fds =
            [PollFd::new(self.stream.wake(), PollFlags::IN), PollFd::new(&stdin, PollFlags::empty())];
        let fds = if for_terminal { &mut fds[..] } else { &mut fds[..1] };
        let time = time.and_then(|time| Timespec::try_from(time).ok());
        // EINTR means that a signal came, so it needs no second wait. After any other error a second wait would not help.
        let waited = poll(fds, time.as_ref());
        let is_gone = for_terminal && waited.is_ok() && !fds[1].revents().is_empty();
        self.stream.receive();
        if is_gone {
            replace_standard_streams();
        }
        is_gone
    }

    /// Gives the loop its time to end. The watcher watches the terminal meanwhile, because a terminal often goes right
    /// after the signal.
    fn wait_for_the_loop(&mut self, is_busy: &AtomicBool, mut has_terminal: bool) {
        let begun = Instant::now();
        loop {
            let grace = if is_busy.load(Ordering::SeqCst) { GRACE_IF_BUSY } else { GRACE };
            let left = grace.saturating_sub(begun.elapsed());
            if left.is_zero() {
                return;
            }
            has_terminal &= !self.wait(has_terminal, Some(left));
        }
    }
}

/// The loop's side of the watcher.
#[derive(Debug, Clone)]
pub struct WatcherHandle {
    is_busy: Arc<AtomicBool>,
    signals: SignalFlags,
    mode: TerminalUse,
}

impl WatcherHandle {
    /// Says whether work is under way whose outcome the user has to learn. The watcher then gives the loop 2.5 s to end
    /// instead of 1.5 s.
    pub fn set_busy(&self, is_busy: bool) {
        self.is_busy.store(is_busy, Ordering::SeqCst);
    }

    /// True once a signal has asked for the end, also before the loop is told of it. After
    /// [`TerminalEvent::Continued`] the terminal must not be entered again then: a shell's `kill %1` continues a stopped
    /// job in the background, and a background job that touches the terminal is stopped again.
    pub fn is_ending(&self) -> bool {
        self.mode.list_endings(&self.signals).next().is_some()
    }
}

/// Puts `/dev/null` over standard input, output and error. From now on no read or write on the dead terminal can fail,
/// repeat for ever, or panic in `println!`.
fn replace_standard_streams() {
    if let Ok(null) = std::fs::File::options().read(true).write(true).open("/dev/null") {
        let _ = rustix::stdio::dup2_stdin(&null);
        let _ = rustix::stdio::dup2_stdout(&null);
        let _ = rustix::stdio::dup2_stderr(&null);
    }
}

/// Restores the terminal as far as possible and ends the process, from any thread. The loop is stuck then, mostly in a write to a
/// terminal that does not read; or a thread has panicked.
pub(crate) fn end_process(code: u8) -> ! {
    children::kill_all();
    let (done, is_done) = std::sync::mpsc::channel();
    // In a thread of its own, because restoring can get stuck in the same way.
    let restoring = thread::Builder::new().spawn(move || {
        line::restore_at_once();
        let _ = done.send(());
    });
    if restoring.is_ok() {
        let _ = is_done.recv_timeout(LAST_RESTORE);
    }
    #[expect(clippy::exit, reason = "the main thread cannot be made to return")]
    std::process::exit(i32::from(code));
}
