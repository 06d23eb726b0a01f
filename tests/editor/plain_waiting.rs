//! The editor line by line: when a line is taken, and when there are no more.

use convrating::agents::{Agents, KnownProfiles, Profile};
use convrating::demo::{Demo, Method};
use convrating::editor::Setup;
use proptest::prelude::*;

use super::plain::{show, show_changed};
use crate::support::editor_harness::{profile, setup};
use crate::support::plain_harness::{PlainHarness, run_plain, run_plain_beside};

#[tokio::test]
async fn the_end_of_the_input_in_a_question_quits_and_saves_nothing() {
    for (agent, lines) in [("busy", ["3", "save"]), ("acme", ["1", "quit"])] {
        let (_, ending) = show(agent, async |editor, hooks| {
            for line in lines {
                editor.say(line, if line.len() > 1 { "An empty line" } else { "unsaved" }).await;
            }
            editor.end_input();
            assert_eq!(hooks.count(Method::Patch), 0);
        })
        .await;
        assert_eq!(ending.code, 1, "{agent}");
    }
}

#[tokio::test]
async fn lines_wait_until_what_is_under_way_has_ended() {
    let (transcript, ending) = show("acme", async |editor, hooks| {
        let held = hooks.hold(Method::Patch);
        for line in ["1", "save", "1", "quit", "leave"] {
            editor.type_ahead(line);
        }
        held.arrived().await;
        held.release();
    })
    .await;
    insta::assert_snapshot!(transcript);
    assert_eq!(ending.code, 0);
}

#[tokio::test]
async fn a_step_of_more_than_a_second_is_said_and_stop_ends_it() {
    let demo = Demo::bind(0).expect("a demo");
    let (profile, hooks) = (profile(&demo, "acme"), demo.hooks());
    // With the patience that a user has.
    let agents = Agents::new(KnownProfiles::Ready(vec![profile.clone()]));
    let setup = Setup { agents, ..setup(Some(profile)) };
    let (transcript, _) = run_plain_beside(demo, setup, async |editor: &mut PlainHarness| {
        editor.read("Type a number").await;
        let held = hooks.hold(Method::Get);
        editor.say("1", "unsaved").await;
        editor.say("save", "Saving").await;
        held.arrived().await;
        editor.say("stop", "1 unsaved change").await;
        editor.say("quit", "An empty line").await;
        editor.say_last("leave");
    })
    .await;
    insta::assert_snapshot!(transcript);
}

#[tokio::test]
async fn on_a_terminal_what_was_typed_before_a_conflict_does_not_answer_it() {
    for is_terminal in [true, false] {
        let (transcript, _) = show("busy", async |editor, hooks| {
            if is_terminal {
                editor.be_terminal();
            }
            let held = hooks.hold(Method::Get);
            editor.say("3", "unsaved").await;
            editor.type_ahead("save");
            held.arrived().await;
            editor.type_ahead("both");
            held.release();
            if is_terminal {
                editor.read("An empty line").await;
                editor.say("edit", "Not saved").await;
                editor.say("discard", "Nothing is left").await;
            } else {
                editor.read("Saved").await;
            }
            editor.say_last("quit");
        })
        .await;
        assert_eq!(transcript.contains("Saved"), !is_terminal, "{transcript}");
    }
}

#[tokio::test]
async fn where_nothing_hears_it_the_editor_ends() {
    for (lines, code) in [(&["help"][..], 0), (&["1", "help"], 1)] {
        let (_, ending) = show("acme", async |editor, _| {
            for line in lines {
                if *line == "help" {
                    editor.close_output();
                    editor.type_ahead(line);
                } else {
                    editor.say(line, "unsaved").await;
                }
            }
        })
        .await;
        assert_eq!(ending.code, code);
    }
}

#[tokio::test]
async fn a_line_that_is_on_its_way_does_not_keep_an_editor_that_nothing_hears() {
    let (_, ending) = show("acme", async |editor, hooks| {
        let held = hooks.hold(Method::Patch);
        editor.say("1", "unsaved").await;
        editor.type_ahead("save");
        held.arrived().await;
        // The next line is being read already. It arrives together with the outcome, which nothing hears.
        editor.close_output_before("help");
        held.release();
    })
    .await;
    assert_eq!(ending.code, 0, "the save has ended first");
}

#[tokio::test]
async fn an_input_that_ends_at_once_changes_nothing() {
    let (transcript, ending) =
        run_plain(setup(None), async |editor: &mut PlainHarness| editor.end_input()).await;
    assert_eq!(ending.code, 0);
    assert!(transcript.ends_with("convrating: nothing saved\n"), "{transcript}");
}

/// Lines that a user may type anywhere. None of them ends the editor on the form.
const LINES: [&str; 24] = [
    "", "1", "2", "3", "9", "add A", "add A,B", "add", "save", "SAVE", "list", "undo", "discard", "read",
    "back", "token", "request", "profiles", "busy", "history", "log", "help", "both", "no",
];

fn run_now<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(future)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn every_line_has_an_answer_whatever_was_typed_before(
        agent in proptest::sample::select(vec!["acme", "readonly", "mixed", "busy", "lost", "expired"]),
        is_protected in any::<bool>(),
        lines in proptest::collection::vec(proptest::sample::select(LINES.to_vec()), 1..25),
    ) {
        let protect = |profile: Profile| Profile { is_protected, ..profile };
        run_now(show_changed(agent, protect, async |editor, _| {
            for line in lines {
                editor.say(line, "\n").await;
            }
            editor.end_input();
        }));
    }
}
