//! The conditions of the table of keys: whether a key works now.

use crate::editor::model::{Activity, Dialog, Form, FormRow, Model, Page, Phase, Question, Then};
use crate::settings::Position;

/// Whether a key works now. `Err` holds the reason why not, in a sentence for the user; it is empty where there is nothing to
/// say.
pub(crate) type Condition = Result<(), &'static str>;

#[expect(clippy::unnecessary_wraps, reason = "a condition of the table")]
pub(super) fn always(_: &Model) -> Condition {
    Ok(())
}

/// `Ok` where `holds`, else `why`.
fn only_if(holds: bool, why: &'static str) -> Condition {
    if holds { Ok(()) } else { Err(why) }
}

pub(super) fn can_toggle(model: &Model) -> Condition {
    can_edit(model)?;
    let form = model.form().ok_or("")?;
    match form.focused() {
        FormRow::Item(row) if row.item.code().is_none() => Ok(()),
        FormRow::Item(row) if row.now == Position::On => only_if(form.draft.can_edit_questions(), TOO_MANY),
        FormRow::Item(_) | FormRow::Add => can_add(model),
    }
}

pub(super) fn can_add(model: &Model) -> Condition {
    can_edit(model)?;
    let draft = &model.form().ok_or("")?.draft;
    only_if(draft.can_edit_questions(), TOO_MANY)?;
    only_if(!draft.is_full(), FULL)
}

/// A user who quits as soon as the save has ended can edit nothing more: no save would follow.
fn can_edit(model: &Model) -> Condition {
    let saving = model.form().ok_or("")?.saving();
    let is_leaving = saving.is_some_and(|saving| matches!(saving.then, Then::QuitSoon { .. }));
    only_if(!is_leaving, "Quitting as soon as the save has ended.")
}

const TOO_MANY: &str = "More than 500 codes, or one of more than 200 characters: they are shown read only.";
const FULL: &str = "500 codes are on already: no more can be edited here.";

/// Whether `s` would send a PATCH.
pub(super) fn can_save(model: &Model) -> Condition {
    model.can_save()
}

pub(super) fn has_searched(model: &Model) -> Condition {
    only_if(!model.search.text.is_empty(), "Press / first, then type a part of a name.")
}

pub(super) fn can_switch(model: &Model) -> Condition {
    only_if(!model.profiles.is_empty(), "")?;
    let is_saving = model.form().is_some_and(|form| form.saving().is_some());
    only_if(!is_saving, "A save is under way: switch when it has ended.")
}

pub(super) fn can_undo(model: &Model) -> Condition {
    can_edit(model)?;
    only_if(model.form().ok_or("")?.draft.can_undo(), "Nothing to undo.")
}

pub(super) fn can_discard(model: &Model) -> Condition {
    can_edit(model)?;
    only_if(model.has_unsaved_changes(), "Nothing to discard.")
}

pub(super) fn can_bring_back(model: &Model) -> Condition {
    can_edit(model)?;
    let is_saving = model.form().ok_or("")?.saving().is_some();
    only_if(!is_saving, "A save is under way: bring back when it has ended.")
}

pub(super) fn can_reload(model: &Model) -> Condition {
    match &model.phase {
        Phase::LoadFailed(..) => Ok(()),
        Phase::Ready(form) => {
            let is_free = matches!(form.activity, Activity::Resting | Activity::Rereading(_));
            only_if(
                is_free,
                model.audience.choose(
                    "Wait for what is under way, or stop it with Esc.",
                    "Wait for what is under way, or type stop.",
                ),
            )
        }
        _ => Err(""),
    }
}

/// Whether another token could take the place of the one that is used.
pub(super) fn can_renew(model: &Model) -> Condition {
    model.session.as_ref().ok_or("")?;
    can_reload(model)
}

/// Whether Enter takes what is in the field, or presses the chosen button. One answer is tried at a time.
pub(super) fn can_submit(model: &Model) -> Condition {
    only_if(!is_trying(model), "")
}

/// True while a token that the user typed is tried, or an agent is opened for a user who had none.
fn is_trying(model: &Model) -> bool {
    let is_first = matches!(&model.phase, Phase::AskToken(first) if first.request.is_some());
    is_first || matches!(model.dialog, Some(Dialog::Token { request: Some(_), .. }))
}

pub(super) fn is_under_way(model: &Model) -> Condition {
    let is_loading = matches!(model.phase, Phase::Opening(_) | Phase::Loading(_));
    only_if(is_loading || is_trying(model) || model.form().is_some_and(Form::can_be_stopped), "")
}

pub(super) fn asks_to_quit(model: &Model) -> Condition {
    only_if(matches!(model.dialog, Some(Dialog::Question { question: Question::Quit, .. })), "")
}

pub(super) fn asks_to_quit_and_can_save(model: &Model) -> Condition {
    asks_to_quit(model)?;
    can_save(model)
}

/// A request can be copied on its own page, and in a question about sending it.
pub(super) fn can_copy(model: &Model) -> Condition {
    let is_shown = match &model.dialog {
        Some(Dialog::Page(Page::Request, _)) => true,
        Some(Dialog::Question { question, .. }) => {
            matches!(question, Question::Quit | Question::Protected { .. })
        }
        _ => false,
    };
    only_if(is_shown && model.has_unsaved_changes(), "")
}

#[cfg(test)]
mod tests;
