//! How a save ended, in the words of the history.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::save::Outcome;

/// How a save ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// Every value asked for was seen on the server.
    #[serde(rename = "saved")]
    Saved,
    /// No value was applied.
    #[serde(rename = "not saved")]
    NotSaved,
    /// Someone else changed the same setting.
    #[serde(rename = "conflict")]
    Conflict,
    /// The change may or may not have been applied.
    #[serde(rename = "unknown")]
    Unknown,
}

impl From<&Outcome> for Verdict {
    fn from(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Saved { .. } => Self::Saved,
            // The PATCH that was sent may have been applied in part.
            Outcome::TookTheirs(conflict) if conflict.was_sent => Self::Conflict,
            Outcome::NotSaved(_) | Outcome::TookTheirs(_) => Self::NotSaved,
            Outcome::Conflicted(_) => Self::Conflict,
            Outcome::Unknown { .. } => Self::Unknown,
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Saved => "saved",
            Self::NotSaved => "not saved",
            Self::Conflict => "conflict",
            Self::Unknown => "unknown",
        })
    }
}
