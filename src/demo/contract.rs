//! What the documentation says of the endpoint: its address, its limits, its token, and its errors. The fields of the
//! configuration stand in `fields`.

use hyper::HeaderMap;
use hyper::header::AUTHORIZATION;

use super::method::Method;
use super::reply::Reply;
use super::values::FieldError;

const PATH: &str = "/v1/api/conversation_ratings/configuration";

/// The longest request body that the server keeps, in bytes.
pub(super) const BODY_LIMIT: usize = 1024 * 1024;

/// How many times a minute a token may read.
pub(super) const READS_PER_MINUTE: usize = 120;

/// How many times a minute a token may send a PATCH.
pub(super) const WRITES_PER_MINUTE: usize = 60;

/// The code of each status that is an error.
const CODES: &[(u16, &str)] = &[
    (400, "BAD_REQUEST"),
    (401, "PERMISSION_DENIED"),
    (402, "PAYMENT_REQUIRED"),
    (403, "PERMISSION_DENIED"),
    (404, "NOT_FOUND"),
    (409, "CONFLICT"),
    (422, "VALIDATION_ERROR"),
    (429, "TOO_MANY_REQUESTS"),
    (500, "UNKNOWN"),
    (503, "SERVICE_UNAVAILABLE"),
];

/// The code that goes with an error's status; `UNKNOWN` for a status that the documentation does not have.
pub(super) fn error_code(status: u16) -> &'static str {
    CODES.iter().find(|(known, _)| *known == status).map_or("UNKNOWN", |(_, code)| code)
}

/// Why the server refuses a request.
#[derive(Debug)]
pub(super) struct Refusal {
    status: u16,
    message: String,
    /// In seconds.
    retry_after: Option<u64>,
}

impl Refusal {
    pub(super) fn bad_request(message: &str) -> Self {
        Self::new(400, message)
    }

    pub(super) fn unauthorized() -> Self {
        Self::new(401, "The token is missing, invalid, expired or revoked")
    }

    pub(super) fn insufficient_scope() -> Self {
        Self::new(403, "Insufficient token scope. Required: write_all")
    }

    /// `wait` is in seconds.
    pub(super) fn too_many(wait: u64) -> Self {
        let refusal = Self::new(429, "Too many requests for this token and endpoint");
        Self { retry_after: Some(wait), ..refusal }
    }

    pub(super) fn invalid(error: &FieldError) -> Self {
        Self::new(422, &error.to_string())
    }

    fn not_found() -> Self {
        Self::new(404, "There is nothing at this address")
    }

    fn new(status: u16, message: &str) -> Self {
        Self { status, message: message.to_owned(), retry_after: None }
    }

    /// The answer that tells the client of the refusal.
    pub(super) fn to_reply(&self) -> Reply {
        let reply = Reply::error(self.status, error_code(self.status), &self.message);
        match self.retry_after {
            Some(wait) => reply.with_header("retry-after", &wait.to_string()),
            None => reply,
        }
    }
}

/// The method of a request that the endpoint knows; 404 for another method or another address.
pub(super) fn check_address(method: Option<Method>, path: &str) -> Result<Method, Refusal> {
    method.filter(|_| path == PATH).ok_or_else(Refusal::not_found)
}

/// The token of `Authorization: Bearer TOKEN`; `None` if the header is missing or has another form.
pub(super) fn parse_token(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
