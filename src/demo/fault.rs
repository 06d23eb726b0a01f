//! What can go wrong with one request. A fault says two things that do not depend on each other: what becomes of the
//! change that the request asks for, and what the client receives. So a test can make every case in which a change
//! was applied and the client cannot know it.

use std::time::Duration;

use serde_json::Value;

use super::contract::error_code;
use super::reply::Reply;

/// How the server treats one request.
#[derive(Debug, Clone)]
pub struct Fault {
    pub(super) effect: FaultEffect,
    pub(super) answer: Answer,
    pub(super) delay: Duration,
}

/// What becomes of the change that a PATCH asks for. It matters only for a PATCH that the contract accepts: a refused
/// one changes nothing.
#[derive(Debug, Clone)]
pub enum FaultEffect {
    /// The server applies the change.
    Applied,
    /// The server does not apply the change, whatever it answers.
    NotApplied,
    /// The server keeps the change aside until the test calls `Hooks::apply_late`.
    AppliedLater,
    /// The server ignores the change and holds this configuration from now on.
    Keeps(Value),
}

/// What the client receives.
#[derive(Debug, Clone)]
pub enum Answer {
    /// What the contract says: the configuration that the server then holds, or the refusal.
    Ordinary,
    /// This answer in place of the ordinary one.
    Reply(Reply),
    /// The ordinary answer, broken off.
    Cut(Point, End),
    /// These bytes as they are, in place of an HTTP answer.
    Raw(Vec<u8>, End),
}

/// Where the server breaks an exchange off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point {
    /// After the request's head and before its body is read. The change is not applied, the request is not recorded.
    BeforeReading,
    /// After the whole request, before the first byte of the answer.
    BeforeAnswer,
    /// Half way through the answer's head.
    InHead,
    /// Half way through the answer's body. The head has given the length of the whole body.
    InBody,
}

/// How the server ends a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// With FIN: the client reads an end of file.
    Close,
    /// With RST: the client reads "connection reset".
    Reset,
    /// Not at all: the server sends nothing more, and the connection stays until the client closes it.
    Silence,
}

impl Fault {
    /// The ordinary treatment. Useful with [`Fault::after`].
    pub fn none() -> Self {
        Self::applied(Answer::Ordinary)
    }

    /// The server applies the change, and the client receives `answer`.
    pub fn applied(answer: Answer) -> Self {
        Self::new(FaultEffect::Applied, answer)
    }

    /// The server does not apply the change, and the client receives `answer`.
    pub fn not_applied(answer: Answer) -> Self {
        Self::new(FaultEffect::NotApplied, answer)
    }

    /// Any effect with any answer.
    pub fn new(effect: FaultEffect, answer: Answer) -> Self {
        Self { effect, answer, delay: Duration::ZERO }
    }

    /// The same fault, with an answer that comes later by `delay`. The effect does not wait.
    #[must_use]
    pub fn after(self, delay: Duration) -> Self {
        Self { delay, ..self }
    }

    /// How the connection ends, if the server breaks off before it reads the request's body.
    pub(super) fn end_before_reading(&self) -> Option<End> {
        match self.answer {
            Answer::Cut(Point::BeforeReading, end) => Some(end),
            _ => None,
        }
    }
}

impl Answer {
    /// An error in the API's own form, with the code that the contract has for the status; `UNKNOWN` if it has none.
    pub fn status(status: u16) -> Self {
        let message = format!("This is how the API answers a {status}.");
        Self::Reply(Reply::error(status, error_code(status), &message))
    }
}

/// The bytes of `ordinary` that the client receives when the server breaks off at `point`.
pub(super) fn first_part(ordinary: &Reply, point: Point) -> Vec<u8> {
    let (mut head, body) = (ordinary.head(), ordinary.body());
    match point {
        Point::BeforeReading | Point::BeforeAnswer => head.clear(),
        Point::InHead => head.truncate(head.len() / 2),
        Point::InBody => head.extend_from_slice(&body[..body.len() / 2]),
    }
    head
}
