//! The agents that a command asks: one, some, or all.

use super::{Failure, World, make_agents};
use crate::agents::{
    AgentOptions, Agents, ConfiguredProfiles, Connection, KnownProfiles, TokenChoice, URL_VARIABLE,
};
use crate::cli::ServerOptions;
use crate::save::CallError;
use crate::settings::Settings;
use crate::words::{Audience, CallContext};

/// The agents that a command asks, and the way to open them.
#[derive(Debug)]
pub(super) struct Selection {
    pub(super) list: Vec<AgentOptions>,
    /// The user asked for more than one: a line each, an array in JSON.
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
        let (known, list) = match &world.demo {
            Some(demo) => {
                let known = KnownProfiles::Ready(demo.clone());
                let all = list_all(&known, options);
                (known, if is_all { all } else { all.into_iter().take(1).collect() })
            }
            None => list_configured(options, is_all, world)?,
        };
        // What the user typed counts here, and not how many agents are left of it: a script relies on the shape of the output.
        let is_list = is_all || options.profiles.len() > 1;
        Ok(Self { list, is_list, agents: make_agents(known, options)? })
    }

    /// What to say on stderr before anything else: a variable that does not count.
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

fn list_configured(
    options: &ServerOptions,
    is_all: bool,
    world: &World,
) -> Result<(KnownProfiles, Vec<AgentOptions>), Failure> {
    let configured = ConfiguredProfiles::load(world.environment.clone())?;
    // A name that is not there is a slip of the user's: no agent is asked then.
    for name in &options.profiles {
        configured.entry(name)?;
    }
    let known = KnownProfiles::Configured(configured);
    let preferred = agent_options(options, TokenChoice::Preferred);
    let list = if is_all {
        list_all(&known, options)
    } else if options.profiles.is_empty() {
        vec![preferred]
    } else {
        each_once(&options.profiles).map(|name| preferred.for_profile(name)).collect()
    };
    if list.is_empty() { Err(Failure::NoProfiles) } else { Ok((known, list)) }
}

fn list_all(known: &KnownProfiles, options: &ServerOptions) -> Vec<AgentOptions> {
    let options = agent_options(options, TokenChoice::Preferred);
    let outlines = known.outlines(&options).into_iter();
    outlines.filter_map(|outline| Some(options.for_profile(&outline.name?))).collect()
}

fn agent_options(options: &ServerOptions, choice: TokenChoice) -> AgentOptions {
    AgentOptions { choice, base_url: options.base_url.clone(), is_read_only: options.is_read_only }
}

fn each_once(names: &[String]) -> impl Iterator<Item = &String> {
    names.iter().enumerate().filter(|(place, name)| !names[..*place].contains(name)).map(|(_, name)| name)
}

/// Reads the configuration, with the tries that a read has.
pub(super) async fn read(connection: &Connection) -> Result<Settings, Failure> {
    let Connection { profile, client } = connection;
    let read = client.read_patiently(|_, _: &CallError| ()).await;
    read.map_err(|error| Failure::NotRead {
        error: Box::new(error),
        context: Box::new(CallContext::new(&profile.base_url, &profile.source, Audience::Shell)),
        renewal: profile.renewal(),
    })
}
