use std::time::Duration;

use super::super::audience::Audience;
use super::*;
use crate::agents::TokenSource;
use crate::api::credentials::BaseUrl;
use crate::save::{Answerer, Refusal, RetryAfter};
use crate::settings::ShapeError;
use crate::settings::tests::settings;

fn context(audience: Audience) -> CallContext {
    let base_url = BaseUrl::parse(BaseUrl::DEFAULT).unwrap();
    CallContext { profile: None, base_url, token_source: TokenSource::Prompt, audience }
}

fn refused(status: u16, answerer: Answerer) -> CallError {
    CallError::Refused(Refusal { status, answerer, retry_after: RetryAfter::Missing })
}

fn api() -> Answerer {
    Answerer::Api { code: None, messages: Vec::new(), more: 0 }
}

fn between() -> Answerer {
    Answerer::Between { server: None, excerpt: None }
}

/// The rating went on.
fn changes() -> Vec<Change> {
    settings(false, "A").changes_to(&settings(true, "A"))
}

/// The question B went on.
fn elsewhere() -> Vec<Change> {
    settings(true, "A").changes_to(&settings(true, "A B"))
}

fn conflict(was_sent: bool) -> Conflict {
    let held = settings(false, "A");
    Conflict { before: held.clone(), theirs: held.clone(), yours: held.clone(), merged: held, was_sent }
}

fn saved(confirmation: Confirmation, elsewhere: Vec<Change>) -> Outcome {
    Outcome::Saved { now: settings(true, "A"), confirmation, changes: changes(), elsewhere }
}

/// The words for a user of a shell.
fn words(outcome: &Outcome) -> String {
    describe_outcome(outcome, "14:02:11", &context(Audience::Shell)).to_string()
}

#[test]
fn a_success_says_how_it_is_known_and_what_someone_else_changed() {
    let rows = [
        (Confirmation::Answer, vec![], "rating off → on (confirmed by the server)"),
        (Confirmation::Reread, vec![], "rating off → on (confirmed by a second read)"),
        (Confirmation::AlreadyThere, vec![], "the server already has this."),
        (
            Confirmation::Answer,
            elsewhere(),
            "rating off → on (confirmed by the server). Also changed by someone else: B off → on.",
        ),
        (
            Confirmation::AlreadyThere,
            elsewhere(),
            "the server already has this. Also changed by someone else: B off → on.",
        ),
    ];
    for (confirmation, elsewhere, expected) in rows {
        assert_eq!(words(&saved(confirmation, elsewhere)), format!("Saved 14:02:11: {expected}"));
    }
    assert_eq!(
        describe_undone(&[changes(), elsewhere()].concat()).to_string(),
        "Saved, then changed by someone else: rating off → on, B off → on."
    );
}

#[test]
fn a_doubt_is_named_in_a_few_words() {
    let failed = Doubt::Failed;
    let rows = [
        (
            failed(CallError::Broken { reason: String::new(), has_head: false }),
            "the connection broke after sending",
        ),
        (failed(CallError::TimedOut { after: Duration::ZERO }), "no answer came in time"),
        (failed(refused(503, api())), "the server failed (503)"),
        (failed(refused(502, between())), "something in between answered 502"),
        (failed(CallError::Redirect { host: String::new(), status: 302 }), "the answer was a redirect (302)"),
        (failed(CallError::TooLarge), "the answer could not be understood"),
        (Doubt::OtherValue(settings(false, "A")), "the answer held another value"),
        (Doubt::Stopped, "you stopped waiting for the answer"),
    ];
    for (doubt, expected) in rows {
        let outcome = Outcome::Unknown { doubt, blind: Blind::NeverRead };
        assert_eq!(
            words(&outcome),
            format!(
                "Outcome unknown: {expected} and the server cannot be read. Run convrating get before trying again."
            )
        );
    }
}

#[test]
fn what_the_user_changed_is_said_to_be_there_once_and_only_where_there_is_a_form() {
    let outcome = |status| Outcome::NotSaved(Reason::Refused(refused(status, api())));
    let said = |status, audience| describe_outcome(&outcome(status), "", &context(audience)).to_string();
    let concurrent = "Not saved: Someone is changing this at the same moment (409). ";
    let invalid = "Not saved: The server did not accept the change (422).";
    assert_eq!(
        said(409, Audience::Editor),
        format!("{concurrent}s tries again. Your changes are still here.")
    );
    let edit = "Edit and save again, or d discards.";
    assert_eq!(said(422, Audience::Editor), format!("{invalid} {edit} Your changes are still here."));
    assert_eq!(said(422, Audience::Shell), invalid);
}

#[test]
fn each_outcome_has_its_exit_code() {
    let unreachable = || CallError::Connect { reason: String::new() };
    let shape = || CallError::Shape(ShapeError::NotAnObject);
    let other = || Doubt::OtherValue(settings(false, "A"));
    let sent = Sent::Nothing;
    let reasons = [
        (Reason::NotRead { error: unreachable(), sent }, Exit::Unreachable),
        (Reason::NotSent { error: unreachable(), sent }, Exit::Unreachable),
        (Reason::Refused(refused(401, api())), Exit::Token),
        (Reason::Refused(refused(409, api())), Exit::Conflict),
        (Reason::Busy { sent }, Exit::Unreachable),
        (Reason::Stopped { sent }, Exit::Interrupted),
        (Reason::NotAsAsked { kept: changes() }, Exit::Failed),
        (Reason::NotApplied { doubt: Doubt::Failed(shape()) }, Exit::Failed),
        (Reason::NotApplied { doubt: Doubt::Stopped }, Exit::Interrupted),
        (Reason::NotApplied { doubt: other() }, Exit::Failed),
        (Reason::StillOld { doubt: Doubt::Failed(refused(503, api())) }, Exit::Unreachable),
        (Reason::StillOld { doubt: Doubt::Stopped }, Exit::Interrupted),
        (Reason::StillOld { doubt: other() }, Exit::Failed),
    ];
    for (reason, exit) in reasons {
        assert_eq!(Exit::from(&Outcome::NotSaved(reason.clone())), exit, "{reason:?}");
    }
    let others = [
        (saved(Confirmation::Answer, Vec::new()), Exit::Done),
        (Outcome::TookTheirs(conflict(false)), Exit::Done),
        (Outcome::Conflicted(conflict(false)), Exit::Conflict),
        (Outcome::Unknown { doubt: Doubt::Stopped, blind: Blind::Stopped }, Exit::Unknown),
    ];
    for (outcome, exit) in others {
        assert_eq!(Exit::from(&outcome), exit, "{outcome:?}");
    }
}

#[test]
fn a_conflict_says_whether_anything_was_sent() {
    let nothing = "Not saved: the same setting was changed by someone else. Nothing was sent.";
    assert_eq!(words(&Outcome::Conflicted(conflict(false))), nothing);
    let something = "Not saved as asked: the server holds something else by now.";
    assert_eq!(words(&Outcome::Conflicted(conflict(true))), something);
}

#[test]
fn a_read_after_a_save_tells_what_was_undone_from_what_else_has_changed() {
    let words = |undone: &[Change], elsewhere: &[Change]| {
        let aftermath = Aftermath { undone: undone.to_vec(), elsewhere: elsewhere.to_vec() };
        describe_aftermath(&aftermath).map(|explained| explained.to_string())
    };
    let said = |text: &str| Some(text.to_owned());
    assert_eq!(words(&[], &[]), None);
    assert_eq!(
        words(&[], &elsewhere()),
        said("Saved. Something else was changed by someone else: B off → on.")
    );
    assert_eq!(words(&changes(), &[]), said("Saved, then changed by someone else: rating off → on."));
    assert_eq!(
        words(&changes(), &elsewhere()),
        said(
            "Saved, then changed by someone else: rating off → on. Also changed by someone else: B off → on."
        )
    );
}
