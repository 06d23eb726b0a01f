//! Opening the editor: who it talks to first, whom it can switch to, and how it looks.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use color_eyre::eyre::{self, WrapErr};

use super::{demo_profiles, journal};
use crate::cli::{ColorChoice, DemoAgent, Look, Reach};
use crate::commands::{self, Console, Failure, log_file, timing};
use crate::demo::Demo;
use crate::editor::model::{ReadOnly, Session, Target};
use crate::editor::view::theme::Theme;
use crate::editor::{self, First, RequestLogOf, Setup};
use crate::profile::Profile;
use crate::profile::config::{Entry, Source};
use crate::profile::environment::Environment;
use crate::profile::identity::Identity;
use crate::profile::roster::{Choice, ProfileError, Roster, Wish};
use crate::profile::token_source::Leash;
use crate::terminal::PreparedTerminal;
use crate::words::{Audience, CallContext, Exit};

/// How long a thread that looked up a name stays for the next one.
const KEEP_ALIVE: Duration = Duration::from_millis(100);

/// Runs the editor on the terminal. `reach` says whom it is for, `look` how it looks.
///
/// # Errors
/// Only what no user can do anything about; everything else is told on stderr and in the exit code.
pub(super) fn open(
    reach: &Reach,
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
    let leash = Leash::default();
    let ending = runtime.block_on(async {
        let setup = match setup(reach, look, environment, &leash, console) {
            Ok(setup) => setup,
            Err(failure) => return Ok(Err(commands::tell_failure(&failure, false, console))),
        };
        console.flush();
        editor::run(terminal, setup).await.map(Ok)
    });
    // Nobody wants a token any more, and what still runs is not waited for.
    leash.cut();
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

fn setup(
    reach: &Reach,
    look: Look,
    environment: &Environment,
    leash: &Leash,
    console: &mut Console<'_>,
) -> Result<Setup, Failure> {
    let (first, profiles, opener) = match &reach.demo {
        Some(agent) => demo(agent, reach.is_read_only)?,
        None => profiles(reach, environment, leash, console)?,
    };
    let log = log_file(reach)?.map(|file| Arc::new(move |base_url: &_| file.of(base_url)) as RequestLogOf);
    Ok(Setup {
        first,
        profiles,
        opener,
        journal: Some(journal(environment)),
        timing: timing(reach),
        request_log: log,
        theme: theme(look, environment),
    })
}

type Who = (First, Vec<Session>, crate::editor::Opener);

/// The embedded demo: its agents are the profiles. It never looks at a real token.
fn demo(asked: &DemoAgent, is_read_only: bool) -> Result<Who, Failure> {
    let profiles = start_demo(asked, is_read_only)?;
    let sessions = profiles.iter().map(Session::from).collect();
    let first = First::Profile(Box::new(profiles[0].clone()));
    let opener = move |target: Target| match target {
        Target::Named(name) => {
            let named = profiles.iter().find(|profile| profile.name.as_ref() == Some(&name));
            named.cloned().ok_or_else(|| format!("the demo has no agent {name}"))
        }
        Target::Demo | Target::Typed(_) => Err("the demo is open already".to_owned()),
    };
    Ok((first, sessions, Arc::new(opener)))
}

/// Starts the demo server beside the editor, and gives its agents.
fn start_demo(asked: &DemoAgent, is_read_only: bool) -> Result<Vec<Profile>, Failure> {
    let demo = Demo::bind(0).map_err(Failure::of_demo)?;
    let mut profiles = demo_profiles(&demo, asked)?;
    for profile in &mut profiles {
        profile.is_read_only |= is_read_only;
    }
    tokio::spawn(demo.serve());
    Ok(profiles)
}

/// The profiles of this machine, and whoever of them is meant.
fn profiles(
    reach: &Reach,
    environment: &Environment,
    leash: &Leash,
    console: &mut Console<'_>,
) -> Result<Who, Failure> {
    let roster = Roster::load(environment.clone())?;
    let wish = Wish {
        profile: reach.profiles.first().cloned(),
        base_url: reach.base_url.clone(),
        is_read_only: reach.is_read_only,
    };
    let first = first(&roster, &wish, console)?;
    let sessions = roster.entries().iter().map(|entry| session(entry, &wish)).collect();
    let (runtime, leash) = (tokio::runtime::Handle::current(), leash.clone());
    let opener = move |target: Target| match target {
        Target::Named(name) => {
            let wish = Wish { profile: Some(name), ..wish.clone() };
            roster.open_held(&wish, &leash).map_err(|error| format!("{error}."))
        }
        Target::Typed(token) => roster.open_typed(&wish, token).map_err(|error| format!("{error}.")),
        Target::Demo => {
            let _inside = runtime.enter();
            let started = start_demo(&DemoAgent::First, wish.is_read_only);
            started.map(|mut profiles| profiles.swap_remove(0)).map_err(|error| format!("{error}."))
        }
    };
    Ok((first, sessions, Arc::new(opener)))
}

/// Whom the editor opens on. A `token_command` may take its time: the first frame does not wait for it.
fn first(roster: &Roster, wish: &Wish, console: &mut Console<'_>) -> Result<First, Failure> {
    let entry = match roster.choose(wish.profile.as_deref()) {
        Err(ProfileError::NoToken) => {
            // A base URL that cannot be used is told before anybody types a token for it.
            return Ok(First::Nobody(roster.unnamed_url(wish)?));
        }
        Ok(Choice::Profile(entry)) => Some(entry),
        Ok(Choice::Variable) => None,
        Err(error) => return Err(error.into()),
    };
    if let Some(notice) = entry.and_then(|entry| roster.ignored_url(entry, wish)) {
        console.tell(&notice);
    }
    match entry {
        Some(entry) if matches!(entry.source, Source::Command(_)) => Ok(First::Named(session(entry, wish))),
        _ => Ok(First::Profile(Box::new(roster.open(wish)?))),
    }
}

/// What is known of a profile without its token.
fn session(entry: &Entry, wish: &Wish) -> Session {
    let is_read_only = entry.is_read_only || wish.is_read_only;
    Session {
        name: Some(entry.name.clone()),
        context: CallContext {
            base_url: entry.base_url.clone(),
            token_source: entry.source.label(),
            audience: Audience::Editor,
        },
        identity: Identity { agent: entry.scenario_id.clone(), expires: None },
        is_demo: false,
        is_protected: entry.is_protected,
        read_only: is_read_only.then_some(ReadOnly::Asked),
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
