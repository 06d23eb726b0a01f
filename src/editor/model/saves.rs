//! The saves that the editor remembers, and those that the history page shows.

use super::reading::RequestId;
use super::scroll::Scroll;
use crate::journal::SavedLine;
use crate::settings::Change;

/// The newest save of this run to an agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastSave {
    /// When its PATCH was sent.
    pub sent_at: jiff::Zoned,
    /// What it changed.
    pub changes: Vec<Change>,
}

/// The history page: the saves of the profile that is open.
#[derive(Clone, Debug)]
pub struct HistoryPage {
    /// What it shows.
    pub saves: PageSaves,
    /// How far it is scrolled.
    pub scroll: Scroll,
}

/// The saves on the history page.
#[derive(Clone, Debug)]
pub enum PageSaves {
    /// The request of this number reads the history.
    Asked(RequestId),
    /// The history was read.
    Read(FoundSaves),
    /// Why it could not be read, as part of a sentence.
    Failed(String),
    /// The demo keeps no history: the page shows the saves of this run.
    OfThisRun,
}

/// What was found in the history.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FoundSaves {
    /// The newest first.
    pub saves: Vec<SavedLine>,
    /// The history holds more.
    pub has_more: bool,
}
