//! The question about a conflict: when it opens, and what each answer does.

use std::time::Duration;

use convrating::api::Order;
use convrating::editor::message::Effect;
use convrating::editor::model::Question;
use convrating::save::{Consent, Event};
use convrating::settings::QuestionCode;

use super::update::{has, is_asked};
use crate::support::configuration::settings;
use crate::support::model_harness::ModelHarness;

#[test]
fn a_conflict_asks_and_hears_no_key_in_its_first_200_milliseconds() {
    let mut harness = ModelHarness::reading(settings(false, "A"));
    harness.press("2 space s").save_steps([Event::Read(Ok(settings(false, "A B")))]);
    harness.press("enter");
    assert!(
        !has(&harness, &Effect::Order(Order::Consent(Consent::KeepBoth))),
        "that Enter was not for the question"
    );
    harness.wait(Duration::from_millis(199)).press("enter esc");
    assert!(harness.effects.iter().all(|effect| !matches!(effect, Effect::Order(_))));
    harness.wait(Duration::from_millis(1)).press("enter");
    assert!(has(&harness, &Effect::Order(Order::Consent(Consent::KeepBoth))));
}

#[test]
fn esc_in_a_conflict_goes_back_with_the_draft_kept() {
    let mut harness = ModelHarness::reading(settings(false, "A"));
    harness.press("2 space s").save_steps([Event::Read(Ok(settings(false, "A B")))]);
    harness.wait(Duration::from_millis(200)).press("esc");
    assert!(has(&harness, &Effect::Order(Order::Stop)));
    harness.save_steps([Event::Read(Ok(settings(false, "A B"))), Event::Stop]);
    assert!(harness.words().contains("Not saved"), "{}", harness.screen());
    assert_eq!(harness.form().draft.changes().len(), 1);
}

#[test]
fn use_theirs_takes_what_overlaps_and_can_be_undone() {
    let mut harness = ModelHarness::reading(settings(false, "A"));
    let theirs = || Ok(settings(false, "A B"));
    harness.press("space 2 space s").save_steps([Event::Read(theirs()), Event::Consent(Consent::UseTheirs)]);
    assert_eq!(harness.form().draft.settings(), settings(true, "A B"));
    assert!(harness.model.dialog.is_none());
    harness.press("u");
    assert_eq!(harness.form().draft.settings(), settings(true, "B"));
}

#[test]
fn a_question_opened_over_a_conflict_gives_way_to_it_again() {
    let mut harness = ModelHarness::reading(settings(false, "A"));
    harness.press("2 space s v").save_steps([Event::Read(Ok(settings(false, "A B")))]);
    assert!(is_asked(&harness, &Question::Conflict), "it takes the place of what was open");
    let mut harness = ModelHarness::reading(settings(false, "A"));
    harness.press("2 space s").save_steps([Event::Read(Ok(settings(false, "A B")))]);
    harness.wait(Duration::from_secs(1)).press("c-c");
    assert!(is_asked(&harness, &Question::Quit), "Ctrl-C loses nothing without asking");
    harness.press("esc");
    assert!(is_asked(&harness, &Question::Conflict));
}

#[test]
fn a_conflict_waits_for_the_field_that_is_typed_in() {
    let mut harness = ModelHarness::reading(settings(false, "A"));
    harness.press("2 space s a").type_text("NPS_SC").save_steps([Event::Read(Ok(settings(false, "A B")))]);
    assert!(
        harness.words().contains("NPS_SC") && harness.words().contains("Saving: waiting for your answer")
    );
    harness.wait(Duration::from_secs(1)).type_text("ORE").press("enter enter enter");
    assert!(is_asked(&harness, &Question::Conflict));
    assert!(
        harness.effects.iter().all(|effect| !matches!(effect, Effect::Order(_))),
        "{:?}",
        harness.effects
    );
    assert!(harness.form().draft.settings().has(&QuestionCode::new("NPS_SCORE")));
}

#[test]
fn the_quit_question_over_a_conflict_says_that_a_save_waits() {
    let mut harness = ModelHarness::reading(settings(false, "A"));
    harness.press("2 space s").save_steps([Event::Read(Ok(settings(false, "A B")))]);
    harness.wait(Duration::from_secs(1)).press("c-c");
    assert!(harness.words().contains("Saving: waiting for your answer"), "{}", harness.screen());
}
