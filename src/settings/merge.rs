//! The three-way merge of a save: what the user saw, what the user made of it, what the server holds now.
//!
//! Both settings are booleans or sets of booleans, so there is always exactly one answer:
//!
//! - rating: the user's where it was touched, else theirs;
//! - questions: theirs, with what the user added, without what the user removed, in their order. An addition stands
//!   before the nearest row below it that is in the result, else at the end.

use std::collections::{BTreeMap, BTreeSet};

use super::{Change, QuestionCode, Rating, Settings};

/// What the user wants changed, and against which configuration: all that a save needs to know of a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    /// What the server held when the user last saw it.
    pub baseline: Settings,
    /// The rating asked for, where the user touched it.
    pub rating: Option<bool>,
    /// The codes switched on (true) or off (false), where the user touched them.
    pub codes: BTreeMap<QuestionCode, bool>,
    /// Every row of the form from top to bottom: where an added code goes.
    pub rows: Vec<QuestionCode>,
}

impl Intent {
    /// The merge of this intent onto what the server holds now.
    pub fn merged_onto(&self, theirs: &Settings) -> Settings {
        Settings { rating: self.rating.map_or(theirs.rating, Rating::from), codes: self.merged_codes(theirs) }
    }

    /// The configuration as the user made it: the merge onto what the user saw.
    pub fn draft(&self) -> Settings {
        self.merged_onto(&self.baseline)
    }

    /// True if `settings` hold every value asked for, whatever else they hold.
    pub fn is_held_by(&self, settings: &Settings) -> bool {
        let codes = settings.code_set();
        self.rating.is_none_or(|on| settings.rating == Rating::from(on))
            && self.codes.iter().all(|(code, on)| codes.contains(code) == *on)
    }

    /// What is asked for, in words.
    pub fn changes(&self) -> Vec<Change> {
        self.baseline.changes_to(&self.draft())
    }

    /// True if the user touched a setting that somebody else changed since: sending needs consent.
    pub fn overlaps(&self, theirs: &Settings) -> bool {
        self.rating_overlaps(theirs) || self.codes_overlap(theirs)
    }

    /// True if both sides changed the rating.
    pub fn rating_overlaps(&self, theirs: &Settings) -> bool {
        self.rating.is_some() && self.baseline.rating != theirs.rating
    }

    /// True if both sides changed the questions.
    pub fn codes_overlap(&self, theirs: &Settings) -> bool {
        !self.codes.is_empty() && !self.baseline.has_same_codes(theirs)
    }

    /// The same intent as of somebody who has seen `theirs`: what is already so is no longer asked for.
    #[must_use]
    pub fn rebased(mut self, theirs: &Settings) -> Self {
        self.rating = self.rating.filter(|on| Rating::from(*on) != theirs.rating);
        self.codes.retain(|code, on| theirs.has(code) != *on);
        self.baseline = theirs.clone();
        self
    }

    fn merged_codes(&self, theirs: &Settings) -> Vec<QuestionCode> {
        let mut seen = BTreeSet::new();
        let mut merged: Vec<QuestionCode> = theirs
            .codes
            .iter()
            .filter(|code| self.codes.get(code) != Some(&false) && seen.insert((*code).clone()))
            .cloned()
            .collect();
        // From the bottom up, so that of two new neighbours the lower one is there when the upper one looks for it.
        for (index, code) in self.rows.iter().enumerate().rev() {
            if self.codes.get(code) == Some(&true) && !merged.contains(code) {
                let below = &self.rows[index + 1..];
                let place = below.iter().find_map(|row| merged.iter().position(|code| code == row));
                merged.insert(place.unwrap_or(merged.len()), code.clone());
            }
        }
        merged
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::super::Patch;
    use super::super::tests::{any_code, any_settings, settings};
    use super::*;
    use proptest::prelude::*;

    /// Any intent a form could hold: rows for every code, and only real changes.
    pub(crate) fn any_intent() -> impl Strategy<Value = Intent> {
        let codes = proptest::collection::btree_map(any_code(), any::<bool>(), 0..5);
        let rows = Just(vec!["E", "A", "\u{202e}evil", "B", "C", "D"]).prop_shuffle();
        (any_settings(), any::<Option<bool>>(), codes, rows).prop_map(|(baseline, rating, codes, rows)| {
            let rows = rows.into_iter().map(QuestionCode::new).collect();
            let seen = baseline.clone();
            Intent { baseline, rating, codes, rows }.rebased(&seen)
        })
    }

    fn intent(baseline: &str, codes: &[(&str, bool)], rows: &str) -> Intent {
        Intent {
            baseline: settings(false, baseline),
            rating: None,
            codes: codes.iter().map(|&(code, on)| (QuestionCode::new(code), on)).collect(),
            rows: settings(false, rows).codes,
        }
    }

    #[test]
    fn an_addition_goes_before_the_nearest_row_below_it_that_is_in_the_result() {
        let merged = |intent: Intent, theirs| intent.merged_onto(&settings(false, theirs)).codes;
        let codes = |text| settings(false, text).codes;
        // A code that was switched off and on again by another save comes back to its place.
        assert_eq!(merged(intent("A C", &[("B", true)], "A B C"), "A C"), codes("A B C"));
        // The row below is gone on the server: the next one counts, or the end.
        assert_eq!(merged(intent("A C D", &[("B", true)], "A B C D"), "A D"), codes("A B D"));
        assert_eq!(merged(intent("A", &[("X", true), ("Y", true)], "A X Y"), "A Z"), codes("A Z X Y"));
    }

    #[test]
    fn both_sides_count_where_they_do_not_contradict() {
        let mine = intent("A B", &[("A", false), ("C", true)], "A B C");
        assert_eq!(mine.merged_onto(&settings(true, "D B A")), settings(true, "D B C"));
    }

    #[test]
    fn an_overlap_is_a_setting_that_both_sides_changed() {
        let mine = intent("A B", &[("A", false)], "A B");
        assert!(!mine.overlaps(&settings(true, "B A")), "only the rating and the order changed");
        assert!(mine.overlaps(&settings(false, "A B C")));
    }

    proptest! {
        #[test]
        fn a_setting_the_user_did_not_touch_equals_theirs(mut intent in any_intent(), theirs in any_settings()) {
            intent.rating = None;
            prop_assert_eq!(intent.merged_onto(&theirs).rating, theirs.rating);
            intent.codes.clear();
            prop_assert!(intent.merged_onto(&theirs).is_same(&theirs));
        }

        #[test]
        fn every_touched_value_is_in_the_merge(intent in any_intent(), theirs in any_settings()) {
            let merged = intent.merged_onto(&theirs);
            prop_assert!(intent.rating.is_none_or(|on| merged.rating == Rating::from(on)));
            for (code, on) in &intent.codes {
                prop_assert_eq!(merged.has(code), *on);
            }
            prop_assert!(intent.is_held_by(&merged));
            prop_assert_eq!(intent.is_held_by(&theirs), Patch::between(&theirs, &merged).is_empty());
        }

        #[test]
        fn unknown_codes_and_their_order_survive(intent in any_intent(), theirs in any_settings()) {
            let merged = intent.merged_onto(&theirs).codes;
            let mut kept: Vec<_> = theirs.codes.clone();
            let mut seen = BTreeSet::new();
            kept.retain(|code| intent.codes.get(code) != Some(&false) && seen.insert(code.clone()));
            let survivors: Vec<_> = merged.iter().filter(|code| theirs.has(code)).cloned().collect();
            prop_assert_eq!(survivors, kept);
        }

        #[test]
        fn merging_twice_changes_nothing(intent in any_intent(), theirs in any_settings()) {
            let once = intent.merged_onto(&theirs);
            prop_assert_eq!(intent.merged_onto(&once), once);
        }

        #[test]
        fn having_seen_theirs_does_not_change_the_result(intent in any_intent(), theirs in any_settings()) {
            let merged = intent.merged_onto(&theirs);
            let rebased = intent.rebased(&theirs);
            prop_assert!(rebased.merged_onto(&theirs).is_same(&merged));
            prop_assert!(!rebased.overlaps(&theirs));
        }
    }
}
