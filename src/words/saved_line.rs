//! The words for a save that the history holds, on a screen and without one.

use super::outcome::list_changes;
use crate::journal::SavedLine;
use crate::private::ReadError;
use crate::visible::visible;

/// What changed from before the save to its end: `rating off → on`. It is empty where the history does not tell it.
pub(crate) fn list_saved_changes(saved: &SavedLine) -> String {
    list_changes(&saved.before.changes_to(&saved.after))
}

/// The user who saved: `by support from 192.0.2.7`.
pub(crate) fn name_author(saved: &SavedLine) -> String {
    let from = saved.ssh_client.as_ref().map(|client| format!(" from {}", visible(client)));
    format!("by {}{}", visible(saved.user.as_deref().unwrap_or("-")), from.unwrap_or_default())
}

/// Why the history cannot be read, as part of a sentence.
pub(crate) fn describe_unreadable_history(error: &ReadError) -> String {
    format!("the history cannot be read: {error}")
}

/// The editor shows the newest saves of the history, and the history holds more.
pub(crate) fn describe_newest(count: usize) -> String {
    format!("These are the newest {count}. convrating history prints older ones too.")
}

/// The history holds no save of the kind that was asked for. `which` is empty or begins with a space: ` with the profile a`.
pub(crate) fn describe_empty_history(which: &str) -> String {
    format!("Nothing was saved{which} from this machine yet.")
}
