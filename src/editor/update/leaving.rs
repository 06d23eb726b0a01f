//! The end of the editor: at once, after a save, or after a question. No change is lost without a question.

use std::time::Duration;

use super::super::message::Effect;
use super::super::model::{Activity, Dialog, Form, Model, Question, Recap, RequestId, Session, Then};
use crate::save::Outcome;

/// The exit code after Ctrl-C in the quit question.
const INTERRUPTED: u8 = 130;
/// The exit code when it is unknown whether a change was made.
const OUTCOME_UNKNOWN: u8 = 6;
/// The exit code when a save failed.
const FAILED: u8 = 1;

impl Model {
    /// `q` and Ctrl-C. The editor ends at once if nothing would be lost, and after the save if one is under way. Otherwise it
    /// asks. Ctrl-C in that question ends the editor at once.
    pub(super) fn quit(&mut self) -> Vec<Effect> {
        self.give_up_bringing_back();
        if matches!(self.dialog, Some(Dialog::Question { question: Question::Quit, .. })) {
            return self.leave(INTERRUPTED);
        }
        self.quit_or_ask(Duration::ZERO)
    }

    /// Ends the editor, or asks. A question takes no keys for the time `deaf`: it opens without a key, and the user may be
    /// typing.
    pub(super) fn quit_or_ask(&mut self, deaf: Duration) -> Vec<Effect> {
        let loses_nothing = self.unsaved().is_empty();
        match self.is_sending() {
            true if loses_nothing => self.quit_soon(false),
            false if loses_nothing => self.leave(0),
            _ => {
                let effects = self.give_up_trial();
                self.ask(Question::Quit, deaf);
                effects
            }
        }
    }

    pub(super) fn quit_soon(&mut self, drops_edits: bool) -> Vec<Effect> {
        self.dialog = None;
        match self.form_mut().map(|form| &mut form.activity) {
            Some(Activity::Saving(saving)) => {
                saving.then = Then::QuitSoon { drops_edits };
                vec![Effect::Grace(saving.request)]
            }
            _ => Vec::new(),
        }
    }

    /// Ends the editor with the exit code `code`. The last line also tells about a save whose outcome is unknown.
    pub(super) fn leave(&mut self, code: u8) -> Vec<Effect> {
        let saving = self.form().and_then(Form::saving);
        if saving.is_some_and(|saving| matches!(saving.save.abandoned(), Outcome::Unknown { .. })) {
            self.remember(false);
        }
        self.remember_unknown();
        let is_unknown = self.history.iter().any(|recap| !recap.is_known);
        vec![Effect::Quit(if is_unknown && code < INTERRUPTED { OUTCOME_UNKNOWN } else { code })]
    }

    /// The editor is ended from outside, by a signal or a hang-up. The last line tells about a save whose outcome is unknown.
    pub(in super::super) fn leave_by_force(&mut self) {
        self.leave(INTERRUPTED);
    }

    /// No more lines come. Nothing is saved that the user has not asked to save.
    pub(super) fn end_with_input(&mut self) -> Vec<Effect> {
        self.hint = None;
        if self.unsaved().is_empty() { self.leave(0) } else { self.leave_unsaved() }
    }

    /// Ends the editor after a save that failed while the user was waiting to quit.
    pub(super) fn leave_unsaved(&mut self) -> Vec<Effect> {
        self.leave(FAILED)
    }

    pub(super) fn leave_during_save(&mut self, request: RequestId) -> Vec<Effect> {
        let saving = self.form().and_then(Form::saving).filter(|saving| saving.request == request);
        let is_leaving = saving.is_some_and(|saving| matches!(saving.then, Then::QuitSoon { .. }));
        if is_leaving { self.leave_unsaved() } else { Vec::new() }
    }

    /// Keeps the changes of the save under way for the last line.
    pub(super) fn remember(&mut self, is_known: bool) {
        let Some(saving) = self.form().and_then(Form::saving) else { return };
        let changes = saving.save.intent().changes();
        self.note(changes, is_known);
    }

    /// Keeps a save of unknown outcome for the last line. The editor will not read this agent again.
    pub(super) fn remember_unknown(&mut self) {
        let late = self.form_mut().and_then(|form| form.late.take());
        if let Some(unknown) = late.filter(|late| late.is_unknown) {
            self.note(unknown.intent.changes(), false);
        }
    }

    /// Keeps changes for the last line.
    pub(super) fn note(&mut self, changes: Vec<crate::settings::Change>, is_known: bool) {
        if let Some(target) = self.session.as_ref().map(Session::target) {
            let at = self.now.local.clone();
            self.history.push(Recap { target, changes, is_known, at });
        }
    }
}
