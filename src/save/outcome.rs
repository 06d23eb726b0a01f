//! How a save ended.

use super::call_error::CallError;
use super::evidence::{Blind, Conflict, Doubt, Sent};
use crate::settings::{Change, Settings};

/// The end of a save.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Every value asked for was seen on the server.
    Saved {
        /// What the server holds now.
        now: Settings,
        /// How that is known.
        confirmation: Confirmation,
        /// What the user changed.
        changes: Vec<Change>,
        /// What else is different from what the user saw: someone else's work, kept.
        elsewhere: Vec<Change>,
    },
    /// Nothing was applied, as far as reads can tell.
    NotSaved(Reason),
    /// Someone else changed the same setting and the user went back without saving.
    Conflicted(Conflict),
    /// The user gave up what overlapped in this conflict.
    TookTheirs(Conflict),
    /// It may or may not have been applied.
    Unknown {
        /// Why that is not known.
        doubt: Doubt,
        /// Why no read told.
        blind: Blind,
    },
}

impl Outcome {
    /// The failed call that decided how the save ended, if one did.
    pub(crate) fn call_error(&self) -> Option<&CallError> {
        match self {
            Self::NotSaved(
                Reason::NotRead { error, .. }
                | Reason::NotSent { error, .. }
                | Reason::Refused(error)
                | Reason::NotApplied { doubt: Doubt::Failed(error) }
                | Reason::StillOld { doubt: Doubt::Failed(error) },
            )
            | Self::Unknown { doubt: Doubt::Failed(error), .. } => Some(error),
            _ => None,
        }
    }
}

/// How it is known that a save succeeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirmation {
    /// The answer to the PATCH held every value.
    Answer,
    /// A read after it did.
    Reread,
    /// The read before it did: nothing had to be sent.
    AlreadyThere,
}

/// Why nothing was saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The read before the PATCH failed.
    NotRead {
        /// How.
        error: CallError,
        /// What became of PATCHes before that.
        sent: Sent,
    },
    /// The PATCH could not be sent.
    NotSent {
        /// Why.
        error: CallError,
        /// What became of PATCHes before that.
        sent: Sent,
    },
    /// The server refused the PATCH.
    Refused(CallError),
    /// Another save of this machine to the same agent did not end in time.
    Busy {
        /// What became of PATCHes before that.
        sent: Sent,
    },
    /// The user stopped before the PATCH.
    Stopped {
        /// What became of PATCHes before that.
        sent: Sent,
    },
    /// The answer was no success and not the API's own refusal, and a read shows that nothing was applied.
    NotApplied {
        /// How the PATCH was answered.
        doubt: Doubt,
    },
    /// Three reads still show the old value.
    StillOld {
        /// What made reading necessary.
        doubt: Doubt,
    },
    /// The server kept some of the values, as reads show.
    NotAsAsked {
        /// The values that the server kept, as changes from what was asked for.
        kept: Vec<Change>,
    },
}
