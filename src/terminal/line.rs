//! The terminal's line: its discipline, its size, who may use it, and the bytes that go out on it.
//!
//! What has to be undone stands in two process-wide cells, so that any thread can undo it: the loop, a panic hook,
//! the watcher.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use nix::unistd::{getpgrp, getppid, getsid};
use ratatui::layout::Size;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::stdio::{stdin, stdout};
use rustix::termios::{LocalModes, OptionalActions, QueueSelector, Termios};

/// The alternate screen, empty and without a cursor. Where there is no such screen (the Linux console) this one is cleared.
pub(super) const ENTER: &[u8] = b"\x1b[?1049h\x1b[?25l\x1b[0m\x1b[2J";
/// The main screen with its cursor. What is cleared is ours: the alternate screen, or where there is none, this one.
const LEAVE: &[u8] = b"\x1b[0m\x1b[2J\x1b[H\x1b[?1049l\x1b[?25h";

/// How long a slow terminal may take to read what it was sent before. With [`MAKING_ROOM`] this is what the watcher gives
/// its last resort: whoever began to leave before that has left by its end.
const LEAVE_PATIENCE: Timespec = Timespec { tv_sec: 0, tv_nsec: 200_000_000 };
/// How long room is made for, again and again, in a line that somebody fills at the same time.
const MAKING_ROOM: Duration = Duration::from_millis(200);
/// How long a write that found room gets to return.
const A_MOMENT: Timespec = Timespec { tv_sec: 0, tv_nsec: 10_000_000 };

/// The line discipline as it was at the start.
static BEFORE: OnceLock<Termios> = OnceLock::new();
static TAKEN: AtomicU8 = AtomicU8::new(NOTHING);
/// A frame is being written.
static WRITING: AtomicBool = AtomicBool::new(false);
/// Held by whoever gives the terminal back.
static LEAVING: Mutex<()> = Mutex::new(());

const NOTHING: u8 = 0;
/// The line discipline is ours, the screen is not yet.
const LINE: u8 = 1;
/// The screen is ours too.
const SCREEN: u8 = 2;

/// Sets raw mode, remembering at the first call what was before.
pub(super) fn take() -> io::Result<()> {
    let now = rustix::termios::tcgetattr(stdin())?;
    let mut raw = BEFORE.get_or_init(|| now).clone();
    raw.make_raw();
    // Before the change: a panic in between must find it.
    TAKEN.store(LINE, Ordering::SeqCst);
    rustix::termios::tcsetattr(stdin(), OptionalActions::Now, &raw)?;
    Ok(())
}

/// Gives everything back that was taken; a second call does nothing.
///
/// Never panics, and never waits for half a second: not for output to drain, and not for a terminal that does not read. What
/// such a terminal has not read by then is thrown away, so that the few bytes of leaving find room. Errors are not told,
/// since a terminal that is gone needs nothing.
pub(super) fn give_back() {
    restore(&LEAVE_PATIENCE);
}

/// The same when patience has run out already.
pub(crate) fn give_back_by_force() {
    restore(&Timespec::default());
}

fn restore(patience: &Timespec) {
    // Who comes second waits for the first: the program must not end between the two halves of leaving.
    let _leaving = LEAVING.lock().unwrap_or_else(PoisonError::into_inner);
    let taken = TAKEN.swap(NOTHING, Ordering::SeqCst);
    if taken == NOTHING {
        return;
    }
    // In the background the shell has set its own discipline again, and whoever touches it is stopped.
    let background = is_background();
    let before = BEFORE.get().filter(|_| !background);
    if let Some(before) = before {
        let _ = rustix::termios::tcsetattr(stdin(), OptionalActions::Now, before);
    }
    if taken != SCREEN || (background && stops_writers()) {
        return;
    }
    if has_room(patience) || before.is_some_and(make_room) {
        let _ = write_all(LEAVE, || true);
    }
}

/// Throws away what the terminal has not read. That wakes nobody who is stuck in a write, and as long as one is, nobody else
/// can write; setting the line discipline again wakes the writer, who finds room and goes on. What is left of its frame may
/// fill the line anew: then it is emptied anew.
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

/// Whether a write would not have to wait: neither for the terminal nor for a frame that is being written.
fn has_room(patience: &Timespec) -> bool {
    is_writable(Some(patience)) && !WRITING.load(Ordering::SeqCst)
}

/// Writes a frame whole, in one write(2) where the terminal takes it. Before the screen is taken or after it was given
/// back the frame is dropped.
///
/// A terminal that is gone takes everything: it is the watcher who tells that it is gone.
pub(super) fn write_frame(frame: &[u8]) -> io::Result<()> {
    // Before it is looked at whose the screen is: who gives it back sees one of the two.
    WRITING.store(true, Ordering::SeqCst);
    let outcome = match TAKEN.compare_exchange(LINE, SCREEN, Ordering::SeqCst, Ordering::SeqCst) {
        Err(NOTHING) => Ok(()),
        _ => write_all(frame, || TAKEN.load(Ordering::SeqCst) == SCREEN),
    };
    WRITING.store(false, Ordering::SeqCst);
    match outcome {
        Err(Errno::IO) => Ok(()),
        outcome => Ok(outcome?),
    }
}

/// Writes all bytes, in as few writes as the terminal allows, as long as they are `wanted`.
fn write_all(mut bytes: &[u8], wanted: impl Fn() -> bool) -> Result<(), Errno> {
    while !bytes.is_empty() && wanted() {
        match rustix::io::write(stdout(), bytes) {
            Ok(count) => bytes = &bytes[count..],
            Err(Errno::INTR) => {}
            // Somebody who shares the terminal left it non-blocking.
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

/// The terminal's size, within 500 columns and 200 rows; 80 by 24 where the terminal does not know.
pub(super) fn size() -> Size {
    match rustix::termios::tcgetwinsize(stdout()) {
        Ok(size) if size.ws_col > 0 && size.ws_row > 0 => {
            Size::new(size.ws_col.min(500), size.ws_row.min(200))
        }
        _ => Size::new(80, 24),
    }
}

/// Whether the terminal stops jobs in the background that write (`stty tostop`).
fn stops_writers() -> bool {
    rustix::termios::tcgetattr(stdin()).is_ok_and(|now| now.local_modes.contains(LocalModes::TOSTOP))
}

/// Whether another job has the terminal. Whoever touches the line discipline then is stopped for it (SIGTTOU).
pub(super) fn is_background() -> bool {
    // An error: it is not our controlling terminal, and there are no jobs on it.
    rustix::termios::tcgetpgrp(stdin()).is_ok_and(|owner| owner.as_raw_nonzero().get() != getpgrp().as_raw())
}

/// Stops the whole job, as the terminal itself would: the shell waits for all of it.
///
/// By SIGSTOP: SIGTSTP would come to our own handler, and the SIGTTOU that comes of touching the terminal in the background
/// restarts the call that touched it, so that a SIGTERM would not be heard.
pub(super) fn stop() -> io::Result<()> {
    Ok(rustix::process::kill_current_process_group(rustix::process::Signal::STOP)?)
}

/// Whether somebody would notice that this process stopped, and could let it go on: a shell with job control has given it
/// a process group of its own, so that the group is not the session leader's, and the parent is in the same session.
/// With `ssh host convrating`, `docker run` or a terminal's `-e` there is nobody, and stopping would be for ever.
///
/// Asked through nix: a session or a group that began outside of this PID namespace has the number 0, which rustix's `Pid`
/// cannot hold. Two sessions of that number may not be the same one, so nobody is known to wait then.
pub(super) fn has_job_control() -> bool {
    let session = |process| getsid(process).ok().filter(|session| session.as_raw() > 0);
    let own = session(None);
    own.is_some() && own == session(Some(getppid())) && own != Some(getpgrp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_taken_nothing_given_back() {
        give_back();
        give_back_by_force();
        assert!(write_frame(b"must not be seen").is_ok());
    }
}
