//! What a conflict is, and what each answer to it does, in words.

use super::moment::moment;
use crate::editor::model::{Choice, Form, Model};
use crate::save::Conflict;
use crate::settings::{Intent, Setting, Settings};

/// The conflict that waits for an answer: what happened in few words and in more, and whether something was sent.
pub(in super::super) fn explain_conflict(
    model: &Model,
    form: &Form,
    conflict: &Conflict,
) -> (&'static str, String, &'static str) {
    let read_at = moment(&form.read_at, &model.now.local);
    if conflict.was_sent {
        let longer = "the server holds something else than you asked for.".to_owned();
        ("not what you asked for", longer, "Your save was sent.")
    } else {
        let longer = format!("changed by someone else since you read it at {read_at}.");
        ("changed by someone else", longer, "Nothing was sent yet.")
    }
}

/// What the button does, first in the most words.
pub(in super::super) fn describe_button(choice: Choice, intent: &Intent, theirs: &Settings) -> Vec<String> {
    let words: &[&str] = match choice {
        Choice::KeepBoth => &["saves your changes and theirs together", "saves both together", "saves both"],
        Choice::UseTheirs => return describe_use_theirs(intent, theirs),
        _ => &["saves nothing now (Esc)", "saves nothing now"],
    };
    words.iter().map(ToString::to_string).collect()
}

/// Use theirs gives up the user's changes in the settings that overlap. It saves nothing: other changes stay in the form.
fn describe_use_theirs(intent: &Intent, theirs: &Settings) -> Vec<String> {
    let overlaps = intent.list_overlaps(theirs);
    let names: Vec<_> = overlaps.iter().map(|setting| name_setting(*setting)).collect();
    let full = format!("drops your change to the {}", names.join(" and the "));
    let has_rest = intent.edits.keys().any(|item| !overlaps.contains(&item.setting()));
    let rest = has_rest.then(|| format!("{full}; the rest stays unsaved"));
    let short = [full, format!("drops your {}", names.join(" and ")), "drops your changes".to_owned()];
    rest.into_iter().chain(short).collect()
}

fn name_setting(setting: Setting) -> &'static str {
    match setting {
        Setting::Switch(switch) => switch.definition().word,
        Setting::Questions => "questions",
    }
}
