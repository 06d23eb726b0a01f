//! The record of saves made from this machine: `history.jsonl`.
//!
//! ```text
//! before the first PATCH ─► Recorder::intent ─► a line {"event":"intent", before, after, …}   ┐ the same id
//! at the end of the save ─► Pending::outcome ─► a line {"event":"outcome", "outcome": "saved"} ┘
//!                                                (and "after", where it came to be another one)
//! ```
//!
//! Each line is one write(2) to a file opened for appending, so lines of parallel writers stay whole. An intent
//! without an outcome reads as unknown: the program ended in between. The file holds no token.

mod read;
mod record;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use read::{Reading, Saved, read};
pub use record::{HistoryError, Journal, Pending, Recorder};

/// Whose configuration a save changes, and who saves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    /// The profile's name, if the token belongs to one.
    pub profile: Option<String>,
    /// The agent, as the token says.
    pub agent: Option<String>,
    /// The host that the request goes to.
    pub host: String,
}

/// Who is at the keyboard.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Author {
    /// The name of the account.
    pub user: Option<String>,
    /// The address that an SSH session came from.
    pub ssh_client: Option<String>,
}

/// How a save ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// Every value asked for was seen on the server.
    #[serde(rename = "saved")]
    Saved,
    /// Nothing was applied.
    #[serde(rename = "not saved")]
    NotSaved,
    /// Somebody else changed the same setting.
    #[serde(rename = "conflict")]
    Conflict,
    /// It may or may not have been applied.
    #[serde(rename = "unknown")]
    Unknown,
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
