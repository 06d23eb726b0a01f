//! The options for a server, which may stand before the command and after it.

use super::arguments::{ConnectionArguments, ServerArguments};
use super::invocation::{DemoAgent, LogTarget, ServerOptions};
use super::usage_fault::{UsageFault, conflict};

/// Refuses the options before the command, apart from those in `own`, which the command takes.
pub(super) fn refuse_others(
    before: &ServerArguments,
    own: &ServerArguments,
    command: &str,
) -> Result<(), UsageFault> {
    let given = [
        ("--profile", before.profiles.len() > own.profiles.len()),
        ("--demo", before.demo.is_some()),
        ("--read-only", before.read_only),
        ("--base-url", before.connection.base_url.is_some() && own.connection.base_url.is_none()),
        ("--timeout", before.connection.timeout.is_some() && own.connection.timeout.is_none()),
        ("--log", before.connection.log.is_some() && own.connection.log.is_none()),
    ];
    match given.iter().find(|(_, is_given)| *is_given) {
        Some((option, _)) => Err(conflict(&format!("{command} takes no {option}"))),
        None => Ok(()),
    }
}

/// Joins the options before the command with those after it. Where both give a value, the one after it counts.
pub(super) fn merged(before: ServerArguments, after: ServerArguments) -> Result<ServerArguments, UsageFault> {
    Ok(ServerArguments {
        profiles: both_sides(before.profiles, after.profiles)?,
        demo: after.demo.or(before.demo),
        read_only: before.read_only || after.read_only,
        connection: after.connection.or(before.connection),
    })
}

/// The profiles that are named before the command or after it. Both at once are refused.
pub(super) fn both_sides(before: Vec<String>, after: Vec<String>) -> Result<Vec<String>, UsageFault> {
    if !before.is_empty() && !after.is_empty() {
        return Err(conflict("--profile stands before the command and after it; give it once"));
    }
    Ok(if after.is_empty() { before } else { after })
}

impl ConnectionArguments {
    /// Each option of these that was given, else the other one.
    pub(super) fn or(self, other: Self) -> Self {
        Self {
            base_url: self.base_url.or(other.base_url),
            timeout: self.timeout.or(other.timeout),
            log: self.log.or(other.log),
        }
    }
}

/// The options, if they go together.
pub(super) fn server_options(server: ServerArguments) -> Result<ServerOptions, UsageFault> {
    if server.demo.is_some() && !server.profiles.is_empty() {
        return Err(conflict("--demo and --profile do not go together"));
    }
    if server.demo.is_some() && server.connection.base_url.is_some() {
        return Err(conflict("--demo and --base-url do not go together"));
    }
    Ok(ServerOptions {
        profiles: server.profiles,
        base_url: server.connection.base_url,
        demo: server.demo.map(|name| if name.is_empty() { DemoAgent::First } else { DemoAgent::Named(name) }),
        is_read_only: server.read_only,
        timeout: server.connection.timeout,
        log: server.connection.log.map(LogTarget::from),
    })
}
