//! What `login` and `profiles` write into the configuration file. Everything else in the file stays as it is: comments,
//! order, line ends and all other keys.

use toml_edit::{DocumentMut, InlineTable, Item, Key, Table, TableLike, Value, value};

use super::comments::{collect_comments, prefix_of, put_after, take_end, take_head};
use crate::api::credentials::BaseUrl;

/// A change of the configuration file.
#[derive(Clone, Debug)]
pub(crate) enum ConfigEdit<'a> {
    /// The profile is added, or its token keys are taken away, so that the stored token counts. The first profile of all
    /// becomes the default.
    Login(LoginEdit<'a>),
    /// The profile of this name becomes the default.
    Default(&'a str),
    /// The profile `old` is called `new` from now on. A default that names it follows.
    Rename {
        /// Its name.
        old: &'a str,
        /// The name that it gets.
        new: &'a str,
    },
    /// The profile of this name goes, and a default that names it. The comments above it stay.
    Remove(&'a str),
}

/// What `login` knows about the profile.
#[derive(Clone, Debug)]
pub(crate) struct LoginEdit<'a> {
    /// Its name.
    pub name: &'a str,
    /// Where the token was checked.
    pub base_url: &'a BaseUrl,
    /// The agent that the profile is for from now on.
    pub scenario_id: Option<&'a str>,
}

const BOM: &str = "\u{feff}";
const DEFAULT: &str = "default_profile";

/// The text of a configuration file after `edit`. `None` if `text` is not valid, or has not what is to be edited.
pub(crate) fn apply_edit(text: &str, edit: &ConfigEdit<'_>) -> Option<String> {
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

fn apply_to_body(text: &str, edit: &ConfigEdit<'_>) -> Option<String> {
    let mut document: DocumentMut = text.parse().ok()?;
    match edit {
        ConfigEdit::Login(login) => apply_login(&mut document, login)?,
        ConfigEdit::Default(name) => set_default(&mut document, name),
        ConfigEdit::Rename { old, new } => rename(&mut document, old, new)?,
        ConfigEdit::Remove(name) => remove_profile(&mut document, name)?,
    }
    Some(document.to_string())
}

fn apply_login(document: &mut DocumentMut, edit: &LoginEdit<'_>) -> Option<()> {
    let is_first = document.get("profiles").and_then(Item::as_table_like).is_none_or(TableLike::is_empty);
    if is_first && !document.contains_key(DEFAULT) {
        set_default(document, edit.name);
    }
    let profiles = document.entry("profiles").or_insert_with(make_implicit_table);
    if !profiles.as_table_like()?.contains_key(edit.name) {
        let has_headers = profiles.is_table();
        profiles.as_table_like_mut()?.insert(edit.name, Item::Table(Table::new()));
        if has_headers {
            keep_end_above(document, edit.name)?;
        }
    }
    let profiles = document.get_mut("profiles")?.as_table_like_mut()?;
    let profile = profiles.get_mut(edit.name)?.as_table_like_mut()?;
    set(profile, "base_url", &edit.base_url.to_string());
    if let Some(agent) = edit.scenario_id {
        set(profile, "scenario_id", agent);
    } else {
        remove(profile, "scenario_id");
    }
    for key in ["token_command", "token_file", "token_env"] {
        remove(profile, key);
    }
    Some(())
}

/// The comments at the file's end stay above the table that was added behind them.
fn keep_end_above(document: &mut DocumentMut, name: &str) -> Option<()> {
    let end = take_end(document);
    if !end.is_empty() {
        let table = document.get_mut("profiles")?.get_mut(name)?.as_table_mut()?;
        table.decor_mut().set_prefix(format!("{end}\n"));
    }
    Some(())
}

/// A table without a line `[profiles]` of its own.
fn make_implicit_table() -> Item {
    let mut table = Table::new();
    table.set_implicit(true);
    Item::Table(table)
}

fn set_default(document: &mut DocumentMut, name: &str) {
    if document.contains_key(DEFAULT) {
        return set(document.as_table_mut(), DEFAULT, name);
    }
    let has_keys = document.iter().any(|(_, item)| item.as_table().is_none_or(Table::is_dotted));
    let head = if has_keys { String::new() } else { take_head(document) };
    document.insert(DEFAULT, value(name));
    if let Some(mut key) = document.key_mut(DEFAULT) {
        key.leaf_decor_mut().set_prefix(head);
    }
}

fn is_default(document: &DocumentMut, name: &str) -> bool {
    document.get(DEFAULT).and_then(Item::as_str) == Some(name)
}

fn rename(document: &mut DocumentMut, old: &str, new: &str) -> Option<()> {
    match document.get_mut("profiles")? {
        Item::Table(table) => rename_in_table(table, old, new)?,
        Item::Value(Value::InlineTable(table)) => rename_in_line(table, old, new)?,
        _ => return None,
    }
    if is_default(document, old) {
        set_default(document, new);
    }
    Some(())
}

/// Every entry is taken out and put back, so that their order stays.
fn rename_in_table(table: &mut Table, old: &str, new: &str) -> Option<()> {
    let keys: Vec<_> = table.iter().map(|(key, _)| key.to_owned()).collect();
    for name in keys {
        let (key, item) = table.remove_entry(&name)?;
        table.insert_formatted(&if name == old { rename_key(&key, new) } else { key }, item);
    }
    table.contains_key(new).then_some(())
}

fn rename_in_line(table: &mut InlineTable, old: &str, new: &str) -> Option<()> {
    let keys: Vec<_> = table.iter().map(|(key, _)| key.to_owned()).collect();
    for name in keys {
        let (key, value) = table.remove_entry(&name)?;
        table.insert_formatted(&if name == old { rename_key(&key, new) } else { key }, value);
    }
    table.contains_key(new).then_some(())
}

fn rename_key(key: &Key, new: &str) -> Key {
    let renamed = Key::new(new).with_leaf_decor(key.leaf_decor().clone());
    renamed.with_dotted_decor(key.dotted_decor().clone())
}

fn remove_profile(document: &mut DocumentMut, name: &str) -> Option<()> {
    let removed = document.get_mut("profiles")?.as_table_like_mut()?.remove(name)?;
    if let Some((table, place)) = removed.as_table().and_then(|table| Some((table, table.position()?))) {
        put_after(document, place, &prefix_of(table.decor()));
    }
    if is_default(document, name) {
        let comments = collect_comments(document.as_table(), DEFAULT);
        document.remove(DEFAULT);
        put_after(document, isize::MIN, &comments);
    }
    Some(())
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
        let own = prefix_of(heir.leaf_decor());
        heir.leaf_decor_mut().set_prefix(comments + &own);
    }
}
