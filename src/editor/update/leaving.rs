//! The end of the editor: at once, after a save, or after a question; never with a change lost unasked.

use super::super::message::Effect;
use super::super::model::{Activity, Dialog, Form, Model, Question, Recap, Session, Then};
use super::Duration;
use crate::api::save::{Outcome, State};

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
        let edits_since =
            |form: &Form| form.saving().is_some_and(|saving| form.draft.snapshot() != saving.asked);
        if self.is_sending() && !self.form().is_some_and(edits_since) {
            return self.quit_soon(false);
        }
        if self.has_unsaved_changes() {
            self.ask(Question::Quit, Duration::ZERO);
            return Vec::new();
        }
        self.leave(0)
    }

    /// True while a save is under way that does not wait for the user.
    pub(super) fn is_sending(&self) -> bool {
        let saving = self.form().and_then(Form::saving);
        saving.is_some_and(|saving| !matches!(saving.save.state(), State::Conflict(_)))
    }

    pub(super) fn quit_soon(&mut self, drops_edits: bool) -> Vec<Effect> {
        self.dialog = None;
        match self.form_mut().map(|form| &mut form.activity) {
            Some(Activity::Saving(saving)) => {
                saving.then = Then::QuitSoon { drops_edits };
                vec![Effect::Grace]
            }
            _ => Vec::new(),
        }
    }

    /// The end, with `code`; a save that is under way is told of as what it is.
    pub(super) fn leave(&mut self, code: u8) -> Vec<Effect> {
        let saving = self.form().and_then(Form::saving);
        let sent = saving.is_some_and(|saving| matches!(saving.save.abandoned(), Outcome::Unknown { .. }));
        if sent {
            self.remember(false);
        }
        let is_unknown = self.history.last().is_some_and(|recap| !recap.is_known);
        vec![Effect::Quit(if is_unknown && code < INTERRUPTED { OUTCOME_UNKNOWN } else { code })]
    }

    /// The end comes from outside: what is under way is told of as what it is.
    pub(in super::super) fn leave_by_force(&mut self) {
        self.leave(INTERRUPTED);
    }

    pub(super) fn leave_during_save(&mut self) -> Vec<Effect> {
        let is_leaving = self
            .form()
            .and_then(Form::saving)
            .is_some_and(|saving| matches!(saving.then, Then::QuitSoon { .. }));
        if is_leaving { self.leave(FAILED) } else { Vec::new() }
    }

    /// Keeps for the scrollback what the save under way was about.
    pub(super) fn remember(&mut self, is_known: bool) {
        let Some(target) = self.session.as_ref().map(Session::target) else { return };
        let Some(saving) = self.form().and_then(Form::saving) else { return };
        let intent = saving.save.intent();
        let changes = if let Some(Outcome::Saved { changes, .. }) = saving.save.outcome() {
            changes.clone()
        } else {
            intent.baseline.changes_to(&intent.draft())
        };
        self.history.push(Recap { target, changes, is_known });
    }
}
