//! What can go wrong with a call, one variant for each thing that a user can act on, and the words for it.
//!
//! Texts from outside are made visible when the error is made, so no later reader has to.

use std::time::Duration;

use super::credentials::BaseUrl;
use super::retry::RetryAfter;
use crate::settings::ShapeError;

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

    /// The server's words in quotes, as the end of a sentence.
    fn quote(&self) -> Option<String> {
        let stop = |message: &str| if message.ends_with(['.', '!', '?', '…']) { "" } else { "." };
        self.message.as_ref().map(|message| format!("\"{message}\"{}", stop(message)))
    }
}

/// What the words for an error need to know besides it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whereabouts {
    /// Where the call went.
    pub base_url: BaseUrl,
    /// Where the token came from, as the header shows it: `QUICKCHAT_API_TOKEN`, `file` …
    pub token_source: String,
    /// Who reads them.
    pub audience: Audience,
}

/// Who reads the words for an error: what there is, and what can be done next, differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Somebody in the editor, with a draft and keys.
    Editor,
    /// Somebody at a shell.
    Shell,
}

impl Audience {
    /// What has become of the edits, behind a space; nothing where there are none.
    pub fn kept(self) -> &'static str {
        match self {
            Self::Editor => " Your changes are still here.",
            Self::Shell => "",
        }
    }

    /// How to read again.
    pub fn reread(self) -> &'static str {
        match self {
            Self::Editor => "Press r",
            Self::Shell => "Run convrating get",
        }
    }

    /// What to do where somebody changes the same at the same moment.
    fn again(self) -> &'static str {
        match self {
            Self::Editor => "Read again; your changes are still here.",
            Self::Shell => "Run it again.",
        }
    }

    /// What to do where a token may only read.
    fn other_token(self) -> &'static str {
        match self {
            Self::Editor => "Use a write_all token: p switches the profile.",
            Self::Shell => "Use a write_all token.",
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

    /// The error as a sentence or two: what happened and what to do. `was_write` tells a refused PATCH from a
    /// refused GET.
    pub fn explain(&self, whereabouts: &Whereabouts, was_write: bool) -> String {
        let host = whereabouts.base_url.host();
        match self {
            Self::Connect { reason } => format!("could not connect to {host} ({reason})."),
            Self::Tls { reason } => format!(
                "The server's certificate was not accepted: {reason}. A company's own CA: set SSL_CERT_FILE."
            ),
            Self::SetUp { reason } => format!("HTTPS could not be set up: {reason}."),
            Self::TimedOut { after } => {
                format!("{host} gave no whole answer within {} s.", after.as_secs_f64())
            }
            Self::Broken { reason } => format!("the connection to {host} broke ({reason})."),
            Self::Redirect { host, status } => format!(
                "The server answered with a redirect to {host} ({status}). It was not followed and the token was not sent there."
            ),
            Self::TooLarge => "The answer is larger than 256 KiB; it was not read.".to_owned(),
            Self::NoContent { status } => format!("The server answered {status} without a configuration."),
            Self::NotJson { content_type } => format!(
                "The answer is not JSON ({}). A login page or a proxy may be in between.",
                content_type.as_deref().unwrap_or("no content type")
            ),
            Self::Shape(error) => format!("{error}. Nothing is shown rather than guessed."),
            Self::Refused(refusal) => refusal.explain(whereabouts, was_write),
        }
    }
}

impl Refusal {
    fn explain(&self, whereabouts: &Whereabouts, was_write: bool) -> String {
        let label = self.label();
        match self.status {
            400 => self.with_quote(&format!("The server did not understand the request ({label})")),
            401 => self.then_quote(format!(
                "The token was refused: invalid, expired or revoked ({label}). It came from {}. \
                 Make a new one in the Dashboard under External Apps > API.",
                whereabouts.token_source
            )),
            402 => self.then_quote(format!("Quickchat asks for an active subscription ({label}).")),
            403 if was_write => format!(
                "{} {}",
                self.with_quote(&format!("This token may only read ({})", self.status)),
                whereabouts.audience.other_token()
            ),
            403 => self.with_quote(&format!("This token may not read the configuration ({})", self.status)),
            404 => self.then_quote(format!(
                "There is no such configuration at this address ({label}). Check the base URL: {}",
                whereabouts.base_url
            )),
            409 if !was_write => {
                self.then_quote(format!("Someone is changing this at the same moment ({label}). Read again."))
            }
            409 => self.then_quote(format!(
                "Someone is changing this at the same moment ({label}). {}",
                whereabouts.audience.again()
            )),
            422 if was_write => self.with_quote(&format!("The server did not accept the change ({label})")),
            422 => self.with_quote(&format!("The server did not accept the request ({label})")),
            429 => {
                self.then_quote(format!("Too many requests ({}).{}", self.status, self.when_to_try_again()))
            }
            500.. => self.with_quote(&format!("The server failed ({label})")) + &self.when_to_try_again(),
            _ => self.with_quote(&format!("The server refused ({label})")),
        }
    }

    /// `text: "the server's words"`, or `text.` where it had none.
    fn with_quote(&self, text: &str) -> String {
        self.quote().map_or_else(|| format!("{text}."), |quote| format!("{text}: {quote}"))
    }

    /// `text The server said: "…".`, or just `text`.
    fn then_quote(&self, text: String) -> String {
        match self.quote() {
            Some(quote) => format!("{text} The server said: {quote}"),
            None => text,
        }
    }

    fn when_to_try_again(&self) -> String {
        match self.retry_after {
            RetryAfter::In(seconds) if seconds > 0 => format!(" Try again in {}.", span(seconds)),
            _ => String::new(),
        }
    }
}

/// A length of time in words: `45 s`, `12 minutes`, `3 hours`, `2 days`.
fn span(seconds: u64) -> String {
    match seconds {
        0..=120 => format!("{seconds} s"),
        121..=7200 => format!("{} minutes", seconds.div_ceil(60)),
        7201..=172_800 => format!("{} hours", seconds.div_ceil(3600)),
        _ => format!("{} days", seconds.div_ceil(86_400)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whereabouts() -> Whereabouts {
        Whereabouts {
            base_url: BaseUrl::parse(BaseUrl::DEFAULT).unwrap(),
            token_source: "QUICKCHAT_API_TOKEN".to_owned(),
            audience: Audience::Editor,
        }
    }

    fn refused(status: u16, code: &str, message: &str) -> ApiError {
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        ApiError::Refused(Refusal {
            status,
            code: text(code),
            message: text(message),
            retry_after: RetryAfter::Missing,
        })
    }

    #[test]
    fn each_failure_says_what_happened_and_what_to_do() {
        let reason = || "connection refused".to_owned();
        let cases = [
            (
                ApiError::Connect { reason: reason() },
                "could not connect to app.quickchat.ai (connection refused).",
            ),
            (
                ApiError::Tls { reason: "unknown issuer".to_owned() },
                "The server's certificate was not accepted: unknown issuer. A company's own CA: set SSL_CERT_FILE.",
            ),
            (
                refused(401, "PERMISSION_DENIED", ""),
                "The token was refused: invalid, expired or revoked (401 PERMISSION_DENIED). It came from \
                 QUICKCHAT_API_TOKEN. Make a new one in the Dashboard under External Apps > API.",
            ),
            (
                refused(402, "PAYMENT_REQUIRED", ""),
                "Quickchat asks for an active subscription (402 PAYMENT_REQUIRED).",
            ),
            (
                refused(403, "PERMISSION_DENIED", "Insufficient token scope. Required: write_all"),
                "This token may only read (403): \"Insufficient token scope. Required: write_all\". \
                 Use a write_all token: p switches the profile.",
            ),
            (
                refused(400, "BAD_REQUEST", "no"),
                "The server did not understand the request (400 BAD_REQUEST): \"no\".",
            ),
            (
                refused(404, "NOT_FOUND", ""),
                "There is no such configuration at this address (404 NOT_FOUND). Check the base URL: \
                 https://app.quickchat.ai",
            ),
            (
                refused(422, "VALIDATION_ERROR", "no"),
                "The server did not accept the change (422 VALIDATION_ERROR): \"no\".",
            ),
            (
                refused(503, "SERVICE_UNAVAILABLE", "later"),
                "The server failed (503 SERVICE_UNAVAILABLE): \"later\".",
            ),
            (
                ApiError::Redirect { host: "evil.example".to_owned(), status: 302 },
                "The server answered with a redirect to evil.example (302). It was not followed and the token was \
                 not sent there.",
            ),
            (ApiError::TooLarge, "The answer is larger than 256 KiB; it was not read."),
            (
                ApiError::NotJson { content_type: Some("text/html".to_owned()) },
                "The answer is not JSON (text/html). A login page or a proxy may be in between.",
            ),
        ];
        for (error, expected) in cases {
            assert_eq!(error.explain(&whereabouts(), true), expected);
        }
        let unread = refused(403, "", "no").explain(&whereabouts(), false);
        assert_eq!(unread, "This token may not read the configuration (403): \"no\".");
    }

    #[test]
    fn a_quote_ends_its_sentence_once() {
        let said = |message| refused(422, "", message).explain(&whereabouts(), true);
        assert_eq!(said("No."), "The server did not accept the change (422): \"No.\"");
        assert_eq!(said("No"), "The server did not accept the change (422): \"No\".");
        assert_eq!(said(""), "The server did not accept the change (422).");
    }

    #[test]
    fn a_long_wait_asked_for_is_told_in_words() {
        let mut error = refused(429, "TOO_MANY_REQUESTS", "");
        if let ApiError::Refused(refusal) = &mut error {
            refusal.retry_after = RetryAfter::In(86_400);
        }
        assert_eq!(error.explain(&whereabouts(), true), "Too many requests (429). Try again in 24 hours.");
    }

    #[test]
    fn no_failure_is_both_never_sent_and_in_doubt() {
        for status in 400..600 {
            let error = refused(status, "", "");
            assert!(!(error.is_never_sent() && error.leaves_doubt()));
            assert_eq!(error.leaves_doubt(), status == 408 || status >= 500, "{status}");
        }
    }
}
