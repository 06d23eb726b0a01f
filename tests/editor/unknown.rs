//! Saves that may arrive late: what is said of them until a read tells.

use convrating::editor::message::{Effect, Message};
use convrating::editor::model::ReadOnly;
use convrating::settings::Settings;

use super::update::has;
use crate::support::configuration::settings;
use crate::support::model_harness::{ModelHarness, refused, unreachable};
use convrating::save::{CallError, Event};

/// A save whose PATCH broke off, and whose outcome no read could tell.
fn unknown_outcome() -> ModelHarness {
    unknown_outcome_at(80, 24)
}

/// The same in a terminal of this size.
fn unknown_outcome_at(columns: u16, rows: u16) -> ModelHarness {
    let mut harness = ModelHarness::reading_at(settings(false, "A"), columns, rows);
    let lost = || [Event::Elapsed, Event::Read(Err(broken()))];
    let sent = [Event::Read(Ok(settings(false, "A"))), Event::Answered(Err(broken()))];
    harness.press("space s").save_steps(sent.into_iter().chain(lost()).chain(lost()).chain(lost()));
    harness
}

#[test]
fn an_unknown_outcome_stands_until_a_read_tells() {
    let mut harness = unknown_outcome();
    assert!(
        harness.words().contains("Outcome unknown") && harness.words().contains("r read again"),
        "{}",
        harness.screen()
    );
    assert!(!harness.words().contains("Nothing was sent yet"), "something was sent: {}", harness.screen());
    harness.press("r");
    let request = harness.model.newest;
    harness.tell(Message::Read { request, result: Err(unreachable()) });
    assert!(harness.words().contains("Outcome unknown rating off → on"), "{}", harness.screen());
    harness.press("r");
    let request = harness.model.newest;
    harness.tell(Message::Read { request, result: Ok(settings(true, "A")) });
    assert!(harness.words().contains("Saved after all rating off → on"), "{}", harness.screen());
    assert!(
        !harness.words().contains("someone else") && !harness.words().contains("unsaved change"),
        "{}",
        harness.screen()
    );
    harness.press("q");
    assert!(has(&harness, &Effect::Quit(0)) && harness.model.farewell().contains("saved to acme-prod"));
}

#[test]
fn leaving_with_an_unknown_outcome_says_so_in_the_exit_code() {
    let mut harness = unknown_outcome();
    harness.press("q n");
    assert!(has(&harness, &Effect::Quit(6)) && harness.model.farewell().contains("outcome unknown"));
    let mut harness = unknown_outcome();
    harness.press("r");
    let request = harness.model.newest;
    harness.tell(Message::Read { request, result: Ok(settings(false, "A")) });
    assert!(harness.words().contains("Nothing was sent yet"), "it did not arrive: {}", harness.screen());
}

fn read_again(harness: &mut ModelHarness, result: Result<Settings, CallError>) {
    harness.press("r");
    let request = harness.model.newest;
    harness.tell(Message::Read { request, result });
}

pub(super) fn broken() -> CallError {
    CallError::Broken { reason: "connection reset".to_owned(), has_head: true }
}

#[test]
fn a_read_that_shows_the_old_value_settles_an_unknown_outcome() {
    let mut harness = unknown_outcome();
    read_again(&mut harness, Ok(settings(false, "A")));
    harness.press("d q");
    assert!(has(&harness, &Effect::Quit(0)), "{:?}", harness.effects);
    assert_eq!(harness.model.farewell(), "convrating: nothing saved");
}

#[test]
fn saving_again_settles_an_unknown_outcome_too() {
    let mut harness = unknown_outcome();
    harness.press("s").save_steps([Event::Read(Ok(settings(true, "A")))]);
    assert!(harness.words().contains("Saved after all rating off → on"), "{}", harness.screen());
    harness.press("q");
    assert!(has(&harness, &Effect::Quit(0)) && harness.model.farewell().contains("saved to acme-prod"));

    let mut harness = unknown_outcome();
    let refusal = Err(refused(422, "VALIDATION_ERROR", "no"));
    harness.press("s").save_steps([Event::Read(Ok(settings(false, "A"))), Event::Answered(refusal)]);
    assert!(
        !harness.words().contains("unknown"),
        "the read before it showed the old value: {}",
        harness.screen()
    );
    harness.press("q n");
    assert!(has(&harness, &Effect::Quit(0)) && harness.model.farewell() == "convrating: nothing saved");
}

#[test]
fn b_brings_back_what_was_there_before_a_save_that_arrived_late() {
    let mut harness = unknown_outcome();
    read_again(&mut harness, Ok(settings(true, "A")));
    harness.bring_back(None);
    assert_eq!(harness.form().draft.settings(), settings(false, "A"));
}

#[test]
fn an_unknown_outcome_stands_on_screen_whatever_is_edited() {
    for keys in ["space", "u", "d", "2 space"] {
        let mut harness = unknown_outcome();
        harness.press(keys);
        assert!(
            harness.words().contains("Outcome unknown rating off → on. r finds out."),
            "{}",
            harness.screen()
        );
    }
}

#[test]
fn an_edit_made_after_an_unknown_outcome_is_kept_when_the_save_turns_out_to_have_arrived() {
    let mut harness = unknown_outcome();
    harness.press("space");
    read_again(&mut harness, Ok(settings(true, "A")));
    assert!(harness.words().contains("Saved after all"), "{}", harness.screen());
    assert_eq!(harness.form().draft.settings(), settings(false, "A"), "the user switched it off again");
    assert!(harness.words().contains("1 unsaved change"), "{}", harness.screen());
}

#[test]
fn a_change_that_arrives_after_not_saved_was_said_is_nobody_elses() {
    let mut harness = ModelHarness::reading(settings(false, "A"));
    let old = || [Event::Elapsed, Event::Read(Ok(settings(false, "A")))];
    let sent = [Event::Read(Ok(settings(false, "A"))), Event::Answered(Err(broken()))];
    harness.press("space s").save_steps(sent.into_iter().chain(old()).chain(old()).chain(old()));
    assert!(harness.words().contains("the change may still arrive"), "{}", harness.screen());
    read_again(&mut harness, Ok(settings(true, "A")));
    assert!(harness.words().contains("Saved after all rating off → on"), "{}", harness.screen());
    assert!(!harness.words().contains("someone else"), "{}", harness.screen());
    assert!(harness.model.farewell().contains("saved to acme-prod"));
}

#[test]
fn an_unknown_outcome_is_told_on_leaving_also_after_a_switch() {
    let mut harness = unknown_outcome();
    harness.model.profiles = vec![convrating::editor::model::Session {
        name: Some("beta".to_owned()),
        ..crate::support::model_harness::session()
    }];
    harness.press("p enter tab tab enter");
    assert!(harness.model.form().is_none(), "{}", harness.screen());
    harness.press("q");
    assert!(
        has(&harness, &Effect::Quit(6)) && harness.model.farewell().contains("outcome unknown for acme-prod")
    );
}

#[test]
fn while_an_outcome_is_unknown_a_form_without_changes_does_not_say_that_there_is_nothing_to_save() {
    let mut harness = unknown_outcome();
    harness.press("d s");
    assert!(!harness.words().contains("Nothing to save"), "{}", harness.screen());
    let words = "Nothing was sent: the form has no change. r finds out whether the last save arrived.";
    assert!(harness.words().contains(words), "{}", harness.screen());
}

#[test]
fn a_high_screen_calls_no_change_unsent_that_a_save_may_have_sent() {
    let shows = |harness: &ModelHarness, words: [&str; 2]| words.map(|words| harness.words().contains(words));
    let panes = ["CHANGES 1, not sent yet", "REQUEST what s would send"];
    let mut harness = ModelHarness::reading_at(settings(false, "A"), 120, 40);
    harness.press("space");
    assert_eq!(shows(&harness, panes), [true, true], "{}", harness.screen());
    harness.press("s").save_steps([Event::Read(Ok(settings(false, "A")))]);
    assert_eq!(shows(&harness, ["CHANGES", "REQUEST"]), [false, false], "{}", harness.screen());
    let unknown = unknown_outcome_at(120, 40);
    let panes = ["CHANGES 1, may have been sent", "REQUEST"];
    assert_eq!(shows(&unknown, panes), [true, false], "{}", unknown.screen());
    let mut read_only = ModelHarness::reading_at(settings(false, "A"), 120, 40);
    read_only.press("space").model.session.as_mut().expect("a session").read_only = Some(ReadOnly::Asked);
    assert_eq!(shows(&read_only, ["CHANGES 1", "REQUEST"]), [true, false], "{}", read_only.screen());
}
