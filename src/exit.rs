//! Exit codes: one table from what went wrong to what a script is told.

use crate::agents::ProfileError;
use crate::api::error::{ApiError, Refusal};
use crate::api::save::{Doubt, Outcome, Reason};

/// How a run ended. The greater one is the worse one: that is what counts for several profiles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Exit {
    /// Done; also when there was nothing to change.
    #[default]
    Done = 0,
    /// Failed.
    Failed = 1,
    /// Wrong usage or configuration file.
    Usage = 2,
    /// Someone else changed the same setting.
    Conflict = 3,
    /// The token was refused, is missing or has not the scope.
    Token = 4,
    /// The server was not reached or kept failing, and nothing was changed.
    Unreachable = 5,
    /// It may or may not have been changed.
    Unknown = 6,
    /// Interrupted.
    Interrupted = 130,
}

/// Every exit code: the code, the word for it in JSON, and what it means. The manual page and the README show this.
pub const TABLE: [(Exit, &str, &str); 8] = [
    (Exit::Done, "done", "done; also when there was nothing to change"),
    (Exit::Failed, "failed", "failed"),
    (Exit::Usage, "usage", "wrong usage or configuration file"),
    (Exit::Conflict, "conflict", "conflict: someone else changed the same setting"),
    (Exit::Token, "token", "token refused, missing or without the scope"),
    (
        Exit::Unreachable,
        "unreachable",
        "server not reached, or it kept failing (5xx, 429, time-out, TLS) and nothing was changed",
    ),
    (Exit::Unknown, "unknown", "outcome unknown: it may or may not have been changed"),
    (Exit::Interrupted, "interrupted", "interrupted"),
];

impl Exit {
    /// The code.
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The word for it in JSON: `kind`.
    pub fn kind(self) -> &'static str {
        TABLE.iter().find(|(exit, ..)| *exit == self).map_or("failed", |(_, kind, _)| kind)
    }
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

impl From<&ApiError> for Exit {
    fn from(error: &ApiError) -> Self {
        match error {
            ApiError::Connect { .. }
            | ApiError::Tls { .. }
            | ApiError::SetUp { .. }
            | ApiError::TimedOut { .. }
            | ApiError::Broken { .. } => Self::Unreachable,
            ApiError::Refused(Refusal { status, .. }) => of_status(*status),
            ApiError::Redirect { .. }
            | ApiError::TooLarge
            | ApiError::NoContent { .. }
            | ApiError::NotJson { .. }
            | ApiError::Shape(_) => Self::Failed,
        }
    }
}

fn of_status(status: u16) -> Exit {
    match status {
        401 | 403 => Exit::Token,
        409 => Exit::Conflict,
        408 | 429 | 500.. => Exit::Unreachable,
        _ => Exit::Failed,
    }
}

impl From<&ProfileError> for Exit {
    fn from(error: &ProfileError) -> Self {
        if error.is_usage() { Self::Usage } else { Self::Token }
    }
}

impl From<&Outcome> for Exit {
    fn from(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Saved { .. } | Outcome::TookTheirs(_) => Self::Done,
            Outcome::NotSaved(reason) => Self::from(reason),
            Outcome::Conflicted(_) => Self::Conflict,
            Outcome::Unknown { .. } => Self::Unknown,
        }
    }
}

impl From<&Reason> for Exit {
    fn from(reason: &Reason) -> Self {
        match reason {
            Reason::NotRead { error, .. }
            | Reason::NotSent { error, .. }
            | Reason::Refused(error)
            | Reason::StillOld { doubt: Doubt::Failed(error), .. } => Self::from(error),
            Reason::Stopped { .. } | Reason::StillOld { doubt: Doubt::Stopped, .. } => Self::Interrupted,
            Reason::StillOld { doubt: Doubt::OtherValue(_), .. } => Self::Failed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::retry::RetryAfter;

    #[test]
    fn each_code_stands_in_the_table_once() {
        let codes: Vec<_> = TABLE.iter().map(|(exit, ..)| exit.code()).collect();
        assert_eq!(codes, [0, 1, 2, 3, 4, 5, 6, 130]);
    }

    #[test]
    fn each_status_has_its_code() {
        let expected = [
            (400, 1),
            (401, 4),
            (402, 1),
            (403, 4),
            (404, 1),
            (408, 5),
            (409, 3),
            (422, 1),
            (429, 5),
            (500, 5),
            (502, 5),
            (503, 5),
            (504, 5),
        ];
        for (status, code) in expected {
            let refusal = Refusal { status, code: None, message: None, retry_after: RetryAfter::Missing };
            assert_eq!(Exit::from(&ApiError::Refused(refusal)).code(), code, "{status}");
        }
    }
}
