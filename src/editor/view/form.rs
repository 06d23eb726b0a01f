//! The form: one row for the switch, one for each question code, one to add a code.
//!
//! ```text
//!    RATING
//!  > * [x] Ask visitors to rate the conversation                       was: off
//!
//!    QUESTIONS   1 of 3 on
//!      [x] HELPFUL_THUMBS
//!    * [ ] EXPERIENCE_THUMBS                                           was: on
//!      +   add a question code
//! ```

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::super::model::{Form, FormRow, Size};
use super::text::{cut, ends, heading, width};
use super::theme::Theme;
use super::{Body, PREVIEW_WIDTH, WIDE};
use crate::settings::{Rating, catalog};

/// The column of a row's mark: where the cursor stands.
const MARK_COLUMN: u16 = 5;
/// The column where a row's text begins.
const TEXT_COLUMN: usize = 9;
/// Under this width a row's right margin is one column instead of three.
const NARROW: usize = 60;

/// A row before it is laid out.
struct Cells {
    is_changed: bool,
    mark: &'static str,
    text: String,
    remark: String,
}

/// Lines above the codes: two headings, the switch, and an empty one.
const ABOVE_CODES: usize = 4;

/// The form's lines.
pub(super) fn body(form: &Form, theme: &Theme, size: Size) -> Body {
    let columns = usize::from(size.columns.min(WIDE));
    let rows: Vec<_> = form.rows().collect();
    let line_of = |row: usize| if row == 0 { 1 } else { ABOVE_CODES - 1 + row };
    let of_row = |row: usize| line(&cells(form, rows[row], theme), row == form.focus, theme, columns);
    let focus = line_of(form.focus);
    let body = Body::window(line_of(rows.len()), focus, size.rows, |number| match number {
        0 => heading("RATING", theme.heading),
        1 => of_row(0),
        2 => Line::default(),
        3 => questions_heading(form, theme),
        _ => of_row(number + 1 - ABOVE_CODES),
    });
    body.with_cursor(MARK_COLUMN, focus)
}

/// True if a code has no room in its row.
pub(super) fn is_cut(code: &str, columns: u16) -> bool {
    let columns = usize::from(columns);
    let columns = if columns >= usize::from(WIDE) { columns - usize::from(PREVIEW_WIDTH) } else { columns };
    width(code) + TEXT_COLUMN + margin(columns) + "not documented".len() + 2 > columns
}

fn questions_heading(form: &Form, theme: &Theme) -> Line<'static> {
    let (on, all) = form.draft.rows().fold((0, 0), |(on, all), row| (on + usize::from(row.is_on), all + 1));
    let mut line = heading("QUESTIONS", theme.heading);
    line.push_span(Span::raw(format!("   {on} of {all} on")));
    if !form.draft.can_edit_questions() {
        line.push_span(Span::raw("   too many or too long: read only"));
    }
    line
}

fn cells(form: &Form, row: FormRow<'_>, theme: &Theme) -> Cells {
    match row {
        FormRow::Rating => rating(form.draft.baseline().rating, form.draft.rating()),
        FormRow::Code(row) => Cells {
            is_changed: row.is_changed,
            mark: if row.is_on { "[x]" } else { "[ ]" },
            text: theme.words(&row.code.to_string()),
            remark: match (row.is_changed, catalog::lookup(row.code)) {
                (true, _) => was(if row.is_on { "off" } else { "on" }),
                (false, Some(_)) => String::new(),
                (false, None) => "not documented".to_owned(),
            },
        },
        FormRow::Add => Cells {
            is_changed: false,
            mark: "+",
            text: "  add a question code".to_owned(),
            remark: String::new(),
        },
    }
}

fn rating(before: Rating, now: Rating) -> Cells {
    let remark = match now {
        Rating::Mixed { .. } => now.to_string(),
        _ if before == now => String::new(),
        _ => was(&before.to_string()),
    };
    let mark = match now {
        Rating::On => "[x]",
        Rating::Off => "[ ]",
        Rating::Mixed { .. } => "[~]",
    };
    Cells {
        is_changed: before != now,
        mark,
        text: "Ask visitors to rate the conversation".to_owned(),
        remark,
    }
}

fn was(value: &str) -> String {
    format!("was: {value}")
}

/// The columns that stay free at a row's right end.
fn margin(columns: usize) -> usize {
    if columns < NARROW { 1 } else { 3 }
}

fn line(cells: &Cells, is_focused: bool, theme: &Theme, columns: usize) -> Line<'static> {
    let margin = margin(columns);
    let remark_width = if cells.remark.is_empty() { 0 } else { width(&cells.remark) + 2 };
    let room = columns.saturating_sub(TEXT_COLUMN + remark_width + margin);
    let left = vec![
        Span::raw(if is_focused { " > " } else { "   " }),
        Span::raw(if cells.is_changed { "* " } else { "  " }),
        Span::styled(cells.mark, if is_focused { theme.focus } else { Style::new() }),
        Span::raw(format!(" {}", cut(&cells.text, room))),
    ];
    ends(left, Span::raw(cells.remark.clone()), columns.saturating_sub(margin))
}
