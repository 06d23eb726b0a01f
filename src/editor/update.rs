//! The only place where the editor's state changes: a message goes in, effects come out. It uses no terminal, no network
//! and no clock.

mod answers;
mod bring_back;
mod copying;
mod first_start;
mod history;
mod leaving;
mod lines;
mod motion;
mod profiles;
mod questions;
mod renewal;
mod search;
mod text;

use std::collections::BTreeMap;
use std::time::Duration;

use self::answers::not_read;
use super::keymap::{self, Action, Resolved};
use super::message::{Effect, Message};
use super::model::{
    Activity, Choice, Dialog, FirstStart, FormRow, LoadFailure, Model, Notice, Now, Phase, Question, Reading,
    RequestId, Saving, Scroll, Search, Session, Size, Start, Target, Then, Tone,
};
use crate::api::Order;
use crate::save::Save;
use crate::settings::Draft;
use crate::terminal::Key;
use crate::visible::visible;
use crate::words::{Audience, Explanation};

/// The hint after a paste outside a text field.
const PASTE_REFUSED: &str = "That was a paste: outside a text field it changes nothing.";

impl Model {
    /// The model of an editor that has just started, and the effects that it begins with.
    pub fn start(start: Start, profiles: Vec<Session>, size: Size, now: Now) -> (Self, Vec<Effect>) {
        let mut model = Self {
            session: None,
            target: None,
            profiles,
            phase: Phase::AskToken(FirstStart::default()),
            left: None,
            dialog: None,
            notice: None,
            hint: None,
            search: Search::default(),
            has_named_unbound: false,
            warning: None,
            log: Vec::new(),
            history: Vec::new(),
            last_saves: BTreeMap::new(),
            size,
            audience: Audience::Editor,
            now,
            newest: 0,
        };
        let effects = match start {
            Start::AskToken { host } => {
                model.phase = Phase::AskToken(FirstStart { host, ..FirstStart::default() });
                Vec::new()
            }
            Start::ChooseProfile { host } => {
                model.phase = Phase::AskToken(FirstStart { host, ..FirstStart::default() });
                model.list_profiles()
            }
            Start::Connected(session) => model.connected(session),
            Start::Opening(session) => model.switch_to(session),
            Start::NotOpened(session, reason) => {
                model.target = session.name.clone().map(Target::Named);
                model.session = Some(session);
                model.phase = Phase::failed(LoadFailure::Open(reason));
                Vec::new()
            }
        };
        (model, effects)
    }

    /// Takes one message. Returns the effects that the loop has to carry out.
    pub fn update(&mut self, message: Message, now: Now) -> Vec<Effect> {
        self.now = now;
        match message {
            Message::Keys { keys, burst: true } => self.take_burst(&keys),
            Message::Keys { keys, burst: false } => self.press_all(keys),
            Message::Pasted(text) => self.paste(&text),
            Message::Act(action, place) => self.act_on(action, place),
            Message::Answer(choice) => self.give_answer(choice),
            Message::AddCode(code) => self.add_by_name(&code),
            Message::Entered(text) => self.enter(&text),
            Message::InputEnded => self.end_with_input(),
            Message::Resized(size) => {
                self.size = size;
                vec![Effect::Redraw]
            }
            Message::Opened { request, result } => self.opened(request, result),
            Message::OpenStopped(request) => self.open_stopped(request),
            Message::HelperFound { request, session } => self.helper_found(request, session),
            Message::Renewed { request, result } => self.renewed(request, result),
            Message::Listed { request, result } => self.listed(request, result),
            Message::Surveyed { request, index, state } => self.surveyed(request, index, state),
            Message::Retrying { request, attempt, error } => self.retrying(request, attempt, error),
            Message::Read { request, result } => self.read_ended(request, result),
            Message::SaveMoved { request, save } => self.save_moved(request, *save),
            Message::Logged(logged) => {
                self.log.push(logged);
                Vec::new()
            }
            Message::LastSaveFound { request, result } => self.last_save_found(request, result),
            Message::HistoryRead { request, result } => self.history_read(request, result),
            Message::GraceOver(request) => self.leave_during_save(request),
            Message::Copied(copied) => self.hint(copied.describe()),
            Message::Warned(text) => {
                self.warning = Some(text);
                Vec::new()
            }
        }
    }

    fn next_request(&mut self) -> RequestId {
        self.newest += 1;
        self.newest
    }

    fn say(&mut self, tone: Tone, text: impl Into<Explanation>) -> Vec<Effect> {
        self.notice = Some(Notice::Said(tone, text.into()));
        Vec::new()
    }

    fn hint(&mut self, text: impl Into<String>) -> Vec<Effect> {
        self.hint = Some(text.into());
        Vec::new()
    }

    /// Presses keys that arrived together. Those after one that lends the terminal were meant for what was on screen before.
    fn press_all(&mut self, keys: Vec<Key>) -> Vec<Effect> {
        let mut effects = Vec::new();
        for key in keys {
            if effects.contains(&Effect::LendTerminal) {
                break;
            }
            effects.extend(self.press(key));
        }
        effects
    }

    fn press(&mut self, key: Key) -> Vec<Effect> {
        if self.is_deaf() || self.keep_for_later(key) {
            return Vec::new();
        }
        match keymap::resolve(self, key) {
            Resolved::Act(action) => self.act(action, Some(key)),
            Resolved::Refused(why) => self.hint(why),
            Resolved::Nothing => Vec::new(),
            Resolved::Unbound => {
                self.type_text(key);
                self.name_unbound(key)
            }
        }
    }

    /// The first letter of a run that no key table knows gets a line that says so. The user may have pressed Caps Lock, or type
    /// with a layout that has no Latin letters.
    fn name_unbound(&mut self, key: Key) -> Vec<Effect> {
        let Key::Char(letter) = key else { return Vec::new() };
        if !self.names_unbound(key) {
            return Vec::new();
        }
        self.has_named_unbound = true;
        let small = Key::Char(letter.to_ascii_lowercase());
        let advice = match keymap::resolve(self, small) {
            // The last Latin letter with a mark on it that a keyboard has stands before this one.
            _ if letter >= '\u{250}' => " The keys are Latin letters: switch the keyboard's layout.",
            Resolved::Unbound => "",
            _ => " Is Caps Lock on?",
        };
        self.hint(format!("{} does nothing here.{advice}", visible(letter.encode_utf8(&mut [0; 4]))))
    }

    /// In a text field a paste is text. Elsewhere it changes nothing.
    fn paste(&mut self, text: &str) -> Vec<Effect> {
        if !self.has_field() {
            return self.hint(PASTE_REFUSED);
        }
        self.insert_pasted(text);
        Vec::new()
    }

    /// Takes many keys that arrived at once: a paste that the terminal does not mark, or a key that the user held down on a slow
    /// line. In a text field they are text, without line breaks. Elsewhere only the keys that move the focus count.
    fn take_burst(&mut self, keys: &[Key]) -> Vec<Effect> {
        if self.has_field() {
            self.take_text_keys(keys);
            return Vec::new();
        }
        for key in keys.iter().filter(|key| key.is_movement()) {
            if let Resolved::Act(Action::Move(motion)) = keymap::resolve(self, *key) {
                self.move_by(motion);
            }
        }
        if keys.iter().all(|key| key.is_movement()) { Vec::new() } else { self.hint(PASTE_REFUSED) }
    }

    fn is_deaf(&self) -> bool {
        matches!(self.dialog, Some(Dialog::Question { deaf_until, .. }) if self.now.elapsed < deaf_until)
    }

    /// Does what the user asks for. Without a key the actions that need one do nothing.
    fn act(&mut self, action: Action, key: Option<Key>) -> Vec<Effect> {
        if !matches!(action, Action::Move(_) | Action::Jump) {
            self.hint = None;
        }
        match action {
            Action::Move(motion) => self.move_by(motion),
            Action::Jump => key.into_iter().for_each(|key| self.jump(key)),
            Action::Toggle => return self.toggle(),
            Action::Save => return self.ask_to_save(Then::Stay),
            Action::Undo => self.edit(|draft| {
                draft.undo();
            }),
            Action::Discard => self.edit(Draft::discard),
            Action::BringBack => return self.bring_back(),
            Action::History => return self.open_history(),
            Action::Add => self.open_field(),
            Action::Profiles => return self.list_profiles(),
            Action::OpenProfile => return self.choose_profile(),
            Action::Open(page) => self.dialog = Some(Dialog::Page(page, Scroll::default())),
            Action::Reload => return self.reload(),
            Action::NewToken => return self.open_token_field(),
            Action::Close => return self.close(),
            Action::Find => self.open_search(),
            Action::FindNext => return self.find_next(),
            Action::FindPrevious => return self.find_previous(),
            Action::KeepFound => {
                self.keep_found();
                return self.open_waiting_conflict();
            }
            Action::GiveUpSearch => {
                self.give_up_search();
                return self.open_waiting_conflict();
            }
            Action::Stop => return self.stop(),
            Action::Quit => return self.quit(),
            Action::Suspend => return vec![Effect::Suspend],
            Action::Redraw => return vec![Effect::Redraw],
            Action::Copy => return self.copy(),
            Action::Choose(motion) => self.choose(motion),
            Action::Accept => return self.accept(),
            Action::SaveAndQuit => return self.answer(Choice::SaveAndQuit),
            Action::QuitWithoutSaving => return self.answer(Choice::QuitWithoutSaving),
            Action::Submit => return self.submit(),
            Action::EditText => key.into_iter().for_each(|key| self.edit_text(key)),
            Action::GoBack => return self.go_back(),
        }
        Vec::new()
    }

    fn toggle(&mut self) -> Vec<Effect> {
        let Some(form) = self.form() else { return Vec::new() };
        match form.focused() {
            FormRow::Item(row) => {
                let item = row.item.clone();
                self.edit(|draft| draft.toggle(&item));
            }
            FormRow::Add => self.open_field(),
        }
        Vec::new()
    }

    /// Changes the draft, and removes the notice: it was about the draft before the change.
    fn edit(&mut self, change: impl FnOnce(&mut Draft)) {
        self.notice = None;
        if let Some(form) = self.form_mut() {
            form.change(change);
        }
    }

    fn reload(&mut self) -> Vec<Effect> {
        if let Phase::LoadFailed(failure, _) = &self.phase {
            let is_open = matches!(failure, LoadFailure::Read(_) | LoadFailure::Stopped);
            return if is_open && !self.can_reopen(failure) { self.load() } else { self.reopen() };
        }
        let request = self.next_request();
        self.notice = None;
        if let Some(form) = self.form_mut() {
            form.activity = Activity::Reading(Reading { request, retry: None });
        }
        self.renew_from_source(request).unwrap_or_else(|| vec![Effect::Read(request)])
    }

    /// Esc stops the request that is under way. A save tells by its outcome what the stop meant.
    fn stop(&mut self) -> Vec<Effect> {
        if matches!(self.dialog, Some(Dialog::Token { .. })) {
            // The terminal is too small for the field.
            return self.close();
        }
        if self.give_up_bringing_back() {
            return self.hint("Nothing brought back: stopped.");
        }
        match &mut self.phase {
            Phase::Loading(_) => {
                self.phase = Phase::failed(LoadFailure::Stopped);
                vec![Effect::Abort]
            }
            Phase::Opening(_) => {
                self.phase = Phase::failed(LoadFailure::NotOpened);
                vec![Effect::Abort]
            }
            Phase::Ready(form) => match form.activity {
                Activity::Saving(_) => vec![Effect::Order(Order::Stop)],
                Activity::Reading(_) => {
                    form.activity = Activity::Resting;
                    self.say(Tone::Plain, not_read("stopped.".into()));
                    vec![Effect::Abort]
                }
                Activity::Resting | Activity::Rereading(_) => Vec::new(),
            },
            Phase::AskToken(_) => self.go_back(),
            Phase::LoadFailed(..) => Vec::new(),
        }
    }

    /// Esc closes the dialog. In a question it is the answer that changes nothing.
    fn close(&mut self) -> Vec<Effect> {
        if matches!(self.dialog, Some(Dialog::Question { .. })) {
            return self.answer(Choice::KeepEditing);
        }
        let given_up = self.give_up_trial();
        let effects = [given_up, self.end_dialog()].concat();
        self.return_to_conflict();
        effects
    }

    /// `s`, or Save and quit. For a protected profile the editor asks first.
    fn ask_to_save(&mut self, then: Then) -> Vec<Effect> {
        if self.session.as_ref().is_some_and(|session| session.is_protected) {
            self.ask(Question::Protected { then }, Duration::ZERO);
            return Vec::new();
        }
        self.save(then)
    }

    fn save(&mut self, then: Then) -> Vec<Effect> {
        let request = self.next_request();
        (self.notice, self.warning) = (None, None);
        let Some(form) = self.form_mut() else { return Vec::new() };
        let intent = form.draft.intent();
        let save = Save::start(intent.clone());
        let asked = form.draft.save_point();
        form.activity =
            Activity::Saving(Box::new(Saving { request, save, asked, theirs: None, retry: None, then }));
        vec![Effect::Save(request, Box::new(intent))]
    }
}
