//! What a line of the user means: messages for the model, or something to say. It changes nothing by itself.

use tui_input::Input;

use super::super::keymap::Action;
use super::super::message::Message;
use super::super::model::{Dialog, FirstStep, HiddenInput, Model, Phase, Question};
use super::answers::{find_answer, list_answers};
use super::commands::{WordCommand, WordTask, find_command, list_words};
use super::first_start::{describe_first, find_choice};
use super::form::{describe_form, describe_read, describe_session, prompt};
use super::pages::describe_help;
use super::profiles::find_profile;
use super::question::repeat_answers;

/// What a line means.
#[derive(Clone, Debug)]
pub enum Heard {
    /// These messages, one after the other.
    Do(Vec<Message>),
    /// Nothing for the model: the user hears these lines.
    Say(Vec<String>),
}

/// What this line means while `model` listens.
pub fn interpret(model: &Model, line: &str) -> Heard {
    let line = line.trim();
    match (&model.dialog, &model.phase) {
        (Some(Dialog::Question { question, .. }), _) => answer(model, question, line),
        (Some(Dialog::Profiles(_)), _) => choose_profile(model, line),
        (Some(Dialog::Token { .. }), _) => enter(line, Action::Close),
        (Some(_), _) => act(Action::Close, None),
        (None, Phase::AskToken(first)) => match &first.step {
            FirstStep::Choosing(_) => choose_first(model, line),
            FirstStep::Naming(_) | FirstStep::Typing { .. } => enter(line, Action::GoBack),
        },
        (None, _) => command(model, line),
    }
}

fn act(action: Action, place: Option<usize>) -> Heard {
    Heard::Do(vec![Message::Act(action, place)])
}

fn say(line: impl Into<String>) -> Heard {
    Heard::Say(vec![line.into()])
}

fn answer(model: &Model, question: &Question, line: &str) -> Heard {
    match find_answer(list_answers(model, question), line) {
        Some(choice) => Heard::Do(vec![Message::Answer(choice)]),
        None => Heard::Say(repeat_answers(model, question)),
    }
}

fn choose_profile(model: &Model, line: &str) -> Heard {
    match find_profile(model, line) {
        _ if line.is_empty() => act(Action::Close, None),
        Some(place) => act(Action::OpenProfile, Some(place)),
        None => say("There is no such profile. Type a number or a name. An empty line goes back."),
    }
}

/// A text for the field that is open. An empty line leaves the field.
fn enter(line: &str, leave: Action) -> Heard {
    if line.is_empty() {
        return act(leave, None);
    }
    Heard::Do(vec![Message::Entered(HiddenInput(Input::from(line)))])
}

fn choose_first(model: &Model, line: &str) -> Heard {
    match (find_choice(line), &model.phase) {
        (Some(place), _) => act(Action::Accept, Some(place)),
        (None, Phase::AskToken(first)) if line.is_empty() => Heard::Say(describe_first(model, first)),
        (None, _) => command(model, line),
    }
}

fn command(model: &Model, line: &str) -> Heard {
    if let Ok(number) = line.parse::<usize>() {
        return toggle(model, number);
    }
    match find_command(line) {
        Some((command, operand)) => obey(model, command, operand),
        None if line.is_empty() => Heard::Say(vec![advise(model)]),
        // What was typed may be a token, so it is not repeated.
        None => say("That is not a command here. Type help to hear what each word does."),
    }
}

/// What the user can type here.
pub(super) fn advise(model: &Model) -> String {
    if model.form().is_some() { prompt(model) } else { format!("Type: {}.", list_words(model)) }
}

fn toggle(model: &Model, number: usize) -> Heard {
    let Some(form) = model.form() else { return say("There is no numbered line here.") };
    let count = form.draft.items().count();
    match number.checked_sub(1).filter(|place| *place < count) {
        Some(place) => act(Action::Toggle, Some(place)),
        None => say(format!("There is no line {number}. The last one is {count}.")),
    }
}

fn obey(model: &Model, command: &WordCommand, operand: &str) -> Heard {
    match command.task {
        WordTask::AddCode if operand.is_empty() => {
            say("Type add and the code behind it, exactly as Quickchat writes it.")
        }
        WordTask::AddCode => Heard::Do(vec![Message::AddCode(operand.to_owned())]),
        WordTask::List => list(model),
        WordTask::Help => Heard::Say(describe_help()),
        WordTask::Stop => say("Nothing is under way."),
        WordTask::Act(action) => act(action, None),
    }
}

fn list(model: &Model) -> Heard {
    let session = model.session.as_ref().map(|session| describe_session(model, session));
    let form = model.form();
    let read = form.map(|form| describe_read(model, form));
    let rows = form.map_or_else(|| vec![advise(model)], |form| describe_form(model, form));
    Heard::Say(session.into_iter().chain(read).chain(rows).collect())
}
