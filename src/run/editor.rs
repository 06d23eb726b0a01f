//! Starts the editor: it chooses the first agent, the profiles that the user can switch to, and the looks.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use color_eyre::eyre::{self, WrapErr};

use super::demo::demo_profiles;
use super::journal::open_journal;
use crate::agents::{
    AgentOptions, Agents, ConfiguredProfiles, Environment, KnownProfiles, Profile, ProfileError,
};
use crate::cli::{ColorChoice, DemoAgent, LogTarget, Look, ServerOptions};
use crate::commands::{self, Console, Failure, agent_options, make_agents};
use crate::demo::Demo;
use crate::editor::model::Session;
use crate::editor::view::theme::Theme;
use crate::editor::{self, DemoStarter, First, Setup};
use crate::terminal::{PreparedTerminal, has_to_wait, is_in_foreground};
use crate::visible::Charset;
use crate::words::Exit;

/// A thread that has looked up a host name waits so long for more work.
const KEEP_ALIVE: Duration = Duration::from_millis(100);

/// A background job waits for the terminal. In a script `timeout` makes one.
const ELSEWHERE: &str = "The editor waits for the terminal, which another job has. fg hands it over; a script wants \
                         timeout --foreground.";

/// Without a terminal there are the commands, and the editor line by line.
const NO_TERMINAL: &str =
    "error: the editor needs a terminal. Without one: convrating --plain, convrating get, convrating set";

/// Lines on the terminal's screen would stand in the middle of the editor.
const LOG_ON_SCREEN: &str =
    "--log - would write over the editor's screen: send stderr elsewhere (2>FILE), or use --log FILE";

/// The exit code where there is no screen to draw on, or where something else would draw on it too. It has told why.
fn refuse_screen(server: &ServerOptions, console: &mut Console<'_>) -> Option<ExitCode> {
    if !has_terminal(console) {
        console.tell(NO_TERMINAL);
        return Some(Exit::Usage.into());
    }
    if server.log == Some(LogTarget::Stderr) && console.streams().is_stderr_terminal {
        let message = LOG_ON_SCREEN.to_owned();
        return Some(commands::tell_failure(&Failure::Usage { message, usage: None }, false, console).into());
    }
    None
}

/// Runs the editor on the terminal. `server` says which agent it opens, `look` how it looks.
///
/// # Errors
/// Only errors that the user can do nothing about. All others are printed on stderr and set the exit code.
pub(super) fn open(
    server: &ServerOptions,
    look: Look,
    environment: &Environment,
    console: &mut Console<'_>,
) -> eyre::Result<ExitCode> {
    let is_plain = look.is_plain || environment.wants_lines();
    if let Some(refusal) = (!is_plain).then(|| refuse_screen(server, console)).flatten() {
        return Ok(refusal);
    }
    // Before any thread starts.
    let mut terminal = PreparedTerminal::prepare().wrap_err("the signals cannot be taken over")?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .thread_keep_alive(KEEP_ALIVE)
        .build()
        .wrap_err("the runtime does not start")?;
    let ending = runtime.block_on(async {
        // A signal ends a helper program that asks for something, and the run.
        let prepared = tokio::select! {
            code = terminal.wait_for_end() => return code.map(|code| Err(ExitCode::from(code))),
            prepared = build_setup(server, (look, is_plain), environment, console) => prepared,
        };
        let setup = match prepared {
            Ok(setup) => setup,
            Err(failure) => return Ok(Err(commands::tell_failure(&failure, false, console).into())),
        };
        console.flush();
        if is_plain {
            return editor::run_plain(terminal, setup).await.map(Ok);
        }
        if has_to_wait() {
            console.tell(ELSEWHERE);
        }
        editor::run(terminal, setup).await.map(Ok)
    });
    // This also ends a token_command that still runs. It does not wait for a thread that still reads a file.
    runtime.shutdown_background();
    Ok(match ending.wrap_err("the terminal cannot be used")? {
        Err(exit) => exit,
        Ok(ending) => {
            if let Some(farewell) = ending.farewell {
                console.say(&farewell);
            }
            ExitCode::from(ending.code)
        }
    })
}

/// True if a screen can be drawn and keys can be read.
fn has_terminal(console: &Console<'_>) -> bool {
    let streams = console.streams();
    streams.is_stdin_terminal && streams.is_stdout_terminal
}

async fn build_setup(
    server: &ServerOptions,
    (look, is_plain): (Look, bool),
    environment: &Environment,
    console: &mut Console<'_>,
) -> Result<Setup, Failure> {
    let known = match &server.demo {
        Some(agent) => KnownProfiles::Ready(start_demo(agent)?),
        None => KnownProfiles::Configured(ConfiguredProfiles::load(environment.clone())?),
    };
    let (agents, options) = (make_agents(known, server)?, agent_options(server));
    Ok(Setup {
        first: choose_first(&agents, &options, is_plain, console).await?,
        agents,
        options,
        start_demo: make_demo_starter(),
        journal: Some(open_journal(environment)),
        is_in_tmux: environment.raw("TMUX").is_some(),
        theme: choose_theme(look, environment, is_plain),
    })
}

/// Starts the demo server beside the editor. Returns its agents; the one that the user asked for comes first.
fn start_demo(asked: &DemoAgent) -> Result<Vec<Profile>, Failure> {
    let demo = Demo::bind(0).map_err(Failure::from_demo)?;
    let profiles = demo_profiles(&demo, asked)?;
    tokio::spawn(demo.serve());
    Ok(profiles)
}

/// Makes the function that the editor calls when the user opens the demo in place of typing a token.
fn make_demo_starter() -> DemoStarter {
    Arc::new(|| start_demo(&DemoAgent::First).map_err(|error| format!("{error}.")))
}

/// Chooses the agent that the editor opens first. A `token_command` that may ask for something runs before the first frame.
/// Without a terminal for it, the first frame does not wait.
async fn choose_first(
    agents: &Agents,
    options: &AgentOptions,
    is_plain: bool,
    console: &mut Console<'_>,
) -> Result<First, Failure> {
    let known = agents.known();
    let outline = match known.outline(options) {
        // An unusable base URL is reported before the user types a token.
        Err(ProfileError::NoToken) => return Ok(First::NoAgent(known.unnamed_url(options)?)),
        Err(ProfileError::Several { .. }) => return Ok(First::List(known.unnamed_url(options)?)),
        outline => outline?,
    };
    if let Some(warning) = known.warn_of_ignored_url(options) {
        // Line by line everything goes to stdout.
        if is_plain { console.say(&warning) } else { console.tell(&warning) }
    }
    let session = outline.map(Session::from).filter(Session::has_helper);
    match session {
        Some(session) if !is_in_foreground() => Ok(First::Named(session)),
        session => match (agents.open(options).await, session) {
            (Ok(connection), _) => Ok(First::Profile(Box::new(connection.profile))),
            (Err(error), Some(session)) if !error.is_interrupted() => {
                Ok(First::NotOpened(session, format!("{error}.")))
            }
            (Err(error), _) => Err(error.into()),
        },
    }
}

/// Chooses the looks. Colours are used unless `--color` or `NO_COLOR` says otherwise. The locale says which characters are
/// drawn; line by line they are ASCII unless it does.
fn choose_theme(look: Look, environment: &Environment, is_plain: bool) -> Theme {
    let has_no_colour = match look.color {
        ColorChoice::Always => false,
        ColorChoice::Never => true,
        ColorChoice::Auto => environment.text("NO_COLOR").is_some(),
    };
    let theme = if has_no_colour { Theme::PLAIN } else { Theme::COLOUR };
    let charset = match environment.locale_charset() {
        _ if look.is_ascii => Charset::Ascii,
        None if is_plain => Charset::Ascii,
        charset => charset.unwrap_or_default(),
    };
    theme.with_charset(charset)
}
