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
pub enum Fate {
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
    pub fn fate(&self) -> Fate {
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

    /// What the server asked to wait; `None` where waiting is not what it asked for.
    pub fn retry_after(&self) -> Option<RetryAfter> {
        match self.fate() {
            Fate::Later { asked, .. } => Some(asked),
            _ => None,
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
mod tests {
    use super::*;

    fn api() -> Answerer {
        Answerer::Api { code: Some("CODE".to_owned()), messages: Vec::new(), more: 0 }
    }

    fn between() -> Answerer {
        Answerer::Between { server: None, excerpt: None }
    }

    fn undocumented() -> Answerer {
        Answerer::Undocumented { excerpt: "x".to_owned() }
    }

    fn refused(status: u16, answerer: Answerer, retry_after: RetryAfter) -> CallError {
        CallError::Refused(Refusal { status, answerer, retry_after })
    }

    #[test]
    fn only_the_apis_own_refusals_say_that_a_patch_was_not_applied() {
        for (status, answerer) in
            (400..600).flat_map(|status| [api(), between(), undocumented()].map(|a| (status, a)))
        {
            let expected = match status {
                429 => Fate::Later { asked: RetryAfter::Missing, is_in_doubt: false },
                409 => Fate::Concurrent,
                408 | 500.. => Fate::InDoubt,
                400..=404 | 422 if answerer == api() => Fate::Refused,
                _ => Fate::LikelyRefused,
            };
            assert_eq!(
                refused(status, answerer.clone(), RetryAfter::Missing).fate(),
                expected,
                "{status} {answerer:?}"
            );
        }
        assert_eq!(CallError::Redirect { host: "h".to_owned(), status: 302 }.fate(), Fate::LikelyRefused);
    }

    #[test]
    fn a_wait_is_asked_for_by_429_and_by_503_with_retry_after() {
        let asked = RetryAfter::In(7);
        for answerer in [api(), between(), undocumented()] {
            let refused = |status| refused(status, answerer.clone(), asked);
            assert_eq!(refused(429).fate(), Fate::Later { asked, is_in_doubt: false });
            assert_eq!(refused(503).fate(), Fate::Later { asked, is_in_doubt: true });
            assert_eq!(refused(500).fate(), Fate::InDoubt);
            assert_eq!((refused(503).retry_after(), refused(500).retry_after()), (Some(asked), None));
        }
    }

    #[test]
    fn what_something_in_between_says_is_never_taken_for_the_apis_word() {
        for status in (400..600).filter(|status| ![408, 409, 429].contains(status)) {
            let kind = |answerer| refused(status, answerer, RetryAfter::Missing).kind();
            assert_eq!(kind(between()), CallErrorKind::AnsweredInBetween, "{status}");
            assert_eq!(kind(undocumented()), CallErrorKind::Undocumented, "{status}");
        }
        for (status, expected) in KINDS {
            assert_eq!(refused(status, api(), RetryAfter::Missing).kind(), expected);
        }
        assert_eq!(refused(418, api(), RetryAfter::Missing).kind(), CallErrorKind::OtherRefusal);
        assert_eq!(refused(503, api(), RetryAfter::Missing).kind(), CallErrorKind::ServerFailed);
    }

    #[test]
    fn a_connection_that_ends_before_an_answer_begins_is_dropped() {
        let broken = |has_head| CallError::Broken { reason: "reset".to_owned(), has_head }.fate();
        assert_eq!((broken(false), broken(true)), (Fate::Dropped, Fate::InDoubt));
    }

    #[test]
    fn reading_again_helps_where_the_server_was_not_reached_or_failed_for_now() {
        let worth = |status| refused(status, between(), RetryAfter::Missing).is_worth_reading_again();
        assert_eq!((400..600).filter(|status| worth(*status)).collect::<Vec<_>>()[..3], [429, 500, 501]);
        assert!(!worth(401) && !worth(408) && worth(503));
        let reason = || "refused".to_owned();
        assert!(CallError::Connect { reason: reason() }.is_worth_reading_again());
        assert!(CallError::TimedOut { after: Duration::ZERO }.is_worth_reading_again());
        assert!(CallError::Broken { reason: reason(), has_head: true }.is_worth_reading_again());
        assert!(CallError::Cached { age: 1 }.is_worth_reading_again());
        assert!(!CallError::Tls { reason: reason(), remedy: reason() }.is_worth_reading_again());
        assert!(!CallError::Handshake { reason: reason(), remedy: reason() }.is_worth_reading_again());
        let by_proxy = |status| CallError::ProxyRefused { proxy: reason(), status }.is_worth_reading_again();
        assert!(by_proxy(None) && by_proxy(Some(502)) && !by_proxy(Some(407)) && !by_proxy(Some(403)));
    }

    #[test]
    fn only_an_answer_that_says_why_has_a_status() {
        let redirect = CallError::Redirect { host: "h".to_owned(), status: 302 };
        assert_eq!(
            (refused(418, api(), RetryAfter::Missing).status(), redirect.status()),
            (Some(418), Some(302))
        );
        assert_eq!(CallError::NoContent { status: 204 }.status(), Some(204));
        assert_eq!(CallError::TooLarge.status(), None);
    }
}
