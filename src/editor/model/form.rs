//! The form, and what happens to it.

use super::reading::{Reading, RequestId};
use crate::save::{CallError, Save, State};
use crate::settings::{Draft, Intent, Patch, Row, SavePoint, Settings};

/// What is edited, and what is under way meanwhile.
#[derive(Clone, Debug)]
pub struct Form {
    /// What the user made of the configuration.
    pub draft: Draft,
    /// The focused row: the draft's rows come first, last the row that adds a code.
    pub focus: usize,
    /// When the configuration was read or confirmed.
    pub read_at: jiff::Zoned,
    /// What is under way.
    pub activity: Activity,
    /// What was there before the last save.
    pub before_save: Option<Settings>,
    /// A save that may still arrive, until a read tells.
    pub late: Option<LateSave>,
}

/// A save whose change may still turn up on the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LateSave {
    /// What it asked for.
    pub intent: Intent,
    /// Where the draft stood then.
    pub asked: SavePoint,
    /// What the server held before it.
    pub theirs: Settings,
    /// Nobody knows what became of it. Otherwise reads said that it had not arrived.
    pub is_unknown: bool,
}

/// What is under way while the form is shown.
#[derive(Clone, Debug)]
pub enum Activity {
    /// Nothing.
    Resting,
    /// The user asked to read again.
    Reading(Reading),
    /// The silent read after a save.
    Rereading(Rereading),
    /// A save.
    Saving(Box<Saving>),
}

/// The silent read after a save: did somebody change the same settings at the same time?
#[derive(Clone, Debug)]
pub struct Rereading {
    /// Its number.
    pub request: RequestId,
    /// What the save had asked for.
    pub saved: Patch,
    /// What the server held before the save.
    pub theirs: Settings,
    /// It reads a second time: the first read may have come from a copy of the server that lags behind.
    pub is_second: bool,
}

/// A save under way.
#[derive(Clone, Debug)]
pub struct Saving {
    /// Its number.
    pub request: RequestId,
    /// The save's own value.
    pub save: Save,
    /// Where the draft stood when the user pressed `s`.
    pub asked: SavePoint,
    /// What the server held just before the newest PATCH.
    pub theirs: Option<Settings>,
    /// Which try a read is at, and why the one before failed.
    pub retry: Option<(usize, CallError)>,
    /// What follows when it has ended.
    pub then: Then,
}

/// What follows a save.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// The form.
    Stay,
    /// The end, if it was saved.
    Quit,
    /// The end, if it was saved or the grace is over.
    QuitSoon {
        /// The user gave up the edits made since.
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
    /// Changes the draft. The focus stays on its row, or as near as can be where that row is gone.
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

    /// The rows from top to bottom.
    pub fn rows(&self) -> impl Iterator<Item = FormRow<'_>> {
        self.draft.rows().map(FormRow::Item).chain([FormRow::Add])
    }

    /// The focused row.
    pub fn focused(&self) -> FormRow<'_> {
        self.draft.rows().nth(self.focus).map_or(FormRow::Add, FormRow::Item)
    }

    /// The save under way.
    pub fn saving(&self) -> Option<&Saving> {
        match &self.activity {
            Activity::Saving(saving) => Some(saving),
            _ => None,
        }
    }

    /// The request that a save would send if the server still holds the baseline.
    pub fn patch(&self) -> Patch {
        Patch::between(self.draft.baseline(), &self.draft.settings())
    }

    /// The save whose outcome nobody knows.
    pub fn unknown(&self) -> Option<&LateSave> {
        self.late.as_ref().filter(|late| late.is_unknown)
    }

    /// True where something is under way that Esc stops.
    pub fn can_be_stopped(&self) -> bool {
        match &self.activity {
            Activity::Resting | Activity::Rereading(_) => false,
            Activity::Reading(_) => true,
            Activity::Saving(saving) => !matches!(saving.save.state(), State::Ended(_)),
        }
    }
}
