//! `login`: a token that works is stored, and its profile is pinned to its agent.
//!
//! ```text
//! name and file are sound ─► token, hidden ─► GET ─► tokens/NAME ─► config.toml
//! ```
//!
//! Nothing is stored unless the server let the token read.

use super::console::Console;
use super::ending::give_way;
use super::failure::Failure;
use super::interrupt::Interrupts;
use super::opening::make_agents;
use super::prompt;
use super::selection::read;
use super::world::World;
use crate::agents::{
    AgentOptions, ConfigError, ConfigFault, ConfiguredProfiles, KnownProfiles, LoginEdit, Profile,
    ProfileError, TokenSource, apply_login, check_name, parse_scenario_id, read_config, run_blocking,
    store_token,
};
use crate::api::credentials::{BaseUrl, Token};
use crate::cli::Login;
use crate::private;
use crate::visible::excerpt;
use crate::words::Exit;

pub(super) async fn login(login: &Login, world: &World, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let interrupts = Interrupts::listen()?;
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
    // Little of the name is shown: it may be a token in the wrong place.
    check_name(&login.name).map_err(|fault| Failure::Name { name: excerpt(&login.name, 20), fault })?;
    let configured = ConfiguredProfiles::load(world.environment.clone())?;
    let base_url = base_url(&configured, login, console)?;
    let question = format!("Token for {} on {} (not shown): ", login.name, base_url.host());
    let mut ask = |text: &str| console.ask(text);
    // The echo comes back when all is done.
    let (typed, _echo) = prompt::read_hidden_line(&mut ask, &question, interrupts).await?;
    let token = Token::from_bytes(&typed).map_err(ProfileError::Typed)?;
    let profile = Profile::unnamed(base_url, token, TokenSource::Input);
    let profile = check(login, &configured, profile, interrupts).await?;
    store(&configured, &login.name, &profile, interrupts, console).await?;
    let agent = profile.identity.agent.as_deref().unwrap_or("unknown");
    let left = profile.identity.time_left(world.now()).map(|left| format!(", {left}")).unwrap_or_default();
    console.say(&format!("Stored {}: agent {agent} on {}{left}", login.name, profile.base_url.host()));
    Ok(Exit::Done)
}

/// `--base-url`, or the profile's own, or as for a token without a profile.
fn base_url(
    configured: &ConfiguredProfiles,
    login: &Login,
    console: &mut Console<'_>,
) -> Result<BaseUrl, Failure> {
    let options = AgentOptions { base_url: login.server.base_url.clone(), ..AgentOptions::default() };
    match configured.entry(&login.name) {
        Ok(entry) if options.base_url.is_none() => {
            if let Some(warning) = configured.warn_of_ignored_url(entry, &options) {
                console.tell(&warning);
            }
            Ok(entry.base_url.clone())
        }
        _ => Ok(configured.unnamed_url(&options)?),
    }
}

/// Reads the configuration with the token: it works, or nothing is stored.
async fn check(
    login: &Login,
    configured: &ConfiguredProfiles,
    profile: Profile,
    interrupts: &Interrupts,
) -> Result<Profile, Failure> {
    let agents = make_agents(KnownProfiles::Configured(configured.clone()), &login.server)?;
    let connection = agents.connect(profile);
    interrupts.race(read(&connection)).await??;
    Ok(connection.profile)
}

/// Stores the token and names it in the configuration file: both, or nothing. Two logins at a time do it one after the
/// other.
async fn store(
    configured: &ConfiguredProfiles,
    name: &str,
    profile: &Profile,
    interrupts: &Interrupts,
    console: &mut Console<'_>,
) -> Result<(), Failure> {
    let environment = configured.environment();
    let lock = environment.login_lock();
    let held = interrupts.race(run_blocking(move || private::lock(&lock))).await?;
    let _held = held.map_err(|error| Failure::NotStored(error.into()))?;
    let agent = parse_scenario_id(&profile.token);
    let path = environment.config_file();
    let text = read_config(&path)?;
    let edit = LoginEdit { name, base_url: &profile.base_url, scenario_id: agent.as_deref() };
    let error = |fault| Failure::from(ConfigError { path: path.clone(), place: None, fault });
    let unwritable = |source, is_undone| error(ConfigFault::Unwritable { source, is_undone });
    let edited = apply_login(&text, &edit)
        .ok_or_else(|| error(ConfigFault::Syntax("it cannot be edited".to_owned())))?;
    // What can fail before anything is changed fails here.
    let edited = (edited != text).then(|| private::prepare(&path, edited.as_bytes())).transpose();
    let edited = edited.map_err(|source| unwritable(source, true))?;
    let stored = store_token(environment, name, &profile.token).map_err(Failure::NotStored)?;
    if let Some(Err(source)) = edited.map(private::Prepared::commit) {
        return Err(unwritable(source, stored.undo().is_ok()));
    }
    let before = configured.entry(name).ok().and_then(|entry| entry.scenario_id.clone());
    if let Some(before) = before.filter(|before| Some(before) != agent.as_ref()) {
        let (before, now) = (excerpt(&before, 60), excerpt(agent.as_deref().unwrap_or("unknown"), 60));
        console.tell(&format!("Note: {name} was for agent {before}; now it is for agent {now}."));
    }
    Ok(())
}
