//! The words for an error: what happened, and what its reader can do.

use super::{ApiError, Refusal};
use crate::api::credentials::BaseUrl;
use crate::api::retry::RetryAfter;

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
    /// The server's words in quotes, as the end of a sentence.
    fn quote(&self) -> Option<String> {
        let stop = |message: &str| if message.ends_with(['.', '!', '?', '…']) { "" } else { "." };
        self.message.as_ref().map(|message| format!("\"{message}\"{}", stop(message)))
    }

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
}
