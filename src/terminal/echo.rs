//! A terminal without echo, for a hidden question on the command line.
//!
//! ```text
//!  hide: no echo, Ctrl-C is a character ─► read … ─► allow_signals: no echo, Ctrl-C is a signal ─► drop: as before
//!    ▲                                      │                │
//!    └── SIGCONT, in the foreground ◄── stopped ◄── as before ◄── SIGTSTP, Ctrl-Z
//! ```
//!
//! While the user types, the terminal hands Ctrl-C over as a character, and signals are waited for in the same poll(2) as
//! the keys. So the echo comes back however the question ends.
//!
//! A shell may set its own modes while this process is stopped, and leave them set when the process goes on. So the echo is switched
//! off again then. SIGSTOP gives no time to switch it on before the stop: a shell that sets no modes of its own (dash) has no echo
//! until the process goes on or ends.

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::os::unix::ffi::OsStringExt as _;
use std::os::unix::fs::OpenOptionsExt as _;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::fs::OFlags;
use rustix::io::Errno;
use rustix::stdio::stdin;
use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};

use super::controlling::without_being_stopped;
use super::line;
use super::signals::{SIGCONT, SIGTSTP, SignalFlags, SignalStream, is_ignored};

/// Standard input without echo. Dropping it sets the terminal as it was before, and throws away what the user typed and
/// the program did not read.
#[derive(Debug)]
pub(crate) struct EchoGuard {
    /// The same terminal, opened anew: a read never waits. `None` where it cannot be opened.
    keys: Option<File>,
    before: Termios,
    hidden: Termios,
    /// SIGTSTP and SIGCONT.
    stops: SignalFlags,
    stop_stream: SignalStream,
    /// The signals that end the question.
    ending: SignalFlags,
    end_stream: SignalStream,
}

/// What came while the user was typing.
#[derive(Debug)]
pub(crate) enum TypedInput {
    /// So many bytes; 0 at the end of the input.
    Bytes(usize),
    /// A signal that ends the question.
    Signal,
    /// The process was stopped, and goes on. What was typed before may have been thrown away.
    Resumed,
}

impl EchoGuard {
    /// Switches the echo off. `None` if standard input is no terminal. In the background the process stops first, until the
    /// shell's `fg`.
    ///
    /// # Errors
    /// The terminal cannot be set. A signal of `ending` came while the process was in the background:
    /// [`io::ErrorKind::Interrupted`].
    pub(crate) fn hide(ending: &SignalFlags) -> io::Result<Option<Self>> {
        if tcgetattr(stdin()).is_err() {
            return Ok(None);
        }
        // The signals come first: a stop between the two would hand a terminal without echo to the shell.
        let stops =
            SignalFlags::register(if is_ignored(SIGTSTP) { &[SIGCONT] } else { &[SIGCONT, SIGTSTP] })?;
        let (stop_stream, end_stream) = (stops.open_stream()?, ending.open_stream()?);
        wait_for_foreground(ending)?;
        let before = tcgetattr(stdin())?;
        let hidden = hide_modes(&before);
        let guard = Self {
            keys: open_keys(),
            before,
            hidden,
            stops,
            stop_stream,
            ending: ending.clone(),
            end_stream,
        };
        guard.conceal(OptionalActions::Now)?;
        Ok(Some(guard))
    }

    /// Makes Ctrl-C and Ctrl-Z signals again, for the time in which the program works and reads no keys. The caller follows the stops
    /// from then on.
    ///
    /// # Errors
    /// The terminal cannot be set.
    pub(crate) fn allow_signals(&mut self) -> io::Result<()> {
        self.hidden.local_modes.insert(LocalModes::ISIG);
        self.conceal(OptionalActions::Now)
    }

    /// Sets the modes without echo. A panic sets those of before from now on.
    fn conceal(&self, when: OptionalActions) -> io::Result<()> {
        line::own_line(self.before.clone());
        set_modes(when, &self.hidden)
    }

    /// Waits for what the user types and reads it, or for a signal.
    ///
    /// # Errors
    /// Waiting or reading fails. A signal came while the process was in the background: [`io::ErrorKind::Interrupted`].
    pub(crate) fn read(&self, bytes: &mut [u8]) -> io::Result<TypedInput> {
        let stdin = stdin();
        let mut fds = [
            PollFd::new(self.end_stream.wake(), PollFlags::IN),
            PollFd::new(self.stop_stream.wake(), PollFlags::IN),
            PollFd::new(&stdin, PollFlags::IN),
        ];
        loop {
            match poll(&mut fds, None) {
                Err(Errno::INTR) => {}
                Err(error) => return Err(error.into()),
                Ok(_) if !fds[0].revents().is_empty() => return Ok(TypedInput::Signal),
                Ok(_) if !fds[1].revents().is_empty() => {
                    if self.follow_stops()? {
                        return Ok(TypedInput::Resumed);
                    }
                }
                Ok(_) => match self.read_keys(bytes) {
                    // A stop came between the two, and the shell has read the keys.
                    Err(Errno::AGAIN) => {}
                    count => return Ok(TypedInput::Bytes(count?)),
                },
            }
        }
    }

    fn read_keys(&self, bytes: &mut [u8]) -> Result<usize, Errno> {
        match &self.keys {
            Some(keys) => rustix::io::read(keys, bytes),
            None => rustix::io::read(stdin(), bytes),
        }
    }

    /// The stream that a stop and its end make readable. The caller then calls [`follow_stops`](Self::follow_stops).
    pub(crate) fn stop_stream(&self) -> &SignalStream {
        &self.stop_stream
    }

    /// Does what the signals ask for that came: it stops the process, and hides again what is typed once the process goes on. True if
    /// the process was stopped.
    ///
    /// # Errors
    /// The terminal cannot be set. A signal came while the process was in the background: [`io::ErrorKind::Interrupted`].
    pub(crate) fn follow_stops(&self) -> io::Result<bool> {
        self.stop_stream.clear();
        if self.stops.take(SIGTSTP) {
            self.stop()?;
        }
        if !self.stops.take(SIGCONT) {
            return Ok(false);
        }
        wait_for_foreground(&self.ending)?;
        self.conceal(OptionalActions::Flush)?;
        Ok(true)
    }

    /// Sets the terminal as it was before, and stops the process as Ctrl-Z does elsewhere. False where no shell could continue it:
    /// then nothing happens. After the stop [`read`](Self::read) says so.
    ///
    /// # Errors
    /// The process cannot be stopped.
    pub(crate) fn stop(&self) -> io::Result<bool> {
        let can_stop = line::has_job_control();
        if can_stop {
            self.show();
            line::stop_process_group()?;
        }
        Ok(can_stop)
    }

    /// Sets the terminal as it was before. Where another job owns the terminal, the modes are that job's, unless they are still the
    /// ones that were set here.
    fn show(&self) {
        if !line::is_background(stdin()) {
            // A terminal that is gone needs no restoring.
            let _ = set_modes(OptionalActions::Flush, &self.before);
        } else if tcgetattr(stdin()).is_ok_and(|now| is_same(&now, &self.hidden)) {
            without_being_stopped(|| {
                let _ = set_modes(OptionalActions::Now, &self.before);
            });
        }
        line::disown_line();
    }
}

impl Drop for EchoGuard {
    fn drop(&mut self) {
        self.show();
    }
}

/// Opens standard input's terminal anew. The flag that makes reads not wait would else hold for all that share standard input.
fn open_keys() -> Option<File> {
    let name = rustix::termios::ttyname(stdin(), Vec::new()).ok()?;
    let flags = (OFlags::NONBLOCK | OFlags::NOCTTY).bits().cast_signed();
    File::options().read(true).custom_flags(flags).open(OsString::from_vec(name.into_bytes())).ok()
}

/// Waits until this process is in the terminal's foreground.
fn wait_for_foreground(ending: &SignalFlags) -> io::Result<()> {
    let is_ours = line::wait_for_foreground(stdin(), || ending.came().next().is_some())?;
    if is_ours { Ok(()) } else { Err(io::ErrorKind::Interrupted.into()) }
}

/// The modes as before, but without echo and signals, and with each byte handed over as it is typed.
fn hide_modes(before: &Termios) -> Termios {
    let mut hidden = before.clone();
    hidden.local_modes.remove(LocalModes::ECHO | LocalModes::ICANON | LocalModes::IEXTEN | LocalModes::ISIG);
    hidden.special_codes[SpecialCodeIndex::VMIN] = 1;
    hidden.special_codes[SpecialCodeIndex::VTIME] = 0;
    hidden
}

/// True if both have the same modes for what is typed.
fn is_same(some: &Termios, other: &Termios) -> bool {
    some.local_modes == other.local_modes && some.input_modes == other.input_modes
}

fn set_modes(when: OptionalActions, modes: &Termios) -> io::Result<()> {
    Ok(tcsetattr(stdin(), when, modes)?)
}
