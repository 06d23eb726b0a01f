//! What is made of each answer to a single read.

use convrating::demo::{Answer, End, Fault, Method};
use convrating::settings::ShapeError;
use serde_json::json;

use super::lab::{Lab, brisk, configuration, rating_on, save, within, words};
use super::scenarios::{Meaning, cases};
use convrating::api::{Client, MAX_BODY_BYTES};
use convrating::save::{Answerer, CallError, Refusal};

async fn read(lab: &Lab, client: &Client, answer: Answer) -> Result<(), CallError> {
    lab.hooks.fail_next(Method::Get, Fault::applied(answer));
    within(client.read(1)).await.map(drop)
}

#[tokio::test]
async fn every_body_that_is_not_the_object_is_an_error_that_names_what_is_wrong() {
    let lab = Lab::start();
    let client = lab.client(brisk());
    let missing = |field| CallError::Shape(ShapeError::Missing { field });
    let not_json = |content_type: &str| CallError::NotJson { content_type: Some(content_type.to_owned()) };
    let text = |body: &str| Answer::text(200, "application/json", body);
    let rows = [
        (Answer::json(200, &json!([])), CallError::Shape(ShapeError::NotAnObject)),
        (Answer::json(200, &json!({})), missing("conv_rating_active")),
        (text(""), CallError::NoContent { status: 200 }),
        (text("{"), not_json("application/json")),
        (text("{} {}"), not_json("application/json")),
        (Answer::html(200), not_json("text/html")),
        (Answer::json(202, &configuration(true, true)), CallError::NoContent { status: 202 }),
    ];
    for (answer, expected) in rows {
        let said = format!("{answer:?}");
        let error = read(&lab, &client, answer).await.expect_err(&said);
        assert_eq!(error, expected, "{said}");
    }
}

#[tokio::test]
async fn a_body_up_to_the_cap_is_read_and_one_byte_more_is_not() {
    let lab = Lab::start();
    let client = lab.client(brisk());
    let object = configuration(true, true).to_string();
    let padded = |length: usize| object.clone() + &" ".repeat(length - object.len());
    let fits = Answer::text(200, "application/json", &padded(MAX_BODY_BYTES));
    assert_eq!(read(&lab, &client, fits).await, Ok(()));
    let more = Answer::text(200, "application/json", &padded(MAX_BODY_BYTES + 1));
    assert_eq!(read(&lab, &client, more).await, Err(CallError::TooLarge));
}

#[tokio::test]
async fn a_hundred_megabytes_are_refused_and_never_in_memory() {
    let lab = Lab::start();
    let client = lab.client(brisk());
    read(&lab, &client, Answer::Ordinary).await.expect("a first read, so that the client is set up");
    for is_length_told in [true, false] {
        let before = peak_memory();
        let answer = Answer::huge(100_000_000, is_length_told);
        assert_eq!(read(&lab, &client, answer).await, Err(CallError::TooLarge));
        // Other tests run in this process: their share is small against a hundred megabytes.
        assert!(peak_memory() - before < 80_000_000, "grew from {before} to {}", peak_memory());
    }
}

/// The most memory that this process ever had, in bytes; 0 where the system does not tell.
fn peak_memory() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()).and_then(|text| text.parse().ok());
    kilobytes.unwrap_or(0) * 1024
}

/// What the client makes of an answer with an error status.
async fn refused(lab: &Lab, client: &Client, answer: Answer) -> Refusal {
    match read(lab, client, answer).await {
        Err(CallError::Refused(refusal)) => refusal,
        other => panic!("an error status is an error: {other:?}"),
    }
}

#[tokio::test]
async fn an_error_status_is_told_with_the_servers_code_and_words() {
    let lab = Lab::start();
    let client = lab.client(brisk());
    for status in [400, 401, 402, 403, 404, 409, 422, 429, 500, 503] {
        let refusal = refused(&lab, &client, Answer::error(status, "CODE", "words \u{1b}[31m")).await;
        assert_eq!((refusal.status, refusal.code()), (status, Some("CODE")));
        let Answerer::Api { messages, .. } = refusal.answerer else { panic!("the API's shape") };
        assert_eq!(messages, ["words ^[[31m"], "made visible where it enters");
    }
}

#[tokio::test]
async fn an_error_without_the_documented_shape_is_not_taken_for_the_apis() {
    let lab = Lab::start();
    let client = lab.client(brisk());
    let odd = [
        json!({"errors": {"root": []}}),
        json!({"errors": "x"}),
        json!({"errors": {"root": [{"message": 1}]}}),
    ];
    for body in odd {
        let refusal = refused(&lab, &client, Answer::json(422, &body)).await;
        assert!(matches!(refusal.answerer, Answerer::Undocumented { .. }), "{refusal:?}");
    }
    for answer in [Answer::html(422), Answer::empty(422)] {
        let refusal = refused(&lab, &client, answer).await;
        assert!(matches!(refusal.answerer, Answerer::Between { .. }), "{refusal:?}");
    }
}

#[tokio::test]
async fn a_redirect_names_the_host_that_it_points_to_however_that_is_written() {
    for (location, host) in [
        ("https://\u{435}vil.example/", "xn--vil-qdd.example"),
        ("//other.example/x", "other.example"),
        ("/x", "127.0.0.1"),
    ] {
        let lab = Lab::start();
        let raw = format!("HTTP/1.1 302 Found\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n");
        lab.hooks.fail_next(Method::Get, Fault::not_applied(Answer::Raw(raw.into_bytes(), End::Close)));
        let Err(CallError::Redirect { host: told, .. }) = lab.client(brisk()).read(1).await else {
            panic!("{location}")
        };
        assert_eq!(told, host);
    }
}

#[tokio::test]
async fn no_redirect_is_followed_and_its_target_sees_nothing() {
    let (lab, target) = (Lab::start(), Lab::start());
    let client = lab.client(brisk());
    for status in 300..=308 {
        let redirect = || Fault::not_applied(Answer::redirect(status, &format!("{}/v1", target.url)));
        lab.hooks.fail_next(Method::Get, redirect());
        let expected = CallError::Redirect { host: "127.0.0.1".to_owned(), status };
        assert_eq!(within(client.read(1)).await, Err(expected));
        lab.hooks.fail_next(Method::Patch, redirect());
        let ended = save(&client, rating_on().intent()).await;
        let said = words(&client, ended.outcome().expect("an end"));
        assert!(said.contains("The server answered with a redirect to 127.0.0.1"), "{said}");
    }
    assert_eq!(lab.hooks.attempts(Method::Patch), 9);
    assert_eq!(target.hooks.attempts(Method::Get) + target.hooks.attempts(Method::Patch), 0);
}

#[test]
fn the_matrix_has_every_kind_of_answer_of_the_contract() {
    let names: Vec<_> = cases().into_iter().map(|case| case.name).collect();
    for status in
        [400, 401, 402, 403, 404, 408, 409, 422, 429, 500, 502, 503, 504, 300, 301, 302, 303, 307, 308]
    {
        assert!(names.contains(&status.to_string()), "{status}");
    }
    assert!(cases().iter().any(|case| case.meaning == Meaning::Unread && case.is_silent));
}
