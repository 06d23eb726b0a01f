//! Leaving: at once, after a save, or after a question; never with a change lost unasked.

use std::time::Duration;

use convrating::editor::message::{Effect, Message};
use convrating::editor::model::{Choice, Dialog, Question, Size};
use convrating::settings::Settings;

use super::update::{has, is_asked, saves};
use crate::support::configuration::{mixed, settings};
use crate::support::desk::{Desk, refused};
use convrating::api::Order;
use convrating::save::Event;

/// What a save reads and is answered that finds the server as it was.
fn steps(answer: Result<Settings, convrating::save::CallError>) -> [Event; 2] {
    [Event::Read(Ok(settings(false, "A"))), Event::Answered(answer)]
}

fn quits(desk: &Desk) -> Vec<u8> {
    let code = |effect: &Effect| if let Effect::Quit(code) = effect { Some(*code) } else { None };
    desk.effects.iter().filter_map(code).collect()
}

/// The number of the save under way.
fn request(desk: &Desk) -> u64 {
    desk.form().saving().expect("a save").request
}

#[test]
fn quitting_is_at_once_when_nothing_is_lost_and_a_question_otherwise() {
    let mut desk = Desk::reading(settings(false, "A"));
    desk.press("q");
    assert!(has(&desk, &Effect::Quit(0)));
    for (keys, effect) in [
        ("space q n", Some(Effect::Quit(0))),
        ("space q tab tab enter", Some(Effect::Quit(0))),
        ("space c-c c-c", Some(Effect::Quit(130))),
        ("space q q", None),
        ("space q enter", None),
        ("space q esc", None),
    ] {
        let mut desk = Desk::reading(settings(false, "A"));
        desk.press(keys);
        let quits: Vec<_> = desk.effects.iter().filter(|effect| matches!(effect, Effect::Quit(_))).collect();
        assert_eq!(quits, effect.iter().collect::<Vec<_>>(), "after {keys}");
        assert_eq!(desk.form().draft.changes().len(), 1, "after {keys}");
    }
}

#[test]
fn save_and_quit_quits_only_when_it_was_saved() {
    for keys in ["space q s", "space q tab enter"] {
        let mut desk = Desk::reading(settings(false, "A"));
        desk.press(keys).save_steps(steps(Ok(settings(true, "A"))));
        assert!(has(&desk, &Effect::Quit(0)));
        assert!(desk.model.farewell().contains("saved to acme-prod (agent demoagent1): rating off → on"));
    }
    let mut desk = Desk::reading(settings(false, "A"));
    desk.press("space q s").save_steps(steps(Err(refused(422, "VALIDATION_ERROR", "no"))));
    assert!(!desk.effects.iter().any(|effect| matches!(effect, Effect::Quit(_))));
    assert!(desk.words().contains("Not saved: "));
    assert_eq!(desk.model.farewell(), "convrating: nothing saved");
}

#[test]
fn quitting_during_a_save_waits_for_its_end_but_not_for_ever() {
    let mut desk = Desk::reading(settings(false, "A"));
    desk.press("space s q");
    let request = self::request(&desk);
    assert!(has(&desk, &Effect::Grace(request)));
    desk.save_steps([Event::Read(Ok(settings(false, "A")))]);
    desk.tell(Message::GraceOver(request));
    assert!(has(&desk, &Effect::Quit(6)), "the outcome is unknown");
    assert!(desk.model.farewell().contains("outcome unknown for acme-prod"));
    let mut desk = Desk::reading(settings(false, "A"));
    desk.press("space s q");
    desk.tell(Message::GraceOver(request));
    assert!(has(&desk, &Effect::Quit(1)), "nothing was sent");
    assert_eq!(desk.model.farewell(), "convrating: nothing saved");
}

#[test]
fn quitting_during_a_save_asks_when_edits_were_made_since() {
    let mut desk = Desk::reading(settings(false, "A"));
    desk.press("space s 2 space q");
    assert!(matches!(desk.model.dialog, Some(Dialog::Question { question: Question::Quit, .. })));
    desk.press("n");
    assert!(has(&desk, &Effect::Grace(request(&desk))));
    desk.save_steps(steps(Ok(settings(true, "A"))));
    assert!(has(&desk, &Effect::Quit(0)));
}

#[test]
fn q_quits_a_terminal_that_is_too_small_whatever_is_asked() {
    let mut desk = Desk::reading(settings(false, "A"));
    desk.press("2 space s").save_steps([Event::Read(Ok(settings(false, "A B")))]);
    desk.wait(Duration::from_secs(1));
    desk.tell(Message::Resized(Size { columns: 39, rows: 11 }));
    desk.press("q");
    assert!(desk.words().contains("n quits"), "{}", desk.screen());
    desk.press("n");
    assert!(has(&desk, &Effect::Quit(0)));
}

#[test]
fn a_terminal_that_is_too_small_hears_only_the_keys_that_end() {
    let mut desk = Desk::reading(settings(false, "A"));
    desk.press("space");
    desk.tell(Message::Resized(Size { columns: 20, rows: 5 }));
    desk.press("space s d u x a");
    assert_eq!(desk.form().draft.changes().len(), 1);
    assert_eq!(saves(&desk), 0);
    desk.press("q n");
    assert!(has(&desk, &Effect::Quit(0)));
}

#[test]
fn what_was_undone_since_the_save_began_is_asked_about_too() {
    for keys in ["space s u q", "space s d q", "space s space c-c"] {
        let mut desk = Desk::reading(settings(false, "A"));
        desk.press(keys);
        assert!(is_asked(&desk, Question::Quit) && quits(&desk).is_empty(), "after {keys}");
        assert!(desk.words().contains("rating on → off"), "{}", desk.screen());
    }
}

#[test]
fn a_save_that_takes_every_edit_with_it_closes_the_question() {
    let mut desk = Desk::reading(settings(false, "A"));
    desk.press("space s u q");
    desk.tell(Message::Keys { keys: vec![convrating::terminal::Key::Esc], burst: false });
    desk.press("space q");
    assert!(desk.model.dialog.is_none(), "nothing differs from what is being saved");
    let mut desk = Desk::reading(settings(false, "A"));
    desk.press("space s 2 space q");
    desk.save_steps(steps(Ok(settings(true, ""))));
    assert!(desk.model.dialog.is_none() && quits(&desk).is_empty(), "{}", desk.screen());
}

#[test]
fn a_button_never_becomes_another_one_while_it_is_chosen() {
    let mut desk = Desk::reading(settings(false, "A"));
    desk.press("space s 2 space q tab");
    let chosen = |desk: &Desk| match desk.model.dialog {
        Some(Dialog::Question { question, choice, .. }) => desk.model.chosen(question, choice),
        _ => panic!("{}", desk.screen()),
    };
    assert_eq!(chosen(&desk), Choice::QuitWithoutSaving);
    desk.save_steps(steps(Ok(settings(true, "A"))));
    assert_eq!(chosen(&desk), Choice::QuitWithoutSaving, "though Save and quit stands before it by now");
    desk.press("enter");
    assert_eq!((quits(&desk), saves(&desk)), (vec![0], 1));
}

#[test]
fn quit_without_saving_quits_however_the_save_ends() {
    for (answer, code) in [
        (Ok(settings(true, "A")), 0),
        (Err(refused(422, "VALIDATION_ERROR", "no")), 1),
        (Err(refused(403, "PERMISSION_DENIED", "no")), 1),
    ] {
        let mut desk = Desk::reading(settings(false, "A"));
        desk.press("space s 2 space q n").save_steps(steps(answer));
        assert_eq!(quits(&desk), [code]);
    }
    let mut desk = Desk::reading(settings(false, "A"));
    desk.press("space s 2 space q n").save_steps([Event::Read(Ok(mixed([true, false], "A")))]);
    assert!(has(&desk, &Effect::Order(Order::Stop)) && desk.model.dialog.is_none(), "nobody is asked");
}

#[test]
fn the_grace_of_one_save_is_not_that_of_the_next() {
    let mut desk = Desk::reading(settings(false, "A"));
    desk.press("space s q");
    let first = request(&desk);
    desk.save_steps(steps(Err(refused(422, "VALIDATION_ERROR", "no"))));
    desk.press("s q");
    desk.tell(Message::GraceOver(first));
    assert!(quits(&desk).is_empty(), "{:?}", desk.effects);
    desk.tell(Message::GraceOver(request(&desk)));
    assert_eq!(quits(&desk), [1]);
}

#[test]
fn whoever_leaves_with_the_save_edits_nothing_more() {
    let mut desk = Desk::reading(settings(false, "A"));
    desk.press("space s q");
    let draft = desk.form().draft.clone();
    desk.press("space x u d b a 2 space");
    assert_eq!(desk.form().draft, draft);
    assert!(desk.words().contains("Quitting as soon as the save has ended"), "{}", desk.screen());
    assert!(!desk.words().contains("space toggle"), "{}", desk.screen());
}

#[test]
fn a_question_that_comes_after_the_save_hears_no_key_in_its_first_moment() {
    let mut desk = Desk::reading(settings(false, "A"));
    desk.press("space q s 2 space").save_steps(steps(Ok(settings(true, "A"))));
    assert!(is_asked(&desk, Question::Quit), "{}", desk.screen());
    desk.press("n s enter");
    assert!(quits(&desk).is_empty() && saves(&desk) == 1);
    desk.wait(Duration::from_millis(200)).press("n");
    assert_eq!(quits(&desk), [0]);
}

#[test]
fn the_line_of_a_small_terminal_names_the_keys_that_work_and_no_other_does_anything() {
    let mut desk = Desk::reading(settings(false, "A"));
    desk.press("space q");
    desk.tell(Message::Resized(Size { columns: 10, rows: 3 }));
    assert!(desk.words().starts_with("Unsaved: n quits, Esc stays."), "{}", desk.screen());
    desk.press("tab enter s q");
    assert!(quits(&desk).is_empty() && saves(&desk) == 0 && is_asked(&desk, Question::Quit));
    desk.press("esc");
    assert!(desk.words().contains("q quits."), "{}", desk.screen());
}
