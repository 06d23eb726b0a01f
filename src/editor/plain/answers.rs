//! The words for the buttons of a question. A question is answered by a word or by its number; an empty line is the safe answer.

use super::super::model::{Choice, Form, Model, Question};
use super::super::pages::describe_button;
use crate::save::State;

/// An answer that a question has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct WordAnswer {
    pub(super) word: &'static str,
    pub(super) about: String,
    pub(super) choice: Choice,
}

/// The answers of a question, in the order of their numbers. The last one is the safe one.
pub(super) fn list_answers(model: &Model, question: &Question) -> Vec<WordAnswer> {
    let choices = model.choices(question).iter().copied();
    let (safe, others): (Vec<_>, Vec<_>) = choices.partition(|choice| *choice == Choice::KeepEditing);
    let answer = |choice| WordAnswer {
        word: word(question, choice),
        about: describe_answer(model, question, choice),
        choice,
    };
    others.into_iter().chain(safe).map(answer).collect()
}

/// The answer that a line gives: a word in any case, a number, or nothing.
pub(super) fn find_answer(answers: Vec<WordAnswer>, line: &str) -> Option<Choice> {
    let place = line.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    let is_meant = |(at, answer): &(usize, WordAnswer)| match line {
        "" => answer.choice == Choice::KeepEditing,
        _ => Some(*at) == place || answer.word.eq_ignore_ascii_case(line),
    };
    answers.into_iter().enumerate().find(is_meant).map(|(_, answer)| answer.choice)
}

fn word(question: &Question, choice: Choice) -> &'static str {
    match (choice, question) {
        (Choice::KeepBoth, _) => "both",
        (Choice::UseTheirs, _) => "theirs",
        (Choice::KeepEditing, Question::Conflict) => "edit",
        (Choice::KeepEditing, Question::Protected { .. }) => "no",
        (Choice::KeepEditing, _) => "stay",
        (_, Question::Protected { .. }) => "yes",
        (Choice::QuitWithoutSaving | Choice::SwitchWithoutSaving, _) => "leave",
        (Choice::Save | Choice::SaveAndQuit | Choice::SaveAndSwitch, _) => "save",
    }
}

/// What the answer does, as the end of a sentence.
fn describe_answer(model: &Model, question: &Question, choice: Choice) -> String {
    match question {
        Question::Conflict => describe_consent(model, choice).unwrap_or_default(),
        _ => choice.label().to_lowercase(),
    }
}

/// The words of the button that name no key.
fn describe_consent(model: &Model, choice: Choice) -> Option<String> {
    let saving = model.form().and_then(Form::saving)?;
    let State::Conflict(conflict) = saving.save.state() else { return None };
    let words = describe_button(choice, saving.save.intent(), &conflict.theirs);
    words.into_iter().find(|words| !words.contains("Esc"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers() -> Vec<WordAnswer> {
        let answer = |word, choice| WordAnswer { word, about: String::new(), choice };
        vec![answer("save", Choice::SaveAndQuit), answer("stay", Choice::KeepEditing)]
    }

    #[test]
    fn a_word_a_number_or_an_empty_line_answers_and_nothing_else_does() {
        for line in ["save", "SAVE", "1"] {
            assert_eq!(find_answer(answers(), line), Some(Choice::SaveAndQuit), "{line}");
        }
        for line in ["stay", "2", ""] {
            assert_eq!(find_answer(answers(), line), Some(Choice::KeepEditing), "{line:?}");
        }
        for line in ["0", "3", "s", "quit", "-1", "save stay"] {
            assert_eq!(find_answer(answers(), line), None, "{line}");
        }
    }
}
