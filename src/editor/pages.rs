//! The pages to read, as plain text: every key, the requests of this run, the request that a save would send.
//!
//! The first line of each is its heading.

mod curl;

use jiff::{Timestamp, Zoned};

use super::keymap;
use super::model::{Form, Model, Page, Session};
use crate::api::RequestRecord;
use crate::visible::visible;

pub(super) use curl::curl;

/// Where text begins.
const INDENT: &str = "   ";
/// Where the help's second column begins, where there is room for two.
const ABOUT_INDENT: &str = "                  ";

/// The lines of a page, wrapped to `columns`.
pub(super) fn lines(model: &Model, page: Page, columns: u16) -> Vec<String> {
    match page {
        Page::Help => help(columns),
        Page::Log => log(model, columns),
        Page::Request => match (&model.session, model.form()) {
            (Some(session), Some(form)) => request(session, form, columns),
            _ => Vec::new(),
        },
    }
}

/// Every key and what it does, in two columns where there is room.
fn help(columns: u16) -> Vec<String> {
    let mut lines = vec![format!("{INDENT}HELP")];
    for (label, about) in keymap::help() {
        if usize::from(columns) < 3 * ABOUT_INDENT.len() {
            lines.push(format!("{INDENT}{label}"));
            lines.extend(wrap(about, columns, "       "));
            continue;
        }
        let rows = wrap(about, columns, ABOUT_INDENT);
        let first = format!("{INDENT}{label}");
        let width = ABOUT_INDENT.len();
        let with_label = |(index, row): (usize, String)| match index {
            0 => format!("{first:<width$}{}", &row[width..]),
            _ => row,
        };
        lines.extend(rows.into_iter().enumerate().map(with_label));
    }
    lines
}

/// Each request of this run, the newest first: it is what one looks for. No token, no body.
fn log(model: &Model, columns: u16) -> Vec<String> {
    let mut lines = vec![format!("{INDENT}LOG   newest first")];
    if let Some(notice) = &model.notice {
        lines.extend(wrap(&notice.text, columns, INDENT));
        lines.push(String::new());
    }
    if model.log.is_empty() {
        lines.push(format!("{INDENT}No request has ended yet."));
    }
    let records = model.log.iter().rev();
    lines.extend(records.flat_map(|record| wrap(&entry(record, &model.now.local), columns, INDENT)));
    lines
}

fn entry(record: &RequestRecord, now: &Zoned) -> String {
    let started = Timestamp::try_from(record.started).unwrap_or(Timestamp::UNIX_EPOCH);
    let at = moment(&started.to_zoned(now.time_zone().clone()), now);
    let status = record.status.map_or_else(|| "-".to_owned(), |status| status.to_string());
    let failure = record.failure.as_ref().map(|failure| format!("  {failure}")).unwrap_or_default();
    let (method, took, attempt) = (record.method.name(), record.took.as_millis(), record.attempt);
    format!("{at}  {method:<5}  {status:<3}  {took} ms  try {attempt}{failure}")
}

/// A local clock time, with the date when it is not today.
pub(super) fn moment(at: &Zoned, now: &Zoned) -> String {
    let is_today = at.date() == now.date();
    at.strftime(if is_today { "%H:%M:%S" } else { "%Y-%m-%d %H:%M:%S" }).to_string()
}

/// The exact request that a save would send.
fn request(session: &Session, form: &Form, columns: u16) -> Vec<String> {
    let patch = form.patch();
    let url = session.whereabouts.base_url.configuration_url();
    let said = if patch.is_empty() {
        vec!["There is no change: nothing would be sent.".to_owned()]
    } else {
        vec![
            "What s sends, if it may, and the server still has what was read:".to_owned(),
            String::new(),
            format!("PATCH {}", visible(url.as_str())),
            "Authorization: Bearer (the token)".to_owned(),
            "Content-Type: application/json".to_owned(),
            String::new(),
            visible(&patch.to_json()).into_owned(),
        ]
    };
    let mut lines = vec![format!("{INDENT}REQUEST")];
    lines.extend(said.iter().flat_map(|text| wrap(text, columns, INDENT)));
    lines
}

/// `text` in lines of at most `columns`, each behind `indent`.
fn wrap(text: &str, columns: u16, indent: &str) -> Vec<String> {
    let room = usize::from(columns).saturating_sub(indent.len() + 1).max(1);
    textwrap::wrap(text, room).into_iter().map(|part| format!("{indent}{part}")).collect()
}
