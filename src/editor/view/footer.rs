//! The keys that work now, in one line.

use ratatui::text::{Line, Span};

use super::super::keymap::{self, Hint};
use super::super::model::{FormRow, Model};
use super::text::width;

/// Between two keys.
const GAP: &str = "  ";
/// One line of keys that work now; where there is no room, those of the lowest ranks.
pub(super) fn line(model: &Model, columns: u16) -> Line<'static> {
    let working: Vec<Hint> =
        keymap::working(model).filter_map(|binding| Some(now(model, binding.footer?))).collect();
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

/// The hint as it stands at this moment: Space adds on the last row, and `r` comes first where only a read can tell.
fn now(model: &Model, hint: Hint) -> Hint {
    let Some(form) = model.form().filter(|_| model.dialog.is_none()) else { return hint };
    match hint.word {
        "toggle" if form.focused() == FormRow::Add => Hint { word: "add", ..hint },
        "read again" if form.unknown.is_some() => Hint { rank: 1, ..hint },
        _ => hint,
    }
}

/// The columns of a key and its word, with the gap.
fn needed(hint: Hint) -> usize {
    width(hint.key) + 1 + width(hint.word) + GAP.len()
}
