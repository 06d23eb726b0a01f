//! The terminal's line: its discipline, its size, which job owns it, and the bytes that go out on it.
//!
//! ```text
//!  enter_raw_mode ──► OWNS_LINE ──write_frame──► OWNS_SCREEN ──restore──► OWNS_NOTHING
//!  own_line ────────►     │ ──────────── restore, disown_line ────────────►     ▲
//! ```
//!
//! What has to be undone stands in process-wide statics, so that every thread can undo it: the loop, a thread that panics and
//! the watcher.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::loan;
use super::signals::{SIGCONT, SignalFlags};
use nix::unistd::{getpgrp, getppid, getsid};
use ratatui::layout::Size;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::stdio::{stdin, stdout};
use rustix::termios::{LocalModes, OptionalActions, QueueSelector, Termios};
use std::os::fd::BorrowedFd;

/// Switches to the alternate screen, has pastes marked, hides the cursor and clears the screen. A terminal without an
/// alternate screen (the Linux console) clears the only screen it has.
pub(super) const ENTER_SCREEN: &[u8] = b"\x1b[?1049h\x1b[?2004h\x1b[?25l\x1b[0m\x1b[2J";
/// Clears the screen that [`ENTER_SCREEN`] switched to, switches back to the main screen, shows the cursor and has pastes
/// marked no more.
const LEAVE_SCREEN: &[u8] = b"\x1b[0m\x1b[2J\x1b[H\x1b[?1049l\x1b[?2004l\x1b[?25h";

/// How long a slow terminal has to read what was written before. Together with [`MAKING_ROOM`] this is as long as the
/// watcher waits when it ends the process, so that a restore that began before that has ended by then.
const RESTORE_PATIENCE: Timespec = Timespec { tv_sec: 0, tv_nsec: 200_000_000 };
/// How long unread output is thrown away again and again, while another thread keeps writing more.
const MAKING_ROOM: Duration = Duration::from_millis(200);
/// How long the handler of a signal that has arrived may take to run on another thread.
const HANDLER_PATIENCE: Duration = Duration::from_millis(200);
/// How long a write that found room has to return.
const A_MOMENT: Timespec = Timespec { tv_sec: 0, tv_nsec: 10_000_000 };

/// The line discipline as it was at the start.
static BEFORE: OnceLock<Termios> = OnceLock::new();
/// What has to be given back: one of the three values below.
static OWNED: AtomicU8 = AtomicU8::new(OWNS_NOTHING);
/// True while a frame is being written.
static IS_WRITING: AtomicBool = AtomicBool::new(false);
/// True once a thread has panicked, which ends the process.
static IS_CLOSED: AtomicBool = AtomicBool::new(false);
/// Locked while a thread restores the terminal.
static RESTORING: Mutex<()> = Mutex::new(());

/// The terminal is as it was before the start.
const OWNS_NOTHING: u8 = 0;
/// The line is in raw mode, or shows nothing of what is typed. The alternate screen is not entered yet: its escape codes go out with the first frame.
const OWNS_LINE: u8 = 1;
/// The line is in raw mode and the alternate screen is entered.
const OWNS_SCREEN: u8 = 2;

/// Sets raw mode. The first call remembers what was set before.
///
/// # Errors
/// The line discipline cannot be read or set.
pub(super) fn enter_raw_mode() -> io::Result<()> {
    let mut raw = own_line(rustix::termios::tcgetattr(stdin())?);
    raw.make_raw();
    rustix::termios::tcsetattr(stdin(), OptionalActions::Now, &raw)?;
    Ok(())
}

/// Notes, before its caller changes the line discipline, that [`restore`] has to set it as it was. Returns what it was at the first
/// call, which is what is restored. After [`close`] it does not return.
pub(super) fn own_line(now: Termios) -> Termios {
    wait_if_closed();
    let before = BEFORE.get_or_init(|| now).clone();
    OWNED.store(OWNS_LINE, Ordering::SeqCst);
    before
}

/// Notes that its caller has set the line discipline as it was.
pub(super) fn disown_line() {
    OWNED.store(OWNS_NOTHING, Ordering::SeqCst);
}

/// Shows nothing of what the user types, until [`restore`]. The terminal goes on to collect a line and to make signals of keys.
///
/// # Errors
/// The line discipline cannot be read or set.
pub(super) fn hide_typing() -> io::Result<()> {
    let mut hidden = own_line(rustix::termios::tcgetattr(stdin())?);
    hidden.local_modes.remove(LocalModes::ECHO | LocalModes::ECHONL);
    rustix::termios::tcsetattr(stdin(), OptionalActions::Now, &hidden)?;
    Ok(())
}

/// Restores the terminal as it was before [`enter_raw_mode`], [`hide_typing`] or [`own_line`], from any thread. A second call does
/// nothing.
///
/// It never panics and always ends within half a second: it does not wait for output to drain, and a terminal that does
/// not read cannot hold it up. What such a terminal has not read in time is thrown away, so that the few bytes of leaving
/// find room. Errors are ignored, because a terminal that is gone needs no restoring.
pub(super) fn restore() {
    restore_within(&RESTORE_PATIENCE);
}

/// Restores the terminal for good: its caller ends the process. Without this the main thread would go on where [`restore`] killed the
/// helper program that it waits for, and enter the terminal once more, or end the process first.
pub(crate) fn close() {
    IS_CLOSED.store(true, Ordering::SeqCst);
    restore();
}

/// After [`close`] it does not return: another thread is about to end the process.
pub(crate) fn wait_if_closed() {
    while IS_CLOSED.load(Ordering::SeqCst) {
        thread::park();
    }
}

/// The same as [`restore`] without waiting for a slow terminal, for a caller that has waited already.
pub(super) fn restore_at_once() {
    restore_within(&Timespec::default());
}

fn restore_within(patience: &Timespec) {
    // A helper program that owns the terminal is ended first.
    loan::revoke();
    // A second thread waits for the first, so that the program does not end while the first is half done.
    let _restoring = RESTORING.lock().unwrap_or_else(PoisonError::into_inner);
    let owned = OWNED.swap(OWNS_NOTHING, Ordering::SeqCst);
    if owned == OWNS_NOTHING {
        return;
    }
    // In the background the shell has set its own discipline again, and a job that touches it is stopped.
    let is_background = is_background(stdin());
    let before = BEFORE.get().filter(|_| !is_background);
    if let Some(before) = before {
        let _ = rustix::termios::tcsetattr(stdin(), OptionalActions::Now, before);
    }
    if owned != OWNS_SCREEN || (is_background && stops_writers()) {
        return;
    }
    if has_room(patience) || before.is_some_and(make_room) {
        let _ = write_all(LEAVE_SCREEN, || true);
    }
}

/// Throws away the output that the terminal has not read. True once there is room for more.
///
/// tcflush(3) does not wake a thread that is stuck in a write, and while one is stuck no other can write. Setting the line
/// discipline again wakes it: it finds room and goes on. The rest of its frame can fill the line again, so this repeats.
fn make_room(before: &Termios) -> bool {
    let begun = Instant::now();
    while begun.elapsed() < MAKING_ROOM {
        let _ = rustix::termios::tcflush(stdout(), QueueSelector::OFlush);
        let _ = rustix::termios::tcsetattr(stdout(), OptionalActions::Now, before);
        if has_room(&A_MOMENT) {
            return true;
        }
    }
    false
}

/// True if a write would wait neither for the terminal nor for a frame that another thread is writing.
fn has_room(patience: &Timespec) -> bool {
    is_writable(Some(patience)) && !IS_WRITING.load(Ordering::SeqCst)
}

/// The terminal's standard output. It has no buffer and no lock, as Rust's own has: a thread that is stuck in a write to
/// a terminal that does not read must not keep other threads from writing and ending.
#[derive(Debug)]
pub struct TerminalOutput;

impl Write for TerminalOutput {
    /// Writes a whole frame.
    fn write(&mut self, frame: &[u8]) -> io::Result<usize> {
        write_frame(frame)?;
        Ok(frame.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes a whole frame, with one write(2) where the terminal takes it all. Before [`enter_raw_mode`] and after
/// [`restore`] the frame is dropped.
///
/// A terminal that is gone is no error here: the watcher reports that.
fn write_frame(frame: &[u8]) -> io::Result<()> {
    // Set before `OWNED` is read: a thread that restores sees this flag, or this thread sees that nothing is owned.
    IS_WRITING.store(true, Ordering::SeqCst);
    let outcome = match OWNED.compare_exchange(OWNS_LINE, OWNS_SCREEN, Ordering::SeqCst, Ordering::SeqCst) {
        Err(OWNS_NOTHING) => Ok(()),
        _ => write_all(frame, || OWNED.load(Ordering::SeqCst) == OWNS_SCREEN),
    };
    IS_WRITING.store(false, Ordering::SeqCst);
    match outcome {
        Err(Errno::IO) => Ok(()),
        outcome => Ok(outcome?),
    }
}

/// Writes all bytes, in as few writes as the terminal allows, as long as they are `wanted`.
pub(super) fn write_all(mut bytes: &[u8], wanted: impl Fn() -> bool) -> Result<(), Errno> {
    while !bytes.is_empty() && wanted() {
        match rustix::io::write(stdout(), bytes) {
            Ok(count) => bytes = &bytes[count..],
            Err(Errno::INTR) => {}
            // Another program that shares the terminal has made it non-blocking.
            Err(Errno::AGAIN) => {
                if !is_writable(None) {
                    return Err(Errno::IO);
                }
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

fn is_writable(patience: Option<&Timespec>) -> bool {
    let stdout = stdout();
    let mut fds = [PollFd::new(&stdout, PollFlags::OUT)];
    loop {
        match poll(&mut fds, patience) {
            Ok(ready) => return ready > 0 && !fds[0].revents().intersects(PollFlags::HUP | PollFlags::ERR),
            Err(Errno::INTR) => {}
            Err(_) => return false,
        }
    }
}

/// The terminal's size in columns and rows: at most 500 by 200, and 80 by 24 where the terminal does not know its size.
pub(super) fn read_size() -> Size {
    match rustix::termios::tcgetwinsize(stdout()) {
        Ok(size) if size.ws_col > 0 && size.ws_row > 0 => {
            Size::new(size.ws_col.min(500), size.ws_row.min(200))
        }
        _ => Size::new(80, 24),
    }
}

/// True if the terminal stops background jobs that write to it (`stty tostop`).
pub(super) fn stops_writers() -> bool {
    rustix::termios::tcgetattr(stdin()).is_ok_and(|now| now.local_modes.contains(LocalModes::TOSTOP))
}

/// True if the terminal shows a key such as Ctrl-C as `^C`. False where standard input is no terminal.
pub(super) fn shows_control_keys() -> bool {
    let shown = LocalModes::ECHO | LocalModes::ECHOCTL;
    rustix::termios::tcgetattr(stdin()).is_ok_and(|now| now.local_modes.contains(shown))
}

/// Throws away what was typed and not read, unless another job owns the terminal.
pub(super) fn discard_input() {
    if !is_background(stdin()) {
        let _ = rustix::termios::tcflush(stdin(), QueueSelector::IFlush);
    }
}

/// True if another job owns the terminal. The system then stops this one (SIGTTOU) when it sets the line discipline.
pub(super) fn is_background(terminal: BorrowedFd<'_>) -> bool {
    // An error means that this is not our controlling terminal: it has no jobs of ours.
    rustix::termios::tcgetpgrp(terminal).is_ok_and(|owner| owner.as_raw_nonzero().get() != getpgrp().as_raw())
}

/// Waits until this process is in the terminal's foreground. False if `is_ending` is true first.
///
/// The caller runs on the main thread, which is the one that the system stops at once.
///
/// # Errors
/// The signal cannot be sent, or it stops no process: no shell waits for this one, or the parent process ignores SIGTTOU.
pub(super) fn wait_for_foreground(
    terminal: BorrowedFd<'_>,
    is_ending: impl Fn() -> bool,
) -> io::Result<bool> {
    if !is_background(terminal) {
        return Ok(true);
    }
    let continued = SignalFlags::register(&[SIGCONT])?;
    while is_background(terminal) {
        if is_ending() {
            return Ok(false);
        }
        stop_background_job()?;
        if !has_been_continued(&continued) {
            return Err(io::Error::other("another job has the terminal"));
        }
    }
    Ok(true)
}

/// True if the process was stopped and goes on. The handler may run on another thread, a moment after this one goes on.
fn has_been_continued(continued: &SignalFlags) -> bool {
    let begun = Instant::now();
    loop {
        if continued.take(SIGCONT) {
            return true;
        }
        if begun.elapsed() > HANDLER_PATIENCE {
            return false;
        }
        thread::sleep(Duration::from_millis(1));
    }
}

/// Stops the whole process group as the system does when a background job touches the terminal. `timeout` ignores this signal, so its
/// time goes on (<https://www.gnu.org/software/coreutils/manual/html_node/timeout-invocation.html>).
///
/// The system itself would send it at each try to set the modes, and the process would not notice a SIGTERM in between.
///
/// # Errors
/// The signal cannot be sent.
pub(super) fn stop_background_job() -> io::Result<()> {
    Ok(rustix::process::kill_current_process_group(rustix::process::Signal::TTOU)?)
}

/// Stops the whole process group, as the terminal itself does at Ctrl-Z: the shell waits for all of it. It sends SIGSTOP, because
/// SIGTSTP would reach our own handler.
///
/// # Errors
/// The signal cannot be sent.
pub(super) fn stop_process_group() -> io::Result<()> {
    Ok(rustix::process::kill_current_process_group(rustix::process::Signal::STOP)?)
}

/// True if a shell would notice that this process stopped, and could continue it. A shell with job control gives each job
/// a process group of its own, so our group is not the session leader's, and our parent is in the same session. With
/// `ssh host PROGRAM`, `docker run` or a terminal's `-e` no such shell exists, and the process would stay stopped for
/// ever.
///
/// This asks through nix. A session or a process group that began outside of this PID namespace has the number 0
/// (<https://github.com/rr-debugger/rr/pull/3047>), which rustix's `Pid` cannot hold
/// (<https://docs.rs/rustix/1/rustix/process/struct.Pid.html>). Two sessions with the number 0 need not be the same
/// one, so 0 counts as a session without a shell.
pub(super) fn has_job_control() -> bool {
    let session = |process| getsid(process).ok().filter(|session| session.as_raw() > 0);
    let own = session(None);
    own.is_some() && own == session(Some(getppid())) && own != Some(getpgrp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_nothing_was_entered_nothing_is_restored_and_no_frame_is_written() {
        restore();
        restore_at_once();
        assert!(write_frame(b"must not be seen").is_ok());
    }
}
