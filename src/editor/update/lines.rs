//! What the user types line by line: a word for an action, an answer, a text. The rules are those of the keys.

use tui_input::Input;

use super::super::keymap::{self, Action, Resolved};
use super::super::message::Effect;
use super::super::model::{Choice, Dialog, FirstChoice, FirstStep, HiddenInput, Model, Phase};

const NOT_HERE: &str = "That does not work here.";

impl Model {
    /// Does an action if the keys for it would do it now, or says why not. With a place the focus goes there first.
    pub(super) fn act_on(&mut self, action: Action, place: Option<usize>) -> Vec<Effect> {
        if let Some(place) = place {
            self.focus_on(place);
        }
        match keymap::resolve_action(self, action) {
            Resolved::Act(action) => self.act(action, None),
            Resolved::Refused(why) => self.hint(why),
            Resolved::Nothing | Resolved::Unbound => self.hint(NOT_HERE),
        }
    }

    fn focus_on(&mut self, place: usize) {
        if let Phase::AskToken(first) = &mut self.phase
            && let (FirstStep::Choosing(chosen), Some(choice)) =
                (&mut first.step, FirstChoice::ALL.get(place))
            && self.dialog.is_none()
        {
            *chosen = *choice;
        } else {
            self.set_focus(place);
        }
    }

    /// Presses a button of the question that is open. A button that the question does not have is not pressed.
    pub(super) fn give_answer(&mut self, choice: Choice) -> Vec<Effect> {
        self.hint = None;
        match &self.dialog {
            Some(Dialog::Question { question, .. }) if self.choices(question).contains(&choice) => {
                self.answer(choice)
            }
            _ => self.hint(NOT_HERE),
        }
    }

    /// Adds a code without opening the field for it.
    pub(super) fn add_by_name(&mut self, code: &str) -> Vec<Effect> {
        match keymap::resolve_action(self, Action::Add) {
            Resolved::Act(_) => {}
            Resolved::Refused(why) => return self.hint(why),
            Resolved::Nothing | Resolved::Unbound => return self.hint(NOT_HERE),
        }
        (self.hint, self.notice) = (None, None);
        match self.add_code(code) {
            Ok(()) => Vec::new(),
            Err(error) => self.hint(format!("Not added. {error}")),
        }
    }

    /// Puts a whole text into the field that is open, and takes it.
    pub(super) fn enter(&mut self, text: &HiddenInput) -> Vec<Effect> {
        let Some(field) = self.field() else { return self.hint(NOT_HERE) };
        *field = Input::from(text.0.value());
        self.act_on(Action::Submit, None)
    }
}
