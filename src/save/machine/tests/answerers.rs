//! What follows an answer that the API did not give, or that never began.

use super::examples::{after, answer, ended, new, old, place, probes, unread};
use super::*;
use crate::settings::tests::code;

#[test]
fn one_read_decides_after_an_answer_that_is_not_the_apis_own_refusal() {
    for error in [redirect(), between(401), between(403), status(418)] {
        let decided = |reads: Vec<Event>| {
            let steps = reads.into_iter().flat_map(|read| [Event::Elapsed, read]);
            place(&after(std::iter::once(answer(error.clone())).chain(steps).collect()))
        };
        assert_eq!(decided(vec![old()]), "not saved: not applied", "{error:?}");
        assert_eq!(decided(vec![new()]), "saved by Reread");
        assert_eq!(decided(vec![Event::Read(Ok(mixed([true, false], "A")))]), "conflict, sent: true");
        assert_eq!(decided(vec![unread(), old()]), "not saved: not applied");
        assert_eq!(decided(vec![unread(), unread(), unread()]), "unknown: NeverRead");
    }
    let save = after(vec![answer(between(403)), Event::Elapsed, old()]);
    assert_eq!(
        ended(&save),
        "Not saved: something in between answered 403, not the API. s tries again. Nothing was changed, as one read shows. Your \
         changes are still here."
    );
}

#[test]
fn a_patch_whose_connection_was_dropped_is_sent_once_more_alone_if_a_read_at_once_still_shows_the_old_value()
{
    let mut save = sending();
    assert_eq!(save.step(answer(dropped())), Some(Step::Probe));
    assert!(matches!(save.step(old()), Some(Step::Send { is_alone: true, .. })));
    let mut again = save.clone();
    again.step(Event::Answered(Ok(settings(true, "A"))));
    assert_eq!(place(&again), "saved by Answer");
    // Once for each press.
    assert!(matches!(save.step(answer(dropped())), Some(Step::Wait(Wait::Probe(0)))));
    for event in probes([old(), old(), old()]) {
        save.step(event);
    }
    assert_eq!(place(&save), "not saved: still old");
}

#[test]
fn a_patch_whose_connection_was_dropped_is_not_sent_again_where_the_read_shows_anything_else() {
    let after_read = |read| place(&after(vec![answer(dropped()), read]));
    assert_eq!(after_read(new()), "saved by Reread");
    assert_eq!(after_read(unread()), "probing 3");
    assert_eq!(after_read(Event::Read(Ok(settings(false, "A B")))), "probing 3", "someone else was there");
    assert_eq!(after_read(Event::Read(Ok(mixed([true, false], "A")))), "conflict, sent: true");
    let mut draft = Draft::new(settings(false, "A B C"));
    draft.toggle(&code("C"));
    let mut save = Save::start(draft.intent());
    for event in [Event::Read(Ok(settings(false, "A B C"))), answer(dropped())] {
        save.step(event);
    }
    save.step(Event::Read(Ok(settings(false, "B A C"))));
    assert_eq!(place(&save), "probing 3", "someone else has changed the order");
}

#[test]
fn a_change_of_which_the_server_took_one_setting_only_is_not_saved_as_asked() {
    let mut draft = Draft::new(settings(false, "A"));
    draft.toggle(&RATING);
    draft.toggle(&code("A"));
    let mut save = Save::start(draft.intent());
    save.step(Event::Read(Ok(settings(false, "A"))));
    save.step(answer(status(500)));
    let part = || Event::Read(Ok(settings(true, "A")));
    for event in probes([old(), part(), part()]) {
        save.step(event);
    }
    assert_eq!(
        ended(&save),
        "Not saved as asked: the server kept A on. s tries again. Your changes are still here."
    );
}
