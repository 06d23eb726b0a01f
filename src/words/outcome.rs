//! The words for the end of a save, and its exit code.

use super::audience::CallContext;
use super::call::{Call, explain};
use super::exit::Exit;
use crate::save::{
    Aftermath, Blind, CallError, CallErrorKind, Confirmation, Conflict, Doubt, Outcome, Reason, Sent,
};
use crate::settings::Change;

/// The outcome in a sentence or two, beginning with the words that stand on screen: `Saved`, `Not saved` or
/// `Outcome unknown`. `clock` is the local time of day.
pub fn describe_outcome(outcome: &Outcome, clock: &str, context: &CallContext) -> String {
    let (kept, find_out) = (context.audience.kept(), context.audience.find_out());
    match outcome {
        Outcome::Saved { confirmation: Confirmation::AlreadyThere, elsewhere, .. } => {
            format!("Saved {clock}: the server already has this.{}", describe_elsewhere(elsewhere))
        }
        Outcome::Saved { confirmation, changes, elsewhere, .. } => {
            let how = match confirmation {
                Confirmation::Reread => "confirmed by a second read",
                Confirmation::Answer | Confirmation::AlreadyThere => "confirmed by the server",
            };
            let stop = if elsewhere.is_empty() { "" } else { "." };
            format!("Saved {clock}: {} ({how}){stop}{}", list_changes(changes), describe_elsewhere(elsewhere))
        }
        Outcome::NotSaved(reason) => describe_reason(reason, context),
        Outcome::Conflicted(Conflict { was_sent: false, .. }) => {
            format!("Not saved: the same setting was changed by someone else. Nothing was sent.{kept}")
        }
        Outcome::Conflicted(_) => {
            format!("Not saved as asked: the server holds something else by now.{kept}")
        }
        Outcome::TookTheirs(_) => {
            "Theirs was taken where both of you had changed something; nothing more was sent.".to_owned()
        }
        Outcome::Unknown { doubt: Doubt::Stopped, blind: Blind::Stopped } => {
            format!("Outcome unknown: you stopped before an answer or a read could tell. {find_out}")
        }
        Outcome::Unknown { doubt, blind } => {
            let rest = match blind {
                Blind::Stopped => "you stopped before reads could tell",
                Blind::NeverRead => "the server cannot be read",
                Blind::LastReadFailed => "the last read failed",
            };
            format!("Outcome unknown: {} and {rest}. {find_out}", name_doubt(doubt))
        }
    }
}

fn describe_reason(reason: &Reason, context: &CallContext) -> String {
    let kept = context.audience.kept();
    match reason {
        Reason::NotRead { error, sent } => {
            format!("Not saved: {} {}{kept}", explain(error, Call::Read, context), describe_sent(*sent))
        }
        Reason::NotSent { error, sent } => {
            format!("Not saved: {} {}{kept}", explain(error, Call::Write, context), describe_sent(*sent))
        }
        // The words for these say already that the changes stay.
        Reason::Refused(error)
            if matches!(error.kind(), CallErrorKind::Concurrent | CallErrorKind::TokenRefused) =>
        {
            format!("Not saved: {}", explain(error, Call::Write, context))
        }
        Reason::Refused(error) => format!("Not saved: {}{kept}", explain(error, Call::Write, context)),
        Reason::Busy { sent } => {
            let sent = describe_sent(*sent);
            format!("Not saved: another save to this agent is still under way. {sent}{kept}")
        }
        Reason::Stopped { sent } => format!("Not saved: stopped. {}{kept}", describe_sent(*sent)),
        Reason::NotAsAsked { kept: values } => {
            format!("Not saved as asked: the server kept {}.{kept}", kept_values(values))
        }
        Reason::NotApplied { doubt } => {
            format!(
                "Not saved: {} Nothing was changed, as one read shows.{kept}",
                describe_doubt(doubt, context)
            )
        }
        Reason::StillOld { doubt } => format!(
            "Not saved: {}; the server still shows the old value; the change may still arrive, saving again is \
                 harmless.{kept}",
            describe_doubt(doubt, context).trim_end_matches('.')
        ),
    }
}

/// What is true of the server, as far as it is known.
fn describe_sent(sent: Sent) -> &'static str {
    match sent {
        Sent::Nothing => "Nothing was sent.",
        Sent::Refused => "Nothing was applied.",
        Sent::Doubted => "When it was last read, the server did not hold what you asked for.",
    }
}

fn describe_doubt(doubt: &Doubt, context: &CallContext) -> String {
    match doubt {
        Doubt::Failed(error) => explain(error, Call::Write, context),
        Doubt::OtherValue(_) => "the answer held another value.".to_owned(),
        Doubt::Stopped => "you stopped waiting for the answer.".to_owned(),
    }
}

/// The doubt as part of a sentence.
fn name_doubt(doubt: &Doubt) -> String {
    match doubt {
        Doubt::Failed(CallError::Broken { .. }) => "the connection broke after sending".to_owned(),
        Doubt::Failed(CallError::TimedOut { .. }) => "no answer came in time".to_owned(),
        Doubt::Failed(CallError::Refused(refusal)) if refusal.is_from_api() => {
            format!("the server failed ({})", refusal.label())
        }
        Doubt::Failed(CallError::Refused(refusal)) => {
            format!("something in between answered {}", refusal.status)
        }
        Doubt::Failed(CallError::Redirect { status, .. }) => format!("the answer was a redirect ({status})"),
        Doubt::Failed(_) => "the answer could not be understood".to_owned(),
        Doubt::OtherValue(_) => "the answer held another value".to_owned(),
        Doubt::Stopped => "you stopped waiting for the answer".to_owned(),
    }
}

/// What a read after a save shows; `None` where nothing has changed.
pub(crate) fn describe_aftermath(aftermath: &Aftermath) -> Option<String> {
    let Aftermath { undone, elsewhere } = aftermath;
    match (undone.as_slice(), elsewhere.as_slice()) {
        ([], []) => None,
        ([], changes) => {
            Some(format!("Saved. Something else was changed by someone else: {}.", list_changes(changes)))
        }
        (changes, others) => Some(describe_undone(changes) + &describe_elsewhere(others)),
    }
}

/// A read after the save shows that something that was saved has changed again.
pub(crate) fn describe_undone(changes: &[Change]) -> String {
    format!("Saved, then changed by someone else: {}.", list_changes(changes))
}

/// Changes in one line: `rating off → on, NPS_SCORE on → off`.
pub(crate) fn list_changes(changes: &[Change]) -> String {
    changes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// What else has changed, behind a space; empty where nothing has.
pub(crate) fn describe_elsewhere(elsewhere: &[Change]) -> String {
    match elsewhere {
        [] => String::new(),
        changes => format!(" Also changed by someone else: {}.", list_changes(changes)),
    }
}

/// `EXPERIENCE_THUMBS on, rating off`: where each change ends.
fn kept_values(kept: &[Change]) -> String {
    kept.iter().map(Change::result).collect::<Vec<_>>().join(", ")
}

impl From<&Outcome> for Exit {
    fn from(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Saved { .. } | Outcome::TookTheirs(_) => Self::Done,
            Outcome::Conflicted(_) => Self::Conflict,
            Outcome::Unknown { .. } => Self::Unknown,
            Outcome::NotSaved(reason) => {
                outcome.call_error().map_or_else(|| without_call(reason), Self::from)
            }
        }
    }
}

/// The exit code where no failed call says why nothing was saved.
fn without_call(reason: &Reason) -> Exit {
    match reason {
        Reason::Busy { .. } => Exit::Unreachable,
        Reason::Stopped { .. }
        | Reason::NotApplied { doubt: Doubt::Stopped }
        | Reason::StillOld { doubt: Doubt::Stopped } => Exit::Interrupted,
        _ => Exit::Failed,
    }
}

#[cfg(test)]
mod tests;
