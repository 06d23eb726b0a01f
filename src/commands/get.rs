//! `get`: prints the configuration, as text or as JSON.

use serde::Serialize;

use super::console::Console;
use super::ending::give_way;
use super::failure::Failure;
use super::interrupt::Interrupts;
use super::listing::{AgentAnswer, Listing, name_width};
use super::news::{Newsline, tell_meanwhile};
use super::render::{profile_words, questions, table};
use super::selection::{Asked, Selection};
use super::world::World;
use crate::agents::{AgentOptions, Agents, Profile};
use crate::cli::Query;
use crate::settings::{Item, Position, Settings, Switch};
use crate::words::Exit;

pub(super) async fn get(query: &Query, world: &World, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let interrupts = Interrupts::listen()?;
    let ended = get_selected(query, world, &interrupts, console).await;
    give_way(&ended, query.is_json, &interrupts, console);
    ended
}

async fn get_selected(
    query: &Query,
    world: &World,
    interrupts: &Interrupts,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let selection = Selection::from_options(&query.server, query.is_all, world)?;
    selection.warning().iter().for_each(|warning| console.tell(warning));
    let Selection { asked, agents } = selection;
    let options = match asked {
        Asked::One(options) => options,
        Asked::List(list) => return Ok(get_all(agents, list, query.is_json, interrupts, console).await),
    };
    let (newsline, mut news) = Newsline::open();
    let asking = AgentAnswer::ask(agents, options, newsline);
    let asking = tell_meanwhile(asking, &mut news, |news| console.tell(&news.line));
    let answer = interrupts.race(asking).await?;
    let settings = answer.result?;
    if query.is_json {
        console.json(&settings);
    } else {
        answer.profile.iter().for_each(|profile| console.say(&header(profile, world.now())));
        console.say(&configuration(&settings));
    }
    Ok(Exit::Done)
}

async fn get_all(
    agents: Agents,
    list: Vec<AgentOptions>,
    is_json: bool,
    interrupts: &Interrupts,
    console: &mut Console<'_>,
) -> Exit {
    let width = name_width(list.iter().map(AgentOptions::profile_name));
    let listing = Listing::begin(console, is_json, list.len());
    let (newsline, mut news) = Newsline::open();
    let jobs = list.into_iter().map(|options| AgentAnswer::ask(agents.clone(), options, newsline.clone()));
    let to_json = |settings: &Settings| ConfigurationJson { configuration: settings.clone() };
    let tell = |listing: &mut Listing<'_, '_>, answer: AgentAnswer<Settings>| {
        listing.add(answer.exit(), || line(&answer, width), || answer.to_json(to_json));
    };
    listing.fill(jobs, &mut news, interrupts, tell).await
}

/// `{"configuration"}`.
#[derive(Serialize)]
struct ConfigurationJson {
    configuration: Settings,
}

fn line(answer: &AgentAnswer<Settings>, width: usize) -> String {
    let (state, rest) = match &answer.result {
        Ok(settings) => (states(settings), questions(settings).join(", ")),
        Err(failure) => ("failed".to_owned(), failure.to_string()),
    };
    format!("{:width$}  {:12}  {state:8}  {rest}", answer.shown_name(), answer.shown_agent())
}

/// The position of each switch, in one word each.
fn states(settings: &Settings) -> String {
    let state = |switch| match settings.switch(switch) {
        Position::On => "on",
        Position::Off => "off",
        Position::Mixed => "disagree",
    };
    Switch::all().map(state).collect::<Vec<_>>().join(" ")
}

/// The agent that the configuration belongs to: its profile, agent, host, and the source of the token.
pub(super) fn header(profile: &Profile, now: i64) -> String {
    let left = profile.identity.time_left(now).map(|left| format!(", {left}")).unwrap_or_default();
    let rows = [
        ("Profile", profile_words(profile)),
        ("Agent", profile.identity.agent.clone().unwrap_or_else(|| "unknown".to_owned())),
        ("Host", profile.host()),
        ("Token", format!("from {}{left}", profile.source)),
    ];
    table(&rows)
}

fn configuration(settings: &Settings) -> String {
    let switches =
        Switch::all().map(|switch| (capitalised(switch.definition().word), state(settings, switch)));
    let questions = ("Questions".to_owned(), questions(settings).join("\n           "));
    let rows: Vec<_> = switches.chain([questions]).collect();
    table(&rows.iter().map(|(label, value)| (label.as_str(), value.clone())).collect::<Vec<_>>())
}

/// The position of a switch, with each of its flags where they disagree.
fn state(settings: &Settings, switch: Switch) -> String {
    let word = settings.switch(switch).word(&Item::Switch(switch));
    match settings.switch(switch) {
        Position::Mixed => format!("{word}: {}", settings.describe_flags(switch)),
        Position::On | Position::Off => word.to_owned(),
    }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
