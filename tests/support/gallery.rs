//! Every screen of the editor, as the tests of the look need it.

use std::time::{Duration, UNIX_EPOCH};

use convrating::api::{HttpMethod, RequestRecord};
use convrating::editor::message::{Effect, Message};
use convrating::editor::model::{
    Dialog, FoundSaves, ListedSettings, Logged, ProfileState, ReadOnly, Session, SurveyFailure,
};
use convrating::save::{CallError, Event};

use super::configuration::{mixed, settings};
use super::model_harness::{ModelHarness, refused, session};

/// The three codes of most screens.
const CODES: &str = "HELPFUL_THUMBS EXPERIENCE_THUMBS NPS_SCORE";

/// All screens in a terminal of this size, each with its name.
pub fn screens(columns: u16, rows: u16) -> Vec<(&'static str, ModelHarness)> {
    let at = |make: fn(u16, u16) -> ModelHarness| make(columns, rows);
    let after = |keys: &str| {
        let mut harness = at(changed);
        harness.press(keys);
        harness
    };
    vec![
        ("loading", ModelHarness::start(Some(session()), columns, rows)),
        ("load-failed", at(load_failed)),
        ("first-start", ModelHarness::start(None, columns, rows)),
        ("form-clean", ModelHarness::reading_at(settings(true, CODES), columns, rows)),
        ("form-changed", at(changed)),
        ("form-disagrees", at(disagrees)),
        ("form-read-only", at(read_only)),
        ("form-no-codes", ModelHarness::reading_at(settings(true, ""), columns, rows)),
        ("saved", ended(columns, rows, &[Event::Answered(Ok(settings(true, "HELPFUL_THUMBS NPS_SCORE")))])),
        ("not-saved", ended(columns, rows, &[Event::Answered(Err(revoked()))])),
        ("unknown", ended(columns, rows, &lost())),
        ("conflict", at(conflict)),
        ("profiles", at(profiles)),
        ("help", after("?")),
        ("request", after("v")),
        ("log", after("l")),
        ("history", at(history)),
        ("add-field", after("a N P S space")),
        ("token-field", after("t")),
        ("search", after("/ N P S")),
        ("quit", after("q")),
        ("protected", after("s")),
    ]
}

/// Two unsaved changes on a protected profile, and two requests in the log.
pub fn changed(columns: u16, rows: u16) -> ModelHarness {
    let mut harness = ModelHarness::reading_at(settings(false, CODES), columns, rows);
    harness.model.session.as_mut().expect("a session").is_protected = true;
    log_requests(&mut harness);
    harness.press("space 3 space 1");
    harness
}

/// Two requests, the first of which failed.
pub fn log_requests(harness: &mut ModelHarness) {
    for (attempt, status) in [(1, 503), (2, 200)] {
        let (method, took) = (HttpMethod::Get, Duration::from_millis(41));
        let (started, status, failure) = (UNIX_EPOCH, Some(status), None);
        let record = RequestRecord { started, method, attempt, took, status, failure };
        harness.tell(Message::Logged(Logged { record, profile: Some("acme-prod".to_owned()) }));
    }
}

fn revoked() -> CallError {
    refused(401, "PERMISSION_DENIED", "Invalid, expired, or revoked token")
}

fn broken() -> CallError {
    CallError::Broken { reason: "connection reset".to_owned(), has_head: true }
}

fn load_failed(columns: u16, rows: u16) -> ModelHarness {
    let mut harness = ModelHarness::start(Some(session()), columns, rows);
    harness.tell(Message::Read { request: 1, result: Err(revoked()) });
    harness
}

fn disagrees(columns: u16, rows: u16) -> ModelHarness {
    ModelHarness::reading_at(mixed([true, false], CODES), columns, rows)
}

fn read_only(columns: u16, rows: u16) -> ModelHarness {
    let mut harness = ModelHarness::reading_at(settings(false, CODES), columns, rows);
    harness.model.session.as_mut().expect("a session").read_only = Some(ReadOnly::Asked);
    harness.press("space");
    harness
}

/// A save of the two changes that has gone on like this after its first read.
fn ended(columns: u16, rows: u16, events: &[Event]) -> ModelHarness {
    let mut harness = changed(columns, rows);
    let read = Event::Read(Ok(settings(false, CODES)));
    harness.press("s tab enter").save_steps(std::iter::once(read).chain(events.iter().cloned()));
    harness
}

/// No answer to the PATCH, and none to three reads.
fn lost() -> Vec<Event> {
    let read = || [Event::Elapsed, Event::Read(Err(broken()))];
    std::iter::once(Event::Answered(Err(broken()))).chain(read()).chain(read()).chain(read()).collect()
}

fn conflict(columns: u16, rows: u16) -> ModelHarness {
    let mut harness = changed(columns, rows);
    let theirs = settings(false, "HELPFUL_THUMBS EXPERIENCE_THUMBS CSAT");
    harness.press("s tab enter").save_steps([Event::Read(Ok(theirs))]);
    harness
}

/// Profiles of each kind: answered, disagreeing, refused, not reached, not answered yet.
fn profiles(columns: u16, rows: u16) -> ModelHarness {
    let mut harness = ModelHarness::reading_at(settings(true, CODES), columns, rows);
    let named = |name: &str| Session { name: Some(name.to_owned()), ..session() };
    harness.model.profiles =
        ["acme-prod", "acme-staging", "acme-eu", "acme-old", "acme-us", "acme-asia"].map(named).to_vec();
    harness.model.profiles[0].is_protected = true;
    harness.press("p");
    let Some(Dialog::Profiles(list)) = &harness.model.dialog else { panic!("the list is open") };
    let (request, identity) = (list.request, session().identity);
    let failed = |short: &str, is_about_token| {
        let reason = "could not be asked.".to_owned();
        ProfileState::Failed(SurveyFailure { short: short.to_owned(), reason, is_about_token })
    };
    let read = |read| ProfileState::Read(ListedSettings::from(read), identity.clone());
    let states = [
        read(settings(true, CODES)),
        read(settings(false, "A B")),
        read(mixed([true, false], "A")),
        failed("refused 401", true),
        failed("unreachable", false),
    ];
    for (index, state) in states.into_iter().enumerate() {
        harness.tell(Message::Surveyed { request, index, state });
    }
    harness
}

fn history(columns: u16, rows: u16) -> ModelHarness {
    let mut harness = ModelHarness::reading_at(settings(true, CODES), columns, rows);
    harness.press("h");
    let Some(Effect::ReadHistory(request, _)) = harness.effects.last() else { panic!("it reads") };
    let request = *request;
    harness.tell(Message::HistoryRead {
        request,
        result: Ok(FoundSaves { saves: Vec::new(), has_more: false }),
    });
    harness
}
