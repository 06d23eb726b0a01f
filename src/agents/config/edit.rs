//! What `login` writes into the configuration file. Everything else in the file stays as it is.

use toml_edit::{DocumentMut, Item, RawString, Table, TableLike, value};

use crate::api::credentials::BaseUrl;

/// What `login` knows about the profile.
#[derive(Clone, Debug)]
pub struct LoginEdit<'a> {
    /// Its name.
    pub name: &'a str,
    /// Where the token was checked.
    pub base_url: &'a BaseUrl,
    /// The agent that the profile is for from now on.
    pub scenario_id: Option<&'a str>,
}

const BOM: &str = "\u{feff}";

/// The text of a configuration file, with the profile added, or with its token keys taken away, so that the stored token
/// counts. Comments, order, line ends and all other keys stay. The first profile of all becomes the default. `None` if
/// `text` is not valid.
pub fn apply_login(text: &str, edit: &LoginEdit<'_>) -> Option<String> {
    let (bom, body) = text.strip_prefix(BOM).map_or(("", text), |body| (BOM, body));
    let is_dos = body.contains("\r\n") && body.matches('\n').count() == body.matches("\r\n").count();
    // toml_edit ends the lines that it writes with a line feed alone.
    let edited = if is_dos {
        apply_to_body(&body.replace("\r\n", "\n"), edit)?.replace('\n', "\r\n")
    } else {
        apply_to_body(body, edit)?
    };
    Some(format!("{bom}{edited}"))
}

fn apply_to_body(text: &str, edit: &LoginEdit<'_>) -> Option<String> {
    let mut document: DocumentMut = text.parse().ok()?;
    let is_first = document.get("profiles").and_then(Item::as_table_like).is_none_or(TableLike::is_empty);
    if is_first && !document.contains_key("default_profile") {
        document.insert("default_profile", value(edit.name));
    }
    let profiles = document.entry("profiles").or_insert_with(make_implicit_table).as_table_like_mut()?;
    let profile =
        profiles.entry(edit.name).or_insert_with(|| Item::Table(Table::new())).as_table_like_mut()?;
    set(profile, "base_url", &edit.base_url.to_string());
    if let Some(agent) = edit.scenario_id {
        set(profile, "scenario_id", agent);
    } else {
        remove(profile, "scenario_id");
    }
    for key in ["token_command", "token_file", "token_env"] {
        remove(profile, key);
    }
    Some(document.to_string())
}

/// A table without a line `[profiles]` of its own.
fn make_implicit_table() -> Item {
    let mut table = Table::new();
    table.set_implicit(true);
    Item::Table(table)
}

/// Sets a key's text and keeps the comment beside it.
fn set(table: &mut dyn TableLike, key: &str, text: &str) {
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(old) if old.as_str() == Some(text) => {}
        Some(old) => {
            let decor = old.decor().clone();
            *old = text.into();
            *old.decor_mut() = decor;
        }
        None => {
            table.insert(key, value(text));
        }
    }
}

/// Takes a key away. The comments above and beside it then stand above the key that follows, or else above `base_url`,
/// which is always there.
fn remove(table: &mut dyn TableLike, key: &str) {
    let comments = collect_comments(table, key);
    let follower = table.iter().map(|(name, _)| name.to_owned()).skip_while(|name| name != key).nth(1);
    if table.remove(key).is_none() || comments.is_empty() {
        return;
    }
    let heir = follower.unwrap_or_else(|| "base_url".to_owned());
    if let Some(mut heir) = table.key_mut(&heir) {
        let own = heir.leaf_decor().prefix().and_then(RawString::as_str).unwrap_or_default().to_owned();
        heir.leaf_decor_mut().set_prefix(comments + &own);
    }
}

/// The comments above a key and beside its value, as lines of their own.
fn collect_comments(table: &dyn TableLike, key: &str) -> String {
    let text = |raw: Option<&RawString>| raw.and_then(RawString::as_str).unwrap_or_default().to_owned();
    let above = text(table.key(key).and_then(|key| key.leaf_decor().prefix()));
    let beside = text(table.get(key).and_then(Item::as_value).and_then(|value| value.decor().suffix()));
    let above = if above.contains('#') { above } else { String::new() };
    let beside = if beside.contains('#') { format!("{}\n", beside.trim()) } else { String::new() };
    above + &beside
}
