//! A conflict as a table, with its buttons below. The rows scroll where there is no room for all; the buttons stay.
//!
//! ```text
//!    Conflict   changed by someone else since you read it at 14:02:10.
//!    Nothing was sent yet. Choose what acme-prod gets.  * yours  ! theirs
//!
//!    setting            before  server now  yours  result of Keep both
//!    rating             on      on          off *  off
//!    EXPERIENCE_THUMBS  on      off !       on     off
//!
//!  > [ Keep both ]     saves your changes and theirs together
//!    [ Use theirs ]    drops your change to the questions; the rest stays unsaved
//!    [ Keep editing ]  saves nothing now (Esc)
//! ```
//!
//! A table that is too wide has two lines for each row: the name of the setting, then the values.

mod buttons;
mod layout;

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use self::layout::ConflictTable;
use super::super::model::{Choice, Form, Model, Question, Session, Size, Tone};
use super::super::pages::{compare, explain_conflict};
use super::body::VisibleBody;
use super::text::{INDENT, wrap};
use super::theme::Theme;
use crate::save::{Conflict, State};

/// The whole text above the table is shown if so many lines of the table fit below it.
const LEAST_TABLE: usize = 5;

/// The question about the conflict, with the button `chosen`. `top` is the number of the first row on screen.
pub(super) fn body(model: &Model, theme: &Theme, chosen: Choice, top: usize, size: Size) -> VisibleBody {
    let Some((form, saving)) = model.form().and_then(|form| Some((form, form.saving()?))) else {
        return VisibleBody::default();
    };
    let State::Conflict(conflict) = saving.save.state() else { return VisibleBody::default() };
    let choices = model.choices(&Question::Conflict);
    let place = choices.iter().position(|choice| *choice == chosen).unwrap_or(0);
    let buttons =
        buttons::lines(choices, chosen, (saving.save.intent(), &conflict.theirs), theme, size.columns);
    let rows = compare(conflict, saving.save.intent(), chosen);
    let table = ConflictTable::new(&rows, chosen, theme, size.columns.into());
    let height = usize::from(size.rows);
    let mut text = explanation(model, form, conflict, theme, size.columns);
    if text.len() + table.line_count().min(LEAST_TABLE) + 1 + buttons.len() > height {
        text.truncate(1);
    }
    let (lines, shown) = table.lines(top, height.saturating_sub(text.len() + buttons.len()));
    let mut lines = [text, lines].concat();
    let cursor_line = lines.len() + place;
    lines.extend(buttons);
    // Where the screen is too low even for the buttons, the chosen one is on it.
    let hidden = (cursor_line + 1).saturating_sub(height);
    lines.drain(..hidden);
    let end = rows.len() - shown.len();
    let cursor = shown.start + cursor_line - hidden;
    let body = VisibleBody::with_rows(lines, shown, rows.len());
    body.with_scroll_end(end).with_cursor(buttons::TEXT_COLUMN, cursor)
}

/// What happened in one line, and below it what to do.
fn explanation(
    model: &Model,
    form: &Form,
    conflict: &Conflict,
    theme: &Theme,
    columns: u16,
) -> Vec<Line<'static>> {
    let (happened, longer, sent) = explain_conflict(model, form, conflict);
    let lead = theme.lead(Tone::Bad);
    let mut title = Line::from(vec![Span::raw("  "), Span::styled(" Conflict ", lead), Span::raw("  ")]);
    let fits = title.width() + longer.len() < usize::from(columns);
    title.push_span(Span::raw(if fits { longer } else { happened.to_owned() }));
    let target = model.session.as_ref().map(Session::short_target).unwrap_or_default();
    let todo = format!("{sent} Choose what {} gets.  * yours  ! theirs", theme.name(&target));
    let todo = wrap(&todo, columns, INDENT, Style::new());
    std::iter::once(title).chain(todo).chain([Line::default()]).collect()
}
