//! A request as the server received it, for tests.

use std::fmt;

use hyper::http::request::Parts;

/// A request that arrived whole. `Debug` leaves the headers out, because one of them is the token.
#[derive(Clone, PartialEq, Eq)]
pub struct Recorded {
    /// `GET`, `PATCH`, or any other method that a client sent.
    pub method: String,
    /// The request's target: its path, and the query if there is one.
    pub path: String,
    /// Names in lower case, in the order in which the client sent them. A value that is not UTF-8 has U+FFFD in it.
    pub headers: Vec<(String, String)>,
    /// The bytes of the body; empty also for a body that was longer than 1 MiB.
    pub body: Vec<u8>,
    /// The name of the agent that the token belongs to; `None` without a known token.
    pub agent: Option<String>,
}

impl Recorded {
    pub(super) fn new(head: &Parts, body: Option<&[u8]>, agent: Option<&str>) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self {
            method: head.method.to_string(),
            path: head.uri.to_string(),
            headers: head
                .headers
                .iter()
                .map(|(name, value)| (name.to_string(), text(value.as_bytes())))
                .collect(),
            body: body.unwrap_or_default().to_vec(),
            agent: agent.map(str::to_owned),
        }
    }
}

impl fmt::Debug for Recorded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorded")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("body", &String::from_utf8_lossy(&self.body))
            .field("agent", &self.agent)
            .finish_non_exhaustive()
    }
}
