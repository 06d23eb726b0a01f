//! On the smallest screen what to do is the last thing to be cut: whatever has failed, it stands there whole.

use std::collections::BTreeSet;
use std::time::Duration;

use convrating::agents::{ReadableSource, TokenSource};
use convrating::editor::message::Message;
use convrating::editor::model::{Notice, Phase, Session};
use convrating::save::{
    Answerer, Blind, CallError, Conflict, Doubt, Outcome, Reason, Refusal, RetryAfter, Sent,
};
use convrating::settings::ShapeError;
use convrating::words::{Call, describe_outcome, explain};

use crate::support::configuration::settings;
use crate::support::model_harness::{ModelHarness, refused, session};

/// One error of each kind, with long texts of others in it.
fn errors() -> Vec<CallError> {
    let long = || "a text of somebody else that goes on and on and on ".repeat(4);
    let remedy = || {
        "This server is not for convrating, which has no client certificate: check the base URL.".to_owned()
    };
    let answered = |status, answerer| {
        CallError::Refused(Refusal { status, answerer, retry_after: RetryAfter::In(90_000) })
    };
    let statuses = [400, 401, 402, 403, 404, 408, 409, 418, 422, 429, 500, 503];
    let refusals = statuses.map(|status| refused(status, "A_CODE_OF_THE_SERVER", &long()));
    let later = [429, 503]
        .map(|status| answered(status, Answerer::Api { code: None, messages: vec![long()], more: 3 }));
    let others = [
        CallError::Connect { reason: long() },
        CallError::Tls { reason: long(), remedy: remedy() },
        CallError::Handshake { reason: long(), remedy: remedy() },
        CallError::ProxyRefused { proxy: long(), status: Some(407) },
        CallError::SetUp { reason: long() },
        CallError::TimedOut { after: Duration::from_secs(10) },
        CallError::Broken { reason: long(), has_head: true },
        CallError::Cached { age: 7 },
        answered(401, Answerer::Undocumented { excerpt: long() }),
        answered(418, Answerer::Undocumented { excerpt: long() }),
        answered(502, Answerer::Between { server: Some("cloudflare".to_owned()), excerpt: Some(long()) }),
        CallError::Redirect { host: "target.example".to_owned(), status: 302 },
        CallError::TooLarge,
        CallError::NoContent { status: 204 },
        CallError::NotJson { content_type: Some(long()) },
        CallError::Shape(ShapeError::NotAnObject),
    ];
    refusals.into_iter().chain(later).chain(others).collect()
}

/// Every way in which a save can end without a word that it was saved.
fn bad_ends() -> Vec<Outcome> {
    let conflict = |was_sent| {
        let held = settings(false, "A");
        let [before, theirs, yours, merged] = [(); 4].map(|()| held.clone());
        Outcome::Conflicted(Conflict { before, theirs, yours, merged, was_sent })
    };
    let mut edited = ModelHarness::reading(settings(false, "A B C D"));
    let kept = edited.press("space 2 space 3 space 4 space").model.unsaved();
    let mut doubts: Vec<_> = errors().into_iter().map(Doubt::Failed).collect();
    doubts.extend([Doubt::OtherValue(settings(false, "A")), Doubt::Stopped]);
    let reasons = errors().into_iter().flat_map(|error| {
        let sent = [Sent::Nothing, Sent::Refused, Sent::Doubted];
        let not_read = sent.map(|sent| Reason::NotRead { error: error.clone(), sent });
        let not_sent = sent.map(|sent| Reason::NotSent { error: error.clone(), sent });
        not_read.into_iter().chain(not_sent).chain([Reason::Refused(error.clone())])
    });
    let in_doubt = doubts
        .iter()
        .cloned()
        .flat_map(|doubt| [Reason::NotApplied { doubt: doubt.clone() }, Reason::StillOld { doubt }]);
    let unknown = doubts.iter().cloned().flat_map(|doubt| {
        [Blind::Stopped, Blind::NeverRead, Blind::LastReadFailed]
            .map(|blind| Outcome::Unknown { doubt: doubt.clone(), blind })
    });
    let others = [
        Reason::Busy { sent: Sent::Nothing },
        Reason::Stopped { sent: Sent::Doubted },
        Reason::NotAsAsked { kept },
    ];
    let not_saved = reasons.chain(in_doubt).chain(others).map(Outcome::NotSaved).collect::<Vec<_>>();
    not_saved.into_iter().chain(unknown).chain([conflict(false), conflict(true)]).collect()
}

/// A profile whose token `login` stored: the longest words are about it.
fn stored() -> Session {
    let mut session = session();
    session.context.token_source = TokenSource::Readable(ReadableSource::Stored);
    session
}

#[test]
fn after_a_save_that_did_not_end_well() {
    check_ends(&mut editing("A", "space"));
}

#[test]
fn after_a_save_that_did_not_end_well_where_a_warning_wants_a_line_too() {
    let mut harness = editing("A", "space 2 space");
    harness.press("4");
    assert!(harness.words().contains("Warning: rating is on but"), "{}", harness.screen());
    check_ends(&mut harness);
}

/// An editor on the smallest screen, after these keys.
fn editing(codes: &str, keys: &str) -> ModelHarness {
    let mut harness = ModelHarness::start(Some(stored()), 40, 12);
    harness.tell(Message::Read { request: 1, result: Ok(settings(false, codes)) });
    harness.press(keys);
    harness
}

fn check_ends(harness: &mut ModelHarness) {
    for outcome in bad_ends() {
        let context = harness.model.session.as_ref().expect("a session").context.clone();
        let explained = describe_outcome(&outcome, "14:02:10", &context);
        harness.model.notice = Some(Notice::Ended(Box::new(outcome), harness.now.local.clone()));
        let words = harness.words();
        assert!(!explained.todo.is_empty(), "{explained}");
        assert!(words.contains(&explained.todo), "{explained:?}\n{}", harness.screen());
        assert!(words.contains(&explained.lead), "{explained:?}\n{}", harness.screen());
    }
}

#[test]
fn after_a_read_that_failed() {
    for error in errors() {
        let context = stored().context;
        let todo = match explain(&error, Call::Read, &context).todo {
            todo if todo.is_empty() => "r tries again.".to_owned(),
            todo => todo,
        };
        let mut harness = editing("A", "space r");
        let request = harness.model.newest;
        harness.tell(Message::Read { request, result: Err(error.clone()) });
        assert!(harness.words().contains(&todo), "{todo}\n{}", harness.screen());
        assert!(harness.words().contains("1 unsaved change"), "{}", harness.screen());
    }
}

#[test]
fn after_a_first_read_that_failed_and_the_rest_can_be_scrolled_to() {
    for error in errors() {
        let explained = explain(&error, Call::Read, &stored().context);
        let todo = if explained.todo.is_empty() { "Press r to try again." } else { &explained.todo };
        let mut harness = ModelHarness::start(Some(stored()), 40, 12);
        harness.tell(Message::Read { request: 1, result: Err(error) });
        assert!(harness.words().contains(todo), "{todo}\n{}", harness.screen());
        let end = [&explained.happened, &explained.details, &explained.said]
            .into_iter()
            .rfind(|part| !part.is_empty())
            .and_then(|part| part.split_whitespace().last().map(str::to_owned))
            .expect("words");
        harness.press("G");
        assert!(harness.words().contains(&end), "{end}\n{}", harness.screen());
    }
    let mut harness = ModelHarness::start(Some(stored()), 40, 12);
    let request = harness.model.newest;
    harness.model.phase = Phase::Opening(request);
    let reason = "the program pass said: gpg: decryption failed, and much more of it. ".repeat(5);
    harness.tell(Message::Opened { request, result: Err(reason + "The end.") });
    assert!(harness.words().contains("Press r to try again."), "{}", harness.screen());
    harness.press("G");
    assert!(harness.words().contains("The end."), "{}", harness.screen());
}

#[test]
fn the_walk_reaches_every_kind_of_error() {
    let kinds: BTreeSet<_> = errors().iter().map(CallError::kind).collect();
    assert_eq!(kinds.len(), 26, "{kinds:?}");
}
