//! `login`: a token that works is stored, and its profile is pinned to its agent.
//!
//! ```text
//! name and file are sound ─► token, hidden ─► GET ─► tokens/NAME ─► config.toml
//! ```
//!
//! Nothing is stored unless the token could read.

use super::interrupt::Interrupts;
use super::target::read;
use super::{Console, Failure, World, log_file, prompt, timing};
use crate::api::Client;
use crate::api::credentials::{BaseUrl, Token};
use crate::cli::Login;
use crate::exit::Exit;
use crate::private;
use crate::profile::config::{self, ConfigError, ConfigFault, LoginEdit, fault_of_name, with_login};
use crate::profile::roster::{ProfileError, Roster, Wish};
use crate::profile::{Profile, identity, token_source};
use crate::visible::excerpt;
use signal_hook::consts::SIGINT;

pub(super) async fn login(login: &Login, world: &World, console: &mut Console<'_>) -> Result<Exit, Failure> {
    if let Some(fault) = fault_of_name(&login.name) {
        return Err(Failure::Name { name: excerpt(&login.name, 60), fault });
    }
    let roster = Roster::load(world.environment.clone())?;
    let base_url = base_url(&roster, login, console)?;
    let token = token(login, &base_url, console)?;
    let mut profile = Profile::unnamed(base_url, token, "what was typed or piped in");
    check(login, &profile).await?;
    profile.name = Some(login.name.clone());
    store(&roster, &profile, console)?;
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

fn token(login: &Login, base_url: &BaseUrl, console: &mut Console<'_>) -> Result<Token, Failure> {
    let question = format!("Token for {} on {} (not shown): ", login.name, base_url.host());
    let typed = prompt::hidden_line(&mut |text| console.ask(text), &question)?;
    Token::new(&typed).map_err(|fault| ProfileError::Typed(fault).into())
}

/// Reads the configuration with the token: it works, or nothing is stored.
async fn check(login: &Login, profile: &Profile) -> Result<(), Failure> {
    let log = log_file(&login.reach)?.map(|log| log.of(&profile.base_url));
    let log = log.unwrap_or_else(|| std::sync::Arc::new(|_| ()));
    let client = Client::new(profile.base_url.clone(), profile.token.clone(), timing(&login.reach), log);
    let interrupts = Interrupts::listen(&[SIGINT])?;
    tokio::select! {
        read = read(&client, profile) => read.map(drop),
        () = interrupts.first() => Err(Failure::Interrupted),
    }
}

fn store(roster: &Roster, profile: &Profile, console: &mut Console<'_>) -> Result<(), Failure> {
    let name = profile.name.as_deref().unwrap_or_default();
    let agent = identity::scenario_id(&profile.token);
    let before = roster.entry(name).ok().and_then(|entry| entry.scenario_id.clone());
    let path = roster.environment().config_file();
    let text = config::read(&path)?;
    let edit = LoginEdit { name, base_url: &profile.base_url, scenario_id: agent.as_deref() };
    let error = |fault| Failure::from(ConfigError { path: path.clone(), place: None, fault });
    let edited = with_login(&text, &edit)
        .ok_or_else(|| error(ConfigFault::Syntax("it cannot be edited".to_owned())))?;
    token_source::store(roster.environment(), name, &profile.token).map_err(Failure::NotStored)?;
    private::replace(&path, edited.as_bytes()).map_err(|source| error(ConfigFault::Unwritable(source)))?;
    if let Some(before) = before.filter(|before| Some(before) != agent.as_ref()) {
        let now = agent.as_deref().unwrap_or("unknown");
        console.tell(&format!(
            "Note: {name} was for agent {}; now it is for agent {}.",
            excerpt(&before, 60),
            excerpt(now, 60)
        ));
    }
    Ok(())
}
