//! What reads and saves bring back. A late answer, to a request that nobody waits for any more, is dropped.

use super::super::message::Effect;
use super::super::model::{
    Activity, Failure, Form, Model, Phase, Question, ReadOnly, RequestId, Rereading, Saving, Target, Then,
    Tone,
};
use super::{DEAF, Dialog};
use crate::api::error::ApiError;
use crate::api::save::{Confirmation, Outcome, Reason, Save, State};
use crate::settings::draft::Draft;
use crate::settings::{Change, Patch, Settings};

/// What a sentence on how to read again begins with.
const REREAD: &str = "Press r";

impl Model {
    pub(super) fn retrying(&mut self, request: RequestId, attempt: usize, error: ApiError) -> Vec<Effect> {
        let retry = Some((attempt, error));
        match &mut self.phase {
            Phase::Loading(reading) if reading.request == request => reading.retry = retry,
            Phase::Ready(form) => match &mut form.activity {
                Activity::Reading(reading) if reading.request == request => reading.retry = retry,
                Activity::Saving(saving) if saving.request == request => saving.retry = retry,
                _ => {}
            },
            _ => {}
        }
        Vec::new()
    }

    pub(super) fn read_ended(
        &mut self,
        request: RequestId,
        result: Result<Settings, ApiError>,
    ) -> Vec<Effect> {
        match &self.phase {
            Phase::Loading(reading) if reading.request == request => self.loaded(result),
            Phase::Ready(form) => match &form.activity {
                Activity::Reading(reading) if reading.request == request => self.read_again(result),
                Activity::Rereading(rereading) if rereading.request == request => {
                    let saved = rereading.saved.clone();
                    self.reread(&saved, result)
                }
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    fn loaded(&mut self, result: Result<Settings, ApiError>) -> Vec<Effect> {
        let error = match result {
            Ok(settings) => return self.loaded_settings(settings),
            Err(error) => error,
        };
        match (&self.target, &self.session) {
            (Some(Target::Typed(_)), Some(session)) if error.status() == Some(401) => {
                let refusal = error.explain(&session.whereabouts, false);
                self.ask_for_another_token(refusal);
            }
            _ => self.phase = Phase::LoadFailed(Failure::Read(error)),
        }
        Vec::new()
    }

    fn loaded_settings(&mut self, settings: Settings) -> Vec<Effect> {
        self.phase = Phase::Ready(Box::new(Form {
            draft: Draft::new(settings),
            focus: 0,
            read_at: self.now.local.clone(),
            activity: Activity::Resting,
            before_save: None,
            unknown: None,
        }));
        Vec::new()
    }

    fn read_again(&mut self, result: Result<Settings, ApiError>) -> Vec<Effect> {
        let text = self.not_read(&result);
        let Some(settings) = self.rest(result.ok()) else { return self.say(Tone::Bad, text) };
        if let Some(text) = self.resolve_unknown(&settings) {
            self.rebase(&settings);
            return self.say(Tone::Good, text);
        }
        let changes = self.rebase(&settings);
        self.say(
            Tone::Plain,
            match changes.as_slice() {
                [] => "Read again: the server has not changed.".to_owned(),
                changes => format!("Read again: changed by someone else: {}.", list(changes)),
            },
        )
    }

    /// What a read tells of a save whose outcome was unknown: that it arrived, if it did.
    fn resolve_unknown(&mut self, settings: &Settings) -> Option<String> {
        let arrived = self.form_mut()?.unknown.take()?.is_held_by(settings);
        if !arrived {
            return None;
        }
        let recap = self.history.last_mut()?;
        recap.is_known = true;
        let clock = self.now.local.strftime("%H:%M:%S");
        Some(format!("Saved after all: {} (confirmed by a read at {clock}).", list(&recap.changes)))
    }

    /// The silent read after a save. Only a change is worth a word.
    fn reread(&mut self, saved: &Patch, result: Result<Settings, ApiError>) -> Vec<Effect> {
        let Some(settings) = self.rest(result.ok()) else { return Vec::new() };
        let was_undone = !saved.is_held_by(&settings);
        let changes = self.rebase(&settings);
        let text = match (changes.is_empty(), was_undone) {
            (true, _) => return Vec::new(),
            (false, true) => format!("Saved, then changed by someone else: {}.", list(&changes)),
            (false, false) => {
                format!("Saved. Something else was changed by someone else: {}.", list(&changes))
            }
        };
        self.say(Tone::Plain, text)
    }

    /// Nothing is under way any more. Hands `settings` through.
    fn rest(&mut self, settings: Option<Settings>) -> Option<Settings> {
        if let Some(form) = self.form_mut() {
            form.activity = Activity::Resting;
        }
        settings
    }

    /// Puts the edits on top of what the server holds now, and tells what changed there.
    fn rebase(&mut self, settings: &Settings) -> Vec<Change> {
        let read_at = self.now.local.clone();
        let Some(form) = self.form_mut() else { return Vec::new() };
        let changes = form.draft.baseline().changes_to(settings);
        form.draft.rebase(settings);
        form.read_at = read_at;
        changes
    }

    fn not_read(&self, result: &Result<Settings, ApiError>) -> String {
        let whereabouts = self.session.as_ref().map(|session| &session.whereabouts);
        match (result, whereabouts) {
            (Err(error), Some(whereabouts)) => {
                format!(
                    "Not read: {} The form shows what was read before.",
                    error.explain(whereabouts, false)
                )
            }
            _ => String::new(),
        }
    }

    pub(super) fn save_moved(&mut self, request: RequestId, save: Save) -> Vec<Effect> {
        let Some(Form { activity: Activity::Saving(saving), .. }) = self.form_mut() else {
            return Vec::new();
        };
        if saving.request != request {
            return Vec::new();
        }
        if let State::Sending(attempt) = save.state() {
            saving.theirs = Some(attempt.theirs.clone());
        }
        saving.retry = None;
        saving.save = save;
        match saving.save.state() {
            State::Conflict(_) => {
                if matches!(saving.then, Then::QuitSoon { .. }) {
                    // A question has no deadline.
                    saving.then = Then::Quit;
                }
                self.ask(Question::Conflict, DEAF);
                Vec::new()
            }
            State::Ended(outcome) => {
                let outcome = outcome.clone();
                self.save_ended(outcome)
            }
            _ => Vec::new(),
        }
    }

    fn save_ended(&mut self, outcome: Outcome) -> Vec<Effect> {
        match &outcome {
            // Where the server had it already, nobody here changed anything.
            Outcome::Saved { confirmation, .. } if *confirmation != Confirmation::AlreadyThere => {
                self.remember(true);
            }
            Outcome::Unknown { .. } => self.remember(false),
            _ => {}
        }
        self.tell(&outcome);
        if matches!(self.dialog, Some(Dialog::Question { question: Question::Conflict, .. })) {
            self.dialog = None;
        }
        let read_at = self.now.local.clone();
        let Some(form) = self.form_mut() else { return Vec::new() };
        let Activity::Saving(saving) = std::mem::replace(&mut form.activity, Activity::Resting) else {
            return Vec::new();
        };
        match outcome {
            Outcome::Saved { now, confirmation, .. } => {
                form.draft.saved(&saving.asked, &now);
                form.unknown = None;
                form.read_at = read_at;
                self.after_saved(*saving, confirmation)
            }
            Outcome::TookTheirs(theirs) => {
                form.draft.take_theirs(&theirs);
                form.read_at = read_at;
                Vec::new()
            }
            Outcome::NotSaved(Reason::Refused(error)) if error.status() == Some(403) => {
                self.mark_read_only();
                Vec::new()
            }
            Outcome::Unknown { .. } => {
                let intent = saving.save.intent();
                let base = saving.theirs.as_ref().unwrap_or(&intent.baseline);
                form.unknown = Some(Patch::between(base, &intent.merged_onto(base)));
                Vec::new()
            }
            Outcome::NotSaved(_) | Outcome::Conflicted(_) => Vec::new(),
        }
    }

    fn after_saved(&mut self, saving: Saving, confirmation: Confirmation) -> Vec<Effect> {
        match saving.then {
            Then::Stay => {}
            Then::QuitSoon { drops_edits: true } => return self.leave(0),
            Then::Quit | Then::QuitSoon { .. } => return self.quit(),
        }
        let request = self.next_request();
        let Some(form) = self.form_mut() else { return Vec::new() };
        if confirmation == Confirmation::AlreadyThere {
            return Vec::new();
        }
        if let Some(theirs) = saving.theirs {
            let saved = Patch::between(&theirs, &saving.save.intent().merged_onto(&theirs));
            form.before_save = Some(theirs);
            form.activity = Activity::Rereading(Rereading { request, saved });
            return vec![Effect::Reread(request)];
        }
        Vec::new()
    }

    fn mark_read_only(&mut self) {
        if let Some(session) = &mut self.session {
            session.read_only = Some(ReadOnly::Refused);
        }
    }

    fn tell(&mut self, outcome: &Outcome) {
        let Some(whereabouts) = self.session.as_ref().map(|session| &session.whereabouts) else { return };
        let clock = self.now.local.strftime("%H:%M:%S").to_string();
        let text = outcome.text(&clock, whereabouts, REREAD);
        let tone = match outcome {
            Outcome::Saved { .. } => Tone::Good,
            Outcome::TookTheirs(_) => Tone::Plain,
            _ => Tone::Bad,
        };
        self.say(tone, text);
    }
}

fn list(changes: &[Change]) -> String {
    changes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
