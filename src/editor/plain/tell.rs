//! What the user hears of a step of the model: what is different after it, in sentences.

use super::super::model::{Dialog, FirstStart, FirstStep, Form, Model, Phase, Session};
use super::super::pages::{count_unsaved, not_read, warning};
use super::first_start::describe_first;
use super::form::{describe_form, describe_position, describe_session, describe_unknown};
use super::hear::advise;
use super::pages::{describe_history, describe_page};
use super::profiles::describe_profiles;
use super::question::describe_question;
use super::speak::end_sentence;
use super::waiting::{find_step, is_said, quits_after_save, quits_soon};
use crate::visible::Charset;
use crate::words::list_changes;

/// What the user hears after a step from `before` to `after`; at the start there is no `before`.
///
/// The step takes a whole line of the user, or one thing that happened. What a line does not change, but answers with, has
/// to be gone from `before`: see [`forget`].
pub(super) fn tell(before: Option<&Model>, after: &Model, charset: Charset) -> Vec<String> {
    let said = [tell_place(before, after), tell_news(before, after), tell_draft(before, after)];
    let said = said.into_iter().flatten().chain(tell_phase(before, after));
    let said: Vec<_> = said.chain(tell_dialog(before, after, charset)).collect();
    if said.is_empty() {
        before.and_then(|before| tell_return(before, after)).into_iter().collect()
    } else {
        said
    }
}

/// The user has left a question or a list for the form, and nothing else has come of it.
fn tell_return(before: &Model, after: &Model) -> Option<String> {
    let form = after.shown_form().filter(|_| find_step(after).is_none() && is_same_place(before, after))?;
    let had_answer = matches!(before.dialog, Some(Dialog::Question { .. } | Dialog::Profiles(_)));
    let had_question =
        had_answer || (matches!(before.dialog, Some(Dialog::Token { .. })) && !is_said(before));
    let target = after.session.as_ref().filter(|_| had_question).map(Session::target)?;
    let unsaved = if form.draft.is_dirty() { format!(" {}", count(form)) } else { String::new() };
    Some(format!("Back to {target}.{unsaved}"))
}

/// `model` without what it says about the line before: the next line may have the same answer.
pub(super) fn forget(model: &Model) -> Model {
    let mut model = Model { hint: None, ..model.clone() };
    if let Phase::AskToken(first) = &mut model.phase {
        first.refusal = None;
    }
    model
}

/// The profile and its agent, where another one is opened or the same one anew.
fn tell_place(before: Option<&Model>, after: &Model) -> Vec<String> {
    let is_loading = |model: &Model| matches!(model.phase, Phase::Loading(_));
    let is_failed = |model: &Model| matches!(model.phase, Phase::LoadFailed(..));
    let was = |is: &dyn Fn(&Model) -> bool| before.is_some_and(is);
    let has_begun = match &after.phase {
        Phase::Loading(_) => !was(&is_loading),
        Phase::LoadFailed(..) => !was(&is_loading) && !was(&is_failed),
        Phase::Ready(_) => !was(&is_loading) && !was(&|model| model.form().is_some()),
        Phase::AskToken(_) | Phase::Opening(_) => false,
    };
    let session = after.session.as_ref().filter(|_| has_begun);
    session.map(|session| describe_session(after, session)).into_iter().collect()
}

/// What has happened, and what the editor says about the last line.
fn tell_news(before: Option<&Model>, after: &Model) -> Vec<String> {
    let old = |text: fn(&Model) -> Option<String>| before.and_then(text);
    let is_searching = after.form().is_some_and(|form| form.bringing_back.is_some());
    let notice =
        after.notice.as_ref().filter(|notice| before.is_none_or(|old| old.notice.as_ref() != Some(*notice)));
    let ends = before.is_some_and(quits_after_save) && after.unsaved().is_empty();
    let notice = notice.map(|notice| notice.explain(after));
    let notice = notice.map(|notice| if ends { notice.without_todo() } else { notice }.to_string());
    let hint = after.hint.clone().filter(|_| !is_searching && old(|model| model.hint.clone()) != after.hint);
    let warning = after.warning.clone().filter(|_| old(|model| model.warning.clone()) != after.warning);
    let has_begun_to_quit = quits_soon(after) && !before.is_some_and(quits_soon);
    let quits =
        has_begun_to_quit.then(|| "Quitting when the save has ended, in 2 s at the latest.".to_owned());
    let saved = if notice.is_some() { None } else { tell_unsaid_save(before, after) };
    [saved, notice, hint, warning, quits].into_iter().flatten().map(|text| end_sentence(&text)).collect()
}

/// A save that has ended, and after which the editor has gone on at once: no notice tells about it.
fn tell_unsaid_save(before: Option<&Model>, after: &Model) -> Option<String> {
    let count = before?.history.len();
    let recap = after.history.get(count..)?.last()?;
    let what = if recap.is_known { "Saved to" } else { "Outcome unknown for" };
    Some(format!("{what} {}: {}", recap.target, list_changes(&recap.changes)))
}

/// What the user has changed, and how much is unsaved now.
fn tell_draft(before: Option<&Model>, after: &Model) -> Vec<String> {
    let (Some(before), Some(new)) = (before, after.form()) else { return Vec::new() };
    let Some(old) = before.form().filter(|_| is_same_place(before, after)) else { return Vec::new() };
    let is_edit = old.draft.baseline() == new.draft.baseline();
    let mut said = Vec::new();
    // A notice or a hint has told the rest.
    if is_edit && after.hint == before.hint {
        said.extend(list_moved(old, new));
    }
    if has_other_count(before, after, old, new) {
        said.push(count(new));
    }
    let said = if said.is_empty() { Vec::new() } else { vec![said.join(" ")] };
    let standing = [describe_unknown, |_: &Model, form: &Form| warning(form)];
    let standing =
        standing.into_iter().filter_map(|text| text(after, new).filter(|_| text(before, old).is_none()));
    said.into_iter().chain(standing).collect()
}

/// True where the user has to hear how much is unsaved. What a save says of its success is enough.
fn has_other_count(before: &Model, after: &Model, old: &Form, new: &Form) -> bool {
    let is_told = before.notice != after.notice && after.notice.is_some() && !new.draft.is_dirty();
    let has_ended = old.saving().is_some() && new.draft.is_dirty();
    new.saving().is_none() && !is_told && (has_ended || old.draft.changes() != new.draft.changes())
}

fn is_same_place(before: &Model, after: &Model) -> bool {
    let name =
        |model: &Model| model.session.as_ref().map(|session| (session.name.clone(), session.context.host()));
    name(before) == name(after)
}

/// Each line that stands otherwise than before: `Rating: on, was off.`
fn list_moved(old: &Form, new: &Form) -> Vec<String> {
    let rows = new.draft.rows().filter(|row| old.draft.position(row.item) != new.draft.position(row.item));
    rows.map(|row| format!("{}.", describe_position(row))).collect()
}

fn count(form: &Form) -> String {
    let changes = form.draft.changes();
    if changes.is_empty() {
        "Nothing is left to save.".to_owned()
    } else {
        format!("{}.", count_unsaved(&changes))
    }
}

/// The form once it is there, why it is not, or what the user without a token is asked.
fn tell_phase(before: Option<&Model>, after: &Model) -> Vec<String> {
    match &after.phase {
        Phase::Ready(form) if before.is_none_or(|old| old.form().is_none()) => describe_form(after, form),
        Phase::LoadFailed(failure, _)
            if !before.is_some_and(|old| matches!(&old.phase, Phase::LoadFailed(..))) =>
        {
            vec![not_read(after, failure).to_string(), advise(after)]
        }
        Phase::AskToken(first) if after.dialog.is_none() && has_moved(before, after, first) => {
            describe_first(after, first)
        }
        _ => Vec::new(),
    }
}

/// True if the user is asked something else than before, or the same again.
fn has_moved(before: Option<&Model>, after: &Model, first: &FirstStart) -> bool {
    let Some(Phase::AskToken(old)) = before.filter(|old| old.dialog.is_none()).map(|old| &old.phase) else {
        return find_step(after).is_none();
    };
    let step = |first: &FirstStart| match first.step {
        FirstStep::Choosing(_) => 0,
        FirstStep::Naming(_) => 1,
        FirstStep::Typing { .. } => 2,
    };
    let is_refused = first.refusal.is_some() && old.refusal != first.refusal;
    first.request.is_none() && (step(old) != step(first) || old.request.is_some() || is_refused)
}

/// A question, a list or a page that has opened or has all of its text now.
fn tell_dialog(before: Option<&Model>, after: &Model, charset: Charset) -> Vec<String> {
    let old = before.and_then(|model| model.dialog.as_ref());
    let was_waiting = before.is_none_or(|model| find_step(model).is_some());
    match &after.dialog {
        Some(Dialog::Question { question, deaf_until, .. }) => {
            let is_same = matches!(old, Some(Dialog::Question { question: asked, deaf_until: at, .. }) if asked == question && at == deaf_until);
            if is_same { Vec::new() } else { describe_question(after, question) }
        }
        Some(Dialog::Profiles(list))
            if find_step(after).is_none() && (was_waiting || !matches!(old, Some(Dialog::Profiles(_)))) =>
        {
            describe_profiles(after, list)
        }
        Some(Dialog::Page(page, _)) => describe_page(after, *page, charset),
        Some(Dialog::History(page)) if is_said(after) => describe_history(after, page),
        Some(Dialog::Token { refusal: Some(refusal), request: None, .. }) => {
            vec![format!("{} Type token to try again.", end_sentence(refusal))]
        }
        Some(Dialog::Token { request: None, .. }) if !matches!(old, Some(Dialog::Token { .. })) => {
            describe_token(after)
        }
        _ => Vec::new(),
    }
}

/// The question that is open, once more.
pub(super) fn repeat_question(model: &Model) -> Vec<String> {
    match (&model.dialog, &model.phase) {
        (Some(Dialog::Question { question, .. }), _) => describe_question(model, question),
        (Some(Dialog::Token { .. }), _) => describe_token(model),
        (Some(Dialog::Profiles(list)), _) if find_step(model).is_none() => describe_profiles(model, list),
        (None, Phase::AskToken(first)) => describe_first(model, first),
        _ => Vec::new(),
    }
}

fn describe_token(model: &Model) -> Vec<String> {
    let Some(session) = &model.session else { return Vec::new() };
    let how = if session.is_demo() {
        "In the demo any text is taken as one."
    } else {
        "Type or paste it. It is not shown."
    };
    let target = session.target();
    vec![format!("New token for {target}. {how} Unsaved changes stay. An empty line keeps the old token.")]
}
