use proptest::prelude::*;

use super::super::tests::{RATING, any_item, any_settings, code, mixed, settings};
use super::super::{Patch, Switch};
use super::*;

/// Any intent that a form could hold: a row for every code, and only edits that change something.
pub(crate) fn any_intent() -> impl Strategy<Value = Intent> {
    let edits = proptest::collection::btree_map(any_item(), any::<bool>(), 0..6);
    let rows = Just(vec!["E", "A", "\u{202e}evil", "B", "C", "D"]).prop_shuffle();
    (any_settings(), edits, rows).prop_map(|(baseline, edits, rows)| {
        let rows = rows.into_iter().map(QuestionCode::new).collect();
        let seen = baseline.clone();
        Intent { baseline, edits, rows }.rebased(&seen)
    })
}

fn intent(baseline: &str, edits: &[(&str, bool)], rows: &str) -> Intent {
    Intent {
        baseline: settings(false, baseline),
        edits: edits.iter().map(|&(text, is_on)| (code(text), is_on)).collect(),
        rows: settings(false, rows).codes,
    }
}

#[test]
fn an_addition_goes_before_the_nearest_row_below_it_that_is_in_the_result() {
    let merged = |intent: Intent, theirs| intent.merged_onto(&settings(false, theirs)).codes;
    let codes = |text| settings(false, text).codes;
    // A code that another save switched off comes back to its place.
    assert_eq!(merged(intent("A C", &[("B", true)], "A B C"), "A C"), codes("A B C"));
    // The row below is gone on the server: the next one counts, or the end.
    assert_eq!(merged(intent("A C D", &[("B", true)], "A B C D"), "A D"), codes("A B D"));
    assert_eq!(merged(intent("A", &[("X", true), ("Y", true)], "A X Y"), "A Z"), codes("A Z X Y"));
}

#[test]
fn both_sides_count_where_they_do_not_contradict() {
    let mine = intent("A B", &[("A", false), ("C", true)], "A B C");
    assert_eq!(mine.merged_onto(&settings(true, "D B A")), settings(true, "D B C"));
}

#[test]
fn an_overlap_is_a_setting_that_both_sides_changed() {
    let mine = intent("A B", &[("A", false)], "A B");
    assert!(!mine.overlaps(&settings(true, "B A")), "only the rating and the order changed");
    assert!(mine.overlaps(&settings(false, "A B C")));
    let mut mine = intent("A", &[], "A");
    mine.edits.insert(RATING, true);
    assert!(mine.overlaps(&mixed([true, false], "A")) && !mine.overlaps(&settings(false, "B")));
}

#[test]
fn what_is_asked_for_is_named_as_changes() {
    let mine = intent("A B", &[("A", false), ("C", true)], "A B C");
    let named: Vec<_> = mine.changes().iter().map(ToString::to_string).collect();
    assert_eq!(named, ["A on → off", "C off → on"]);
}

proptest! {
    #[test]
    fn a_setting_that_the_user_did_not_touch_equals_theirs(intent in any_intent(), theirs in any_settings()) {
        let merged = intent.merged_onto(&theirs);
        for setting in Setting::all() {
            let is_touched = intent.edits.keys().any(|item| item.setting() == setting);
            prop_assert!(is_touched || merged.is_same_in(setting, &theirs));
        }
    }

    #[test]
    fn every_touched_value_is_in_the_merge(intent in any_intent(), theirs in any_settings()) {
        let merged = intent.merged_onto(&theirs);
        for (item, is_on) in &intent.edits {
            prop_assert_eq!(merged.position(item), Position::from(*is_on));
        }
        prop_assert!(intent.is_held_by(&merged));
        prop_assert_eq!(intent.is_held_by(&theirs), Patch::between(&theirs, &merged).is_empty());
    }

    #[test]
    fn an_intent_is_held_exactly_by_settings_with_every_value(intent in any_intent(), theirs in any_settings()) {
        let has_all = intent.edits.iter().all(|(item, is_on)| theirs.position(item) == Position::from(*is_on));
        prop_assert_eq!(intent.is_held_by(&theirs), has_all);
    }

    #[test]
    fn unknown_codes_and_their_order_survive(intent in any_intent(), theirs in any_settings()) {
        let merged = intent.merged_onto(&theirs).codes;
        let mut kept: Vec<_> = theirs.codes.clone();
        let mut seen = BTreeSet::new();
        kept.retain(|code| intent.edits.get(&Item::Code(code.clone())) != Some(&false) && seen.insert(code.clone()));
        let survivors: Vec<_> = merged.iter().filter(|code| theirs.has(code)).cloned().collect();
        prop_assert_eq!(survivors, kept);
    }

    #[test]
    fn an_overlap_is_found_in_each_setting_that_both_sides_changed(intent in any_intent(), theirs in any_settings()) {
        for setting in Setting::all() {
            let is_touched = intent.edits.keys().any(|item| item.setting() == setting);
            let is_moved = !intent.baseline.is_same_in(setting, &theirs);
            prop_assert_eq!(intent.overlaps_in(setting, &theirs), is_touched && is_moved);
        }
        let overlaps = Setting::all().any(|setting| intent.overlaps_in(setting, &theirs));
        prop_assert_eq!(intent.overlaps(&theirs), overlaps);
    }

    #[test]
    fn merging_twice_changes_nothing(intent in any_intent(), theirs in any_settings()) {
        let once = intent.merged_onto(&theirs);
        prop_assert_eq!(intent.merged_onto(&once), once);
    }

    #[test]
    fn having_seen_theirs_does_not_change_the_result(intent in any_intent(), theirs in any_settings()) {
        let merged = intent.merged_onto(&theirs);
        let rebased = intent.rebased(&theirs);
        prop_assert!(rebased.merged_onto(&theirs).is_same(&merged));
        prop_assert!(!rebased.overlaps(&theirs));
        prop_assert_eq!(&rebased.baseline, &theirs);
    }

    #[test]
    fn an_intent_of_a_form_is_never_about_a_value_that_is_there_already(intent in any_intent()) {
        let baseline = intent.baseline.clone();
        prop_assert!(!intent.overlaps(&baseline));
        prop_assert_eq!(intent.changes().len(), intent.edits.len());
        let draft = intent.draft();
        for switch in Switch::all().filter(|switch| !intent.edits.contains_key(&Item::Switch(*switch))) {
            prop_assert_eq!(draft.flags(switch), baseline.flags(switch));
        }
    }
}
