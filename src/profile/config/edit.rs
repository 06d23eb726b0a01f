//! What `login` writes into the configuration file, leaving everything else in it as it stands.

use toml_edit::{DocumentMut, Item, Table, TableLike, value};

use crate::api::credentials::BaseUrl;

/// What `login` knows of the profile.
#[derive(Clone, Debug)]
pub struct LoginEdit<'a> {
    /// Its name.
    pub name: &'a str,
    /// Where the token was checked.
    pub base_url: &'a BaseUrl,
    /// The agent that it is pinned to.
    pub scenario_id: Option<&'a str>,
}

/// `text`, a valid configuration file, with the profile added or its token replaced by the stored one; comments,
/// order and every other key stay. The first profile of all becomes the default. `None` if `text` is not valid.
pub fn with_login(text: &str, edit: &LoginEdit<'_>) -> Option<String> {
    let mut document: DocumentMut = text.parse().ok()?;
    let is_first = document.get("profiles").and_then(Item::as_table_like).is_none_or(TableLike::is_empty);
    if is_first && !document.contains_key("default_profile") {
        document.insert("default_profile", value(edit.name));
    }
    let profiles = document.entry("profiles").or_insert_with(implicit_table).as_table_like_mut()?;
    let profile =
        profiles.entry(edit.name).or_insert_with(|| Item::Table(Table::new())).as_table_like_mut()?;
    for key in ["token_command", "token_file", "token_env"] {
        profile.remove(key);
    }
    set(profile, "base_url", Some(edit.base_url.to_string().as_str()));
    set(profile, "scenario_id", edit.scenario_id);
    Some(document.to_string())
}

/// A table without a line `[profiles]` of its own.
fn implicit_table() -> Item {
    let mut table = Table::new();
    table.set_implicit(true);
    Item::Table(table)
}

/// Sets a key's text and keeps the comment beside it; without one the key goes.
fn set(table: &mut dyn TableLike, key: &str, text: Option<&str>) {
    let Some(text) = text else {
        table.remove(key);
        return;
    };
    match table.get_mut(key).and_then(Item::as_value_mut) {
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
