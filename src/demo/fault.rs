//! What can go wrong: a fault is what becomes of the change, and what the client is told.
//!
//! The two are independent, so that every case of "it was applied and the client cannot know" can be made.

use std::time::Duration;

use serde_json::Value;

use super::contract;
use super::reply::Reply;

/// What happens to one request in place of the ordinary.
#[derive(Debug, Clone)]
pub struct Fault {
    pub(super) effect: Effect,
    pub(super) answer: Answer,
    pub(super) delay: Duration,
}

/// What becomes of the change that a PATCH asks for. It only says something about requests that the contract accepts:
/// one that it refuses changes nothing.
#[derive(Debug, Clone)]
pub enum Effect {
    /// It is applied.
    Applied,
    /// It is not applied, whatever the answer says.
    NotApplied,
    /// It is kept aside until [`Hooks::apply_late`](super::Hooks::apply_late).
    AppliedLater,
    /// The server keeps this configuration instead.
    Keeps(Value),
}

/// What the client gets.
#[derive(Debug, Clone)]
pub enum Answer {
    /// What the contract says: the configuration as it is then held, or the refusal.
    Ordinary,
    /// This one.
    Reply(Reply),
    /// The ordinary answer, broken off.
    Cut(Point, End),
    /// These bytes as they are, in place of an HTTP answer.
    Raw(Vec<u8>, End),
}

/// Where an exchange breaks off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point {
    /// After the request's head, before its body is read; nothing is applied and the request is not recorded.
    BeforeReading,
    /// After the whole request, before the first byte of the answer.
    BeforeAnswer,
    /// Half way through the answer's head.
    InHead,
    /// Half way through the answer's body, whose whole length the head has told.
    InBody,
}

/// How a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// FIN: the client reads an end of file.
    Close,
    /// RST: the client reads "connection reset".
    Reset,
    /// Nothing more is said, and the connection stays until the client leaves.
    Silence,
}

impl Fault {
    /// A request that is dealt with in the ordinary way; of use with [`Fault::after`].
    pub fn none() -> Self {
        Self::applied(Answer::Ordinary)
    }

    /// The change is applied, and the client is told `answer`.
    pub fn applied(answer: Answer) -> Self {
        Self::new(Effect::Applied, answer)
    }

    /// The change is not applied, and the client is told `answer`.
    pub fn not_applied(answer: Answer) -> Self {
        Self::new(Effect::NotApplied, answer)
    }

    /// Any effect with any answer.
    pub fn new(effect: Effect, answer: Answer) -> Self {
        Self { effect, answer, delay: Duration::ZERO }
    }

    /// The same, with the answer this much later. The effect does not wait.
    #[must_use]
    pub fn after(self, delay: Duration) -> Self {
        Self { delay, ..self }
    }

    pub(super) fn breaks_before_reading(&self) -> Option<End> {
        match self.answer {
            Answer::Cut(Point::BeforeReading, end) => Some(end),
            _ => None,
        }
    }
}

impl Answer {
    /// A JSON body of any shape.
    pub fn json(status: u16, body: &Value) -> Self {
        Self::Reply(Reply::json(status, body))
    }

    /// An error in the API's own form.
    pub fn error(status: u16, code: &str, message: &str) -> Self {
        Self::Reply(Reply::error(status, code, message))
    }

    /// An error in the API's own form, with the code that the contract has for the status; `UNKNOWN` where it has none.
    pub fn status(status: u16) -> Self {
        Self::error(status, contract::code_of(status), &format!("This is how the API answers a {status}."))
    }

    /// The same, with this `Retry-After`.
    pub fn retry_after(status: u16, value: &str) -> Self {
        Self::status(status).with_header("retry-after", value)
    }

    /// A redirect with an empty body.
    pub fn redirect(status: u16, location: &str) -> Self {
        Self::empty(status).with_header("location", location)
    }

    /// No body at all.
    pub fn empty(status: u16) -> Self {
        Self::Reply(Reply::new(status, Vec::new()))
    }

    /// What a proxy or a login page says.
    pub fn html(status: u16) -> Self {
        Self::text(
            status,
            "text/html; charset=utf-8",
            "<!doctype html><title>Gateway</title><h1>Please log in</h1>",
        )
    }

    /// Any body of any content type.
    pub fn text(status: u16, content_type: &str, body: &str) -> Self {
        Self::Reply(Reply::typed(status, content_type, body))
    }

    /// A 200 with a body of so many blanks, made while it is sent; with its length in the head, or chunked.
    pub fn huge(bytes: u64, is_length_told: bool) -> Self {
        Self::Reply(Reply::flood(bytes, is_length_told))
    }

    /// The request is read, and nothing is ever said.
    pub fn silent() -> Self {
        Self::Cut(Point::BeforeAnswer, End::Silence)
    }

    /// The same with one more header; an answer that is not a whole one stays as it is.
    #[must_use]
    pub fn with_header(self, name: &str, value: &str) -> Self {
        match self {
            Self::Reply(reply) => Self::Reply(reply.with_header(name, value)),
            other => other,
        }
    }
}

/// As much of `ordinary` as comes through when it breaks off at `point`.
pub(super) fn first_part(ordinary: &Reply, point: Point) -> Vec<u8> {
    let (mut head, body) = (ordinary.head(), ordinary.body());
    match point {
        Point::BeforeReading | Point::BeforeAnswer => head.clear(),
        Point::InHead => head.truncate(head.len() / 2),
        Point::InBody => head.extend_from_slice(&body[..body.len() / 2]),
    }
    head
}
