//! The key table's own rules: one place for each key, and nothing shown that does not work.

use std::collections::HashSet;

use convrating::editor::keymap::{self, Action, BINDINGS, Binding, Resolved, Scope};
use convrating::editor::message::{Effect, Message};
use convrating::editor::model::{Model, Motion, Page, ReadOnly, Start};
use convrating::terminal::Key;

use super::update::has;
use crate::support::configuration::settings;
use crate::support::model_harness::{ModelHarness, session, unreachable};
use convrating::save::Event;

const SCOPES: [Scope; 15] = [
    Scope::Form,
    Scope::Loading,
    Scope::Failed,
    Scope::Choices,
    Scope::Name,
    Scope::Token,
    Scope::NewToken,
    Scope::Field,
    Scope::Page,
    Scope::List,
    Scope::FirstList,
    Scope::Search,
    Scope::Question,
    Scope::TooSmall,
    Scope::SmallQuestion,
];

/// An editor in every kind of state.
fn desks() -> Vec<ModelHarness> {
    let form = || ModelHarness::reading(settings(false, "A HELPFUL_THUMBS"));
    let mut failed = ModelHarness::start(Some(session()), 80, 24);
    failed.tell(Message::Read { request: 1, result: Err(unreachable()) });
    let mut desks =
        vec![ModelHarness::start(None, 80, 24), ModelHarness::start(Some(session()), 80, 24), failed, form()];
    for keys in [
        "space",
        "G",
        "a",
        "?",
        "v",
        "l",
        "space q",
        "space s",
        "space s q",
        "space 2 space u",
        "/",
        "/ a",
        "/ a enter",
    ] {
        let mut harness = form();
        harness.press(keys);
        desks.push(harness);
    }
    let mut read_only = form();
    read_only.model.session.as_mut().expect("a session").read_only = Some(ReadOnly::Asked);
    read_only.press("space");
    let mut conflict = form();
    conflict.press("2 space s").save_steps([Event::Read(Ok(settings(false, "B")))]);
    let mut saved = form();
    saved.press("space s").save_steps([
        Event::Read(Ok(settings(false, "A HELPFUL_THUMBS"))),
        Event::Answered(Ok(settings(true, "A HELPFUL_THUMBS"))),
    ]);
    desks.extend([read_only, conflict, saved]);
    desks
}

#[test]
fn no_key_stands_twice_in_a_scope() {
    for scope in SCOPES {
        let mut seen = HashSet::new();
        for binding in BINDINGS.iter().filter(|binding| binding.scopes.contains(&scope)) {
            for key in binding.keys {
                assert!(seen.insert(*key), "{key:?} twice in {scope:?}");
            }
        }
    }
}

#[test]
fn every_action_is_bound_and_described_where_it_stands() {
    for binding in BINDINGS {
        assert!(!binding.keys.is_empty() && !binding.scopes.is_empty(), "{binding:?}");
        assert_eq!(binding.label.is_empty(), binding.about.is_empty(), "{binding:?}");
        assert_eq!(binding.label.is_empty(), binding.group.is_none(), "{binding:?}");
    }
    let explained_elsewhere = [Action::EditText, Action::Choose(Motion::Up)];
    for binding in BINDINGS.iter().filter(|binding| binding.label.is_empty()) {
        let is_told = binding.footer.is_some()
            || explained_elsewhere.contains(&binding.action)
            || BINDINGS.iter().any(|other| other.keys == binding.keys && !other.label.is_empty())
            || BINDINGS.iter().any(|other| binding.keys.iter().all(|key| is_in_label(*key, other)))
            || BINDINGS.iter().any(|other| other.action == binding.action && !other.label.is_empty());
        assert!(is_told, "no text tells the user about {binding:?}");
    }
}

#[test]
fn help_and_footer_show_each_key_as_it_is_bound() {
    for binding in BINDINGS {
        if let Some(hint) = binding.footer {
            assert!(!hint.key.is_empty() && !hint.word.is_empty() && hint.key.is_ascii(), "{binding:?}");
        }
        for name in binding.label.split_whitespace() {
            let in_row = BINDINGS.iter().filter(|other| other.scopes == binding.scopes);
            let mut keys = in_row.flat_map(|other| other.keys);
            let is_bound = keys.any(|key| names(*key).contains(&name.to_owned())) || name == "1-9";
            assert!(is_bound, "{name} stands in the help and is not bound: {binding:?}");
        }
    }
}

/// True where the row of the help that `binding` stands for names the key.
fn is_in_label(key: Key, binding: &Binding) -> bool {
    binding.label.split_whitespace().any(|name| names(key).contains(&name.to_owned()))
}

fn names(key: Key) -> Vec<String> {
    let names = match key {
        Key::Char(' ') => vec!["Space".to_owned()],
        Key::Char(character) => vec![character.to_string()],
        Key::Ctrl(letter) => vec![format!("Ctrl-{}", letter.to_ascii_uppercase())],
        Key::BackTab => vec!["Shift-Tab".to_owned()],
        Key::PageUp => vec!["PgUp".to_owned()],
        Key::PageDown => vec!["PgDn".to_owned()],
        Key::F(number) => vec![format!("F{number}")],
        key => vec![format!("{key:?}")],
    };
    names.into_iter().collect()
}

#[test]
fn a_key_that_is_shown_is_a_key_that_works() {
    for harness in desks() {
        for binding in keymap::working(&harness.model) {
            for key in binding.keys {
                assert_eq!(
                    keymap::resolve(&harness.model, *key),
                    Resolved::Act(binding.action),
                    "{key:?} on\n{}",
                    harness.screen()
                );
            }
        }
    }
}

#[test]
fn the_keys_of_other_programs_are_never_bound() {
    for key in ['a', 'b', 'd', 'q', '\\'].map(Key::Ctrl) {
        assert!(BINDINGS.iter().all(|binding| !binding.keys.contains(&key)), "{key:?}");
    }
}

#[test]
fn a_key_that_does_not_work_now_says_why() {
    let mut harness = ModelHarness::reading(settings(false, "A"));
    for (key, word) in [("s", "Nothing to save"), ("u", "Nothing to undo"), ("d", "Nothing to discard")] {
        harness.press(key);
        assert!(harness.screen().contains(word), "{key}:\n{}", harness.screen());
    }
    assert!(harness.effects.is_empty());
}

#[test]
fn a_key_without_a_binding_changes_nothing_on_screen() {
    let mut harness = ModelHarness::reading(settings(false, "A"));
    let before = harness.screen();
    harness.press("c-a c-q backspace %");
    assert_eq!(harness.screen(), before);
}

#[test]
fn of_a_latin_letter_with_a_mark_on_it_no_other_layout_is_asked_for() {
    for letter in ["é", "ß", "ø"] {
        let mut harness = ModelHarness::reading(settings(false, "A"));
        harness.press(letter);
        let words = harness.words();
        assert!(
            words.contains(&format!("{letter} does nothing here.")) && !words.contains("layout"),
            "{words}"
        );
    }
}

#[test]
fn the_first_letter_of_a_run_that_does_nothing_gets_a_line_once() {
    let cases = [
        ("z", "z does nothing here."),
        ("S", "S does nothing here. Is Caps Lock on?"),
        ("с", "с does nothing here. The keys are Latin letters: switch the keyboard's layout."),
    ];
    for (letter, line) in cases {
        for page in ["", "?"] {
            let mut harness = ModelHarness::reading(settings(false, "A"));
            harness.press(page).press(letter);
            let advice = if page.is_empty() { line } else { &line[..line.find('.').expect("a sentence")] };
            assert!(harness.words().contains(advice), "{letter}\n{}", harness.screen());
            harness.press(page).press("down");
            let before = harness.screen();
            harness.press("y z S Z");
            assert_eq!(harness.screen(), before, "it is said once");
            assert!(harness.effects.is_empty());
        }
    }
}

#[test]
fn q_closes_a_page_and_quits_from_the_form_and_where_no_form_lies_behind() {
    let quits = |harness: &ModelHarness| has(harness, &Effect::Quit(0));
    for page in ["?", "l", "v", "p"] {
        let mut harness = ModelHarness::reading(settings(false, "A"));
        harness.model.profiles = vec![session()];
        harness.press(page);
        assert!(harness.model.dialog.is_some(), "{page}");
        harness.press("q");
        assert!(harness.model.dialog.is_none() && !quits(&harness), "{page}\n{}", harness.screen());
        harness.press("q");
        assert!(quits(&harness), "{page}");
    }
    let mut failed = ModelHarness::start(Some(session()), 80, 24);
    failed.tell(Message::Read { request: 1, result: Err(unreachable()) });
    failed.press("?").press("q");
    assert!(failed.model.dialog.is_none() && !quits(&failed), "{}", failed.screen());
    failed.press("q");
    assert!(quits(&failed));
    let mut list = ModelHarness::start(None, 80, 24);
    list.model = Model::start(
        Start::ChooseProfile { host: "app.quickchat.ai".to_owned() },
        vec![session()],
        list.model.size,
        list.now.clone(),
    )
    .0;
    assert!(list.words().contains("q quit"), "{}", list.screen());
    list.press("q");
    assert!(quits(&list), "{}", list.screen());
}

#[test]
fn the_same_keys_mean_text_in_a_field() {
    let mut harness = ModelHarness::reading(settings(false, "A"));
    harness.press("a").type_text("qsudx?").press("enter");
    assert!(harness.form().draft.settings().has(&convrating::settings::QuestionCode::new("qsudx?")));
    assert!(matches!(
        keymap::resolve(&harness.model, Key::Char('?')),
        Resolved::Act(Action::Open(Page::Help))
    ));
}
