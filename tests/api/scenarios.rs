//! The scenarios of the fault matrix, as tables.
//!
//! ```text
//! a fault × {of the PATCH, once or for ever; of the read before it; of the reads after it} × {applied, not applied}
//! ```
//!
//! Cells that are not there:
//! - a PATCH that the API itself refused, applied: by the contract such an answer says that nothing was;
//! - a PATCH that never left or was not read by the server, applied: there is nothing to apply;
//! - the read before the PATCH, applied: no PATCH went out.
//!
//! Faults of a connection stand elsewhere: refused in `broken_ways`, no such name and TLS in `outside`, as they need an
//! environment of their own. A name that is lost between the read and the PATCH cannot be made here; to the save it is the same as
//! refused and TLS: never sent.

use std::time::Duration;

use convrating::demo::{Answer, End, Fault, FaultEffect, Point};
use serde_json::json;

use super::lab::configuration;

/// What a fault means for a PATCH that meets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// All is well.
    Fine,
    /// The server answers well and may not have done what it was asked.
    Truthful,
    /// Only reads can tell.
    Doubt,
    /// Only a read can tell, and the server asks to come back.
    DoubtLater,
    /// Only a read can tell: the connection ended before an answer began.
    Dropped,
    /// Something else than the API refused: most likely nothing was applied, and one read tells.
    LikelyRefused,
    /// Nothing was applied, and the server asks to come back.
    Later,
    /// Nothing was applied: somebody else is at it.
    Concurrent,
    /// Nothing was applied.
    Refusal,
    /// Only reads can tell, and nothing was applied: the server did not even read it.
    Unread,
    /// The same, and the connection ended before an answer began.
    UnreadAndDropped,
}

/// A fault and what is to be expected of it.
#[derive(Clone, Debug)]
pub(super) struct Case {
    pub(super) name: String,
    pub(super) answer: Answer,
    pub(super) delay: Duration,
    pub(super) meaning: Meaning,
    /// A read that meets it is tried again.
    pub(super) is_read_again: bool,
    /// It ends by a time-out.
    pub(super) is_silent: bool,
}

/// Which requests meet the fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The read before the PATCH, its first try.
    CheckOnce,
    /// Every read before the PATCH.
    Check,
    /// The first PATCH.
    PatchOnce,
    /// Every PATCH.
    Patch,
    /// After a PATCH whose answer was lost, the first read.
    ProbeOnce,
    /// After a PATCH whose answer was lost, every read.
    Probe,
}

/// One cell of the matrix.
#[derive(Clone, Debug)]
pub(super) struct Scenario {
    pub(super) case: Case,
    pub(super) place: Place,
    pub(super) is_applied: bool,
}

impl Scenario {
    /// The fault of the requests that meet it.
    pub(super) fn fault(&self) -> Fault {
        let effect = if self.is_applied { FaultEffect::Applied } else { FaultEffect::NotApplied };
        Fault::new(effect, self.case.answer.clone()).after(self.case.delay)
    }
}

/// Every scenario of the matrix over the demo server.
pub(super) fn all() -> Vec<Scenario> {
    let places =
        [Place::CheckOnce, Place::Check, Place::PatchOnce, Place::Patch, Place::ProbeOnce, Place::Probe];
    let cells = cases().into_iter().flat_map(|case| places.map(|place| (case.clone(), place)));
    cells
        .flat_map(|(case, place)| {
            [true, false].map(|is_applied| Scenario { case: case.clone(), place, is_applied })
        })
        .filter(is_possible)
        .collect()
}

fn is_possible(scenario: &Scenario) -> bool {
    use Meaning::{Concurrent, Later, Refusal, Unread, UnreadAndDropped};
    let may_apply = match scenario.place {
        Place::CheckOnce | Place::Check => false,
        Place::ProbeOnce | Place::Probe => true,
        Place::PatchOnce | Place::Patch => {
            !matches!(scenario.case.meaning, Concurrent | Later | Refusal | Unread | UnreadAndDropped)
        }
    };
    may_apply || !scenario.is_applied
}

/// Every fault that one answer can have.
pub(super) fn cases() -> Vec<Case> {
    [breaks(), bodies(), caches(), statuses(), other_answerers(), redirects()].concat()
}

fn case(name: &str, answer: Answer, meaning: Meaning, is_read_again: bool) -> Case {
    let is_silent = name.starts_with("silent");
    Case { name: name.to_owned(), answer, delay: Duration::ZERO, meaning, is_read_again, is_silent }
}

/// Connections that end, or do not.
fn breaks() -> Vec<Case> {
    let cut = |name, point, end| case(name, Answer::Cut(point, end), Meaning::Doubt, true);
    let mut unread = [
        cut("reset before it was read", Point::BeforeReading, End::Reset),
        cut("closed before it was read", Point::BeforeReading, End::Close),
        cut("silent before it was read", Point::BeforeReading, End::Silence),
    ];
    for case in &mut unread {
        case.meaning = if case.is_silent { Meaning::Unread } else { Meaning::UnreadAndDropped };
    }
    let mut answered = [
        cut("reset after it was read", Point::BeforeAnswer, End::Reset),
        cut("closed after it was read", Point::BeforeAnswer, End::Close),
        cut("reset within the head", Point::InHead, End::Reset),
        cut("closed within the head", Point::InHead, End::Close),
        cut("reset within the body", Point::InBody, End::Reset),
        cut("half a body", Point::InBody, End::Close),
        cut("silent after it was read", Point::BeforeAnswer, End::Silence),
        cut("silent within the body", Point::InBody, End::Silence),
        case("not HTTP", Answer::Raw(b"SSH-2.0-OpenSSH_9.6\r\n".to_vec(), End::Close), Meaning::Doubt, true),
    ];
    for case in answered
        .iter_mut()
        .filter(|case| case.name.contains("after it was read") || case.name.contains("within the head"))
    {
        case.meaning = if case.is_silent { Meaning::Doubt } else { Meaning::Dropped };
    }
    let slow =
        Case { delay: Duration::from_millis(30), ..case("slow", Answer::Ordinary, Meaning::Truthful, false) };
    [unread.to_vec(), answered.to_vec(), vec![slow, case("no fault", Answer::Ordinary, Meaning::Fine, false)]]
        .concat()
}

/// Successes that say nothing, or something else.
fn bodies() -> Vec<Case> {
    let odd = |name, answer| case(name, answer, Meaning::Doubt, false);
    let without_codes = json!({"conv_rating_active": true, "conv_rating_popup_active": true});
    let twice = r#"{"conv_rating_active":true,"conv_rating_active":true,"conv_rating_popup_active":true,"conv_rating_question_codes":[]}"#;
    vec![
        odd("200 and nothing", Answer::empty(200)),
        odd("201 and the object", Answer::json(201, &configuration(true, true))),
        odd("204", Answer::empty(204)),
        odd("HTML", Answer::html(200)),
        odd("a list", Answer::json(200, &json!([configuration(true, true)]))),
        odd("null", Answer::json(200, &json!(null))),
        odd("no codes", Answer::json(200, &without_codes)),
        odd("a key twice", Answer::text(200, "application/json", twice)),
        odd("half an object", Answer::text(200, "application/json", r#"{"conv_rating_active": tr"#)),
        odd("100 MB with a length", Answer::huge(100_000_000, true)),
        odd("100 MB in chunks", Answer::huge(100_000_000, false)),
    ]
}

/// Answers of a cache, which hold what was asked for and do not come from the server.
fn caches() -> Vec<Case> {
    let body = configuration(true, true).to_string();
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nage: 30\r\n";
    let raw = format!("{head}content-length: {}\r\n\r\n{body}", body.len());
    vec![case("a cache", Answer::Raw(raw.into_bytes(), End::Close), Meaning::Doubt, true)]
}

/// Error statuses that something else than the API gives: a page, nothing, JSON of another shape.
fn other_answerers() -> Vec<Case> {
    let statuses = [400, 401, 402, 403, 404, 407, 418, 422, 444, 451, 460, 494, 499, 500, 502, 503, 504, 520];
    let other = json!({"detail": "Not here"});
    let cases = statuses.into_iter().flat_map(|status: u16| {
        let meaning = if status >= 500 { Meaning::Doubt } else { Meaning::LikelyRefused };
        let answers = [
            ("a page", Answer::html(status)),
            ("nothing", Answer::empty(status)),
            ("other JSON", Answer::json(status, &other)),
        ];
        answers.map(|(what, answer)| case(&format!("{status} with {what}"), answer, meaning, status >= 500))
    });
    cases.collect()
}

/// Every error status of the API, and those of proxies.
fn statuses() -> Vec<Case> {
    use Meaning::{Concurrent, Doubt, DoubtLater, Later, LikelyRefused, Refusal};
    let plain = [
        (400, Refusal),
        (401, Refusal),
        (402, Refusal),
        (403, Refusal),
        (404, Refusal),
        (407, LikelyRefused),
        (408, Doubt),
        (409, Concurrent),
        (413, LikelyRefused),
        (418, LikelyRefused),
        (422, Refusal),
        (429, Later),
        (500, Doubt),
        (502, Doubt),
        (503, Doubt),
        (504, Doubt),
        (599, Doubt),
    ];
    let of = |(status, meaning): (u16, _)| {
        case(&status.to_string(), Answer::status(status), meaning, status == 429 || status >= 500)
    };
    let asked = [(429, Later), (503, DoubtLater)];
    let waits = asked.map(|(status, meaning)| {
        case(&format!("{status}, 1 s"), Answer::retry_after(status, "1"), meaning, true)
    });
    let long = [(429, Refusal), (503, Doubt)].map(|(status, meaning)| {
        case(&format!("{status}, an hour"), Answer::retry_after(status, "3600"), meaning, false)
    });
    plain.map(of).into_iter().chain(waits).chain(long).collect()
}

/// Every 3xx.
fn redirects() -> Vec<Case> {
    let redirect = |status: u16| Answer::redirect(status, "https://evil.example/login");
    (300..=308)
        .map(|status| case(&status.to_string(), redirect(status), Meaning::LikelyRefused, false))
        .collect()
}
