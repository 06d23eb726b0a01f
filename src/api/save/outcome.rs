//! How a save ended, and the words for it.

use super::{Blind, Conflict, Doubt, Sent};
use crate::api::error::{ApiError, Whereabouts};
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
        /// What else is different from what the user saw: somebody else's work, kept.
        elsewhere: Vec<Change>,
    },
    /// Nothing was applied, as far as reads can tell.
    NotSaved(Reason),
    /// Somebody else changed the same setting and the user went back without saving.
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
        error: ApiError,
        /// What became of PATCHes before that.
        sent: Sent,
    },
    /// The PATCH could not be sent.
    NotSent {
        /// Why.
        error: ApiError,
        /// What became of PATCHes before that.
        sent: Sent,
    },
    /// The server refused the PATCH.
    Refused(ApiError),
    /// The user stopped before the PATCH.
    Stopped {
        /// What became of PATCHes before that.
        sent: Sent,
    },
    /// Three reads still show the old value.
    StillOld {
        /// What made reading necessary.
        doubt: Doubt,
        /// The values that the server kept, as changes from what was asked for.
        kept: Vec<Change>,
    },
}

impl Outcome {
    /// The outcome in a sentence or two, beginning with what stands on screen: `Saved`, `Not saved`, `Conflict` or
    /// `Outcome unknown`. `clock` is the local time of day.
    pub fn text(&self, clock: &str, whereabouts: &Whereabouts) -> String {
        let (kept, reread) = (whereabouts.audience.kept(), whereabouts.audience.reread());
        match self {
            Self::Saved { confirmation: Confirmation::AlreadyThere, elsewhere, .. } => {
                format!("Saved {clock}: the server already has this.{}", also(elsewhere))
            }
            Self::Saved { confirmation, changes, elsewhere, .. } => {
                let how = match confirmation {
                    Confirmation::Reread => "confirmed by a second read",
                    Confirmation::Answer | Confirmation::AlreadyThere => "confirmed by the server",
                };
                let stop = if elsewhere.is_empty() { "" } else { "." };
                format!("Saved {clock}: {} ({how}){stop}{}", list(changes), also(elsewhere))
            }
            Self::NotSaved(reason) => reason.text(whereabouts),
            Self::Conflicted(Conflict { was_sent: false, .. }) => {
                format!("Not saved: the same setting was changed by someone else. Nothing was sent.{kept}")
            }
            Self::Conflicted(_) => {
                format!("Not saved as asked: the server holds something else by now.{kept}")
            }
            Self::TookTheirs(_) => {
                "Theirs was taken where both of you had changed something; nothing more was sent.".to_owned()
            }
            Self::Unknown { doubt: Doubt::Stopped, blind: Blind::Stopped } => {
                format!(
                    "Outcome unknown: you stopped before an answer or a read could tell. {reread} before trying again."
                )
            }
            Self::Unknown { doubt, blind } => {
                let rest = match blind {
                    Blind::Stopped => "you stopped before reads could tell",
                    Blind::NeverRead => "the server cannot be read",
                    Blind::LastReadFailed => "the last read failed",
                };
                format!("Outcome unknown: {} and {rest}. {reread} before trying again.", doubt.clause())
            }
        }
    }
}

impl Reason {
    fn text(&self, whereabouts: &Whereabouts) -> String {
        let kept = whereabouts.audience.kept();
        match self {
            Self::NotRead { error, sent } => {
                format!("Not saved: {} {}{kept}", error.explain(whereabouts, false), sent.sentence())
            }
            Self::NotSent { error, sent } => {
                format!("Not saved: {} {}{kept}", error.explain(whereabouts, true), sent.sentence())
            }
            Self::Refused(error) if error.status() == Some(409) => {
                format!("Not saved: {}", error.explain(whereabouts, true))
            }
            Self::Refused(error) => format!("Not saved: {}{kept}", error.explain(whereabouts, true)),
            Self::Stopped { sent } => format!("Not saved: stopped. {}{kept}", sent.sentence()),
            Self::StillOld { doubt: Doubt::OtherValue(_), kept: values } => {
                format!("Not saved as asked: the server kept {}.{kept}", kept_values(values))
            }
            Self::StillOld { doubt, .. } => format!(
                "Not saved: {}; the server still shows the old value; the change may still arrive, saving again is \
                 harmless.{kept}",
                doubt.sentence(whereabouts).trim_end_matches('.')
            ),
        }
    }
}

impl Sent {
    /// What is true of the server, as far as it is known.
    fn sentence(self) -> &'static str {
        match self {
            Self::Nothing => "Nothing was sent.",
            Self::Refused => "Nothing was applied.",
            Self::Doubted => "When it was last read, the server did not hold what you asked for.",
        }
    }
}

impl Doubt {
    fn sentence(&self, whereabouts: &Whereabouts) -> String {
        match self {
            Self::Failed(error) => error.explain(whereabouts, true),
            Self::OtherValue(_) => "the answer held another value.".to_owned(),
            Self::Stopped => "you stopped waiting for the answer.".to_owned(),
        }
    }

    fn clause(&self) -> String {
        match self {
            Self::Failed(ApiError::Broken { .. }) => "the connection broke after sending".to_owned(),
            Self::Failed(ApiError::TimedOut { .. }) => "no answer came in time".to_owned(),
            Self::Failed(ApiError::Refused(refusal)) => format!("the server failed ({})", refusal.label()),
            Self::Failed(_) => "the answer could not be understood".to_owned(),
            Self::OtherValue(_) => "the answer held another value".to_owned(),
            Self::Stopped => "you stopped waiting for the answer".to_owned(),
        }
    }
}

/// Changes in one line.
fn list(changes: &[Change]) -> String {
    changes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn also(elsewhere: &[Change]) -> String {
    if elsewhere.is_empty() {
        String::new()
    } else {
        format!(" Also changed by someone else: {}.", list(elsewhere))
    }
}

/// `EXPERIENCE_THUMBS on, rating off`: where each change ends.
fn kept_values(kept: &[Change]) -> String {
    kept.iter().map(Change::result).collect::<Vec<_>>().join(", ")
}
