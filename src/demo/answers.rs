//! The answers that tests make.

use serde_json::Value;

use super::fault::{Answer, End, Point};
use super::reply::Reply;

impl Answer {
    /// A JSON body of any shape.
    pub fn json(status: u16, body: &Value) -> Self {
        Self::Reply(Reply::json(status, body))
    }

    /// An error in the API's own form, with any code.
    pub fn error(status: u16, code: &str, message: &str) -> Self {
        Self::Reply(Reply::error(status, code, message))
    }

    /// [`Answer::status`] with this value of `Retry-After`.
    pub fn retry_after(status: u16, value: &str) -> Self {
        Self::status(status).with_header("retry-after", value)
    }

    /// A redirect with an empty body.
    pub fn redirect(status: u16, location: &str) -> Self {
        Self::empty(status).with_header("location", location)
    }

    /// An empty body.
    pub fn empty(status: u16) -> Self {
        Self::Reply(Reply::new(status, Vec::new()))
    }

    /// The page of a gateway that wants the user to log in.
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

    /// A 200 with a body of this many blanks, which the server makes while it sends them. The head gives the length,
    /// or the body comes in chunks.
    pub fn huge(bytes: u64, has_length: bool) -> Self {
        Self::Reply(Reply::flood(bytes, has_length))
    }

    /// The server reads the request and never answers.
    pub fn silent() -> Self {
        Self::Cut(Point::BeforeAnswer, End::Silence)
    }

    /// The same answer with one more header. An answer that is not a whole HTTP answer stays as it is.
    #[must_use]
    pub fn with_header(self, name: &str, value: &str) -> Self {
        match self {
            Self::Reply(reply) => Self::Reply(reply.with_header(name, value)),
            other => other,
        }
    }
}
