//! The product without a screen.
//!
//! ```text
//! Command ─► Selection (which agents) ─► jobs side by side ─► lines or JSON on stdout, the rest on stderr ─► Exit
//! ```
//!
//! Commands write to the [`Console`] that they are given. What a run needs of the outside stands in [`World`].

mod completions;
mod console;
mod ending;
mod failure;
mod get;
mod history;
mod interrupt;
mod listing;
mod login;
mod man;
mod opening;
mod profiles;
mod prompt;
mod prompt_error;
mod render;
mod selection;
mod serve;
mod set;
mod status;
mod world;

pub use completions::completions;
pub use console::{Console, StandardStreams};
pub use ending::tell_failure;
pub use failure::Failure;
pub use man::{FILES, VARIABLES, man};
pub use opening::{agent_options, make_agents};
pub use prompt_error::PromptError;
pub use serve::serve;
pub use world::World;

use crate::cli::Command;
use crate::terminal::signals::SIGINT;
use crate::words::Exit;
use interrupt::Interrupts;

/// Runs a command that needs files or a server.
///
/// # Errors
/// The failure of the whole run, where it is not one profile's. The caller tells it to the user.
pub async fn run(command: &Command, world: &World, console: &mut Console<'_>) -> Result<Exit, Failure> {
    match command {
        Command::Set(options) => set::set(options, world, console).await,
        Command::Login(login) => login::login(login, world, console).await,
        Command::Get(query) => get::get(query, world, &Interrupts::listen(&[SIGINT])?, console).await,
        Command::Status(query) => {
            status::status(query, world, &Interrupts::listen(&[SIGINT])?, console).await
        }
        Command::Profiles => profiles::profiles(world, console),
        Command::History { profile, is_json } => {
            history::history(profile.as_deref(), *is_json, world, console)
        }
    }
}
