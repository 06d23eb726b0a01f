//! The answers to reads and saves. An answer to a request that the model does not wait for any more is dropped.

use super::super::message::Effect;
use super::super::model::{
    Activity, Dialog, Form, LateSave, LoadFailure, Model, Notice, Phase, Question, ReadOnly, RequestId,
    Rereading, Saving, Session, Target, Then, Tone,
};
use super::questions::DEAF;
use crate::api::Order;
use crate::save::{Aftermath, CallError, CallErrorKind, Confirmation, Outcome, Reason, Save, Sent, State};
use crate::settings::{Change, Draft, Settings};
use crate::words::{
    Audience, Call, Explanation, describe_aftermath, describe_elsewhere, explain, list_changes,
};

/// The hint where the user chose Save and switch, and then opened a field.
const STAYS_FOR_TYPING: &str = "Not switched, because you are typing here: p switches.";

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
        self.note_refused_token(Some(&error));
        match (&self.target, &self.session) {
            (Some(Target::Typed(_)), Some(session)) if error.kind() == CallErrorKind::TokenRefused => {
                let refusal = explain(&error, Call::Read, &session.context.without_form()).to_string();
                self.ask_for_another_token(refusal);
            }
            _ => self.phase = Phase::failed(LoadFailure::Read(error)),
        }
        Vec::new()
    }

    pub(super) fn loaded_settings(&mut self, settings: Settings) -> Vec<Effect> {
        self.phase = Phase::Ready(Box::new(Form {
            draft: Draft::new(settings),
            focus: 0,
            read_at: self.now.local.clone(),
            activity: Activity::Resting,
            bringing_back: None,
            late: None,
        }));
        self.introduce_demo_agent();
        Vec::new()
    }

    /// Says what the open agent of the demo shows: it is the first thing that a stranger reads.
    fn introduce_demo_agent(&mut self) {
        let about =
            self.profiles.iter().find(|profile| self.is_open(profile)).and_then(Session::describe_demo);
        if let Some(about) = about.filter(|_| self.audience == Audience::Editor) {
            self.hint(format!("{about}. p lists all agents of the demo."));
        }
    }

    pub(super) fn read_again(&mut self, result: Result<Settings, CallError>) -> Vec<Effect> {
        self.hint = None;
        self.note_refused_token(result.as_ref().err());
        let failed = self.describe_failed_read(&result);
        let Some(settings) = self.rest(result.ok()) else { return self.say(Tone::Bad, failed) };
        if let Some(text) = self.settle(&settings) {
            return self.say(Tone::Good, text);
        }
        // Where a save of this editor is in doubt, the change may be its own or that of another user.
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

    /// Compares a read with a save that may still arrive. If the change has arrived, the save is settled, and the text says so.
    /// Edits that were made after that save stay.
    fn settle(&mut self, settings: &Settings) -> Option<Explanation> {
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
        self.keep_last_save(&late.intent, &late.theirs, late.sent_at);
        let changes = late.intent.changes();
        let elsewhere = late.intent.draft().changes_to(settings);
        let happened = format!("{} (confirmed by a read).", list_changes(&changes));
        self.note(changes, true);
        let also = describe_elsewhere(&elsewhere);
        Some(Explanation::new("Saved after all", happened).with_details(&[also.trim()]))
    }

    /// The read that follows a save by itself has ended. It says something only if another user changed a setting.
    fn reread(&mut self, rereading: Rereading, result: Result<Settings, CallError>) -> Vec<Effect> {
        let Some(settings) = self.rest(result.ok()) else { return Vec::new() };
        let Some(form) = self.form() else { return Vec::new() };
        let after = form.draft.baseline().clone();
        if !rereading.is_second && Aftermath::may_lag(&rereading.theirs, &after, &settings) {
            return self.reread_later(rereading);
        }
        let aftermath = Aftermath::compare(&rereading.saved, &after, &settings);
        self.rebase(&settings);
        describe_aftermath(&aftermath).map_or_else(Vec::new, |text| self.say(Tone::Plain, text))
    }

    /// Reads once more, some seconds later, before the notice says that another user changed something.
    fn reread_later(&mut self, rereading: Rereading) -> Vec<Effect> {
        let request = self.next_request();
        if let Some(form) = self.form_mut() {
            form.activity = Activity::Rereading(Rereading { request, is_second: true, ..rereading });
        }
        vec![Effect::Reread { request, is_second: true }]
    }

    /// No request is under way any more. Returns `settings` unchanged.
    fn rest(&mut self, settings: Option<Settings>) -> Option<Settings> {
        if let Some(form) = self.form_mut() {
            form.activity = Activity::Resting;
        }
        settings
    }

    /// Puts the edits on top of what the server holds now. Returns what has changed on the server.
    fn rebase(&mut self, settings: &Settings) -> Vec<Change> {
        let read_at = self.now.local.clone();
        let Some(form) = self.form_mut() else { return Vec::new() };
        let changes = form.draft.baseline().changes_to(settings);
        form.change(|draft| draft.rebase(settings));
        form.read_at = read_at;
        changes
    }

    fn describe_failed_read(&self, result: &Result<Settings, CallError>) -> Explanation {
        let (Err(error), Some(context)) = (result, self.call_context()) else {
            return Explanation::default();
        };
        let again = self.audience.choose("r tries again.", "Type read to try again.");
        not_read(explain(error, Call::Read, &context)).or_todo(again)
    }

    pub(super) fn save_moved(&mut self, request: RequestId, save: Save) -> Vec<Effect> {
        let sent_at = self.now.local.clone();
        let Some(Form { activity: Activity::Saving(saving), .. }) = self.form_mut() else {
            return Vec::new();
        };
        if saving.request != request {
            return Vec::new();
        }
        if let State::Sending(attempt) = save.state() {
            saving.theirs = Some((attempt.theirs.clone(), sent_at));
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
                // The new save asks for the same changes as the late one.
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
            // The user quits and gave up the edits: a question about them would come too late.
            Some(Activity::Saving(saving)) if saving.then == (Then::QuitSoon { drops_edits: true }) => {
                return vec![Effect::Order(Order::Stop)];
            }
            Some(Activity::Saving(saving)) if matches!(saving.then, Then::QuitSoon { .. }) => {
                // The user may take any time for the answer.
                saving.then = Then::Quit;
            }
            _ => {}
        }
        self.open_conflict()
    }

    fn save_ended(&mut self, outcome: Outcome) -> Vec<Effect> {
        self.hint = None;
        self.note_refused_token(outcome.call_error());
        self.tell(&outcome);
        if let Outcome::Saved { now, confirmation, .. } = &outcome {
            match confirmation {
                // The server had these settings already: this save changed nothing. An earlier one may have.
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
                self.keep_change(&saving);
                return self.after_saved(*saving, confirmation);
            }
            Outcome::TookTheirs(conflict) => {
                form.change(|draft| draft.take_theirs(saving.save.intent(), &conflict.theirs));
                form.read_at = read_at;
            }
            Outcome::NotSaved(Reason::Refused(error)) if error.kind() == CallErrorKind::ScopeMissing => {
                self.mark_read_only();
            }
            Outcome::Unknown { .. } => {
                form.late = late(&saving, true);
                self.keep_change(&saving);
            }
            Outcome::NotSaved(_) | Outcome::Conflicted(_) if saving.save.sent() == Sent::Doubted => {
                form.late = late(&saving, false);
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
            // The next keys would act on the form of the other profile.
            Then::Switch(_) if self.is_typing() => drop(self.hint(STAYS_FOR_TYPING)),
            Then::Switch(profile) => return self.leave_saved_for(profile),
            Then::Quit | Then::QuitSoon { .. } => return self.quit_or_ask(DEAF),
        }
        if confirmation == Confirmation::AlreadyThere {
            return Vec::new();
        }
        let request = self.next_request();
        let Some(form) = self.form_mut() else { return Vec::new() };
        if let Some((theirs, _)) = saving.theirs {
            let saved = saving.save.intent().changes();
            form.activity = Activity::Rereading(Rereading { request, saved, theirs, is_second: false });
            return vec![Effect::Reread { request, is_second: false }];
        }
        Vec::new()
    }

    /// Closes the question whether to quit, if the save has saved all the changes that the question was about.
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

/// A read that ended without a configuration, while a form is on screen.
pub(super) fn not_read(why: Explanation) -> Explanation {
    why.led_by("Not read").with_details(&["The form shows what was read before."])
}

/// What the form keeps of a save that may still arrive; `None` where it has sent nothing.
fn late(saving: &Saving, is_unknown: bool) -> Option<LateSave> {
    let (theirs, sent_at) = saving.theirs.clone()?;
    let intent = saving.save.intent().clone();
    Some(LateSave { intent, asked: saving.asked.clone(), theirs, sent_at, is_unknown })
}
