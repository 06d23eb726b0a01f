//! The pseudo-terminal as a device, the terminal that is shown on it, and a home for the program.

use std::fs;
use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use rustix::fs::{Mode, OFlags};
use rustix::pty::OpenptFlags;
use rustix::termios::Winsize;

pub(super) fn emulator(columns: u16, rows: u16) -> vt100::Parser {
    let (columns, rows) = drawable(columns, rows);
    vt100::Parser::new(rows, columns, 1000)
}

/// vt100 panics where there is hardly a cell: what the test looks at is larger than what the program is told.
pub(super) fn drawable(columns: u16, rows: u16) -> (u16, u16) {
    (columns.max(3), rows.max(3))
}

pub(super) fn open(columns: u16, rows: u16) -> io::Result<(OwnedFd, PathBuf)> {
    let master = rustix::pty::openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
    rustix::pty::grantpt(&master)?;
    rustix::pty::unlockpt(&master)?;
    let name = rustix::pty::ptsname(&master, Vec::new())?;
    rustix::termios::tcsetwinsize(&master, winsize(columns, rows))?;
    let name = name.into_string().map_err(io::Error::other)?;
    Ok((master, name.into()))
}

pub(super) fn open_slave(path: &Path) -> io::Result<OwnedFd> {
    // Without NOCTTY it could become the test's own terminal.
    let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
    Ok(rustix::fs::open(path, flags, Mode::empty())?)
}

pub(super) fn winsize(columns: u16, rows: u16) -> Winsize {
    Winsize { ws_col: columns, ws_row: rows, ws_xpixel: 0, ws_ypixel: 0 }
}

/// On Linux the master shows the discipline of the other side.
pub(super) fn line_discipline(master: &OwnedFd) -> String {
    format!("{:?}", rustix::termios::tcgetattr(master).expect("a terminal"))
}

pub(super) fn new_home() -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let home = std::env::temp_dir().join(format!("convrating-{}-{number}", std::process::id()));
    fs::create_dir_all(&home).expect("a temporary folder");
    home
}
