//! What each of the demo's agents shows, over TCP. One short story for each.

use serde_json::{Value, json};

use super::bench::{Bench, PATH, RATING_ON, request};

/// The question codes of an answer.
fn codes(body: &Value) -> Vec<&str> {
    body["conv_rating_question_codes"].as_array().expect("codes").iter().filter_map(Value::as_str).collect()
}

/// Reads the codes of an agent.
async fn read(bench: &Bench, agent: &str) -> Vec<String> {
    codes(&bench.get(agent).await.json()).into_iter().map(str::to_owned).collect()
}

const FIRST: [&str; 2] = ["HELPFUL_THUMBS", "EXPERIENCE_THUMBS"];
const CHANGED: [&str; 3] = ["HELPFUL_THUMBS", "EXPERIENCE_THUMBS", "NPS_SCORE"];

#[tokio::test]
async fn busy_is_changed_between_a_read_and_a_save_and_then_left_alone_until_a_patch() {
    let bench = Bench::start();
    assert_eq!(read(&bench, "busy").await, FIRST);
    for _ in 0..3 {
        assert_eq!(read(&bench, "busy").await, CHANGED);
    }
    assert_eq!(codes(&bench.patch("busy", RATING_ON).await.json()), CHANGED);
    // The read that follows a save shows what was saved; the next save meets the colleague again.
    assert_eq!(read(&bench, "busy").await, CHANGED);
    assert_eq!(read(&bench, "busy").await, FIRST);
    assert_eq!(bench.hooks.configuration("busy")["conv_rating_active"], true, "only a question changes");
}

#[tokio::test]
async fn a_list_of_all_agents_does_not_use_the_colleagues_change_up() {
    let bench = Bench::start();
    for _ in 0..3 {
        for agent in ["acme", "busy", "lost"] {
            bench.get(agent).await;
        }
    }
    assert_eq!(read(&bench, "busy").await, FIRST, "the user opens the agent");
    assert_eq!(read(&bench, "busy").await, CHANGED, "the read before the PATCH");
}

#[tokio::test]
async fn lost_applies_a_change_and_its_answer_breaks_off() {
    let bench = Bench::start();
    assert_eq!(bench.patch("lost", RATING_ON).await.describe(), "200 half a body, closed");
    assert_eq!(bench.hooks.applied("lost"), 1);
    let read = bench.get("lost").await;
    assert_eq!((read.status(), &read.json()["conv_rating_active"]), (200, &json!(true)));
}

#[tokio::test]
async fn expired_is_read_with_its_first_token_and_changed_with_the_new_one_only() {
    let bench = Bench::start();
    let before = bench.get("expired").await;
    assert_eq!(before.status(), 200);
    let (status, code, _) = bench.patch("expired", RATING_ON).await.refusal();
    assert_eq!((status, code.as_str()), (401, "PERMISSION_DENIED"));
    assert_eq!(bench.hooks.configuration("expired"), before.json());
    let authorization = format!("Authorization: Bearer {}\r\n", bench.renewed_token("expired"));
    for (method, body) in [("GET", ""), ("PATCH", RATING_ON)] {
        let answer = bench.send(&request(method, PATH, &authorization, body)).await;
        assert_eq!(answer.status(), 200, "{method}");
    }
    assert_eq!(bench.hooks.applied("expired"), 1);
    assert_eq!(bench.patch("expired", RATING_ON).await.status(), 401, "the first token stays expired");
}

#[tokio::test]
async fn the_other_agents_have_one_token_each() {
    let bench = Bench::start();
    for agent in ["acme", "readonly", "mixed", "slow", "flaky", "busy", "lost", "big"] {
        assert_eq!(bench.token(agent), bench.renewed_token(agent), "{agent}");
    }
    assert_ne!(bench.token("expired"), bench.renewed_token("expired"));
}

#[tokio::test]
async fn big_has_200_different_codes() {
    let bench = Bench::start();
    let body = bench.get("big").await.json();
    let all = codes(&body);
    let different: std::collections::BTreeSet<_> = all.iter().collect();
    assert_eq!((all.len(), different.len()), (200, 200));
    assert_eq!((all[2], all[199]), ("QUESTION_001", "QUESTION_198"));
}
