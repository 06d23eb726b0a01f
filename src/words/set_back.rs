//! The words for what a save changed and what stays as it is, when the save is set back.

use super::audience::Audience;
use super::outcome::list_changes;
use super::saved_line::name_save;
use crate::journal::{SavedLine, render_time};
use crate::settings::{Item, LeftReason, SetBack};

/// Each reason and what is said for it: a sentence, and whether it names the items.
const REASONS: [(LeftReason, &str, bool); 4] = [
    (LeftReason::FlagsDisagreed, "Before that save the flags disagreed: that cannot be brought back.", false),
    (LeftReason::ListTooLong, "Left as they are, because the list of questions is too long", true),
    (
        LeftReason::Unrecorded,
        "A code that looks like a token is not in the history: it cannot be brought back.",
        false,
    ),
    (LeftReason::AlreadyBack, "Back already", true),
];

/// Why there is no save that could be set back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MissingSave {
    /// The demo forgets its saves.
    Demo,
    /// The token does not name its agent. A save in the history may be to another one.
    AgentUnknown,
    /// The history has none to this agent with this profile.
    NotRecorded,
}

/// What was set back as a draft, and what was not and why. `save` names the save: `the save of 14:02:10 by support`.
pub(crate) fn describe_set_back(back: &SetBack, save: &str) -> String {
    let is_all_back = back.left.iter().all(|(_, reason)| *reason == LeftReason::AlreadyBack);
    let done = match back.changes.as_slice() {
        [] if is_all_back => {
            return format!("Nothing to bring back: the form already shows it. It was {save}.");
        }
        [] => "Nothing to bring back.".to_owned(),
        changes => format!("Brought back, as a draft: {}.", list_changes(changes)),
    };
    let left = list_left(back);
    [done].into_iter().chain(left).chain([format!("It was {save}.")]).collect::<Vec<_>>().join(" ")
}

/// Which save `undo` sets back, what it leaves as it is, and why.
pub(crate) fn describe_undo(back: &SetBack, saved: &SavedLine) -> String {
    let save = name_save(saved, saved.time.map(render_time).as_deref());
    let [first, last] = match back.changes.as_slice() {
        [] => ["Nothing to undo.".to_owned(), format!("It was {save}.")],
        _ => [format!("This undoes {save}."), String::new()],
    };
    let left = list_left(back);
    [first].into_iter().chain(left).chain([last]).collect::<Vec<_>>().join(" ").trim_end().to_owned()
}

/// There is no save that could be set back, and this is why.
pub(crate) fn describe_missing_save(reason: MissingSave, audience: Audience) -> String {
    let done = match audience {
        Audience::Editor | Audience::Lines => "Nothing to bring back",
        Audience::Shell => "Nothing to undo",
    };
    let reason = match reason {
        MissingSave::Demo => "the demo keeps no history",
        MissingSave::AgentUnknown => {
            "the token does not name its agent, so no save in the history is surely to this one"
        }
        MissingSave::NotRecorded => {
            "no save to this agent with this profile is in the history of this machine"
        }
    };
    format!("{done}: {reason}.")
}

/// The sentences for what is left as it is.
fn list_left(back: &SetBack) -> impl Iterator<Item = String> {
    REASONS.iter().filter_map(|row| describe_left(back, row))
}

/// The sentence for what is left for one reason; `None` where nothing is.
fn describe_left(back: &SetBack, (reason, words, names): &(LeftReason, &str, bool)) -> Option<String> {
    let left = back.left.iter().filter(|(_, why)| why == reason);
    let items: Vec<_> = left.map(|(item, _)| Item::to_string(item)).collect();
    let sentence = || if *names { format!("{words}: {}.", items.join(", ")) } else { (*words).to_owned() };
    (!items.is_empty()).then(sentence)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::tests::{code, settings};

    #[test]
    fn what_was_done_comes_first_then_each_reason_with_its_items_then_the_save() {
        let changes = settings(true, "A").changes_to(&settings(false, "A"));
        let left = [
            (code("B"), LeftReason::AlreadyBack),
            (code("C"), LeftReason::AlreadyBack),
            (code("D"), LeftReason::ListTooLong),
            (code("<token>"), LeftReason::Unrecorded),
        ];
        let all = SetBack { changes, left: left.into() };
        assert_eq!(
            describe_set_back(&all, "the save of 14:02:10"),
            "Brought back, as a draft: rating on → off. Left as they are, because the list of questions is too long: D. A code \
             that looks like a token is not in the history: it cannot be brought back. Back already: B, C. It was the save of \
             14:02:10."
        );
    }

    #[test]
    fn where_nothing_is_set_back_the_words_say_so_and_why() {
        let describe = |reason| {
            let back = SetBack { changes: Vec::new(), left: vec![(code("A"), reason)] };
            describe_set_back(&back, "it")
        };
        let already = describe(LeftReason::AlreadyBack);
        assert!(already.starts_with("Nothing to bring back: the form already shows it."), "{already}");
        let long = describe(LeftReason::ListTooLong);
        assert!(long.starts_with("Nothing to bring back. Left as they are, because"), "{long}");
    }
}
