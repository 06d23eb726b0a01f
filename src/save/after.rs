//! What a read a moment after a save tells: whether someone else changed the same at the same time.

use crate::settings::{Change, Settings};

/// What has changed since a save, item by item. Two saves that each add a code of their own change the same setting, and
/// neither undoes the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Aftermath {
    /// What the save changed and what has changed again.
    pub undone: Vec<Change>,
    /// What the save did not change.
    pub elsewhere: Vec<Change>,
}

impl Aftermath {
    /// True if a read after a save shows exactly what the server held before it: a copy of the server may lag behind. A second
    /// read, some seconds later, decides before someone else is named.
    pub(crate) fn may_lag(before: &Settings, after: &Settings, read: &Settings) -> bool {
        before.is_same(read) && !before.is_same(after)
    }

    /// Compares what is `read` with what the server held `after` a save of the changes `saved`.
    pub fn compare(saved: &[Change], after: &Settings, read: &Settings) -> Self {
        let is_own = |change: &Change| saved.iter().any(|own| own.item == change.item);
        let (undone, elsewhere) = after.changes_to(read).into_iter().partition(is_own);
        Self { undone, elsewhere }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::tests::{RATING, any_settings, mixed, settings};
    use proptest::prelude::*;

    #[test]
    fn a_read_that_shows_exactly_what_was_before_may_come_from_a_copy_that_lags() {
        let (before, after) = (settings(false, "A"), settings(true, "A"));
        assert!(Aftermath::may_lag(&before, &after, &settings(false, "A")));
        assert!(!Aftermath::may_lag(&before, &after, &settings(false, "A B")));
        assert!(!Aftermath::may_lag(&before, &after, &after));
        assert!(!Aftermath::may_lag(&after, &after, &after));
    }

    #[test]
    fn what_was_saved_and_changed_again_is_told_item_by_item_from_what_another_save_changed() {
        // The rating was switched on, N was added and A was removed; B was there before and stays.
        let (before, after) = (settings(false, "A B"), settings(true, "B N"));
        let saved = before.changes_to(&after);
        let cases = [
            (settings(true, "N B"), String::new(), ""),
            (settings(true, "B N OTHER"), String::new(), "OTHER off → on"),
            (settings(true, "N"), String::new(), "B on → off"),
            (settings(true, "B OTHER"), "N on → off".to_owned(), "OTHER off → on"),
            (settings(true, "A B N"), "A off → on".to_owned(), ""),
            (settings(false, "B N"), format!("{RATING} on → off"), ""),
            (mixed([true, false], "B N"), format!("{RATING} on → flags disagree"), ""),
            (settings(false, "A"), format!("{RATING} on → off, N on → off, A off → on"), "B on → off"),
        ];
        for (read, undone, elsewhere) in cases {
            let aftermath = Aftermath::compare(&saved, &after, &read);
            let sorted = |text: &str| {
                let mut items: Vec<_> = text.split(", ").map(str::to_owned).collect();
                items.sort_unstable();
                items
            };
            let words = |changes: &[Change]| {
                sorted(&changes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
            };
            assert_eq!(words(&aftermath.undone), sorted(&undone), "{read:?}");
            assert_eq!(words(&aftermath.elsewhere), sorted(elsewhere), "{read:?}");
        }
    }

    proptest! {
        #[test]
        fn every_change_stands_on_one_side_and_only_an_item_of_the_save_is_undone(
            [before, after, read] in [any_settings(), any_settings(), any_settings()]
        ) {
            let saved = before.changes_to(&after);
            let Aftermath { undone, elsewhere } = Aftermath::compare(&saved, &after, &read);
            prop_assert_eq!(undone.len() + elsewhere.len(), after.changes_to(&read).len());
            let is_saved = |change: &Change| saved.iter().any(|own| own.item == change.item);
            prop_assert!(undone.iter().all(is_saved));
            prop_assert!(!elsewhere.iter().any(is_saved));
        }
    }
}
