//! The controlling terminal: who owns it, what it is called, and handing it from one process group to another.

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::os::unix::ffi::OsStringExt as _;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::PathBuf;

use nix::sys::signal::{SigSet, SigmaskHow, Signal, killpg};
use nix::unistd::{Pid, getpgrp, tcgetpgrp, tcsetpgrp};
use rustix::fs::OFlags;
use rustix::termios::{LocalModes, OptionalActions, QueueSelector, Termios};

/// The terminal of this process, opened as `/dev/tty`.
#[derive(Debug)]
pub(crate) struct ControllingTerminal {
    tty: File,
}

impl ControllingTerminal {
    /// The controlling terminal, where this process is in its foreground. `None` without such a terminal, and for a background
    /// job.
    ///
    /// A process group that began outside of this PID namespace has the number 0. Nobody could give the terminal back to it, so
    /// it counts as no terminal: see [`has_job_control`](super::line::has_job_control).
    pub(crate) fn open_in_foreground() -> Option<Self> {
        let tty = open_controlling_terminal().ok()?;
        let own = getpgrp();
        let is_ours = own.as_raw() > 0 && tcgetpgrp(&tty) == Ok(own);
        is_ours.then_some(Self { tty })
    }

    /// A second handle on the same terminal.
    ///
    /// # Errors
    /// The system gives no descriptor.
    pub(super) fn try_clone(&self) -> io::Result<Self> {
        Ok(Self { tty: self.tty.try_clone()? })
    }

    /// The terminal as a file of its own.
    pub(super) fn into_file(self) -> File {
        self.tty
    }

    /// The terminal as a file.
    pub(super) fn file(&self) -> &File {
        &self.tty
    }

    /// The terminal's own path, as `/dev/pts/3`, and never `/dev/tty`, which means another terminal to another process.
    /// `None` where the terminal has no path that this process can see.
    pub(crate) fn path(&self) -> Option<PathBuf> {
        let standard = [rustix::stdio::stdin(), rustix::stdio::stdout(), rustix::stdio::stderr()];
        let session = rustix::termios::tcgetsid(&self.tty).ok()?;
        // Another terminal is another session's, or no session's.
        let ours = standard.into_iter().filter(|stream| rustix::termios::tcgetsid(stream) == Ok(session));
        let named = ours.filter_map(|stream| rustix::termios::ttyname(stream, Vec::new()).ok());
        let mut paths = named.map(|name| PathBuf::from(OsString::from_vec(name.into_bytes())));
        paths.find(|path| path.as_os_str() != "/dev/tty").or_else(path_of_pseudo_terminal)
    }

    /// The modes that are set now.
    ///
    /// # Errors
    /// The terminal is gone.
    pub(super) fn modes(&self) -> io::Result<Termios> {
        Ok(rustix::termios::tcgetattr(&self.tty)?)
    }

    /// True while the terminal shows what is typed and hands it over line by line, as no program does that asks for a secret.
    pub(super) fn echoes_lines(&self) -> bool {
        self.modes().is_ok_and(|modes| modes.local_modes.contains(LocalModes::ECHO | LocalModes::ICANON))
    }

    /// True if the terminal's owner is one of these groups, or a group that has ended.
    pub(super) fn is_owned_by(&self, groups: &[Pid]) -> bool {
        tcgetpgrp(&self.tty).is_ok_and(|owner| groups.contains(&owner) || killpg(owner, None).is_err())
    }

    /// Makes `group` the terminal's foreground.
    ///
    /// # Errors
    /// The terminal is gone, or there is no such group in this session.
    pub(super) fn give_to(&self, group: Pid) -> io::Result<()> {
        without_being_stopped(|| Ok(tcsetpgrp(&self.tty, group)?))
    }

    /// Sets the modes, and throws away what was typed and not read. It does not wait for output.
    pub(super) fn restore(&self, modes: &Termios) {
        without_being_stopped(|| {
            // A terminal that is gone needs no restoring.
            let _ = rustix::termios::tcsetattr(&self.tty, OptionalActions::Now, modes);
            let _ = rustix::termios::tcflush(&self.tty, QueueSelector::IFlush);
        });
    }
}

/// Opens the controlling terminal, in its foreground and in its background.
///
/// # Errors
/// This process has none.
pub(super) fn open_controlling_terminal() -> io::Result<File> {
    let flags = (OFlags::NOCTTY | OFlags::CLOEXEC).bits().cast_signed();
    File::options().read(true).write(true).custom_flags(flags).open("/dev/tty")
}

/// Runs `act` with SIGTTOU blocked in this thread: the system would stop a process in the background that hands the terminal
/// over or sets its modes (<https://man7.org/linux/man-pages/man3/tcsetpgrp.3.html>).
pub(super) fn without_being_stopped<T>(act: impl FnOnce() -> T) -> T {
    let mut blocked = SigSet::empty();
    blocked.add(Signal::SIGTTOU);
    let before = blocked.thread_swap_mask(SigmaskHow::SIG_BLOCK);
    let done = act();
    if let Ok(before) = before {
        let _ = before.thread_set_mask();
    }
    done
}

/// The path of the controlling terminal where no standard stream leads to it: Linux tells the device's number, and a
/// pseudo-terminal stands under its minor number (<https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html>, `tty_nr`).
fn path_of_pseudo_terminal() -> Option<PathBuf> {
    let status = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name stands in parentheses and may have spaces in it.
    let fields = status.rsplit_once(')')?.1;
    let device: u64 = fields.split_whitespace().nth(4)?.parse().ok()?;
    let path = PathBuf::from(format!("/dev/pts/{}", rustix::fs::minor(device)));
    (std::fs::metadata(&path).ok()?.rdev() == device).then_some(path)
}
