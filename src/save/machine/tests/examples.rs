//! Each row of the tables as an example.

use super::*;

/// Where a save is, in a word or two.
pub(super) fn place(save: &Save) -> String {
    match save.state() {
        State::Checking => "checking".to_owned(),
        State::Queued => "queued".to_owned(),
        State::Conflict(conflict) => format!("conflict, sent: {}", conflict.was_sent),
        State::Sending(_) => "sending".to_owned(),
        State::Reconnecting { .. } => "reconnecting".to_owned(),
        State::Waiting { seconds, .. } => format!("waiting {seconds}"),
        State::Probing(probe) => format!("probing {}", probe.reads_left),
        State::Ended(Outcome::Saved { confirmation, .. }) => format!("saved by {confirmation:?}"),
        State::Ended(Outcome::NotSaved(reason)) => format!("not saved: {}", name(reason)),
        State::Ended(Outcome::Conflicted(_)) => "conflicted".to_owned(),
        State::Ended(Outcome::TookTheirs(_)) => "took theirs".to_owned(),
        State::Ended(Outcome::Unknown { blind, .. }) => format!("unknown: {blind:?}"),
    }
}

pub(super) fn name(reason: &Reason) -> &'static str {
    match reason {
        Reason::NotRead { .. } => "not read",
        Reason::NotSent { .. } => "not sent",
        Reason::Refused(_) => "refused",
        Reason::Busy { .. } => "busy",
        Reason::Stopped { .. } => "stopped",
        Reason::NotApplied { .. } => "not applied",
        Reason::StillOld { .. } => "still old",
        Reason::NotAsAsked { .. } => "not as asked",
    }
}

pub(super) fn ended(save: &Save) -> String {
    text(save.outcome().unwrap_or_else(|| panic!("not ended: {save:?}")))
}

/// Steps a save that is sending through `events`.
pub(super) fn after(events: Vec<Event>) -> Save {
    let mut save = sending();
    for event in events {
        assert!(save.step(event.clone()).is_some(), "{event:?} in {save:?}");
    }
    save
}

pub(super) fn answer(error: CallError) -> Event {
    Event::Answered(Err(error))
}

pub(super) fn old() -> Event {
    Event::Read(Ok(settings(false, "A")))
}

pub(super) fn new() -> Event {
    Event::Read(Ok(settings(true, "A")))
}

pub(super) fn unread() -> Event {
    Event::Read(Err(unreachable()))
}

/// Three probes, each after its pause.
pub(super) fn probes(reads: [Event; 3]) -> Vec<Event> {
    reads.into_iter().flat_map(|read| [Event::Elapsed, read]).collect()
}

#[test]
fn what_came_back_to_the_patch_decides_what_is_next() {
    let held = |rating: bool, codes: &str| Event::Answered(Ok(settings(rating, codes)));
    let rows = [
        (held(true, "A"), "saved by Answer"),
        (held(true, "B"), "saved by Answer"),
        (held(false, "A"), "probing 3"),
        (answer(wrong_shape()), "probing 3"),
        (answer(CallError::NoContent { status: 200 }), "probing 3"),
        (answer(CallError::NoContent { status: 204 }), "probing 3"),
        (answer(CallError::NotJson { content_type: None }), "probing 3"),
        (answer(CallError::TooLarge), "probing 3"),
        (answer(unreachable()), "reconnecting"),
        (answer(certificate()), "reconnecting"),
        (answer(CallError::SetUp { reason: String::new() }), "reconnecting"),
        (answer(CallError::TimedOut { after: Duration::from_secs(15) }), "probing 3"),
        (answer(broken()), "probing 3"),
        (answer(status(408)), "probing 3"),
        (answer(status(500)), "probing 3"),
        (answer(status(502)), "probing 3"),
        (answer(status(503)), "probing 3"),
        (answer(status(504)), "probing 3"),
        (answer(status(409)), "checking"),
        (answer(status(429)), "waiting 1"),
        (answer(refused(429, RetryAfter::In(0))), "waiting 1"),
        (answer(refused(429, RetryAfter::In(10))), "waiting 10"),
        (answer(refused(429, RetryAfter::In(11))), "not saved: refused"),
        (answer(refused(503, RetryAfter::In(3))), "waiting 3"),
        (answer(refused(503, RetryAfter::In(86_400))), "probing 3"),
        (answer(status(400)), "not saved: refused"),
        (answer(status(401)), "not saved: refused"),
        (answer(status(402)), "not saved: refused"),
        (answer(status(403)), "not saved: refused"),
        (answer(status(404)), "not saved: refused"),
        (answer(status(422)), "not saved: refused"),
        (answer(redirect()), "probing 3"),
        (answer(between(403)), "probing 3"),
        (answer(between(502)), "probing 3"),
        (answer(between(409)), "checking"),
        (answer(between(429)), "waiting 1"),
        (answer(status(418)), "probing 3"),
        (answer(dropped()), "probing 4"),
        (answer(CallError::Cached { age: 1 }), "probing 3"),
        (Event::Stop, "probing 4"),
    ];
    for (event, expected) in rows {
        assert_eq!(place(&after(vec![event.clone()])), expected, "after {event:?}");
    }
}

#[test]
fn the_check_decides_whether_to_send_to_ask_or_neither() {
    let rows = [
        (Ok(settings(false, "A")), "sending"),
        (Ok(settings(false, "B A")), "sending"),
        (Ok(settings(true, "A")), "saved by AlreadyThere"),
        (Ok(settings(true, "B")), "saved by AlreadyThere"),
        (Ok(mixed([true, false], "A")), "conflict, sent: false"),
        (Err(status(500)), "not saved: not read"),
    ];
    for (read, expected) in rows {
        let mut save = start();
        save.step(Event::Read(read.clone()));
        assert_eq!(place(&save), expected, "after {read:?}");
    }
}

#[test]
fn what_changed_elsewhere_is_kept_and_told_after_the_save() {
    let mut save = start();
    let step = save.step(Event::Read(Ok(settings(false, "B A"))));
    let patch = Patch::between(&settings(false, "A"), &settings(true, "A"));
    assert_eq!(step, Some(Step::Send { patch, is_alone: false }));
    save.step(Event::Answered(Ok(settings(true, "B A"))));
    assert_eq!(
        ended(&save),
        "Saved 14:02:11: rating off → on (confirmed by the server). Also changed by someone else: B off → on."
    );
}

#[test]
fn three_probes_decide_and_the_last_one_must_have_read() {
    let doubt = || vec![answer(broken())];
    let run = |reads| place(&after([doubt(), probes(reads)].concat()));
    assert_eq!(run([old(), old(), old()]), "not saved: still old");
    assert_eq!(run([unread(), unread(), old()]), "not saved: still old");
    assert_eq!(run([old(), old(), unread()]), "unknown: LastReadFailed");
    assert_eq!(run([unread(), unread(), unread()]), "unknown: NeverRead");
    let decided = |read| place(&after([doubt(), vec![Event::Elapsed, read]].concat()));
    assert_eq!(decided(new()), "saved by Reread");
    assert_eq!(decided(Event::Read(Ok(mixed([true, false], "A")))), "conflict, sent: true");
}

#[test]
fn a_probe_waits_for_each_of_its_three_reads() {
    let mut save = sending();
    let mut seen = Vec::new();
    let mut step = save.step(answer(broken()));
    while let Some(Step::Wait(Wait::Probe(number))) = step {
        seen.push(number);
        assert_eq!(save.step(Event::Elapsed), Some(Step::Probe));
        step = save.step(old());
    }
    assert_eq!(seen, [0, 1, 2]);
}

#[test]
fn stopping_while_sending_reads_at_once_and_then_as_usual() {
    let mut save = sending();
    assert_eq!(save.step(Event::Stop), Some(Step::Probe));
    assert_eq!(save.step(old()), Some(Step::Wait(Wait::Probe(0))));
    for event in probes([old(), old(), old()]) {
        save.step(event);
    }
    assert_eq!(place(&save), "not saved: still old");
}

#[test]
fn a_patch_that_was_never_sent_is_tried_twice_more() {
    let mut save = sending();
    for failures in [1, 2] {
        let step = save.step(answer(unreachable()));
        assert_eq!(step, Some(Step::Wait(Wait::Reconnect(failures))));
        assert!(matches!(save.step(Event::Elapsed), Some(Step::Send { .. })));
    }
    save.step(answer(unreachable()));
    assert_eq!(
        ended(&save),
        "Not saved: could not connect to app.quickchat.ai (connection refused). s tries again. Nothing was sent. \
         Your changes are still here."
    );
}

#[test]
fn a_conflict_shows_all_four_and_asks() {
    let mut save = start();
    let theirs = mixed([true, false], "B");
    assert_eq!(save.step(Event::Read(Ok(theirs.clone()))), Some(Step::Ask));
    let expected = Conflict {
        before: settings(false, "A"),
        yours: settings(true, "A"),
        merged: settings(true, "B"),
        theirs,
        was_sent: false,
    };
    assert_eq!(*save.state(), State::Conflict(expected));
}

#[test]
fn consent_reads_again_before_it_sends() {
    let theirs = || mixed([true, false], "B");
    let conflict = || {
        let mut save = start();
        save.step(Event::Read(Ok(theirs())));
        save
    };
    let mut both = conflict();
    assert_eq!(both.step(Event::Consent(Consent::KeepBoth)), Some(Step::Read));
    assert!(
        matches!(both.step(Event::Read(Ok(theirs()))), Some(Step::Send { .. })),
        "what was seen is no conflict"
    );
    let mut theirs_taken = conflict();
    theirs_taken.step(Event::Consent(Consent::UseTheirs));
    let Some(Outcome::TookTheirs(taken)) = theirs_taken.outcome() else { panic!("{theirs_taken:?}") };
    assert_eq!(taken.theirs, theirs());
    let mut back = conflict();
    back.step(Event::Stop);
    assert!(ended(&back).ends_with("Nothing was sent. Your changes are still here."));
}

#[test]
fn a_second_409_ends_it_and_a_first_one_does_not_hide_a_conflict() {
    let twice = after(vec![answer(status(409)), old(), answer(status(409))]);
    assert_eq!(place(&twice), "not saved: refused");
    let theirs = Event::Read(Ok(mixed([true, false], "A")));
    assert_eq!(place(&after(vec![answer(status(409)), theirs])), "conflict, sent: true");
}

#[test]
fn it_waits_twice_and_reads_after_each_wait() {
    let wait = || vec![answer(status(429)), Event::Elapsed, old()];
    let events = [wait(), wait(), vec![answer(refused(429, RetryAfter::In(7)))]].concat();
    let save = after(events);
    assert_eq!(
        ended(&save),
        "Not saved: Too many requests (429). Try again in 7 s. Your changes are still here."
    );
}

#[test]
fn after_three_patches_that_left_this_machine_a_save_no_longer_waits() {
    let wait = || vec![answer(status(429)), Event::Elapsed, old()];
    let never_sent = || vec![answer(unreachable()), Event::Elapsed];
    let alone = || vec![answer(dropped()), old()];
    let concurrent = || vec![answer(status(409)), old()];
    let again = || vec![answer(status(429))];
    let rows = [
        ([wait(), wait(), again()].concat(), "not saved: refused"),
        ([concurrent(), wait(), again()].concat(), "not saved: refused"),
        ([alone(), wait(), again()].concat(), "not saved: refused"),
        ([wait(), again()].concat(), "waiting 1"),
        ([concurrent(), again()].concat(), "waiting 1"),
        ([alone(), again()].concat(), "waiting 1"),
        ([never_sent(), never_sent(), wait(), again()].concat(), "waiting 1"),
    ];
    for (events, expected) in rows {
        assert_eq!(place(&after(events.clone())), expected, "after {events:?}");
    }
}

#[test]
fn a_save_knows_the_worst_that_became_of_its_patches() {
    let rows = [
        (vec![], Sent::Nothing),
        (vec![answer(unreachable())], Sent::Nothing),
        (vec![answer(status(429))], Sent::Refused),
        (vec![answer(status(409))], Sent::Refused),
        (vec![answer(broken())], Sent::Doubted),
        (vec![answer(refused(503, RetryAfter::In(1)))], Sent::Doubted),
        (
            vec![answer(refused(503, RetryAfter::In(1))), Event::Elapsed, old(), answer(status(409))],
            Sent::Doubted,
        ),
    ];
    for (events, expected) in rows {
        assert_eq!(after(events.clone()).sent(), expected, "after {events:?}");
    }
}

#[test]
fn a_wait_counts_down_second_by_second() {
    let mut save = sending();
    save.step(answer(refused(429, RetryAfter::In(3))));
    let mut seen = Vec::new();
    while let State::Waiting { seconds, .. } = save.state() {
        seen.push(*seconds);
        save.step(Event::Elapsed);
    }
    assert_eq!((seen, place(&save)), (vec![3, 2, 1], "checking".to_owned()));
}

#[test]
fn a_503_that_is_waited_for_stays_in_doubt_until_a_read() {
    let later = || answer(refused(503, RetryAfter::In(1)));
    assert_eq!(place(&after(vec![later(), Event::Stop])), "unknown: Stopped");
    assert_eq!(place(&after(vec![later(), Event::Elapsed, unread()])), "unknown: NeverRead");
    assert_eq!(place(&after(vec![later(), Event::Elapsed, Event::Stop])), "unknown: Stopped");
    assert_eq!(place(&after(vec![later(), Event::Elapsed, old()])), "sending");
    let applied = after(vec![later(), Event::Elapsed, new()]);
    assert_eq!(ended(&applied), "Saved 14:02:11: rating off → on (confirmed by a second read)");
}
