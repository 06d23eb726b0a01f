//! `login`: a token that works is stored, and its profile is pinned to its agent.
//!
//! ```text
//! name and file are sound ─► token, hidden ─► is it the profile's agent ─► GET ─► tokens/NAME ─► config.toml
//! ```
//!
//! Nothing is stored unless the server let the token read.

use super::change::take_lock;
use super::console::Console;
use super::ending::give_way;
use super::failure::Failure;
use super::interrupt::Interrupts;
use super::news::{Newsline, tell_meanwhile};
use super::opening::make_agents;
use super::prompt;
use super::selection::read;
use super::world::World;
use crate::agents::{
    AgentOptions, ConfiguredProfiles, KnownProfiles, Profile, ProfileError, StoredProfile, TokenSource,
    check_name, check_pin_of_login,
};
use crate::api::credentials::{BaseUrl, Token};
use crate::cli::Login;
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
    let configured = ConfiguredProfiles::load_or_empty(world.environment.clone())?;
    let base_url = base_url(&configured, login, console)?;
    let question = format!("Token for {} on {} (not shown): ", login.name, base_url.host());
    let mut ask = |text: &str| console.ask(text);
    let (typed, echo) = prompt::read_hidden_line(&mut ask, &question, interrupts).await?;
    // The echo comes back when all is done.
    prompt::hidden_during(echo, accept(login, &typed, (&configured, base_url), world, interrupts, console))
        .await
}

/// Checks the token that the user typed, and stores it.
async fn accept(
    login: &Login,
    typed: &[u8],
    (configured, base_url): (&ConfiguredProfiles, BaseUrl),
    world: &World,
    interrupts: &Interrupts,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let token = Token::from_bytes(typed).map_err(ProfileError::Typed)?;
    let profile = Profile::unnamed(base_url, token, TokenSource::Input);
    if let Ok(entry) = configured.entry(&login.name) {
        check_pin_of_login(entry, &profile)?;
    }
    let profile = check(login, configured, profile, interrupts, console).await?;
    store(&login.name, &profile, world, interrupts, console).await?;
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
    console: &mut Console<'_>,
) -> Result<Profile, Failure> {
    let agents = make_agents(KnownProfiles::Configured(configured.clone()), &login.server)?;
    let connection = agents.connect(profile);
    let (newsline, mut news) = Newsline::open();
    let reading = tell_meanwhile(read(&connection, &newsline), &mut news, |news| console.tell(&news.line));
    interrupts.race(reading).await??;
    Ok(connection.profile)
}

/// Stores the token and names it in the configuration file. Two logins at a time do it one after the other.
async fn store(
    name: &str,
    profile: &Profile,
    world: &World,
    interrupts: &Interrupts,
    console: &mut Console<'_>,
) -> Result<(), Failure> {
    let lock = take_lock(&world.environment, interrupts, console).await?;
    let StoredProfile { same_agent } = lock.store(name, profile)?;
    if !same_agent.is_empty() {
        let agent = profile.identity.agent.as_deref().unwrap_or("unknown");
        console.tell(&format!("Note: agent {agent} is also the agent of: {}.", same_agent.join(", ")));
    }
    let now = ConfiguredProfiles::load_or_empty(world.environment.clone())?;
    if let Some(warning) = now.warn_of_winner_over(name) {
        console.tell(&format!("Note: {warning}."));
    }
    Ok(())
}
