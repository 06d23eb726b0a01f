//! `profiles default`, `rename` and `remove`, and `logout`: the file of profiles and the stored tokens are changed, and no
//! server is asked.

use super::console::Console;
use super::ending::give_way;
use super::failure::Failure;
use super::interrupt::Interrupts;
use super::prompt::ask_yes;
use super::world::World;
use crate::agents::{ChangeLock, ConfiguredProfiles, Environment, ProfileEntry, ReadableSource};
use crate::cli::ProfileChange;
use crate::visible::excerpt;
use crate::words::Exit;

pub(super) async fn change(
    change: &ProfileChange,
    world: &World,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let interrupts = Interrupts::listen()?;
    let ended = change_profile(change, world, &interrupts, console).await;
    give_way(&ended, false, &interrupts, console);
    ended
}

async fn change_profile(
    change: &ProfileChange,
    world: &World,
    interrupts: &Interrupts,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let configured = ConfiguredProfiles::load(world.environment.clone())?;
    if let ProfileChange::Remove { name, is_confirmed: false } = change {
        confirm(configured.entry(name)?, interrupts, console).await?;
    }
    let lock = take_lock(&world.environment, interrupts, console).await?;
    let done = match change {
        ProfileChange::Default(name) => lock.set_default(name).map(|()| format!("{name} is the default"))?,
        ProfileChange::Rename { old, new } => {
            lock.rename(old, new).map(|()| format!("Renamed {old}: it is {new} now"))?
        }
        ProfileChange::Remove { name, .. } => {
            let entry = configured.entry(name)?;
            lock.remove(name).map(|()| format!("Removed {name}{}", describe_rest(entry)))?
        }
    };
    console.say(&done);
    warn_of_winner(change, world, console)?;
    Ok(Exit::Done)
}

/// Says that a variable wins over the default that was just made.
fn warn_of_winner(change: &ProfileChange, world: &World, console: &mut Console<'_>) -> Result<(), Failure> {
    let ProfileChange::Default(name) = change else { return Ok(()) };
    let configured = ConfiguredProfiles::load(world.environment.clone())?;
    if let Some(warning) = configured.warn_of_winner_over(name) {
        console.tell(&format!("Note: {warning}."));
    }
    Ok(())
}

/// What stays of a removed profile: a token that `login` did not store.
fn describe_rest(entry: &ProfileEntry) -> String {
    match &entry.source {
        ReadableSource::Stored => " and its stored token".to_owned(),
        source => format!("; its token stays where it is ({source})"),
    }
}

/// Asks on a terminal whether the profile shall go.
async fn confirm(
    entry: &ProfileEntry,
    interrupts: &Interrupts,
    console: &mut Console<'_>,
) -> Result<(), Failure> {
    let name = entry.name.clone();
    if !console.streams().is_stdin_terminal {
        return Err(Failure::RemovalUnasked(name));
    }
    let agent = entry
        .scenario_id
        .as_deref()
        .map_or("any agent".to_owned(), |agent| format!("agent {}", excerpt(agent, 60)));
    let question = format!("Remove {name} ({agent} on {})?", entry.base_url.host());
    if ask_yes(&question, interrupts, console).await? { Ok(()) } else { Err(Failure::RemovalDeclined(name)) }
}

/// The right to change profiles. Where another run has it, the user is told, and it is waited for.
///
/// # Errors
/// The state directory cannot be used, or Ctrl-C.
pub(super) async fn take_lock(
    environment: &Environment,
    interrupts: &Interrupts,
    console: &mut Console<'_>,
) -> Result<ChangeLock, Failure> {
    if let Some(lock) = ChangeLock::try_take(environment)? {
        return Ok(lock);
    }
    console.tell("waiting for another convrating login");
    Ok(interrupts.race(ChangeLock::wait(environment)).await??)
}
