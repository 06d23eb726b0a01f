//! `login`: a token that works is stored, and its profile is pinned to its agent.
//!
//! ```text
//! name and file are sound ─► token, hidden ─► GET ─► tokens/NAME ─► config.toml
//! ```
//!
//! Nothing is stored unless the token could read.

use super::interrupt::Interrupts;
use super::target::read;
use super::{Console, Failure, World, give_way, log_file, off_thread, prompt, timing};
use crate::api::Client;
use crate::api::credentials::{BaseUrl, Token};
use crate::cli::Login;
use crate::private;
use crate::profile::config::{self, ConfigError, ConfigFault, LoginEdit, fault_of_name, with_login};
use crate::profile::roster::{ProfileError, Roster, Wish};
use crate::profile::{Profile, identity, token_source};
use crate::terminal::signals::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use crate::visible::excerpt;
use crate::words::Exit;

pub(super) async fn login(login: &Login, world: &World, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let interrupts = Interrupts::listen(&[SIGINT, SIGTERM, SIGHUP, SIGQUIT])?;
    let ended = add(login, world, &interrupts, console).await;
    give_way(&ended, false, &interrupts, console);
    ended
}

async fn add(
    login: &Login,
    world: &World,
    interrupts: &Interrupts,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    if let Some(fault) = fault_of_name(&login.name) {
        // Little of it: it may be a token in the wrong place.
        return Err(Failure::Name { name: excerpt(&login.name, 20), fault });
    }
    let roster = Roster::load(world.environment.clone())?;
    let base_url = base_url(&roster, login, console)?;
    let question = format!("Token for {} on {} (not shown): ", login.name, base_url.host());
    let mut ask = |text: &str| console.ask(text);
    // The echo comes back when all is done.
    let (typed, _echo) = prompt::hidden_line(&mut ask, &question, interrupts).await?;
    let token = Token::new(&typed).map_err(ProfileError::Typed)?;
    let mut profile = Profile::unnamed(base_url, token, "what was typed or piped in");
    check(login, &profile, interrupts).await?;
    profile.name = Some(login.name.clone());
    store(&roster, &profile, interrupts, console).await?;
    let agent = profile.identity.agent.as_deref().unwrap_or("unknown");
    let left = profile.identity.time_left(world.now()).map(|left| format!(", {left}")).unwrap_or_default();
    console.say(&format!("Stored {}: agent {agent} on {}{left}", login.name, profile.base_url.host()));
    Ok(Exit::Done)
}

/// `--base-url`, or the profile's own, or as for a token without a profile.
fn base_url(roster: &Roster, login: &Login, console: &mut Console<'_>) -> Result<BaseUrl, Failure> {
    let wish = Wish { base_url: login.reach.base_url.clone(), ..Wish::default() };
    match roster.entry(&login.name) {
        Ok(entry) if wish.base_url.is_none() => {
            if let Some(notice) = roster.ignored_url(entry, &wish) {
                console.tell(&notice);
            }
            Ok(entry.base_url.clone())
        }
        _ => Ok(roster.unnamed_url(&wish)?),
    }
}

/// Reads the configuration with the token: it works, or nothing is stored.
async fn check(login: &Login, profile: &Profile, interrupts: &Interrupts) -> Result<(), Failure> {
    let log = log_file(&login.reach)?.map(|log| log.of(&profile.base_url));
    let log = log.unwrap_or_else(|| std::sync::Arc::new(|_| ()));
    let client = Client::new(profile.base_url.clone(), profile.token.clone(), timing(&login.reach), log);
    interrupts.race(read(&client, profile)).await?.map(drop)
}

/// Stores the token and names it in the configuration file: both, or nothing. Two logins at a time do it one after the
/// other.
async fn store(
    roster: &Roster,
    profile: &Profile,
    interrupts: &Interrupts,
    console: &mut Console<'_>,
) -> Result<(), Failure> {
    let lock = roster.environment().login_lock();
    let held = interrupts.race(off_thread(move || private::lock(&lock))).await??;
    let _held = held.map_err(|error| Failure::NotStored(error.into()))?;
    let name = profile.name.as_deref().unwrap_or_default();
    let agent = identity::scenario_id(&profile.token);
    let path = roster.environment().config_file();
    let text = config::read(&path)?;
    let edit = LoginEdit { name, base_url: &profile.base_url, scenario_id: agent.as_deref() };
    let error = |fault| Failure::from(ConfigError { path: path.clone(), place: None, fault });
    let unwritable = |source, is_undone| error(ConfigFault::Unwritable { source, is_undone });
    let edited = with_login(&text, &edit)
        .ok_or_else(|| error(ConfigFault::Syntax("it cannot be edited".to_owned())))?;
    // All that can be known to fail fails before anything is changed.
    let edited = (edited != text).then(|| private::prepare(&path, edited.as_bytes())).transpose();
    let edited = edited.map_err(|source| unwritable(source, true))?;
    let stored =
        token_source::store(roster.environment(), name, &profile.token).map_err(Failure::NotStored)?;
    if let Some(Err(source)) = edited.map(private::Prepared::commit) {
        return Err(unwritable(source, stored.undo().is_ok()));
    }
    let before = roster.entry(name).ok().and_then(|entry| entry.scenario_id.clone());
    if let Some(before) = before.filter(|before| Some(before) != agent.as_ref()) {
        let (before, now) = (excerpt(&before, 60), excerpt(agent.as_deref().unwrap_or("unknown"), 60));
        console.tell(&format!("Note: {name} was for agent {before}; now it is for agent {now}."));
    }
    Ok(())
}
