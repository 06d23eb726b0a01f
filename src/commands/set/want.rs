//! Changes a draft as `set` was told. Settings that the user does not name stay as they are.

use super::back::{apply_undo, describe_back, describe_no_save};
use crate::agents::Profile;
use crate::cli::Wanted;
use crate::commands::failure::Failure;
use crate::journal::SavedLine;
use crate::settings::catalog::lookup;
use crate::settings::{AddError, Draft, Item, Patch, Position, QuestionCode, Row, SetBack, Settings};
use crate::visible::excerpt;

/// What the user wants a configuration to become.
#[derive(Clone, Debug)]
pub(super) enum Aim {
    /// What the options say.
    Options(Wanted),
    /// The values in the file of `--from`.
    Written(Patch),
    /// What it was before this save; `None` where no save can be undone.
    Undo(Option<Box<SavedLine>>),
}

impl Aim {
    /// Changes `draft` to what the user wants.
    ///
    /// # Errors
    /// A code cannot be added, or the server's list cannot be edited.
    pub(super) fn apply_to(&self, draft: &mut Draft) -> Result<(), Failure> {
        match self {
            Self::Options(wanted) => apply_wanted(draft, wanted),
            Self::Written(patch) => apply_written(draft, patch),
            Self::Undo(Some(saved)) => apply_undo(draft, saved),
            Self::Undo(None) => Ok(()),
        }
    }

    /// What the user may have got wrong, and which save is undone, as lines for stderr. `draft` has been changed already.
    pub(super) fn list_notes(&self, draft: &Draft) -> Vec<String> {
        let undone = match self {
            Self::Undo(Some(saved)) if draft.is_dirty() => Some(describe_back(draft.baseline(), saved)),
            _ => None,
        };
        // A code that is set back was there before.
        let is_typed = !matches!(self, Self::Undo(_));
        let is_new = |(code, row): &(&QuestionCode, Row<'_>)| {
            is_typed && row.is_changed() && row.now == Position::On && lookup(code).is_none()
        };
        let new = draft.code_rows().filter(is_new);
        let new = new.map(|(code, _)| format!("Warning: {code} is neither on the server nor documented."));
        let gone =
            self.list_removals().iter().map(QuestionCode::new).filter(|code| !draft.baseline().has(code));
        let gone = gone.map(|code| format!("Warning: --remove {code}: the server does not have this code."));
        let unasked = draft.switch_without_questions().map(|switch| {
            format!("Warning: the {} is on and no question is asked.", switch.definition().word)
        });
        undone.into_iter().chain(new).chain(gone).chain(unasked).collect()
    }

    /// Why nothing is sent to `profile` where the server holds `there`.
    pub(super) fn describe_nothing(&self, there: &Settings, profile: &Profile) -> String {
        match self {
            Self::Options(_) | Self::Written(_) => {
                "Nothing to change: the server already has this.".to_owned()
            }
            Self::Undo(Some(saved)) => describe_back(there, saved),
            Self::Undo(None) => describe_no_save(profile),
        }
    }

    fn list_removals(&self) -> &[String] {
        match self {
            Self::Options(wanted) => &wanted.remove,
            Self::Written(_) | Self::Undo(_) => &[],
        }
    }
}

/// Gives `draft` the values of `patch`, codes as they are.
fn apply_written(draft: &mut Draft, patch: &Patch) -> Result<(), Failure> {
    let there = draft.settings();
    let changes = there.changes_to(&patch.applied_to(&there));
    let made = draft.set_back(SetBack { changes, left: Vec::new() });
    if made.left.is_empty() { Ok(()) } else { Err(Failure::QuestionsTooLong) }
}

fn apply_wanted(draft: &mut Draft, wanted: &Wanted) -> Result<(), Failure> {
    for (switch, is_on) in &wanted.switches {
        let item = Item::Switch(*switch);
        while draft.position(&item) != Position::from(*is_on) {
            draft.toggle(&item);
        }
    }
    let has_codes = !(wanted.exactly.is_empty() && wanted.add.is_empty() && wanted.remove.is_empty());
    if has_codes && !draft.can_edit_questions() {
        return Err(Failure::QuestionsTooLong);
    }
    let exactly: Vec<_> = wanted.exactly.iter().map(|text| resolve_code(draft, text)).collect();
    let is_unwanted = |code: &QuestionCode| {
        wanted.remove.iter().any(|text| text == code.raw()) || !exactly.is_empty() && !exactly.contains(code)
    };
    let is_on = |row: &Row<'_>| row.now == Position::On;
    let unwanted = draft.code_rows().filter(|(code, row)| is_on(row) && is_unwanted(code));
    let unwanted: Vec<_> = unwanted.map(|(_, row)| row.item.clone()).collect();
    // What goes makes room for what comes.
    for item in &unwanted {
        draft.toggle(item);
    }
    for code in &exactly {
        switch_on(draft, code, "--question")?;
    }
    for code in wanted.add.iter().map(QuestionCode::new) {
        switch_on(draft, &code, "--add")?;
    }
    Ok(())
}

/// The code that the user means by `text`: the code on the server that is spelled exactly so; if there is none, `text`
/// without the white space around it.
fn resolve_code(draft: &Draft, text: &str) -> QuestionCode {
    let is_there = draft.code_rows().any(|(code, _)| code.raw() == text);
    QuestionCode::new(if is_there { text } else { text.trim() })
}

/// Switches a code on that the user named in `option`.
fn switch_on(draft: &mut Draft, code: &QuestionCode, option: &'static str) -> Result<(), Failure> {
    let item = Item::Code(code.clone());
    if draft.position(&item) == Position::On {
        return Ok(());
    }
    let switched = if draft.items().any(|row| *row == item) {
        draft.toggle(&item);
        // A full list leaves the draft as it was.
        if draft.position(&item) == Position::On { Ok(()) } else { Err(AddError::TooMany) }
    } else {
        draft.add(code.raw())
    };
    switched.map_err(|fault| Failure::Code { option, code: excerpt(code.raw(), 60), fault })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::tests::{mixed, settings};
    use crate::settings::{Patch, Settings, Switch};

    fn body(baseline: &Settings, wanted: &Wanted) -> String {
        let mut draft = Draft::new(baseline.clone());
        apply_wanted(&mut draft, wanted).unwrap();
        Patch::between(baseline, &draft.settings()).to_json()
    }

    fn codes(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn only_what_is_named_is_touched() {
        let mixed = mixed([true, false], "B A X");
        let flags = |on| format!(r#"{{"conv_rating_active":{on},"conv_rating_popup_active":{on}}}"#);
        let active = |on| Wanted { switches: [(Switch::RATING, on)].into(), ..Wanted::default() };
        assert_eq!(body(&mixed, &active(false)), flags(false));
        assert_eq!(body(&mixed, &active(true)), flags(true));
        assert_eq!(body(&settings(true, "A"), &active(true)), "{}");
        let add = Wanted { add: codes("C B"), remove: codes("A Z"), ..Wanted::default() };
        assert_eq!(body(&mixed, &add), r#"{"conv_rating_question_codes":["B","X","C"]}"#);
        let exactly = Wanted { exactly: codes("N X"), ..Wanted::default() };
        assert_eq!(body(&mixed, &exactly), r#"{"conv_rating_question_codes":["X","N"]}"#);
    }

    #[test]
    fn a_full_list_takes_a_code_only_where_another_one_goes_and_loses_none_in_silence() {
        let full = (0..500).map(|number| format!("C{number}")).collect::<Vec<_>>().join(" ");
        let full = settings(true, &full);
        let wanted = |add: &str, remove: &str, exactly: &str| Wanted {
            add: codes(add),
            remove: codes(remove),
            exactly: codes(exactly),
            ..Wanted::default()
        };
        for code in ["HELPFUL_THUMBS", "NEW"] {
            let refused = apply_wanted(&mut Draft::new(full.clone()), &wanted(code, "", ""));
            let fault = |failure| matches!(failure, Failure::Code { fault: AddError::TooMany, .. });
            assert!(refused.is_err_and(fault), "{code}");
            let exactly = format!(r#"{{"conv_rating_question_codes":["{code}"]}}"#);
            assert_eq!(body(&full, &wanted("", "", code)), exactly);
            let mut draft = Draft::new(full.clone());
            apply_wanted(&mut draft, &wanted(code, "C7", "")).unwrap();
            let (code, gone) = (QuestionCode::new(code), QuestionCode::new("C7"));
            assert!(draft.settings().has(&code) && !draft.settings().has(&gone));
        }
    }

    #[test]
    fn a_code_is_meant_as_the_server_writes_it_else_without_white_space_around_it() {
        let mut there = settings(true, "A");
        there.codes.push(QuestionCode::new(" B "));
        let wanted = Wanted { exactly: vec![" B ".to_owned(), " N ".to_owned()], ..Wanted::default() };
        assert_eq!(body(&there, &wanted), r#"{"conv_rating_question_codes":[" B ","N"]}"#);
    }
}
