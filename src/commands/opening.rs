//! From the options of the command line to the agents that a command opens.

use std::path::Path;
use std::sync::Arc;

use super::failure::Failure;
use crate::agents::{AgentOptions, Agents, HelperPlace, KnownProfiles, Profile, TokenChoice};
use crate::api::Timing;
use crate::api::log_file::LogFile;
use crate::cli::{LogTarget, ServerOptions};
use crate::private::spoken;

/// Opens `known` profiles, with the times and the request log that the command line asks for.
///
/// # Errors
/// [`Failure::Log`]: the file of `--log` cannot be appended to.
pub(crate) fn make_agents(known: KnownProfiles, options: &ServerOptions) -> Result<Agents, Failure> {
    let agents = Agents::new(known).with_timing(timing(options));
    let Some(target) = &options.log else { return Ok(agents) };
    let file = open_log(target)?;
    Ok(agents.with_log(Arc::new(move |profile: &Profile| file.make_request_log(&profile.base_url))))
}

/// The options for the agent to open. Where the command line names several, they are for the first one.
pub(crate) fn agent_options(options: &ServerOptions) -> AgentOptions {
    let named = options.profiles.first().cloned();
    AgentOptions {
        choice: named.map_or(TokenChoice::Preferred, TokenChoice::Profile),
        base_url: options.base_url.clone(),
        is_read_only: options.is_read_only,
        helper_place: helper_place(options.profiles.len() > 1),
    }
}

/// Where the `token_command` of a profile runs. It may ask the user for something only if one profile is opened.
pub(super) fn helper_place(is_list: bool) -> HelperPlace {
    if is_list { HelperPlace::Background } else { HelperPlace::Foreground }
}

fn timing(options: &ServerOptions) -> Timing {
    let timing = Timing::default();
    match options.timeout {
        Some(bound) => timing.with_timeout(bound),
        None => timing,
    }
}

fn open_log(target: &LogTarget) -> Result<LogFile, Failure> {
    let (opened, path) = match target {
        LogTarget::Stderr => (LogFile::on_stderr(), Path::new("-")),
        LogTarget::File(path) => (LogFile::open(path), path.as_path()),
    };
    opened.map_err(|source| Failure::Log { path: path.to_owned(), reason: spoken(&source) })
}
