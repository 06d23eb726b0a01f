//! The questions with buttons, and the text fields. They take the place of the form; the header stays.

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use tui_input::Input;

use super::super::model::{Choice, HiddenInput, Model, Question, Session, Size};
use super::super::pages::count_unsaved;
use super::body::VisibleBody;
use super::conflict;
use super::field::{FIELD_COLUMN, field_text, hidden};
use super::text::{INDENT, MARK, heading, width, wrap};
use super::theme::Theme;
use crate::settings::{AddError, Change};

/// A question: its text, then its buttons. The buttons are always on screen; a text that does not fit above them scrolls.
pub(super) fn question(
    model: &Model,
    theme: &Theme,
    question: &Question,
    (choice, top): (Choice, usize),
    size: Size,
) -> VisibleBody {
    let text = match question {
        Question::Quit => quit(model, theme, size.columns),
        Question::Protected { .. } => protected(model, theme, size.columns),
        Question::Conflict => return conflict::body(model, theme, model.chosen(question, choice), top, size),
        Question::Switch(profile) => switch(model, theme, profile, size.columns),
    };
    let (buttons, (column, line)) =
        buttons(model.choices(question), model.chosen(question, choice), theme, size.columns);
    let room = usize::from(size.rows).saturating_sub(buttons.len());
    // A text that does not fit gives one of its lines to the words that say so.
    let end = if text.len() <= room { 0 } else { text.len() - room.saturating_sub(1) };
    let mut lines = above(text, top, room, theme);
    let cursor_line = lines.len() + line;
    lines.extend(buttons);
    VisibleBody::page(lines, 0, size.rows).with_cursor(column, cursor_line).with_scroll_end(end)
}

/// `text` from line `top` on, in `room` lines. Where it is longer, the last of these lines says so.
fn above(mut text: Vec<Line<'static>>, top: usize, room: usize, theme: &Theme) -> Vec<Line<'static>> {
    if text.len() <= room {
        text.extend((text.len() < room).then(Line::default));
        return text;
    }
    let shown = room.saturating_sub(1);
    let top = top.min(text.len() - shown);
    let more = format!("… Up and Down scroll, {} of {} lines", top + shown, text.len());
    let more = Line::from(format!("{INDENT}{}", theme.words(&more)));
    let lines = text.drain(top..top + shown).chain([more]);
    lines.take(room).collect()
}

/// The buttons, as many on a line as fit, and the column and line of the chosen one's text.
fn buttons(
    choices: &[Choice],
    chosen: Choice,
    theme: &Theme,
    columns: u16,
) -> (Vec<Line<'static>>, (u16, usize)) {
    let mut lines = vec![Line::default()];
    let mut cursor = (0, 0);
    for button in choices {
        let is_chosen = *button == chosen;
        let style = if is_chosen { theme.focus } else { Style::new() };
        let text = format!("[ {} ]", button.label());
        let used = lines.last().map_or(0, Line::width);
        if used > 0 && used + width(&text) + MARK.len() > usize::from(columns) {
            lines.push(Line::default());
        }
        let line = lines.len() - 1;
        if is_chosen {
            cursor = (u16::try_from(lines[line].width() + MARK.len() + 2).unwrap_or(0), line);
        }
        lines[line].push_span(Span::raw(if is_chosen { MARK } else { INDENT }));
        lines[line].push_span(Span::styled(text, style));
    }
    (lines, cursor)
}

fn quit(model: &Model, theme: &Theme, columns: u16) -> Vec<Line<'static>> {
    let unsaved = model.unsaved();
    let count = count_unsaved(&unsaved);
    let since = if model.is_sending() { ", made since the save began" } else { "" };
    let words = format!("{count}{since}:");
    let mut lines = vec![heading("QUIT", theme.strong)];
    lines.extend(wrap(&words, columns, INDENT, Style::new()));
    lines.extend(changes(&unsaved, theme, columns));
    lines
}

fn protected(model: &Model, theme: &Theme, columns: u16) -> Vec<Line<'static>> {
    let target = model.session.as_ref().map(Session::target).unwrap_or_default();
    let mut lines = vec![heading("SAVE TO A PROTECTED PROFILE", theme.strong)];
    let words = format!("{target} would be changed:");
    lines.extend(wrap(&theme.words(&words), columns, INDENT, Style::new()));
    lines.extend(changes(&model.unsaved(), theme, columns));
    lines
}

fn switch(model: &Model, theme: &Theme, profile: &Session, columns: u16) -> Vec<Line<'static>> {
    let unsaved = model.unsaved();
    let from = model.session.as_ref().map(Session::target).unwrap_or_default();
    let to = profile.name.as_deref().unwrap_or_default();
    let mut lines = vec![heading("SWITCH", theme.strong)];
    let words =
        format!("Switch to {to}? Without a save {} to {from} would be lost:", count_unsaved(&unsaved));
    lines.extend(wrap(&theme.words(&words), columns, INDENT, Style::new()));
    lines.extend(changes(&unsaved, theme, columns));
    lines
}

fn changes(changes: &[Change], theme: &Theme, columns: u16) -> Vec<Line<'static>> {
    let words = changes.iter().map(|change| theme.words(&change.to_string()));
    words.flat_map(|words| wrap(&words, columns, "     ", Style::new())).collect()
}

/// The field for a new code.
pub(super) fn field(theme: &Theme, input: &Input, refusal: Option<AddError>, size: Size) -> VisibleBody {
    let mut lines = vec![heading("ADD A QUESTION CODE", theme.strong)];
    lines.extend(wrap("Exactly as Quickchat writes it:", size.columns, INDENT, Style::new()));
    let (text, caret) = field_text(input, theme, size.columns);
    let field_line = lines.len();
    lines.push(Line::from(format!("{MARK}{text}")));
    let refusal = refusal.map(|refusal| wrap(&refusal.to_string(), size.columns, INDENT, theme.wrong));
    lines.extend(refusal.into_iter().flatten());
    VisibleBody::page(lines, 0, size.rows).with_cursor(FIELD_COLUMN + caret, field_line)
}

/// The hidden field for another token of the agent that is open.
pub(super) fn new_token(
    theme: &Theme,
    (session, field): (Option<&Session>, &HiddenInput),
    refusal: Option<&str>,
    is_tried: bool,
    size: Size,
) -> VisibleBody {
    let mut lines = vec![heading("NEW TOKEN", theme.strong)];
    let target = session.map(Session::target).unwrap_or_default();
    let is_demo = session.is_some_and(Session::is_demo);
    let how =
        if is_demo { "In the demo any text is taken as one." } else { "Type or paste it: it is not shown." };
    let words = format!("For {target}. {how} Unsaved changes stay.");
    lines.extend(wrap(&theme.words(&words), size.columns, INDENT, Style::new()));
    let field_line = lines.len();
    let typed = if is_tried { "trying it …".to_owned() } else { hidden(&field.0) };
    lines.push(Line::from(format!("{MARK}{}", theme.words(&typed))));
    let refusal = refusal.map(|text| wrap(&theme.words(text), size.columns, INDENT, theme.wrong));
    lines.extend(refusal.into_iter().flatten());
    // Where not all of it fits, the field and the refusal matter most.
    let top = lines.len().saturating_sub(usize::from(size.rows)).min(field_line);
    VisibleBody::page(lines, top, size.rows).with_cursor(FIELD_COLUMN, field_line)
}
