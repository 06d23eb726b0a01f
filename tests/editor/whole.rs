//! The whole loop, from key to screen, on real HTTP against the demo server.

use crate::support::configuration::rating_body;
use crate::support::editor_harness::{EditorHarness, edit, profile, run_beside, setup};
use convrating::api::Timing;
use convrating::demo::{Answer, Demo, End, Fault, Hooks, Method, Point};
use convrating::editor::Setup;
use convrating::editor::message::Message;
use convrating::terminal::TerminalEvent;
use serde_json::{Value, json};

const ACME_ON: &str = "Saved";

fn flags(hooks: &Hooks, agent: &str) -> (Value, Value) {
    let held = hooks.configuration(agent);
    (held["conv_rating_active"].clone(), held["conv_rating_popup_active"].clone())
}

#[tokio::test]
async fn toggle_save_and_quit() {
    let ending = edit("acme", async |editor: &mut EditorHarness, hooks: Hooks| {
        editor.read("Ask visitors").await;
        editor.press("space");
        editor.read("1 unsaved change").await;
        assert_eq!(hooks.count(Method::Patch), 0, "nothing is sent until s");
        editor.press("s");
        editor.read(ACME_ON).await;
        hooks.wait_for(Method::Get, 3).await;
        assert_eq!(flags(&hooks, "acme"), (json!(true), json!(true)));
        editor.press("q");
    })
    .await;
    assert_eq!(ending.code, 0);
    let farewell = ending.farewell.expect("a line");
    assert!(farewell.starts_with("convrating: saved to acme (agent "), "{farewell}");
}

#[tokio::test]
async fn a_save_sends_exactly_these_requests() {
    edit("acme", async |editor: &mut EditorHarness, hooks: Hooks| {
        editor.read("Ask visitors").await;
        editor.press("space s");
        editor.read(ACME_ON).await;
        hooks.wait_for(Method::Get, 3).await;
        editor.press("q");
        let sent = hooks.requests();
        let methods: Vec<_> = sent.iter().map(|request| request.method.as_str()).collect();
        assert_eq!(methods, ["GET", "GET", "PATCH", "GET"], "load, check, change, the silent read");
        let patch = &sent[2];
        assert_eq!(patch.path, "/v1/api/conversation_ratings/configuration");
        assert_eq!(String::from_utf8_lossy(&patch.body), rating_body(true));
        let header =
            |name: &str| patch.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        assert_eq!(header("content-type"), Some("application/json"));
        assert_eq!(header("accept"), Some("application/json"));
        assert_eq!(header("user-agent"), Some(concat!("convrating/", env!("CARGO_PKG_VERSION"))));
        assert!(header("authorization").is_some_and(|value| value.starts_with("Bearer ")));
        assert_eq!(header("accept-encoding"), None, "nothing is decoded");
        assert_eq!(header("cookie").or(header("referer")), None);
    })
    .await;
}

#[tokio::test]
async fn from_the_end_of_a_page_the_first_key_up_scrolls_up() {
    edit("acme", async |editor: &mut EditorHarness, _: Hooks| {
        editor.read("Ask visitors").await;
        // On the smallest screen the help is longer than a screenful.
        editor.resized();
        editor.press("?");
        editor.read("HELP").await;
        // More than far enough: what is too much is not kept.
        editor.press("pgdn pgdn pgdn pgdn pgdn pgdn end");
        let bottom = editor.read("Ctrl-L draw again").await;
        editor.press("up");
        editor.see(|screen| screen != bottom).await;
        editor.press("esc q");
    })
    .await;
}

#[tokio::test]
async fn the_first_frame_stands_before_the_network_answers() {
    edit("acme", async |editor: &mut EditorHarness, hooks: Hooks| {
        let held = hooks.hold(Method::Get);
        let screen = editor.read("Loading").await;
        assert!(screen.contains("acme"), "{screen}");
        held.arrived().await;
        held.release();
        let screen = editor.read("Ask visitors").await;
        assert!(!screen.contains("Loading"), "{screen}");
        editor.press("q");
    })
    .await;
}

#[tokio::test]
async fn a_token_that_may_only_read_marks_the_session() {
    edit("readonly", async |editor: &mut EditorHarness, hooks: Hooks| {
        editor.read("Ask visitors").await;
        let before = hooks.configuration("readonly");
        editor.press("space s");
        let screen = editor.read("Not saved This token may only read (403)").await;
        assert!(screen.contains("[READ ONLY]") && screen.contains("1 unsaved change"), "{screen}");
        assert_eq!(hooks.configuration("readonly"), before);
        editor.press("q n");
    })
    .await;
}

#[tokio::test]
async fn flags_that_disagree_are_shown_and_the_first_toggle_sends_both_on() {
    edit("mixed", async |editor: &mut EditorHarness, hooks: Hooks| {
        let screen = editor.read("DISAGREE").await;
        assert!(
            screen.contains("[~]")
                && screen.contains("flags disagree: rating is on, its popup is off. Space makes both on"),
            "{screen}"
        );
        let codes = hooks.configuration("mixed")["conv_rating_question_codes"].clone();
        editor.press("space s");
        editor.read(ACME_ON).await;
        assert_eq!(flags(&hooks, "mixed"), (json!(true), json!(true)));
        assert_eq!(hooks.configuration("mixed")["conv_rating_question_codes"], codes, "codes are untouched");
        editor.press("q");
    })
    .await;
}

#[tokio::test]
async fn an_added_code_is_sent_with_those_that_were_there() {
    edit("mixed", async |editor: &mut EditorHarness, hooks: Hooks| {
        editor.read("Ask visitors").await;
        let Value::Array(mut codes) = hooks.configuration("mixed")["conv_rating_question_codes"].clone()
        else {
            panic!("codes")
        };
        editor.press("a C S A T enter s");
        editor.read(ACME_ON).await;
        codes.push(json!("CSAT"));
        assert_eq!(hooks.configuration("mixed")["conv_rating_question_codes"], Value::Array(codes));
        assert_eq!(flags(&hooks, "mixed"), (json!(true), json!(false)), "the rating is untouched");
        editor.press("q");
    })
    .await;
}

#[tokio::test]
async fn someone_elses_change_to_the_same_setting_needs_consent() {
    edit("acme", async |editor: &mut EditorHarness, hooks: Hooks| {
        editor.read("Ask visitors").await;
        let mut theirs = hooks.configuration("acme");
        theirs["conv_rating_question_codes"] = json!(["HELPFUL_THUMBS", "EXPERIENCE_THUMBS", "NPS_SCORE"]);
        hooks.set_configuration("acme", theirs.clone());
        editor.press("2 space s");
        let screen = editor.read("Conflict").await;
        assert!(screen.contains("NPS_SCORE off on ! off on"), "{screen}");
        assert_eq!(hooks.count(Method::Patch), 0);
        // The question hears no key in its first moment.
        editor.insist("right", "> [ Use theirs ]").await;
        editor.insist("left", "> [ Keep both ]").await;
        editor.press("enter");
        editor.read(ACME_ON).await;
        let codes = hooks.configuration("acme")["conv_rating_question_codes"].clone();
        assert_eq!(codes, json!(["EXPERIENCE_THUMBS", "NPS_SCORE"]));
        editor.press("q");
    })
    .await;
}

#[tokio::test]
async fn a_broken_answer_to_the_patch_is_confirmed_by_a_second_read() {
    edit("acme", async |editor: &mut EditorHarness, hooks: Hooks| {
        editor.read("Ask visitors").await;
        hooks.fail_next(Method::Patch, Fault::applied(Answer::Cut(Point::BeforeAnswer, End::Reset)));
        editor.press("space s");
        editor.read("confirmed by a second read").await;
        assert_eq!(flags(&hooks, "acme"), (json!(true), json!(true)));
        assert_eq!(hooks.attempts(Method::Patch), 1);
        editor.press("q");
    })
    .await;
}

#[tokio::test]
async fn a_change_right_after_the_save_is_told() {
    edit("acme", async |editor: &mut EditorHarness, hooks: Hooks| {
        editor.read("Ask visitors").await;
        let before = hooks.configuration("acme");
        let answer = hooks.hold_answer(Method::Patch);
        editor.press("space s");
        answer.arrived().await;
        let silent = hooks.hold(Method::Get);
        answer.release();
        editor.read("Saved").await;
        silent.arrived().await;
        hooks.set_configuration("acme", before);
        silent.release();
        editor.read("Saved, then changed by someone else rating on → off").await;
        editor.press("q");
    })
    .await;
}

#[tokio::test]
async fn a_signal_during_a_save_lets_it_end_and_leaves_with_its_code() {
    let (demo, mut setup, hooks) = on_acme();
    let timing = Timing { grace: FOR_EVER, ..setup.agents.timing().clone() };
    setup.agents = setup.agents.with_timing(timing);
    let ending = run_beside(demo, setup, async |editor: &mut EditorHarness| {
        editor.read("Ask visitors").await;
        let answer = hooks.hold_answer(Method::Patch);
        editor.press("space s");
        answer.arrived().await;
        editor.happen(TerminalEvent::Signal(15));
        answer.release();
    })
    .await;
    assert_eq!(ending.code, 143);
    let farewell = ending.farewell.expect("a line");
    assert!(farewell.contains("saved to acme"), "{farewell}");
}

#[tokio::test]
async fn a_signal_does_not_wait_for_a_question() {
    let (demo, mut setup, hooks) = on_acme();
    let timing = Timing { grace: FOR_EVER, ..setup.agents.timing().clone() };
    setup.agents = setup.agents.with_timing(timing);
    let ending = run_beside(demo, setup, async |editor: &mut EditorHarness| {
        editor.read("Ask visitors").await;
        let mut theirs = hooks.configuration("acme");
        theirs["conv_rating_question_codes"] = json!(["HELPFUL_THUMBS", "EXPERIENCE_THUMBS", "NPS_SCORE"]);
        hooks.set_configuration("acme", theirs);
        editor.press("2 space s");
        editor.read("Conflict").await;
        editor.happen(TerminalEvent::Signal(15));
    })
    .await;
    assert_eq!(ending.code, 143);
}

#[tokio::test]
async fn keys_that_come_together_with_the_form_are_not_for_it() {
    edit("acme", async |editor: &mut EditorHarness, hooks: Hooks| {
        let held = hooks.hold(Method::Get);
        held.arrived().await;
        let settings = crate::support::configuration::settings(false, "A");
        editor.happen(Message::Read { request: 1, result: Ok(settings) });
        editor.press("space q");
        editor.read("1 of 3 on").await;
        assert!(!editor.words().contains("unsaved change"), "{}", editor.words());
        editor.press("space");
        editor.read("1 unsaved change").await;
        held.release();
        editor.press("q n");
    })
    .await;
}

/// Longer than any test runs.
const FOR_EVER: std::time::Duration = std::time::Duration::from_hours(1);

/// The demo, and an editor on its first agent.
fn on_acme() -> (Demo, Setup, Hooks) {
    let demo = Demo::bind(0).expect("a demo");
    let (setup, hooks) = (setup(Some(profile(&demo, "acme"))), demo.hooks());
    (demo, setup, hooks)
}

#[tokio::test]
async fn a_hang_up_leaves_no_line_and_draws_nothing_more() {
    let ending = edit("acme", async |editor: &mut EditorHarness, _: Hooks| {
        editor.read("Ask visitors").await;
        editor.happen(TerminalEvent::HangUp);
    })
    .await;
    assert_eq!((ending.code, ending.farewell), (129, None));
}

#[tokio::test]
async fn another_size_is_drawn_at_once_and_the_draft_is_kept() {
    edit("acme", async |editor: &mut EditorHarness, _: Hooks| {
        editor.read("Ask visitors").await;
        editor.press("space");
        editor.read("Nothing was sent yet").await;
        editor.resized();
        editor.read("s saves to").await;
        editor.press("q n");
    })
    .await;
}

#[tokio::test]
async fn suspending_and_copying_are_asked_of_the_terminal() {
    edit("acme", async |editor: &mut EditorHarness, _: Hooks| {
        editor.read("Ask visitors").await;
        editor.press("c-z space v c");
        editor.read("sent to your terminal; it may not allow it").await;
        let calls = editor.calls.lock().expect("calls").join(" ");
        assert!(
            calls.contains("Suspend") && calls.contains("Copy(\": 'profile acme, agent demoagent1'"),
            "{calls}"
        );
        editor.press("esc q n");
    })
    .await;
}
