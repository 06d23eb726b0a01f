//! Questions with buttons, and what each answer does.

use std::time::Duration;

use super::super::message::Effect;
use super::super::model::{Choice, Dialog, Form, Model, Motion, Question, Scroll, Then};
use crate::api::Order;
use crate::save::Consent;

/// A question that opens by itself takes no keys for this time: the user typed them for what was on screen before.
pub(super) const DEAF: Duration = Duration::from_millis(200);

impl Model {
    /// Asks about a conflict again, if one still waits for an answer after another dialog was closed.
    pub(super) fn return_to_conflict(&mut self) {
        if self.form().is_some_and(Form::has_conflict) {
            self.ask(Question::Conflict, DEAF);
        }
    }

    pub(super) fn ask(&mut self, question: Question, deaf: Duration) {
        let deaf_until = self.now.elapsed + deaf;
        self.search.field = None;
        let choice = self.choices(&question)[0];
        self.dialog = Some(Dialog::Question { question, choice, scroll: Scroll::default(), deaf_until });
    }

    pub(super) fn choose(&mut self, motion: Motion) {
        let Some(Dialog::Question { question, choice, .. }) = &self.dialog else {
            return self.choose_first(motion);
        };
        let (choices, chosen) = (self.choices(question), self.chosen(question, *choice));
        let place = choices.iter().position(|choice| *choice == chosen).unwrap_or(0);
        let step = if motion == Motion::Up { choices.len() - 1 } else { 1 };
        if let Some(Dialog::Question { choice, .. }) = &mut self.dialog {
            *choice = choices[(place + step) % choices.len()];
        }
    }

    pub(super) fn accept(&mut self) -> Vec<Effect> {
        let Some(Dialog::Question { question, choice, .. }) = &self.dialog else {
            return self.accept_first();
        };
        self.answer(self.chosen(question, *choice))
    }

    pub(super) fn answer(&mut self, choice: Choice) -> Vec<Effect> {
        let Some(Dialog::Question { question, .. }) = self.dialog.take() else { return Vec::new() };
        match (choice, question) {
            (Choice::KeepEditing, Question::Conflict) => vec![Effect::Order(Order::Stop)],
            (Choice::KeepEditing, _) => {
                self.return_to_conflict();
                Vec::new()
            }
            (Choice::KeepBoth, _) => vec![Effect::Order(Order::Consent(Consent::KeepBoth))],
            (Choice::UseTheirs, _) => vec![Effect::Order(Order::Consent(Consent::UseTheirs))],
            (Choice::Save | Choice::SaveAndQuit | Choice::SaveAndSwitch, Question::Protected { then }) => {
                self.save(then)
            }
            (Choice::SaveAndQuit, _) => self.ask_to_save(Then::Quit),
            (Choice::SaveAndSwitch, Question::Switch(profile)) => self.ask_to_save(Then::Switch(profile)),
            (Choice::SwitchWithoutSaving, Question::Switch(profile)) => self.leave_for(*profile),
            (Choice::Save | Choice::SaveAndSwitch | Choice::SwitchWithoutSaving, _) => Vec::new(),
            (Choice::QuitWithoutSaving, _) if self.is_sending() => self.quit_soon(true),
            (Choice::QuitWithoutSaving, _) => self.leave(0),
        }
    }

    /// Asks about a conflict that has come up while the user was looking for a row.
    pub(super) fn open_waiting_conflict(&mut self) -> Vec<Effect> {
        if self.form().is_some_and(Form::has_conflict) { self.open_conflict() } else { Vec::new() }
    }

    /// A conflict has come up. It waits while the user types a code or looks for a row, or answers another question.
    pub(super) fn open_conflict(&mut self) -> Vec<Effect> {
        if self.search.field.is_some() {
            return Vec::new();
        }
        match &self.dialog {
            Some(Dialog::Add { .. } | Dialog::Token { .. } | Dialog::Question { .. }) => return Vec::new(),
            Some(Dialog::Page(..) | Dialog::History(_) | Dialog::Profiles(_)) | None => {}
        }
        let effects = self.end_dialog();
        self.return_to_conflict();
        effects
    }

    /// Closes the dialog that is open, and the search in it. Closing the list of profiles ends its survey.
    pub(super) fn end_dialog(&mut self) -> Vec<Effect> {
        self.search.field = None;
        match self.dialog.take() {
            Some(Dialog::Profiles(_)) => vec![Effect::EndSurvey],
            _ => Vec::new(),
        }
    }
}
