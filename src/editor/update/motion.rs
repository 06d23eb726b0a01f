//! Moving the focus and scrolling, and keys that change nothing.

use super::super::keymap::{self, Action, Resolved};
use super::super::message::Message;
use super::super::model::{Dialog, Form, Model, Motion, Now};
use crate::terminal::Key;

impl Model {
    /// True if `message` would change nothing that is drawn: keys without an effect. The caller need not hand it to the model, and
    /// need not draw a frame.
    pub fn ignores(&self, message: &Message, now: &Now) -> bool {
        let Message::Keys { keys, burst } = message else { return false };
        let is_typed = !burst || keys.iter().all(|key| key.is_movement());
        let keeps_keys = self.form().is_some_and(|form| form.bringing_back.is_some());
        is_typed && !keeps_keys && self.now.is_same_minute(now) && keys.iter().all(|key| self.is_dead(*key))
    }

    /// True if `key` has no effect now.
    fn is_dead(&self, key: Key) -> bool {
        match keymap::resolve(self, key) {
            Resolved::Nothing => true,
            Resolved::Unbound => !self.has_field() && !self.names_unbound(key),
            Resolved::Refused(why) => self.hint.as_deref() == Some(why),
            Resolved::Act(Action::Move(motion)) => match self.scroll() {
                Some(scroll) => scroll.aim(motion, self.page()) == scroll.top,
                None => self.focus() == self.aim(motion),
            },
            Resolved::Act(Action::Jump) => self.find_row(key).is_none_or(|row| self.focus() == Some(row)),
            Resolved::Act(_) => false,
        }
    }

    /// True if the first letter of a run that no key table knows is this one.
    pub(super) fn names_unbound(&self, key: Key) -> bool {
        matches!(key, Key::Char(letter) if letter.is_alphabetic())
            && !self.has_field()
            && !self.has_named_unbound
    }

    pub(super) fn move_by(&mut self, motion: Motion) {
        let page = self.page();
        if let Some(scroll) = self.scroll_mut() {
            scroll.move_by(motion, page);
        } else if let Some(place) = self.aim(motion) {
            self.set_focus(place);
        }
    }

    pub(super) fn jump(&mut self, key: Key) {
        if let Some(row) = self.find_row(key) {
            self.set_focus(row);
        }
    }

    /// The number of rows in a screenful.
    fn page(&self) -> usize {
        usize::from(self.size.rows / 2).max(1)
    }

    /// The row that `motion` leads to.
    fn aim(&self, motion: Motion) -> Option<usize> {
        let last = match &self.dialog {
            Some(Dialog::Profiles(list)) => list.states.len().saturating_sub(1),
            _ => self.form()?.row_count() - 1,
        };
        Some(motion.apply(self.focus()?, last, self.page()))
    }

    /// The row of the form that a digit names.
    fn find_row(&self, key: Key) -> Option<usize> {
        let Key::Char(digit) = key else { return None };
        let row = digit.to_digit(10)?.saturating_sub(1) as usize;
        (row < self.form().map_or(0, Form::row_count)).then_some(row)
    }
}
