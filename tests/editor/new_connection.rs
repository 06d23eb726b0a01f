//! After another token has been taken, requests go out with it: the new token differs from the old one here, and the server
//! knows only the new one.

use std::fs::OpenOptions;
use std::io::Write as _;

use convrating::demo::{Answer, Demo, Fault, Hooks, Method};
use convrating::editor::message::{Effect, Message};
use convrating::editor::model::Size;
use rustix::fs::{CWD, FileType, Mode, mknodat};

use super::renewed_token::{type_new, with_refused_save};
use super::second_window::Window;
use crate::support::configuration::settings;
use crate::support::editor_harness::{EditorHarness, run_beside};
use crate::support::model_harness::ModelHarness;

/// The stored token of acme when the script begins. The server knows it, and the editor has not used it yet.
struct Known {
    token: String,
    stored: String,
}

/// A form with one unsaved change, whose token the server does not know: it is of the same agent, and was replaced.
async fn with_old_token(name: &str, script: impl AsyncFnOnce(&mut EditorHarness, &Window, &Hooks, &Known)) {
    let demo = Demo::bind(0).expect("a demo");
    let (window, hooks) = (Window::new(name), demo.hooks());
    window.log_in(&demo, "");
    let token = demo.agent("acme").expect("an agent").token().to_owned();
    let known = Known { stored: window.read("tokens/acme"), token };
    let setup = window.setup();
    window.write("tokens/acme", &known.stored.replace(&known.token, &format!("{}old", known.token)));
    // The list and the form still read.
    for _ in 0..2 {
        let answer = Answer::json(200, &hooks.configuration("acme"));
        hooks.fail_next(Method::Get, Fault::applied(answer));
    }
    run_beside(demo, setup, async |harness: &mut EditorHarness| {
        harness.read("1 of 1 answered").await;
        harness.press("enter");
        harness.read("Ask visitors").await;
        harness.press("space s");
        harness.read("The token stored by `convrating login acme` was refused").await;
        script(harness, &window, &hooks, &known).await;
        assert_eq!(hooks.applied("acme"), 0, "nothing was saved with the old token");
        harness.press("s");
        harness.read("Saved").await;
        assert_eq!(hooks.applied("acme"), 1);
        harness.press("q");
    })
    .await;
}

#[tokio::test]
async fn a_save_goes_out_with_the_token_that_the_user_typed() {
    with_old_token("token-new-typed", async |harness, window, _, known| {
        type_new(harness, &known.token).await;
        harness.read("The new token is used from now on, and stored for acme").await;
        assert_eq!(window.read("tokens/acme"), known.stored);
    })
    .await;
}

#[tokio::test]
async fn a_save_goes_out_with_the_token_that_its_source_gives_by_now() {
    with_old_token("token-new-read", async |harness, window, hooks, known| {
        harness.press("r");
        harness.read("Not read The token stored by `convrating login acme` was refused").await;
        window.write("tokens/acme", &known.stored);
        let reads = hooks.count(Method::Get);
        harness.press("r");
        harness.read("Read again: the server has not changed").await;
        assert_eq!(hooks.count(Method::Get), reads + 1);
    })
    .await;
}

#[tokio::test]
async fn a_typed_token_that_may_write_ends_read_only() {
    with_refused_save("token-may-write", "", async |harness, _, hooks, [acme, _]| {
        hooks.heal();
        let scope = "Insufficient token scope. Required: write_all";
        hooks.fail_next(Method::Patch, Fault::not_applied(Answer::error(403, "PERMISSION_DENIED", scope)));
        harness.press("s");
        harness.read("[READ ONLY]").await;
        type_new(harness, acme.token()).await;
        let screen = harness.read("The new token is used from now on").await;
        assert!(!screen.contains("[READ ONLY]") && screen.contains("1 unsaved change"), "{screen}");
        harness.press("s");
        harness.read("Saved").await;
        assert_eq!(hooks.applied("acme"), 1);
        harness.press("q");
    })
    .await;
}

#[test]
fn a_second_token_pasted_while_one_is_tried_has_no_effect() {
    let mut harness = ModelHarness::reading(settings(false, "A"));
    harness.press("t").paste("x.y.z").press("enter");
    let [Effect::Renew(request, _)] = harness.effects.as_slice() else { panic!("{:?}", harness.effects) };
    let request = *request;
    harness.effects.clear();
    harness.paste("a.b.c").press("enter a enter");
    assert_eq!(harness.effects, [], "one token is tried at a time");
    assert!(harness.words().contains("trying it") && harness.model.is_renewing(request));
    harness.tell(Message::Renewed { request, result: Err("it does not work.".to_owned()) });
    let screen = harness.words();
    assert!(screen.contains("Not taken: it does not work."), "{screen}");
    assert!(!screen.contains("character"), "the field is empty: {screen}");
    harness.press("enter");
    assert_eq!(harness.effects, [], "there is nothing to take");
}

#[test]
fn esc_ends_the_trial_of_a_token_on_a_terminal_that_is_too_small_too() {
    let mut harness = ModelHarness::reading(settings(false, "A"));
    harness.press("space t").paste("x.y.z").press("enter");
    let [Effect::Renew(request, _)] = harness.effects.as_slice() else { panic!("{:?}", harness.effects) };
    let request = *request;
    harness.tell(Message::Resized(Size { columns: 30, rows: 8 }));
    harness.effects.clear();
    harness.press("esc");
    assert_eq!(harness.effects, [Effect::Abort]);
    assert!(!harness.model.is_renewing(request));
    harness.effects.clear();
    harness.press("esc");
    assert_eq!(harness.effects, [], "nothing is under way any more");
    harness.tell(Message::Resized(Size { columns: 80, rows: 24 }));
    let screen = harness.words();
    assert!(screen.contains("1 unsaved change") && !screen.contains("NEW TOKEN"), "{screen}");
}

#[tokio::test]
async fn keys_are_dropped_as_long_as_a_helper_program_has_the_terminal() {
    with_refused_save("token-later-batch", "", async |harness, window, hooks, [acme, _]| {
        hooks.heal();
        harness.allow_lending();
        let path = window.path("answer");
        mknodat(CWD, &path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).expect("a FIFO");
        // Opened for both directions it waits for nothing at the other end.
        let mut answer = OpenOptions::new().read(true).write(true).open(&path).expect("a FIFO");
        let config = window.read("config.toml");
        let script = format!("read -r line < {}; echo \"$line\"", path.display());
        let command = format!("{config}token_command = ['/bin/sh', '-c', '{script}']\n");
        window.write("config.toml", &command);
        harness.press("r");
        // The loop has drawn since: the next keys come in a batch of their own.
        harness.see_call("Lend").await;
        harness.press("q esc c-c");
        writeln!(answer, "{}", acme.token()).expect("the helper reads");
        let screen = harness.read("Read again").await;
        assert!(screen.contains("token from command sh") && screen.contains("1 unsaved change"), "{screen}");
        assert!(!screen.contains("Keep editing"), "{screen}");
        assert_eq!((harness.count_calls("Lend"), harness.count_calls("TakeBack")), (1, 1));
        harness.press("q n");
    })
    .await;
}
