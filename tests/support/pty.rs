//! A program in a real pseudo-terminal, and a terminal (vt100) that reads what it writes.
//!
//! ```text
//!  test ── send ──► master ══ line discipline ══ slave ◄── stdin, stdout, stderr of the program
//!    ▲                │
//!    └─ wait_for ◄─ reader thread ─► raw bytes, vt100 screen
//! ```
//!
//! Nothing here sleeps: a test waits for what it wants to see, with a deadline that only a failure reaches. Linux only: the
//! end of a program that is not our child is told by its pidfd.

use std::fs;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::retry_on_intr;
use rustix::process::{Pid, Signal};

pub mod crowd;
mod device;
mod launch;
mod process;
mod reader;
mod waiting;

use device::{drawable, emulator, line_discipline, new_home, open, open_slave, winsize};
pub use launch::{Builder, Launch};
pub use process::Process;
use reader::Reader;

/// How long anything may take before a test fails for it: for a loaded machine, not for a promise.
pub const DEADLINE: Duration = Duration::from_secs(15);

/// How the program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// With this code.
    Code(i32),
    /// Killed by this signal.
    Signal(i32),
}

/// The running program and its terminal. Dropping it kills the program and removes its home.
#[derive(Debug)]
pub struct Pty {
    /// The terminal's side. None after a hang-up.
    master: Option<Arc<OwnedFd>>,
    /// The path of the program's side.
    slave: PathBuf,
    home: PathBuf,
    leader: Pid,
    shared: Arc<Shared>,
    /// Wakes the reader.
    waker: UnixStream,
    reader: Option<JoinHandle<()>>,
    before: String,
}

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    raw: Vec<u8>,
    terminal: vt100::Parser,
    /// The terminal does not read.
    stalled: bool,
    /// The test let go of the terminal.
    closed: bool,
    /// All that was written has been read, and no process can write any more.
    drained: bool,
    exit: Option<Exit>,
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}, {} bytes, screen:\n{}", self.exit, self.raw.len(), self.terminal.screen().contents())
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.lock());
        self.changed.notify_all();
    }

    /// Waits until `is_true`; panics with the screen when the deadline passes.
    fn wait(&self, what: &str, mut is_true: impl FnMut(&State) -> bool) -> MutexGuard<'_, State> {
        let waited = self.changed.wait_timeout_while(self.lock(), DEADLINE, |state| !is_true(state));
        let (state, timed_out) = waited.unwrap_or_else(std::sync::PoisonError::into_inner);
        assert!(
            !timed_out.timed_out(),
            "not in {DEADLINE:?}: {what}; {:?}\nraw: {}",
            *state,
            tail(&state.raw)
        );
        state
    }
}

fn tail(raw: &[u8]) -> String {
    raw[raw.len().saturating_sub(2000)..].escape_ascii().to_string()
}

impl Pty {
    fn start(builder: &Builder) -> Self {
        let (columns, rows) = builder.size;
        let home = new_home();
        builder.write_files(&home).expect("files in the home");
        let (master, slave) = open(columns, rows).expect("a pseudo-terminal");
        let mut command = builder.to_command(&home, &slave);
        let before = line_discipline(&master);
        let side = || Stdio::from(open_slave(&slave).expect("the slave"));
        command.command_mut().stdin(side()).stdout(side()).stderr(side());
        let mut child = command.spawn().expect("a shell").into_inner();
        // The command holds the terminal open.
        drop(command);
        let leader = child.id().try_into().ok().and_then(Pid::from_raw).expect("a pid");
        let shared = Arc::new(Shared {
            state: Mutex::new(State {
                raw: Vec::new(),
                terminal: emulator(columns, rows),
                stalled: false,
                closed: false,
                drained: false,
                exit: None,
            }),
            changed: Condvar::new(),
        });
        let waited = Arc::clone(&shared);
        thread::spawn(move || {
            let status = child.wait().expect("our child");
            let exit = status.code().map(Exit::Code).or(status.signal().map(Exit::Signal));
            waited.change(|state| state.exit = exit);
        });
        let (waker, wake) = UnixStream::pair().expect("a socket");
        let master = Arc::new(master);
        let reader = Reader { master: Arc::clone(&master), wake, shared: Arc::clone(&shared) };
        let reader = Some(thread::spawn(move || reader.run()));
        Self { master: Some(master), slave, home, leader, shared, waker, reader, before }
    }

    /// Types these bytes.
    pub fn send(&self, bytes: impl AsRef<[u8]>) {
        let mut bytes = bytes.as_ref();
        while !bytes.is_empty() {
            let written = rustix::io::write(self.master(), bytes).expect("the program's terminal");
            bytes = &bytes[written..];
        }
    }

    /// Waits until what was typed has reached the program's side, and waits there to be read. The kernel moves it there in
    /// its own time: <https://man7.org/linux/man-pages/man7/pty.7.html>.
    pub fn wait_until_typed(&self) {
        let slave = open_slave(&self.slave).expect("the slave");
        let mut fds = [PollFd::new(&slave, PollFlags::IN)];
        let deadline = rustix::event::Timespec { tv_sec: 15, tv_nsec: 0 };
        let ready = rustix::io::retry_on_intr(|| rustix::event::poll(&mut fds, Some(&deadline)));
        assert_eq!(ready, Ok(1), "the program's side has what was typed");
    }

    /// Gives the terminal another size, which the program is told of by SIGWINCH.
    pub fn resize(&self, columns: u16, rows: u16) {
        let (shown_columns, shown_rows) = drawable(columns, rows);
        self.shared.change(|state| state.terminal.screen_mut().set_size(shown_rows, shown_columns));
        rustix::termios::tcsetwinsize(self.master(), winsize(columns, rows)).expect("a size");
    }

    /// The program's own process, not the shell's that may be around it. Waits for nothing: the program must have spoken.
    pub fn pid(&self) -> Pid {
        let text = fs::read_to_string(self.home.join("pid")).expect("a program that runs");
        text.trim().parse().ok().and_then(Pid::from_raw).expect("a pid")
    }

    /// Sends the program a signal.
    pub fn signal(&self, signal: Signal) {
        rustix::process::kill_process(self.pid(), signal).expect("a program that runs");
    }

    /// Sends the program a signal by its name or number. The libraries have no safe call that sends a real-time signal.
    pub fn signal_by_name(&self, signal: &str) {
        let arguments = ["-c", &format!("kill -{signal} {}", self.pid().as_raw_pid())];
        let sent = std::process::Command::new("/bin/sh").args(arguments).status().expect("a shell");
        assert!(sent.success(), "signal {signal} is sent");
    }

    /// Takes the terminal away, as a dropped connection does.
    pub fn hang_up(&mut self) {
        self.shared.change(|state| state.closed = true);
        // The reader holds the master too.
        self.wake_reader();
        if let Some(reader) = self.reader.take() {
            assert!(reader.join().is_ok() || thread::panicking(), "the reader");
        }
        self.master = None;
    }

    /// The terminal stops reading, as on a stalled line: what the program writes fills the line's buffer, and then blocks it.
    pub fn stop_reading(&self) {
        self.shared.change(|state| state.stalled = true);
        self.wake_reader();
    }

    /// The terminal reads again.
    pub fn read_on(&self) {
        self.shared.change(|state| state.stalled = false);
        self.wake_reader();
    }

    /// Waits until a whole frame is as wanted; panics with the screen when it does not become so.
    pub fn wait_for(&self, what: &str, mut is_there: impl FnMut(&vt100::Screen) -> bool) {
        drop(self.shared.wait(what, |state| state.is_whole() && is_there(state.terminal.screen())));
    }

    /// Waits until the text stands on the screen.
    pub fn wait_for_text(&self, text: &str) {
        self.wait_for(text, |screen| screen.contents().contains(text));
    }

    /// Waits for the end of what was started (with a shell around the program: the shell's) and of its output.
    pub fn wait_exit(&self) -> Exit {
        let hung_up = self.master.is_none();
        let state = self
            .shared
            .wait("an end", |state| state.exit.is_some() && (state.drained || state.stalled || hung_up));
        state.exit.expect("waited for")
    }

    /// Waits until nothing more can be read, because no process has the terminal open any more.
    pub fn wait_drained(&self) {
        drop(self.shared.wait("the end of output", |state| state.drained));
    }

    /// Waits, on a terminal that stopped reading, until the program can write no more: the line's buffer is full.
    /// Nothing tells of that, so it is asked for again and again.
    pub fn wait_until_blocked(&self) {
        let slave = open_slave(&self.slave).expect("the slave");
        let deadline = Instant::now() + DEADLINE;
        let mut fds = [PollFd::new(&slave, PollFlags::OUT)];
        while retry_on_intr(|| poll(&mut fds, Some(&Timespec::default()))).expect("poll") > 0 {
            assert!(Instant::now() < deadline, "the program does not fill the line");
            fds[0].clear_revents();
            thread::yield_now();
        }
    }

    /// Waits until the program is stopped, as by SIGSTOP.
    pub fn wait_until_stopped(&self) {
        let deadline = Instant::now() + DEADLINE;
        let status = format!("/proc/{}/stat", self.pid());
        // The state is the first word after the name, which stands in parentheses.
        while !fs::read_to_string(&status).expect("a program that runs").contains(") T ") {
            assert!(Instant::now() < deadline, "the program does not stop");
            thread::yield_now();
        }
    }

    /// A handle on the program that outlives its pid, to be taken while it runs.
    pub fn watch_process(&self) -> Process {
        Process::from_pid(self.pid())
    }

    /// What stands on the screen.
    pub fn screen_text(&self) -> String {
        self.shared.lock().terminal.screen().contents()
    }

    /// All bytes the program wrote so far.
    pub fn raw_output(&self) -> Vec<u8> {
        self.shared.lock().raw.clone()
    }

    /// The line discipline as it is now, in words: compare it with [`line_before`](Self::line_before).
    pub fn line(&self) -> String {
        line_discipline(self.master())
    }

    /// Waits until the line discipline is this one. Nothing tells of that, so it is asked for again and again.
    pub fn wait_for_line(&self, line: &str) {
        let deadline = Instant::now() + DEADLINE;
        while self.line() != line {
            assert!(Instant::now() < deadline, "the line discipline does not become {line}");
            thread::yield_now();
        }
    }

    /// The line discipline as the program found it.
    pub fn line_before(&self) -> &str {
        &self.before
    }

    /// Fails unless the terminal is as the program found it: line discipline, main screen, cursor, no mode on.
    pub fn assert_restored(&self) {
        assert_eq!(self.line(), self.before, "line discipline");
        self.assert_no_mode_left();
    }

    /// Fails unless the main screen is shown, with its cursor, and no mode is on that a program switches on.
    pub fn assert_no_mode_left(&self) {
        let state = self.shared.lock();
        let screen = state.terminal.screen();
        let left: Vec<&str> = [
            (screen.alternate_screen(), "the alternate screen"),
            (screen.hide_cursor(), "a hidden cursor"),
            (screen.bracketed_paste(), "bracketed paste"),
            (screen.application_cursor(), "application cursor keys"),
            (screen.application_keypad(), "application keypad"),
            (screen.mouse_protocol_mode() != vt100::MouseProtocolMode::None, "mouse reports"),
            (screen.bold() || screen.inverse() || screen.underline(), "attributes"),
            (screen.fgcolor() != vt100::Color::Default, "a colour"),
        ]
        .into_iter()
        .filter_map(|(is_left, what)| is_left.then_some(what))
        .collect();
        assert!(left.is_empty(), "left behind: {left:?}; {:?}\nraw: {}", *state, tail(&state.raw));
    }

    /// The program's home; `config`, `state`, `cache` and `data` in it are its XDG folders.
    pub fn home(&self) -> &Path {
        &self.home
    }

    fn wake_reader(&self) {
        // If it has ended, no process has to be woken.
        let _ = rustix::io::write(&self.waker, b"x");
    }

    fn master(&self) -> &OwnedFd {
        self.master.as_ref().expect("a terminal that did not hang up")
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        // Those of other groups lose their terminal with the master.
        if self.shared.lock().exit.is_none() {
            let _ = rustix::process::kill_process_group(self.leader, Signal::KILL);
        }
        if let Ok(text) = fs::read_to_string(self.home.join("pid"))
            && self.shared.lock().exit.is_none()
            && let Some(pid) = text.trim().parse().ok().and_then(Pid::from_raw)
        {
            let _ = rustix::process::kill_process(pid, Signal::KILL);
        }
        self.hang_up();
        let _ = fs::remove_dir_all(&self.home);
    }
}
