//! What a conflict is about, item by item, and what would come of it with each button.

use super::super::model::Choice;
use crate::save::Conflict;
use crate::settings::{Intent, Item, Position, Settings};

/// One item that is not the same everywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct ComparedItem {
    pub(in super::super) item: Item,
    /// Where the user had seen it.
    pub(in super::super) before: Position,
    /// Where it stands on the server now.
    pub(in super::super) theirs: Position,
    /// Where the user put it.
    pub(in super::super) yours: Position,
    /// Where the form shows it after the chosen button.
    pub(in super::super) result: Position,
    /// True if the server has it changed since the user read it.
    pub(in super::super) is_changed_by_them: bool,
    /// True if the user changed it.
    pub(in super::super) is_changed_by_you: bool,
}

/// One entry for each item that differs: first the switches, then the codes. `chosen` decides only about the results.
pub(in super::super) fn compare(conflict: &Conflict, intent: &Intent, chosen: Choice) -> Vec<ComparedItem> {
    let Conflict { before, theirs, yours, .. } = conflict;
    let result = find_result(conflict, intent, chosen);
    let compare = |item: Item| ComparedItem {
        before: before.position(&item),
        theirs: theirs.position(&item),
        yours: yours.position(&item),
        result: result.position(&item),
        is_changed_by_them: !before.has_same(&item, theirs),
        is_changed_by_you: !before.has_same(&item, yours),
        item,
    };
    Settings::differing_items(&[before, theirs, yours]).into_iter().map(compare).collect()
}

/// What the form shows after this button. Only Keep both saves it.
fn find_result(conflict: &Conflict, intent: &Intent, chosen: Choice) -> Settings {
    match chosen {
        Choice::KeepBoth => conflict.merged.clone(),
        Choice::UseTheirs => intent.taking_theirs(&conflict.theirs),
        _ => conflict.yours.clone(),
    }
}

#[cfg(test)]
mod tests;
