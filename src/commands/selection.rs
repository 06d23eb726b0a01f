//! The agents that a command asks: one, some, or all.

use super::failure::Failure;
use super::news::Newsline;
use super::opening::{agent_options, helper_place, make_agents};
use super::world::World;
use crate::agents::{
    AgentOptions, Agents, ConfiguredProfiles, Connection, KnownProfiles, TokenChoice, URL_VARIABLE,
};
use crate::cli::ServerOptions;
use crate::settings::Settings;
use crate::words::{Audience, CallContext};

/// The agents that a command asks, and the way to open them.
#[derive(Debug)]
pub(super) struct Selection {
    pub(super) list: Vec<AgentOptions>,
    /// The user asked for more than one agent: the output has a line for each, or is a JSON array.
    pub(super) is_list: bool,
    pub(super) agents: Agents,
}

impl Selection {
    /// The agents that the command line asks for.
    ///
    /// # Errors
    /// The configuration file or the log cannot be used, or there is no profile.
    pub(super) fn from_options(
        options: &ServerOptions,
        is_all: bool,
        world: &World,
    ) -> Result<Self, Failure> {
        let known = match &world.demo {
            Some(demo) => KnownProfiles::Ready(demo.clone()),
            None => KnownProfiles::Configured(load_configured(options, world)?),
        };
        // The options decide, not the number of agents that are left: a script relies on the shape of the output.
        let is_list = is_all || options.profiles.len() > 1;
        let preferred = AgentOptions { helper_place: helper_place(is_list), ..agent_options(options) };
        let list = list_agents(&known, options, &preferred, is_all);
        if list.is_empty() {
            return Err(Failure::NoProfiles);
        }
        Ok(Self { list, is_list, agents: make_agents(known, options)? })
    }

    /// A sentence without a full stop that a variable wins over the profile that would be used without it.
    pub(super) fn winner(&self) -> Option<String> {
        let is_preferred = self.list.iter().any(|options| options.choice == TokenChoice::Preferred);
        match self.agents.known() {
            KnownProfiles::Configured(configured) if is_preferred => configured.warn_of_winner(),
            _ => None,
        }
    }

    /// A warning for stderr about an environment variable that is ignored.
    pub(super) fn warning(&self) -> Option<String> {
        let known = self.agents.known();
        let mut warnings: Vec<_> =
            self.list.iter().filter_map(|options| known.warn_of_ignored_url(options)).collect();
        match warnings.len() {
            0 | 1 => warnings.pop(),
            _ => Some(format!(
                "{URL_VARIABLE} is ignored, since each profile's token is for a host of its own"
            )),
        }
    }
}

/// Loads the profiles of this machine. Where the command line names a profile that is not among them, the command fails before
/// any server is asked.
fn load_configured(options: &ServerOptions, world: &World) -> Result<ConfiguredProfiles, Failure> {
    let configured = ConfiguredProfiles::load(world.environment.clone())?;
    for name in &options.profiles {
        configured.entry(name)?;
    }
    Ok(configured)
}

/// All agents, or those that the user named, or the preferred one. In the demo the first agent is the preferred one.
fn list_agents(
    known: &KnownProfiles,
    options: &ServerOptions,
    preferred: &AgentOptions,
    is_all: bool,
) -> Vec<AgentOptions> {
    let named = |name: &String| preferred.for_profile(name);
    let all = || known.outlines(preferred).into_iter().filter_map(|outline| outline.name);
    match known {
        _ if is_all => all().map(|name| named(&name)).collect(),
        KnownProfiles::Ready(_) => all().take(1).map(|name| named(&name)).collect(),
        KnownProfiles::Configured(_) if options.profiles.is_empty() => vec![preferred.clone()],
        KnownProfiles::Configured(_) => each_once(&options.profiles).map(named).collect(),
    }
}

fn each_once(names: &[String]) -> impl Iterator<Item = &String> {
    names.iter().enumerate().filter(|(place, name)| !names[..*place].contains(name)).map(|(_, name)| name)
}

/// Reads the configuration, and tries again after a failure as a read does.
pub(super) async fn read(connection: &Connection, newsline: &Newsline) -> Result<Settings, Failure> {
    let Connection { profile, client, .. } = connection;
    let read = client.read_patiently(|attempt, error| newsline.tell_of_retry(profile, attempt, error));
    read.await.map_err(|error| Failure::NotRead {
        error: Box::new(error),
        context: Box::new(CallContext::new(&profile.outline(), Audience::Shell)),
        renewal: profile.renewal(),
    })
}
