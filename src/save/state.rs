//! What a save is made of: its states, what it asks for, and what it is told.

use super::call_error::CallError;
use super::evidence::{Attempt, Conflict, Doubt};
use super::outcome::Outcome;
use crate::settings::{Intent, Patch, Settings};

/// Where a save is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// The server is read before anything is sent.
    Checking,
    /// Another save of this machine to the same agent is under way. This one reads when it is its turn.
    Queued,
    /// Someone else changed the same setting; nothing goes on without consent.
    Conflict(Conflict),
    /// The PATCH is on its way.
    Sending(Attempt),
    /// The PATCH could not be sent; it will be tried again.
    Reconnecting {
        /// What is sent then.
        attempt: Attempt,
        /// Why it was not sent.
        error: CallError,
    },
    /// The server asked to wait; then the save begins anew with a read.
    Waiting {
        /// Whole seconds left.
        seconds: u32,
        /// Its words.
        error: CallError,
    },
    /// It is not known whether the PATCH was applied; reads will tell.
    Probing(Probe),
    /// It is over.
    Ended(Outcome),
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
    /// Which read decides.
    pub rule: ProbeRule,
    /// True once a read has shown the old value.
    pub was_read: bool,
}

/// Which read of a probe decides, where it still shows the old value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProbeRule {
    /// The last one: the change may still arrive.
    AllReads,
    /// The first one: the PATCH was most likely refused.
    FirstRead,
    /// The first one, made at once, sends the PATCH again.
    SendAgain,
}

impl ProbeRule {
    /// The rule for the reads that follow one that failed.
    pub(super) fn after_failed_read(self) -> Self {
        match self {
            Self::FirstRead => Self::FirstRead,
            // Time has passed: sending again is no longer the quick way out.
            Self::AllReads | Self::SendAgain => Self::AllReads,
        }
    }
}

/// What the driver has to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Read, with the tries that a read has.
    Read,
    /// Wait until it is this save's turn.
    Queue,
    /// Read once.
    Probe,
    /// Send a PATCH.
    Send {
        /// What it asks for.
        patch: Patch,
        /// It gets a connection of its own, which no request has used before.
        is_alone: bool,
    },
    /// Let time pass.
    Wait(Wait),
    /// Ask the user; nothing happens until the answer.
    Ask,
    /// Nothing more: the outcome is known.
    End,
}

/// How long to wait; the driver knows the times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// Before the PATCH that could not be sent is tried again. It failed so often, from 1 on.
    Reconnect(usize),
    /// One second of a wait that the server asked for.
    Second,
    /// Until the probe of this number, from 0 on, counted from the moment when the newest PATCH was answered or given up.
    Probe(usize),
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A read ended.
    Read(Result<Settings, CallError>),
    /// A read ended, and the intent was made anew from it, since no user had seen the one before: it is the new intent's
    /// baseline.
    Remade(Intent),
    /// The PATCH ended.
    Answered(Result<Settings, CallError>),
    /// Another save to the same agent has its turn.
    Busy,
    /// It is this save's turn.
    Turn,
    /// This save's turn did not come in time.
    TurnMissed,
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
