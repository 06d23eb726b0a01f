//! The text fields: a new code, the name of a new profile, and the two for a hidden token.

use tui_input::{Input, InputRequest};

use super::super::keymap::Scope;
use super::super::message::Effect;
use super::super::model::{Dialog, FirstStep, Model, Phase};
use crate::settings::AddError;
use crate::terminal::Key;
use crate::visible::is_hidden;

/// A field takes so many characters. A token is far shorter; the paste of a wrong text may be far longer.
const MAX_CHARS: usize = 16 * 1024;
/// The field of the search takes so many: a code that can be edited has no more.
const MAX_SEARCH_CHARS: usize = 200;

const HIDDEN_IN_NAME: &str = "a profile's name has no control or invisible characters";

impl Model {
    pub(super) fn open_field(&mut self) {
        self.notice = None;
        self.dialog = Some(Dialog::Add { field: Input::default(), refusal: None });
    }

    /// Puts a character into the field that is open. Other keys are no text.
    pub(super) fn type_text(&mut self, key: Key) {
        if let Key::Char(character) = key {
            self.insert_text(character.encode_utf8(&mut [0; 4]));
        }
    }

    /// Puts a text into the field that is open, as far as the field has room. The fields for a code and for a name
    /// refuse a hidden character, wherever it stands.
    pub(super) fn insert_text(&mut self, text: &str) {
        let is_shown = matches!(Scope::from_model(self), Scope::Field | Scope::Name);
        let is_search = Scope::from_model(self) == Scope::Search;
        let limit = if is_search { MAX_SEARCH_CHARS } else { MAX_CHARS };
        let Some(field) = self.field() else { return };
        let room = limit.saturating_sub(field.value().chars().count());
        for character in text.chars().filter(|character| !(is_shown && is_hidden(*character))).take(room) {
            field.handle(InputRequest::InsertChar(character));
        }
        self.text_changed();
        self.refuse_if(text.chars().any(is_hidden));
    }

    /// Puts pasted text into the field that is open. A paste may come in pieces: what is said of one stays with the next.
    pub(super) fn insert_pasted(&mut self, text: &str) {
        let was_refused = self.has_refused_hidden();
        self.insert_text(text);
        self.refuse_if(was_refused);
    }

    /// Takes keys that arrived at once: characters, and those that delete one. They may be a piece of a paste.
    pub(super) fn take_text_keys(&mut self, keys: &[Key]) {
        let was_refused = self.has_refused_hidden();
        for key in keys {
            match key {
                Key::Backspace | Key::Delete => self.edit_text(*key),
                _ => self.type_text(*key),
            }
        }
        let is_hidden_key = |key: &Key| matches!(key, Key::Char(character) if is_hidden(*character));
        self.refuse_if(was_refused || keys.iter().any(is_hidden_key));
    }

    /// True if the field for a code says that it has refused a hidden character.
    fn has_refused_hidden(&self) -> bool {
        matches!(self.dialog, Some(Dialog::Add { refusal: Some(AddError::Hidden), .. }))
    }

    /// Says in the field for a code or a name that a character is refused which the user could not see there.
    fn refuse_if(&mut self, has_hidden: bool) {
        match (&mut self.dialog, &mut self.phase) {
            (Some(Dialog::Add { refusal, .. }), _) if has_hidden => *refusal = Some(AddError::Hidden),
            (None, Phase::AskToken(first)) if has_hidden && first.is_naming() => {
                first.refusal = Some(format!("Not taken: {HIDDEN_IN_NAME}."));
            }
            _ => {}
        }
    }

    pub(super) fn edit_text(&mut self, key: Key) {
        let request = match key {
            Key::Left => InputRequest::GoToPrevChar,
            Key::Right => InputRequest::GoToNextChar,
            Key::Home => InputRequest::GoToStart,
            Key::End => InputRequest::GoToEnd,
            Key::Backspace => InputRequest::DeletePrevChar,
            Key::Delete => InputRequest::DeleteNextChar,
            Key::Ctrl('u') => InputRequest::DeleteFromStart,
            Key::Ctrl('w') => InputRequest::DeletePrevWord,
            _ => return,
        };
        if let Some(field) = self.field() {
            field.handle(request);
            self.text_changed();
        }
    }

    pub(super) fn submit(&mut self) -> Vec<Effect> {
        match Scope::from_model(self) {
            Scope::Name => self.submit_name(),
            Scope::Token => self.submit_first_token(),
            Scope::NewToken => self.submit_new_token(),
            _ => self.submit_code(),
        }
    }

    fn submit_code(&mut self) -> Vec<Effect> {
        let Some(Dialog::Add { field, .. }) = &self.dialog else { return Vec::new() };
        let typed = field.value().to_owned();
        match self.add_code(&typed) {
            Ok(()) => {
                self.dialog = None;
                self.return_to_conflict();
            }
            Err(error) => {
                if let Some(Dialog::Add { field, refusal }) = &mut self.dialog {
                    *refusal = Some(error);
                    if error == AddError::TokenShaped {
                        field.reset();
                    }
                }
            }
        }
        Vec::new()
    }

    /// Adds this code to the draft. The focus goes to its row, which is just above the row that adds a code.
    pub(super) fn add_code(&mut self, typed: &str) -> Result<(), AddError> {
        let Some(form) = self.form_mut() else { return Ok(()) };
        let mut added = Ok(());
        form.change(|draft| added = draft.add(typed));
        if added.is_ok() {
            form.focus = form.row_count() - 2;
        }
        added
    }

    /// True if characters go into a field.
    pub(super) fn has_field(&self) -> bool {
        Scope::from_model(self).is_text()
    }

    /// True while the user types a code or looks for a row, also where the terminal is too small to show it.
    pub(super) fn is_typing(&self) -> bool {
        matches!(self.dialog, Some(Dialog::Add { .. })) || self.search.field.is_some()
    }

    /// The field that characters go to, if one is open and focused.
    pub(super) fn field(&mut self) -> Option<&mut Input> {
        let scope = Scope::from_model(self);
        if scope == Scope::Search {
            return self.search.field.as_mut().map(|field| &mut field.input);
        }
        match (&mut self.dialog, &mut self.phase) {
            (Some(Dialog::Add { field, .. }), _) if scope == Scope::Field => Some(field),
            (Some(Dialog::Token { field, request: None, .. }), _) if scope == Scope::NewToken => {
                Some(&mut field.0)
            }
            (None, Phase::AskToken(first)) if scope.is_text() && first.request.is_none() => {
                match &mut first.step {
                    FirstStep::Choosing(_) => None,
                    FirstStep::Naming(name) => Some(name),
                    FirstStep::Typing { field, .. } => Some(&mut field.0),
                }
            }
            _ => None,
        }
    }

    /// What was said of the text before is no longer true, and a search goes where the text leads.
    fn text_changed(&mut self) {
        self.follow_search();
        match (&mut self.dialog, &mut self.phase) {
            (Some(Dialog::Add { refusal, .. }), _) => *refusal = None,
            (Some(Dialog::Token { refusal, .. }), _) => *refusal = None,
            (None, Phase::AskToken(first)) => first.refusal = None,
            _ => {}
        }
    }
}
