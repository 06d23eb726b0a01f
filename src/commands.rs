//! The product without a screen.
//!
//! ```text
//! Command ─► Selection (which agents) ─► jobs side by side ─► lines or JSON on stdout, the rest on stderr ─► Exit
//! ```
//!
//! A command writes to the [`Console`] that the caller gives it. [`World`] holds what else a run needs from outside.

mod change;
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
mod news;
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
pub(crate) use ending::tell_failure;
pub use failure::Failure;
pub use man::man;
pub(crate) use opening::{agent_options, make_agents};
pub use prompt_error::PromptError;
pub use serve::serve;
pub use world::World;

use crate::cli::Command;
use crate::words::Exit;

/// Runs a command that needs files or a server.
///
/// # Errors
/// Why the whole run failed. The failure of one profile out of several is printed in its line and is not returned here. The
/// caller prints the error.
pub async fn run(command: &Command, world: &World, console: &mut Console<'_>) -> Result<Exit, Failure> {
    match command {
        Command::Set(options) => set::set(options, world, console).await,
        Command::Undo(options) => set::undo(options, world, console).await,
        Command::Login(login) => login::login(login, world, console).await,
        Command::Get(query) => get::get(query, world, console).await,
        Command::Status(query) => status::status(query, world, console).await,
        Command::Profiles { is_json } => profiles::profiles(*is_json, world, console),
        Command::ChangeProfile(change) => change::change(change, world, console).await,
        Command::History(options) => history::history(options, world, console),
    }
}
