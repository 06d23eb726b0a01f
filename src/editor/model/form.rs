//! The form, and the read or save that is under way while it is on screen.

use super::reading::{Reading, RequestId};
use super::session::Session;
use crate::save::{CallError, Save, State};
use crate::settings::{Change, Draft, Intent, Patch, Row, SavePoint, Settings};
use crate::terminal::Key;

/// The form: the draft, and the request that is under way.
#[derive(Clone, Debug)]
pub struct Form {
    /// The configuration with the edits of the user.
    pub draft: Draft,
    /// The number of the focused row. The rows of the draft come first, and the row that adds a code is the last one.
    pub focus: usize,
    /// The time at which the server last answered with the configuration.
    pub read_at: jiff::Zoned,
    /// The request that is under way.
    pub activity: Activity,
    /// The search for the save that `b` sets back, while it is under way.
    pub bringing_back: Option<BringingBack>,
    /// A save that has ended in doubt: its change may still arrive at the server. A read can show that it has.
    pub late: Option<LateSave>,
}

/// The search for the save that `b` sets back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BringingBack {
    /// The number of the request.
    pub request: RequestId,
    /// The keys that the user has pressed since. They are for the form as it will be.
    pub keys: Vec<Key>,
}

/// A save that has ended, and whose change may still arrive at the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LateSave {
    /// The changes that it asked for.
    pub intent: Intent,
    /// The edits that it carried.
    pub asked: SavePoint,
    /// What the server held before it.
    pub theirs: Settings,
    /// When its newest PATCH was sent.
    pub sent_at: jiff::Zoned,
    /// True where no read has shown yet whether the change arrived. False where a read showed that it had not.
    pub is_unknown: bool,
}

/// The request that is under way while the form is on screen.
#[derive(Clone, Debug)]
pub enum Activity {
    /// No request.
    Resting,
    /// A read that the user asked for.
    Reading(Reading),
    /// The read that follows a save by itself.
    Rereading(Rereading),
    /// A save.
    Saving(Box<Saving>),
}

/// The read that follows a save by itself. It finds out whether another user changed the same settings at the same time.
#[derive(Clone, Debug)]
pub struct Rereading {
    /// The number of the request.
    pub request: RequestId,
    /// What the save changed.
    pub saved: Vec<Change>,
    /// What the server held before the save.
    pub theirs: Settings,
    /// It reads a second time: the first read may have come from a copy of the server that lags behind.
    pub is_second: bool,
}

/// A save under way.
#[derive(Clone, Debug)]
pub struct Saving {
    /// The number of the request.
    pub request: RequestId,
    /// The state of the save.
    pub save: Save,
    /// The edits that the draft had when the user pressed `s`.
    pub asked: SavePoint,
    /// What the server held just before the newest PATCH, and when that was sent; `None` before the first PATCH.
    pub theirs: Option<(Settings, jiff::Zoned)>,
    /// The number of the try that a read is at, and why the try before failed.
    pub retry: Option<(usize, CallError)>,
    /// What the editor does when the save has ended.
    pub then: Then,
}

/// What the editor does after a save.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Then {
    /// It shows the form.
    Stay,
    /// It ends, if the save succeeded.
    Quit,
    /// It opens this profile, if the save succeeded.
    Switch(Box<Session>),
    /// It ends, if the save succeeded or its time to end is over.
    QuitSoon {
        /// The user gave up the edits that were made after the save began.
        drops_edits: bool,
    },
}

/// A row of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormRow<'a> {
    /// A switch or a question code.
    Item(Row<'a>),
    /// The row that adds a code.
    Add,
}

impl Form {
    /// Changes the draft. The focus stays on its row, or on the nearest one where that row is gone.
    pub fn change(&mut self, change: impl FnOnce(&mut Draft)) {
        let focused = match self.focused() {
            FormRow::Item(row) => Some(row.item.clone()),
            FormRow::Add => None,
        };
        change(&mut self.draft);
        let last = self.row_count() - 1;
        self.focus = match focused {
            Some(focused) => {
                let place = self.draft.items().position(|item| *item == focused);
                place.unwrap_or(self.focus.min(last))
            }
            None => last,
        };
    }

    /// How many rows there are.
    pub fn row_count(&self) -> usize {
        self.draft.items().count() + 1
    }

    /// The focused row.
    pub fn focused(&self) -> FormRow<'_> {
        self.draft.items().nth(self.focus).map_or(FormRow::Add, |item| FormRow::Item(self.draft.row(item)))
    }

    /// The save that is under way.
    pub fn saving(&self) -> Option<&Saving> {
        match &self.activity {
            Activity::Saving(saving) => Some(saving),
            _ => None,
        }
    }

    /// True while a save waits for the user's answer about a conflict.
    pub(crate) fn has_conflict(&self) -> bool {
        self.saving().is_some_and(|saving| matches!(saving.save.state(), State::Conflict(_)))
    }

    /// The request that a save would send if the server still holds the baseline.
    pub fn patch(&self) -> Patch {
        Patch::between(self.draft.baseline(), &self.draft.settings())
    }

    /// The save of which no read has shown yet whether its change arrived.
    pub fn unknown(&self) -> Option<&LateSave> {
        self.late.as_ref().filter(|late| late.is_unknown)
    }

    /// True while a request is under way that Esc can stop.
    pub(crate) fn can_be_stopped(&self) -> bool {
        match &self.activity {
            _ if self.bringing_back.is_some() => true,
            Activity::Resting | Activity::Rereading(_) => false,
            Activity::Reading(_) => true,
            Activity::Saving(saving) => !matches!(saving.save.state(), State::Ended(_)),
        }
    }
}
