//! What a read a moment after a save tells: whether someone else changed the same at the same time.

use crate::settings::{Change, Patch, Settings};

/// What has changed since a save.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Aftermath {
    /// Nothing.
    Quiet,
    /// A setting that was saved, perhaps among others.
    Undone(Vec<Change>),
    /// Something else.
    Elsewhere(Vec<Change>),
}

impl Aftermath {
    /// True if a read after a save shows exactly what the server held before it: a copy of the server may lag behind. A second
    /// read, some seconds later, decides before someone else is named.
    pub(crate) fn may_lag(before: &Settings, after: &Settings, read: &Settings) -> bool {
        before.is_same(read) && !before.is_same(after)
    }

    /// Compares what is `read` with what the server held after `saved` had been applied to it.
    pub fn compare(saved: &Patch, after: &Settings, read: &Settings) -> Self {
        let changes = after.changes_to(read);
        if changes.is_empty() {
            Self::Quiet
        } else if saved.is_same_where_asked(after, read) {
            Self::Elsewhere(changes)
        } else {
            Self::Undone(changes)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::tests::settings;

    #[test]
    fn a_read_that_shows_exactly_what_was_before_may_come_from_a_copy_that_lags() {
        let (before, after) = (settings(false, "A"), settings(true, "A"));
        assert!(Aftermath::may_lag(&before, &after, &settings(false, "A")));
        assert!(!Aftermath::may_lag(&before, &after, &settings(false, "A B")));
        assert!(!Aftermath::may_lag(&before, &after, &after));
        assert!(!Aftermath::may_lag(&after, &after, &after));
    }

    #[test]
    fn a_setting_that_was_saved_is_told_from_another_one() {
        let saved = Patch::between(&settings(false, "A B"), &settings(true, "A B"));
        let aftermath = |read| Aftermath::compare(&saved, &settings(true, "A B"), &read);
        assert_eq!(aftermath(settings(true, "B A")), Aftermath::Quiet);
        assert!(matches!(aftermath(settings(false, "A")), Aftermath::Undone(changes) if changes.len() == 2));
        assert!(
            matches!(aftermath(settings(true, "A")), Aftermath::Elsewhere(changes) if changes.len() == 1)
        );
    }
}
