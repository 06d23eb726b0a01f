//! Switching to another profile with unsaved changes: what is asked, and what Save and switch does.

use convrating::editor::message::Effect;
use convrating::editor::model::{Dialog, Question, ReadOnly, Target};
use convrating::save::Event;

use super::profiles::harness;
use crate::support::configuration::settings;
use crate::support::model_harness::{ModelHarness, refused};

#[test]
fn unsaved_changes_are_asked_about_first() {
    let mut harness = harness(80, 24);
    harness.press("space p down enter");
    assert!(matches!(harness.model.dialog, Some(Dialog::Question { question: Question::Switch(_), .. })));
    insta::assert_snapshot!("switch", harness.screen());
    harness.press("enter");
    assert_eq!(harness.form().draft.changes().len(), 1, "Keep editing is chosen at first");
    harness.press("p down enter tab tab enter");
    assert!(harness.model.form().is_none() && harness.words().contains("beta"));
}

/// An editor with a change, whose user chose Save and switch for beta.
fn saving_before_beta() -> ModelHarness {
    let mut harness = harness(80, 24);
    harness.press("space p down enter tab enter");
    assert!(harness.words().contains("Then switching to beta."), "{}", harness.screen());
    harness
}

fn saved() -> [Event; 2] {
    let before = settings(false, "A");
    [Event::Read(Ok(before)), Event::Answered(Ok(settings(true, "A")))]
}

#[test]
fn save_and_switch_opens_the_other_profile_once_the_save_has_succeeded() {
    let mut harness = saving_before_beta();
    harness.save_steps(saved());
    let request = harness.model.newest;
    assert!(harness.effects.contains(&Effect::Open(request, Target::Named("beta".to_owned()))));
    assert!(harness.model.form().is_none() && harness.words().contains("beta"), "{}", harness.screen());
    assert!(harness.model.farewell().contains("saved to"), "{}", harness.model.farewell());
}

#[test]
fn save_and_switch_stays_where_the_save_does_not_succeed() {
    let refusal = refused(422, "VALIDATION_ERROR", "no");
    let mut harness = saving_before_beta();
    harness.save_steps([Event::Read(Ok(settings(false, "A"))), Event::Answered(Err(refusal))]);
    assert!(harness.words().contains("Not saved"), "{}", harness.screen());
    assert_eq!(harness.form().draft.changes().len(), 1);
    let mut harness = saving_before_beta();
    harness.save_steps([Event::Stop]);
    assert!(harness.words().contains("Not saved stopped"), "{}", harness.screen());
    assert_eq!(harness.model.session.as_ref().and_then(|session| session.name.as_deref()), Some("acme-prod"));
}

#[test]
fn an_edit_that_is_made_during_save_and_switch_is_asked_about() {
    let mut harness = saving_before_beta();
    harness.press("down space").save_steps(saved());
    let asks = |harness: &ModelHarness| {
        matches!(harness.model.dialog, Some(Dialog::Question { question: Question::Switch(_), .. }))
    };
    assert!(asks(&harness), "{}", harness.screen());
    assert_eq!(harness.form().draft.changes().len(), 1);
    // The question opened by itself: the keys that were typed for the form do not answer it.
    harness.press("tab enter");
    assert!(asks(&harness) && harness.form().saving().is_none(), "{}", harness.screen());
}

#[test]
fn save_and_switch_stays_where_the_user_has_begun_to_type() {
    for field in ["a", "/"] {
        let mut harness = saving_before_beta();
        harness.press(field).type_text("NPS").save_steps(saved());
        let name = harness.model.session.as_ref().and_then(|session| session.name.as_deref());
        assert_eq!(name, Some("acme-prod"), "{}", harness.screen());
        assert!(
            harness.words().contains("Not switched, because you are typing here: p switches."),
            "{}",
            harness.screen()
        );
        assert!(!harness.form().draft.is_dirty() && harness.model.farewell().contains("saved to"));
        assert!(
            matches!(harness.effects.last(), Some(Effect::Reread { .. })),
            "{:?}",
            harness.effects.last()
        );
        harness.type_text(" s");
        assert!(harness.words().contains("NPS s"), "{}", harness.screen());
    }
}

#[test]
fn save_and_switch_asks_about_a_protected_profile_first() {
    let mut harness = harness(80, 24);
    harness.model.session.as_mut().expect("a session").is_protected = true;
    harness.press("space p down enter tab enter");
    assert!(harness.form().saving().is_none(), "{}", harness.screen());
    harness.press("tab");
    assert!(harness.words().contains("Save and switch"), "{}", harness.screen());
    harness.press("enter");
    assert!(harness.words().contains("Then switching to beta."), "{}", harness.screen());
}

#[test]
fn a_profile_that_may_only_be_read_offers_no_save_before_the_switch() {
    let mut harness = harness(80, 24);
    harness.press("space");
    harness.model.session.as_mut().expect("a session").read_only = Some(ReadOnly::Asked);
    harness.press("p down enter");
    assert!(!harness.words().contains("Save and switch"), "{}", harness.screen());
    harness.press("tab enter");
    assert!(harness.model.form().is_none(), "{}", harness.screen());
}

#[test]
fn nobody_switches_away_from_a_save_under_way() {
    let mut harness = harness(80, 24);
    harness.press("space s p down");
    assert!(!harness.words().contains("Enter open"), "{}", harness.screen());
    harness.press("enter");
    assert!(harness.words().contains("A save is under way"), "{}", harness.screen());
    assert!(harness.form().saving().is_some());
}
