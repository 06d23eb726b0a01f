//! What is said of each end of a save, and that it is true.

use super::examples::{after, answer, ended, new, old, probes, unread};
use super::*;
use crate::settings::tests::code;

#[test]
fn nothing_was_sent_is_said_only_where_nothing_was() {
    let refused_before = || vec![answer(status(429)), Event::Elapsed];
    let rows = [
        ([refused_before(), vec![unread()]].concat(), "Nothing was applied."),
        ([refused_before(), vec![Event::Stop]].concat(), "stopped. s tries again. Nothing was applied."),
        (
            vec![
                answer(refused(503, RetryAfter::In(1))),
                Event::Elapsed,
                old(),
                answer(unreachable()),
                Event::Stop,
            ],
            "When it was last read, the server did not hold what you asked for.",
        ),
    ];
    for (events, expected) in rows {
        let said = ended(&after(events));
        assert!(said.contains(expected) && !said.contains("Nothing was sent"), "{said}");
    }
    let mut stopped = start();
    stopped.step(Event::Stop);
    assert_eq!(
        ended(&stopped),
        "Not saved: stopped. s tries again. Nothing was sent. Your changes are still here."
    );
}

#[test]
fn the_words_of_each_end_say_what_is_true_now() {
    let rows = [
        (
            [vec![answer(broken())], probes([old(), old(), old()])].concat(),
            "Not saved: the server still shows the old value; the change may still arrive, saving again is harmless. \
             s tries again. Why: the connection to app.quickchat.ai broke (connection reset). Your changes are still here.",
        ),
        (
            [vec![answer(status(500))], probes([old(), old(), old()])].concat(),
            "Not saved: the server still shows the old value; the change may still arrive, saving again is harmless. \
             s tries again. Why: The server failed (500). Your changes are still here.",
        ),
        (
            [vec![Event::Answered(Ok(settings(false, "A")))], probes([old(), old(), old()])].concat(),
            "Not saved as asked: the server kept rating off. s tries again. Your changes are still here.",
        ),
        (
            [vec![answer(broken())], probes([unread(), unread(), unread()])].concat(),
            "Outcome unknown: the connection broke after sending and the server cannot be read. r finds out.",
        ),
        (
            vec![answer(CallError::TimedOut { after: Duration::from_secs(15) }), Event::Stop],
            "Outcome unknown: no answer came in time and you stopped before reads could tell. r finds out.",
        ),
        (
            vec![answer(broken()), Event::Elapsed, new()],
            "Saved 14:02:11: rating off → on (confirmed by a second read)",
        ),
    ];
    for (events, expected) in rows {
        assert_eq!(ended(&after(events)), expected);
    }
    let mut save = start();
    save.step(new());
    assert_eq!(ended(&save), "Saved 14:02:11: the server already has this.");
}

#[test]
fn more_than_was_asked_for_is_saved_and_told() {
    let mut draft = Draft::new(settings(false, "A"));
    draft.add("N").unwrap();
    let sent = || {
        let mut save = Save::start(draft.intent());
        save.step(old());
        save
    };
    let more = || settings(false, "A N Z");
    for (events, how) in [
        (vec![Event::Answered(Ok(more()))], "confirmed by the server"),
        (vec![answer(broken()), Event::Elapsed, Event::Read(Ok(more()))], "confirmed by a second read"),
    ] {
        let mut save = sent();
        for event in events {
            save.step(event);
        }
        let said = format!("Saved 14:02:11: N off → on ({how}). Also changed by someone else: Z off → on.");
        assert_eq!(ended(&save), said);
    }
}

#[test]
fn a_wait_that_is_stopped_says_that_it_was() {
    let waiting = after(vec![answer(status(429)), Event::Stop]);
    assert_eq!(
        ended(&waiting),
        "Not saved: stopped. s tries again. Nothing was applied. Your changes are still here."
    );
    let reconnecting = after(vec![answer(unreachable()), Event::Stop]);
    assert_eq!(
        ended(&reconnecting),
        "Not saved: stopped. s tries again. Nothing was sent. Your changes are still here."
    );
}

#[test]
fn the_other_value_is_named_as_the_server_kept_it() {
    let before = settings(false, "A EXPERIENCE_THUMBS");
    let mut draft = Draft::new(before.clone());
    draft.toggle(&code("EXPERIENCE_THUMBS"));
    let mut save = Save::start(draft.intent());
    save.step(Event::Read(Ok(before.clone())));
    save.step(Event::Answered(Ok(before.clone())));
    for event in probes([0; 3].map(|_| Event::Read(Ok(before.clone())))) {
        save.step(event);
    }
    assert!(ended(&save).starts_with("Not saved as asked: the server kept EXPERIENCE_THUMBS on."));
}
