//! From the TOML tree to [`Config`], with the place of whatever is wrong.

use std::ops::Range;

use toml_edit::{Document, Item, Table, TableLike, Value};

use super::{Config, ConfigFault, Entry, Source, fault_of_name, line_and_column};
use crate::api::credentials::BaseUrl;
use crate::visible::{excerpt, visible};

const TOP_KEYS: [&str; 2] = ["default_profile", "profiles"];
const PROFILE_KEYS: [&str; 7] =
    ["base_url", "token_command", "token_file", "token_env", "scenario_id", "protected", "read_only"];
const TOKEN_KEYS: [&str; 3] = ["token_command", "token_file", "token_env"];
/// The secret itself does not belong into the file; this says so instead of guessing at another key.
const TOKEN: &str = "token";

type Fault = (usize, ConfigFault);

pub(super) fn config(text: &str) -> Result<Config, Fault> {
    let document = Document::parse(text).map_err(|error| {
        (start(error.span()), ConfigFault::Syntax(excerpt(&error.message().replace('\n', ", "), 200)))
    })?;
    let top: &Table = document.as_table();
    refuse_unknown(top, &TOP_KEYS)?;
    let profiles = match top.get("profiles") {
        None => Vec::new(),
        Some(item) => profiles(item)?,
    };
    let default_profile = text_of(top, "default_profile")?;
    let place = || line_and_column(text, place_of(top, "default_profile"));
    let default_place = default_profile.is_some().then(place);
    Ok(Config { default_profile, default_place, profiles })
}

fn profiles(item: &Item) -> Result<Vec<Entry>, Fault> {
    let Some(table) = item.as_table_like() else {
        return Err((start(item.span()), wrong_type("profiles", "tables: [profiles.NAME]")));
    };
    table.iter().map(|(name, item)| profile(table, name, item)).collect()
}

fn profile(parent: &dyn TableLike, name: &str, item: &Item) -> Result<Entry, Fault> {
    let place = place_of(parent, name);
    let key = || format!("profiles.{}", excerpt(name, 60));
    if let Some(fault) = fault_of_name(name) {
        return Err((place, value(&key(), fault.to_owned())));
    }
    let Some(table) = item.as_table_like() else {
        return Err((place, wrong_type(&key(), "a table: [profiles.NAME]")));
    };
    refuse_unknown(table, &PROFILE_KEYS)?;
    Ok(Entry {
        name: name.to_owned(),
        base_url: base_url(table)?,
        source: source(table)?,
        scenario_id: text_of(table, "scenario_id")?,
        is_protected: flag(table, "protected")?,
        is_read_only: flag(table, "read_only")?,
    })
}

fn base_url(table: &dyn TableLike) -> Result<BaseUrl, Fault> {
    let text = text_of(table, "base_url")?;
    BaseUrl::parse(text.as_deref().unwrap_or(BaseUrl::DEFAULT))
        .map_err(|error| (place_of(table, "base_url"), value("base_url", error.to_string())))
}

fn source(table: &dyn TableLike) -> Result<Source, Fault> {
    let given: Vec<_> = TOKEN_KEYS.into_iter().filter(|key| table.contains_key(key)).collect();
    if let [first, second, ..] = given[..] {
        let place = place_of(table, first).max(place_of(table, second));
        return Err((place, ConfigFault::TwoSources { first, second }));
    }
    if let Some(words) = command(table)? {
        return Ok(Source::Command(words));
    }
    if let Some(path) = text_of(table, "token_file")? {
        return Ok(Source::File(path));
    }
    Ok(text_of(table, "token_env")?.map_or(Source::Stored, Source::Variable))
}

fn command(table: &dyn TableLike) -> Result<Option<Vec<String>>, Fault> {
    const KEY: &str = "token_command";
    const EXPECTED: &str = "an array of strings: a program and its arguments";
    let Some(item) = table.get(KEY) else { return Ok(None) };
    let fault = || (start(item.span()), wrong_type(KEY, EXPECTED));
    let words: Option<Vec<_>> =
        item.as_array().ok_or_else(fault)?.iter().map(|word| word.as_str().map(str::to_owned)).collect();
    let words = words.ok_or_else(fault)?;
    match words.first() {
        Some(program) if !program.is_empty() => Ok(Some(words)),
        _ => Err((start(item.span()), value(KEY, "it names no program".to_owned()))),
    }
}

/// The text of a key, if it is there. Empty text is never meant.
fn text_of(table: &dyn TableLike, key: &str) -> Result<Option<String>, Fault> {
    let Some(item) = table.get(key) else { return Ok(None) };
    let Some(text) = item.as_value().and_then(Value::as_str) else {
        return Err((start(item.span()), wrong_type(key, "a string")));
    };
    if text.is_empty() {
        return Err((start(item.span()), value(key, "it is empty".to_owned())));
    }
    Ok(Some(text.to_owned()))
}

fn flag(table: &dyn TableLike, key: &str) -> Result<bool, Fault> {
    let Some(item) = table.get(key) else { return Ok(false) };
    item.as_bool().ok_or_else(|| (start(item.span()), wrong_type(key, "true or false")))
}

fn refuse_unknown(table: &dyn TableLike, known: &[&'static str]) -> Result<(), Fault> {
    let Some((key, _)) = table.iter().find(|(key, _)| !known.contains(key)) else { return Ok(()) };
    let place = place_of(table, key);
    if key == TOKEN && known.contains(&"token_file") {
        let reason = "a token does not stand in this file; use token_command, token_file, token_env or convrating login";
        return Err((place, value(key, reason.to_owned())));
    }
    Err((place, ConfigFault::UnknownKey { key: excerpt(key, 60), suggestion: nearest(key, known) }))
}

/// The known key that `key` was probably meant to be: the one with the fewest letters to change, if they are few.
fn nearest(key: &str, known: &[&'static str]) -> Option<&'static str> {
    const MOST_EDITS: usize = 3;
    if key.chars().count() > 40 {
        return None;
    }
    let distances = known.iter().map(|candidate| (edits(key, candidate), *candidate));
    distances
        .min()
        .filter(|(edits, candidate)| *edits <= MOST_EDITS.min(candidate.len() / 2))
        .map(|(_, key)| key)
}

/// Levenshtein's distance.
fn edits(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, letter) in left.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], index + 1);
        for column in 1..row.len() {
            let replaced = diagonal + usize::from(letter != right[column - 1]);
            diagonal = row[column];
            row[column] = replaced.min(row[column] + 1).min(row[column - 1] + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

fn value(key: &str, reason: String) -> ConfigFault {
    ConfigFault::Value { key: visible(key).into_owned(), reason }
}

fn wrong_type(key: &str, expected: &'static str) -> ConfigFault {
    ConfigFault::Type { key: visible(key).into_owned(), expected }
}

fn place_of(table: &dyn TableLike, key: &str) -> usize {
    start(table.key(key).and_then(toml_edit::Key::span))
}

fn start(span: Option<Range<usize>>) -> usize {
    span.map_or(0, |span| span.start)
}
