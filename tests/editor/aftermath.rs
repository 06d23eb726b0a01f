//! What the editor says of the read that it makes a moment after a save.

use convrating::demo::{Hooks, Method};
use serde_json::json;

use crate::support::editor_harness::{EditorHarness, edit};

/// Saves that `HELPFUL_THUMBS` is off. Then the server holds `codes`, before the editor reads again. Returns what it says.
async fn say_after_save(editor: &mut EditorHarness, hooks: &Hooks, codes: &[&str], awaited: &str) -> String {
    editor.read("Ask visitors").await;
    let answer = hooks.hold_answer(Method::Patch);
    editor.press("2 space s");
    answer.arrived().await;
    let silent = hooks.hold(Method::Get);
    answer.release();
    silent.arrived().await;
    let mut held = hooks.configuration("acme");
    held["conv_rating_question_codes"] = json!(codes);
    hooks.set_configuration("acme", held);
    silent.release();
    editor.read(awaited).await
}

#[tokio::test]
async fn a_code_that_another_save_adds_right_after_ours_undoes_nothing() {
    edit("acme", async |editor: &mut EditorHarness, hooks: Hooks| {
        let codes = ["EXPERIENCE_THUMBS", "OTHER"];
        let awaited = "Saved. Something else was changed by someone else: OTHER off → on.";
        let screen = say_after_save(editor, &hooks, &codes, awaited).await;
        assert!(!screen.contains("Saved, then"), "{screen}");
        editor.press("q");
    })
    .await;
}

#[tokio::test]
async fn what_another_save_undid_is_told_apart_from_what_else_it_did() {
    edit("acme", async |editor: &mut EditorHarness, hooks: Hooks| {
        let codes = ["HELPFUL_THUMBS", "EXPERIENCE_THUMBS", "OTHER"];
        let awaited = "Saved, then changed by someone else HELPFUL_THUMBS off → on. \
                       Also changed by someone else: OTHER off → on.";
        say_after_save(editor, &hooks, &codes, awaited).await;
        editor.press("q");
    })
    .await;
}
