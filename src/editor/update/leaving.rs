//! The end of the editor: at once, after a save, or after a question; never with a change lost unasked.

use std::time::Duration;

use super::super::message::Effect;
use super::super::model::{Activity, Dialog, Form, Model, Question, Recap, RequestId, Session, Then};
use crate::save::Outcome;

/// The exit code after Ctrl-C in the quit question.
const INTERRUPTED: u8 = 130;
/// The exit code when it is unknown whether a change was made.
const OUTCOME_UNKNOWN: u8 = 6;
/// The exit code when a save did not come about.
const FAILED: u8 = 1;

impl Model {
    /// `q` and Ctrl-C: at once when nothing is lost, after the save when one is under way, else a question; and Ctrl-C
    /// in that question: at once.
    pub(super) fn quit(&mut self) -> Vec<Effect> {
        if matches!(self.dialog, Some(Dialog::Question { question: Question::Quit, .. })) {
            return self.leave(INTERRUPTED);
        }
        self.quit_or_ask(Duration::ZERO)
    }

    /// The same where nobody pressed a key: a question does not hear keys for the time `deaf`.
    pub(super) fn quit_or_ask(&mut self, deaf: Duration) -> Vec<Effect> {
        let loses_nothing = self.unsaved().is_empty();
        match self.is_sending() {
            true if loses_nothing => self.quit_soon(false),
            false if loses_nothing => self.leave(0),
            _ => {
                self.ask(Question::Quit, deaf);
                Vec::new()
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

    /// The end, with `code`; a save that is under way is told of as what it is.
    pub(super) fn leave(&mut self, code: u8) -> Vec<Effect> {
        let saving = self.form().and_then(Form::saving);
        if saving.is_some_and(|saving| matches!(saving.save.abandoned(), Outcome::Unknown { .. })) {
            self.remember(false);
        }
        self.remember_unknown();
        let is_unknown = self.history.iter().any(|recap| !recap.is_known);
        vec![Effect::Quit(if is_unknown && code < INTERRUPTED { OUTCOME_UNKNOWN } else { code })]
    }

    /// The end comes from outside: what is under way is told of as what it is.
    pub(in super::super) fn leave_by_force(&mut self) {
        self.leave(INTERRUPTED);
    }

    /// The end, because a save that was only waited for did not come about.
    pub(super) fn leave_unsaved(&mut self) -> Vec<Effect> {
        self.leave(FAILED)
    }

    pub(super) fn leave_during_save(&mut self, request: RequestId) -> Vec<Effect> {
        let saving = self.form().and_then(Form::saving).filter(|saving| saving.request == request);
        let is_leaving = saving.is_some_and(|saving| matches!(saving.then, Then::QuitSoon { .. }));
        if is_leaving { self.leave_unsaved() } else { Vec::new() }
    }

    /// Keeps for the scrollback what the save under way was about.
    pub(super) fn remember(&mut self, is_known: bool) {
        let Some(saving) = self.form().and_then(Form::saving) else { return };
        let changes = saving.save.intent().changes();
        self.note(changes, is_known);
    }

    /// Keeps for the scrollback a save that no read has told of: nobody will ask any more.
    pub(super) fn remember_unknown(&mut self) {
        let late = self.form_mut().and_then(|form| form.late.take());
        if let Some(unknown) = late.filter(|late| late.is_unknown) {
            self.note(unknown.intent.changes(), false);
        }
    }

    /// Keeps something for the scrollback.
    pub(super) fn note(&mut self, changes: Vec<crate::settings::Change>, is_known: bool) {
        if let Some(target) = self.session.as_ref().map(Session::target) {
            self.history.push(Recap { target, changes, is_known });
        }
    }
}
