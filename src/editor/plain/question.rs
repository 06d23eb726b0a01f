//! A question in sentences, and its answers, each with its number.

use super::super::model::{Choice, Model, Question, Session};
use super::super::pages::{ComparedItem, compare, count_unsaved, explain_conflict};
use super::answers::list_answers;
use super::speak::{capitalize, end_sentence};
use crate::save::State;
use crate::settings::Change;
use crate::words::list_changes;

/// The question, its answers, and what an empty line means.
pub(super) fn describe_question(model: &Model, question: &Question) -> Vec<String> {
    let asked = match question {
        Question::Quit => vec![describe_quit(model)],
        Question::Protected { .. } => vec![describe_protected(model)],
        Question::Conflict => describe_conflict(model).unwrap_or_default(),
        Question::Switch(profile) => vec![describe_switch(model, profile)],
    };
    asked.into_iter().chain(describe_answers(model, question)).collect()
}

/// The answers, and what an empty line means.
pub(super) fn describe_answers(model: &Model, question: &Question) -> Vec<String> {
    let answers = list_answers(model, question);
    let safe = answers.last().map_or("", |answer| answer.word);
    let lines = answers
        .iter()
        .enumerate()
        .map(|(place, answer)| end_sentence(&format!("{}. {}: {}", place + 1, answer.word, answer.about)));
    lines.chain([format!("Type a word or its number. An empty line means {safe}.")]).collect()
}

fn describe_quit(model: &Model) -> String {
    let since = if model.is_sending() { ", made since the save began" } else { "" };
    let unsaved = model.unsaved();
    format!("Quit? {}{since}: {}.", count_unsaved(&unsaved), list_changes(&unsaved))
}

fn describe_protected(model: &Model) -> String {
    let target = model.session.as_ref().map(Session::target).unwrap_or_default();
    format!("{target} is protected. Save this? {}.", capitalize(&list_changes(&model.unsaved())))
}

fn describe_switch(model: &Model, profile: &Session) -> String {
    let unsaved: Vec<Change> = model.unsaved();
    let from = model.session.as_ref().map(Session::target).unwrap_or_default();
    let to = profile.name.as_deref().unwrap_or_default();
    let count = count_unsaved(&unsaved);
    format!("Switch to {to}? Without a save {count} to {from} would be lost: {}.", list_changes(&unsaved))
}

fn describe_conflict(model: &Model) -> Option<Vec<String>> {
    let form = model.form()?;
    let saving = form.saving()?;
    let State::Conflict(conflict) = saving.save.state() else { return None };
    let (_, happened, sent) = explain_conflict(model, form, conflict);
    let rows = compare(conflict, saving.save.intent(), Choice::KeepBoth);
    let target = model.session.as_ref().map(Session::short_target).unwrap_or_default();
    let lines = rows.iter().map(describe_difference);
    let first = format!("Conflict: {happened} {sent}");
    Some([first].into_iter().chain(lines).chain([format!("What should {target} get?")]).collect())
}

/// `EXPERIENCE_THUMBS: before on, server now off, yours on. The answer both gives off.`
fn describe_difference(row: &ComparedItem) -> String {
    let [before, theirs, yours, result] =
        [row.before, row.theirs, row.yours, row.result].map(|position| position.word(&row.item));
    let name = row.item.code().map_or_else(|| capitalize(&row.item.to_string()), ToString::to_string);
    format!("{name}: before {before}, server now {theirs}, yours {yours}. The answer both gives {result}.")
}

/// The lines that the user hears instead of an answer that the question does not have.
pub(super) fn repeat_answers(model: &Model, question: &Question) -> Vec<String> {
    let refusal = "That is no answer to this question.".to_owned();
    [refusal].into_iter().chain(describe_answers(model, question)).collect()
}
