//! What holds for every draft, and every sequence of edits.

use proptest::prelude::*;

use super::*;

proptest! {
    /// Another read may have brought the server's codes into another order than the rows have.
    #[test]
    fn the_edits_say_the_same_changes_as_the_configuration_that_they_lead_to(
        before in any_settings(),
        baseline in any_settings(),
        edits in any_edits(),
        more in any_edits(),
    ) {
        let mut draft = edited(&before, &edits);
        draft.rebase(&baseline);
        for edit in &more {
            edit.apply(&mut draft);
        }
        prop_assert_eq!(draft.changes(), baseline.changes_to(&draft.settings()));
    }

    #[test]
    fn toggling_twice_is_no_change(baseline in any_settings(), target in any_item()) {
        let mut draft = Draft::new(baseline.clone());
        draft.toggle(&target);
        draft.toggle(&target);
        let was_mixed = baseline.position(&target) == Position::Mixed;
        prop_assert_eq!(draft.is_dirty(), was_mixed, "only flags that disagreed do not come back");
    }

    #[test]
    fn a_toggle_changes_its_item_and_no_other(baseline in any_settings(), edits in any_edits(), target in any_item()) {
        let mut draft = edited(&baseline, &edits);
        let (before, has_row) = (draft.clone(), draft.items().any(|item| *item == target));
        draft.toggle(&target);
        for row in before.rows() {
            let is_target = has_row && *row.item == target;
            let expected = if is_target { Position::from(row.now.toggled()) } else { row.now };
            prop_assert_eq!(draft.position(row.item), expected);
        }
    }

    #[test]
    fn undo_after_any_sequence_of_edits_returns(baseline in any_settings(), edits in any_edits()) {
        let start = Draft::new(baseline.clone()).settings();
        let mut draft = edited(&baseline, &edits);
        prop_assert!(draft.can_undo() || !draft.is_dirty());
        while draft.undo() {}
        prop_assert!(!draft.can_undo());
        prop_assert_eq!(draft.settings(), start);
        prop_assert!(!draft.is_dirty());
    }

    #[test]
    fn one_undo_takes_back_one_edit(baseline in any_settings(), edits in any_edits(), last in any_edit()) {
        let mut draft = edited(&baseline, &edits);
        let before = draft.clone();
        last.apply(&mut draft);
        if draft.edits != before.edits {
            prop_assert!(draft.can_undo());
            draft.undo();
        }
        prop_assert_eq!(draft.edits, before.edits);
        prop_assert_eq!(draft.undo, before.undo);
    }

    #[test]
    fn what_the_form_shows_is_what_would_be_sent(baseline in any_settings(), edits in any_edits()) {
        let draft = edited(&baseline, &edits);
        let patch = Patch::between(&baseline, &draft.intent().merged_onto(&baseline));
        let result = patch.applied_to(&baseline);
        for row in draft.rows() {
            prop_assert_eq!(result.position(row.item), row.now);
            prop_assert_eq!(baseline.position(row.item), row.before);
        }
        let changed: Vec<_> = draft.rows().filter(Row::is_changed).map(|row| row.item.clone()).collect();
        let mut named: Vec<_> = draft.changes().into_iter().map(|change| change.item).collect();
        named.sort_by_key(|item| changed.iter().position(|other| other == item));
        prop_assert_eq!(named, changed);
        prop_assert_eq!(patch.is_empty(), !draft.is_dirty());
    }

    #[test]
    fn what_a_save_changed_is_set_back_as_one_edit_and_all_else_stays(
        baseline in any_settings(), edits in any_edits(), before in any_settings(), after in any_settings(),
    ) {
        let mut draft = edited(&baseline, &edits);
        let was = draft.clone();
        let back = set_back(&mut draft, &before, &after);
        prop_assert_eq!(&back, &SetBack::plan(&before.changes_to(&after), &was.settings()));
        let values = back.edits();
        for row in draft.rows() {
            let asked = values.get(row.item).map(|is_on| Position::from(*is_on));
            prop_assert_eq!(row.now, asked.unwrap_or_else(|| was.position(row.item)));
        }
        prop_assert!(values.keys().all(|item| draft.items().any(|row| row == item)));
        if draft.settings() != was.settings() {
            draft.undo();
            prop_assert_eq!(draft.settings(), was.settings());
        }
    }

    #[test]
    fn reading_again_keeps_edits_and_the_places_of_rows(
        baseline in any_settings(), theirs in any_settings(), edits in any_edits(),
    ) {
        let mut draft = edited(&baseline, &edits);
        let (intent, rows) = (draft.intent(), shown(&draft));
        draft.rebase(&theirs);
        prop_assert!(draft.settings().is_same(&intent.merged_onto(&theirs)));
        let places: Vec<_> = shown(&draft).into_iter().map(|(code, _)| code).take(rows.len()).collect();
        prop_assert_eq!(places, rows.into_iter().map(|(code, _)| code).collect::<Vec<_>>());
    }

    #[test]
    fn taking_theirs_keeps_each_edit_that_does_not_overlap(
        baseline in any_settings(), theirs in any_settings(), edits in any_edits(),
    ) {
        let mut draft = edited(&baseline, &edits);
        let intent = draft.intent();
        draft.take_theirs(&intent, &theirs);
        for setting in Setting::all() {
            let kept = if intent.overlaps_in(setting, &theirs) { &theirs } else { &intent.merged_onto(&theirs) };
            prop_assert!(draft.settings().is_same_in(setting, kept));
        }
    }

    #[test]
    fn a_save_leaves_exactly_the_edits_made_since(
        baseline in any_settings(), before in any_edits(), since in any_edits(),
    ) {
        let mut draft = edited(&baseline, &before);
        let (point, now) = (draft.save_point(), draft.settings());
        for edit in &since {
            edit.apply(&mut draft);
        }
        let (shown, changed) = (draft.settings(), draft.changes_since(&point));
        draft.saved(&point, &now);
        for row in draft.rows() {
            let asked = shown.position(row.item);
            // Flags that disagree cannot be asked for.
            let expected = if asked == Position::Mixed { now.position(row.item) } else { asked };
            prop_assert_eq!(row.now, expected);
        }
        let possible = changed.into_iter().filter(|change| change.after != Position::Mixed);
        prop_assert_eq!(draft.changes(), possible.collect::<Vec<_>>());
    }
}
