//! The save without clock or socket: every row of its tables, and its promises over random servers and users.

mod answerers;
mod ends;
mod examples;
mod promises;
mod turns;

use std::time::Duration;

use super::*;
use crate::api::Timing;
use crate::api::credentials::BaseUrl;
use crate::save::{Answerer, Refusal};
use crate::settings::Draft;
use crate::settings::ShapeError;
use crate::settings::tests::{RATING, mixed, settings};
use crate::words::describe_outcome;
use crate::words::{Audience, CallContext};

/// The user switched the rating on; the server had it off, and the code A.
fn intent() -> Intent {
    let mut draft = Draft::new(settings(false, "A"));
    draft.toggle(&RATING);
    draft.intent()
}

fn start() -> Save {
    Save::start(intent())
}

/// A save that has read what the user saw and sends its PATCH.
fn sending() -> Save {
    let mut save = start();
    save.step(Event::Read(Ok(settings(false, "A"))));
    assert!(matches!(save.state(), State::Sending(_)), "{save:?}");
    save
}

fn refused(status: u16, retry_after: RetryAfter) -> CallError {
    CallError::Refused(Refusal { status, answerer: api(), retry_after })
}

fn api() -> Answerer {
    Answerer::Api { code: None, messages: Vec::new(), more: 0 }
}

fn between(status: u16) -> CallError {
    let answerer = Answerer::Between { server: None, excerpt: None };
    CallError::Refused(Refusal { status, answerer, retry_after: RetryAfter::Missing })
}

fn status(status: u16) -> CallError {
    refused(status, RetryAfter::Missing)
}

fn broken() -> CallError {
    CallError::Broken { reason: "connection reset".to_owned(), has_head: true }
}

/// The connection ended before an answer began.
fn dropped() -> CallError {
    CallError::Broken { reason: "connection reset".to_owned(), has_head: false }
}

fn redirect() -> CallError {
    CallError::Redirect { host: "evil.example".to_owned(), status: 302 }
}

fn unreachable() -> CallError {
    CallError::Connect { reason: "connection refused".to_owned() }
}

fn certificate() -> CallError {
    CallError::Tls { reason: "unknown issuer".to_owned(), remedy: "Set SSL_CERT_FILE.".to_owned() }
}

fn wrong_shape() -> CallError {
    CallError::Shape(ShapeError::NotAnObject)
}

fn text(outcome: &Outcome) -> String {
    let base_url = BaseUrl::parse(BaseUrl::DEFAULT).unwrap();
    let context = CallContext {
        profile: None,
        base_url,
        token_source: crate::agents::TokenSource::Readable(crate::agents::ReadableSource::Variable(
            "QUICKCHAT_API_TOKEN".to_owned(),
        )),
        audience: Audience::Editor,
    };
    describe_outcome(outcome, "14:02:11", &context).to_string()
}
