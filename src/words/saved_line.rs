//! The words for a save that the history holds, on a screen and without one.

use super::outcome::list_changes;
use jiff::Timestamp;

use crate::journal::{SavedLine, render_time};
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

/// `the save of 14:02:10 by support`. `at` is the time of the save as the reader sees times; `None` where it is unknown.
pub(crate) fn name_save(saved: &SavedLine, at: Option<&str>) -> String {
    let of = at.map(|at| format!(" of {at}")).unwrap_or_default();
    format!("the save{of} {}", name_author(saved))
}

/// Why the history cannot be read, as part of a sentence.
pub(crate) fn describe_unreadable_history(error: &ReadError) -> String {
    format!("the history cannot be read: {error}")
}

/// The newest saves of the history are shown, and the history may hold more.
pub(crate) fn describe_newest(count: usize) -> String {
    format!("These are the newest {count}. convrating history --limit 0 prints all.")
}

/// The history holds no save of the kind that was asked for. `which` is empty or begins with a space: ` with the profile a`. `since`
/// is the time that the user asked for.
pub(crate) fn describe_empty_history(which: &str, since: Option<Timestamp>) -> String {
    let when = since.map_or_else(|| "yet".to_owned(), |since| format!("since {}", render_time(since)));
    format!("Nothing was saved{which} from this machine {when}.")
}

#[cfg(test)]
mod tests {
    use std::io;

    use serde_json::{Value, json};

    use super::*;
    use crate::journal::tests::read_one;

    /// A save that added the code A, with another value in this field.
    fn saved(field: &str, value: Value) -> SavedLine {
        let mut line = json!({"event": "intent", "user": "support", "ssh_client": "192.0.2.7",
                              "before": {"conv_rating_question_codes": []},
                              "after": {"conv_rating_question_codes": ["A"]}});
        line[field] = value;
        read_one(&line)
    }

    #[test]
    fn a_save_is_named_by_its_changes_and_its_author() {
        assert_eq!(list_saved_changes(&saved("event", json!("intent"))), "A off → on");
        assert_eq!(list_saved_changes(&saved("after", json!(null))), "");
        let cases = [
            ("event", json!("intent"), "by support from 192.0.2.7"),
            ("ssh_client", json!(null), "by support"),
            ("user", json!(null), "by - from 192.0.2.7"),
            ("user", json!("a\u{1b}"), "by a^[ from 192.0.2.7"),
        ];
        for (field, value, expected) in cases {
            assert_eq!(name_author(&saved(field, value)), expected);
        }
    }

    #[test]
    fn the_history_says_what_it_does_not_show() {
        assert_eq!(describe_newest(20), "These are the newest 20. convrating history --limit 0 prints all.");
        assert_eq!(
            describe_empty_history(" with the profile a", None),
            "Nothing was saved with the profile a from this machine yet."
        );
        assert_eq!(
            describe_empty_history("", Some(Timestamp::UNIX_EPOCH)),
            "Nothing was saved from this machine since 1970-01-01T00:00:00.000Z."
        );
        let error = ReadError::Io(io::ErrorKind::PermissionDenied.into());
        assert_eq!(describe_unreadable_history(&error), "the history cannot be read: permission denied");
    }
}
