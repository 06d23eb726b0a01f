//! From the TOML tree to [`Config`], with the place of what is wrong.

use std::ops::Range;

use toml_edit::{Document, Item, Table, TableLike, Value};

use super::super::source::ReadableSource;
use super::entry::{Config, ProfileEntry};
use super::fault::{ConfigFault, PlacedFault, line_and_column};
use super::name::check_name;
use crate::api::credentials::BaseUrl;
use crate::visible::{excerpt, has_token_shape, visible};

const TOP_KEYS: [&str; 2] = ["default_profile", "profiles"];
const PROFILE_KEYS: [&str; 7] =
    ["base_url", "token_command", "token_file", "token_env", "scenario_id", "protected", "read_only"];
const TOKEN_KEYS: [&str; 3] = ["token_command", "token_file", "token_env"];
/// The secret itself does not belong into the file. For this key no other key is suggested: the error says what to use.
const TOKEN: &str = "token";
const WHERE_TOKENS_BELONG: &str =
    "a token does not stand in this file; use token_command, token_file, token_env or convrating login";

pub(super) fn parse_config(text: &str) -> Result<Config, PlacedFault> {
    let document = Document::parse(text).map_err(|error| {
        (start(error.span()), ConfigFault::Syntax(excerpt(&error.message().replace('\n', ", "), 200)))
    })?;
    let top: &Table = document.as_table();
    refuse_unknown(top, &TOP_KEYS)?;
    let profiles = match top.get("profiles") {
        None => Vec::new(),
        Some(item) => parse_profiles(item)?,
    };
    let default_profile = parse_text(top, "default_profile")?;
    let place = || line_and_column(text, place_of(top, "default_profile"));
    let default_place = default_profile.is_some().then(place);
    Ok(Config::new(default_profile, default_place, profiles))
}

fn parse_profiles(item: &Item) -> Result<Vec<ProfileEntry>, PlacedFault> {
    let Some(table) = item.as_table_like() else {
        return Err((start(item.span()), wrong_type("profiles", "tables: [profiles.NAME]")));
    };
    table.iter().map(|(name, item)| parse_profile(table, name, item)).collect()
}

fn parse_profile(parent: &dyn TableLike, name: &str, item: &Item) -> Result<ProfileEntry, PlacedFault> {
    let place = place_of(parent, name);
    let key = || format!("profiles.{}", excerpt(name, 60));
    check_name(name).map_err(|fault| (place, wrong_value(&key(), fault.to_owned())))?;
    let Some(table) = item.as_table_like() else {
        return Err((place, wrong_type(&key(), "a table: [profiles.NAME]")));
    };
    refuse_unknown(table, &PROFILE_KEYS)?;
    Ok(ProfileEntry {
        name: name.to_owned(),
        base_url: parse_base_url(table)?,
        source: parse_source(table)?,
        scenario_id: parse_text(table, "scenario_id")?,
        is_protected: parse_flag(table, "protected")?,
        is_read_only: parse_flag(table, "read_only")?,
    })
}

fn parse_base_url(table: &dyn TableLike) -> Result<BaseUrl, PlacedFault> {
    let text = parse_text(table, "base_url")?;
    BaseUrl::parse(text.as_deref().unwrap_or(BaseUrl::DEFAULT))
        .map_err(|error| (place_of(table, "base_url"), wrong_value("base_url", error.to_string())))
}

fn parse_source(table: &dyn TableLike) -> Result<ReadableSource, PlacedFault> {
    let given: Vec<_> = TOKEN_KEYS.into_iter().filter(|key| table.contains_key(key)).collect();
    if let [first, second, ..] = given[..] {
        let place = place_of(table, first).max(place_of(table, second));
        return Err((place, ConfigFault::TwoSources { first, second }));
    }
    if let Some(words) = parse_command(table)? {
        return Ok(ReadableSource::Command(words));
    }
    if let Some(path) = parse_text(table, "token_file")? {
        return Ok(ReadableSource::File(path));
    }
    Ok(parse_text(table, "token_env")?.map_or(ReadableSource::Stored, ReadableSource::Variable))
}

fn parse_command(table: &dyn TableLike) -> Result<Option<Vec<String>>, PlacedFault> {
    const KEY: &str = "token_command";
    const EXPECTED: &str = "an array of strings: a program and its arguments";
    let Some(item) = table.get(KEY) else { return Ok(None) };
    let fault = || (start(item.span()), wrong_type(KEY, EXPECTED));
    let words: Option<Vec<_>> =
        item.as_array().ok_or_else(fault)?.iter().map(|word| word.as_str().map(str::to_owned)).collect();
    let words = words.ok_or_else(fault)?;
    match words.first() {
        Some(program) if !program.is_empty() => refuse_token(item, KEY, program).map(|()| Some(words)),
        _ => Err((start(item.span()), wrong_value(KEY, "it names no program".to_owned()))),
    }
}

/// The text of a key, if the key is there. An empty text is refused.
fn parse_text(table: &dyn TableLike, key: &str) -> Result<Option<String>, PlacedFault> {
    let Some(item) = table.get(key) else { return Ok(None) };
    let Some(text) = item.as_value().and_then(Value::as_str) else {
        return Err((start(item.span()), wrong_type(key, "a string")));
    };
    if text.is_empty() {
        return Err((start(item.span()), wrong_value(key, "it is empty".to_owned())));
    }
    refuse_token(item, key, text)?;
    Ok(Some(text.to_owned()))
}

/// Refuses text of a token's shape, whatever the key is for.
fn refuse_token(item: &Item, key: &str, text: &str) -> Result<(), PlacedFault> {
    if has_token_shape(text) {
        let reason = format!("it has the shape of a token; {WHERE_TOKENS_BELONG}");
        return Err((start(item.span()), wrong_value(key, reason)));
    }
    Ok(())
}

fn parse_flag(table: &dyn TableLike, key: &str) -> Result<bool, PlacedFault> {
    let Some(item) = table.get(key) else { return Ok(false) };
    item.as_bool().ok_or_else(|| (start(item.span()), wrong_type(key, "true or false")))
}

fn refuse_unknown(table: &dyn TableLike, known: &[&'static str]) -> Result<(), PlacedFault> {
    let Some((key, _)) = table.iter().find(|(key, _)| !known.contains(key)) else { return Ok(()) };
    let place = place_of(table, key);
    if key == TOKEN && known.contains(&"token_file") {
        return Err((place, wrong_value(key, WHERE_TOKENS_BELONG.to_owned())));
    }
    Err((place, ConfigFault::UnknownKey { key: excerpt(key, 60), suggestion: find_nearest(key, known) }))
}

/// The known key that the user probably meant by `key`: the one with the fewest letters to change, if they are few.
fn find_nearest(key: &str, known: &[&'static str]) -> Option<&'static str> {
    const MOST_EDITS: usize = 3;
    if key.chars().count() > 40 {
        return None;
    }
    let distances = known.iter().map(|candidate| (strsim::levenshtein(key, candidate), *candidate));
    distances.min().filter(|(edits, _)| *edits <= MOST_EDITS).map(|(_, key)| key)
}

fn wrong_value(key: &str, reason: String) -> ConfigFault {
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
