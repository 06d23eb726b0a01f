//! Saves that may arrive late: what is said of them until a read tells.

use convrating::editor::message::{Effect, Message};
use convrating::settings::Settings;

use super::update::has;
use crate::support::configuration::settings;
use crate::support::desk::{Desk, refused, unreachable};
use convrating::save::{CallError, Event};

/// A save whose PATCH broke off, and whose outcome no read could tell.
fn unknown_outcome() -> Desk {
    let mut desk = Desk::reading(settings(false, "A"));
    let lost = || [Event::Elapsed, Event::Read(Err(broken()))];
    let sent = [Event::Read(Ok(settings(false, "A"))), Event::Answered(Err(broken()))];
    desk.press("space s").save_steps(sent.into_iter().chain(lost()).chain(lost()).chain(lost()));
    desk
}

#[test]
fn an_unknown_outcome_stands_until_a_read_tells() {
    let mut desk = unknown_outcome();
    assert!(
        desk.words().contains("Outcome unknown") && desk.words().contains("r read again"),
        "{}",
        desk.screen()
    );
    assert!(!desk.words().contains("Nothing is sent until"), "something was sent: {}", desk.screen());
    desk.press("r");
    let request = desk.model.newest;
    desk.tell(Message::Read { request, result: Err(unreachable()) });
    assert!(desk.words().contains("Outcome unknown: rating off → on"), "{}", desk.screen());
    desk.press("r");
    let request = desk.model.newest;
    desk.tell(Message::Read { request, result: Ok(settings(true, "A")) });
    assert!(desk.words().contains("Saved after all: rating off → on"), "{}", desk.screen());
    assert!(
        !desk.words().contains("someone else") && !desk.words().contains("unsaved change"),
        "{}",
        desk.screen()
    );
    desk.press("q");
    assert!(has(&desk, &Effect::Quit(0)) && desk.model.farewell().contains("saved to acme-prod"));
}

#[test]
fn leaving_with_an_unknown_outcome_says_so_in_the_exit_code() {
    let mut desk = unknown_outcome();
    desk.press("q n");
    assert!(has(&desk, &Effect::Quit(6)) && desk.model.farewell().contains("outcome unknown"));
    let mut desk = unknown_outcome();
    desk.press("r");
    let request = desk.model.newest;
    desk.tell(Message::Read { request, result: Ok(settings(false, "A")) });
    assert!(
        desk.words().contains("1 unsaved change. Nothing is sent"),
        "it did not arrive: {}",
        desk.screen()
    );
}

fn read_again(desk: &mut Desk, result: Result<Settings, CallError>) {
    desk.press("r");
    let request = desk.model.newest;
    desk.tell(Message::Read { request, result });
}

fn broken() -> CallError {
    CallError::Broken { reason: "connection reset".to_owned(), has_head: true }
}

#[test]
fn a_read_that_shows_the_old_value_settles_an_unknown_outcome() {
    let mut desk = unknown_outcome();
    read_again(&mut desk, Ok(settings(false, "A")));
    desk.press("d q");
    assert!(has(&desk, &Effect::Quit(0)), "{:?}", desk.effects);
    assert_eq!(desk.model.farewell(), "convrating: nothing saved");
}

#[test]
fn saving_again_settles_an_unknown_outcome_too() {
    let mut desk = unknown_outcome();
    desk.press("s").save_steps([Event::Read(Ok(settings(true, "A")))]);
    assert!(desk.words().contains("Saved after all: rating off → on"), "{}", desk.screen());
    desk.press("q");
    assert!(has(&desk, &Effect::Quit(0)) && desk.model.farewell().contains("saved to acme-prod"));

    let mut desk = unknown_outcome();
    let refusal = Err(refused(422, "VALIDATION_ERROR", "no"));
    desk.press("s").save_steps([Event::Read(Ok(settings(false, "A"))), Event::Answered(refusal)]);
    assert!(!desk.words().contains("unknown"), "the read before it showed the old value: {}", desk.screen());
    desk.press("q n");
    assert!(has(&desk, &Effect::Quit(0)) && desk.model.farewell() == "convrating: nothing saved");
}

#[test]
fn b_brings_back_what_was_there_before_a_save_that_arrived_late() {
    let mut desk = unknown_outcome();
    read_again(&mut desk, Ok(settings(true, "A")));
    desk.press("b");
    assert_eq!(desk.form().draft.settings(), settings(false, "A"));
}

#[test]
fn an_unknown_outcome_stands_on_screen_whatever_is_edited() {
    for keys in ["space", "u", "d", "2 space"] {
        let mut desk = unknown_outcome();
        desk.press(keys);
        assert!(desk.words().contains("Outcome unknown: rating off → on. Press r"), "{}", desk.screen());
    }
}

#[test]
fn an_edit_made_after_an_unknown_outcome_is_kept_when_the_save_turns_out_to_have_arrived() {
    let mut desk = unknown_outcome();
    desk.press("space");
    read_again(&mut desk, Ok(settings(true, "A")));
    assert!(desk.words().contains("Saved after all"), "{}", desk.screen());
    assert_eq!(desk.form().draft.settings(), settings(false, "A"), "the user switched it off again");
    assert!(desk.words().contains("1 unsaved change"), "{}", desk.screen());
}

#[test]
fn a_change_that_arrives_after_not_saved_was_said_is_nobody_elses() {
    let mut desk = Desk::reading(settings(false, "A"));
    let old = || [Event::Elapsed, Event::Read(Ok(settings(false, "A")))];
    let sent = [Event::Read(Ok(settings(false, "A"))), Event::Answered(Err(broken()))];
    desk.press("space s").save_steps(sent.into_iter().chain(old()).chain(old()).chain(old()));
    assert!(desk.words().contains("the change may still arrive"), "{}", desk.screen());
    read_again(&mut desk, Ok(settings(true, "A")));
    assert!(desk.words().contains("Saved after all: rating off → on"), "{}", desk.screen());
    assert!(!desk.words().contains("someone else"), "{}", desk.screen());
    assert!(desk.model.farewell().contains("saved to acme-prod"));
}

#[test]
fn an_unknown_outcome_is_told_on_leaving_also_after_a_switch() {
    let mut desk = unknown_outcome();
    desk.model.profiles = vec![convrating::editor::model::Session {
        name: Some("beta".to_owned()),
        ..crate::support::desk::session()
    }];
    desk.press("p enter tab enter");
    assert!(desk.model.form().is_none(), "{}", desk.screen());
    desk.press("q");
    assert!(has(&desk, &Effect::Quit(6)) && desk.model.farewell().contains("outcome unknown for acme-prod"));
}
