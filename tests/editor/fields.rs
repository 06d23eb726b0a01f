//! The two text fields: what goes into them, and what does not.

use convrating::editor::message::{Effect, Message};
use convrating::settings::QuestionCode;
use convrating::terminal::Key;

use crate::support::configuration::settings;
use crate::support::model_harness::ModelHarness;

#[test]
fn a_paste_changes_nothing_but_a_text_field_marked_or_not() {
    for paste in [ModelHarness::paste, ModelHarness::paste_unmarked] {
        let mut harness = ModelHarness::reading(settings(false, "A B"));
        paste(&mut harness, "x s q d n\nxxxx");
        assert!(!harness.form().draft.is_dirty() && harness.effects.is_empty());
        assert!(harness.words().contains("paste"));
        harness.press("space");
        assert!(!harness.words().contains("paste"), "it stands there only until the next key");
        paste(harness.press("a"), "NPS_\nSCORE\n").press("enter");
        assert!(harness.form().draft.settings().has(&QuestionCode::new("NPS_SCORE")));
        paste(harness.press("q"), "nnnnnnnnnnn");
        assert!(!harness.effects.iter().any(|effect| matches!(effect, Effect::Quit(_))));
    }
}

#[test]
fn a_hidden_character_in_one_piece_of_a_paste_is_still_named_after_the_next_piece() {
    for paste in [ModelHarness::paste, ModelHarness::paste_unmarked] {
        let mut harness = ModelHarness::reading(settings(false, "A B"));
        paste(paste(harness.press("a"), "NPS\u{202e}"), "_SCORE");
        assert!(harness.words().contains("NPS_SCORE"), "{}", harness.screen());
        assert!(harness.words().contains("invisible characters"), "{}", harness.screen());
        harness.press("backspace");
        assert!(!harness.words().contains("invisible characters"), "{}", harness.screen());
    }
}

#[test]
fn a_refusal_in_the_field_goes_with_the_text_that_it_was_about() {
    let mut harness = ModelHarness::reading(settings(false, "AB"));
    harness.press("a A B enter");
    assert!(harness.words().contains("in the list already"));
    harness.press("backspace");
    assert!(!harness.words().contains("in the list already"), "{}", harness.screen());
}

#[test]
fn a_character_that_cannot_be_seen_is_refused_where_it_is_typed_or_pasted() {
    let mut harness = ModelHarness::reading(settings(false, "A"));
    harness.press("a").paste("NPS\u{202e}_\u{200b}SCORE");
    assert!(harness.words().contains("no control or invisible characters"), "{}", harness.screen());
    assert!(!harness.screen().contains('\u{202e}'));
    harness.press("enter");
    assert!(harness.form().draft.settings().has(&QuestionCode::new("NPS_SCORE")));
}

#[test]
fn backspace_held_down_on_a_slow_line_deletes_all_the_same() {
    let mut harness = ModelHarness::reading(settings(false, "A"));
    harness.press("a").type_text("WRONG_CODE");
    harness.tell(Message::Keys { keys: vec![Key::Backspace; 10], burst: true });
    harness.type_text("OK").press("enter");
    assert!(harness.form().draft.settings().has(&QuestionCode::new("OK")));
}
