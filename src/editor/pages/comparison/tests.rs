use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::save::{Consent, Event, Save, State};
use crate::settings::intent_tests::any_intent;
use crate::settings::tests::{any_code, any_item, any_settings};
use crate::settings::{Draft, Switch};

const CHOICES: [Choice; 3] = [Choice::KeepBoth, Choice::UseTheirs, Choice::KeepEditing];

/// A save that found a conflict; `None` where `theirs` does not overlap with what the user changed.
fn conflicted(intent: &Intent, theirs: &Settings) -> Option<(Save, Conflict)> {
    let mut save = Save::start(intent.clone());
    save.step(Event::Read(Ok(theirs.clone()))).unwrap();
    let State::Conflict(conflict) = save.state().clone() else { return None };
    Some((save, conflict))
}

/// A draft with these edits.
fn draft(baseline: Settings, items: &[Item]) -> Draft {
    let mut draft = Draft::new(baseline);
    for item in items {
        draft.toggle(item);
    }
    draft
}

/// Each item that there is in a test.
fn every_item(settings: &[&Settings]) -> BTreeSet<Item> {
    let codes = settings.iter().flat_map(|settings| &settings.codes).cloned().map(Item::Code);
    Switch::all().map(Item::Switch).chain(codes).collect()
}

proptest! {
    #[test]
    fn each_item_that_differs_has_exactly_one_row(intent in any_intent(), theirs in any_settings(), more in any_code()) {
        let mut theirs = theirs;
        theirs.codes.push(more);
        let Some((_, conflict)) = conflicted(&intent, &theirs) else { return Ok(()) };
        let Conflict { before, theirs, yours, .. } = &conflict;
        for chosen in CHOICES {
            let rows = compare(&conflict, &intent, chosen);
            for item in every_item(&[before, theirs, yours]) {
                let differs = !(before.has_same(&item, theirs) && before.has_same(&item, yours));
                prop_assert_eq!(rows.iter().filter(|row| row.item == item).count(), usize::from(differs));
            }
            for row in &rows {
                prop_assert_eq!(row.before, before.position(&row.item));
                prop_assert_eq!(row.theirs, theirs.position(&row.item));
                prop_assert_eq!(row.yours, yours.position(&row.item));
                prop_assert_eq!(row.is_changed_by_you, intent.edits.contains_key(&row.item));
                prop_assert!(row.is_changed_by_you || row.is_changed_by_them);
            }
        }
    }

    #[test]
    fn the_result_of_keep_both_is_what_is_sent(intent in any_intent(), theirs in any_settings()) {
        let Some((mut save, conflict)) = conflicted(&intent, &theirs) else { return Ok(()) };
        save.step(Event::Consent(Consent::KeepBoth)).unwrap();
        save.step(Event::Read(Ok(theirs.clone()))).unwrap();
        let State::Sending(attempt) = save.state() else { return Err(TestCaseError::fail("it sends")) };
        let held = attempt.patch.applied_to(&theirs);
        for row in compare(&conflict, &intent, Choice::KeepBoth) {
            prop_assert_eq!(row.result, held.position(&row.item), "{}", row.item);
        }
    }

    #[test]
    fn the_results_of_the_other_buttons_are_what_the_form_holds_then(
        baseline in any_settings(),
        items in proptest::collection::vec(any_item(), 1..6),
        theirs in any_settings(),
    ) {
        let mut draft = draft(baseline, &items);
        let intent = draft.intent();
        let Some((_, conflict)) = conflicted(&intent, &theirs) else { return Ok(()) };
        for row in compare(&conflict, &intent, Choice::KeepEditing) {
            prop_assert_eq!(row.result, draft.position(&row.item), "{}", row.item);
        }
        draft.take_theirs(&intent, &theirs);
        for row in compare(&conflict, &intent, Choice::UseTheirs) {
            prop_assert_eq!(row.result, draft.position(&row.item), "{}", row.item);
        }
    }
}
