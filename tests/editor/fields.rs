//! The two text fields: what goes into them, and what does not.

use convrating::editor::message::{Effect, Message};
use convrating::editor::model::Target;
use convrating::settings::QuestionCode;
use convrating::terminal::Key;

use super::update::has;
use crate::support::configuration::settings;
use crate::support::desk::{Desk, refused, session};

#[test]
fn a_paste_changes_nothing_but_a_text_field() {
    let mut desk = Desk::reading(settings(false, "A B"));
    desk.paste("x s q d n\nxxxx");
    assert!(!desk.form().draft.is_dirty() && desk.effects.is_empty());
    assert!(desk.words().contains("paste"));
    desk.press("space");
    assert!(!desk.words().contains("paste"), "it stands there only until the next key");
    desk.press("a").paste("NPS_\nSCORE\n").press("enter");
    assert!(desk.form().draft.settings().has(&QuestionCode::new("NPS_SCORE")));
    desk.press("q").paste("nnnnnnnnnnn");
    assert!(!desk.effects.iter().any(|effect| matches!(effect, Effect::Quit(_))));
}

#[test]
fn a_token_is_taken_in_the_field_and_the_demo_is_offered() {
    let mut desk = Desk::start(None, 80, 24);
    desk.press("enter");
    assert!(desk.words().contains("the token is empty"));
    desk.paste("ey.abc.def\n").press("enter");
    assert!(matches!(desk.effects.as_slice(), [Effect::Open(1, Target::Typed(_))]));
    assert!(!format!("{:?}", desk.effects).contains("abc"), "not even in a debug print");
    let mut desk = Desk::start(None, 80, 24);
    desk.press("q tab enter");
    assert_eq!(desk.effects, [Effect::Open(1, Target::Demo)]);
    desk.tell(Message::Opened { request: 1, result: Ok(session()) });
    assert!(has(&desk, &Effect::Read(2)));
}

#[test]
fn a_typed_token_that_is_refused_can_be_typed_again() {
    let mut desk = Desk::start(None, 80, 24);
    desk.type_text("ey.abc.def").press("enter");
    desk.tell(Message::Opened { request: 1, result: Ok(session()) });
    desk.tell(Message::Read { request: 2, result: Err(refused(401, "PERMISSION_DENIED", "")) });
    assert!(
        desk.words().contains("API TOKEN") && desk.words().contains("The token was refused"),
        "{}",
        desk.screen()
    );
    desk.type_text("ey.good.one").press("enter");
    assert!(matches!(desk.effects.last(), Some(Effect::Open(3, Target::Typed(_)))));
    let mut desk = Desk::start(Some(session()), 80, 24);
    desk.tell(Message::Read { request: 1, result: Err(refused(401, "PERMISSION_DENIED", "")) });
    assert!(
        desk.words().contains("Not read: The token was refused"),
        "a token from elsewhere is not typed here"
    );
}

#[test]
fn a_refusal_in_the_field_goes_with_the_text_that_it_was_about() {
    let mut desk = Desk::reading(settings(false, "AB"));
    desk.press("a A B enter");
    assert!(desk.words().contains("in the list already"));
    desk.press("backspace");
    assert!(!desk.words().contains("in the list already"), "{}", desk.screen());
}

#[test]
fn a_character_that_cannot_be_seen_is_refused_where_it_is_typed_or_pasted() {
    let mut desk = Desk::reading(settings(false, "A"));
    desk.press("a").paste("NPS\u{202e}_\u{200b}SCORE");
    assert!(desk.words().contains("no control or invisible characters"), "{}", desk.screen());
    assert!(!desk.screen().contains('\u{202e}'));
    desk.press("enter");
    assert!(desk.form().draft.settings().has(&QuestionCode::new("NPS_SCORE")));
}

#[test]
fn backspace_held_down_on_a_slow_line_deletes_all_the_same() {
    let mut desk = Desk::reading(settings(false, "A"));
    desk.press("a").type_text("WRONG_CODE");
    desk.tell(Message::Keys { keys: vec![Key::Backspace; 10], burst: true });
    desk.type_text("OK").press("enter");
    assert!(desk.form().draft.settings().has(&QuestionCode::new("OK")));
}
