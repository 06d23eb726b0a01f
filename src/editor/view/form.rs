//! The form: one row for the switch, one for each question code, one to add a code.
//!
//! ```text
//!    RATING
//!  > * [x] Ask visitors to rate the conversation   ON                  was: off
//!
//!    QUESTIONS   1 of 3 on
//!      [x] HELPFUL_THUMBS      whether it helped, by thumbs
//!    * [ ] EXPERIENCE_THUMBS   how it was, by thumbs                   was: on
//!      +   add a question code
//! ```

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::super::model::{Form, FormRow, Size};
use super::body::VisibleBody;
use super::illustration;
use super::text::{cut, ends, heading, width};
use super::theme::Theme;
use super::widths::{NARROW, WIDE, WIDEST};
use crate::settings::{Item, Position, Row, Switch, catalog};
use crate::visible::is_printable_ascii;

/// The column of a row's mark: where the cursor stands.
const MARK_COLUMN: u16 = 5;
/// The column where a row's text begins.
const TEXT_COLUMN: usize = 9;
/// The space between a label and what stands behind it.
const GAP: usize = 3;
/// The column for codes is as wide as the longest of them, within these bounds.
const LEAST_CODE: usize = 17;
const MOST_CODE: usize = 28;

/// The parts of a row before its layout.
struct Cells {
    is_changed: bool,
    mark: &'static str,
    text: String,
    /// What the row is, in a word or a few, and its style.
    about: (String, Style),
    remark: String,
}

/// One line of the form.
#[derive(Clone, Copy)]
enum FormLine {
    SwitchHeading(&'static str),
    QuestionsHeading,
    Empty,
    /// The row of this number.
    Row(usize),
}

/// The form's lines.
pub(super) fn body(form: &Form, theme: &Theme, size: Size) -> VisibleBody {
    let columns = usize::from(size.columns.min(WIDE));
    let items: Vec<_> = form.draft.items().collect();
    // What is true of a row is looked up for rows on screen only.
    let row = |row: usize| items.get(row).map_or(FormRow::Add, |item| FormRow::Item(form.draft.row(item)));
    let above = arrange_switches();
    // A question stands so many lines below the line that has its row's number.
    let shift = above.len() - Switch::all().count();
    let is_focused = |line: &FormLine| matches!(line, FormLine::Row(row) if *row == form.focus);
    let focus = above.iter().position(is_focused).unwrap_or(form.focus + shift);
    let total = items.len() + 1 + shift;
    let code_columns = code_columns(form, theme);
    let body = VisibleBody::window(total, focus, size.rows, |number| {
        let question = || FormLine::Row(number - shift);
        match above.get(number).copied().unwrap_or_else(question) {
            FormLine::SwitchHeading(text) => heading(text, theme.strong),
            FormLine::QuestionsHeading => questions_heading(form, theme, is_narrow(columns)),
            FormLine::Empty => Line::default(),
            FormLine::Row(number) => {
                line(&cells(row(number), theme), number == form.focus, theme, columns, code_columns)
            }
        }
    });
    body.with_cursor(MARK_COLUMN, focus)
}

/// The lines above the rows of the questions: each heading with its switches, then the heading of the questions.
fn arrange_switches() -> Vec<FormLine> {
    let (mut lines, mut last_heading) = (Vec::new(), "");
    for (row, switch) in Switch::all().enumerate() {
        let heading = switch.definition().heading;
        if heading != last_heading {
            lines.extend((row > 0).then_some(FormLine::Empty));
            lines.push(FormLine::SwitchHeading(heading));
            last_heading = heading;
        }
        lines.push(FormLine::Row(row));
    }
    lines.extend([FormLine::Empty, FormLine::QuestionsHeading]);
    lines
}

/// True if a code does not fit into its row once it is changed: `was: off` stands there then.
pub(super) fn is_cut(code: &str, columns: u16) -> bool {
    let columns = usize::from(columns.min(WIDEST) - illustration::width(columns));
    width(code) + TEXT_COLUMN + margin(columns) + "was: off".len() + 2 > columns
}

/// Where the server has no code, the rows are the documented ones: the user must not take them for the server's.
fn questions_heading(form: &Form, theme: &Theme, is_narrow: bool) -> Line<'static> {
    let all = form.draft.items().filter_map(Item::code).count();
    let on = form.draft.count_on();
    let mut line = heading("QUESTIONS", theme.strong);
    line.push_span(Span::raw(format!("   {on} of {all} on")));
    let remark = match (form.draft.can_edit_questions(), form.draft.baseline().codes.is_empty()) {
        (false, _) => "   too many or too long: read only",
        (true, true) if is_narrow => "   suggestions",
        (true, true) => "   the server has none: these are suggestions",
        (true, false) => "",
    };
    line.push_span(Span::raw(remark));
    line
}

fn cells(row: FormRow<'_>, theme: &Theme) -> Cells {
    match row {
        FormRow::Item(row) => Cells {
            is_changed: row.is_changed(),
            mark: mark(row.now),
            text: label(row.item, theme),
            about: about(row, theme),
            remark: remark(row),
        },
        FormRow::Add => Cells {
            is_changed: false,
            mark: "+",
            text: "  add a question code".to_owned(),
            about: (String::new(), Style::new()),
            remark: String::new(),
        },
    }
}

fn mark(position: Position) -> &'static str {
    match position {
        Position::On => "[x]",
        Position::Off => "[ ]",
        Position::Mixed => "[~]",
    }
}

fn label(item: &Item, theme: &Theme) -> String {
    match item {
        Item::Switch(switch) => switch.definition().label.to_owned(),
        Item::Code(code) => theme.name(&code.to_string()),
    }
}

/// What stands behind the label: the state of a switch in a word, and what a code asks.
fn about(row: Row<'_>, theme: &Theme) -> (String, Style) {
    match (row.item, row.now) {
        (Item::Switch(_), position) => {
            let (word, style) = theme.position(position);
            (word.to_owned(), style)
        }
        (Item::Code(code), _) => {
            let known = catalog::lookup(code).map_or("not documented", |known| known.brief);
            (known.to_owned(), Style::new())
        }
    }
}

/// The text at the right end of a row: the value before the edit.
fn remark(row: Row<'_>) -> String {
    if row.is_changed() { format!("was: {}", row.before.word(row.item)) } else { String::new() }
}

fn is_narrow(columns: usize) -> bool {
    columns < usize::from(NARROW)
}

/// The number of free columns at the right end of a row.
fn margin(columns: usize) -> usize {
    if is_narrow(columns) { 1 } else { 3 }
}

/// The columns of the labels of codes, with the space behind them: what a code asks stands in one column.
fn code_columns(form: &Form, theme: &Theme) -> usize {
    let mut widest = LEAST_CODE;
    for code in form.draft.items().filter_map(Item::code) {
        if widest >= MOST_CODE {
            break;
        }
        if is_printable_ascii(code.raw()) && code.raw().len() <= widest {
            continue;
        }
        widest = widest.max(width(&theme.name(&code.to_string())));
    }
    widest.min(MOST_CODE) + GAP
}

fn line(
    cells: &Cells,
    is_focused: bool,
    theme: &Theme,
    columns: usize,
    code_columns: usize,
) -> Line<'static> {
    let margin = margin(columns);
    let (about, about_style) = &cells.about;
    // On a narrow screen what a code asks stands below the form. A state always stands in its row.
    let is_state = *about_style != Style::new();
    let about = if is_state || !is_narrow(columns) { about.as_str() } else { "" };
    let remark_width = if cells.remark.is_empty() { 0 } else { width(&cells.remark) + 2 };
    let room = columns.saturating_sub(TEXT_COLUMN + remark_width + margin);
    let gap = if is_narrow(columns) { 1 } else { GAP };
    let text_room = if is_state { room.saturating_sub(width(about) + gap) } else { room };
    let text = cut(&cells.text, text_room, theme);
    let padding = if is_state { gap } else { code_columns.saturating_sub(width(&text)).max(GAP) };
    let about_room = room.saturating_sub(width(&text) + padding);
    let label = if is_focused { theme.focus } else { Style::new() };
    let mut left = vec![
        Span::raw(if is_focused { " > " } else { "   " }),
        Span::raw(if cells.is_changed { "* " } else { "  " }),
        Span::styled([cells.mark, " ", &text].concat(), label),
    ];
    if !about.is_empty() && about_room > 0 {
        left.push(Span::raw(" ".repeat(padding)));
        left.push(Span::styled(cut(about, about_room, theme), *about_style));
    }
    ends(left, Span::raw(cells.remark.clone()), columns.saturating_sub(margin))
}
