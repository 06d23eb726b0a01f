//! The editor line by line: transcripts of what a user types and hears.

use std::sync::Arc;

use convrating::agents::{KnownProfiles, Profile};
use convrating::api::Timing;
use convrating::api::credentials::Token;
use convrating::demo::{Demo, Hooks, Method};
use convrating::editor::{Ending, First, Setup};
use convrating::terminal::LineCommand;

use super::demo::demo_profiles;
use crate::support::editor_harness::{agents, profile, setup};
use crate::support::plain_harness::{PlainHarness, run_plain_beside};

/// Runs the editor on an agent of the demo, with all of them in its list.
pub(super) async fn show(
    agent: &str,
    script: impl AsyncFnOnce(&mut PlainHarness, Hooks),
) -> (String, Ending) {
    show_changed(agent, |profile| profile, script).await
}

/// The same, where the profile is another one.
pub(super) async fn show_changed(
    agent: &str,
    change: impl FnOnce(Profile) -> Profile,
    script: impl AsyncFnOnce(&mut PlainHarness, Hooks),
) -> (String, Ending) {
    show_patiently(agent, change, 50, script).await
}

/// The same with so many times less patience than a user has.
async fn show_patiently(
    agent: &str,
    change: impl FnOnce(Profile) -> Profile,
    hurry: u32,
    script: impl AsyncFnOnce(&mut PlainHarness, Hooks),
) -> (String, Ending) {
    let demo = Demo::bind(0).expect("a demo");
    let (mut profiles, hooks) = (demo_profiles(&demo, agent), demo.hooks());
    profiles[0] = change(profiles[0].clone());
    let first = First::Profile(Box::new(profiles[0].clone()));
    let agents = agents(KnownProfiles::Ready(profiles)).with_timing(Timing::default().faster(hurry));
    let setup = Setup { first, agents, ..setup(None) };
    run_plain_beside(demo, setup, async |editor: &mut PlainHarness| {
        editor.read("Type a number").await;
        script(editor, hooks).await;
    })
    .await
}

#[tokio::test]
async fn a_switch_a_new_code_and_a_save() {
    let (transcript, ending) = show("acme", async |editor, hooks| {
        editor.say("1", "unsaved").await;
        editor.say("3", "unsaved").await;
        editor.say("undo", "unsaved").await;
        editor.say("add NPS_SCORE", "unsaved").await;
        editor.say("add NPS SCORE", "Not added").await;
        editor.say("add", "Type add").await;
        editor.say("list", "Type a number").await;
        editor.say("SAVE", "Saved").await;
        assert_eq!(hooks.applied("acme"), 1);
        editor.say("save", "Nothing to save").await;
        editor.say("undo", "Nothing to undo").await;
        editor.say("discard", "Nothing to discard").await;
        editor.say("", "Type a number").await;
        editor.say("4000", "There is no line").await;
        editor.say("constructor", "not a command").await;
        editor.say("stop", "Nothing is under way").await;
        editor.say_last("quit");
    })
    .await;
    insta::assert_snapshot!(transcript);
    assert_eq!(ending.code, 0);
}

#[tokio::test]
async fn a_conflict_is_answered_by_a_word_and_both_keeps_both() {
    let (transcript, _) = show("busy", async |editor, hooks| {
        editor.say("3", "unsaved").await;
        editor.say("save", "An empty line").await;
        assert_eq!(hooks.count(Method::Patch), 0, "nothing was sent yet");
        editor.say("perhaps", "An empty line").await;
        editor.say("both", "Saved").await;
        editor.say_last("quit");
        assert_eq!(hooks.applied("busy"), 1);
    })
    .await;
    insta::assert_snapshot!(transcript);
}

#[tokio::test]
async fn theirs_and_edit_and_an_empty_line_send_nothing() {
    let (transcript, ending) = show("busy", async |editor, hooks| {
        editor.say("3", "unsaved").await;
        editor.say("save", "An empty line").await;
        editor.say("", "1 unsaved change").await;
        editor.say("save", "An empty line").await;
        editor.say("EDIT", "1 unsaved change").await;
        editor.say("save", "An empty line").await;
        editor.say("2", "Theirs was taken").await;
        assert_eq!(hooks.count(Method::Patch), 0);
        editor.say_last("quit");
    })
    .await;
    insta::assert_snapshot!(transcript);
    assert_eq!(ending.code, 0);
}

#[tokio::test]
async fn a_protected_profile_asks_and_an_empty_line_means_no() {
    let protect = |profile: Profile| Profile { is_protected: true, ..profile };
    let (transcript, _) = show_changed("acme", protect, async |editor, hooks| {
        editor.say("1", "unsaved").await;
        editor.say("save", "An empty line").await;
        editor.say("", "Back to").await;
        assert_eq!(hooks.count(Method::Get), 1, "the save has not begun");
        editor.say("save", "An empty line").await;
        editor.say("yes", "Saved").await;
        editor.say_last("quit");
    })
    .await;
    insta::assert_snapshot!(transcript);
}

#[tokio::test]
async fn a_token_that_may_only_read_and_one_that_was_asked_to() {
    let (transcript, ending) = show("readonly", async |editor, _| {
        editor.say("1", "unsaved").await;
        editor.say("save", "1 unsaved change").await;
        editor.say("save", "[READ ONLY]").await;
        editor.say("list", "Type a number").await;
        editor.end_input();
    })
    .await;
    insta::assert_snapshot!(transcript);
    assert_eq!(ending.code, 1, "unsaved changes, and no more input");
}

#[tokio::test]
async fn flags_that_disagree() {
    let (transcript, _) = show("mixed", async |editor, _| {
        editor.say("1", "unsaved").await;
        editor.say("list", "Type a number").await;
        editor.say("save", "Saved").await;
        editor.say_last("quit");
    })
    .await;
    insta::assert_snapshot!(transcript);
}

#[tokio::test]
async fn a_lost_answer() {
    let (transcript, _) = show("lost", async |editor, hooks| {
        editor.say("1", "unsaved").await;
        editor.say("save", "Saved").await;
        assert_eq!(hooks.count(Method::Patch), 1);
        editor.say_last("quit");
    })
    .await;
    insta::assert_snapshot!(transcript);
}

#[tokio::test]
async fn a_refused_token_and_a_new_one_that_is_never_said() {
    let (transcript, _) = show("expired", async |editor, hooks| {
        editor.be_terminal();
        editor.say("1", "unsaved").await;
        editor.say("save", "1 unsaved change").await;
        editor.say("token", "An empty line").await;
        assert_eq!(editor.commands().last(), Some(&LineCommand::Hide), "nothing is shown of what is typed");
        editor.say("", "Back to").await;
        assert_eq!(editor.commands().last(), Some(&LineCommand::Show));
        editor.say("token", "An empty line").await;
        editor.type_ahead("a secret of mine");
        editor.read("The new token is used").await;
        assert_eq!(editor.commands().last(), Some(&LineCommand::Show));
        editor.say("save", "Saved").await;
        assert_eq!(hooks.applied("expired"), 1);
        editor.say_last("quit");
    })
    .await;
    insta::assert_snapshot!(transcript);
    assert!(!transcript.contains("secret"));
}

#[tokio::test]
async fn a_token_that_is_refused_leaves_nothing_open() {
    let demo = Demo::bind(0).expect("a demo");
    let (setup, other) = (setup(Some(profile(&demo, "acme"))), demo.agent("mixed").expect("an agent"));
    let token = other.token().to_owned();
    let (transcript, _) = run_plain_beside(demo, setup, async |editor: &mut PlainHarness| {
        editor.read("Type a number").await;
        editor.say("token", "An empty line").await;
        editor.type_ahead(&token);
        editor.read("Type token to try again").await;
        editor.say("token", "An empty line").await;
        editor.type_ahead("\"quoted\"");
        editor.read("Type token to try again").await;
        editor.say("1", "unsaved").await;
        editor.say("undo", "Nothing is left").await;
        editor.say_last("quit");
    })
    .await;
    insta::assert_snapshot!(transcript);
}

#[tokio::test]
async fn the_profiles_are_listed_and_opened_by_number_and_name() {
    // The slow agent answers after a second and a half.
    let (transcript, _) = show_patiently(
        "acme",
        |profile| profile,
        3,
        async |editor, _| {
            editor.say("profiles", "An empty line").await;
            editor.say("", "Back to").await;
            editor.say("profiles", "An empty line").await;
            editor.say("nine", "There is no such profile").await;
            editor.say("3", "Type a number").await;
            editor.say("1", "unsaved").await;
            editor.say("profiles", "An empty line").await;
            editor.say("lost", "An empty line").await;
            editor.say("stay", "Back to").await;
            editor.say("profiles", "An empty line").await;
            editor.say("lost", "An empty line").await;
            editor.say("save", "Type a number").await;
            editor.say_last("quit");
        },
    )
    .await;
    insta::assert_snapshot!(transcript);
}

#[tokio::test]
async fn history_log_request_and_what_was_saved_brought_back() {
    let (transcript, ending) = show("acme", async |editor, _| {
        editor.say("history", "The demo keeps no history").await;
        editor.say("request", "There is no change").await;
        editor.say("1", "unsaved").await;
        editor.say("request", "curl").await;
        editor.say("save", "Saved").await;
        editor.say("back", "unsaved").await;
        editor.say("history", "saved, rating").await;
        editor.say("log", "Log").await;
        editor.say("read", "Read again").await;
        editor.say("quit", "An empty line").await;
        editor.say_last("leave");
    })
    .await;
    // How many requests have ended by then is chance: the read after a save comes by itself.
    let log = transcript.lines().filter(|line| line.ends_with(", 200, N ms.")).count();
    assert!(log >= 3, "{transcript}");
    let shown: Vec<_> = transcript.lines().filter(|line| !line.ends_with(", 200, N ms.")).collect();
    insta::assert_snapshot!(shown.join("\n"));
    assert_eq!(ending.code, 0);
}

#[tokio::test]
async fn help_says_what_each_word_does() {
    let (transcript, _) = show("acme", async |editor, _| {
        editor.say("help", "In a question").await;
        editor.say_last("quit");
    })
    .await;
    insta::assert_snapshot!(transcript);
}

#[tokio::test]
async fn with_unsaved_changes_quit_and_ctrl_c_ask_and_ctrl_c_in_the_question_quits() {
    let (transcript, ending) = show("acme", async |editor, _| {
        editor.say("1", "unsaved").await;
        editor.say("quit", "An empty line").await;
        editor.say("quit", "That is no answer").await;
        editor.say("", "Back to").await;
        editor.interrupt();
        editor.read("An empty line").await;
        editor.interrupt();
    })
    .await;
    insta::assert_snapshot!(transcript);
    assert_eq!(ending.code, 130);
}

#[tokio::test]
async fn save_in_the_question_saves_and_quits_and_says_both() {
    let (transcript, ending) = show("acme", async |editor, hooks| {
        editor.say("1", "unsaved").await;
        editor.say("quit", "An empty line").await;
        editor.say_last("save");
        hooks.wait_for(Method::Patch, 1).await;
    })
    .await;
    insta::assert_snapshot!(transcript);
    assert_eq!(ending.code, 0);
}

#[tokio::test]
async fn a_failed_load_says_what_can_be_done() {
    let demo = Demo::bind(0).expect("a demo");
    let token = Token::new("not-a-token-of-the-demo").expect("a token");
    let refused = Profile { token, ..profile(&demo, "acme") };
    let (transcript, _) = run_plain_beside(demo, setup(Some(refused)), async |editor: &mut PlainHarness| {
        editor.read("Type: ").await;
        editor.say("1", "no numbered line").await;
        editor.say("save", "does not work here").await;
        editor.say("read", "Type: ").await;
        editor.say("log", "Log").await;
        editor.say_last("quit");
    })
    .await;
    let shown: Vec<_> = transcript.lines().filter(|line| !line.contains(" ms, ")).collect();
    insta::assert_snapshot!(shown.join("\n").replace("agent unknown", "agent UNKNOWN"));
}

#[tokio::test]
async fn the_first_start_has_three_choices() {
    let demo = Demo::bind(0).expect("a demo");
    let profiles = demo_profiles(&demo, "acme");
    let setup = Setup { start_demo: Arc::new(move || Ok(profiles.clone())), ..setup(None) };
    let (transcript, ending) = run_plain_beside(demo, setup, async |editor: &mut PlainHarness| {
        editor.be_terminal();
        editor.read("Type a word").await;
        editor.say("save", "does not work here").await;
        editor.say("", "Type a word").await;
        editor.say("add", "An empty line").await;
        editor.say("a name", "An empty line").await;
        editor.say("acme-prod", "An empty line").await;
        assert_eq!(editor.commands().last(), Some(&LineCommand::Hide));
        editor.type_ahead("two words");
        editor.read("Not taken").await;
        editor.say("", "An empty line").await;
        assert_eq!(editor.commands().last(), Some(&LineCommand::Show));
        editor.say("", "Type a word").await;
        editor.say("2", "An empty line").await;
        editor.say("", "Type a word").await;
        editor.say("profiles", "no profiles").await;
        editor.say("", "Type a word").await;
        editor.say("demo", "Type a number").await;
        editor.say_last("quit");
    })
    .await;
    insta::assert_snapshot!(transcript);
    assert_eq!(ending.code, 0);
}
