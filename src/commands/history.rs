//! `history`: prints the saves that were made from this machine, the oldest first.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::console::Console;
use super::failure::Failure;
use super::world::World;
use crate::journal::{History, SavedLine};
use crate::visible::{excerpt, visible};
use crate::words::{Exit, describe_empty_history, list_saved_changes, name_author};

pub(super) fn history(
    profile: Option<&str>,
    is_json: bool,
    world: &World,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let path = world.environment.history_file();
    let history = History::read(&path).map_err(Failure::History)?;
    if history.unreadable > 0 {
        let path = path.to_string_lossy();
        console.tell(&format!("{} of {} could not be read.", lines(history.unreadable), visible(&path)));
    }
    let is_asked = |saved: &&SavedLine| profile.is_none_or(|name| saved.profile.as_deref() == Some(name));
    let saves: Vec<_> = history.saves.iter().filter(is_asked).collect();
    if is_json {
        console.json(&saves);
        return Ok(Exit::Done);
    }
    if saves.is_empty() {
        let with = profile.map(|name| format!(" with the profile {}", excerpt(name, 60))).unwrap_or_default();
        console.tell(&describe_empty_history(&with));
    }
    let zone = (world.clock)().time_zone().clone();
    for saved in saves {
        console.say(&line(saved, &zone));
    }
    Ok(Exit::Done)
}

fn lines(count: usize) -> String {
    if count == 1 { "1 line".to_owned() } else { format!("{count} lines") }
}

fn line(saved: &SavedLine, zone: &TimeZone) -> String {
    let time = saved.time.map_or_else(|| "unknown time".to_owned(), |time| local_time(time, zone));
    let text = |text: &Option<String>| visible(text.as_deref().unwrap_or("-")).into_owned();
    format!(
        "{time:19}  {:9}  {} ({}, {})  {}  {}",
        saved.outcome.to_string(),
        text(&saved.profile),
        text(&saved.agent),
        text(&saved.host),
        list_saved_changes(saved),
        name_author(saved),
    )
}

fn local_time(time: Timestamp, zone: &TimeZone) -> String {
    time.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string()
}
