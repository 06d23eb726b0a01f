//! `b`: sets back what the last save to this profile and agent changed, as a draft.
//!
//! The history knows the saves of earlier runs and of other programs. The editor itself remembers its own: the demo leaves no
//! history, and a history may not be writable. Of the two the newer save counts.

use super::super::message::Effect;
use super::super::model::{BringingBack, LastSave, Model, RequestId, Saving, Session};
use super::super::pages::moment;
use crate::journal::SavedLine;
use crate::settings::{Change, Intent, SetBack, Settings};
use crate::terminal::Key;
use crate::words::{Audience, MissingSave, describe_missing_save, describe_set_back, name_save};

const NOTHING_IN_THIS_RUN: &str = "Nothing to bring back: nothing was saved here in this run.";
const FORM_IS_OLDER: &str = " The form was read before that save: press r, then b again.";
const LIST_IS_OLDER: &str = " The settings were read before that save: type read, then back again.";

impl Model {
    /// Asks for the last save. In the demo the editor knows it at once.
    pub(super) fn bring_back(&mut self) -> Vec<Effect> {
        let Some(session) = &self.session else { return Vec::new() };
        if session.is_demo() {
            self.set_back_newer(None, NOTHING_IN_THIS_RUN);
            return Vec::new();
        }
        let subject = session.subject();
        let request = self.next_request();
        if let Some(form) = self.form_mut() {
            form.bringing_back = Some(BringingBack { request, keys: Vec::new() });
        }
        self.hint("Reading the history…");
        vec![Effect::FindLastSave(request, subject)]
    }

    /// Keeps a key until the history has been searched: the user means it for the form as it will be then. True if it was kept.
    pub(super) fn keep_for_later(&mut self, key: Key) -> bool {
        let is_urgent = matches!(key, Key::Esc | Key::Ctrl('c' | 'l' | 'z'));
        let waiting = self.form_mut().and_then(|form| form.bringing_back.as_mut());
        let Some(waiting) = waiting.filter(|_| !is_urgent) else { return false };
        waiting.keys.push(key);
        true
    }

    /// Gives up the search and the keys that wait for its end. False if there is none.
    pub(super) fn give_up_bringing_back(&mut self) -> bool {
        self.form_mut().is_some_and(|form| form.bringing_back.take().is_some())
    }

    /// The history has been searched. The answer is dropped if the form does not wait for it any more.
    pub(super) fn last_save_found(
        &mut self,
        request: RequestId,
        result: Result<Option<Box<SavedLine>>, String>,
    ) -> Vec<Effect> {
        let waiting = self.form_mut().map(|form| &mut form.bringing_back);
        let Some(BringingBack { keys, .. }) =
            waiting.and_then(|waiting| waiting.take_if(|waiting| waiting.request == request))
        else {
            return Vec::new();
        };
        self.take_last_save(result);
        self.press_all(keys)
    }

    fn take_last_save(&mut self, result: Result<Option<Box<SavedLine>>, String>) {
        match result {
            Ok(found) => {
                let has_agent = self.session.as_ref().is_some_and(|session| session.identity.agent.is_some());
                let reason = if has_agent { MissingSave::NotRecorded } else { MissingSave::AgentUnknown };
                self.set_back_newer(found, &describe_missing_save(reason, Audience::Editor));
            }
            Err(reason) => self.set_back_newer(None, &format!("Nothing brought back: {reason}.")),
        }
    }

    /// Sets back the newer of the save that the history holds and the last one of this run. `nothing` is said where there is none.
    fn set_back_newer(&mut self, found: Option<Box<SavedLine>>, nothing: &str) {
        let own = self.last_save().cloned();
        let is_newer = |saved: &SavedLine| {
            own.as_ref().is_none_or(|own| saved.time.is_some_and(|time| time > own.sent_at.timestamp()))
        };
        match (found.filter(|saved| is_newer(saved)), &own) {
            (Some(saved), _) => {
                let is_newer = self.is_newer_than_form(&saved);
                let note = if is_newer { self.audience.choose(FORM_IS_OLDER, LIST_IS_OLDER) } else { "" };
                self.set_back(&saved.changes(), &self.name_save(&saved), note);
            }
            (None, Some(own)) => {
                let at = moment(&own.sent_at, &self.now.local);
                self.set_back(&own.changes, &format!("the save of {at}"), "");
            }
            (None, None) => drop(self.hint(nothing)),
        }
    }

    /// True where the form was read before this save. Then it does not show what the save changed.
    fn is_newer_than_form(&self, saved: &SavedLine) -> bool {
        let read_at = self.form().map(|form| form.read_at.timestamp());
        saved.time.zip(read_at).is_some_and(|(sent_at, read_at)| sent_at > read_at)
    }

    /// Sets these changes back. `save` names the save that made them, and `note` follows what is said about it.
    fn set_back(&mut self, changes: &[Change], save: &str, note: &str) {
        let Some(form) = self.form() else { return };
        let mut back = SetBack::plan(changes, &form.draft.settings());
        self.edit(|draft| back = draft.set_back(back.clone()));
        self.hint(format!("{}{note}", describe_set_back(&back, save)));
    }

    /// `the save of 14:02:10 by support`.
    fn name_save(&self, saved: &SavedLine) -> String {
        let now = &self.now.local;
        let at = saved.time.map(|time| moment(&time.to_zoned(now.time_zone().clone()), now));
        name_save(saved, at.as_deref())
    }

    /// Keeps what a save changed that has ended, if it has sent something.
    pub(super) fn keep_change(&mut self, saving: &Saving) {
        if let Some((theirs, sent_at)) = &saving.theirs {
            self.keep_last_save(saving.save.intent(), theirs, sent_at.clone());
        }
    }

    /// Keeps what a save changed that has succeeded or may have.
    pub(super) fn keep_last_save(&mut self, intent: &Intent, theirs: &Settings, sent_at: jiff::Zoned) {
        let changes = theirs.changes_to(&intent.merged_onto(theirs));
        if let Some(subject) = self.session.as_ref().map(Session::subject) {
            self.last_saves.insert(subject, LastSave { sent_at, changes });
        }
    }
}
