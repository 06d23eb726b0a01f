//! An HTTP answer: as a value, as what the server library sends, and as bytes that the server can break off half way.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use http_body_util::{Either, Full};
use hyper::body::{Body, Bytes, Frame, SizeHint};
use hyper::{Response, StatusCode};
use serde_json::{Value, json};

/// One HTTP answer. The functions of `Answer` make it.
#[derive(Debug, Clone)]
pub struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    content: Content,
}

#[derive(Debug, Clone)]
enum Content {
    Bytes(Vec<u8>),
    Flood(Flood),
}

/// The body of an answer as the server library takes it.
pub(super) type Payload = Either<Full<Bytes>, Flood>;

impl Reply {
    /// An answer without headers.
    pub(super) fn new(status: u16, body: Vec<u8>) -> Self {
        Self { status, headers: Vec::new(), content: Content::Bytes(body) }
    }

    /// An answer with a content type.
    pub(super) fn typed(status: u16, content_type: &str, body: &str) -> Self {
        Self::new(status, body.as_bytes().to_vec()).with_header("content-type", content_type)
    }

    /// A JSON answer.
    pub(super) fn json(status: u16, body: &Value) -> Self {
        Self::json_text(status, &body.to_string())
    }

    /// An answer whose body is JSON already.
    pub(super) fn json_text(status: u16, body: &str) -> Self {
        Self::typed(status, "application/json", body)
    }

    /// An error in the API's own form.
    pub(super) fn error(status: u16, code: &str, message: &str) -> Self {
        Self::json(status, &json!({"errors": {"root": [{"message": message, "code": code}]}}))
    }

    /// A body of this many blanks, which the server makes while it sends them.
    pub(super) fn flood(bytes: u64, has_length: bool) -> Self {
        let content = Content::Flood(Flood { left: bytes, has_length });
        Self { status: 200, headers: Vec::new(), content }.with_header("content-type", "application/json")
    }

    pub(super) fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The answer for the server library. An answer that the library cannot send (a status of 1000, a header with a
    /// line end) becomes a 500 that says so. Only a test can ask for one, and the test reads the 500.
    pub(super) fn into_response(self) -> Response<Payload> {
        self.try_into_response().unwrap_or_else(|error| {
            let message = format!("This answer cannot be sent: {error}");
            let mut response = Response::new(Either::Left(Full::from(message)));
            *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            response
        })
    }

    fn try_into_response(self) -> hyper::http::Result<Response<Payload>> {
        let mut builder = Response::builder().status(self.status);
        for (name, value) in &self.headers {
            builder = builder.header(name, value);
        }
        builder.body(match self.content {
            Content::Bytes(bytes) => Either::Left(Full::from(bytes)),
            Content::Flood(flood) => Either::Right(flood),
        })
    }

    /// The head of the answer as it stands on the wire, its length included.
    pub(super) fn head(&self) -> Vec<u8> {
        let reason = StatusCode::from_u16(self.status).ok().and_then(|status| status.canonical_reason());
        let status = format!("HTTP/1.1 {} {}", self.status, reason.unwrap_or_default());
        let headers = self.headers.iter().map(|(name, value)| format!("{name}: {value}"));
        let length = format!("content-length: {}", self.body().len());
        let lines: Vec<String> = std::iter::once(status).chain(headers).chain([length]).collect();
        format!("{}\r\n\r\n", lines.join("\r\n")).into_bytes()
    }

    /// The body; empty for a body that is made while it is sent.
    pub(super) fn body(&self) -> &[u8] {
        match &self.content {
            Content::Bytes(bytes) => bytes,
            Content::Flood(_) => &[],
        }
    }
}

/// A body of blanks of any length, which is never in memory as a whole.
#[derive(Debug, Clone)]
pub(super) struct Flood {
    left: u64,
    has_length: bool,
}

impl Flood {
    const BLANKS: &[u8; 16_384] = &[b' '; 16_384];
}

impl Body for Flood {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let size = usize::try_from(self.left).unwrap_or(usize::MAX).min(Self::BLANKS.len());
        self.left -= size as u64;
        let frame = (size > 0).then(|| Ok(Frame::data(Bytes::from_static(&Self::BLANKS[..size]))));
        Poll::Ready(frame)
    }

    fn size_hint(&self) -> SizeHint {
        if self.has_length { SizeHint::with_exact(self.left) } else { SizeHint::default() }
    }
}
