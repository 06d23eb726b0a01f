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
    pub(super) asked: Asked,
    pub(super) agents: Agents,
}

/// Which agents a command asks. The options decide, not the number of agents: a script relies on the shape of the output.
#[derive(Debug)]
pub(super) enum Asked {
    /// One agent, and the output is about it alone.
    One(AgentOptions),
    /// The user asked for more than one: the output has a line for each, or is a JSON array.
    List(Vec<AgentOptions>),
}

impl Selection {
    /// The agents that the command line asks for.
    ///
    /// # Errors
    /// The configuration file or the log cannot be used, or all profiles are asked for and there is none.
    pub(super) fn from_options(
        options: &ServerOptions,
        is_all: bool,
        world: &World,
    ) -> Result<Self, Failure> {
        let known = match &world.demo {
            Some(demo) => KnownProfiles::Ready(demo.clone()),
            None => KnownProfiles::Configured(load_configured(options, world)?),
        };
        let is_list = is_all || options.profiles.len() > 1;
        let preferred = AgentOptions { helper_place: helper_place(is_list), ..agent_options(options) };
        let asked = if is_list {
            Asked::List(list_agents(&known, options, &preferred, is_all)?)
        } else {
            Asked::One(name_agent(&known, preferred))
        };
        Ok(Self { asked, agents: make_agents(known, options)? })
    }

    /// A sentence without a full stop that a variable wins over the profile that would be used without it.
    pub(super) fn winner(&self) -> Option<String> {
        match (self.agents.known(), &self.asked) {
            (
                KnownProfiles::Configured(configured),
                Asked::One(AgentOptions { choice: TokenChoice::Preferred, .. }),
            ) => configured.warn_of_winner(),
            _ => None,
        }
    }

    /// A warning for stderr about an environment variable that is ignored.
    pub(super) fn warning(&self) -> Option<String> {
        let warn = |options| self.agents.known().warn_of_ignored_url(options);
        let list = match &self.asked {
            Asked::One(options) => return warn(options),
            Asked::List(list) => list,
        };
        let mut warnings: Vec<_> = list.iter().filter_map(warn).collect();
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

/// All agents, or those that the user named.
fn list_agents(
    known: &KnownProfiles,
    options: &ServerOptions,
    preferred: &AgentOptions,
    is_all: bool,
) -> Result<Vec<AgentOptions>, Failure> {
    if !is_all {
        return Ok(each_once(&options.profiles).map(|name| preferred.for_profile(name)).collect());
    }
    let names = known.outlines(preferred).into_iter().filter_map(|outline| outline.name);
    let all: Vec<_> = names.map(|name| preferred.for_profile(&name)).collect();
    if all.is_empty() { Err(Failure::NoProfiles) } else { Ok(all) }
}

/// The preferred agent. In the demo it is the first one, and is named.
fn name_agent(known: &KnownProfiles, preferred: AgentOptions) -> AgentOptions {
    match known {
        KnownProfiles::Ready(profiles) => {
            let first = profiles.first().and_then(|profile| profile.name.as_ref());
            first.map(|name| preferred.for_profile(name)).unwrap_or(preferred)
        }
        KnownProfiles::Configured(_) => preferred,
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
