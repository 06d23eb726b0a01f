//! The product without a screen.
//!
//! ```text
//! Command ─► Selection (which agents) ─► jobs side by side ─► lines or JSON on stdout, the rest on stderr ─► Exit
//! ```
//!
//! Commands write to the [`Console`] that they are given. What a run needs of the outside stands in [`World`].

mod change;
mod completions;
mod console;
mod failure;
mod get;
mod history;
mod interrupt;
mod listing;
mod login;
mod man;
mod profiles;
mod prompt;
mod selection;
mod serve;
mod set;
mod status;

use std::path::Path;
use std::sync::Arc;

use jiff::{Timestamp, Zoned};

pub use completions::completions;
pub use console::{Console, StandardStreams};
pub use failure::Failure;
pub use man::{FILES, VARIABLES, man};
pub use prompt::PromptError;
pub use serve::serve;

use crate::agents::{AgentOptions, Agents, Environment, KnownProfiles, Profile, TokenChoice};
use crate::api::Timing;
use crate::api::log_file::LogFile;
use crate::cli::{Command, ServerOptions};
use crate::journal::Journal;
use crate::private::spoken;
use crate::terminal::signals::SIGINT;
use crate::words::Exit;
use interrupt::Interrupts;

/// What a run needs of the outside, besides the console.
#[derive(Debug)]
pub struct World {
    /// The variables, and where files belong.
    pub environment: Environment,
    /// The clock, with the local time zone.
    pub clock: fn() -> Zoned,
    /// Where saves are recorded.
    pub journal: Journal,
    /// The demo's agents, where the user asked for the demo; then no real token is read.
    pub demo: Option<Vec<Profile>>,
}

impl World {
    /// Now, in seconds since 1970.
    fn now(&self) -> i64 {
        Timestamp::from(&(self.clock)()).as_second()
    }
}

/// Runs a command that needs files or a server.
///
/// # Errors
/// The failure of the whole run, where it is not one profile's. The caller tells it to the user.
pub async fn run(command: &Command, world: &World, console: &mut Console<'_>) -> Result<Exit, Failure> {
    match command {
        Command::Set(change) => set::set(change, world, console).await,
        Command::Login(login) => login::login(login, world, console).await,
        Command::Get(query) => get::get(query, world, &Interrupts::listen(&[SIGINT])?, console).await,
        Command::Status(query) => {
            status::status(query, world, &Interrupts::listen(&[SIGINT])?, console).await
        }
        Command::Profiles { is_json } => profiles::profiles(*is_json, world, console),
        Command::ChangeProfile(change) => {
            change::change(change, world, &Interrupts::listen(&[SIGINT])?, console).await
        }
        Command::History { profile, is_json } => {
            history::history(profile.as_deref(), *is_json, world, console)
        }
    }
}

/// Tells a failure of the whole run: as JSON on stdout where JSON was asked for, else on stderr.
pub fn tell_failure(failure: &Failure, is_json: bool, console: &mut Console<'_>) -> Exit {
    match failure {
        _ if is_json => console.json(&failure.to_json()),
        // The user who pressed Ctrl-C knows.
        Failure::Interrupted => {}
        _ => console.tell(&failure.sentence()),
    }
    failure.exit()
}

/// After SIGTERM and its like: the user is told what came of the run, and then the signal ends the program.
fn give_way(
    ended: &Result<Exit, Failure>,
    is_json: bool,
    interrupts: &Interrupts,
    console: &mut Console<'_>,
) {
    if interrupts.is_fatal() {
        if let Err(failure) = ended {
            tell_failure(failure, is_json, console);
        }
        console.flush();
        interrupts.give_way();
    }
}

/// The way to `known` profiles, with the times and the request log that the command line asks for.
///
/// # Errors
/// [`Failure::Log`]: the file of `--log` cannot be appended to.
pub fn make_agents(known: KnownProfiles, options: &ServerOptions) -> Result<Agents, Failure> {
    let agents = Agents::new(known).with_timing(timing(options));
    let Some(path) = &options.log else { return Ok(agents) };
    let file = open_log(path)?;
    Ok(agents.with_log(Arc::new(move |profile: &Profile| file.of(&profile.base_url))))
}

/// What the command line says about the agent to open; the first one where it names several.
pub fn agent_options(options: &ServerOptions) -> AgentOptions {
    let named = options.profiles.first().cloned();
    AgentOptions {
        choice: named.map_or(TokenChoice::Preferred, TokenChoice::Profile),
        base_url: options.base_url.clone(),
        is_read_only: options.is_read_only,
    }
}

fn timing(options: &ServerOptions) -> Timing {
    let timing = Timing::default();
    match options.timeout {
        Some(bound) => timing.with_timeout(bound),
        None => timing,
    }
}

fn open_log(path: &Path) -> Result<LogFile, Failure> {
    LogFile::open(path).map_err(|source| Failure::Log { path: path.to_owned(), reason: spoken(&source) })
}
