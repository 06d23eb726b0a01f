//! What can go wrong with a call, one variant for each thing that a user can act on, and the words for it.
//!
//! Texts from outside are made visible when the error is made, so no later reader has to.

mod words;

use std::time::Duration;

use super::retry::RetryAfter;
use crate::settings::ShapeError;

pub use words::{Audience, Whereabouts};

/// How many characters of a server's own words are shown.
pub const MAX_QUOTE_CHARS: usize = 200;

/// Why a call did not give a configuration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApiError {
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
    },
    /// The HTTP client itself could not be set up: nothing was sent.
    #[error("cannot set up HTTPS ({reason})")]
    SetUp {
        /// What is wrong with the trust roots or the proxy's address.
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
    },
    /// The server answered with an error status.
    #[error("{}", .0.label())]
    Refused(Refusal),
    /// The server wants the request to go elsewhere; it was not followed.
    #[error("redirect ({status})")]
    Redirect {
        /// The host it points to.
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

/// A status of 400 and above, with what the server says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// 400 to 599.
    pub status: u16,
    /// `errors.root[0].code`.
    pub code: Option<String>,
    /// `errors.root[0].message`.
    pub message: Option<String>,
    /// The header of that name.
    pub retry_after: RetryAfter,
}

impl Refusal {
    /// `503 SERVICE_UNAVAILABLE`, or the bare status where there is no code.
    pub fn label(&self) -> String {
        match &self.code {
            Some(code) => format!("{} {code}", self.status),
            None => self.status.to_string(),
        }
    }
}

impl ApiError {
    /// True if the request certainly never left this machine.
    pub fn is_never_sent(&self) -> bool {
        matches!(self, Self::Connect { .. } | Self::Tls { .. } | Self::SetUp { .. })
    }

    /// True if a PATCH that ended like this may have been applied: only a read can tell.
    pub fn leaves_doubt(&self) -> bool {
        match self {
            Self::Refused(refusal) => match refusal.status {
                503 => refusal.retry_after == RetryAfter::Missing,
                status => status == 408 || status >= 500,
            },
            Self::TimedOut { .. }
            | Self::Broken { .. }
            | Self::TooLarge
            | Self::NoContent { .. }
            | Self::NotJson { .. }
            | Self::Shape(_) => true,
            Self::Connect { .. } | Self::Tls { .. } | Self::SetUp { .. } | Self::Redirect { .. } => false,
        }
    }

    /// What the server asked to wait; `None` where waiting is not what it asked for.
    pub fn retry_after(&self) -> Option<RetryAfter> {
        match self {
            Self::Refused(refusal) if refusal.status == 429 => Some(refusal.retry_after),
            Self::Refused(refusal) if refusal.status == 503 && refusal.retry_after != RetryAfter::Missing => {
                Some(refusal.retry_after)
            }
            _ => None,
        }
    }

    /// True if another GET may well succeed.
    pub fn is_worth_reading_again(&self) -> bool {
        match self {
            Self::Connect { .. } | Self::TimedOut { .. } | Self::Broken { .. } => true,
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_failure_is_both_never_sent_and_in_doubt() {
        for status in 400..600 {
            let error = ApiError::Refused(Refusal {
                status,
                code: None,
                message: None,
                retry_after: RetryAfter::Missing,
            });
            assert!(!(error.is_never_sent() && error.leaves_doubt()));
            assert_eq!(error.leaves_doubt(), status == 408 || status >= 500, "{status}");
        }
    }
}
