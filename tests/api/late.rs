//! A server that keeps something else than it was asked for, and one that applies a change after everybody gave up.

use convrating::demo::{Answer, End, Fault, FaultEffect, Method, Point};
use convrating::settings::Position;

use super::lab::{AGENT, Lab, brisk, configuration, rating_on, save, words};
use super::matrix::Tally;
use crate::support::configuration::RATING;
use convrating::save::Outcome;

/// How many scenarios of the matrix stand here.
pub(super) const SCENARIOS: usize = 9;

/// The ways to hear of it: told at once, or found by a read.
fn answers() -> [Answer; 2] {
    [Answer::Ordinary, Answer::Cut(Point::InBody, End::Reset)]
}

pub(super) async fn run_all() -> Tally {
    let mut tally = Tally::default();
    for answer in answers() {
        tally = tally.and(other_value(answer.clone()).await);
        tally = tally.and(made_up(answer).await);
    }
    let tally = tally.and(changed_before().await).and(comes_late().await).and(undone().await);
    tally.and(already_there().await).and(comes_late_after_a_second_patch().await)
}

/// The flags disagree: neither what was asked for nor what was there.
fn other() -> serde_json::Value {
    configuration(true, false)
}

/// The server keeps another value than the one asked for.
async fn other_value(answer: Answer) -> Tally {
    let lab = Lab::start();
    lab.hooks.fail_next(Method::Patch, Fault::new(FaultEffect::Keeps(other()), answer));
    judge(&lab, "Not saved as asked: the server holds something else by now. s tries again. Your changes are still here.", 1)
        .await
}

/// The answer holds another value than the server; for one that is lost, somebody switched the rating on as well.
async fn made_up(answer: Answer) -> Tally {
    let lab = Lab::start();
    match answer {
        Answer::Ordinary => lab.hooks.fail_next(Method::Patch, Fault::applied(Answer::json(200, &other()))),
        lost => {
            lab.hooks
                .fail_next(Method::Patch, Fault::new(FaultEffect::Keeps(configuration(true, true)), lost));
        }
    }
    judge(&lab, "(confirmed by a second read)", 1).await
}

/// Somebody else changed the same setting before.
async fn changed_before() -> Tally {
    let lab = Lab::start();
    lab.hooks.set_configuration(AGENT, other());
    judge(
        &lab,
        "Not saved: the same setting was changed by someone else. s tries again. Nothing was sent.",
        0,
    )
    .await
}

/// Somebody else did the same before.
async fn already_there() -> Tally {
    let lab = Lab::start();
    lab.hooks.set_configuration(AGENT, configuration(true, true));
    judge(&lab, "Saved 14:02:11: the server already has this.", 0).await
}

/// Applied, and changed back by somebody else before the first read: it is not there.
async fn undone() -> Tally {
    let lab = Lab::start();
    let lost = Answer::Cut(Point::InBody, End::Close);
    lab.hooks.fail_next(Method::Patch, Fault::new(FaultEffect::Keeps(configuration(false, false)), lost));
    judge(&lab, "the server still shows the old value", 1).await
}

/// Applied after three reads: what was said allows for it, and saving again is harmless.
async fn comes_late() -> Tally {
    let lab = Lab::start();
    let lost = Answer::Cut(Point::InBody, End::Reset);
    lab.hooks.fail_next(Method::Patch, Fault::new(FaultEffect::AppliedLater, lost));
    let tally = judge(&lab, "the change may still arrive, saving again is harmless", 1).await;
    assert_eq!((lab.hooks.apply_late(), lab.held().position(&RATING)), (1, Position::On));
    let client = lab.client(brisk());
    let again = save(&client, rating_on().intent()).await;
    let said = words(&client, again.outcome().expect("an end"));
    assert_eq!(said, "Saved 14:02:11: the server already has this.");
    assert_eq!(lab.hooks.attempts(Method::Patch), 1);
    tally
}

/// The connection is dropped, and the change arrives after a read at once and a second PATCH: it asks for the same.
async fn comes_late_after_a_second_patch() -> Tally {
    let lab = Lab::start();
    let lost = Answer::Cut(Point::BeforeAnswer, End::Reset);
    lab.hooks.fail_next(Method::Patch, Fault::new(FaultEffect::AppliedLater, lost));
    let tally = judge(&lab, "Saved 14:02:11: rating off → on (confirmed by the server)", 2).await;
    assert_eq!((lab.hooks.apply_late(), lab.held().position(&RATING)), (1, Position::On));
    tally
}

async fn judge(lab: &Lab, expected: &str, patches: usize) -> Tally {
    let client = lab.client(brisk());
    let mut draft = rating_on();
    let ended = save(&client, draft.intent()).await;
    let outcome: &Outcome = ended.outcome().expect("an end");
    let said = words(&client, outcome);
    assert!(said.contains(expected), "{said}");
    assert_eq!(lab.hooks.attempts(Method::Patch), patches, "{said}");
    Tally::judge(&ended, &mut draft, lab)
}
