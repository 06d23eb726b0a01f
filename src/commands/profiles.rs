//! `profiles`: which there are. No token is read, and no server is asked.

use serde::Serialize;

use super::console::Console;
use super::failure::Failure;
use super::listing::name_width;
use super::world::World;
use crate::agents::{ConfiguredProfiles, ProfileEntry};
use crate::visible::excerpt;
use crate::words::Exit;

/// An element of the array of `profiles --json`.
#[derive(Serialize)]
struct ProfileJson<'a> {
    profile: &'a str,
    default: bool,
    base_url: String,
    agent: Option<&'a str>,
    token_source: String,
    protected: bool,
    read_only: bool,
}

pub(super) fn profiles(is_json: bool, world: &World, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let configured = ConfiguredProfiles::load(world.environment.clone())?;
    if let Some(error) = configured.stray_default() {
        console.tell(&format!("Warning: {error}"));
    }
    if let Some(warning) = configured.warn_of_winner() {
        console.tell(&format!("Note: {warning}."));
    }
    let is_default = |entry: &ProfileEntry| configured.default_profile() == Some(entry.name.as_str());
    if is_json {
        let list: Vec<_> =
            configured.entries().iter().map(|entry| to_json(entry, is_default(entry))).collect();
        console.json(&list);
        return Ok(Exit::Done);
    }
    if configured.entries().is_empty() {
        console.tell("There are no profiles yet; convrating login NAME makes one.");
    }
    let width = name_width(configured.entries().iter().map(|entry| Some(entry.name.as_str())));
    for entry in configured.entries() {
        console.say(&line(entry, is_default(entry), width));
    }
    Ok(Exit::Done)
}

fn to_json(entry: &ProfileEntry, default: bool) -> ProfileJson<'_> {
    ProfileJson {
        profile: &entry.name,
        default,
        base_url: entry.base_url.to_string(),
        agent: entry.scenario_id.as_deref(),
        token_source: entry.source.to_string(),
        protected: entry.is_protected,
        read_only: entry.is_read_only,
    }
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
