//! Signals: the one place that registers handlers for them, for the editor and for the commands.
//!
//! ```text
//!  signal ─► handler ─┬─► sets the signal's flag           (SignalFlags::has_come, SignalFlags::take)
//!                     └─► writes a byte to each wake stream (SignalFlags::open_wake_stream), for poll(2)
//! ```
//!
//! The handler does nothing else. What follows from a signal is decided by the code that reads the stream. A handler
//! stays registered until the process ends.

use std::io::{self, Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::{SigId, flag, low_level};

use signal_hook::consts::{SIGALRM, SIGCHLD, SIGPROF, SIGUSR1, SIGUSR2, SIGVTALRM, SIGXCPU};
pub(crate) use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH};

/// The signals that end a process by default and that a program can outlive for a moment. Left out are those that report a
/// defect of the program itself (SIGABRT, SIGBUS, SIGSYS, SIGTRAP and the three that signal-hook refuses), SIGPIPE, which Rust
/// ignores, and SIGXFSZ.
pub(crate) const ENDS_A_PROCESS: [i32; 10] =
    [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGXCPU];

/// Signals that set a flag from now on, instead of what the system does by default. Clones share the flags.
#[derive(Clone, Debug)]
pub(crate) struct SignalFlags {
    /// Each signal's number, and whether it came.
    flags: Arc<[(i32, Arc<AtomicBool>)]>,
}

impl SignalFlags {
    /// Registers these signals. Until this returns, each of them still has its default effect.
    ///
    /// A signal that the parent process set to be ignored (as `nohup` does) is registered too.
    ///
    /// # Errors
    /// The system gives no handler.
    pub(crate) fn register(signals: &[i32]) -> io::Result<Self> {
        let register = |signal: &i32| {
            let came = Arc::new(AtomicBool::new(false));
            flag::register(*signal, Arc::clone(&came))?;
            Ok((*signal, came))
        };
        Ok(Self { flags: signals.iter().map(register).collect::<io::Result<_>>()? })
    }

    /// A stream that gets a byte at each of these signals. Reading from it does not block. A signal that came before
    /// the stream was opened has left a byte in it too.
    ///
    /// The flag is set before the byte is written, because handlers of one signal run in the order of their
    /// registration (<https://docs.rs/signal-hook-registry/1.4.8/signal_hook_registry/fn.register.html>).
    ///
    /// # Errors
    /// The system gives no socket or no handler.
    pub(crate) fn open_wake_stream(&self) -> io::Result<UnixStream> {
        let (wake, mut waker) = UnixStream::pair()?;
        wake.set_nonblocking(true)?;
        for (signal, _) in self.flags.iter() {
            low_level::pipe::register(*signal, waker.try_clone()?)?;
        }
        if self.came().next().is_some() {
            waker.write_all(&[0])?;
        }
        Ok(wake)
    }

    /// The signals whose flag is set, in the order in which they were registered.
    pub(crate) fn came(&self) -> impl Iterator<Item = i32> + '_ {
        self.flags.iter().filter(|(_, came)| came.load(Ordering::SeqCst)).map(|(signal, _)| *signal)
    }

    /// True if this signal's flag is set.
    pub(crate) fn has_come(&self, signal: i32) -> bool {
        self.came().any(|came| came == signal)
    }

    /// Clears this signal's flag. True if it was set.
    pub(crate) fn take(&self, signal: i32) -> bool {
        self.flags.iter().any(|(number, came)| *number == signal && came.swap(false, Ordering::SeqCst))
    }
}

/// A stream that gets a byte each time a child process ends or is stopped. Dropping it ends that.
#[derive(Debug)]
pub(crate) struct ChildSignals {
    wake: UnixStream,
    id: SigId,
}

impl ChildSignals {
    /// Listens from now on.
    ///
    /// # Errors
    /// The system gives no socket or no handler.
    pub(crate) fn listen() -> io::Result<Self> {
        let (wake, waker) = UnixStream::pair()?;
        wake.set_nonblocking(true)?;
        let id = low_level::pipe::register(SIGCHLD, waker)?;
        Ok(Self { wake, id })
    }

    /// The stream, to be waited for.
    pub(crate) fn wake(&self) -> &UnixStream {
        &self.wake
    }

    /// Reads the bytes that came.
    pub(crate) fn clear(&self) {
        let _ = (&self.wake).read(&mut [0; 64]);
    }
}

impl Drop for ChildSignals {
    fn drop(&mut self) {
        low_level::unregister(self.id);
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

/// True if the parent process set this signal to be ignored, as `nohup` and a shell's background job do. It is asked before
/// a handler is registered. Linux tells it; elsewhere it is false.
pub(crate) fn is_ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default();
    mask >> (signal - 1) & 1 == 1
}

/// Does what the system does by default at this signal. For a signal that ends a process this does not return, and the
/// parent process learns that the signal ended it
/// (<https://docs.rs/signal-hook/0.4.6/signal_hook/low_level/fn.emulate_default_handler.html>).
///
/// # Errors
/// The library does not know the signal's default.
pub(crate) fn do_default(signal: i32) -> io::Result<()> {
    low_level::emulate_default_handler(signal)
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
        let wake = signals.open_wake_stream().unwrap();
        assert_eq!(signals.came().count(), 0);
        kill_process(getpid(), Signal::WINCH).unwrap();
        assert!(wakes(&wake), "the stream gets a byte");
        assert!(signals.has_come(SIGWINCH) && !signals.has_come(SIGCONT));
        assert!(wakes(&signals.open_wake_stream().unwrap()), "a later stream has a byte from the start");
        assert!(signals.take(SIGWINCH) && !signals.take(SIGWINCH), "taking clears the flag");
        assert_eq!(signals.came().count(), 0);
    }
}
