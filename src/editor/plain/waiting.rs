//! What is under way. While something is, the next line of the user waits: so a script need not know how long a save takes.

use super::super::keymap::{Action, Scope};
use super::super::message::Message;
use super::super::model::{
    Activity, Dialog, FirstStep, Form, Model, PageSaves, Phase, ProfileState, Saving, Then,
};
use super::super::pages::doing;
use crate::save::State;

/// What is under way: which step of it, and its try. Two texts of the same step differ only in how long it still takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WaitingStep {
    Opening,
    Loading(usize),
    Reading(usize),
    Saving(SaveStep, usize),
    TryingToken,
    ReadingHistory,
    AskingProfiles,
}

/// A step of a save.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SaveStep {
    Queued,
    Checking,
    Sending,
    Reconnecting,
    Waiting,
    Probing,
    Other,
}

/// What is under way and keeps the editor from taking a line; `None` while it listens.
pub(super) fn find_step(model: &Model) -> Option<WaitingStep> {
    match (&model.dialog, &model.phase) {
        (Some(Dialog::Token { request, .. }), _) => request.map(|_| WaitingStep::TryingToken),
        (Some(Dialog::History(page)), _) => {
            matches!(page.saves, PageSaves::Asked(_)).then_some(WaitingStep::ReadingHistory)
        }
        (Some(Dialog::Profiles(list)), _) => {
            list.states.contains(&ProfileState::Asked).then_some(WaitingStep::AskingProfiles)
        }
        (Some(Dialog::Question { .. } | Dialog::Add { .. } | Dialog::Page(..)), _)
        | (None, Phase::LoadFailed(..)) => None,
        (None, Phase::Opening(_)) => Some(WaitingStep::Opening),
        (None, Phase::Loading(reading)) => Some(WaitingStep::Loading(attempt(reading.retry.as_ref()))),
        (None, Phase::AskToken(first)) => first.request.map(|_| WaitingStep::TryingToken),
        (None, Phase::Ready(form)) => find_step_of_form(form),
    }
}

fn find_step_of_form(form: &Form) -> Option<WaitingStep> {
    match &form.activity {
        _ if form.bringing_back.is_some() => Some(WaitingStep::ReadingHistory),
        Activity::Resting | Activity::Rereading(_) => None,
        Activity::Reading(reading) => Some(WaitingStep::Reading(attempt(reading.retry.as_ref()))),
        Activity::Saving(saving) => {
            Some(WaitingStep::Saving(find_save_step(saving), attempt(saving.retry.as_ref())))
        }
    }
}

fn attempt<E>(retry: Option<&(usize, E)>) -> usize {
    retry.map_or(1, |(attempt, _)| *attempt)
}

fn find_save_step(saving: &Saving) -> SaveStep {
    match saving.save.state() {
        State::Queued => SaveStep::Queued,
        State::Checking => SaveStep::Checking,
        State::Sending(_) => SaveStep::Sending,
        State::Reconnecting { .. } => SaveStep::Reconnecting,
        State::Waiting { .. } => SaveStep::Waiting,
        State::Probing(_) => SaveStep::Probing,
        State::Conflict(_) | State::Ended(_) => SaveStep::Other,
    }
}

/// What is under way, in a sentence.
pub(super) fn describe_step(model: &Model, step: WaitingStep) -> String {
    match step {
        WaitingStep::TryingToken => "Trying it…".to_owned(),
        WaitingStep::ReadingHistory => "Reading the history…".to_owned(),
        WaitingStep::AskingProfiles => "Asking each profile…".to_owned(),
        WaitingStep::Opening
        | WaitingStep::Loading(_)
        | WaitingStep::Reading(_)
        | WaitingStep::Saving(..) => doing(model).unwrap_or_default(),
    }
}

/// True where the user types a token.
pub(super) fn hides_typing(model: &Model) -> bool {
    match (&model.dialog, &model.phase) {
        (Some(dialog), _) => matches!(dialog, Dialog::Token { .. }),
        (None, Phase::AskToken(first)) => matches!(first.step, FirstStep::Typing { .. }),
        (None, _) => false,
    }
}

/// True where a question has opened since `before` that the user did not ask for. What was typed before was for something else.
pub(super) fn asks_by_itself(before: Option<&Model>, after: &Model) -> bool {
    let deaf_until = |model: &Model| match model.dialog {
        Some(Dialog::Question { deaf_until, .. }) => Some(deaf_until),
        _ => None,
    };
    let opened = deaf_until(after);
    opened.is_some_and(|until| after.now.elapsed < until) && before.and_then(deaf_until) != opened
}

/// True while the editor waits for a save to end, in order to quit.
pub(super) fn quits_soon(model: &Model) -> bool {
    let saving = model.form().and_then(Form::saving);
    saving.is_some_and(|saving| matches!(saving.then, Then::QuitSoon { .. }))
}

/// True while a save is under way after which the editor ends, if the save succeeds.
pub(super) fn quits_after_save(model: &Model) -> bool {
    let saving = model.form().and_then(Form::saving);
    saving.is_some_and(|saving| matches!(saving.then, Then::Quit | Then::QuitSoon { .. }))
}

/// A page is said as a whole, and a token that was refused is forgotten: then nothing is open any more.
pub(super) fn is_said(model: &Model) -> bool {
    match &model.dialog {
        Some(Dialog::Page(..)) => true,
        Some(Dialog::History(page)) => !matches!(page.saves, PageSaves::Asked(_)),
        Some(Dialog::Token { refusal, request, .. }) => refusal.is_some() && request.is_none(),
        _ => false,
    }
}

/// What stops the thing that is under way.
pub(super) fn stop_message(model: &Model) -> Message {
    let action = match Scope::from_model(model) {
        Scope::NewToken | Scope::Page | Scope::List | Scope::FirstList => Action::Close,
        Scope::Name | Scope::Token => Action::GoBack,
        _ => Action::Stop,
    };
    Message::Act(action, None)
}
