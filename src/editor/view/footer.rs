//! The keys that work now, in one line.

use ratatui::text::{Line, Span};

use super::super::keymap::{self, Hint};
use super::super::model::Model;
use super::text::width;

/// Between two keys.
const GAP: &str = "  ";
/// One line of keys that work now; where there is no room, those of the lowest ranks.
pub(super) fn line(model: &Model, columns: u16) -> Line<'static> {
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
            // No style: each would cost more bytes than the word, and the line changes with the first edit.
            [Span::raw(gap), Span::raw(hint.key), Span::raw(format!(" {}", hint.word))]
        });
    Line::from(spans.collect::<Vec<_>>())
}

/// The columns of a key and its word, with the gap.
fn needed(hint: Hint) -> usize {
    width(hint.key) + 1 + width(hint.word) + GAP.len()
}
