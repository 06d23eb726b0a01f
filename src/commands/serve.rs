//! `serve`: runs the demo server alone, until Ctrl-C.

use super::console::Console;
use super::failure::Failure;
use super::interrupt::Interrupts;
use super::listing::name_width;
use crate::demo::Demo;
use crate::words::Exit;

/// What stands in place of a name before the new token of the agent above it.
const RENEWED: &str = "renewed";

/// Prints the URL and a token for each agent, a line each, and serves until Ctrl-C. Below an agent whose token has expired stands
/// its new one.
///
/// # Errors
/// [`Failure::Demo`] when the server cannot be started, [`Failure::System`] when it cannot go on.
pub async fn serve(console: &mut Console<'_>) -> Result<Exit, Failure> {
    let interrupts = Interrupts::listen_to_ctrl_c()?;
    let demo = Demo::bind(0).map_err(Failure::from_demo)?;
    console.say(&demo.url());
    let width = name_width(demo.agents().iter().map(|agent| Some(agent.name())));
    for agent in demo.agents() {
        tell_token(agent.name(), width, agent.token(), console);
        if agent.renewed_token() != agent.token() {
            tell_token(RENEWED, width, agent.renewed_token(), console);
        }
    }
    console.flush();
    if console.is_broken() {
        // The output is lost, and without the address no program can reach the server.
        return Ok(Exit::Done);
    }
    tokio::select! {
        served = demo.serve() => served.map(|()| Exit::Done).map_err(Failure::System),
        () = interrupts.first() => Err(Failure::Interrupted),
    }
}

/// It is not said but written as it is: these tokens are what the user asked for.
fn tell_token(name: &str, width: usize, token: &str, console: &mut Console<'_>) {
    console.write(format!("{name:width$}  {token}\n").as_bytes());
}
