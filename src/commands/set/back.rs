//! What `undo` makes of a configuration. `b` in the editor makes the same of a draft.

use crate::agents::Profile;
use crate::commands::failure::Failure;
use crate::journal::SavedLine;
use crate::settings::{Draft, LeftReason, SetBack, Settings};
use crate::words::{Audience, MissingSave, describe_missing_save, describe_undo};

/// Sets back in `draft` what `saved` changed, and nothing else.
///
/// # Errors
/// The server's list of codes cannot be edited, and nothing else is to be set back.
pub(super) fn apply_undo(draft: &mut Draft, saved: &SavedLine) -> Result<(), Failure> {
    let back = set_back(draft, saved);
    let is_too_long = back.left.iter().any(|(_, reason)| *reason == LeftReason::ListTooLong);
    if is_too_long && back.changes.is_empty() { Err(Failure::QuestionsTooLong) } else { Ok(()) }
}

/// Which save is undone where the server holds `there`, what stays as it is, and why.
pub(super) fn describe_back(there: &Settings, saved: &SavedLine) -> String {
    describe_undo(&set_back(&mut Draft::new(there.clone()), saved), saved)
}

/// No save to `profile` can be undone, and this is why.
pub(super) fn describe_no_save(profile: &Profile) -> String {
    let reason = match profile.identity.agent {
        _ if profile.is_demo() => MissingSave::Demo,
        None => MissingSave::AgentUnknown,
        Some(_) => MissingSave::NotRecorded,
    };
    describe_missing_save(reason, Audience::Shell)
}

fn set_back(draft: &mut Draft, saved: &SavedLine) -> SetBack {
    draft.set_back(SetBack::plan(&saved.changes(), &draft.settings()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::journal::tests::read_one;
    use crate::settings::tests::{any_settings, settings};
    use crate::settings::{Position, Setting, Switch};

    /// The save of the history that made `after` of `before`.
    fn saved(before: &Settings, after: &Settings) -> SavedLine {
        read_one(
            &json!({"event": "intent", "time": "2026-11-22T10:00:00Z", "user": "ann", "before": before, "after": after}),
        )
    }

    /// What `undo` of this save makes of `there`.
    fn undo(saved: &SavedLine, there: &Settings) -> Settings {
        let mut draft = Draft::new(there.clone());
        apply_undo(&mut draft, saved).unwrap();
        draft.settings()
    }

    /// A configuration that a save can make: no flags disagree.
    fn any_saved() -> impl Strategy<Value = Settings> {
        any_settings().prop_map(|mut settings| {
            for switch in
                Switch::all().filter(|switch| settings.switch(*switch) == Position::Mixed).collect::<Vec<_>>()
            {
                settings.set_switch(switch, true);
            }
            settings
        })
    }

    fn is_same(left: &Settings, right: &Settings) -> bool {
        Setting::all().all(|setting| left.is_same_in(setting, right))
    }

    proptest! {
        #[test]
        fn an_undo_gives_the_state_before_the_last_save_back_and_a_second_one_the_state_after_it(
            states in proptest::collection::vec(any_saved(), 2..6), undos in 1_usize..6,
        ) {
            let [.., before, after] = &states[..] else { unreachable!() };
            let mut last = saved(before, after);
            prop_assume!(last.has_changed());
            let mut there = after.clone();
            for number in 1..=undos {
                let undone = undo(&last, &there);
                let expected = if number % 2 == 1 { before } else { after };
                prop_assert!(is_same(&undone, expected));
                last = saved(&there, &undone);
                there = undone;
            }
        }

        #[test]
        fn what_others_changed_after_the_save_outlives_both_undos(
            before in any_saved(), after in any_saved(), theirs in any_saved(),
        ) {
            let first = saved(&before, &after);
            let undone = undo(&first, &theirs);
            let second = saved(&theirs, &undone);
            let again = if second.has_changed() { undo(&second, &undone) } else { undone };
            prop_assert!(is_same(&again, &theirs));
        }
    }

    #[test]
    fn the_words_name_the_save_and_what_stays_as_it_is() {
        let saved = saved(&settings(false, "A B"), &settings(true, "C"));
        let save = "the save of 2026-11-22T10:00:00.000Z by ann.";
        let cases = [
            (settings(true, "C"), format!("This undoes {save}")),
            (settings(true, "A C"), format!("This undoes {save} Back already: A.")),
            (
                settings(false, "A B"),
                format!("Nothing to undo. Back already: rating, A, B, C. It was {save}"),
            ),
        ];
        for (there, expected) in cases {
            assert_eq!(describe_back(&there, &saved), expected);
        }
    }

    #[test]
    fn a_list_that_cannot_be_edited_is_an_error_only_where_nothing_else_is_set_back() {
        let long = (0..501).map(|number| format!("C{number}")).collect::<Vec<_>>().join(" ");
        let codes = saved(&settings(true, "A"), &settings(true, ""));
        let refused = apply_undo(&mut Draft::new(settings(true, &long)), &codes);
        assert!(matches!(refused, Err(Failure::QuestionsTooLong)), "{refused:?}");
        let both = saved(&settings(false, "A"), &settings(true, ""));
        assert_eq!(undo(&both, &settings(true, &long)), settings(false, &long));
    }
}
