//! The command line as types, resolved to one [`Invocation`].
//!
//! ```text
//! arguments ─► clap's types (arguments.rs) ─ what goes with what ─► Invocation + Look
//! ```
//!
//! `--help`, the completions and the manual page are all made from the same definitions. No option takes a token, because
//! other users can read the command line with `ps`.

mod arguments;
mod demo_agents;
mod invocation;
mod look;
mod resolve;
mod secrets;
mod since;
mod switches;

use std::ffi::OsString;

use clap::FromArgMatches;

pub use arguments::definitions;
pub use clap_complete::Shell;
pub use invocation::{
    Command, DemoAgent, HistoryOptions, Invocation, LogTarget, Login, ProfileChange, Query, ServerOptions,
    SetOptions, Wanted,
};
pub use look::{ColorChoice, Look};
pub use since::Since;

/// Reads a command line, the program's name first.
///
/// # Errors
/// clap's error. It is a usage error, or the text of `--help` or `--version`, which belongs on stdout.
pub fn parse(
    arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>,
) -> Result<(Invocation, Look), clap::Error> {
    let arguments: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
    secrets::refuse_tokens(&arguments)?;
    let matches = definitions().try_get_matches_from(&arguments);
    let matches = matches.map_err(|error| secrets::without_token(error, &arguments))?;
    let parsed = arguments::Arguments::from_arg_matches(&matches)?;
    let look = parsed.look();
    resolve::invocation(parsed).map(|invocation| (invocation, look))
}
