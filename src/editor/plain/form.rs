//! What is edited, in sentences: the profile and its agent first, then a line with a number for each switch and each code.

use super::super::model::{Form, Model, Session};
use super::super::pages::{count_unsaved, moment, unknown, warning};
use super::commands::list_words;
use super::speak::capitalize;
use crate::settings::{Item, Position, Row};
use crate::words::list_changes;

/// The profile, its agent, where it is, and its token.
pub(super) fn describe_session(model: &Model, session: &Session) -> String {
    let name =
        session.name.as_ref().map_or_else(|| "No profile".to_owned(), |name| format!("Profile {name}"));
    let name = add_badges(&name, session);
    let left = session.identity.time_left(model.now.local.timestamp().as_second());
    let left = left.map(|left| format!(", {left}")).unwrap_or_default();
    let (host, source) = (session.context.host(), &session.context.token_source);
    format!("{name}, {}, at {host}. Token from {source}{left}.", session.agent())
}

/// `acme [DEMO]`: a name, and what the user has to know of the agent before anything else.
pub(super) fn add_badges(name: &str, session: &Session) -> String {
    session.badges().fold(name.to_owned(), |text, badge| text + " " + badge)
}

/// Each line of the form, what is true of it, and what the user can type.
pub(super) fn describe_form(model: &Model, form: &Form) -> Vec<String> {
    let rows = form.draft.rows().enumerate().map(|(place, row)| describe_row(form, place, row));
    let note = (!form.draft.can_edit_questions())
        .then(|| "The codes are too many or too long to be edited here: they are read only.".to_owned());
    let standing = [describe_unknown(model, form), warning(form), describe_unsaved(model, form)];
    rows.chain(note).chain(standing.into_iter().flatten()).chain([prompt(model)]).collect()
}

/// The save whose outcome is unknown, where no notice tells about it.
pub(super) fn describe_unknown(model: &Model, form: &Form) -> Option<String> {
    unknown(model, form).map(|explained| explained.to_string())
}

/// When the form was read.
pub(super) fn describe_read(model: &Model, form: &Form) -> String {
    format!("Read at {}.", moment(&form.read_at, &model.now.local))
}

/// `1. Rating: on, was off`
fn describe_row(form: &Form, place: usize, row: Row<'_>) -> String {
    let number = place + 1;
    match (row.item, row.now) {
        (Item::Switch(switch), Position::Mixed) => {
            let toggle = format!("Typing {number}");
            let flags = form.draft.baseline().describe_disagreement(*switch, &toggle);
            format!("{number}. {}: {flags}.", name_item(row.item))
        }
        _ => format!("{number}. {}", describe_position(row)),
    }
}

/// `Rating: on, was off`
pub(super) fn describe_position(row: Row<'_>) -> String {
    let was = match row.before {
        _ if !row.is_changed() => String::new(),
        Position::Mixed => "; its flags disagreed before".to_owned(),
        before => format!(", was {}", before.word(row.item)),
    };
    format!("{}: {}{was}", name_item(row.item), row.now.word(row.item))
}

/// The item's name at the beginning of a sentence. A code stays exactly as it is.
fn name_item(item: &Item) -> String {
    match item {
        Item::Switch(_) => capitalize(&item.to_string()),
        Item::Code(_) => item.to_string(),
    }
}

/// `1 unsaved change: rating off → on. Nothing was sent yet. Type save to save to acme-prod.`
fn describe_unsaved(model: &Model, form: &Form) -> Option<String> {
    let changes = form.draft.changes();
    let target = model.session.as_ref().map(Session::short_target).unwrap_or_default();
    let next = match (model.read_only(), form.unknown().is_some()) {
        (Some(_), _) => "[READ ONLY]: nothing can be sent.".to_owned(),
        // The save of unknown outcome may have sent something.
        (None, true) => "Type save to read first and then send only what is missing.".to_owned(),
        (None, false) => format!("Nothing was sent yet. Type save to save to {target}."),
    };
    (!changes.is_empty()).then(|| format!("{}: {}. {next}", count_unsaved(&changes), list_changes(&changes)))
}

/// What the user can type on the form.
pub(super) fn prompt(model: &Model) -> String {
    format!("Type a number to switch it, or: {}.", list_words(model))
}
