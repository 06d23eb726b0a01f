//! The save without clock or socket: every row of its tables, and its promises over random servers and users.

mod examples;
mod promises;

use super::*;
use crate::api::credentials::BaseUrl;
use crate::api::error::{Audience, Refusal, Whereabouts};
use crate::settings::tests::{RATING, mixed, settings};
use crate::settings::{Draft, ShapeError};

/// The user switched the rating on; the server had it off, and the code A.
fn intent() -> Intent {
    let mut draft = Draft::new(settings(false, "A"));
    draft.toggle(&RATING);
    draft.intent()
}

fn start() -> Save {
    Save::start(intent(), Timing::default()).0
}

/// A save that has read what the user saw and sends its PATCH.
fn sending() -> Save {
    let mut save = start();
    save.step(Event::Read(Ok(settings(false, "A"))));
    assert!(matches!(save.state(), State::Sending(_)), "{save:?}");
    save
}

fn refused(status: u16, retry_after: RetryAfter) -> ApiError {
    ApiError::Refused(Refusal { status, code: None, message: None, retry_after })
}

fn status(status: u16) -> ApiError {
    refused(status, RetryAfter::Missing)
}

fn broken() -> ApiError {
    ApiError::Broken { reason: "connection reset".to_owned() }
}

fn unreachable() -> ApiError {
    ApiError::Connect { reason: "connection refused".to_owned() }
}

fn certificate() -> ApiError {
    ApiError::Tls { reason: "unknown issuer".to_owned() }
}

fn wrong_shape() -> ApiError {
    ApiError::Shape(ShapeError::NotAnObject)
}

fn text(outcome: &Outcome) -> String {
    let base_url = BaseUrl::parse(BaseUrl::DEFAULT).unwrap();
    let whereabouts =
        Whereabouts { base_url, token_source: "QUICKCHAT_API_TOKEN".to_owned(), audience: Audience::Editor };
    outcome.text("14:02:11", &whereabouts)
}
