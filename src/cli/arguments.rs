//! clap's types: one field for each option. The comment of a field is its text in `--help`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, CommandFactory, Parser, Subcommand};
use clap_complete::Shell;

use super::demo_agents::DemoAgentParser;
use super::help::{add_help, add_version};
use super::look::{ColorChoice, Look};
use super::since::Since;
use super::switches::SwitchArguments;

/// Edits Quickchat AI's Conversation Rating; without a command: the editor
#[derive(Clone, Debug, Parser)]
#[command(name = "convrating", version)]
pub(super) struct Arguments {
    #[command(flatten)]
    pub(super) server: ServerArguments,
    /// Open the editor line by line, in numbered lines
    #[arg(long)]
    pub(super) plain: bool,
    #[command(flatten)]
    pub(super) shown: Shown,
    #[command(subcommand)]
    pub(super) command: Option<Subcommands>,
}

#[derive(Clone, Debug, Args)]
pub(super) struct Shown {
    /// Use colours in the editor: auto, always or never
    #[arg(long, value_enum, value_name = "WHEN", hide_possible_values = true, display_order = 100)]
    pub(super) color: Option<ColorChoice>,
    /// Write nothing but ASCII
    #[arg(long, global = true, display_order = 101)]
    ascii: bool,
}

/// The options of all commands that reach a server.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct ServerArguments {
    /// Use this profile; get, set, status take several
    #[arg(short, long = "profile", value_name = "NAME")]
    pub(super) profiles: Vec<String>,
    /// Use the demo
    #[arg(
        long,
        help = "Use the demo: acme, readonly, mixed, slow, flaky,\nbusy, lost, expired, big",
        value_name = "AGENT",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "",
        value_parser = DemoAgentParser,
        hide_possible_values = true
    )]
    pub(super) demo: Option<String>,
    /// Never change anything
    #[arg(long)]
    pub(super) read_only: bool,
    #[command(flatten)]
    pub(super) connection: ConnectionArguments,
}

/// The options of all commands that open a connection.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct ConnectionArguments {
    /// Where the API is, if it is not at app.quickchat.ai
    #[arg(long, value_name = "URL")]
    pub(super) base_url: Option<String>,
    /// Seconds for a read (save: 1.5 times) [default: 10]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(super) timeout: Option<Duration>,
    /// Append each request to this file, or - for stderr
    #[arg(long, value_name = "FILE")]
    pub(super) log: Option<PathBuf>,
}

#[derive(Clone, Debug, Subcommand)]
pub(super) enum Subcommands {
    /// Print the configuration
    Get(QueryArguments),
    /// Change it without the editor
    Set(SetArguments),
    /// Put back what the last save from this machine changed
    Undo(UndoArguments),
    /// Show profile, agent and token, and whether it works
    Status(QueryArguments),
    /// List the profiles; or make one the default, rename or remove it
    Profiles(ProfilesArguments),
    /// Add or replace a profile; reads the token hidden, or from a pipe
    Login(LoginArguments),
    /// Remove a profile and its stored token, as profiles remove does
    Logout(RemoveArguments),
    /// Show what was saved from this machine
    History(HistoryArguments),
    /// Run the demo server alone, on loopback, until interrupted
    Serve(ServeArguments),
    /// Print completions for a shell
    Completions {
        /// bash, zsh, fish, elvish or powershell
        #[arg(value_enum, value_name = "SHELL", hide_possible_values = true)]
        shell: Shell,
    },
    /// Print the manual page, as roff
    Man,
}

#[derive(Clone, Debug, Args)]
pub(super) struct QueryArguments {
    /// Ask all profiles; with --demo all its agents
    #[arg(long)]
    pub(super) all: bool,
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    pub(super) server: ServerArguments,
}

#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own on the command line")]
#[derive(Clone, Debug, Args)]
pub(super) struct SetArguments {
    /// Change all profiles, or all agents of the demo
    #[arg(long)]
    pub(super) all: bool,
    #[command(flatten)]
    pub(super) switches: SwitchArguments,
    /// Replace the list with these codes
    #[arg(long = "question", value_name = "CODE")]
    pub(super) questions: Vec<String>,
    /// Add this code
    #[arg(long, value_name = "CODE")]
    pub(super) add: Vec<String>,
    /// Remove this code
    #[arg(long, value_name = "CODE")]
    pub(super) remove: Vec<String>,
    /// Take what get --json prints; - is standard input
    #[arg(long, value_name = "FILE")]
    pub(super) from: Option<PathBuf>,
    /// Show changes and request, and send nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Do not ask: with --all, or a protected profile
    #[arg(long)]
    pub(super) yes: bool,
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    pub(super) server: ServerArguments,
}

#[derive(Clone, Debug, Args)]
pub(super) struct UndoArguments {
    /// Show the changes and the request, and send nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Do not ask
    #[arg(long)]
    pub(super) yes: bool,
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    pub(super) server: ServerArguments,
}

#[derive(Clone, Debug, Args)]
pub(super) struct LoginArguments {
    /// The profile's name: letters, digits, '-', '_' and '.'
    pub(super) name: String,
    #[command(flatten)]
    pub(super) connection: ConnectionArguments,
}

#[derive(Clone, Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct ProfilesArguments {
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
    #[command(subcommand)]
    pub(super) change: Option<ProfilesSubcommands>,
}

#[derive(Clone, Debug, Subcommand)]
pub(super) enum ProfilesSubcommands {
    /// Make a profile the one that is used where nothing else names one
    Default {
        /// The profile's name
        name: String,
    },
    /// Give a profile, and its stored token, another name
    Rename {
        /// The profile's name
        old: String,
        /// The name that it gets: letters, digits, '-', '_' and '.'
        new: String,
    },
    /// Remove a profile and its stored token
    Remove(RemoveArguments),
}

#[derive(Clone, Debug, Args)]
pub(super) struct RemoveArguments {
    /// The profile's name
    pub(super) name: String,
    /// Do not ask
    #[arg(long)]
    pub(super) yes: bool,
}

#[derive(Clone, Debug, Args)]
pub(super) struct HistoryArguments {
    /// Only what was saved with this profile
    #[arg(short, long, value_name = "NAME")]
    pub(super) profile: Option<String>,
    /// Print the newest N; 0: all [default: 20, 0 with --since]
    #[arg(long, value_name = "N", value_parser = lines)]
    pub(super) limit: Option<usize>,
    /// Only since then: 2026-11-22, or "2026-11-22 14:02"
    #[arg(long, value_name = "DATE")]
    pub(super) since: Option<Since>,
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Clone, Debug, Args)]
pub(super) struct ServeArguments {
    /// The port on 127.0.0.1 [default: any that is free]
    #[arg(long, value_name = "N", value_parser = port, default_value = "0", hide_default_value = true)]
    pub(super) port: u16,
    /// Milliseconds that each answer waits [default: 0]
    #[arg(long, value_name = "MS", value_parser = milliseconds, default_value = "0", hide_default_value = true)]
    pub(super) latency: Duration,
}

impl Subcommands {
    /// Its name on the command line.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Get(_) => "get",
            Self::Set(_) => "set",
            Self::Undo(_) => "undo",
            Self::Status(_) => "status",
            Self::Profiles(_) => "profiles",
            Self::Login(_) => "login",
            Self::Logout(_) => "logout",
            Self::History(_) => "history",
            Self::Serve(_) => "serve",
            Self::Completions { .. } => "completions",
            Self::Man => "man",
        }
    }
}

impl Arguments {
    pub(super) fn look(&self) -> Look {
        Look { color: self.shown.color.unwrap_or_default(), is_ascii: self.shown.ascii, is_plain: self.plain }
    }
}

/// Parses a time in seconds: more than 0, at most an hour.
fn seconds(text: &str) -> Result<Duration, &'static str> {
    const FAULT: &str = "it takes seconds: more than 0, at most 3600";
    let seconds: f64 = text.parse().map_err(|_| FAULT)?;
    if !(seconds > 0.0 && seconds <= 3600.0) {
        return Err(FAULT);
    }
    Duration::try_from_secs_f64(seconds).ok().filter(|time| !time.is_zero()).ok_or(FAULT)
}

/// Parses a time in milliseconds: at most an hour.
fn milliseconds(text: &str) -> Result<Duration, &'static str> {
    const MOST: u64 = 3_600_000;
    let milliseconds = text.parse().ok().filter(|milliseconds| *milliseconds <= MOST);
    milliseconds.map(Duration::from_millis).ok_or("it takes milliseconds: 0 to 3600000")
}

/// Parses a port of this machine; 0 is any that is free.
fn port(text: &str) -> Result<u16, &'static str> {
    text.parse().map_err(|_| "it takes a port: 0 to 65535")
}

/// Parses a number of lines.
fn lines(text: &str) -> Result<usize, &'static str> {
    text.parse().map_err(|_| "it takes a number, such as 20; 0 is all")
}

/// The definitions: for the parser, completions, the manual page and tests.
pub fn definitions() -> clap::Command {
    // All commands that reach a server accept it. Those that save refuse it later, with a reason.
    let definitions = Arguments::command().mut_subcommands(|command| match command.get_name() {
        "set" | "undo" => command.mut_arg("read_only", |option| option.hide(true)),
        _ => command,
    });
    add_version(add_help(definitions))
}
