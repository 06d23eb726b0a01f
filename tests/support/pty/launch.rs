//! How a program is started in its pseudo-terminal: who leads the session, and in what environment.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use process_wrap::std::{CommandWrap, ProcessSession};
use rustix::fs::{CWD, FileType, Mode, mknodat};

use super::Pty;

/// Which process owns the terminal, and who would be told if it went away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Launch {
    /// The program leads the session, as under `ssh -t host program`.
    SessionLeader,
    /// A shell without job control leads it, and waits for the program.
    ChildOfShell,
    /// As `SessionLeader`, with SIGHUP ignored from the start, as `nohup` leaves it.
    HangupIgnored,
    /// A session without a controlling terminal: no signal ever tells of the terminal.
    NoControllingTerminal,
    /// An interactive-like shell with job control: when the program stops, the shell says `STOPPED`, reads a line and says `fg`.
    JobControl,
}

impl Launch {
    /// The ways in which a terminal can go away from a program.
    pub const OF_A_HANG_UP: [Self; 4] =
        [Self::SessionLeader, Self::ChildOfShell, Self::HangupIgnored, Self::NoControllingTerminal];

    /// What the shell that leads the session runs. The program and its arguments are the shell's `$@`.
    fn script(self) -> String {
        let run = match self {
            Self::SessionLeader | Self::NoControllingTerminal => NOTE_PID.to_owned(),
            Self::HangupIgnored => format!("trap '' HUP; {NOTE_PID}"),
            Self::ChildOfShell => format!("{SHELL} -c '{NOTE_PID}' {SHELL} \"$@\"; exit $?"),
            Self::JobControl => format!(
                "set -m; {SHELL} -c '{NOTE_PID}' {SHELL} \"$@\"; echo \"STOPPED $?\"; read line; \
                 fg >/dev/null; code=$?; echo \"BACK $code\"; exit $code"
            ),
        };
        if self == Self::NoControllingTerminal { run } else { format!("{TAKE_TERMINAL}; {run}") }
    }
}

/// The shell that every Unix has.
const SHELL: &str = "/bin/sh";

/// Makes the terminal the session's own: on Linux that is what happens when the leader of a session without a terminal
/// opens one (<https://man7.org/linux/man-pages/man2/open.2.html>, `O_NOCTTY`).
const TAKE_TERMINAL: &str = r#": <>"$PTY_TERMINAL""#;

/// Notes the shell's pid in a file, then becomes the program, which keeps the pid.
const NOTE_PID: &str = r#"echo $$ > "$PTY_PID"; exec "$@""#;

/// How a program is to be run.
#[derive(Debug)]
pub struct Builder {
    program: PathBuf,
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
    unset: Vec<String>,
    files: Vec<(String, String)>,
    pipes: Vec<String>,
    pub(super) size: (u16, u16),
    launch: Launch,
}

impl Builder {
    /// The product's own binary, at 80 by 24, leading its session.
    pub fn convrating(arguments: &[&str]) -> Self {
        Self::command(Path::new(env!("CARGO_BIN_EXE_convrating")), arguments)
    }

    /// Any program.
    pub fn command(program: &Path, arguments: &[&str]) -> Self {
        Self {
            program: program.into(),
            arguments: arguments.iter().map(ToString::to_string).collect(),
            environment: Vec::new(),
            unset: Vec::new(),
            files: Vec::new(),
            pipes: Vec::new(),
            size: (80, 24),
            launch: Launch::SessionLeader,
        }
    }

    /// Adds a variable; what is inherited is only PATH.
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// Leaves out a variable that is set otherwise.
    pub fn unset(mut self, name: &str) -> Self {
        self.unset.push(name.into());
        self
    }

    /// Puts a file into the home, under this path; only its owner may read it.
    pub fn file(mut self, path: &str, text: &str) -> Self {
        self.files.push((path.into(), text.into()));
        self
    }

    /// Puts a named pipe into the home.
    pub fn pipe(mut self, name: &str) -> Self {
        self.pipes.push(name.into());
        self
    }

    /// Columns and rows.
    pub fn size(mut self, columns: u16, rows: u16) -> Self {
        self.size = (columns, rows);
        self
    }

    /// Who leads the session.
    pub fn launch(mut self, launch: Launch) -> Self {
        self.launch = launch;
        self
    }

    /// Starts it.
    pub fn start(self) -> Pty {
        Pty::start(&self)
    }

    pub(super) fn write_files(&self, home: &Path) -> io::Result<()> {
        for (path, text) in &self.files {
            let path = home.join(path);
            fs::create_dir_all(path.parent().unwrap_or(home))?;
            let mut file = fs::File::options().write(true).create_new(true).mode(0o600).open(path)?;
            file.write_all(text.as_bytes())?;
        }
        for pipe in &self.pipes {
            mknodat(CWD, home.join(pipe), FileType::Fifo, Mode::RUSR | Mode::WUSR, 0)?;
        }
        Ok(())
    }

    /// The program, inside the shell that the launch asks for. The shell leads a session of its own.
    pub(super) fn to_command(&self, home: &Path, terminal: &Path) -> CommandWrap {
        let mut command = CommandWrap::with_new(SHELL, |command| self.configure(command, home, terminal));
        command.wrap(ProcessSession);
        command
    }

    fn configure(&self, command: &mut Command, home: &Path, terminal: &Path) {
        command.args(["-c", &self.launch.script(), SHELL]).arg(&self.program).args(&self.arguments);
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("HOME", home).current_dir(home);
        command.env("PTY_PID", home.join("pid")).env("PTY_TERMINAL", terminal);
        for (name, folder) in [("CONFIG", "config"), ("STATE", "state"), ("CACHE", "cache"), ("DATA", "data")]
        {
            command.env(format!("XDG_{name}_HOME"), home.join(folder));
        }
        command.envs([("TERM", "xterm-256color"), ("TZ", "UTC"), ("LANG", "C.UTF-8"), ("SHELL", SHELL)]);
        for name in &self.unset {
            command.env_remove(name);
        }
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
    }
}
