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

use super::super::model::{Form, FormRow};
use super::text::{cut, ends, heading, width};
use super::theme::Theme;
use super::{Body, WIDE};
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

/// The form's lines.
pub(super) fn body(form: &Form, theme: &Theme, columns: u16) -> Body {
    let columns = usize::from(columns.min(WIDE));
    let mut body = Body { lines: vec![heading("RATING", theme.heading)], ..Body::default() };
    for (index, row) in form.rows().enumerate() {
        if index == 1 {
            body.lines.push(Line::default());
            body.lines.push(questions_heading(form, theme));
        }
        let is_focused = index == form.focus;
        if is_focused {
            body.focus = body.lines.len();
            body.cursor = Some((MARK_COLUMN, body.focus));
        }
        body.lines.push(line(&cells(form, row, theme), is_focused, theme, columns));
    }
    body
}

fn questions_heading(form: &Form, theme: &Theme) -> Line<'static> {
    let (on, all) = form.draft.rows().fold((0, 0), |(on, all), row| (on + usize::from(row.is_on), all + 1));
    let mut line = heading("QUESTIONS", theme.heading);
    line.push_span(Span::raw(format!("   {on} of {all} on")));
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
    let words = |rating| match rating {
        Rating::Mixed { .. } => "flags disagree".to_owned(),
        rating => rating.to_string(),
    };
    let remark = match now {
        Rating::Mixed { .. } => words(now),
        _ if before == now => String::new(),
        _ => was(&words(before)),
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

fn line(cells: &Cells, is_focused: bool, theme: &Theme, columns: usize) -> Line<'static> {
    let margin = if columns < NARROW { 1 } else { 3 };
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
