//! The command line as types, resolved to one [`Invocation`].
//!
//! ```text
//! arguments ─► clap's types (arguments.rs) ─ what goes with what ─► Invocation + Look
//! ```
//!
//! `--help`, the completions and the manual page are all made from the same definitions. A token is never a value
//! here: other users read the command line with `ps`.

mod arguments;
mod resolve;
mod secrets;
mod switches;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::{CommandFactory, FromArgMatches};

pub use arguments::ColorChoice;
pub use clap_complete::Shell;

use crate::settings::Switch;

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Invocation {
    /// Open the editor.
    Editor(ServerOptions),
    /// Run a command that needs files or a server.
    Command(Command),
    /// Run the demo server alone.
    Serve,
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
    /// Change it.
    Set(Change),
    /// Tell profile, agent and token, and whether it works.
    Status(Query),
    /// List the profiles.
    Profiles {
        /// As JSON.
        is_json: bool,
    },
    /// Change a profile in the configuration file.
    ChangeProfile(ProfileChange),
    /// Add or replace a profile.
    Login(Login),
    /// Show what was saved.
    History {
        /// Only of this profile.
        profile: Option<String>,
        /// As JSON.
        is_json: bool,
    },
}

impl Command {
    /// Which agent of the demo it is for, if it is for the demo.
    pub fn demo(&self) -> Option<&DemoAgent> {
        match self {
            Self::Get(query) | Self::Status(query) => query.server.demo.as_ref(),
            Self::Set(change) => change.server.demo.as_ref(),
            Self::Profiles { .. } | Self::ChangeProfile(_) | Self::Login(_) | Self::History { .. } => None,
        }
    }

    /// True where JSON was asked for.
    pub fn is_json(&self) -> bool {
        match self {
            Self::Get(query) | Self::Status(query) => query.is_json,
            Self::Set(change) => change.is_json,
            Self::History { is_json, .. } | Self::Profiles { is_json } => *is_json,
            Self::ChangeProfile(_) | Self::Login(_) => false,
        }
    }
}

/// How a profile is changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProfileChange {
    /// It becomes the default.
    Default(String),
    /// It gets another name.
    Rename {
        /// Its name.
        old: String,
        /// The name that it gets.
        new: String,
    },
    /// It is removed, with its stored token.
    Remove {
        /// Its name.
        name: String,
        /// The user need not be asked.
        is_confirmed: bool,
    },
}

/// The options of everything that reaches a server.
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
    /// `--timeout`: the bound on each read.
    pub timeout: Option<Duration>,
    /// `--log`.
    pub log: Option<PathBuf>,
}

/// Which agent of the demo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DemoAgent {
    /// The first.
    First,
    /// The one of this name.
    Named(String),
}

/// What `get` and `status` are asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// Which agents to ask.
    pub server: ServerOptions,
    /// Every profile there is.
    pub is_all: bool,
    /// As JSON.
    pub is_json: bool,
}

/// What `set` is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Where to change it.
    pub server: ServerOptions,
    /// What shall be so.
    pub wanted: Wanted,
    /// Only show what would be sent.
    pub is_dry_run: bool,
    /// Protected profiles need no question.
    pub is_confirmed: bool,
    /// As JSON.
    pub is_json: bool,
}

/// What `set` makes of a configuration: only what is named here is touched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The switches that are named, and what each shall be: `--active on`.
    pub switches: BTreeMap<Switch, bool>,
    /// `--question`: exactly these; empty where it was not given.
    pub exactly: Vec<String>,
    /// `--add`.
    pub add: Vec<String>,
    /// `--remove`.
    pub remove: Vec<String>,
}

/// What `login` is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// The profile's name.
    pub name: String,
    /// Where the token belongs; no profile and no demo in it.
    pub server: ServerOptions,
}

/// How it looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// `--color`.
    pub color: ColorChoice,
    /// `--ascii`.
    pub is_ascii: bool,
}

/// Reads a command line, the program's name first.
///
/// # Errors
/// clap's error: a usage error, or `--help` and `--version`, which are told on stdout.
pub fn parse(
    arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>,
) -> Result<(Invocation, Look), clap::Error> {
    let arguments: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
    let matches = definitions().try_get_matches_from(&arguments);
    let matches = matches.map_err(|error| secrets::without_token(error, &arguments))?;
    let parsed = arguments::Arguments::from_arg_matches(&matches)?;
    let look = parsed.look();
    resolve::invocation(parsed).map(|invocation| (invocation, look))
}

/// The definitions: for the parser, completions, the manual page and tests.
pub fn definitions() -> clap::Command {
    // It is taken by every command that reaches a server, so that it can be refused with a reason.
    arguments::Arguments::command().mut_subcommands(|command| match command.get_name() {
        "set" => command.mut_arg("read_only", |option| option.hide(true)),
        _ => command,
    })
}
