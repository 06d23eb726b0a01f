//! Opening the editor: the agent that it opens first, the profiles that it can switch to, and how it looks.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use color_eyre::eyre::{self, WrapErr};

use super::{demo_profiles, journal};
use crate::agents::{
    AgentOptions, Agents, ConfiguredProfiles, Environment, KnownProfiles, Profile, ProfileError,
    ReadableSource, TokenSource,
};
use crate::cli::{ColorChoice, DemoAgent, Look, ServerOptions};
use crate::commands::{self, Console, Failure, agent_options, make_agents};
use crate::demo::Demo;
use crate::editor::model::Session;
use crate::editor::view::theme::Theme;
use crate::editor::{self, DemoStarter, First, Setup};
use crate::terminal::PreparedTerminal;
use crate::words::Exit;

/// How long a thread that looked up a name stays for the next one.
const KEEP_ALIVE: Duration = Duration::from_millis(100);

/// Runs the editor on the terminal. `server` says which agent it opens, `look` how it looks.
///
/// # Errors
/// Only what the user can do nothing about; everything else is told on stderr and in the exit code.
pub(super) fn open(
    server: &ServerOptions,
    look: Look,
    environment: &Environment,
    console: &mut Console<'_>,
) -> eyre::Result<ExitCode> {
    if !is_usable(environment, console) {
        console.tell("error: the editor needs a terminal. Without one: convrating get, convrating set");
        return Ok(Exit::Usage.into());
    }
    // Before any thread starts.
    let terminal = PreparedTerminal::prepare().wrap_err("the signals cannot be taken over")?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .thread_keep_alive(KEEP_ALIVE)
        .build()
        .wrap_err("the runtime does not start")?;
    let ending = runtime.block_on(async {
        let setup = match setup(server, look, environment, console).await {
            Ok(setup) => setup,
            Err(failure) => return Ok(Err(commands::tell_failure(&failure, false, console))),
        };
        console.flush();
        editor::run(terminal, setup).await.map(Ok)
    });
    // It ends a token_command that still runs. A thread that still reads a file is not waited for.
    runtime.shutdown_background();
    Ok(match ending.wrap_err("the terminal cannot be used")? {
        Err(exit) => exit.into(),
        Ok(ending) => {
            if let Some(farewell) = ending.farewell {
                console.say(&farewell);
            }
            ExitCode::from(ending.code)
        }
    })
}

/// True on a terminal that can move its cursor.
fn is_usable(environment: &Environment, console: &Console<'_>) -> bool {
    let streams = console.streams();
    let is_terminal = streams.is_stdin_terminal && streams.is_stdout_terminal;
    is_terminal && environment.text("TERM").is_none_or(|term| term != "dumb")
}

async fn setup(
    server: &ServerOptions,
    look: Look,
    environment: &Environment,
    console: &mut Console<'_>,
) -> Result<Setup, Failure> {
    let is_read_only = server.is_read_only;
    let known = match &server.demo {
        Some(agent) => KnownProfiles::Ready(start_demo(agent, is_read_only)?),
        None => KnownProfiles::Configured(ConfiguredProfiles::load(environment.clone())?),
    };
    let (agents, options) = (make_agents(known, server)?, agent_options(server));
    Ok(Setup {
        first: first(&agents, &options, console).await?,
        agents,
        options,
        start_demo: demo_starter(is_read_only),
        journal: Some(journal(environment)),
        theme: theme(look, environment),
    })
}

/// Starts the demo server beside the editor, and gives its agents, the one that the user asked for first.
fn start_demo(asked: &DemoAgent, is_read_only: bool) -> Result<Vec<Profile>, Failure> {
    let demo = Demo::bind(0).map_err(Failure::of_demo)?;
    let mut profiles = demo_profiles(&demo, asked)?;
    for profile in &mut profiles {
        profile.is_read_only |= is_read_only;
    }
    tokio::spawn(demo.serve());
    Ok(profiles)
}

/// What the editor calls where the user opens the demo in place of typing a token.
fn demo_starter(is_read_only: bool) -> DemoStarter {
    Arc::new(move || {
        let started = start_demo(&DemoAgent::First, is_read_only);
        started.map(|mut profiles| profiles.swap_remove(0)).map_err(|error| format!("{error}."))
    })
}

/// The agent that the editor opens first. A `token_command` may take its time: the first frame does not wait for it.
async fn first(agents: &Agents, options: &AgentOptions, console: &mut Console<'_>) -> Result<First, Failure> {
    let known = agents.known();
    let outline = match known.outline(options) {
        // A base URL that cannot be used is told before the user types a token for it.
        Err(ProfileError::NoToken) => return Ok(First::Nobody(known.unnamed_url(options)?)),
        Err(ProfileError::Several { .. }) => return Ok(First::List(known.unnamed_url(options)?)),
        outline => outline?,
    };
    if let Some(warning) = known.warn_of_ignored_url(options) {
        console.tell(&warning);
    }
    match outline {
        Some(outline) if matches!(outline.source, TokenSource::Readable(ReadableSource::Command(_))) => {
            Ok(First::Named(Session::from(outline)))
        }
        _ => Ok(First::Profile(Box::new(agents.open(options).await?.profile))),
    }
}

/// Colours unless `--color`, `NO_COLOR` or the terminal says otherwise; more than ASCII only where the locale has it.
fn theme(look: Look, environment: &Environment) -> Theme {
    let is_plain = match look.color {
        ColorChoice::Always => false,
        ColorChoice::Never => true,
        ColorChoice::Auto => environment.text("NO_COLOR").is_some(),
    };
    let theme = if is_plain { Theme::PLAIN } else { Theme::COLOUR };
    if look.is_ascii || !environment.has_utf8() { theme.ascii() } else { theme }
}
