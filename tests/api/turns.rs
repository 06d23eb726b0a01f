//! Saves of one machine to one agent take turns, at a lock on a file.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use convrating::api::{Order, Report, SaveLock, SaveStart, Timing, drive};
use convrating::demo::{Answer, End, Fault, Method, Point};
use convrating::save::{Outcome, Reason, Sent, State};
use tokio::sync::mpsc::unbounded_channel;

use super::lab::{AGENT, Lab, brisk, configuration, rating_on, within};

/// A directory that goes with the test, and the lock in it.
struct Place(PathBuf);

impl Place {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        Self(std::env::temp_dir().join(format!("convrating-turns-{}-{number}", std::process::id())))
    }

    fn lock(&self) -> SaveLock {
        SaveLock::at(self.0.join("locks").join("agent"))
    }

    /// True if another save could begin now.
    fn is_free(&self) -> bool {
        self.lock().queue().try_take()
    }

    /// True once another save could begin. A process that another test starts at this moment holds our files too, until it
    /// becomes its own program.
    fn gets_free(&self) -> bool {
        let begun = std::time::Instant::now();
        while !self.is_free() {
            if begun.elapsed() > std::time::Duration::from_secs(5) {
                return false;
            }
            std::thread::yield_now();
        }
        true
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Saves at `lock`; `watch` sees each state and may give an order.
async fn save_at(
    lab: &Lab,
    timing: Timing,
    lock: SaveLock,
    mut watch: impl FnMut(&State) -> Option<Order>,
) -> Outcome {
    let client = lab.client(timing);
    let (orders, heard) = unbounded_channel();
    let report = |report: Report<'_>| {
        if let Report::Moved(save) = report
            && let Some(order) = watch(save.state())
        {
            orders.send(order).expect("a save that listens");
        }
    };
    let save = within(drive(&client, SaveStart::Seen(rating_on().intent(), lock), heard, report)).await;
    save.outcome().expect("an end").clone()
}

#[tokio::test]
async fn a_turn_that_does_not_come_in_time_ends_the_save_and_nothing_was_sent() {
    let (lab, place) = (Lab::start(), Place::new());
    let mut other = place.lock().queue();
    assert!(other.try_take());
    let timing = Timing { turn: Duration::from_millis(20), turn_try: Duration::from_millis(1), ..brisk() };
    let mut was_queued = false;
    let watch = |state: &State| {
        was_queued |= *state == State::Queued;
        None
    };
    let outcome = save_at(&lab, timing, place.lock(), watch).await;
    assert_eq!(outcome, Outcome::NotSaved(Reason::Busy { sent: Sent::Nothing }));
    assert!(was_queued);
    assert_eq!((lab.hooks.attempts(Method::Get), lab.hooks.attempts(Method::Patch)), (0, 0));
    assert_eq!(Timing::default().turn, Duration::from_secs(30));
    assert_eq!(Timing::default().turn_try, Duration::from_millis(50));
}

#[tokio::test]
async fn esc_ends_the_wait_for_a_turn() {
    let (lab, place) = (Lab::start(), Place::new());
    let mut other = place.lock().queue();
    assert!(other.try_take());
    let patient = Timing { turn: Duration::from_hours(1), ..brisk() };
    let stop = |state: &State| (*state == State::Queued).then_some(Order::Stop);
    let outcome = save_at(&lab, patient, place.lock(), stop).await;
    assert_eq!(outcome, Outcome::NotSaved(Reason::Stopped { sent: Sent::Nothing }));
    assert_eq!(lab.hooks.attempts(Method::Get), 0);
}

#[tokio::test]
async fn a_save_goes_on_when_the_other_one_has_ended_and_reads_only_then() {
    let (lab, place) = (Lab::start(), Place::new());
    let mut other = place.lock().queue();
    assert!(other.try_take());
    let patient = Timing { turn: Duration::from_hours(1), ..brisk() };
    let watch = |state: &State| {
        if *state == State::Queued {
            assert_eq!(lab.hooks.attempts(Method::Get), 0);
            other.release();
        }
        None
    };
    let outcome = save_at(&lab, patient, place.lock(), watch).await;
    assert!(matches!(outcome, Outcome::Saved { .. }), "{outcome:?}");
    assert_eq!((lab.hooks.count(Method::Get), lab.hooks.count(Method::Patch)), (1, 1));
}

#[tokio::test]
async fn the_turn_is_held_while_sending_and_by_no_save_that_waits_or_asks_or_probes() {
    let lost = || Fault::applied(Answer::Cut(Point::InBody, End::Reset));
    let later = || Fault::not_applied(Answer::retry_after(429, "1"));
    let cases: [(&str, Option<Fault>, bool); 4] = [
        ("sent", None, false),
        ("waiting", Some(later()), false),
        ("probing", Some(lost()), false),
        ("conflict", None, true),
    ];
    for (name, fault, is_changed) in cases {
        let (lab, place) = (Lab::start(), Place::new());
        if let Some(fault) = fault {
            lab.hooks.fail_next(Method::Patch, fault);
        }
        if is_changed {
            lab.hooks.set_configuration(AGENT, configuration(true, false));
        }
        let mut states = Vec::new();
        let watch = |state: &State| {
            let (word, is_held) = match state {
                State::Sending(_) => ("sending", true),
                State::Waiting { .. } => ("waiting", false),
                State::Probing(_) => ("probing", false),
                State::Conflict(_) => ("conflict", false),
                State::Ended(_) => ("sent", false),
                // The driver takes the turn after this report.
                State::Checking | State::Queued | State::Reconnecting { .. } => return None,
            };
            let is_right = if is_held { !place.is_free() } else { place.gets_free() };
            assert!(is_right, "{name}: {state:?}");
            states.push(word);
            (word == "conflict").then_some(Order::Stop)
        };
        save_at(&lab, brisk(), place.lock(), watch).await;
        assert!(states.contains(&name), "{name}: {states:?}");
    }
}

#[tokio::test]
async fn the_turn_is_held_through_the_read_and_the_second_patch_after_a_dead_connection() {
    let (lab, place) = (Lab::start(), Place::new());
    lab.hooks.fail_next(Method::Patch, Fault::not_applied(Answer::Cut(Point::BeforeAnswer, End::Close)));
    let mut held = 0;
    let watch = |state: &State| {
        if matches!(state, State::Sending(_) | State::Probing(_)) {
            assert!(!place.is_free(), "{state:?}");
            held += 1;
        }
        None
    };
    let outcome = save_at(&lab, brisk(), place.lock(), watch).await;
    assert!(matches!(outcome, Outcome::Saved { .. }), "{outcome:?}");
    assert_eq!((held, lab.hooks.attempts(Method::Patch)), (3, 2));
}

#[tokio::test]
async fn a_lock_that_cannot_be_made_stops_no_save() {
    let lab = Lab::start();
    let lock = SaveLock::at(PathBuf::from("/dev/null/locks/agent"));
    let outcome = save_at(&lab, brisk(), lock, |_| None).await;
    assert!(matches!(outcome, Outcome::Saved { .. }), "{outcome:?}");
}
