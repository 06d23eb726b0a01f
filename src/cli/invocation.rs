//! What the command line asks for, as types that know nothing of clap's.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use clap_complete::Shell;

use super::since::Since;
use crate::settings::Switch;

/// What the program has to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Invocation {
    /// Open the editor.
    Editor(ServerOptions),
    /// Run a command that needs files or a server.
    Command(Command),
    /// Run the demo server alone.
    Serve {
        /// The port on 127.0.0.1; 0 stands for any that is free.
        port: u16,
        /// How long each answer waits.
        latency: Duration,
    },
    /// Print completions.
    Completions(Shell),
    /// Print the manual page.
    Man,
}

/// A command that needs files or a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Print the configuration.
    Get(Query),
    /// Change the configuration.
    Set(SetOptions),
    /// Put back what the last save changed.
    Undo(UndoOptions),
    /// Print the profile, the agent and the token, and whether reading works.
    Status(Query),
    /// List the profiles.
    Profiles {
        /// Print JSON.
        is_json: bool,
    },
    /// Change a profile in the configuration file.
    ChangeProfile(ProfileChange),
    /// Add or replace a profile.
    Login(Login),
    /// Print the saves of this machine.
    History(HistoryOptions),
}

impl Command {
    /// The options for the server that it reaches; `None` where it reaches none.
    pub fn server(&self) -> Option<&ServerOptions> {
        match self {
            Self::Get(query) | Self::Status(query) => Some(&query.server),
            Self::Set(change) => Some(&change.server),
            Self::Undo(undo) => Some(&undo.server),
            Self::Login(login) => Some(&login.server),
            Self::Profiles { .. } | Self::ChangeProfile(_) | Self::History(_) => None,
        }
    }

    /// The agent of the demo that it is for; `None` where it is not for the demo.
    pub fn demo(&self) -> Option<&DemoAgent> {
        self.server()?.demo.as_ref()
    }

    /// True where the request log goes to standard error.
    pub fn logs_to_stderr(&self) -> bool {
        self.server().is_some_and(|server| server.log == Some(LogTarget::Stderr))
    }

    /// True where the user asked for JSON.
    pub fn is_json(&self) -> bool {
        match self {
            Self::Get(query) | Self::Status(query) => query.is_json,
            Self::Set(change) => change.is_json,
            Self::Undo(undo) => undo.is_json,
            Self::History(asked) => asked.is_json,
            Self::Profiles { is_json } => *is_json,
            Self::ChangeProfile(_) | Self::Login(_) => false,
        }
    }
}

/// How a profile is changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProfileChange {
    /// Make this profile the default.
    Default(String),
    /// Give a profile another name.
    Rename {
        /// The name of the profile.
        old: String,
        /// The name that it gets.
        new: String,
    },
    /// Remove a profile and its stored token.
    Remove {
        /// The name of the profile.
        name: String,
        /// True where the user need not be asked.
        is_confirmed: bool,
    },
}

/// The options of all commands that reach a server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerOptions {
    /// `--profile`, as often as it was given.
    pub profiles: Vec<String>,
    /// `--base-url`, as typed.
    pub base_url: Option<String>,
    /// `--demo`.
    pub demo: Option<DemoAgent>,
    /// `--read-only`.
    pub is_read_only: bool,
    /// `--timeout`: the longest time that a read may take.
    pub timeout: Option<Duration>,
    /// `--log`.
    pub log: Option<LogTarget>,
}

/// Where the request log goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogTarget {
    /// `-`: standard error.
    Stderr,
    /// A file. `./-` is one of that name.
    File(PathBuf),
}

impl From<PathBuf> for LogTarget {
    fn from(path: PathBuf) -> Self {
        if path.as_os_str() == "-" { Self::Stderr } else { Self::File(path) }
    }
}

/// An agent of the demo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DemoAgent {
    /// The first agent.
    First,
    /// The agent of this name.
    Named(String),
}

/// The options of `get` and `status`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// The agents to ask.
    pub server: ServerOptions,
    /// Ask all profiles.
    pub is_all: bool,
    /// Print JSON.
    pub is_json: bool,
}

/// The options of `set`.
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own on the command line")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetOptions {
    /// The agents to change.
    pub server: ServerOptions,
    /// Change all profiles.
    pub is_all: bool,
    /// What the user wants to have.
    pub wanted: WantedSource,
    /// Show what would be sent, and send nothing.
    pub is_dry_run: bool,
    /// Change protected profiles without a question.
    pub is_confirmed: bool,
    /// Print JSON.
    pub is_json: bool,
}

/// Where it stands what `set` makes of a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WantedSource {
    /// In the options.
    Options(Wanted),
    /// In this file: `--from FILE`.
    File(PathBuf),
    /// In standard input: `--from -`.
    StandardInput,
}

/// The changes that `set` makes. A setting that is not named here stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The new position of each switch that is named: `--active on`.
    pub switches: BTreeMap<Switch, bool>,
    /// `--question`: exactly these codes will be on. It is empty where the option was not given.
    pub exactly: Vec<String>,
    /// `--add`.
    pub add: Vec<String>,
    /// `--remove`.
    pub remove: Vec<String>,
}

/// The options of `undo`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UndoOptions {
    /// The agent to change. It names at most one profile.
    pub server: ServerOptions,
    /// Show what would be sent, and send nothing.
    pub is_dry_run: bool,
    /// Change it without a question.
    pub is_confirmed: bool,
    /// Print JSON.
    pub is_json: bool,
}

/// The options of `history`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryOptions {
    /// Print only the saves of this profile.
    pub profile: Option<String>,
    /// Print only so many, the newest; `None` where all are printed.
    pub limit: Option<usize>,
    /// True where the user gave no limit and one holds all the same.
    pub is_limit_implied: bool,
    /// Print only the saves from this time on.
    pub since: Option<Since>,
    /// Print JSON.
    pub is_json: bool,
}

/// The options of `login`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// The profile's name.
    pub name: String,
    /// The server that the token is for. It names no profile and no demo.
    pub server: ServerOptions,
}
