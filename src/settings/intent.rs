//! The three-way merge of a save: what the user saw, what the user made of it, what the server holds now.
//!
//! Each setting is a boolean or a set of booleans, so the merge always has exactly one answer:
//!
//! - a switch: the user's value where the user touched it, else the server's;
//! - the questions: the server's codes in the server's order, with the codes that the user added and without those that
//!   the user removed. An added code goes before the nearest row below it that is in the result, else to the end.

use std::collections::{BTreeMap, BTreeSet};

use super::code::QuestionCode;
use super::configuration::Settings;
use super::item::{Change, Item, Position, Setting};

/// What the user wants changed, and in which configuration: all that a save needs to know of a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    /// What the server held when the user last saw it.
    pub baseline: Settings,
    /// The items that the user switched on (true) or off (false).
    pub edits: BTreeMap<Item, bool>,
    /// The codes of the form's rows from top to bottom: they say where an added code goes.
    pub rows: Vec<QuestionCode>,
}

impl Intent {
    /// The merge of this intent with `theirs`, what the server holds now.
    pub(crate) fn merged_onto(&self, theirs: &Settings) -> Settings {
        let mut merged = Settings { codes: self.merge_codes(theirs), ..theirs.clone() };
        for (item, is_on) in &self.edits {
            if let Item::Switch(switch) = item {
                merged.set_switch(*switch, *is_on);
            }
        }
        merged
    }

    /// The configuration as the user made it: the merge with what the user saw.
    pub fn draft(&self) -> Settings {
        self.merged_onto(&self.baseline)
    }

    /// True if `settings` hold every value that the user asked for, whatever else they hold.
    pub(crate) fn is_held_by(&self, settings: &Settings) -> bool {
        let codes = settings.code_set();
        self.edits.iter().all(|(item, is_on)| match item {
            Item::Switch(switch) => settings.switch(*switch) == Position::from(*is_on),
            Item::Code(code) => codes.contains(code) == *is_on,
        })
    }

    /// What the user asked for.
    pub fn changes(&self) -> Vec<Change> {
        self.baseline.changes_to(&self.draft())
    }

    /// True if the user touched a setting that someone else changed since: sending needs the user's consent.
    pub(crate) fn overlaps(&self, theirs: &Settings) -> bool {
        Setting::all().any(|setting| self.overlaps_in(setting, theirs))
    }

    /// True if the user and someone else both changed `setting`.
    pub(crate) fn overlaps_in(&self, setting: Setting, theirs: &Settings) -> bool {
        self.edits.keys().any(|item| item.setting() == setting) && !self.baseline.is_same_in(setting, theirs)
    }

    /// The settings that the user and someone else both changed.
    pub(crate) fn list_overlaps(&self, theirs: &Settings) -> Vec<Setting> {
        Setting::all().filter(|setting| self.overlaps_in(*setting, theirs)).collect()
    }

    /// What the form holds once the user took `theirs` in each setting that overlaps. The other edits stay.
    pub(crate) fn taking_theirs(&self, theirs: &Settings) -> Settings {
        let overlaps = self.list_overlaps(theirs);
        let mut kept = self.clone();
        kept.edits.retain(|item, _| !overlaps.contains(&item.setting()));
        kept.merged_onto(theirs)
    }

    /// The same intent after the user has seen `theirs`: what the server already has is no longer asked for.
    #[must_use]
    pub(crate) fn rebased(mut self, theirs: &Settings) -> Self {
        self.edits.retain(|item, is_on| theirs.position(item) != Position::from(*is_on));
        self.baseline = theirs.clone();
        self
    }

    fn merge_codes(&self, theirs: &Settings) -> Vec<QuestionCode> {
        let edits: BTreeMap<_, _> =
            self.edits.iter().filter_map(|(item, is_on)| Some((item.code()?, *is_on))).collect();
        let mut seen = BTreeSet::new();
        let kept = theirs.codes.iter().filter(|code| edits.get(code) != Some(&false) && seen.insert(*code));
        let mut merged: Vec<QuestionCode> = kept.cloned().collect();
        // From the bottom up: of two new neighbours the lower one is there when the upper one looks for its place.
        for (index, code) in self.rows.iter().enumerate().rev() {
            if edits.get(code) == Some(&true) && !merged.contains(code) {
                // The code itself is the first of them: it is not in the list yet.
                let below = &self.rows[index..];
                let place = below.iter().find_map(|row| merged.iter().position(|code| code == row));
                merged.insert(place.unwrap_or(merged.len()), code.clone());
            }
        }
        merged
    }
}

#[cfg(test)]
pub(crate) mod tests;
