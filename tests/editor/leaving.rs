//! Leaving: at once, after a save, or after a question; never with a change lost unasked.

use std::time::Duration;

use convrating::editor::message::{Effect, Message};
use convrating::editor::model::{Choice, Dialog, Question, Size};
use convrating::settings::Settings;

use super::update::{has, is_asked, saves};
use crate::support::configuration::{mixed, settings};
use crate::support::model_harness::{ModelHarness, refused};
use convrating::api::Order;
use convrating::save::Event;

/// What a save reads and is answered that finds the server as it was.
fn steps(answer: Result<Settings, convrating::save::CallError>) -> [Event; 2] {
    [Event::Read(Ok(settings(false, "A"))), Event::Answered(answer)]
}

fn quits(harness: &ModelHarness) -> Vec<u8> {
    let code = |effect: &Effect| if let Effect::Quit(code) = effect { Some(*code) } else { None };
    harness.effects.iter().filter_map(code).collect()
}

/// The number of the save under way.
fn request(harness: &ModelHarness) -> u64 {
    harness.form().saving().expect("a save").request
}

#[test]
fn quitting_is_at_once_when_nothing_is_lost_and_a_question_otherwise() {
    let mut harness = ModelHarness::reading(settings(false, "A"));
    harness.press("q");
    assert!(has(&harness, &Effect::Quit(0)));
    for (keys, effect) in [
        ("space q n", Some(Effect::Quit(0))),
        ("space q tab tab enter", Some(Effect::Quit(0))),
        ("space c-c c-c", Some(Effect::Quit(130))),
        ("space q q", None),
        ("space q enter", None),
        ("space q esc", None),
    ] {
        let mut harness = ModelHarness::reading(settings(false, "A"));
        harness.press(keys);
        let quits: Vec<_> =
            harness.effects.iter().filter(|effect| matches!(effect, Effect::Quit(_))).collect();
        assert_eq!(quits, effect.iter().collect::<Vec<_>>(), "after {keys}");
        assert_eq!(harness.form().draft.changes().len(), 1, "after {keys}");
    }
}

#[test]
fn save_and_quit_quits_only_when_it_was_saved() {
    for keys in ["space q s", "space q tab enter"] {
        let mut harness = ModelHarness::reading(settings(false, "A"));
        harness.press(keys).save_steps(steps(Ok(settings(true, "A"))));
        assert!(has(&harness, &Effect::Quit(0)));
        assert!(harness.model.farewell().contains("saved to acme-prod (agent demoagent1): rating off → on"));
    }
    let mut harness = ModelHarness::reading(settings(false, "A"));
    harness.press("space q s").save_steps(steps(Err(refused(422, "VALIDATION_ERROR", "no"))));
    assert!(!harness.effects.iter().any(|effect| matches!(effect, Effect::Quit(_))));
    assert!(harness.words().contains("Not saved "));
    assert_eq!(harness.model.farewell(), "convrating: nothing saved");
}

#[test]
fn quitting_during_a_save_waits_for_its_end_but_not_for_ever() {
    let mut harness = ModelHarness::reading(settings(false, "A"));
    harness.press("space s q");
    let request = self::request(&harness);
    assert!(has(&harness, &Effect::Grace(request)));
    harness.save_steps([Event::Read(Ok(settings(false, "A")))]);
    harness.tell(Message::GraceOver(request));
    assert!(has(&harness, &Effect::Quit(6)), "the outcome is unknown");
    assert!(harness.model.farewell().contains("outcome unknown for acme-prod"));
    let mut harness = ModelHarness::reading(settings(false, "A"));
    harness.press("space s q");
    harness.tell(Message::GraceOver(request));
    assert!(has(&harness, &Effect::Quit(1)), "nothing was sent");
    assert_eq!(harness.model.farewell(), "convrating: nothing saved");
}

#[test]
fn quitting_during_a_save_asks_when_edits_were_made_since() {
    let mut harness = ModelHarness::reading(settings(false, "A"));
    harness.press("space s 2 space q");
    assert!(matches!(harness.model.dialog, Some(Dialog::Question { question: Question::Quit, .. })));
    harness.press("n");
    assert!(has(&harness, &Effect::Grace(request(&harness))));
    harness.save_steps(steps(Ok(settings(true, "A"))));
    assert!(has(&harness, &Effect::Quit(0)));
}

#[test]
fn q_quits_a_terminal_that_is_too_small_whatever_is_asked() {
    let mut harness = ModelHarness::reading(settings(false, "A"));
    harness.press("2 space s").save_steps([Event::Read(Ok(settings(false, "A B")))]);
    harness.wait(Duration::from_secs(1));
    harness.tell(Message::Resized(Size { columns: 39, rows: 11 }));
    harness.press("q");
    assert!(harness.words().contains("n quits"), "{}", harness.screen());
    harness.press("n");
    assert!(has(&harness, &Effect::Quit(0)));
}

#[test]
fn a_terminal_that_is_too_small_hears_only_the_keys_that_end() {
    let mut harness = ModelHarness::reading(settings(false, "A"));
    harness.press("space");
    harness.tell(Message::Resized(Size { columns: 20, rows: 5 }));
    harness.press("space s d u x a");
    assert_eq!(harness.form().draft.changes().len(), 1);
    assert_eq!(saves(&harness), 0);
    harness.press("q n");
    assert!(has(&harness, &Effect::Quit(0)));
}

#[test]
fn what_was_undone_since_the_save_began_is_asked_about_too() {
    for keys in ["space s u q", "space s d q", "space s space c-c"] {
        let mut harness = ModelHarness::reading(settings(false, "A"));
        harness.press(keys);
        assert!(is_asked(&harness, &Question::Quit) && quits(&harness).is_empty(), "after {keys}");
        assert!(harness.words().contains("rating on → off"), "{}", harness.screen());
    }
}

#[test]
fn a_save_that_takes_every_edit_with_it_closes_the_question() {
    let mut harness = ModelHarness::reading(settings(false, "A"));
    harness.press("space s u q");
    harness.tell(Message::Keys { keys: vec![convrating::terminal::Key::Esc], burst: false });
    harness.press("space q");
    assert!(harness.model.dialog.is_none(), "nothing differs from what is being saved");
    let mut harness = ModelHarness::reading(settings(false, "A"));
    harness.press("space s 2 space q");
    harness.save_steps(steps(Ok(settings(true, ""))));
    assert!(harness.model.dialog.is_none() && quits(&harness).is_empty(), "{}", harness.screen());
}

#[test]
fn a_button_never_becomes_another_one_while_it_is_chosen() {
    let mut harness = ModelHarness::reading(settings(false, "A"));
    harness.press("space s 2 space q tab");
    let chosen = |harness: &ModelHarness| match &harness.model.dialog {
        Some(Dialog::Question { question, choice, .. }) => harness.model.chosen(question, *choice),
        _ => panic!("{}", harness.screen()),
    };
    assert_eq!(chosen(&harness), Choice::QuitWithoutSaving);
    harness.save_steps(steps(Ok(settings(true, "A"))));
    assert_eq!(chosen(&harness), Choice::QuitWithoutSaving, "though Save and quit stands before it by now");
    harness.press("enter");
    assert_eq!((quits(&harness), saves(&harness)), (vec![0], 1));
}

#[test]
fn quit_without_saving_quits_however_the_save_ends() {
    for (answer, code) in [
        (Ok(settings(true, "A")), 0),
        (Err(refused(422, "VALIDATION_ERROR", "no")), 1),
        (Err(refused(403, "PERMISSION_DENIED", "no")), 1),
    ] {
        let mut harness = ModelHarness::reading(settings(false, "A"));
        harness.press("space s 2 space q n").save_steps(steps(answer));
        assert_eq!(quits(&harness), [code]);
    }
    let mut harness = ModelHarness::reading(settings(false, "A"));
    harness.press("space s 2 space q n").save_steps([Event::Read(Ok(mixed([true, false], "A")))]);
    assert!(
        has(&harness, &Effect::Order(Order::Stop)) && harness.model.dialog.is_none(),
        "the user is not asked"
    );
}

#[test]
fn the_grace_of_one_save_is_not_that_of_the_next() {
    let mut harness = ModelHarness::reading(settings(false, "A"));
    harness.press("space s q");
    let first = request(&harness);
    harness.save_steps(steps(Err(refused(422, "VALIDATION_ERROR", "no"))));
    harness.press("s q");
    harness.tell(Message::GraceOver(first));
    assert!(quits(&harness).is_empty(), "{:?}", harness.effects);
    harness.tell(Message::GraceOver(request(&harness)));
    assert_eq!(quits(&harness), [1]);
}

#[test]
fn whoever_leaves_with_the_save_edits_nothing_more() {
    let mut harness = ModelHarness::reading(settings(false, "A"));
    harness.press("space s q");
    let draft = harness.form().draft.clone();
    harness.press("space x u d b a 2 space");
    assert_eq!(harness.form().draft, draft);
    assert!(harness.words().contains("Quitting as soon as the save has ended"), "{}", harness.screen());
    assert!(!harness.words().contains("space toggle"), "{}", harness.screen());
}

#[test]
fn a_question_that_comes_after_the_save_hears_no_key_in_its_first_moment() {
    let mut harness = ModelHarness::reading(settings(false, "A"));
    harness.press("space q s 2 space").save_steps(steps(Ok(settings(true, "A"))));
    assert!(is_asked(&harness, &Question::Quit), "{}", harness.screen());
    harness.press("n s enter");
    assert!(quits(&harness).is_empty() && saves(&harness) == 1);
    harness.wait(Duration::from_millis(200)).press("n");
    assert_eq!(quits(&harness), [0]);
}

#[test]
fn the_line_of_a_small_terminal_names_the_keys_that_work_and_no_other_does_anything() {
    let mut harness = ModelHarness::reading(settings(false, "A"));
    harness.press("space q");
    harness.tell(Message::Resized(Size { columns: 10, rows: 3 }));
    assert!(harness.words().starts_with("Unsaved: n quits, Esc stays."), "{}", harness.screen());
    harness.press("tab enter s q");
    assert!(quits(&harness).is_empty() && saves(&harness) == 0 && is_asked(&harness, &Question::Quit));
    harness.press("esc");
    assert!(harness.words().contains("q quits."), "{}", harness.screen());
}
