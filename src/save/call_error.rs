//! Why a call gave no configuration, and what may be true on the server after it.
//!
//! One variant for each failure that a user can act on. Texts from outside are made visible when the error is made, so
//! no reader has to do it again.

use std::time::Duration;

use super::refusal::{Answerer, Refusal};
use super::retry_after::RetryAfter;
use crate::settings::ShapeError;

/// Why a call did not give a configuration. The text is a few words for the request log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// No connection came about: nothing was sent.
    #[error("could not connect ({reason})")]
    Connect {
        /// `connection refused`, `name not found`, `no TLS is spoken there`, `no answer for 5 s` …
        reason: String,
    },
    /// The server's certificate was not accepted: nothing was sent.
    #[error("certificate not accepted ({reason})")]
    Tls {
        /// `unknown issuer`, `it has expired` …
        reason: String,
        /// What helps: one sentence.
        remedy: String,
    },
    /// The server and this machine did not come to terms about TLS: nothing was sent.
    #[error("TLS failed ({reason})")]
    Handshake {
        /// `the server asks for a client certificate` …
        reason: String,
        /// What helps: one sentence.
        remedy: String,
    },
    /// The proxy opened no way to the server: nothing was sent.
    #[error("proxy refused the connection{}", .status.map(|status| format!(" ({status})")).unwrap_or_default())]
    ProxyRefused {
        /// The proxy, and the variable that names it: `HTTPS_PROXY (proxy.example:3128)`.
        proxy: String,
        /// The status of the proxy's answer, where it is known.
        status: Option<u16>,
    },
    /// The HTTP client itself could not be set up: nothing was sent.
    #[error("cannot set up HTTPS ({reason})")]
    SetUp {
        /// What is wrong with the trusted certificates or the variables, by name.
        reason: String,
    },
    /// No whole answer came in time. A PATCH may have been applied.
    #[error("no answer in time")]
    TimedOut {
        /// The time waited.
        after: Duration,
    },
    /// The connection ended before the answer did. A PATCH may have been applied.
    #[error("connection broke ({reason})")]
    Broken {
        /// `connection reset`, `closed before the answer was whole` …
        reason: String,
        /// True if the head of an answer had come.
        has_head: bool,
    },
    /// A cache answered a read: it says nothing of what the server holds now.
    #[error("a cache answered ({age} s old)")]
    Cached {
        /// The age of the answer in seconds.
        age: u64,
    },
    /// The answer has an error status.
    #[error("{}", .0.label())]
    Refused(Refusal),
    /// The answer sends the request elsewhere. It was not followed.
    #[error("redirect ({status})")]
    Redirect {
        /// The host that it points to.
        host: String,
        /// 300 to 399.
        status: u16,
    },
    /// The body is larger than the cap.
    #[error("answer too large")]
    TooLarge,
    /// A success without a body, or with a status that none of the API's calls answers with.
    #[error("no configuration in the answer ({status})")]
    NoContent {
        /// 200 to 299, or an interim status.
        status: u16,
    },
    /// A success whose body is not JSON.
    #[error("not JSON")]
    NotJson {
        /// The media type that it claims to be.
        content_type: Option<String>,
    },
    /// A success whose body is JSON of another shape.
    #[error("wrong shape")]
    Shape(#[from] ShapeError),
}

/// What kind of failure it is: what words, hints, exit codes and the editor decide by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CallErrorKind {
    /// No connection came about.
    NotConnected,
    /// The server's certificate was not accepted.
    CertificateRefused,
    /// The server and this machine did not come to terms about TLS.
    TlsFailed,
    /// The proxy opened no way to the server.
    ProxyRefused,
    /// HTTPS could not be set up on this machine.
    NotSetUp,
    /// No whole answer came in time.
    TimedOut,
    /// The connection ended before the answer did.
    ConnectionBroken,
    /// The answer sends the request elsewhere.
    Redirected,
    /// The body is larger than the cap.
    TooLarge,
    /// A success without a configuration.
    NoConfiguration,
    /// A success that is not JSON.
    NotJson,
    /// A success that is JSON of another shape.
    WrongShape,
    /// A cache answered.
    Cached,
    /// An error status that something in between gave.
    AnsweredInBetween,
    /// An error status with JSON of a shape that the API does not document.
    Undocumented,
    /// 400 from the API, as all that follow but 408, 409 and 429.
    BadRequest,
    /// 401: the token is invalid, expired or revoked.
    TokenRefused,
    /// 402: there is no active subscription.
    PaymentRequired,
    /// 403: the token lacks the scope.
    ScopeMissing,
    /// 404.
    NotFound,
    /// 408: the server waited too long for the request.
    RequestTimeout,
    /// 409: someone else changes the same at the same moment.
    Concurrent,
    /// 422: the change was not accepted.
    Invalid,
    /// 429.
    TooManyRequests,
    /// 500 and above.
    ServerFailed,
    /// Any other status of 400 and above.
    OtherRefusal,
}

/// The kind that each status stands for where the API gave it. A status of 500 and above that is not listed is
/// [`CallErrorKind::ServerFailed`], any other is [`CallErrorKind::OtherRefusal`].
const KINDS: [(u16, CallErrorKind); 6] = [
    (400, CallErrorKind::BadRequest),
    (401, CallErrorKind::TokenRefused),
    (402, CallErrorKind::PaymentRequired),
    (403, CallErrorKind::ScopeMissing),
    (404, CallErrorKind::NotFound),
    (422, CallErrorKind::Invalid),
];

/// The same for statuses that mean one thing, whether the API or a gateway gives them.
const KINDS_OF_ANY_ANSWERER: [(u16, CallErrorKind); 3] = [
    (408, CallErrorKind::RequestTimeout),
    (409, CallErrorKind::Concurrent),
    (429, CallErrorKind::TooManyRequests),
];

/// What may be true of a PATCH that ended with this error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It never left this machine.
    NeverSent,
    /// It may have been applied: only a read can tell.
    InDoubt,
    /// The connection ended before an answer began: one read, at once, is likely to tell.
    Dropped,
    /// It was most likely refused, but not by the API itself: one read tells.
    LikelyRefused,
    /// The server asks to come back later.
    Later {
        /// When.
        asked: RetryAfter,
        /// The PATCH may have been applied all the same.
        is_in_doubt: bool,
    },
    /// Someone else changes the same at the same moment: it was not applied.
    Concurrent,
    /// The API refused it: it was not applied.
    Refused,
}

impl CallError {
    /// The kind of this failure.
    pub fn kind(&self) -> CallErrorKind {
        match self {
            Self::Connect { .. } => CallErrorKind::NotConnected,
            Self::Tls { .. } => CallErrorKind::CertificateRefused,
            Self::Handshake { .. } => CallErrorKind::TlsFailed,
            Self::ProxyRefused { .. } => CallErrorKind::ProxyRefused,
            Self::SetUp { .. } => CallErrorKind::NotSetUp,
            Self::TimedOut { .. } => CallErrorKind::TimedOut,
            Self::Broken { .. } => CallErrorKind::ConnectionBroken,
            Self::Redirect { .. } => CallErrorKind::Redirected,
            Self::TooLarge => CallErrorKind::TooLarge,
            Self::NoContent { .. } => CallErrorKind::NoConfiguration,
            Self::NotJson { .. } => CallErrorKind::NotJson,
            Self::Shape(_) => CallErrorKind::WrongShape,
            Self::Cached { .. } => CallErrorKind::Cached,
            Self::Refused(refusal) => find_kind(refusal),
        }
    }

    /// What may be true of a PATCH that ended like this.
    pub(crate) fn fate(&self) -> Fate {
        match self {
            Self::Connect { .. }
            | Self::Tls { .. }
            | Self::Handshake { .. }
            | Self::ProxyRefused { .. }
            | Self::SetUp { .. } => Fate::NeverSent,
            Self::Broken { has_head: false, .. } => Fate::Dropped,
            Self::TimedOut { .. }
            | Self::Broken { .. }
            | Self::Cached { .. }
            | Self::TooLarge
            | Self::NoContent { .. }
            | Self::NotJson { .. }
            | Self::Shape(_) => Fate::InDoubt,
            Self::Redirect { .. } => Fate::LikelyRefused,
            Self::Refused(refusal) => find_fate(refusal),
        }
    }

    /// What the server says about when to come back, where it is too busy for now: 429, and 503 with or without the header.
    pub fn busy(&self) -> Option<RetryAfter> {
        self.refusal()
            .filter(|refusal| matches!(refusal.status, 429 | 503))
            .map(|refusal| refusal.retry_after)
    }

    /// True if another GET may well succeed.
    pub fn is_worth_reading_again(&self) -> bool {
        match self {
            Self::Connect { .. } | Self::TimedOut { .. } | Self::Broken { .. } | Self::Cached { .. } => true,
            Self::ProxyRefused { status, .. } => status.is_none_or(|status| status >= 500),
            Self::Refused(refusal) => matches!(refusal.status, 429 | 500..),
            _ => false,
        }
    }

    /// The status of the answer, if there was one that says why.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Refused(refusal) => Some(refusal.status),
            Self::Redirect { status, .. } | Self::NoContent { status } => Some(*status),
            _ => None,
        }
    }

    /// The answer with an error status, if that is what it is.
    pub fn refusal(&self) -> Option<&Refusal> {
        if let Self::Refused(refusal) = self { Some(refusal) } else { None }
    }
}

fn find_kind(refusal: &Refusal) -> CallErrorKind {
    let find = |kinds: &[(u16, CallErrorKind)]| {
        kinds.iter().find(|(status, _)| *status == refusal.status).map(|(_, kind)| *kind)
    };
    if let Some(kind) = find(&KINDS_OF_ANY_ANSWERER) {
        return kind;
    }
    match refusal.answerer {
        Answerer::Api { .. } if refusal.status >= 500 => CallErrorKind::ServerFailed,
        Answerer::Api { .. } => find(&KINDS).unwrap_or(CallErrorKind::OtherRefusal),
        Answerer::Undocumented { .. } => CallErrorKind::Undocumented,
        Answerer::Between { .. } => CallErrorKind::AnsweredInBetween,
    }
}

fn find_fate(refusal: &Refusal) -> Fate {
    let asked = refusal.retry_after;
    match refusal.status {
        409 => Fate::Concurrent,
        429 => Fate::Later { asked, is_in_doubt: false },
        // Without the header a 503 is a failure like any other.
        503 if asked != RetryAfter::Missing => Fate::Later { asked, is_in_doubt: true },
        408 | 500.. => Fate::InDoubt,
        status if refusal.is_from_api() && KINDS.iter().any(|(known, _)| *known == status) => Fate::Refused,
        _ => Fate::LikelyRefused,
    }
}

#[cfg(test)]
mod tests;
