//! What a visitor gets with the settings of the draft: the end of a small chat, and the card that asks for a rating. The real wording
//! is Quickchat's own and is not known here.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::super::model::Form;
use super::text::{cut, wrap};
use super::theme::Theme;
use super::widths::{WIDE, WIDEST};
use crate::settings::{Item, Position, QuestionCode, Switch};

/// The illustration's width in columns, at most.
const ILLUSTRATION_WIDTH: u16 = 42;
/// The form needs so many columns: its rows are whole then.
const FORM_WIDTH: u16 = 65;
/// From this height on, in lines, there is room for the chat above the card.
const CHAT_HEIGHT: u16 = 20;
/// The space before the lines of the card.
const INDENT: &str = "    ";
/// The space beside the card.
const MARGIN: usize = 3;
/// The lines of the card above its questions.
const CARD_TITLE: usize = 2;
/// The lines that are kept for questions.
const RESERVED: usize = 4;
/// The lines of the card beside its questions, and those below it.
const CARD_FRAME: usize = 7;

/// The columns of the illustration beside a form, where both have so many together. The form comes first.
pub(super) fn width(columns: u16) -> u16 {
    match columns.min(WIDEST) {
        columns if columns < WIDE => 0,
        columns => (columns - FORM_WIDTH).min(ILLUSTRATION_WIDTH),
    }
}

/// The illustration's lines, `height` at most.
pub(super) fn lines(form: &Form, theme: &Theme, width: u16, height: u16) -> Vec<Line<'static>> {
    let mut lines = vec![
        Line::from(vec![
            Span::raw("  "),
            Span::styled("WHAT A VISITOR GETS", theme.strong),
            Span::raw("  Illustration"),
        ]),
        Line::default(),
    ];
    if height >= CHAT_HEIGHT {
        lines.extend(chat());
    }
    let room = usize::from(height).saturating_sub(lines.len());
    let rating = form.draft.position(&Item::Switch(Switch::RATING));
    let words = match rating {
        Position::On => {
            lines.extend(card(form, theme, width, room));
            return lines;
        }
        Position::Off => "No card: visitors are not asked.",
        Position::Mixed if form.draft.baseline().flags(Switch::RATING)[0] => {
            "Feedback is collected, but no popup asks for it."
        }
        Position::Mixed => "A popup is on, but no feedback is collected.",
    };
    lines.extend(wrap(words, width, INDENT, Style::new()));
    lines
}

fn codes_on(form: &Form) -> impl Iterator<Item = &QuestionCode> {
    form.draft.code_rows().filter(|(_, row)| row.now == Position::On).map(|(code, _)| code)
}

/// The end of a conversation, as a reader would expect one.
fn chat() -> Vec<Line<'static>> {
    let said = [
        "Agent  Your parcel comes Friday.",
        "       Is there anything else?",
        "",
        "  You  No, thank you!",
        "",
    ];
    said.map(|words| Line::from(format!("  {words}"))).into()
}

/// The card, with as many of the questions as there is room for. It is as high with all questions on as with none, where that
/// is not much: an edit moves no line of it then.
fn card(form: &Form, theme: &Theme, columns: u16, room: usize) -> Vec<Line<'static>> {
    let inner = usize::from(columns).saturating_sub(INDENT.len() + MARGIN);
    let edge = || Line::from(format!("  {}", theme.charset.rule().repeat(inner + MARGIN)));
    let close = theme.words("×");
    let title = "Rate this conversation";
    let gap = " ".repeat(inner.saturating_sub(title.len() + 1));
    let mut lines = vec![edge(), Line::from(format!("{INDENT}{title}{gap}{close}"))];
    let mut left = room.saturating_sub(CARD_FRAME);
    let count = form.draft.count_on();
    for (place, code) in codes_on(form).enumerate() {
        let question = question(&theme.name(&code.to_string()), theme, inner);
        let is_last = place + 1 == count;
        if question.len() + usize::from(!is_last) > left {
            lines.push(Line::from(format!("{INDENT}and {} more", count - place)));
            break;
        }
        left -= question.len();
        lines.extend(question);
    }
    if count == 0 {
        lines.push(Line::from(format!("{INDENT}(no question)")));
    }
    let all = form.draft.code_rows().count();
    let least = CARD_TITLE + (all * 2).min(RESERVED).min(room.saturating_sub(CARD_FRAME));
    lines.resize(lines.len().max(least), Line::default());
    lines.push(Line::from(format!("{INDENT}{:>inner$}", "[  Send  ]")));
    lines.push(edge());
    let about = "Drawn from the form. The real wording is Quickchat's own.";
    lines.extend(wrap(about, columns, INDENT, Style::new()));
    lines.truncate(room);
    lines
}

/// A question: its code, and two buttons where the code says that it asks for thumbs.
fn question(code: &str, theme: &Theme, columns: usize) -> Vec<Line<'static>> {
    let name = cut(code, columns, theme);
    let buttons = code.ends_with("_THUMBS").then(|| format!("{INDENT}[  up  ]  [ down ]"));
    [format!("{INDENT}{name}")].into_iter().chain(buttons).map(Line::from).collect()
}
