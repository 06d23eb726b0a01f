//! The buttons of a conflict, each on a line of its own with what it does beside it.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::super::super::model::Choice;
use super::super::super::pages::describe_button;
use super::super::text::{INDENT, MARK, width};
use super::super::theme::Theme;
use super::super::widths::NARROW;
use crate::settings::{Intent, Settings};

/// The column of the chosen button's text: where the cursor stands.
pub(super) const TEXT_COLUMN: u16 = 5;
/// The space between a button and the words beside it.
const GAP: usize = 2;

/// One line for each button. The words are the longest ones that fit.
pub(super) fn lines(
    choices: &[Choice],
    chosen: Choice,
    (intent, theirs): (&Intent, &Settings),
    theme: &Theme,
    columns: u16,
) -> Vec<Line<'static>> {
    let text = |choice: &Choice| format!("[ {} ]", choice.label());
    let widest = choices.iter().map(|choice| width(&text(choice))).max().unwrap_or(0);
    let line = |choice: &Choice| {
        let (text, is_chosen) = (text(choice), *choice == chosen);
        let end = GAP + if columns < NARROW { width(&text) } else { widest };
        let room = usize::from(columns).saturating_sub(INDENT.len() + end + 1);
        let words = describe_button(*choice, intent, theirs).into_iter().find(|words| width(words) <= room);
        let gap = " ".repeat(end - width(&text));
        Line::from(vec![
            Span::raw(if is_chosen { MARK } else { INDENT }),
            Span::styled(text, if is_chosen { theme.focus } else { Style::new() }),
            Span::raw(gap + &words.unwrap_or_default()),
        ])
    };
    choices.iter().map(line).collect()
}
