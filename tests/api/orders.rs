//! What the user says while a save is under way, and what the server asks for.

use std::time::{Duration, SystemTime};

use convrating::demo::{Answer, Fault, Hold, Method};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;

use super::lab::{AGENT, Lab, Log, brisk, configuration, rating_on, unlocked, within};
use crate::support::configuration::parse;
use convrating::api::{Order, Report, Timing, drive};
use convrating::save::{Blind, Confirmation, Consent, Outcome, Reason, RetryAfter, Save, Sent, State};

/// A save that goes on by itself; orders go in, and the seconds of each countdown are noted.
struct Running {
    orders: UnboundedSender<Order>,
    save: JoinHandle<(Save, Vec<u32>)>,
    log: Log,
}

impl Running {
    fn start(lab: &Lab, timing: Timing) -> Self {
        let (client, log) = lab.client_at(&lab.url, timing);
        let (orders, receiver) = unbounded_channel();
        let save = tokio::spawn(async move {
            let mut countdown = Vec::new();
            let report = |report: Report<'_>| {
                if let Report::Moved(save) = report
                    && let State::Waiting { seconds, .. } = save.state()
                {
                    countdown.push(*seconds);
                }
            };
            let save = drive(&client, unlocked(rating_on().intent()), receiver, report).await;
            (save, countdown)
        });
        Self { orders, save, log }
    }

    fn order(&self, order: Order) {
        self.orders.send(order).expect("a save that listens");
    }

    async fn end(self) -> (Outcome, Vec<u32>) {
        let (save, countdown) = within(self.save).await.expect("a save that ends");
        (save.outcome().expect("an end").clone(), countdown)
    }
}

/// A save whose PATCH stands at `hold`.
async fn held(lab: &Lab, hold: &Hold) -> Running {
    let running = Running::start(lab, brisk());
    within(hold.arrived()).await;
    running
}

#[tokio::test]
async fn esc_while_sending_reads_at_once_and_tells_what_became_of_it() {
    let lab = Lab::start();
    let hold = lab.hooks.hold_answer(Method::Patch);
    let running = held(&lab, &hold).await;
    running.order(Order::Stop);
    within(lab.hooks.wait_for(Method::Get, 2)).await;
    let log = running.log.clone();
    let (outcome, _) = running.end().await;
    assert!(matches!(outcome, Outcome::Saved { confirmation: Confirmation::Reread, .. }), "{outcome:?}");
    let log = log.lock().expect("the log");
    let lines: Vec<_> = log
        .iter()
        .map(|line| (line.method.name(), line.attempt, line.status, line.failure.as_deref()))
        .collect();
    assert_eq!(
        lines,
        [("GET", 1, Some(200), None), ("PATCH", 1, None, Some("stopped")), ("GET", 1, Some(200), None)]
    );
    drop(hold);
}

#[tokio::test]
async fn esc_twice_while_sending_leaves_the_outcome_unknown() {
    let lab = Lab::start();
    let hold = lab.hooks.hold(Method::Patch);
    let running = held(&lab, &hold).await;
    let read = lab.hooks.hold(Method::Get);
    running.order(Order::Stop);
    within(read.arrived()).await;
    running.order(Order::Stop);
    let (outcome, _) = running.end().await;
    assert!(matches!(outcome, Outcome::Unknown { blind: Blind::Stopped, .. }), "{outcome:?}");
}

#[tokio::test]
async fn esc_while_checking_ends_it_and_nothing_was_sent() {
    let lab = Lab::start();
    let hold = lab.hooks.hold(Method::Get);
    let running = held(&lab, &hold).await;
    running.order(Order::Stop);
    let (outcome, _) = running.end().await;
    assert!(matches!(outcome, Outcome::NotSaved(Reason::Stopped { .. })), "{outcome:?}");
    assert_eq!(lab.hooks.attempts(Method::Patch), 0);
}

/// Saves and gives `order` whenever the save is where `is_time` says.
async fn save_with(lab: &Lab, timing: Timing, order: Order, is_time: fn(&State) -> bool) -> Outcome {
    let client = lab.client(timing);
    let (orders, receiver) = unbounded_channel();
    let report = |report: Report<'_>| {
        if let Report::Moved(save) = report
            && is_time(save.state())
        {
            orders.send(order).expect("a save that listens");
        }
    };
    let save = within(drive(&client, unlocked(rating_on().intent()), receiver, report)).await;
    save.outcome().expect("an end").clone()
}

#[tokio::test]
async fn consent_reads_again_and_sends_the_merge() {
    let lab = Lab::start();
    lab.hooks.set_configuration(AGENT, configuration(true, false));
    let consent = Order::Consent(Consent::KeepBoth);
    let outcome = save_with(&lab, brisk(), consent, |state| matches!(state, State::Conflict(_))).await;
    assert!(matches!(outcome, Outcome::Saved { .. }), "{outcome:?}");
    assert_eq!((lab.hooks.count(Method::Get), lab.hooks.count(Method::Patch)), (2, 1));
    assert_eq!(lab.held(), parse(&configuration(true, true)));
}

#[tokio::test]
async fn consent_before_the_question_is_no_consent() {
    let lab = Lab::start();
    lab.hooks.set_configuration(AGENT, configuration(true, false));
    let consent = Order::Consent(Consent::KeepBoth);
    let hold = lab.hooks.hold(Method::Get);
    let running = held(&lab, &hold).await;
    running.order(consent);
    hold.release();
    let Running { orders, save, .. } = running;
    drop(orders);
    let (save, _) = within(save).await.expect("a save that ends");
    assert!(matches!(save.outcome(), Some(Outcome::Conflicted(_))), "{save:?}");
    assert_eq!(lab.hooks.attempts(Method::Patch), 0);
}

/// The headers of the list, and the longest wait that each may cause; `None` where nothing is waited for.
fn headers() -> Vec<(String, Option<u32>)> {
    let date = |seconds| httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(seconds));
    let fixed = [
        ("3", Some(3)),
        ("0", Some(1)),
        ("-5", Some(1)),
        ("86400", None),
        ("9999999999", None),
        ("abc", Some(1)),
        ("Sun, 06 Nov 1994 08:49:37 GMT", Some(1)),
    ];
    let fixed = fixed.map(|(header, wait)| (header.to_owned(), wait));
    // The clock goes on while the test runs, so the first date asks for nine seconds or less.
    fixed.into_iter().chain([(date(9), Some(9)), (date(3600), None)]).collect()
}

#[tokio::test]
async fn no_wait_that_nobody_asked_the_user_for_is_longer_than_ten_seconds() {
    for (header, wait) in headers() {
        for status in [429, 503] {
            let lab = Lab::start();
            let fault = Fault::not_applied(Answer::retry_after(status, &header));
            lab.hooks.fail_always(Method::Patch, fault);
            let (outcome, countdown) = Running::start(&lab, brisk()).end().await;
            assert!(matches!(outcome, Outcome::NotSaved(_)), "{header}: {outcome:?}");
            let patches = if wait.is_some() { 3 } else { 1 };
            assert_eq!(lab.hooks.attempts(Method::Patch), patches, "{header}");
            let longest = countdown.iter().max().copied();
            assert!(longest <= Some(RetryAfter::MAX_WAIT) && longest <= wait, "{header}: {countdown:?}");
            assert_eq!(longest.is_some(), wait.is_some(), "{header}: {countdown:?}");
        }
    }
}

#[tokio::test]
async fn esc_ends_a_wait() {
    let lab = Lab::start();
    lab.hooks.fail_always(Method::Patch, Fault::not_applied(Answer::retry_after(429, "10")));
    let slow = Timing { second: Timing::default().patch * 100, ..brisk() };
    let outcome = save_with(&lab, slow, Order::Stop, |state| matches!(state, State::Waiting { .. })).await;
    assert!(matches!(outcome, Outcome::NotSaved(Reason::Stopped { sent: Sent::Refused })), "{outcome:?}");
    assert_eq!(lab.hooks.attempts(Method::Patch), 1);
}
