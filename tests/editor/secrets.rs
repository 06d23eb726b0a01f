//! What the server repeats of the token is not shown in the editor, and what looks like a token is not taken as a code.

use convrating::demo::{Answer, End, Fault, Method};
use serde_json::json;

use crate::support::configuration::settings;
use crate::support::editor_harness::{EditorHarness, edit};
use crate::support::model_harness::ModelHarness;

const TOKEN: &str = "eyJhbGciOiJIUzI1NiJ9.eyJzY2VuYXJpb19pZCI6ImRlbW9hZ2VudDEifQ.c2lnbmF0dXJl";

fn error(status: u16) -> Fault {
    let body = json!({"errors": {"root": [{"message": format!("bad {TOKEN}"), "code": TOKEN}]}}).to_string();
    let head = format!("HTTP/1.1 {status} No\r\nContent-Type: application/json\r\n");
    let raw = format!("{head}content-length: {}\r\n\r\n{body}", body.len());
    Fault::not_applied(Answer::Raw(raw.into_bytes(), End::Close))
}

#[tokio::test]
async fn a_message_of_the_server_that_repeats_the_token_shows_a_word_in_its_place() {
    edit("acme", async |seat: &mut EditorHarness, hooks| {
        seat.read("Ask visitors").await;
        hooks.fail_always(Method::Patch, error(422));
        seat.press("space s");
        let screen = seat.read("Not saved").await;
        assert!(screen.contains("<token>") && !screen.contains("eyJ"), "{screen}");
        seat.press("l");
        let screen = seat.read("LOG").await;
        assert!(!screen.contains("eyJ"), "{screen}");
        seat.press("c-c c-c");
    })
    .await;
}

#[test]
fn a_code_that_repeats_the_token_is_shown_as_a_word_and_is_sent_as_it_is() {
    let mut desk = ModelHarness::reading(settings(false, &format!("A {TOKEN}")));
    assert!(desk.words().contains("<token>"), "{}", desk.screen());
    desk.press("2 space v");
    assert!(desk.words().contains("REQUEST") && !desk.screen().contains("eyJ"), "{}", desk.screen());
    assert!(desk.form().patch().to_json().contains(TOKEN), "the server gets its own code back");
    desk.press("c");
    assert!(desk.words().contains("Not copied"), "{}", desk.screen());
}

#[test]
fn a_token_in_the_field_for_a_code_is_not_shown_and_not_taken() {
    let mut desk = ModelHarness::reading(settings(false, "A"));
    desk.press("a").paste(TOKEN);
    assert!(!desk.screen().contains("eyJ"), "{}", desk.screen());
    desk.press("enter");
    assert!(desk.words().contains("This has the shape of a token"), "{}", desk.screen());
    assert!(!desk.form().draft.is_dirty() && !desk.screen().contains("eyJ"));
    desk.type_text("A,B").press("enter");
    assert!(desk.words().contains("A code has no comma inside"), "{}", desk.screen());
}

#[test]
fn what_stands_around_a_token_in_the_hidden_field_is_named() {
    for (typed, words) in [
        ("\"t0ken\"", "quotes stand around the token"),
        ("<t0ken>", "< and > stand around the token"),
        ("NAME=t0ken", "NAME= stands before the token"),
        ("t0ken;", "a semicolon stands behind the token"),
    ] {
        let mut desk = ModelHarness::start(None, 80, 24);
        desk.press("tab enter").type_text(typed).press("enter");
        assert!(desk.words().contains(words) && !desk.screen().contains("t0ken"), "{}", desk.screen());
    }
    let mut desk = ModelHarness::start(None, 80, 24);
    desk.press("tab enter").paste("Bearer t0ken \n").press("enter");
    assert!(!desk.words().contains("Not taken"), "{}", desk.screen());
}
