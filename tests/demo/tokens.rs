//! The agents of the demo, and their tokens.

use std::collections::BTreeSet;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use convrating::demo::{Agent, Demo, DemoError};
use serde_json::{Value, json};

fn decode(part: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64url")).expect("JSON")
}

#[test]
fn the_agents_are_in_order_and_the_first_is_ordinary() {
    let demo = Demo::bind(0).expect("a free port");
    let names: Vec<_> = demo.agents().iter().map(Agent::name).collect();
    assert_eq!(names, ["acme", "readonly", "mixed", "slow", "flaky", "busy", "lost", "expired", "big"]);
    assert_eq!(demo.first().name(), "acme");
    let ids: Vec<_> = demo.agents().iter().map(Agent::scenario_id).collect();
    let numbered: Vec<_> = (1..=names.len()).map(|number| format!("demoagent{number}")).collect();
    assert_eq!(ids, numbered);
    assert_eq!(demo.agent("mixed").expect("mixed").scenario_id(), "demoagent3");
    assert!(demo.agent("acmee").is_none());
    assert!(demo.agents().iter().all(|agent| !agent.description().contains('\n')));
}

#[test]
fn the_mixed_agents_flags_disagree_and_one_of_its_codes_is_not_documented() {
    let demo = Demo::bind(0).expect("a free port");
    let held = demo.hooks().configuration("mixed");
    assert_eq!(
        (&held["conv_rating_active"], &held["conv_rating_popup_active"]),
        (&true.into(), &false.into())
    );
    assert!(held["conv_rating_question_codes"].as_array().expect("codes").contains(&"NPS_SCORE".into()));
}

#[test]
fn a_token_is_a_jwt_of_its_agent_that_lives_52_weeks() {
    let demo = Demo::bind(0).expect("a free port");
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
    for agent in demo.agents() {
        let [header, payload, signature] =
            agent.token().split('.').collect::<Vec<_>>().try_into().expect("3 parts");
        assert_eq!(decode(header)["alg"], "HS256");
        assert_eq!(URL_SAFE_NO_PAD.decode(signature).expect("base64url").len(), 32);
        let claims = decode(payload);
        let seconds = |claim: &str| claims[claim].as_u64().expect("seconds");
        assert_eq!(claims["scenario_id"], agent.scenario_id());
        assert_eq!(seconds("exp") - seconds("iat"), 52 * 7 * 24 * 60 * 60);
        // One agent's token expired yesterday.
        let made = if agent.name() == "expired" { now - 365 * 24 * 60 * 60 } else { now };
        assert!(made - seconds("iat") < 60);
        assert!(claims.get("scope").is_none(), "the scope only shows when a change is refused");
    }
}

#[test]
fn no_two_servers_have_a_token_in_common() {
    let (one, other) = (Demo::bind(0).expect("a free port"), Demo::bind(0).expect("a free port"));
    for agent in one.agents() {
        assert!(other.agents().iter().all(|known| known.token() != agent.token()));
    }
}

#[test]
fn a_server_for_tests_has_the_same_tokens_in_each_run_and_they_name_their_agents_and_no_time() {
    let start = || Demo::bind_for_tests(0, Duration::ZERO).expect("a free port");
    let tokens = |demo: &Demo| -> Vec<String> {
        let both = |agent: &Agent| [agent.token().to_owned(), agent.renewed_token().to_owned()];
        demo.agents().iter().flat_map(both).collect()
    };
    let (one, other) = (start(), start());
    assert_eq!(tokens(&one), tokens(&other));
    let different: BTreeSet<_> = tokens(&one).into_iter().collect();
    assert_eq!(different.len(), one.agents().len() + 1, "only the expired agent has two");
    for agent in one.agents() {
        for token in [agent.token(), agent.renewed_token()] {
            let payload = decode(token.split('.').nth(1).expect("a payload"));
            assert_eq!(payload, json!({"scenario_id": agent.scenario_id()}));
        }
    }
}

#[test]
fn a_port_that_is_taken_is_an_error_that_names_it() {
    let demo = Demo::bind(0).expect("a free port");
    let port: u16 = demo.url().rsplit(':').next().expect("a port").parse().expect("a number");
    let error = Demo::bind(port).expect_err("it is taken");
    assert!(matches!(error, DemoError::Listen { port: named, .. } if named == port));
    assert_eq!(error.to_string(), format!("it cannot listen on 127.0.0.1:{port}"));
}
