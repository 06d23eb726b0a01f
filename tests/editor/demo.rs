//! What a stranger sees in the demo: each agent's story, and no sign of the port that the demo server listens on.

use std::sync::Arc;

use crate::support::editor_harness::{EditorHarness, agents, profile, run_beside, setup};
use convrating::agents::{DemoFacts, KnownProfiles, Profile, TokenSource};
use convrating::api::credentials::Token;
use convrating::demo::{Demo, Hooks, Method};
use convrating::editor::{First, Setup};

/// The agents of the demo as `--demo=NAME` opens them.
pub(super) fn demo_profiles(demo: &Demo, first: &str) -> Vec<Profile> {
    let facts = |name: &str| {
        let agent = demo.agent(name).expect("an agent");
        let renewed_token = Token::new(agent.renewed_token()).expect("a token");
        DemoFacts { about: agent.description().to_owned(), renewed_token }
    };
    let mut names: Vec<_> = demo.agents().iter().map(|agent| agent.name().to_owned()).collect();
    names.sort_by_key(|name| name != first);
    let profile =
        |name: &String| Profile { source: TokenSource::Demo, demo: Some(facts(name)), ..profile(demo, name) };
    names.iter().map(profile).collect()
}

/// Runs the editor on an agent of the demo, with all of them in its list.
async fn show(agent: &str, script: impl AsyncFnOnce(&mut EditorHarness, Hooks)) {
    let demo = Demo::bind(0).expect("a demo");
    let (profiles, hooks) = (demo_profiles(&demo, agent), demo.hooks());
    let first = First::Profile(Box::new(profiles[0].clone()));
    let setup = Setup { first, agents: agents(KnownProfiles::Ready(profiles)), ..setup(None) };
    run_beside(demo, setup, async |editor: &mut EditorHarness| {
        editor.read("Ask visitors").await;
        script(editor, hooks).await;
    })
    .await;
}

/// Closes the question about a conflict, which does not hear the first keys, and quits without saving.
async fn leave_conflict(editor: &mut EditorHarness) {
    editor.insist("esc", "unsaved change").await;
    editor.press("q n");
}

fn codes(hooks: &Hooks, agent: &str) -> Vec<String> {
    let held = hooks.configuration(agent);
    let codes = held["conv_rating_question_codes"].as_array().expect("codes").clone();
    codes.iter().filter_map(|code| code.as_str().map(str::to_owned)).collect()
}

#[tokio::test]
async fn busy_asks_where_a_question_was_changed_and_keep_both_keeps_both() {
    show("busy", async |editor, hooks| {
        editor.press("3 space s");
        let screen = editor.read("Conflict").await;
        assert!(screen.contains("changed by someone else") && screen.contains("NPS_SCORE"), "{screen}");
        assert_eq!(hooks.count(Method::Patch), 0, "nothing was sent yet");
        editor.insist("enter", "Saved").await;
        assert_eq!(codes(&hooks, "busy"), ["HELPFUL_THUMBS", "NPS_SCORE"]);
        editor.press("q");
    })
    .await;
}

#[tokio::test]
async fn busy_merges_a_change_of_the_rating_alone_and_says_what_else_was_changed() {
    show("busy", async |editor, hooks| {
        editor.press("space s");
        let screen = editor.read("Saved").await;
        assert!(screen.to_lowercase().contains("changed by someone else"), "{screen}");
        assert!(screen.contains("NPS_SCORE"), "{screen}");
        assert_eq!(codes(&hooks, "busy"), ["HELPFUL_THUMBS", "EXPERIENCE_THUMBS", "NPS_SCORE"]);
        // After the silent read that follows a save, the colleague is there again for the next one.
        hooks.wait_for(Method::Get, 3).await;
        editor.press("2 space s");
        editor.read("Conflict").await;
        leave_conflict(editor).await;
    })
    .await;
}

#[tokio::test]
async fn busy_asks_too_where_it_was_opened_from_the_list() {
    show("acme", async |editor, _| {
        editor.press("p");
        editor.read("9 of 9 answered").await;
        editor.press("/ b u s y enter enter");
        editor.read("busy [DEMO]").await;
        editor.read("Ask visitors").await;
        editor.press("3 space s");
        editor.read("Conflict").await;
        leave_conflict(editor).await;
    })
    .await;
}

#[tokio::test]
async fn a_user_without_a_token_opens_the_demo_and_finds_all_its_agents_in_the_list() {
    let demo = Demo::bind(0).expect("a demo");
    let profiles = demo_profiles(&demo, "acme");
    let setup = Setup { start_demo: Arc::new(move || Ok(profiles.clone())), ..setup(None) };
    run_beside(demo, setup, async |editor: &mut EditorHarness| {
        editor.read("Open the demo").await;
        editor.press("tab tab");
        editor.read("> [ Open the demo").await;
        editor.press("enter");
        editor.read("Ask visitors").await;
        editor.press("p");
        editor.read("9 of 9 answered").await;
        editor.press("/ l o s t enter enter");
        editor.read("lost [DEMO]").await;
        editor.read("Ask visitors").await;
        editor.press("space s");
        editor.read("confirmed by a second read").await;
        editor.press("q");
    })
    .await;
}

#[tokio::test]
async fn lost_is_confirmed_by_a_read() {
    show("lost", async |editor, hooks| {
        editor.press("space s");
        editor.read("confirmed by a second read").await;
        assert_eq!(hooks.count(Method::Patch), 1, "nothing is sent twice");
        editor.press("q");
    })
    .await;
}

#[tokio::test]
async fn expired_refuses_a_save_and_any_text_is_taken_as_a_new_token_with_the_draft_kept() {
    show("expired", async |editor, hooks| {
        editor.press("space s");
        let screen = editor.read("Not saved").await;
        assert!(screen.contains("In the demo any text is taken as one."), "{screen}");
        editor.press("t");
        editor.read("NEW TOKEN").await;
        editor.press("enter");
        editor.read("Type or paste a token first").await;
        // What no other agent would take: quotes, white space, few letters.
        editor.press("\" a enter");
        let screen = editor.read("The new token is used from now on").await;
        assert!(screen.contains("1 unsaved change") && screen.contains("expired [DEMO]"), "{screen}");
        editor.press("s");
        editor.read("Saved").await;
        assert_eq!(hooks.applied("expired"), 1);
        editor.press("q");
    })
    .await;
}

#[tokio::test]
async fn what_is_typed_for_a_token_in_the_demo_goes_nowhere() {
    show("acme", async |editor, hooks| {
        editor.press("t");
        editor.read("In the demo any text is taken as one.").await;
        editor.press("s e c r e t s e c r e t enter");
        editor.read("The new token is used from now on").await;
        let sent: Vec<_> = hooks.requests().into_iter().flat_map(|request| request.headers).collect();
        assert!(sent.iter().all(|(_, value)| !value.contains("secret")), "{sent:?}");
        editor.press("q");
    })
    .await;
}

#[tokio::test]
async fn big_is_searched_and_saved() {
    show("big", async |editor, hooks| {
        editor.press("/ _ 1 9 8 enter space");
        editor.read("1 unsaved change").await;
        editor.press("s");
        editor.read("Saved").await;
        let left = codes(&hooks, "big");
        assert!(left.len() == 199 && !left.contains(&"QUESTION_198".to_owned()), "{left:?}");
        editor.press("q");
    })
    .await;
}

/// The narrowest screen shows it too: the harness has 40 columns and 12 rows after a resize.
#[tokio::test]
async fn the_list_says_what_the_focused_agent_shows() {
    show("acme", async |editor, _| {
        let demo = Demo::bind(0).expect("a demo");
        editor.press("p");
        editor.read("9 of 9 answered").await;
        for is_narrow in [false, true] {
            for agent in demo.agents() {
                let line = format!("{}: {}", agent.name(), agent.description());
                assert!(line.len() <= 72, "two lines of a narrow screen: {line}");
                editor.read(&line).await;
                editor.press("down");
            }
            if !is_narrow {
                editor.resized();
            }
            editor.press("home");
        }
        editor.press("esc q");
    })
    .await;
}

#[tokio::test]
async fn the_demo_is_called_demo_server_and_its_port_stands_in_the_request_alone() {
    show("busy", async |editor, _| {
        editor.press("3 space");
        editor.read("1 unsaved change").await;
        for (keys, sign) in
            [("", "busy"), ("l", "LOG"), ("esc h", "HISTORY"), ("esc ?", "undo"), ("esc p", "9 of 9")]
        {
            editor.press(keys);
            let screen = editor.read(sign).await;
            assert!(screen.contains("demo server") && !screen.contains("127.0.0.1"), "{screen}");
        }
        editor.press("esc s");
        editor.read("Conflict").await;
        assert!(!editor.words().contains("127.0.0.1"), "{}", editor.words());
        editor.insist("esc", "unsaved change").await;
        editor.press("v");
        let screen = editor.read("REQUEST").await;
        assert!(screen.contains("http://127.0.0.1:"), "the command can be run while the demo runs: {screen}");
        editor.press("esc q n");
    })
    .await;
}
