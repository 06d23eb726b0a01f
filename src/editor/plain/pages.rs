//! The pages in sentences: the log, the history, the request that a save would send, and the words.

use super::super::model::{HistoryPage, Model, Page};
use super::super::pages::{self, log_entries, request_lines};
use super::commands::help;
use super::speak::join_columns;
use crate::settings::{Switch, catalog};
use crate::visible::Charset;

/// Wide enough for every line: nothing is wrapped.
const UNWRAPPED: u16 = u16::MAX;

/// The lines of a page. The request is exact: its lines are not changed any more.
pub(super) fn describe_page(model: &Model, page: Page, charset: Charset) -> Vec<String> {
    match page {
        Page::Help => describe_help(),
        Page::Log => join_rows("Log, newest first:", &log_entries(model)),
        Page::Request => request_lines(model, charset),
    }
}

/// The saves of the profile.
pub(super) fn describe_history(model: &Model, page: &HistoryPage) -> Vec<String> {
    // The characters of the locale are chosen when the lines go out.
    let mut rows = pages::history(model, page, UNWRAPPED, Charset::Unicode);
    rows.remove(0);
    join_rows("History, newest first:", &rows)
}

/// What each word does, and what the lines are about.
pub(super) fn describe_help() -> Vec<String> {
    let commands = help().map(|(label, about)| format!("{label}: {about}."));
    let switches = Switch::all().map(|switch| {
        let row = switch.definition();
        format!("The line {} is about: {}. On the server it is {}.", row.word, row.label, row.about)
    });
    let codes = catalog::documented().iter().map(|known| format!("{} asks {}.", known.code, known.about));
    let ends = "In a question an empty line is the safe answer. Ctrl-C quits too. The end of input quits and saves nothing.";
    commands.chain(switches).chain(codes).chain([ends.to_owned()]).collect()
}

/// The rows of a page behind another heading.
fn join_rows(heading: &str, rows: &[String]) -> Vec<String> {
    [heading.to_owned()].into_iter().chain(rows.iter().map(|row| join_columns(row))).collect()
}
