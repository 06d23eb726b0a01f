//! What a visitor sees with the settings of the draft. The real wording is Quickchat's own and is not known here.

use ratatui::style::Style;
use ratatui::text::Line;

use super::super::model::Form;
use super::text::{cut, wrap};
use super::theme::Theme;
use crate::settings::{Item, Position, Switch};

/// From this width on, in columns, there is room for the illustration beside the form.
pub(super) const WIDE: u16 = 100;
/// The illustration's width in columns.
pub(super) const ILLUSTRATION_WIDTH: u16 = 40;

/// The illustration's lines, `height` at most.
pub(super) fn lines(form: &Form, theme: &Theme, height: u16) -> Vec<Line<'static>> {
    let on: Vec<_> = form
        .draft
        .code_rows()
        .filter(|(_, row)| row.now == Position::On)
        .map(|(code, _)| theme.name(&code.to_string()))
        .collect();
    let rating = form.draft.position(&Item::Switch(Switch::RATING));
    let words = match rating {
        Position::Off => "Visitors are not asked.",
        Position::Mixed if form.draft.baseline().flags(Switch::RATING)[0] => {
            "Feedback is collected, but no popup asks for it."
        }
        Position::Mixed => "A popup is on, but no feedback is collected.",
        Position::On if on.is_empty() => "A popup without a question.",
        Position::On => "At the end of a conversation a popup asks:",
    };
    let mut lines = vec![Line::styled("  Illustration", theme.strong), Line::default()];
    lines.extend(wrap(words, ILLUSTRATION_WIDTH, "  ", Style::new()));
    if rating == Position::On {
        let room = usize::from(height).saturating_sub(lines.len());
        let shown = if on.len() <= room { on.len() } else { room.saturating_sub(1) };
        lines.extend(on.iter().take(shown).map(|code| question(code, theme)));
        lines.extend((shown < on.len()).then(|| Line::from(format!("    and {} more", on.len() - shown))));
    }
    lines
}

fn question(code: &str, theme: &Theme) -> Line<'static> {
    let answers = if code.ends_with("_THUMBS") { "  (up) (down)" } else { "" };
    let room = usize::from(ILLUSTRATION_WIDTH).saturating_sub(7 + answers.len());
    Line::from(format!("    - {}{answers}", cut(code, room, theme)))
}
