//! What the endpoint answers to every kind of request.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::bench::{Bench, PATH, RATING_ON, request};

/// `configuration` with the fields of `changes` in it. A test that is not about every field starts from what the server
/// holds, so that a new setting does not break it.
fn merge(mut configuration: Value, changes: &Value) -> Value {
    for (name, value) in changes.as_object().expect("an object") {
        configuration[name] = value.clone();
    }
    configuration
}

#[tokio::test]
async fn a_read_answers_the_whole_configuration_as_json() {
    let bench = Bench::start();
    let answer = bench.get("acme").await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let expected = json!({
        "conv_rating_active": false,
        "conv_rating_popup_active": false,
        "conv_rating_question_codes": ["HELPFUL_THUMBS", "EXPERIENCE_THUMBS"],
    });
    assert_eq!(answer.json(), expected);
    assert_eq!(bench.hooks.configuration("acme"), expected);
}

#[tokio::test]
async fn the_vendors_patch_of_the_two_flags_leaves_the_codes_alone() {
    let bench = Bench::start();
    let expected = merge(bench.hooks.configuration("mixed"), &serde_json::from_str(RATING_ON).expect("JSON"));
    assert_eq!(expected["conv_rating_question_codes"], json!(["HELPFUL_THUMBS", "NPS_SCORE"]));
    let answer = bench.patch("mixed", RATING_ON).await;
    assert_eq!((answer.status(), answer.json()), (200, expected.clone()));
    assert_eq!(bench.get("mixed").await.json(), expected);
}

#[tokio::test]
async fn a_patch_of_the_codes_leaves_even_disagreeing_flags_alone() {
    let bench = Bench::start();
    let before = bench.hooks.configuration("mixed");
    assert_ne!(before["conv_rating_active"], before["conv_rating_popup_active"]);
    let expected = merge(before, &json!({"conv_rating_question_codes": ["B", "A", "B"]}));
    let answer = bench.patch("mixed", r#"{"conv_rating_question_codes": ["B", "A", "B"], "else": 1}"#).await;
    assert_eq!((answer.status(), answer.json()), (200, expected));
}

#[tokio::test]
async fn an_empty_object_changes_nothing() {
    let bench = Bench::start();
    let before = bench.hooks.configuration("acme");
    let answer = bench.patch("acme", "{}").await;
    assert_eq!((answer.status(), answer.json()), (200, before));
}

#[tokio::test]
async fn a_change_to_one_agent_leaves_the_other_agents_alone() {
    let bench = Bench::start();
    let before = bench.hooks.configuration("flaky");
    bench.patch("acme", RATING_ON).await;
    assert_eq!(bench.hooks.configuration("flaky"), before);
    assert_eq!((bench.hooks.applied("acme"), bench.hooks.applied("flaky")), (1, 0));
}

#[tokio::test]
async fn a_body_that_is_no_json_object_is_a_bad_request() {
    let bench = Bench::start();
    for body in ["", "{", "nonsense", "[]", "true", "\"{}\"", "{} {}"] {
        let (status, code, _) = bench.patch("acme", body).await.refusal();
        assert_eq!((status, code.as_str()), (400, "BAD_REQUEST"), "{body}");
    }
    assert_eq!(bench.hooks.applied("acme"), 0);
}

#[tokio::test]
async fn wrong_types_and_flags_that_are_not_set_to_the_same_value_are_refused_and_change_nothing() {
    let bench = Bench::start();
    let before = bench.hooks.configuration("acme");
    let flags = "must be set to the same value";
    for (body, expected) in [
        (r#"{"conv_rating_active": true}"#, flags),
        (r#"{"conv_rating_popup_active": false}"#, flags),
        (r#"{"conv_rating_active": true, "conv_rating_popup_active": false}"#, flags),
        (r#"{"conv_rating_active": true, "conv_rating_question_codes": []}"#, flags),
        (
            r#"{"conv_rating_active": 1, "conv_rating_popup_active": 1}"#,
            "conv_rating_active must be a boolean",
        ),
        (r#"{"conv_rating_active": null}"#, "conv_rating_active must be a boolean"),
        (r#"{"conv_rating_popup_active": "true"}"#, "conv_rating_popup_active must be a boolean"),
        (r#"{"conv_rating_question_codes": "A"}"#, "conv_rating_question_codes must be an array of strings"),
        (
            r#"{"conv_rating_question_codes": ["A", 1]}"#,
            "conv_rating_question_codes must be an array of strings",
        ),
        (r#"{"conv_rating_question_codes": null}"#, "conv_rating_question_codes must be an array of strings"),
    ] {
        let (status, code, message) = bench.patch("acme", body).await.refusal();
        assert_eq!((status, code.as_str()), (422, "VALIDATION_ERROR"), "{body}");
        assert!(message.contains(expected), "{body}: {message}");
    }
    assert_eq!(bench.hooks.configuration("acme"), before);
}

#[tokio::test]
async fn a_request_without_a_valid_token_is_refused() {
    let bench = Bench::start();
    let token = bench.token("acme").to_owned();
    bench.hooks.revoke("readonly");
    let revoked = format!("Authorization: Bearer {}\r\n", bench.token("readonly"));
    for headers in [
        String::new(),
        "Authorization: Bearer\r\n".to_owned(),
        "Authorization: Bearer unknown\r\n".to_owned(),
        format!("Authorization: Basic {token}\r\n"),
        format!("Authorization: {token}\r\n"),
        format!("Authorization: Bearer {token}x\r\n"),
        revoked,
    ] {
        for method in ["GET", "PATCH"] {
            let (status, code, _) = bench.send(&request(method, PATH, &headers, RATING_ON)).await.refusal();
            assert_eq!((status, code.as_str()), (401, "PERMISSION_DENIED"), "{method} {headers}");
        }
    }
    assert_eq!(bench.hooks.applied("acme"), 0);
}

#[tokio::test]
async fn a_read_only_token_reads_and_a_patch_with_it_is_refused_with_the_scope_it_needs() {
    let bench = Bench::start();
    assert_eq!(bench.get("readonly").await.status(), 200);
    let (status, code, message) = bench.patch("readonly", RATING_ON).await.refusal();
    assert_eq!((status, code.as_str()), (403, "PERMISSION_DENIED"));
    assert_eq!(message, "Insufficient token scope. Required: write_all");
    assert_eq!(bench.hooks.applied("readonly"), 0);
}

#[tokio::test]
async fn other_paths_are_not_found() {
    let bench = Bench::start();
    let authorization = format!("Authorization: Bearer {}\r\n", bench.token("acme"));
    let slash = format!("{PATH}/");
    for (method, path) in [("GET", "/"), ("GET", slash.as_str()), ("PATCH", "/v1"), ("PUT", "/")] {
        let (status, code, _) = bench.send(&request(method, path, &authorization, RATING_ON)).await.refusal();
        assert_eq!((status, code.as_str()), (404, "NOT_FOUND"), "{method} {path}");
    }
    assert_eq!(bench.hooks.applied("acme"), 0);
}

#[tokio::test]
async fn another_method_is_refused_with_the_names_of_those_that_there_are_with_and_without_a_token() {
    let bench = Bench::start();
    let authorization = format!("Authorization: Bearer {}\r\n", bench.token("acme"));
    for method in ["PUT", "POST", "DELETE", "OPTIONS", "TRACE", "get", "QUERY"] {
        for headers in ["", &authorization] {
            let answer = bench.send(&request(method, PATH, headers, RATING_ON)).await;
            let (status, code, _) = answer.refusal();
            assert_eq!((status, code.as_str()), (405, "METHOD_NOT_ALLOWED"), "{method}");
            assert_eq!(answer.header("allow"), Some("GET, HEAD, PATCH"), "{method}");
        }
    }
    assert_eq!(bench.hooks.applied("acme"), 0);
}

#[tokio::test]
async fn head_is_answered_like_get_without_a_body() {
    let bench = Bench::start();
    for headers in [String::new(), format!("Authorization: Bearer {}\r\n", bench.token("acme"))] {
        let read = bench.send(&request("GET", PATH, &headers, "")).await;
        let head = bench.send(&request("HEAD", PATH, &headers, "")).await;
        assert!(head.body().is_empty() && !read.body().is_empty());
        assert_eq!(head.status(), read.status());
        for name in ["content-type", "content-length"] {
            assert!(read.header(name).is_some(), "{name}");
            assert_eq!(head.header(name), read.header(name), "{name}");
        }
    }
}

#[tokio::test]
async fn a_body_of_another_type_than_json_is_refused_and_an_empty_one_is_bad_json() {
    let bench = Bench::start();
    let send = async |header: &str, body: &str| {
        let sent = bench.request("PATCH", "acme", body).replace("Content-Type: application/json\r\n", header);
        bench.send(&sent).await
    };
    let large = " ".repeat(1024 * 1024 + 1);
    for header in ["", "Content-Type: text/plain\r\n", "Content-Type: application/json5\r\n"] {
        for body in [RATING_ON, "{", &large] {
            let (status, code, _) = send(header, body).await.refusal();
            assert_eq!((status, code.as_str()), (415, "UNSUPPORTED_MEDIA_TYPE"), "{header}");
        }
    }
    assert_eq!(bench.hooks.applied("acme"), 0);
    assert_eq!(send("", "").await.status(), 400);
    for value in ["application/json; charset=utf-8", "Application/JSON", "application/json ;charset=utf-8"] {
        let answer = send(&format!("Content-Type: {value}\r\n"), RATING_ON).await;
        assert_eq!(answer.status(), 200, "{value}");
    }
}

#[tokio::test]
async fn requests_as_curl_sends_them_are_answered() {
    let bench = Bench::start();
    let token = bench.token("acme");
    let read = format!(
        "GET {PATH} HTTP/1.1\r\nHost: {}\r\nUser-Agent: curl/8.5.0\r\nAccept: */*\r\nAuthorization: Bearer {token}\r\n\r\n",
        bench.address
    );
    let change = format!(
        "PATCH {PATH} HTTP/1.1\r\nHost: {}\r\nUser-Agent: curl/8.5.0\r\nAccept: */*\r\nauthorization: bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{RATING_ON}",
        bench.address,
        RATING_ON.len()
    );
    // Both requests use one connection: curl keeps it open between the URLs of one command.
    let answers = bench.send(&(read + &change)).await;
    let text = String::from_utf8(answers.bytes).expect("UTF-8");
    assert_eq!(text.matches("HTTP/1.1 200 OK").count(), 2, "{text}");
    assert_eq!(bench.hooks.configuration("acme")["conv_rating_active"], true);
}

#[tokio::test]
async fn a_body_of_a_mebibyte_is_read_and_a_longer_one_is_refused() {
    let bench = Bench::start();
    let fill = |length: usize| format!("{RATING_ON}{}", " ".repeat(length - RATING_ON.len()));
    assert_eq!(bench.patch("acme", &fill(1024 * 1024)).await.status(), 200);
    for length in [1024 * 1024 + 1, 8 * 1024 * 1024] {
        let (status, code, message) = bench.patch("acme", &fill(length)).await.refusal();
        assert_eq!((status, code.as_str()), (400, "BAD_REQUEST"));
        assert!(message.contains("1 MiB"), "{message}");
    }
    assert_eq!(bench.hooks.applied("acme"), 1);
}

fn any_changes() -> impl Strategy<Value = (Option<bool>, Option<Vec<String>>)> {
    let code = prop_oneof!["[A-Z_]{1,12}", any::<String>()];
    (any::<Option<bool>>(), prop::option::of(prop::collection::vec(code, 0..6)))
}

fn render_body(rating: Option<bool>, codes: Option<&[String]>) -> Value {
    let mut body = json!({});
    if let Some(on) = rating {
        body["conv_rating_active"] = json!(on);
        body["conv_rating_popup_active"] = json!(on);
    }
    if let Some(codes) = codes {
        body["conv_rating_question_codes"] = json!(codes);
    }
    body
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]

    #[test]
    fn a_read_after_any_valid_patches_shows_all_of_them_merged(
        patches in prop::collection::vec(any_changes(), 1..5)
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let bench = Bench::start();
            let mut expected = bench.hooks.configuration("acme");
            for (rating, codes) in patches {
                let body = render_body(rating, codes.as_deref());
                expected = merge(expected, &body);
                let answer = bench.patch("acme", &body.to_string()).await;
                prop_assert_eq!(answer.json(), expected.clone());
                prop_assert_eq!(bench.get("acme").await.json(), expected.clone());
            }
            Ok(())
        })?;
    }
}
