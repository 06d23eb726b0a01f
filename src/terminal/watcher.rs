//! The watcher: one thread that knows of signals and of the terminal's end, and has the last word.
//!
//! ```text
//!  signal ─► its flag, a byte in a socket ─┐
//!                                          ├─ poll(2), no time-out ─► Notice ─► the loop
//!  terminal hangs up ──────────────────────┘                            │
//!                                                     an end: 1.5 s for the loop to leave by itself
//!                                                     (2.5 s while a save is under way), then leave and exit here
//! ```
//!
//! The order at the start is: [`Signals::register`], then threads ([`Signals::watch`] among them), then raw mode. A signal
//! that comes in between is kept in its flag.

use std::io::{self, Read};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH};
use tokio::sync::mpsc::UnboundedSender;

use super::line;

/// What the watcher tells the loop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// This signal asks for the end: SIGHUP, SIGINT, SIGQUIT or SIGTERM.
    Signal(i32),
    /// The terminal is gone; standard input, output and error are `/dev/null` from here on.
    HangUp,
    /// The terminal has, or may have, another size.
    Resized,
    /// SIGTSTP: somebody asks for what Ctrl-Z does.
    Stop,
    /// The process goes on after it was stopped: the terminal has to be entered and drawn anew.
    Continued,
}

impl Notice {
    /// The exit code of the end that this notice asks for; none where it asks for no end.
    pub fn exit_code(self) -> Option<u8> {
        match self {
            Self::Signal(signal) => u8::try_from(128 + signal).ok(),
            Self::HangUp => Self::Signal(SIGHUP).exit_code(),
            Self::Resized | Self::Stop | Self::Continued => None,
        }
    }
}

/// The signals that end, in the order in which they are told.
const ENDING: [i32; 4] = [SIGTERM, SIGINT, SIGQUIT, SIGHUP];
const OTHERS: [(i32, Notice); 3] =
    [(SIGTSTP, Notice::Stop), (SIGCONT, Notice::Continued), (SIGWINCH, Notice::Resized)];

/// How long the loop has for an end by itself.
const GRACE: Duration = Duration::from_millis(1500);
/// The same while a save is under way.
const GRACE_FOR_SAVING: Duration = Duration::from_millis(2500);
/// How long the last resort may take to restore the terminal.
const LAST_RESORT: Duration = Duration::from_millis(400);

/// Signals that are kept instead of doing what they do by default.
#[derive(Debug)]
pub struct Signals {
    wake: UnixStream,
    came: Vec<(Notice, Arc<AtomicBool>)>,
}

impl Signals {
    /// Takes the signals over. To be called before any thread starts and before the terminal is entered.
    ///
    /// A signal that a parent has set to be ignored (`nohup`) is taken over too: an editor without its terminal has to end.
    ///
    /// # Errors
    /// The system gives no socket or no handler.
    pub fn register() -> io::Result<Self> {
        let (wake, waker) = UnixStream::pair()?;
        wake.set_nonblocking(true)?;
        let ending = ENDING.map(|signal| (signal, Notice::Signal(signal)));
        let came = ending.into_iter().chain(OTHERS).map(|(signal, notice)| {
            let flag = Arc::new(AtomicBool::new(false));
            // In this order: who is woken finds the flag.
            signal_hook::flag::register(signal, Arc::clone(&flag))?;
            signal_hook::low_level::pipe::register(signal, waker.try_clone()?)?;
            Ok((notice, flag))
        });
        let came = came.collect::<io::Result<_>>()?;
        Ok(Self { wake, came })
    }

    /// Starts the watcher's thread. It costs nothing until something happens, and ends only with the process.
    ///
    /// # Errors
    /// The thread cannot be started.
    pub fn watch<M>(self, to: UnboundedSender<M>) -> io::Result<Watch>
    where
        M: From<Notice> + Send + 'static,
    {
        let ending = self.came.iter().filter(|(notice, _)| notice.exit_code().is_some());
        let ending = ending.map(|(_, flag)| Arc::clone(flag)).collect();
        let watch = Watch { saving: Arc::default(), ending };
        let saving = Arc::clone(&watch.saving);
        thread::Builder::new().name("watcher".into()).spawn(move || {
            let code = self.until_the_end(|notice| {
                // Where nobody listens the loop is at its end already; the deadline holds all the same.
                let _ = to.send(notice.into());
            });
            self.wait_for_the_loop(&saving);
            last_resort(code);
        })?;
        Ok(watch)
    }

    /// Tells what happens until an end is asked for, and gives its exit code.
    fn until_the_end(&self, mut tell: impl FnMut(Notice)) -> u8 {
        loop {
            let mut notices = Vec::new();
            if self.wait(true, None) {
                notices.push(Notice::HangUp);
            }
            notices.extend(self.take_flags());
            for notice in notices {
                tell(notice);
                if let Some(code) = notice.exit_code() {
                    return code;
                }
            }
        }
    }

    /// Takes the flags that are up. Those that ask for an end are not taken down: [`Watch::is_ending`] reads them.
    fn take_flags(&self) -> impl Iterator<Item = Notice> + '_ {
        let up = |(notice, flag): &(Notice, Arc<AtomicBool>)| {
            let up = match notice.exit_code() {
                Some(_) => flag.load(Ordering::SeqCst),
                None => flag.swap(false, Ordering::SeqCst),
            };
            up.then_some(*notice)
        };
        self.came.iter().filter_map(up)
    }

    /// Waits for a signal or, if `terminal`, for the terminal's end, at most for `time`; true when the terminal is gone.
    fn wait(&self, terminal: bool, time: Option<Duration>) -> bool {
        let stdin = rustix::stdio::stdin();
        // No events are asked for: the end is told all the same.
        let mut fds = [PollFd::new(&self.wake, PollFlags::IN), PollFd::new(&stdin, PollFlags::empty())];
        let fds = if terminal { &mut fds[..] } else { &mut fds[..1] };
        let time = time.and_then(|time| Timespec::try_from(time).ok());
        // EINTR is a signal, and so an event; any other error is none that waiting longer would mend.
        let waited = poll(fds, time.as_ref());
        let gone = terminal && waited.is_ok() && !fds[1].revents().is_empty();
        let _ = (&self.wake).read(&mut [0; 64]);
        if gone {
            let_go_of_the_terminal();
        }
        gone
    }

    /// Gives the loop its time, and keeps watching the terminal, which often goes right after the signal.
    fn wait_for_the_loop(&self, saving: &AtomicBool) {
        let begun = Instant::now();
        let mut terminal = true;
        loop {
            let grace = if saving.load(Ordering::SeqCst) { GRACE_FOR_SAVING } else { GRACE };
            let left = grace.saturating_sub(begun.elapsed());
            if left.is_zero() {
                return;
            }
            terminal &= !self.wait(terminal, Some(left));
        }
    }
}

/// The loop's side of the watcher.
#[derive(Debug, Clone)]
pub struct Watch {
    saving: Arc<AtomicBool>,
    ending: Vec<Arc<AtomicBool>>,
}

impl Watch {
    /// Says whether a save is under way: an end then waits 2.5 s for its outcome instead of 1.5 s.
    pub fn set_saving(&self, saving: bool) {
        self.saving.store(saving, Ordering::SeqCst);
    }

    /// Whether a signal has asked for the end, told or not. After [`Notice::Continued`] the terminal is not entered again then:
    /// a shell's `kill %1` lets a stopped job go on in the background, where touching the terminal would stop it again.
    pub fn is_ending(&self) -> bool {
        self.ending.iter().any(|flag| flag.load(Ordering::SeqCst))
    }
}

/// Puts `/dev/null` over standard input, output and error: from here on nothing can fail, spin or panic on the dead terminal.
fn let_go_of_the_terminal() {
    if let Ok(null) = std::fs::File::options().read(true).write(true).open("/dev/null") {
        let _ = rustix::stdio::dup2_stdin(&null);
        let _ = rustix::stdio::dup2_stdout(&null);
        let _ = rustix::stdio::dup2_stderr(&null);
    }
}

/// Restores the terminal as far as it can be, and ends the process: the loop is stuck, mostly in a write to a terminal that does
/// not read.
fn last_resort(code: u8) {
    let (done, is_done) = std::sync::mpsc::channel();
    // In a thread of its own, since it may get stuck in the same way.
    let restoring = thread::Builder::new().spawn(move || {
        line::give_back_by_force();
        let _ = done.send(());
    });
    if restoring.is_ok() {
        let _ = is_done.recv_timeout(LAST_RESORT);
    }
    #[expect(clippy::exit, reason = "the loop had its time and did not end")]
    std::process::exit(i32::from(code));
}
