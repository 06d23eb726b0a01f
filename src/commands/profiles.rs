//! `profiles`: which there are. No token is read, and no server is asked.

use super::console::Console;
use super::failure::Failure;
use super::listing::name_width;
use super::world::World;
use crate::agents::{ConfiguredProfiles, ProfileEntry};
use crate::visible::excerpt;
use crate::words::Exit;

pub(super) fn profiles(world: &World, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let configured = ConfiguredProfiles::load(world.environment.clone())?;
    if let Some(error) = configured.stray_default() {
        console.tell(&format!("Warning: {error}"));
    }
    if configured.entries().is_empty() {
        console.tell("There are no profiles yet; convrating login NAME makes one.");
    }
    let width = name_width(configured.entries().iter().map(|entry| Some(entry.name.as_str())));
    for entry in configured.entries() {
        let is_default = configured.default_profile() == Some(entry.name.as_str());
        console.say(&line(entry, is_default, width));
    }
    Ok(Exit::Done)
}

fn line(entry: &ProfileEntry, is_default: bool, width: usize) -> String {
    let mark = if is_default { '*' } else { ' ' };
    let agent = entry
        .scenario_id
        .as_deref()
        .map_or_else(|| "any agent".to_owned(), |agent| format!("agent {}", excerpt(agent, 60)));
    let guards = [(entry.is_protected, "  [PROTECTED]"), (entry.is_read_only, "  [READ ONLY]")];
    let guards: String = guards.iter().filter(|(is_so, _)| *is_so).map(|(_, mark)| *mark).collect();
    let (name, host) = (&entry.name, entry.base_url.host());
    format!("{mark} {name:width$}  {host}  {agent}  token from {}{guards}", entry.source)
}
