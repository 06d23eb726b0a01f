//! Signals: the one place that registers handlers for them, for the editor and for the commands.
//!
//! ```text
//!  signal ─► handler ─┬─► sets the signal's flag               (SignalFlags::came, SignalFlags::take)
//!                     └─► writes a byte to each SignalStream   (for poll(2))
//! ```
//!
//! The handler does nothing else. Each handler that is registered costs more than the one before it, because signal-hook copies
//! its table (<https://docs.rs/signal-hook-registry/1.4.8/src/signal_hook_registry/lib.rs.html>). So the watcher's many signals
//! that only end a process have one handler each, which is the stream's: the flag is set by the reader of the stream.
//! What follows from a signal is decided by the code that reads the stream. The handler of a flag
//! stays registered until the process ends.
//!
//! | signals | what this program does |
//! |---|---|
//! | TERM, INT, QUIT, HUP | the editor and the commands end. A command leaves them ignored if its parent process ignores them |
//! | [the others that end a process](list_ending) | the same. The editor, too, leaves them ignored if its parent process ignores them |
//! | XFSZ | it goes on: the write that is too long fails with EFBIG, which is an error like a full disk |
//! | PIPE | it goes on: Rust's start-up code ignores the signal, and the write fails |
//! | TSTP, CONT, WINCH | the editor and a hidden question stop, go on, and draw anew |
//! | CHLD | it is not ignored, also where the parent process ignores it |
//! | KILL, STOP; ILL, FPE, SEGV; 32, 33 | the default: the system, signal-hook and the C library take no handler for them |
//!
//! BUS has a handler already: that of Rust's start-up code, which is called first and restores the default
//! (<https://github.com/rust-lang/rust/blob/1.95.0/library/std/src/sys/pal/unix/stack_overflow.rs>). So a real fault, which comes
//! again at once, ends the process. After an `abort` the C library restores the default of ABRT too, and sends it once more
//! (<https://man7.org/linux/man-pages/man3/abort.3.html>).

use std::io::{self, Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::{
    SIGABRT, SIGALRM, SIGBUS, SIGPROF, SIGSYS, SIGTRAP, SIGUSR1, SIGUSR2, SIGVTALRM, SIGXCPU, SIGXFSZ,
};
pub(crate) use signal_hook::consts::{SIGCHLD, SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH};
use signal_hook::iterator::backend::SignalDelivery;
use signal_hook::iterator::exfiltrator::SignalOnly;
use signal_hook::{flag, low_level};

/// The signals by which a user, a supervisor or the terminal's end asks for the end.
pub(crate) const ASKS_FOR_END: [i32; 4] = [SIGTERM, SIGINT, SIGQUIT, SIGHUP];

/// The other signals that end a process by default, on every Unix.
const ENDS_A_PROCESS: [i32; 10] =
    [SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGXCPU, SIGABRT, SIGBUS, SIGSYS, SIGTRAP];

/// Those that end a process on Linux, by their numbers there (<https://man7.org/linux/man-pages/man7/signal.7.html>): STKFLT,
/// IO and PWR, and the real-time signals.
#[cfg(target_os = "linux")]
const ENDS_ON_LINUX: [std::ops::RangeInclusive<i32>; 3] = [16..=16, 29..=30, 34..=64];
#[cfg(not(target_os = "linux"))]
const ENDS_ON_LINUX: [std::ops::RangeInclusive<i32>; 0] = [];

/// All signals that end a process by default and that have a handler here: first those of [`ASKS_FOR_END`]. Left out are signals
/// that the parent process set to be ignored, unless they are among `always`.
pub(crate) fn list_ending(always: &[i32]) -> Vec<i32> {
    let ignored = read_ignored();
    let all = ASKS_FOR_END.into_iter().chain(ENDS_A_PROCESS).chain(ENDS_ON_LINUX.into_iter().flatten());
    all.filter(|signal| always.contains(signal) || !is_in(ignored, *signal)).collect()
}

/// True if the parent process set this signal to be ignored, as `nohup` and a shell's background job do. It is asked before
/// a handler is registered. Linux tells it; elsewhere it is false.
pub(crate) fn is_ignored(signal: i32) -> bool {
    is_in(read_ignored(), signal)
}

/// The signals that are ignored: the lowest bit stands for the signal 1.
fn read_ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default()
}

fn is_in(mask: u64, signal: i32) -> bool {
    mask >> (signal - 1) & 1 == 1
}

/// Signals that set a flag from now on, instead of what the system does by default. Clones share the flags.
#[derive(Clone, Debug)]
pub(crate) struct SignalFlags {
    /// Each signal's number, and whether it came.
    flags: Arc<[(i32, Arc<AtomicBool>)]>,
}

impl SignalFlags {
    /// Registers these signals. Until this returns, each of them still has its default effect.
    ///
    /// A signal that the parent process set to be ignored (as `nohup` does) is registered too. A signal that the C library keeps
    /// for itself is passed over: musl does so with 34
    /// (<https://git.musl-libc.org/cgit/musl/tree/src/internal/pthread_impl.h>, `SIGSYNCCALL`).
    ///
    /// # Errors
    /// The system gives no handler.
    pub(crate) fn register(signals: &[i32]) -> io::Result<Self> {
        let mut flags = Vec::new();
        for signal in signals {
            let came = Arc::new(AtomicBool::new(false));
            if is_registered(flag::register(*signal, Arc::clone(&came)))? {
                flags.push((*signal, came));
            }
        }
        Ok(Self { flags: flags.into() })
    }

    /// The same, and opens a stream for the signals. The flags of the signals `by_stream` are set by
    /// [`SignalStream::receive`], and not before.
    ///
    /// # Errors
    /// The system gives no socket or no handler.
    pub(crate) fn register_with_stream(
        at_once: &[i32],
        by_stream: &[i32],
    ) -> io::Result<(Self, SignalStream)> {
        let flags = Self::register(at_once)?;
        let mut stream = flags.open_stream()?;
        for signal in by_stream {
            if is_registered(stream.delivery.handle().add_signal(*signal))? {
                stream.flags.push((*signal, Arc::default()));
            }
        }
        let all = flags.flags.iter().chain(&stream.flags).cloned().collect();
        Ok((Self { flags: all }, stream))
    }

    /// A stream that gets a byte at each of these signals. A signal that came before the stream was opened has left a byte in it
    /// too.
    ///
    /// The flag is set before the byte is written, because handlers of one signal run in the order of their
    /// registration (<https://docs.rs/signal-hook-registry/1.4.8/signal_hook_registry/fn.register.html>).
    ///
    /// # Errors
    /// The system gives no socket or no handler.
    pub(crate) fn open_stream(&self) -> io::Result<SignalStream> {
        let (stream, mut waker) = SignalStream::open(self.flags.iter().map(|(signal, _)| *signal))?;
        if self.came().next().is_some() {
            waker.write_all(&[0])?;
        }
        Ok(stream)
    }

    /// The signals whose flag is set, in the order in which they were registered.
    pub(crate) fn came(&self) -> impl Iterator<Item = i32> + '_ {
        self.flags.iter().filter(|(_, came)| came.load(Ordering::SeqCst)).map(|(signal, _)| *signal)
    }

    /// Clears this signal's flag. True if it was set.
    pub(crate) fn take(&self, signal: i32) -> bool {
        self.flags.iter().any(|(number, came)| *number == signal && came.swap(false, Ordering::SeqCst))
    }
}

/// A stream that gets a byte each time one of its signals comes. Reading from it does not block. Dropping it ends that.
///
/// It has two descriptors, however many signals it has.
#[derive(Debug)]
pub(crate) struct SignalStream {
    delivery: SignalDelivery<UnixStream, SignalOnly>,
    /// The flags that no handler sets: [`receive`](Self::receive) does.
    flags: Vec<(i32, Arc<AtomicBool>)>,
}

impl SignalStream {
    /// Listens to these signals from now on.
    ///
    /// # Errors
    /// The system gives no socket or no handler.
    pub(crate) fn listen(signals: &[i32]) -> io::Result<Self> {
        Self::open(signals.iter().copied()).map(|(stream, _)| stream)
    }

    fn open(signals: impl Iterator<Item = i32>) -> io::Result<(Self, UnixStream)> {
        let (wake, waker) = UnixStream::pair()?;
        wake.set_nonblocking(true)?;
        let delivery = SignalDelivery::with_pipe(wake, waker.try_clone()?, SignalOnly, signals)?;
        Ok((Self { delivery, flags: Vec::new() }, waker))
    }

    /// The stream, to be waited for.
    pub(crate) fn wake(&self) -> &UnixStream {
        self.delivery.get_read()
    }

    /// Reads the bytes that came, and sets the flags of their signals that no handler sets.
    pub(crate) fn receive(&mut self) {
        for signal in self.delivery.pending() {
            if let Some((_, came)) = self.flags.iter().find(|(own, _)| *own == signal) {
                came.store(true, Ordering::SeqCst);
            }
        }
    }

    /// Reads the bytes that came.
    pub(crate) fn clear(&self) {
        let _ = self.wake().read(&mut [0; 64]);
    }
}

/// False if the C library keeps the signal for itself.
fn is_registered<T>(result: io::Result<T>) -> io::Result<bool> {
    match result {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(false),
        Err(error) => Err(error),
    }
}

/// Makes the system remember how children end, also where the parent process ignores SIGCHLD and hands that down
/// (<https://man7.org/linux/man-pages/man2/wait.2.html>, "NOTES"). A handler does that, and a child does not inherit a handler.
///
/// # Errors
/// The system gives no handler.
pub(crate) fn stop_ignoring_children() -> io::Result<()> {
    SignalFlags::register(&[SIGCHLD]).map(drop)
}

/// Makes a write that would exceed a limit for the size of files (`ulimit -f`) fail, where the system would end the process
/// (<https://man7.org/linux/man-pages/man2/setrlimit.2.html>, `RLIMIT_FSIZE`). A handler does that, and a child does not inherit a
/// handler.
///
/// # Errors
/// The system gives no handler.
pub(crate) fn survive_file_size_limit() -> io::Result<()> {
    SignalFlags::register(&[SIGXFSZ]).map(drop)
}

/// Ends the process as this signal does by default, so that the parent process learns of the signal. Where that cannot be done, the
/// exit code is 128 and the signal's number.
///
/// signal-hook does not know what real-time signals, PWR and STKFLT do, and counts IO among those that do nothing
/// (<https://docs.rs/signal-hook/0.4.6/signal_hook/low_level/fn.emulate_default_handler.html>). The first process of a container
/// has no default (<https://man7.org/linux/man-pages/man7/pid_namespaces.7.html>).
pub(crate) fn end_by(signal: i32) -> ! {
    if std::process::id() != 1 {
        let _ = low_level::emulate_default_handler(signal);
    }
    low_level::exit(128 + signal)
}

#[cfg(test)]
mod tests {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::process::{Signal, getpid, kill_process};

    use super::*;

    /// Waits until the stream can be read. False after ten seconds.
    fn wakes(stream: &UnixStream) -> bool {
        let deadline = Timespec { tv_sec: 10, tv_nsec: 0 };
        poll(&mut [PollFd::new(stream, PollFlags::IN)], Some(&deadline)).unwrap() == 1
    }

    // By default the system ignores both signals that this test sends, so it cannot end the other tests' process.
    #[test]
    fn a_signal_sets_its_flag_and_wakes_each_stream_also_one_that_is_opened_later() {
        let signals = SignalFlags::register(&[SIGCONT, SIGWINCH]).unwrap();
        let wake = signals.open_stream().unwrap();
        assert_eq!(signals.came().count(), 0);
        kill_process(getpid(), Signal::WINCH).unwrap();
        assert!(wakes(wake.wake()), "the stream gets a byte");
        assert!(signals.came().eq([SIGWINCH]));
        assert!(wakes(signals.open_stream().unwrap().wake()), "a later stream has a byte from the start");
        assert!(signals.take(SIGWINCH) && !signals.take(SIGWINCH), "taking clears the flag");
        assert_eq!(signals.came().count(), 0);
    }

    #[test]
    fn a_flag_that_the_stream_sets_is_set_when_the_stream_is_received() {
        let (signals, mut stream) = SignalFlags::register_with_stream(&[SIGCONT], &[SIGWINCH]).unwrap();
        kill_process(getpid(), Signal::WINCH).unwrap();
        assert!(wakes(stream.wake()), "the stream gets a byte");
        assert_eq!(signals.came().count(), 0);
        stream.receive();
        assert!(signals.clone().came().eq([SIGWINCH]));
        assert!(
            stream.wake().set_nonblocking(true).is_ok() && stream.wake().read(&mut [0; 1]).is_err(),
            "it is empty"
        );
    }
}
