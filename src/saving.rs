//! A save and its record: what the editor and `set` do alike while one is driven.

use crate::agents::Profile;
use crate::api::save::{Outcome, Save, State};
use crate::history::{HistoryError, Journal, Recorder, Subject, Verdict};

/// The record of one save, which follows it from state to state. Left behind it says what was known.
#[derive(Debug)]
pub struct Record(Option<Journal>);

impl Record {
    /// Of a save to `profile`. What is done to the demo is no history.
    pub fn of(profile: &Profile, recorder: Option<&Recorder>) -> Self {
        let recorder = recorder.filter(|_| !profile.is_demo());
        Self(recorder.map(|recorder| recorder.journal(subject(profile))))
    }

    /// The save came to another state: an intent is written before its PATCH, an outcome at its end. Gives the warning
    /// to show, if one could not be written.
    pub fn follow(&mut self, save: &Save) -> Option<HistoryError> {
        if let Some(outcome) = save.outcome() {
            return self.end(outcome);
        }
        let journal = self.0.as_mut()?;
        journal.known(verdict(&save.abandoned()));
        if let State::Sending(attempt) = save.state() {
            journal.sending(&attempt.theirs, &attempt.patch.applied_to(&attempt.theirs));
        }
        None
    }

    /// Nobody goes on with the save: it ended like this.
    pub fn end(&mut self, outcome: &Outcome) -> Option<HistoryError> {
        let after = if let Outcome::Saved { now, .. } = outcome { Some(now) } else { None };
        self.0.take()?.ended(verdict(outcome), after)
    }
}

fn subject(profile: &Profile) -> Subject {
    let (name, agent) = (profile.name.clone(), profile.identity.agent.clone());
    Subject { profile: name, agent, host: profile.base_url.host() }
}

fn verdict(outcome: &Outcome) -> Verdict {
    match outcome {
        Outcome::Saved { .. } => Verdict::Saved,
        // Something of it may have been applied.
        Outcome::TookTheirs(conflict) if conflict.was_sent => Verdict::Conflict,
        Outcome::NotSaved(_) | Outcome::TookTheirs(_) => Verdict::NotSaved,
        Outcome::Conflicted(_) => Verdict::Conflict,
        Outcome::Unknown { .. } => Verdict::Unknown,
    }
}
