//! `serve`: runs the demo server alone, until Ctrl-C.

use std::time::Duration;

use super::console::Console;
use super::failure::Failure;
use super::interrupt::Interrupts;
use super::listing::name_width;
use crate::agents::{TOKEN_VARIABLE, URL_VARIABLE};
use crate::demo::Demo;
use crate::words::Exit;

/// What stands in place of a name before the new token of the agent above it.
const RENEWED: &str = "renewed";

/// Prints the URL, a token for each agent, a line each, and two lines for a shell. Then it serves until Ctrl-C. Below an agent
/// whose token has expired stands its new one. `port` 0 stands for any that is free; each answer waits for `latency`.
///
/// # Errors
/// [`Failure::Demo`] when the server cannot be started, [`Failure::System`] when it cannot go on.
pub async fn serve(port: u16, latency: Duration, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let interrupts = Interrupts::listen_to_ctrl_c()?;
    let demo = Demo::bind_for_tests(port, latency).map_err(Failure::from_demo)?;
    tell_agents(&demo, console);
    tell_exports(&demo, console);
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

fn tell_agents(demo: &Demo, console: &mut Console<'_>) {
    console.say(&demo.url());
    let width = name_width(demo.agents().iter().map(|agent| Some(agent.name())));
    for agent in demo.agents() {
        tell_token(agent.name(), width, agent.token(), console);
        if agent.renewed_token() != agent.token() {
            tell_token(RENEWED, width, agent.renewed_token(), console);
        }
    }
}

/// Two commands that make the first agent the one that `convrating` uses in a shell.
fn tell_exports(demo: &Demo, console: &mut Console<'_>) {
    let (url, name, token) = (demo.url(), demo.first().name(), demo.first().token());
    console.say(&format!(
        "\n# Paste these two lines to use {name}. For another agent, put its token into the second."
    ));
    console.write(format!("export {URL_VARIABLE}={url}\nexport {TOKEN_VARIABLE}={token}\n").as_bytes());
}

/// It is not said but written as it is: these tokens are what the user asked for.
fn tell_token(name: &str, width: usize, token: &str, console: &mut Console<'_>) {
    console.write(format!("{name:width$}  {token}\n").as_bytes());
}
