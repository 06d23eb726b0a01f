//! What reads and saves bring back. A late answer, to a request that nobody waits for any more, is dropped.

use super::super::message::Effect;
use super::super::model::{
    Activity, Dialog, Failure, Form, LateSave, Model, Notice, Phase, Question, ReadOnly, RequestId,
    Rereading, Saving, Target, Then, Tone,
};
use super::questions::DEAF;
use crate::api::Order;
use crate::save::{Aftermath, CallError, CallErrorKind, Confirmation, Outcome, Reason, Save, Sent, State};
use crate::settings::Draft;
use crate::settings::{Change, Patch, Settings};
use crate::words::{Call, describe_undone, explain, list_changes};

impl Model {
    pub(super) fn retrying(&mut self, request: RequestId, attempt: usize, error: CallError) -> Vec<Effect> {
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
        result: Result<Settings, CallError>,
    ) -> Vec<Effect> {
        match &self.phase {
            Phase::Loading(reading) if reading.request == request => self.loaded(result),
            Phase::Ready(form) => match &form.activity {
                Activity::Reading(reading) if reading.request == request => self.read_again(result),
                Activity::Rereading(rereading) if rereading.request == request => {
                    let rereading = rereading.clone();
                    self.reread(rereading, result)
                }
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    fn loaded(&mut self, result: Result<Settings, CallError>) -> Vec<Effect> {
        let error = match result {
            Ok(settings) => return self.loaded_settings(settings),
            Err(error) => error,
        };
        match (&self.target, &self.session) {
            (Some(Target::Typed(_)), Some(session)) if error.kind() == CallErrorKind::TokenRefused => {
                let refusal = explain(&error, Call::Read, &session.context);
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
            late: None,
        }));
        Vec::new()
    }

    fn read_again(&mut self, result: Result<Settings, CallError>) -> Vec<Effect> {
        self.hint = None;
        let text = self.not_read(&result);
        let Some(settings) = self.rest(result.ok()) else { return self.say(Tone::Bad, text) };
        if let Some(text) = self.settle(&settings) {
            return self.say(Tone::Good, text);
        }
        // Where a save of our own may have arrived in part, nobody knows who it was.
        let may_be_ours = self.form().is_some_and(|form| form.late.is_some());
        let changes = self.rebase(&settings);
        let text = match changes.as_slice() {
            [] => "Read again: the server has not changed.".to_owned(),
            changes if may_be_ours => {
                format!("Read again: the server has changed: {}.", list_changes(changes))
            }
            changes => format!("Read again: changed by someone else: {}.", list_changes(changes)),
        };
        self.say(Tone::Plain, text)
    }

    /// What a read tells of a save that may still arrive: that it has, if it has. Edits made since stay.
    fn settle(&mut self, settings: &Settings) -> Option<String> {
        let read_at = self.now.local.clone();
        let form = self.form_mut()?;
        let late = form.late.as_mut()?;
        if !late.intent.is_held_by(settings) {
            late.is_unknown = false;
            return None;
        }
        let late = form.late.take()?;
        form.change(|draft| draft.saved(&late.asked, settings));
        form.read_at = read_at;
        form.before_save = Some(late.theirs);
        let changes = late.intent.changes();
        let elsewhere = late.intent.draft().changes_to(settings);
        let also = match elsewhere.as_slice() {
            [] => String::new(),
            others => format!(" Also changed by someone else: {}.", list_changes(others)),
        };
        let text = format!("Saved after all: {} (confirmed by a read).{also}", list_changes(&changes));
        self.note(changes, true);
        Some(text)
    }

    /// The silent read after a save. Only a change is worth a word.
    fn reread(&mut self, rereading: Rereading, result: Result<Settings, CallError>) -> Vec<Effect> {
        let Some(settings) = self.rest(result.ok()) else { return Vec::new() };
        let Some(form) = self.form() else { return Vec::new() };
        let after = form.draft.baseline().clone();
        if !rereading.is_second && Aftermath::may_lag(&rereading.theirs, &after, &settings) {
            return self.reread_later(rereading);
        }
        let aftermath = Aftermath::compare(&rereading.saved, &after, &settings);
        self.rebase(&settings);
        let text = match aftermath {
            Aftermath::Quiet => return Vec::new(),
            Aftermath::Undone(changes) => describe_undone(&changes),
            Aftermath::Elsewhere(changes) => {
                format!("Saved. Something else was changed by someone else: {}.", list_changes(&changes))
            }
        };
        self.say(Tone::Plain, text)
    }

    /// Reads once more, some seconds later, before someone else is named.
    fn reread_later(&mut self, rereading: Rereading) -> Vec<Effect> {
        let request = self.next_request();
        if let Some(form) = self.form_mut() {
            form.activity = Activity::Rereading(Rereading { request, is_second: true, ..rereading });
        }
        vec![Effect::Reread { request, is_second: true }]
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
        form.change(|draft| draft.rebase(settings));
        form.read_at = read_at;
        changes
    }

    fn not_read(&self, result: &Result<Settings, CallError>) -> String {
        let context = self.session.as_ref().map(|session| &session.context);
        match (result, context) {
            (Err(error), Some(context)) => {
                format!(
                    "Not read: {} The form shows what was read before.",
                    explain(error, Call::Read, context)
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
            State::Conflict(conflict) => {
                let (theirs, is_fresh) = (conflict.theirs.clone(), !conflict.was_sent);
                self.conflicted(&theirs, is_fresh)
            }
            State::Sending(attempt) => {
                let theirs = attempt.theirs.clone();
                self.settle(&theirs);
                // What it asked for is asked for anew.
                self.form_mut().into_iter().for_each(|form| form.late = None);
                Vec::new()
            }
            State::Ended(outcome) => {
                let outcome = outcome.clone();
                self.save_ended(outcome)
            }
            _ => Vec::new(),
        }
    }

    fn conflicted(&mut self, theirs: &Settings, is_fresh: bool) -> Vec<Effect> {
        if is_fresh {
            self.settle(theirs);
        }
        match self.form_mut().map(|form| &mut form.activity) {
            // Whoever leaves without the edits answers no question about them.
            Some(Activity::Saving(saving)) if saving.then == (Then::QuitSoon { drops_edits: true }) => {
                return vec![Effect::Order(Order::Stop)];
            }
            Some(Activity::Saving(saving)) if matches!(saving.then, Then::QuitSoon { .. }) => {
                // A question has no deadline.
                saving.then = Then::Quit;
            }
            _ => {}
        }
        self.open_conflict()
    }

    fn save_ended(&mut self, outcome: Outcome) -> Vec<Effect> {
        self.hint = None;
        self.tell(&outcome);
        if let Outcome::Saved { now, confirmation, .. } = &outcome {
            match confirmation {
                // Where the server had it already, nobody here changed anything, unless a save arrived late.
                Confirmation::AlreadyThere => {
                    if let Some(text) = self.settle(now) {
                        self.say(Tone::Good, text);
                    }
                }
                Confirmation::Answer | Confirmation::Reread => self.remember(true),
            }
        }
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
                form.change(|draft| draft.saved(&saving.asked, &now));
                form.read_at = read_at;
                return self.after_saved(*saving, confirmation);
            }
            Outcome::TookTheirs(conflict) => {
                form.change(|draft| draft.take_theirs(saving.save.intent(), &conflict.theirs));
                form.read_at = read_at;
            }
            Outcome::NotSaved(Reason::Refused(error)) if error.kind() == CallErrorKind::ScopeMissing => {
                self.mark_read_only();
            }
            Outcome::Unknown { .. } => form.late = Some(late(&saving, true)),
            Outcome::NotSaved(_) | Outcome::Conflicted(_) if saving.save.sent() == Sent::Doubted => {
                form.late = Some(late(&saving, false));
            }
            Outcome::NotSaved(_) | Outcome::Conflicted(_) => {}
        }
        let leaves = saving.then == (Then::QuitSoon { drops_edits: true });
        if leaves { self.leave_unsaved() } else { Vec::new() }
    }

    fn after_saved(&mut self, saving: Saving, confirmation: Confirmation) -> Vec<Effect> {
        match saving.then {
            Then::Stay => self.close_idle_question(),
            Then::QuitSoon { drops_edits: true } => return self.leave(0),
            Then::Quit | Then::QuitSoon { .. } => return self.quit_or_ask(DEAF),
        }
        if confirmation == Confirmation::AlreadyThere {
            return Vec::new();
        }
        let request = self.next_request();
        let Some(form) = self.form_mut() else { return Vec::new() };
        if let Some(theirs) = saving.theirs {
            let saved = Patch::between(&theirs, &saving.save.intent().merged_onto(&theirs));
            form.before_save = Some(theirs.clone());
            form.activity = Activity::Rereading(Rereading { request, saved, theirs, is_second: false });
            return vec![Effect::Reread { request, is_second: false }];
        }
        Vec::new()
    }

    /// The save took everything with it that the quit question was about.
    fn close_idle_question(&mut self) {
        let asks = matches!(self.dialog, Some(Dialog::Question { question: Question::Quit, .. }));
        if asks && self.unsaved().is_empty() {
            self.dialog = None;
        }
    }

    fn mark_read_only(&mut self) {
        if let Some(session) = &mut self.session {
            session.read_only = Some(ReadOnly::Refused);
        }
    }

    fn tell(&mut self, outcome: &Outcome) {
        self.notice = Some(Notice::Ended(Box::new(outcome.clone()), self.now.local.clone()));
    }
}

/// What is kept of a save that may still arrive.
fn late(saving: &Saving, is_unknown: bool) -> LateSave {
    let intent = saving.save.intent().clone();
    let theirs = saving.theirs.clone().unwrap_or_else(|| intent.baseline.clone());
    LateSave { intent, asked: saving.asked.clone(), theirs, is_unknown }
}
