//! One run of the program. Arguments, environment and standard streams enter here.

mod demo;
mod editor;
mod journal;
mod report;

use std::ffi::OsString;
use std::io::{self, BufWriter, IsTerminal, Write as _};
use std::process::ExitCode;

use color_eyre::eyre::{self, WrapErr};

use crate::agents::{Environment, TOKEN_VARIABLE};
use crate::cli::{self, Command, CompletionRequest, Invocation};
use crate::clock;
use crate::commands::{self, Console, Failure, StandardStreams, World};
use crate::demo::Demo;
use crate::editor::keymap;
use crate::private::forbid_core_files;
use crate::terminal::signals::{stop_ignoring_children, survive_file_size_limit};
use crate::terminal::wait_if_closed;
use crate::visible::visible;
use crate::words::Exit;
use demo::demo_profiles;
use journal::open_journal;

pub use report::{install_panic_report, print_report};

/// Runs the program with these arguments and returns its exit code. The first argument is the name of the program.
///
/// # Errors
/// Only errors that the user can do nothing about. All others are printed on stderr and set the exit code.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> eyre::Result<ExitCode> {
    // A system without these limits returns an error; then there is nothing to forbid.
    let _ = forbid_core_files();
    // A system that gives no handler gives none later either: that is told where one is needed.
    let _ = stop_ignoring_children();
    let _ = survive_file_size_limit();
    let (arguments, environment) = (arguments.into_iter().collect::<Vec<_>>(), Environment::from_process());
    let ended = match CompletionRequest::from_run(&arguments, &environment) {
        Some(request) => Ok(answer_shell(request, &environment)),
        None => run_line(arguments, environment),
    };
    // A thread that panicked ends the process, with its own exit code.
    wait_if_closed();
    ended
}

/// Prints what fits at the cursor of a shell. Nothing is said of a failure: the user has not run anything.
fn answer_shell(request: CompletionRequest, environment: &Environment) -> ExitCode {
    // A shell that no longer reads has no use for the answer.
    let _ = io::stdout().write_all(&request.answer(environment));
    ExitCode::SUCCESS
}

/// Runs what the command line asks for.
fn run_line(arguments: Vec<OsString>, environment: Environment) -> eyre::Result<ExitCode> {
    let mut stdout = BufWriter::new(io::stdout().lock());
    let mut stderr = io::stderr();
    let streams = look_at_streams();
    let program = arguments.first().cloned().unwrap_or_default();
    // These two options count even if the rest of the command line cannot be parsed.
    let [is_json, is_ascii] = ["--json", "--ascii"].map(|option| arguments.iter().any(|word| word == option));
    let parsed = cli::parse(arguments);
    let is_ascii =
        environment.charset().is_ascii() || parsed.as_ref().map_or(is_ascii, |(_, look)| look.is_ascii);
    let mut console = Console::new(&mut stdout, &mut stderr, streams, is_ascii);
    let exit = match parsed {
        Err(error) => tell_usage(&error, is_json, &mut console),
        Ok((Invocation::Editor(_) | Invocation::Command(_), _))
            if let Some(failure) = find_misplaced_token(&environment) =>
        {
            commands::tell_failure(&failure, is_json, &mut console)
        }
        Ok((Invocation::Editor(server), look)) => {
            let code = editor::open(&server, look, &environment, &mut console)?;
            let exit = console.finish(Exit::Done);
            return Ok(if exit == Exit::Done { code } else { exit.into() });
        }
        Ok((Invocation::Command(command), _)) => {
            if command.logs_to_stderr() {
                console.hide_progress();
            }
            let ended = on_a_runtime(run_command(&command, environment, &mut console))?;
            conclude(ended, command.is_json(), &mut console)
        }
        Ok((Invocation::Serve { port, latency }, _)) => {
            let ended = on_a_runtime(commands::serve(port, latency, &mut console))?;
            conclude(ended, false, &mut console)
        }
        Ok((Invocation::Completions(shell), _)) => {
            commands::completions(shell, &program, &mut console);
            Exit::Done
        }
        Ok((Invocation::Man, _)) => {
            let ended = commands::man(keymap::help(), &mut console).map(|()| Exit::Done);
            conclude(ended, false, &mut console)
        }
    };
    Ok(console.finish(exit).into())
}

/// Which of the standard streams are terminals.
fn look_at_streams() -> StandardStreams {
    StandardStreams {
        is_stdin_terminal: io::stdin().is_terminal(),
        is_stdout_terminal: io::stdout().is_terminal(),
        is_stderr_terminal: io::stderr().is_terminal(),
    }
}

/// Prints an error of clap. The texts of `--help` and `--version` go to stdout, and they are no failure.
fn tell_usage(error: &clap::Error, is_json: bool, console: &mut Console<'_>) -> Exit {
    let text = error.render().to_string();
    if !error.use_stderr() {
        console.write(text.as_bytes());
        return Exit::Done;
    }
    if is_json {
        return commands::tell_failure(&Failure::from_usage(&text), true, console);
    }
    for line in text.lines() {
        console.tell(&visible(line));
    }
    Exit::Usage
}

/// A variable for something else that holds a token: the token might be shown, stored or sent.
fn find_misplaced_token(environment: &Environment) -> Option<Failure> {
    let name = environment.find_misplaced_token()?;
    let message = format!("{name} has the shape of a token; a token belongs into {TOKEN_VARIABLE} or login");
    Some(Failure::Usage { message, usage: None })
}

fn conclude(ended: Result<Exit, Failure>, is_json: bool, console: &mut Console<'_>) -> Exit {
    ended.unwrap_or_else(|failure| commands::tell_failure(&failure, is_json, console))
}

fn on_a_runtime<T>(work: impl Future<Output = T>) -> eyre::Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .enable_time()
        .build()
        .wrap_err("the runtime does not start")?;
    let ended = runtime.block_on(work);
    // After Ctrl-C a thread may still wait for input. The program does not wait for that thread.
    runtime.shutdown_background();
    Ok(ended)
}

/// Runs a command. The demo server runs beside it, if the user asked for the demo.
async fn run_command(
    command: &Command,
    environment: Environment,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let journal = open_journal(&environment);
    let world = |demo| World { journal, environment, clock: clock::now, demo };
    let Some(agent) = command.demo() else { return commands::run(command, &world(None), console).await };
    let demo = Demo::bind(0).map_err(Failure::from_demo)?;
    let world = world(Some(demo_profiles(&demo, agent)?));
    tokio::select! {
        ended = commands::run(command, &world, console) => ended,
        served = demo.serve() => served.map(|()| Exit::Failed).map_err(Failure::System),
    }
}
