//! The search: `/` opens its field, the focus jumps to the first match as the user types, and `n` and `N` go on from there.

use std::borrow::Cow;

use super::super::message::Effect;
use super::super::model::{Dialog, Model, SearchField, next_place, previous_place};
use crate::visible::visible;

impl Model {
    /// `/`: opens the field. The row that has the focus is where Esc goes back to.
    pub(super) fn open_search(&mut self) {
        let origin = self.focus().unwrap_or_default();
        let origin_name = self.row_names().into_iter().nth(origin).map(Cow::into_owned);
        self.search.field = Some(SearchField { input: tui_input::Input::default(), origin, origin_name });
    }

    /// Enter: the focus stays where the search has led it.
    pub(super) fn keep_found(&mut self) {
        if let Some(field) = self.search.field.take().filter(|field| !field.input.value().is_empty()) {
            field.input.value().clone_into(&mut self.search.text);
        }
    }

    /// Esc: the focus goes back to where it was before the search.
    pub(super) fn give_up_search(&mut self) {
        if let Some(field) = self.search.field.take() {
            self.set_focus(self.find_origin(&field));
        }
    }

    /// The text of the field has changed: the focus goes to the first match from the row of the beginning on, or back to that row.
    pub(super) fn follow_search(&mut self) {
        let Some(field) = &self.search.field else { return };
        let origin = self.find_origin(field);
        let found = next_place(&self.find_rows(field.input.value()), origin);
        self.set_focus(found.unwrap_or(origin));
    }

    /// Where the row of the beginning stands now: the rows may have changed since.
    fn find_origin(&self, field: &SearchField) -> usize {
        let names = self.row_names();
        match &field.origin_name {
            None => names.len(),
            Some(name) if names.get(field.origin).is_some_and(|other| other == name) => field.origin,
            Some(name) => names.iter().position(|other| other == name).unwrap_or(field.origin),
        }
    }

    /// `n`: the next match of the latest search.
    pub(super) fn find_next(&mut self) -> Vec<Effect> {
        let start = self.focus().map_or(0, |focus| focus + 1);
        self.find_again(|places| next_place(places, start))
    }

    /// `N`: the match before.
    pub(super) fn find_previous(&mut self) -> Vec<Effect> {
        let end = self.focus().unwrap_or_default();
        self.find_again(|places| previous_place(places, end))
    }

    fn find_again(&mut self, choose: impl FnOnce(&[usize]) -> Option<usize>) -> Vec<Effect> {
        match choose(&self.find_rows(&self.search.text)) {
            Some(place) => {
                self.set_focus(place);
                Vec::new()
            }
            None => self.hint(format!("Not found: {}", visible(&self.search.text))),
        }
    }

    pub(super) fn focus(&self) -> Option<usize> {
        match &self.dialog {
            Some(Dialog::Profiles(list)) => Some(list.focus),
            _ => self.form().map(|form| form.focus),
        }
    }

    /// Moves the focus to `place`, or to the last row where there are fewer by now.
    pub(super) fn set_focus(&mut self, place: usize) {
        match &mut self.dialog {
            Some(Dialog::Profiles(list)) => list.focus = place.min(list.states.len().saturating_sub(1)),
            _ => {
                if let Some(form) = self.form_mut() {
                    form.focus = place.min(form.row_count() - 1);
                }
            }
        }
    }
}
