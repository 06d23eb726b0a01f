//! The words for the end of a save, and its exit code.

use super::audience::CallContext;
use super::call::{Call, explain};
use super::exit::Exit;
use super::explanation::{Explanation, join};
use crate::save::{Aftermath, Blind, CallError, Confirmation, Conflict, Doubt, Outcome, Reason, Sent};
use crate::settings::Change;

const NOT_SAVED: &str = "Not saved";
const NOT_AS_ASKED: &str = "Not saved as asked";
const STILL_OLD: &str =
    "the server still shows the old value; the change may still arrive, saving again is harmless.";

/// The outcome, led by the words that stand on screen: `Saved`, `Not saved` or `Outcome unknown`. `clock` is the local time of
/// day.
pub fn describe_outcome(outcome: &Outcome, clock: &str, context: &CallContext) -> Explanation {
    let audience = context.audience;
    let not_saved = |lead, happened| Explanation::new(lead, happened).or_todo(audience.save_again());
    match outcome {
        Outcome::Saved { confirmation, changes, elsewhere, .. } => {
            let happened = describe_saved(*confirmation, changes, elsewhere);
            Explanation::new(format!("Saved {clock}"), happened)
        }
        Outcome::NotSaved(reason) => describe_reason(reason, context).or_todo(audience.save_again()),
        Outcome::Conflicted(Conflict { was_sent: false, .. }) => {
            not_saved(NOT_SAVED, "the same setting was changed by someone else.")
                .with_details(&["Nothing was sent.", audience.kept()])
        }
        Outcome::Conflicted(_) => not_saved(NOT_AS_ASKED, "the server holds something else by now.")
            .with_details(&[audience.kept()]),
        Outcome::TookTheirs(_) => {
            "Theirs was taken where both of you had changed something; nothing more was sent.".into()
        }
        Outcome::Unknown { doubt, blind } => {
            Explanation::new("Outcome unknown", describe_unknown(doubt, *blind)).or_todo(audience.find_out())
        }
    }
}

fn describe_saved(confirmation: Confirmation, changes: &[Change], elsewhere: &[Change]) -> String {
    let (changes, elsewhere) = (list_changes(changes), describe_elsewhere(elsewhere));
    let stop = if elsewhere.is_empty() { "" } else { "." };
    match confirmation {
        Confirmation::AlreadyThere => format!("the server already has this.{elsewhere}"),
        Confirmation::Reread => format!("{changes} (confirmed by a second read){stop}{elsewhere}"),
        Confirmation::Answer => format!("{changes} (confirmed by the server){stop}{elsewhere}"),
    }
}

fn describe_unknown(doubt: &Doubt, blind: Blind) -> String {
    let rest = match (doubt, blind) {
        (Doubt::Stopped, Blind::Stopped) => {
            return "you stopped before an answer or a read could tell.".to_owned();
        }
        (_, Blind::Stopped) => "you stopped before reads could tell",
        (_, Blind::NeverRead) => "the server cannot be read",
        (_, Blind::LastReadFailed) => "the last read failed",
    };
    format!("{} and {rest}.", name_doubt(doubt))
}

fn describe_reason(reason: &Reason, context: &CallContext) -> Explanation {
    let kept = context.audience.kept();
    let failed = |error, call| explain(error, call, context).led_by(NOT_SAVED);
    let not_saved = |happened: &str| Explanation::new(NOT_SAVED, happened);
    match reason {
        Reason::NotRead { error, sent } => {
            failed(error, Call::Read).with_details(&[describe_sent(*sent), kept])
        }
        Reason::NotSent { error, sent } => {
            failed(error, Call::Write).with_details(&[describe_sent(*sent), kept])
        }
        Reason::Refused(error) => failed(error, Call::Write).with_details(&[kept]),
        Reason::Busy { sent } => not_saved("another save to this agent is still under way.")
            .with_details(&[describe_sent(*sent), kept]),
        Reason::Stopped { sent } => not_saved("stopped.").with_details(&[describe_sent(*sent), kept]),
        Reason::NotAsAsked { kept: values } => {
            let happened = format!("the server kept {}.", kept_values(values));
            Explanation::new(NOT_AS_ASKED, happened).with_details(&[kept])
        }
        Reason::NotApplied { doubt } => describe_doubt(doubt, context)
            .led_by(NOT_SAVED)
            .with_details(&["Nothing was changed, as one read shows.", kept]),
        Reason::StillOld { doubt } => {
            let doubt = describe_doubt(doubt, context);
            let details = join(&[&format!("Why: {}", doubt.happened), &doubt.details, kept]);
            Explanation { details, said: doubt.said, ..not_saved(STILL_OLD) }
        }
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

fn describe_doubt(doubt: &Doubt, context: &CallContext) -> Explanation {
    match doubt {
        Doubt::Failed(error) => explain(error, Call::Write, context),
        Doubt::OtherValue(_) => "the answer held another value.".into(),
        Doubt::Stopped => "you stopped waiting for the answer.".into(),
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
pub(crate) fn describe_aftermath(aftermath: &Aftermath) -> Option<Explanation> {
    let Aftermath { undone, elsewhere } = aftermath;
    match (undone.as_slice(), elsewhere.as_slice()) {
        ([], []) => None,
        ([], changes) => {
            let changes = list_changes(changes);
            Some(format!("Saved. Something else was changed by someone else: {changes}.").into())
        }
        (changes, others) => {
            Some(describe_undone(changes).with_details(&[describe_elsewhere(others).trim()]))
        }
    }
}

/// A read after the save shows that something that was saved has changed again.
pub(crate) fn describe_undone(changes: &[Change]) -> Explanation {
    Explanation::new("Saved, then changed by someone else", format!("{}.", list_changes(changes)))
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
