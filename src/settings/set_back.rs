//! Setting back what a save has changed. It goes item by item, so that later changes by others stay.
//!
//! ```text
//! the changes of a save, the configuration now ─ SetBack::plan ─► the changes to make, and what is left and why
//! ```

use std::collections::BTreeMap;

use super::configuration::Settings;
use super::item::{Change, Item, Position, Setting};
use crate::visible::is_blotted;

/// How a configuration gets what it had before a save.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetBack {
    /// The changes to make. Each item that is not among them stays as it is.
    pub changes: Vec<Change>,
    /// The items that the save changed and that stay as they are all the same, and why.
    pub left: Vec<(Item, LeftReason)>,
}

/// Why an item that a save changed is not set back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftReason {
    /// It stands where it stood before the save.
    AlreadyBack,
    /// The flags of the switch disagreed before the save. That cannot be asked for.
    FlagsDisagreed,
    /// The code repeats a token. The history has `<token>` in its place, so the code is not known.
    Unrecorded,
    /// The list of codes is too long to be edited, or it would become too long.
    ListTooLong,
}

/// Why an item that stood at `before` before the save and stands at `now` is not set back; `None` where it is.
fn find_reason(item: &Item, before: Position, now: Position) -> Option<LeftReason> {
    let is_unrecorded = item.code().is_some_and(|code| is_blotted(code.raw()));
    match before {
        _ if is_unrecorded => Some(LeftReason::Unrecorded),
        _ if before == now => Some(LeftReason::AlreadyBack),
        Position::Mixed => Some(LeftReason::FlagsDisagreed),
        Position::On | Position::Off => None,
    }
}

impl SetBack {
    /// How `now` gets back what it had before a save that made these changes, and nothing else.
    pub(crate) fn plan(changes: &[Change], now: &Settings) -> Self {
        let mut back = Self { changes: Vec::new(), left: Vec::new() };
        for Change { item, before, .. } in changes {
            let position = now.position(item);
            match find_reason(item, *before, position) {
                Some(reason) => back.left.push((item.clone(), reason)),
                None => back.changes.push(Change { item: item.clone(), before: position, after: *before }),
            }
        }
        back
    }

    /// The changes as edits of a draft or an [`Intent`](super::Intent).
    pub(crate) fn edits(&self) -> BTreeMap<Item, bool> {
        let edits = self.changes.iter();
        edits.filter_map(|change| Some((change.item.clone(), change.after.value()?))).collect()
    }

    /// The same, but all codes stay as they are: their list is too long to be edited, or it would become too long.
    pub(super) fn without_codes(mut self) -> Self {
        let is_code = |change: &mut Change| change.item.setting() == Setting::Questions;
        let codes = self.changes.extract_if(.., is_code);
        self.left.extend(codes.map(|change| (change.item, LeftReason::ListTooLong)));
        self
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::super::tests::{RATING, any_settings, code, mixed, settings};
    use super::super::{Intent, Switch};
    use super::*;

    /// `now` after the changes, by the merge that a save makes.
    fn apply(back: &SetBack, now: &Settings) -> Settings {
        let rows = back.edits().keys().filter_map(Item::code).cloned().collect();
        Intent { baseline: now.clone(), edits: back.edits(), rows }.draft()
    }

    fn set_back(before: &Settings, after: &Settings, now: &Settings) -> (SetBack, Settings) {
        let back = SetBack::plan(&before.changes_to(after), now);
        let result = apply(&back, now);
        (back, result)
    }

    /// Every item that one of these configurations could hold.
    fn all_items(all: &[&Settings]) -> BTreeSet<Item> {
        let codes = all.iter().flat_map(|settings| &settings.codes).cloned().map(Item::Code);
        Switch::all().map(Item::Switch).chain(codes).collect()
    }

    #[test]
    fn a_colleagues_later_change_stays() {
        let (before, after) = (settings(false, "A B C"), settings(true, "A C"));
        let (back, result) = set_back(&before, &after, &settings(true, "C X A"));
        assert_eq!(result, settings(false, "C X A B"));
        assert_eq!(back.left, []);
    }

    #[test]
    fn what_is_back_already_is_named_and_no_change() {
        let (before, after) = (settings(false, "A B"), settings(true, "B"));
        let (back, result) = set_back(&before, &after, &settings(true, "B A"));
        assert_eq!(result, settings(false, "B A"));
        assert_eq!(back.left, [(code("A"), LeftReason::AlreadyBack)]);
    }

    #[test]
    fn flags_that_disagreed_are_left_and_named() {
        let (before, after) = (mixed([true, false], "A"), settings(true, ""));
        let (back, result) = set_back(&before, &after, &after);
        assert_eq!(result, settings(true, "A"));
        assert_eq!(back.left, [(RATING, LeftReason::FlagsDisagreed)]);
        let (back, _) = set_back(&before, &after, &mixed([false, true], "A"));
        assert!(back.left.iter().all(|(_, reason)| *reason == LeftReason::AlreadyBack), "{back:?}");
    }

    #[test]
    fn flags_that_disagree_now_get_the_value_from_before_the_save() {
        let (_, result) = set_back(&settings(false, ""), &settings(true, ""), &mixed([true, false], ""));
        assert_eq!(result, settings(false, ""));
    }

    #[test]
    fn a_code_that_the_history_does_not_hold_is_left_and_named() {
        let (before, after) = (settings(true, "A <token>"), settings(true, ""));
        for (before, after) in [(&before, &after), (&after, &before)] {
            let (back, _) = set_back(before, after, after);
            assert_eq!(back.left, [(code("<token>"), LeftReason::Unrecorded)]);
        }
    }

    proptest! {
        #[test]
        fn each_item_that_the_save_changed_is_set_back_and_no_other(
            before in any_settings(), after in any_settings(), now in any_settings(),
        ) {
            let (_, result) = set_back(&before, &after, &now);
            let changed: BTreeSet<_> = before.changes_to(&after).into_iter().map(|change| change.item).collect();
            for item in all_items(&[&before, &after, &now]) {
                let is_asked = changed.contains(&item) && before.position(&item) != Position::Mixed;
                let expected = if is_asked { before.position(&item) } else { now.position(&item) };
                prop_assert_eq!(result.position(&item), expected, "{}", item);
            }
        }

        #[test]
        fn each_change_of_the_save_is_set_back_or_named_with_its_reason(
            before in any_settings(), after in any_settings(), now in any_settings(),
        ) {
            let (back, _) = set_back(&before, &after, &now);
            prop_assert_eq!(back.changes.len() + back.left.len(), before.changes_to(&after).len());
            prop_assert!(back.changes.iter().all(|change| change.before != change.after));
            for (item, reason) in &back.left {
                let is_back = now.position(item) == before.position(item);
                prop_assert_eq!(is_back, *reason == LeftReason::AlreadyBack);
            }
        }

        #[test]
        fn where_nothing_came_in_between_the_configuration_is_as_before(
            before in any_settings(), after in any_settings(),
        ) {
            let (_, result) = set_back(&before, &after, &after);
            prop_assert!(result.is_same_in(Setting::Questions, &before));
            for switch in Switch::all().filter(|switch| before.switch(*switch) != Position::Mixed) {
                prop_assert_eq!(result.flags(switch), before.flags(switch));
            }
        }

        #[test]
        fn a_second_time_there_is_nothing_to_set_back_and_setting_back_that_redoes(
            before in any_settings(), after in any_settings(), now in any_settings(),
        ) {
            let (_, result) = set_back(&before, &after, &now);
            let (again, same) = set_back(&before, &after, &result);
            prop_assert!(again.changes.is_empty() && same.is_same(&result));
            let (_, redone) = set_back(&now, &result, &result);
            for item in all_items(&[&now, &result]) {
                let is_lost = now.position(&item) == Position::Mixed;
                prop_assert!(is_lost || redone.position(&item) == now.position(&item));
            }
        }
    }
}
