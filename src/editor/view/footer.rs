//! The keys that work now, in one line.

use ratatui::text::{Line, Span};

use super::super::keymap::{self, Action, Binding, Hint, Scope};
use super::super::model::{Dialog, Form, FormRow, Model, Page, Phase, Question};
use super::text::width;
use super::theme::Theme;
use super::widths::{NARROW, WIDEST};

/// The space between two keys.
const GAP: &str = "  ";
/// The words of the keys that stand at the right edge, where no other key moves them.
const AT_THE_EDGE: [&str; 2] = ["help", "quit"];

/// The keys that work now, in one line. Where there is no room for all, those with the lowest ranks are shown.
pub(super) fn line(model: &Model, theme: &Theme, columns: u16) -> Line<'static> {
    let working: Vec<Hint> = keymap::working(model).filter_map(|binding| now(model, binding)).collect();
    let mut by_rank = working.clone();
    by_rank.sort_by_key(|hint| hint.rank);
    let mut room = usize::from(columns.min(WIDEST));
    let fits = |hint: &Hint| match room.checked_sub(needed(*hint)) {
        Some(left) => {
            room = left;
            true
        }
        None => false,
    };
    let shown: Vec<Hint> = by_rank.into_iter().filter(fits).collect();
    let working = working.into_iter().filter(|hint| shown.contains(hint));
    let (right, left): (Vec<_>, Vec<_>) = working.partition(|hint| AT_THE_EDGE.contains(&hint.word));
    // The gap before the first key has one column and not two: the other one stays free at the right edge.
    let edge = left.len();
    let gap = |index| {
        let gap = if index == 0 { " " } else { GAP };
        if index == edge { " ".repeat(room) + gap } else { gap.to_owned() }
    };
    let spans = left.into_iter().chain(right).enumerate().flat_map(|(index, hint)| {
        // The space is bold too: it does not show, and it costs fewer bytes than a jump over it.
        let key = [hint.key, " "].map(|text| Span::styled(text, theme.strong));
        std::iter::once(Span::raw(gap(index))).chain(key).chain([Span::raw(hint.word)])
    });
    Line::from(spans.collect::<Vec<_>>())
}

/// The hint as it is true now. On the last row Space adds a code. Where only a read can help, `r` comes
/// first, and `t` where the server refused the token.
fn now(model: &Model, binding: &Binding) -> Option<Hint> {
    let hint = binding.footer?;
    let is_on_add = || model.shown_form().is_some_and(|form| form.focused() == FormRow::Add);
    let needs_read = match &model.phase {
        Phase::LoadFailed(..) => true,
        Phase::Ready(form) => form.unknown().is_some(),
        _ => false,
    };
    let is_refused = model.session.as_ref().is_some_and(|session| session.is_token_refused);
    let is_tried = matches!(&model.phase, Phase::AskToken(first) if first.request.is_some());
    Some(match binding.action {
        Action::Toggle if is_on_add() => Hint { word: "add", ..hint },
        // The help names it. Where all rows are in view it would only take room.
        Action::Find if !is_long(model) => return None,
        Action::Add if is_on_add() => return None,
        // Of saves of earlier runs only the history knows. The help names the keys.
        Action::BringBack | Action::History if model.last_save().is_none() => return None,
        Action::Reload if needs_read => Hint { rank: 1, ..hint },
        Action::NewToken if is_refused => Hint { rank: 1, ..hint },
        // The help names it. In the footer it would take the room of keys that are needed more often.
        Action::NewToken => return None,
        // The key works all the same: another window may have added a profile.
        Action::Profiles if model.profiles.is_empty() => return None,
        // Where there is little room, the user has to see first how to choose.
        Action::Open(Page::Help) if Scope::from_model(model) == Scope::Choices => Hint { rank: 5, ..hint },
        Action::GoBack if is_tried => Hint { word: "stop", ..hint },
        Action::Close if has_room_for_esc(model) => Hint { word: "keep editing", ..hint },
        _ => hint,
    })
}

/// True where a question is open, and there is room to say what Esc answers. The question whether to quit has more keys.
fn has_room_for_esc(model: &Model) -> bool {
    let Some(Dialog::Question { question, .. }) = &model.dialog else { return false };
    *question != Question::Quit && model.size.columns >= NARROW
}

/// True where there are more rows than half a screen holds.
fn is_long(model: &Model) -> bool {
    let rows = match &model.dialog {
        Some(Dialog::Profiles(list)) => list.states.len(),
        _ => model.form().map_or(0, Form::row_count),
    };
    rows > usize::from(model.size.rows / 2)
}

/// The columns of a key and its word, with the gap.
fn needed(hint: Hint) -> usize {
    width(hint.key) + 1 + width(hint.word) + GAP.len()
}
