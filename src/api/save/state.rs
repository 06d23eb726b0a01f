//! What a save is made of: its states, what it asks for, and what it is told.

use std::time::Duration;

use super::Outcome;
use crate::api::error::ApiError;
use crate::api::retry::Pause;
use crate::settings::{Patch, Settings};

/// Where a save is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// The server is read before anything is sent.
    Checking,
    /// Somebody else changed the same setting; nothing goes on without consent.
    Conflict(Conflict),
    /// The PATCH is on its way.
    Sending(Attempt),
    /// The PATCH could not be sent; it will be tried again.
    Reconnecting {
        /// What is sent then.
        attempt: Attempt,
        /// Why it was not sent.
        error: ApiError,
    },
    /// The server asked to wait; then the save begins anew with a read.
    Waiting {
        /// Whole seconds left.
        seconds: u32,
        /// Its words.
        error: ApiError,
    },
    /// It is not known whether the PATCH was applied; reads will tell.
    Probing(Probe),
    /// It is over.
    Ended(Outcome),
}

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

/// The search for a PATCH whose fate is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// The PATCH.
    pub attempt: Attempt,
    /// What made its fate unknown.
    pub doubt: Doubt,
    /// Reads that are still to be made, this one included.
    pub reads_left: usize,
    /// True once a read has shown the old value.
    pub was_read: bool,
}

/// Why it is not known whether a PATCH was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// No answer, or one that does not tell.
    Failed(ApiError),
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

/// What the driver has to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Read, with the tries that a read has.
    Read,
    /// Read once.
    Probe,
    /// Send this.
    Send(Patch),
    /// Let time pass.
    Wait(Pause),
    /// Let it be so long since the newest PATCH was answered, or given up.
    WaitForProbe(Duration),
    /// Ask the user; nothing happens until the answer.
    Ask,
    /// Nothing more: the outcome is known.
    End,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A read ended.
    Read(Result<Settings, ApiError>),
    /// The PATCH ended.
    Answered(Result<Settings, ApiError>),
    /// The time has passed.
    Elapsed,
    /// The user wants to stop.
    Stop,
    /// The user's answer to a conflict.
    Consent(Consent),
}

/// What to do about a conflict. To go back without saving is [`Event::Stop`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consent {
    /// Send the merged result.
    KeepBoth,
    /// Give up what overlaps.
    UseTheirs,
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
