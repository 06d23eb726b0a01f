//! How the editor begins: with a typed token, in the demo, and where the first answer is no configuration. On real HTTP.

use std::sync::Arc;

use convrating::agents::{Config, ConfiguredProfiles, Environment, KnownProfiles};
use convrating::demo::{Answer, Demo, End, Fault, Hooks, Method, Point};
use serde_json::json;

use crate::support::editor_harness::{EditorHarness, agents, edit, profile, run_beside, setup};

#[tokio::test]
async fn without_a_token_one_is_asked_for_and_works() {
    let demo = Demo::bind(0).expect("a demo");
    let (url, token) = (demo.url(), demo.first().token().to_owned());
    let mut setup = setup(None);
    let environment = Environment::new(
        [("QUICKCHAT_BASE_URL".into(), url.into()), ("HOME".into(), "/nowhere".into())],
        None,
    );
    let configured = ConfiguredProfiles::new(environment, Config::default());
    setup.agents = agents(KnownProfiles::Configured(configured));
    run_beside(demo, setup, async |editor: &mut EditorHarness| {
        editor.read("Use a token once").await;
        editor.press("tab enter");
        for character in token.chars() {
            editor.press(&character.to_string());
        }
        editor.press("enter");
        let screen = editor.read("Ask visitors").await;
        assert!(screen.contains("token from the prompt"), "{screen}");
        editor.press("q");
    })
    .await;
}

#[tokio::test]
async fn the_demo_is_a_few_keys_away_where_there_is_no_token() {
    let demo = Demo::bind(0).expect("a demo");
    let opened = profile(&demo, "acme");
    let mut setup = setup(None);
    setup.start_demo = Arc::new(move || Ok(vec![opened.clone()]));
    setup.options.is_read_only = true;
    run_beside(demo, setup, async |editor: &mut EditorHarness| {
        editor.read("Open the demo").await;
        editor.press("tab tab enter");
        let screen = editor.read("Ask visitors").await;
        assert!(screen.contains("[READ ONLY]"), "--read-only counts in the demo too: {screen}");
        editor.press("q");
    })
    .await;
}

#[tokio::test]
async fn every_bad_answer_to_the_first_read_is_a_clear_sentence() {
    let html = Answer::html(200);
    let cases = [
        (Answer::error(401, "PERMISSION_DENIED", "no"), "Not read The token of acme was refused"),
        (
            Answer::error(402, "PAYMENT_REQUIRED", "no"),
            "Not read Quickchat asks for an active subscription (402",
        ),
        (
            Answer::error(403, "PERMISSION_DENIED", "no"),
            "Not read This token may not read the configuration (403)",
        ),
        (Answer::error(404, "NOT_FOUND", "no"), "Not read There is no such configuration at this address"),
        (Answer::error(422, "VALIDATION_ERROR", "no"), "Not read The server did not accept"),
        (Answer::error(429, "TOO_MANY_REQUESTS", "no"), "Not read Too many requests (429)"),
        (Answer::error(500, "UNKNOWN", "no"), "Not read The server failed (500 UNKNOWN)"),
        (html, "Not read The answer is not JSON (text/html)"),
        (Answer::json(200, &json!([true, true, []])), "Not read The answer is no JSON object"),
        (
            Answer::json(200, &json!({"conv_rating_active": true})),
            "Not read The answer has no conv_rating_popup_active",
        ),
        (Answer::redirect(302, "https://evil.example/x"), "redirect to evil.example (302)"),
        (Answer::huge(100_000_000, true), "Not read The answer is larger than 256 KiB"),
        (Answer::huge(100_000_000, false), "Not read The answer is larger than 256 KiB"),
        (Answer::Cut(Point::InBody, End::Close), "Not read the connection to 127.0.0.1"),
        (Answer::silent(), "gave no whole answer within"),
    ];
    for (answer, expected) in cases {
        edit("acme", async |editor: &mut EditorHarness, hooks: Hooks| {
            hooks.fail_always(Method::Get, Fault::not_applied(answer));
            let screen = editor.read("Not read ").await;
            assert!(screen.contains(expected), "{expected}:\n{screen}");
            assert!(!screen.contains("[x]") && !screen.contains("[ ]"), "no value is invented:\n{screen}");
            hooks.heal();
            editor.press("r");
            editor.read("Ask visitors").await;
            editor.press("q");
        })
        .await;
    }
}
