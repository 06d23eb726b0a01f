//! One run of the program: what comes from outside enters here.

mod editor;

use std::ffi::OsString;
use std::io::{self, BufWriter, IsTerminal};
use std::process::ExitCode;

use color_eyre::eyre::{self, WrapErr};

use crate::agents::{Environment, Profile, ProfileError, TokenSource};
use crate::api::credentials::{BaseUrl, Token};
use crate::cli::{self, Command, DemoAgent, Invocation};
use crate::clock;
use crate::commands::{self, Console, Failure, StandardStreams, World};
use crate::demo::{Agent, Demo};
use crate::journal::{Author, Journal};
use crate::private::forbid_core_files;
use crate::terminal::signals::stop_ignoring_children;
use crate::visible::{excerpt, visible};
use crate::words::Exit;

/// Runs the program with these arguments, its name first, and gives its exit code.
///
/// # Errors
/// Only what the user can do nothing about; everything else is told on stderr and in the exit code.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> eyre::Result<ExitCode> {
    // Where the system has no such limits, there is nothing to forbid.
    let _ = forbid_core_files();
    // A system that gives no handler gives none later either: that is told where one is needed.
    let _ = stop_ignoring_children();
    let mut stdout = BufWriter::new(io::stdout().lock());
    let mut stderr = io::stderr();
    let streams = StandardStreams {
        is_stdin_terminal: io::stdin().is_terminal(),
        is_stdout_terminal: io::stdout().is_terminal(),
        is_stderr_terminal: io::stderr().is_terminal(),
    };
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    // These two count also where the rest of the command line cannot be understood.
    let [is_json, is_ascii] = ["--json", "--ascii"].map(|option| arguments.iter().any(|word| word == option));
    let parsed = cli::parse(arguments);
    let environment = Environment::from_process();
    let is_ascii = !environment.has_utf8() || parsed.as_ref().map_or(is_ascii, |(_, look)| look.is_ascii);
    let mut console = Console::new(&mut stdout, &mut stderr, streams, is_ascii);
    let exit = match parsed {
        Err(error) => tell_usage(&error, is_json, &mut console),
        Ok((Invocation::Editor(server), look)) => {
            let code = editor::open(&server, look, &environment, &mut console)?;
            let exit = console.finish(Exit::Done);
            return Ok(if exit == Exit::Done { code } else { exit.into() });
        }
        Ok((Invocation::Command(command), _)) => {
            let ended = on_a_runtime(run_command(&command, environment, &mut console))?;
            told(ended, command.is_json(), &mut console)
        }
        Ok((Invocation::Serve, _)) => {
            let ended = on_a_runtime(commands::serve(&mut console))?;
            told(ended, false, &mut console)
        }
        Ok((Invocation::Completions(shell), _)) => {
            commands::completions(shell, &mut console);
            Exit::Done
        }
        Ok((Invocation::Man, _)) => {
            let ended = commands::man(&mut console).map(|()| Exit::Done);
            told(ended, false, &mut console)
        }
    };
    Ok(console.finish(exit).into())
}

/// `--help` and `--version` are data; everything else that clap says is a failure.
fn tell_usage(error: &clap::Error, is_json: bool, console: &mut Console<'_>) -> Exit {
    let text = error.render().to_string();
    if !error.use_stderr() {
        console.write(text.as_bytes());
        return Exit::Done;
    }
    if is_json {
        return commands::tell_failure(&Failure::of_usage(&text), true, console);
    }
    for line in text.lines() {
        console.tell(&visible(line));
    }
    Exit::Usage
}

fn told(ended: Result<Exit, Failure>, is_json: bool, console: &mut Console<'_>) -> Exit {
    ended.unwrap_or_else(|failure| commands::tell_failure(&failure, is_json, console))
}

fn on_a_runtime<T>(work: impl Future<Output = T>) -> eyre::Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .enable_time()
        .build()
        .wrap_err("the runtime does not start")?;
    let ended = runtime.block_on(work);
    // A thread that still waits for input after Ctrl-C is not waited for.
    runtime.shutdown_background();
    Ok(ended)
}

/// Runs a command, and the demo server beside it, where the user asked for it.
async fn run_command(
    command: &Command,
    environment: Environment,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let journal = journal(&environment);
    let world = |demo| World { journal, environment, clock: clock::now, demo };
    let Some(agent) = command.demo() else { return commands::run(command, &world(None), console).await };
    let demo = Demo::bind(0).map_err(Failure::of_demo)?;
    let world = world(Some(demo_profiles(&demo, agent)?));
    tokio::select! {
        ended = commands::run(command, &world, console) => ended,
        served = demo.serve() => served.map(|()| Exit::Failed).map_err(Failure::System),
    }
}

/// Where saves are recorded, in the name of the user.
fn journal(environment: &Environment) -> Journal {
    let author = Author { user: Some(user(environment)), ssh_client: environment.ssh_client() };
    Journal::new(environment.history_file(), author)
}

/// The account's name, or its number where no variable says its name.
fn user(environment: &Environment) -> String {
    environment.user().unwrap_or_else(|| format!("uid {}", rustix::process::getuid().as_raw()))
}

/// The demo's agents as profiles, the one that the user asked for first.
fn demo_profiles(demo: &Demo, asked: &DemoAgent) -> Result<Vec<Profile>, Failure> {
    let base_url =
        BaseUrl::parse(&demo.url()).map_err(|fault| ProfileError::BaseUrl { origin: "the demo", fault })?;
    let profile = |agent: &Agent| {
        let token = Token::new(agent.token()).map_err(ProfileError::Typed)?;
        let unnamed = Profile::unnamed(base_url.clone(), token, TokenSource::Demo);
        Ok(Profile { name: Some(agent.name().to_owned()), ..unnamed })
    };
    let mut profiles = demo.agents().iter().map(profile).collect::<Result<Vec<_>, Failure>>()?;
    if let DemoAgent::Named(name) = asked {
        let known: Vec<_> = demo.agents().iter().map(|agent| agent.name().to_owned()).collect();
        let Some(place) = known.iter().position(|agent| agent == name) else {
            return Err(Failure::DemoAgent { name: excerpt(name, 60), known });
        };
        profiles[..=place].rotate_right(1);
    }
    Ok(profiles)
}
