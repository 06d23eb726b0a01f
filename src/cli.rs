//! The command line as types, resolved to one [`Invocation`].
//!
//! ```text
//! arguments ─► clap's types (arguments.rs) ─ what goes with what ─► Invocation + Look
//! ```
//!
//! `--help`, the completions and the manual page are all made from the same definitions. No option takes a token, because
//! other users can read the command line with `ps`.

mod arguments;
mod completion;
mod demo_agents;
mod examples;
mod help;
mod invocation;
mod look;
mod resolve;
mod secrets;
mod server_options;
mod since;
mod switches;
mod usage_fault;
mod variables;
mod wanted;

use std::ffi::OsString;

use clap::FromArgMatches;

pub use arguments::definitions;
pub use clap_complete::Shell;
pub use completion::{CompletionRequest, render_script};
pub use examples::{CommandExample, EXAMPLES};
pub use help::READ_MORE;
pub use invocation::{
    Command, DemoAgent, HistoryOptions, Invocation, LogTarget, Login, ProfileChange, Query, ServerOptions,
    SetOptions, UndoOptions, Wanted, WantedSource,
};
pub use look::{ColorChoice, Look};
pub use since::Since;
pub use variables::{VARIABLES, VariableRow};

/// Reads a command line, the program's name first.
///
/// # Errors
/// clap's error. It is a usage error, or the text of `--help` or `--version`, which belongs on stdout.
pub fn parse(
    arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>,
) -> Result<(Invocation, Look), clap::Error> {
    let arguments: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
    secrets::refuse_tokens(&arguments)?;
    let matches = definitions_with_help(&arguments).try_get_matches_from(&arguments);
    let matches = matches.map_err(|error| secrets::without_token(error, &arguments))?;
    let parsed = arguments::Arguments::from_arg_matches(&matches)?;
    let look = parsed.look();
    resolve::invocation(parsed).map(|invocation| (invocation, look))
}

/// The definitions with the text of `-h` or of `--help`, if these arguments ask for one.
fn definitions_with_help(arguments: &[OsString]) -> clap::Command {
    let has = |wanted: &str| arguments.iter().any(|word| word == wanted);
    match definitions() {
        plain if has("--help") || has("help") => help::lengthen(plain),
        plain if has("-h") => help::shorten(plain),
        plain => plain,
    }
}
