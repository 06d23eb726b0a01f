use std::time::Duration;

use super::super::model::{FirstStart, HiddenInput, Now, Size, Start, TokenUse};
use super::*;

/// An editor that asks for a token.
pub(super) fn model() -> Model {
    let local = "2026-11-22T14:02:10[UTC]".parse().unwrap();
    let now = Now { elapsed: Duration::ZERO, local };
    let start = Start::AskToken { host: String::new() };
    Model::start(start, Vec::new(), Size { columns: 80, rows: 24 }, now).0
}

/// The same with the field for a token.
fn in_field() -> Model {
    let step = FirstStep::Typing { token_use: TokenUse::Once, field: HiddenInput::default() };
    Model { phase: Phase::AskToken(FirstStart { step, ..FirstStart::default() }), ..model() }
}

#[test]
fn the_footer_shows_the_keys_that_work_and_no_others() {
    let words = |model: &Model| {
        working(model).filter_map(|binding| binding.footer).map(|hint| hint.word).collect::<Vec<_>>()
    };
    assert_eq!(words(&model()), ["profiles", "choose", "accept", "help", "quit"]);
    assert_eq!(words(&in_field()), ["use this token", "back", "quit"]);
    let small = Model { size: Size { columns: 10, rows: 3 }, ..model() };
    assert_eq!(words(&small), ["quit"]);
}

#[test]
fn a_character_is_text_in_a_field_and_a_key_elsewhere() {
    let resolved = |model: &Model| [Key::Char('q'), Key::Ctrl('c'), Key::Tab].map(|key| resolve(model, key));
    let quit = Resolved::Act(Action::Quit);
    assert_eq!(resolved(&in_field()), [Resolved::Unbound, quit, Resolved::Unbound]);
    assert!(Scope::from_model(&in_field()).is_text());
    assert_eq!(resolved(&model()), [quit, quit, Resolved::Act(Action::Choose(Motion::Down))]);
    let small = Model { size: Size { columns: 10, rows: 3 }, ..in_field() };
    assert_eq!(resolved(&small), [quit, quit, Resolved::Unbound]);
    assert!(!Scope::from_model(&small).is_text());
}

#[test]
fn the_help_says_what_each_key_with_a_label_does() {
    assert!(help().any(|(label, about)| (label, about) == ("u", "undo the last edit")));
    assert!(help().all(|(label, about)| !label.is_empty() && !about.is_empty()));
}
