//! `history`: prints saves that were made from this machine, the newest last, where a terminal's reader looks first.

use jiff::Timestamp;

use super::console::Console;
use super::failure::Failure;
use super::world::World;
use crate::cli::{HistoryOptions, Since};
use crate::journal::{NewestFirst, OldestFirst, SavedLine, render_time};
use crate::private::ReadError;
use crate::visible::{excerpt, visible};
use crate::words::{Exit, describe_empty_history, describe_newest, list_saved_changes, name_author};

pub(super) fn history(
    options: &HistoryOptions,
    world: &World,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let since = options.since.as_ref().map(|since| find_moment(since, world)).transpose()?;
    let printed = print_saves(options, since, world, console).map_err(Failure::History)?;
    if options.is_json {
        console.end_json_array(printed);
    } else if printed == 0 {
        let name = options.profile.as_ref().map(|name| excerpt(name, 60));
        let with = name.map(|name| format!(" with the profile {name}")).unwrap_or_default();
        console.tell(&describe_empty_history(&with, since));
    } else if options.is_limit_implied
        && Some(printed) == options.limit
        && console.streams().is_stdout_terminal
    {
        console.flush();
        console.tell(&describe_newest(printed));
    }
    Ok(Exit::Done)
}

fn find_moment(since: &Since, world: &World) -> Result<Timestamp, Failure> {
    let moment = since.moment((world.clock)().time_zone());
    moment.map_err(|error| Failure::Usage { message: format!("--since: {error}"), usage: None })
}

/// Prints the saves that are asked for, one block of the file at a time. Returns how many.
fn print_saves(
    options: &HistoryOptions,
    since: Option<Timestamp>,
    world: &World,
    console: &mut Console<'_>,
) -> Result<usize, ReadError> {
    let path = world.environment.history_file();
    let Some(history) = NewestFirst::open(&path)? else { return Ok(0) };
    let is_asked = |saved: &SavedLine| {
        let is_of_profile = options.profile.as_ref().is_none_or(|name| saved.profile.as_ref() == Some(name));
        is_of_profile && since.is_none_or(|since| saved.time.is_some_and(|time| time >= since))
    };
    let mut found = OldestFirst::find(history, options.limit, is_asked)?;
    if found.unreadable > 0 {
        let path = path.to_string_lossy();
        console.tell(&format!("{} of {} could not be read.", lines(found.unreadable), visible(&path)));
    }
    let mut printed = 0;
    // The reader of a closed pipe wants no more.
    while !console.is_broken()
        && let Some(saves) = found.read_block()?
    {
        for saved in &saves {
            if options.is_json {
                console.json_element(printed, saved);
            } else {
                console.say(&line(saved));
            }
            printed += 1;
        }
    }
    Ok(printed)
}

fn lines(count: usize) -> String {
    if count == 1 { "1 line".to_owned() } else { format!("{count} lines") }
}

fn line(saved: &SavedLine) -> String {
    let time = saved.time.map_or_else(|| "unknown time".to_owned(), render_time);
    let text = |text: &Option<String>| visible(text.as_deref().unwrap_or("-")).into_owned();
    format!(
        "{time:24}  {:9}  {} ({}, {})  {}  {}",
        saved.outcome.to_string(),
        text(&saved.profile),
        text(&saved.agent),
        text(&saved.host),
        list_saved_changes(saved),
        name_author(saved),
    )
}
