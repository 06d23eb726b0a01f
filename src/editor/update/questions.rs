//! Questions with buttons, and what their answers do.

use super::super::keymap::Motion;
use super::super::message::Effect;
use super::super::model::{Choice, Dialog, Form, Model, Question, Then};
use super::Duration;
use crate::api::save::{Consent, Order, State};

impl Model {
    /// A conflict waits for an answer until it has one, whatever else was opened meanwhile.
    pub(super) fn return_to_conflict(&mut self) {
        let saving = self.form().and_then(Form::saving);
        if saving.is_some_and(|saving| matches!(saving.save.state(), State::Conflict(_))) {
            self.ask(Question::Conflict, Duration::ZERO);
        }
    }

    pub(super) fn ask(&mut self, question: Question, deaf: Duration) {
        let deaf_until = self.now.elapsed + deaf;
        self.dialog = Some(Dialog::Question { question, choice: 0, top: 0, deaf_until });
    }

    pub(super) fn choose(&mut self, motion: Motion) {
        let Some(Dialog::Question { question, .. }) = self.dialog else { return };
        let count = self.choices(question).len();
        let step = if motion == Motion::Up { count - 1 } else { 1 };
        if let Some(Dialog::Question { choice, .. }) = &mut self.dialog {
            *choice = (*choice + step) % count;
        }
    }

    pub(super) fn accept(&mut self) -> Vec<Effect> {
        let Some(Dialog::Question { question, choice, .. }) = self.dialog else { return Vec::new() };
        self.choices(question).get(choice).map(|choice| self.chosen(*choice)).unwrap_or_default()
    }

    pub(super) fn chosen(&mut self, choice: Choice) -> Vec<Effect> {
        let Some(Dialog::Question { question, .. }) = self.dialog.take() else { return Vec::new() };
        match (choice, question) {
            (Choice::KeepEditing, Question::Conflict) => vec![Effect::Order(Order::Stop)],
            (Choice::KeepEditing, _) => {
                self.return_to_conflict();
                Vec::new()
            }
            (Choice::KeepBoth, _) => vec![Effect::Order(Order::Consent(Consent::KeepBoth))],
            (Choice::UseTheirs, _) => vec![Effect::Order(Order::Consent(Consent::UseTheirs))],
            (Choice::SaveAndQuit, _) => self.ask_to_save(Then::Quit),
            (Choice::Save, Question::Protected { then }) => self.save(then),
            (Choice::SwitchWithoutSaving, Question::Switch { index }) => self.switch_to_profile(index),
            (Choice::Save | Choice::SwitchWithoutSaving, _) => Vec::new(),
            (Choice::QuitWithoutSaving, _) if self.is_sending() => self.quit_soon(true),
            (Choice::QuitWithoutSaving, _) => self.leave(0),
        }
    }
}
