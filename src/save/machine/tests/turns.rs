//! Saves of one machine take turns: when a save waits, and when it holds its turn.

use super::examples::{after, answer, ended, old, place, unread};
use super::*;

#[test]
fn a_save_waits_for_its_turn_and_reads_then() {
    let rows = [
        (vec![Event::Busy], "queued"),
        (vec![Event::Busy, Event::Turn], "checking"),
        (vec![Event::Busy, Event::TurnMissed], "not saved: busy"),
        (vec![Event::TurnMissed], "not saved: busy"),
        (vec![Event::Busy, Event::Stop], "not saved: stopped"),
    ];
    for (events, expected) in rows {
        let mut save = start();
        for event in &events {
            save.step(event.clone());
        }
        assert_eq!(place(&save), expected, "after {events:?}");
    }
    let mut save = start();
    assert_eq!(save.step(Event::Busy), Some(Step::Queue));
    assert_eq!(save.step(Event::Turn), Some(Step::Read));
    save.step(Event::TurnMissed);
    assert_eq!(
        ended(&save),
        "Not saved: another save to this agent is still under way. s tries again. Nothing was sent. Your changes are still here."
    );
}

#[test]
fn a_turn_that_does_not_come_leaves_a_change_in_doubt() {
    let wait = answer(refused(503, RetryAfter::In(1)));
    let save = after(vec![wait, Event::Elapsed, Event::Busy, Event::TurnMissed]);
    assert_eq!(place(&save), "unknown: NeverRead");
}

#[test]
fn the_turn_is_held_from_the_read_to_the_answer_and_through_a_patch_that_is_sent_again() {
    let conflict = Event::Read(Ok(mixed([true, false], "A")));
    let rows = [
        (vec![], true),
        (vec![answer(unreachable())], true),
        (vec![answer(status(409))], true),
        (vec![answer(status(409)), conflict], false),
        (vec![answer(dropped())], true),
        (vec![answer(dropped()), old()], true),
        (vec![answer(dropped()), unread()], false),
        (vec![answer(broken())], false),
        (vec![Event::Stop], false),
        (vec![answer(status(429))], false),
        (vec![answer(status(429)), Event::Elapsed], true),
        (vec![answer(status(400))], false),
    ];
    for (events, expected) in rows {
        assert_eq!(after(events.clone()).needs_turn(), expected, "after {events:?}");
    }
    let mut queued = start();
    assert!(queued.needs_turn(), "the read needs it");
    queued.step(Event::Busy);
    assert!(!queued.needs_turn(), "another save has it");
}

#[test]
fn a_save_whose_read_is_made_sends_at_once_and_conflicts_with_no_later_read() {
    let (mut save, step) = Save::start_checked(intent());
    assert!(matches!(step, Step::Send { .. }), "{step:?}");
    save.step(answer(status(409)));
    let now = settings(false, "A B");
    let mut draft = Draft::new(now.clone());
    draft.toggle(&RATING);
    save.step(Event::Remade(draft.intent()));
    assert_eq!(place(&save), "sending");
    let (save, step) = Save::start_checked(Draft::new(now).intent());
    assert_eq!((place(&save).as_str(), step), ("saved by AlreadyThere", Step::End));
}
