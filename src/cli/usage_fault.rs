//! Options that do not go together.

use clap::error::ErrorKind;

/// Options that do not go together. clap makes a usage error of it.
#[derive(Debug)]
pub(super) struct UsageFault {
    pub(super) kind: ErrorKind,
    pub(super) text: String,
}

pub(super) fn conflict(text: &str) -> UsageFault {
    error(ErrorKind::ArgumentConflict, text)
}

pub(super) fn error(kind: ErrorKind, text: &str) -> UsageFault {
    UsageFault { kind, text: text.to_owned() }
}
