//! What a save knows of its PATCHes, and what it found on the server: what states and outcomes are made of.

use super::call_error::CallError;
use crate::settings::{Patch, Settings};

/// A PATCH and what it was made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// What the server held just before.
    pub theirs: Settings,
    /// What is asked for.
    pub patch: Patch,
}

/// Two people changed the same setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// What the user had seen.
    pub before: Settings,
    /// What the server holds now.
    pub theirs: Settings,
    /// What the user made of `before`.
    pub yours: Settings,
    /// Both together.
    pub merged: Settings,
    /// True if a PATCH was sent before this was found: it was refused, or applied and then changed again.
    pub was_sent: bool,
}

/// Why it is not known whether a PATCH was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// No answer, or one that does not tell.
    Failed(CallError),
    /// The answer holds another value than was asked for.
    OtherValue(Settings),
    /// The user stopped waiting for the answer.
    Stopped,
}

/// Why reads could not tell what became of a PATCH.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blind {
    /// The user stopped before they could.
    Stopped,
    /// Not one of them succeeded.
    NeverRead,
    /// One had shown the old value, and the last one failed.
    LastReadFailed,
}

/// What has become of a save's PATCHes so far: it decides what may be said of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sent {
    /// None has left this machine.
    #[default]
    Nothing,
    /// Each one that left was refused by the server.
    Refused,
    /// The fate of one was not known at some point, and a read had to tell.
    Doubted,
}
