//! The start without a token, in sentences.

use super::super::model::{FIND_TOKEN, FirstChoice, FirstStart, FirstStep, Model, TokenUse};
use super::commands::list_words;
use super::speak::end_sentence;

/// The words for the choices, in the order of their numbers.
const CHOICES: [(FirstChoice, &str); 3] =
    [(FirstChoice::AddProfile, "add"), (FirstChoice::UseOnce, "once"), (FirstChoice::OpenDemo, "demo")];

/// Why the last answer was not taken, and what the user is asked now.
pub(super) fn describe_first(model: &Model, first: &FirstStart) -> Vec<String> {
    let asked = match &first.step {
        FirstStep::Choosing(_) => describe_choices(model),
        FirstStep::Naming(_) => {
            vec![
                "Type a name for the agent on this machine, such as acme-prod. An empty line goes back."
                    .to_owned(),
            ]
        }
        FirstStep::Typing { token_use, .. } => vec![describe_token(token_use), FIND_TOKEN.to_owned()],
    };
    first.refusal.clone().into_iter().chain(asked).collect()
}

/// The place of the choice that a line means: its word in any case, or its number.
pub(super) fn find_choice(line: &str) -> Option<usize> {
    let number = line.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    CHOICES
        .iter()
        .enumerate()
        .position(|(at, (_, word))| Some(at) == number || word.eq_ignore_ascii_case(line))
}

fn describe_choices(model: &Model) -> Vec<String> {
    let welcome = if model.profiles.is_empty() {
        "Welcome. There is no profile on this machine yet."
    } else {
        "No profile is open. Type profiles to list them."
    };
    let lines = CHOICES.iter().enumerate().map(|(at, (choice, word))| {
        end_sentence(&format!("{}. {word}: {}; {}", at + 1, choice.label(), choice.about()))
    });
    let prompt = format!("Type a word or its number, or: {}.", list_words(model));
    [welcome.to_owned()].into_iter().chain(lines).chain([FIND_TOKEN.to_owned(), prompt]).collect()
}

fn describe_token(token_use: &TokenUse) -> String {
    let (whose, kept) = match token_use {
        TokenUse::Once => (String::new(), "It is not shown and not stored."),
        TokenUse::Kept(name) => (format!(" for {name}"), "It is not shown, and kept only if it works."),
    };
    format!("Type or paste the token{whose}. {kept} An empty line goes back.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_choice_has_its_word_and_its_number() {
        assert!(CHOICES.map(|(choice, _)| choice) == FirstChoice::ALL, "the places are those of the model");
        let meant = ["add", "2", "DEMO", "0", "4", "", "x"].map(find_choice);
        assert_eq!(meant, [Some(0), Some(1), Some(2), None, None, None, None]);
    }
}
