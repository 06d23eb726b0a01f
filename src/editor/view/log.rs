//! Each request of this run: time, method, status or failure, duration, try. No token, no body.

use jiff::{Timestamp, Zoned};
use ratatui::style::Style;
use ratatui::text::Line;

use super::super::model::Model;
use super::header::moment;
use super::text::{INDENT, heading, wrap};
use super::theme::Theme;
use crate::api::RequestRecord;

/// The log's lines, the newest request first: it is what one looks for.
pub(super) fn lines(model: &Model, theme: &Theme, columns: u16) -> Vec<Line<'static>> {
    let mut lines = vec![heading("LOG   newest first", theme.heading)];
    if model.log.is_empty() {
        lines.push(Line::from(format!("{INDENT}No request has ended yet.")));
    }
    let records = model.log.iter().rev();
    lines.extend(
        records.flat_map(|record| wrap(&line(record, &model.now.local), columns, INDENT, Style::new())),
    );
    lines
}

fn line(record: &RequestRecord, now: &Zoned) -> String {
    let started = Timestamp::try_from(record.started).unwrap_or(Timestamp::UNIX_EPOCH);
    let at = moment(&started.to_zoned(now.time_zone().clone()), now);
    let status = record.status.map_or_else(|| "-".to_owned(), |status| status.to_string());
    let failure = record.failure.as_ref().map(|failure| format!("  {failure}")).unwrap_or_default();
    let (method, took, attempt) = (record.method.name(), record.took.as_millis(), record.attempt);
    format!("{at}  {method:<5}  {status:<3}  {took} ms  try {attempt}{failure}")
}
