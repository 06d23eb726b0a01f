//! The keys: those that work now in one line, and all of them as a page.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::super::keymap::{self, Hint};
use super::super::model::Model;
use super::text::{INDENT, heading, width, wrap};
use super::theme::Theme;

/// Between two keys.
const GAP: &str = "  ";
/// Where the help's second column begins, where there is room for two.
const ABOUT_INDENT: &str = "                  ";

/// One line of keys that work now; where there is no room, those of the lowest ranks.
pub(super) fn line(model: &Model, theme: &Theme, columns: u16) -> Line<'static> {
    let working: Vec<Hint> = keymap::working(model).filter_map(|binding| binding.footer).collect();
    let mut by_rank = working.clone();
    by_rank.sort_by_key(|hint| hint.rank);
    let mut room = usize::from(columns);
    let fits = |hint: &Hint| match room.checked_sub(needed(*hint)) {
        Some(left) => {
            room = left;
            true
        }
        None => false,
    };
    let shown: Vec<Hint> = by_rank.into_iter().filter(fits).collect();
    let spans =
        working.into_iter().filter(|hint| shown.contains(hint)).enumerate().flat_map(|(index, hint)| {
            let gap = if index == 0 { " " } else { GAP };
            [Span::raw(gap), Span::styled(hint.key, theme.key), Span::raw(format!(" {}", hint.word))]
        });
    Line::from(spans.collect::<Vec<_>>())
}

/// The columns of a key and its word, with the gap.
fn needed(hint: Hint) -> usize {
    width(hint.key) + 1 + width(hint.word) + GAP.len()
}

/// Every key and what it does, in two columns where there is room.
pub(super) fn help(theme: &Theme, columns: u16) -> Vec<Line<'static>> {
    let mut lines = vec![heading("HELP", theme.heading)];
    for (label, about) in keymap::help() {
        let key = Line::from(vec![Span::raw(INDENT), Span::styled(label, theme.key)]);
        if usize::from(columns) < 3 * ABOUT_INDENT.len() {
            lines.push(key);
            lines.extend(wrap(about, columns, "       ", Style::new()));
            continue;
        }
        let mut about = wrap(about, columns, ABOUT_INDENT, Style::new());
        if let Some(first) = about.first_mut() {
            first.spans[0] = Span::raw(" ".repeat(ABOUT_INDENT.len() - key.width()));
            first.spans.splice(0..0, key);
        }
        lines.extend(about);
    }
    lines
}
