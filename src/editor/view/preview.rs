//! What a visitor gets, drawn from the draft. The wording on the page is Quickchat's own and is not known here.

use ratatui::style::Style;
use ratatui::text::Line;

use super::super::model::Form;
use super::PREVIEW_WIDTH;
use super::text::{cut, wrap};
use super::theme::Theme;
use crate::settings::Rating;

/// The illustration's lines, `height` at most.
pub(super) fn lines(form: &Form, theme: &Theme, height: u16) -> Vec<Line<'static>> {
    let on: Vec<_> =
        form.draft.rows().filter(|row| row.is_on).map(|row| theme.words(&row.code.to_string())).collect();
    let words = match form.draft.rating() {
        Rating::Off => "Visitors are not asked.",
        Rating::Mixed { active: true } => "Feedback is collected, but no popup asks for it.",
        Rating::Mixed { active: false } => "A popup is on, but no feedback is collected.",
        Rating::On if on.is_empty() => "A popup without a question.",
        Rating::On => "At the end of a conversation a popup asks:",
    };
    let mut lines = vec![Line::styled("  Illustration", theme.heading), Line::default()];
    lines.extend(wrap(words, PREVIEW_WIDTH, "  ", Style::new()));
    if form.draft.rating() == Rating::On {
        let room = usize::from(height).saturating_sub(lines.len());
        let shown = if on.len() <= room { on.len() } else { room.saturating_sub(1) };
        lines.extend(on.iter().take(shown).map(|code| question(code)));
        lines.extend((shown < on.len()).then(|| Line::from(format!("    and {} more", on.len() - shown))));
    }
    lines
}

fn question(code: &str) -> Line<'static> {
    let answers = if code.ends_with("_THUMBS") { "  (up) (down)" } else { "" };
    let room = usize::from(PREVIEW_WIDTH).saturating_sub(7 + answers.len());
    Line::from(format!("    - {}{answers}", cut(code, room)))
}
