//! Who is asked: one, some, or all; and opening each of them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::{Failure, World, log_file, off_thread, timing};
use crate::api::log_file::LogFile;
use crate::api::{Client, Timing};
use crate::cli::Reach;
use crate::profile::Profile;
use crate::profile::config::Config;
use crate::profile::environment::Environment;
use crate::profile::roster::{Choice, Roster, URL_VARIABLE, Wish};
use crate::profile::token_source::Leash;
use crate::save::CallError;
use crate::settings::Settings;
use crate::words::{Audience, CallContext};

/// One who is asked.
#[derive(Clone, Debug)]
pub(super) enum Target {
    /// Whoever the order of precedence names; or the profile of this name.
    Wished(Wish),
    /// One whose token is at hand: the demo's.
    Ready(Box<Profile>),
}

/// What keeps a profile from being changed just so.
#[derive(Clone, Debug)]
pub(super) struct Guards {
    /// Whose they are.
    pub(super) name: String,
    /// Saving asks first.
    pub(super) is_protected: bool,
    /// It never writes.
    pub(super) is_read_only: bool,
}

/// All who are asked.
#[derive(Debug)]
pub(super) struct Targets {
    pub(super) list: Vec<Target>,
    /// More than one was asked for: a line each, an array in JSON.
    pub(super) is_list: bool,
    pub(super) opener: Arc<Opener>,
}

/// What opens targets and makes clients; shared by all jobs of a run.
#[derive(Debug)]
pub(super) struct Opener {
    /// Without a profile or a variable in the demo, which never looks at a real token.
    roster: Roster,
    timing: Timing,
    log: Option<LogFile>,
    /// One client for each base URL; those of further tokens stand beside it.
    clients: Mutex<HashMap<String, Client>>,
}

impl Targets {
    /// Who is asked, by what the command line says.
    ///
    /// # Errors
    /// When the configuration file or the log cannot be used, or there is nobody.
    pub(super) fn of(reach: &Reach, is_all: bool, world: &World) -> Result<Self, Failure> {
        let make_opener = |roster| -> Result<_, Failure> {
            let (timing, log) = (timing(reach), log_file(reach)?);
            Ok(Arc::new(Opener { roster, timing, log, clients: Mutex::default() }))
        };
        if let Some(demo) = &world.demo {
            let nobody = Roster::new(Environment::default(), Config::default());
            let count = if is_all { demo.len() } else { 1 };
            let ready = demo.iter().take(count).map(|profile| Target::Ready(Box::new(profile.clone())));
            return Ok(Self { list: ready.collect(), is_list: is_all, opener: make_opener(nobody)? });
        }
        let roster = Roster::load(world.environment.clone())?;
        let wish = |name: Option<&String>| {
            let (base_url, is_read_only) = (reach.base_url.clone(), reach.is_read_only);
            Target::Wished(Wish { profile: name.cloned(), base_url, is_read_only })
        };
        let list: Vec<_> = if is_all {
            roster.entries().iter().map(|entry| wish(Some(&entry.name))).collect()
        } else if reach.profiles.is_empty() {
            vec![wish(None)]
        } else {
            each_once(&reach.profiles).map(|name| wish(Some(name))).collect()
        };
        if list.is_empty() {
            return Err(Failure::NoProfiles);
        }
        // A name that is not there is a slip of whoever typed it: nobody is asked anything.
        for name in &reach.profiles {
            roster.entry(name)?;
        }
        // By what was given, not by what is left of it: who writes a script knows what it prints.
        let is_list = is_all || reach.profiles.len() > 1;
        Ok(Self { list, is_list, opener: make_opener(roster)? })
    }
}

fn each_once(names: &[String]) -> impl Iterator<Item = &String> {
    names.iter().enumerate().filter(|(place, name)| !names[..*place].contains(name)).map(|(_, name)| name)
}

impl Targets {
    /// What to tell on stderr before anything else, once: a variable that does not count.
    pub(super) fn notice(&self) -> Option<String> {
        let mut notices: Vec<_> = self.list.iter().filter_map(|target| self.opener.notice(target)).collect();
        match notices.len() {
            0 | 1 => notices.pop(),
            _ => Some(format!(
                "{URL_VARIABLE} is ignored, since each profile's token is for a host of its own"
            )),
        }
    }
}

impl Target {
    /// The profile's name as far as it is known without a token.
    pub(super) fn name(&self) -> Option<&str> {
        match self {
            Self::Wished(wish) => wish.profile.as_deref(),
            Self::Ready(profile) => profile.name.as_deref(),
        }
    }
}

impl Opener {
    pub(super) fn roster(&self) -> &Roster {
        &self.roster
    }

    /// A variable that does not count beside this target.
    fn notice(&self, target: &Target) -> Option<String> {
        let Target::Wished(wish) = target else { return None };
        match self.roster.choose(wish.profile.as_deref()) {
            Ok(Choice::Profile(entry)) => self.roster.ignored_url(entry, wish),
            Ok(Choice::Variable) | Err(_) => None,
        }
    }

    /// What the configuration file says, without getting a token; `None` where nothing guards the target.
    pub(super) fn guards(&self, target: &Target) -> Option<Guards> {
        match target {
            Target::Ready(profile) => Some(Guards {
                name: profile.name.clone().unwrap_or_default(),
                is_protected: profile.is_protected,
                is_read_only: profile.is_read_only,
            }),
            Target::Wished(wish) => match self.roster.choose(wish.profile.as_deref()) {
                Ok(Choice::Profile(entry)) => Some(Guards {
                    name: entry.name.clone(),
                    is_protected: entry.is_protected,
                    is_read_only: entry.is_read_only,
                }),
                Ok(Choice::Variable) | Err(_) => None,
            },
        }
    }

    /// Gets the target's token, on a thread of its own: a `token_command` may take its time. It is ended when nobody
    /// waits here any more.
    pub(super) async fn open(self: &Arc<Self>, target: &Target) -> Result<Profile, Failure> {
        let wish = match target {
            Target::Ready(profile) => return Ok((**profile).clone()),
            Target::Wished(wish) => wish.clone(),
        };
        let (shared, held) = (Arc::clone(self), Held::default());
        let leash = held.0.clone();
        let opened = off_thread(move || shared.roster.open_held(&wish, &leash)).await?;
        Ok(opened?)
    }

    /// A client for `profile`, on the connections of the others that go to the same place.
    pub(super) fn client(&self, profile: &Profile) -> Client {
        let log = self
            .log
            .as_ref()
            .map_or_else(|| Arc::new(|_| ()) as crate::api::RequestLog, |log| log.of(&profile.base_url));
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let first = clients.entry(profile.base_url.to_string()).or_insert_with(|| {
            Client::new(
                profile.base_url.clone(),
                profile.token.clone(),
                self.timing.clone(),
                Arc::new(|_| ()),
            )
        });
        first.beside(profile.token.clone(), log)
    }
}

/// Cuts the leash when it goes.
#[derive(Default)]
struct Held(Leash);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.cut();
    }
}

/// Reads the configuration, patiently.
pub(super) async fn read(client: &Client, profile: &Profile) -> Result<Settings, Failure> {
    let read = client.read_patiently(|_, _: &CallError| ()).await;
    read.map_err(|error| Failure::NotRead {
        error: Box::new(error),
        context: Box::new(CallContext::new(profile, Audience::Shell)),
        renewal: profile.renewal(),
    })
}
