//! A fault chooses what the client receives and what becomes of the configuration, each without the other.

use std::io;
use std::time::{Duration, Instant};

use convrating::demo::{Answer, End, Fault, FaultEffect, Method, Point};
use serde_json::{Value, json};
use tokio::io::AsyncReadExt as _;

use super::bench::{Bench, RATING_ON, Received, receive, within};

const METHODS: [(Method, &str); 2] = [(Method::Get, "GET"), (Method::Patch, "PATCH")];

/// Each way to answer, and what a client receives.
fn answers() -> Vec<(Answer, &'static str)> {
    vec![
        (Answer::Ordinary, "200 whole body, closed"),
        (Answer::Cut(Point::BeforeReading, End::Reset), "nothing, reset"),
        (Answer::Cut(Point::BeforeReading, End::Close), "nothing, closed"),
        (Answer::Cut(Point::BeforeAnswer, End::Reset), "nothing, reset"),
        (Answer::Cut(Point::BeforeAnswer, End::Close), "nothing, closed"),
        (Answer::Cut(Point::InHead, End::Reset), "part of a head, reset"),
        (Answer::Cut(Point::InHead, End::Close), "part of a head, closed"),
        (Answer::Cut(Point::InBody, End::Reset), "200 half a body, reset"),
        (Answer::Cut(Point::InBody, End::Close), "200 half a body, closed"),
        (Answer::Raw(b"SSH-2.0-OpenSSH_9.6\r\n".to_vec(), End::Close), "part of a head, closed"),
        (Answer::empty(200), "200 no body, closed"),
        (Answer::empty(204), "204 no body, closed"),
        (Answer::html(200), "200 whole body, closed"),
        (Answer::html(502), "502 whole body, closed"),
        (Answer::json(200, &json!([1])), "200 whole body, closed"),
        (Answer::status(503), "503 whole body, closed"),
        (Answer::redirect(302, "https://evil.example/"), "302 no body, closed"),
    ]
}

async fn ask(bench: &Bench, method: &str, answer: Fault) -> Received {
    let known = if method == "GET" { Method::Get } else { Method::Patch };
    bench.hooks.fail_next(known, answer);
    bench.send(&bench.request(method, "acme", if method == "GET" { "" } else { RATING_ON })).await
}

#[tokio::test]
async fn the_client_receives_the_chosen_answer_whether_the_change_is_applied_or_not() {
    for (answer, seen) in answers() {
        for (_, method) in METHODS {
            for effect in [FaultEffect::Applied, FaultEffect::NotApplied] {
                let bench = Bench::start();
                let received = ask(&bench, method, Fault::new(effect.clone(), answer.clone())).await;
                assert_eq!(received.describe(), seen, "{method} {effect:?} {answer:?}");
                let is_read = !matches!(answer, Answer::Cut(Point::BeforeReading, _));
                let is_applied = method == "PATCH" && is_read && matches!(effect, FaultEffect::Applied);
                assert_eq!(
                    bench.hooks.applied("acme"),
                    usize::from(is_applied),
                    "{method} {effect:?} {answer:?}"
                );
                assert_eq!(bench.hooks.configuration("acme")["conv_rating_active"], is_applied);
                assert_eq!(bench.hooks.requests().len(), usize::from(is_read));
                assert_eq!(bench.get("acme").await.status(), 200, "a fault of `fail_next` happens once");
            }
        }
    }
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_the_beginning_of_the_ordinary_one() {
    let bench = Bench::start();
    let whole = bench.get("acme").await;
    let part = ask(&bench, "GET", Fault::none()).await;
    assert_eq!(part.body(), whole.body());
    let cut = ask(&bench, "GET", Fault::applied(Answer::Cut(Point::InBody, End::Reset))).await;
    assert_eq!(cut.body(), &whole.body()[..whole.body().len() / 2]);
    assert_eq!(cut.header("content-length"), whole.header("content-length"));
    let head = ask(&bench, "GET", Fault::applied(Answer::Cut(Point::InHead, End::Close))).await;
    assert!(head.bytes.starts_with(b"HTTP/1.1 200 OK\r\n"));
}

#[tokio::test]
async fn each_error_status_has_the_documented_code() {
    let bench = Bench::start();
    for (status, code) in [
        (400, "BAD_REQUEST"),
        (401, "PERMISSION_DENIED"),
        (402, "PAYMENT_REQUIRED"),
        (403, "PERMISSION_DENIED"),
        (404, "NOT_FOUND"),
        (409, "CONFLICT"),
        (422, "VALIDATION_ERROR"),
        (429, "TOO_MANY_REQUESTS"),
        (500, "UNKNOWN"),
        (503, "SERVICE_UNAVAILABLE"),
        (408, "UNKNOWN"),
        (502, "UNKNOWN"),
        (504, "UNKNOWN"),
    ] {
        let (seen, seen_code, _) =
            ask(&bench, "PATCH", Fault::not_applied(Answer::status(status))).await.refusal();
        assert_eq!((seen, seen_code.as_str()), (status, code));
    }
    let own = ask(&bench, "GET", Fault::none()).await.status();
    let chosen = ask(&bench, "GET", Fault::applied(Answer::error(418, "TEAPOT", "short and stout"))).await;
    assert_eq!((own, chosen.refusal()), (200, (418, "TEAPOT".to_owned(), "short and stout".to_owned())));
}

#[tokio::test]
async fn every_redirect_names_its_target() {
    let bench = Bench::start();
    for status in 300..=308 {
        for (_, method) in METHODS {
            let answer = Answer::redirect(status, "https://evil.example/login");
            let received = ask(&bench, method, Fault::not_applied(answer)).await;
            assert_eq!(received.status(), status);
            assert_eq!(received.header("location"), Some("https://evil.example/login"));
        }
    }
}

#[tokio::test]
async fn retry_after_is_sent_as_it_is() {
    let bench = Bench::start();
    for value in ["3", "0", "-5", "9999999999", "abc", "Sun, 06 Nov 1994 08:49:37 GMT"] {
        let received = ask(&bench, "PATCH", Fault::not_applied(Answer::retry_after(429, value))).await;
        assert_eq!((received.status(), received.header("retry-after")), (429, Some(value)));
    }
}

#[tokio::test]
async fn a_body_has_the_content_type_and_the_headers_that_were_asked_for() {
    let bench = Bench::start();
    let answer = Answer::text(200, "text/plain", "hello").with_header("x-proxy", "squid");
    let received = ask(&bench, "GET", Fault::applied(answer)).await;
    assert_eq!(received.body(), b"hello");
    assert_eq!(
        (received.header("content-type"), received.header("x-proxy")),
        (Some("text/plain"), Some("squid"))
    );
    let page = ask(&bench, "GET", Fault::applied(Answer::html(200))).await;
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
}

#[tokio::test]
async fn an_answer_that_cannot_be_sent_becomes_a_500_that_says_so() {
    let bench = Bench::start();
    for answer in [Answer::status(1000), Answer::retry_after(429, "a\r\nb")] {
        let received = ask(&bench, "GET", Fault::applied(answer)).await;
        assert_eq!(received.status(), 500);
        assert!(received.body().starts_with(b"This answer cannot be sent: "));
    }
}

#[tokio::test]
async fn the_answer_and_what_the_server_holds_are_chosen_independently() {
    let bench = Bench::start();
    let other = json!({"conv_rating_active": true, "conv_rating_popup_active": true, "conv_rating_question_codes": ["X"]});
    let ignored = ask(&bench, "PATCH", Fault::not_applied(Answer::Ordinary)).await.json();
    assert_eq!(ignored["conv_rating_active"], false);
    let lie = ask(&bench, "PATCH", Fault::not_applied(Answer::json(200, &other))).await.json();
    assert_eq!((lie, bench.hooks.configuration("acme")), (other.clone(), ignored));
    let kept =
        ask(&bench, "PATCH", Fault::new(FaultEffect::Keeps(other.clone()), Answer::Ordinary)).await.json();
    assert_eq!((kept, bench.hooks.configuration("acme")), (other.clone(), other));
    assert_eq!(bench.hooks.applied("acme"), 0);
}

#[tokio::test]
async fn a_fault_changes_nothing_for_a_request_that_the_contract_refuses() {
    let bench = Bench::start();
    let other = FaultEffect::Keeps(Value::Null);
    for effect in [FaultEffect::Applied, FaultEffect::AppliedLater, other] {
        bench.hooks.fail_next(Method::Patch, Fault::new(effect, Answer::empty(200)));
        assert_eq!(bench.patch("readonly", RATING_ON).await.status(), 200);
    }
    assert_eq!((bench.hooks.apply_late(), bench.hooks.applied("readonly")), (0, 0));
    assert!(bench.hooks.configuration("readonly").is_object());
}

#[tokio::test]
async fn a_change_can_be_applied_after_the_client_has_given_up() {
    let bench = Bench::start();
    bench.hooks.fail_next(Method::Patch, Fault::new(FaultEffect::AppliedLater, Answer::silent()));
    let stream = bench.open(&bench.request("PATCH", "acme", RATING_ON)).await;
    within(bench.hooks.wait_for(Method::Patch, 1)).await;
    drop(stream);
    assert_eq!(bench.get("acme").await.json()["conv_rating_active"], false);
    assert_eq!((bench.hooks.apply_late(), bench.hooks.apply_late()), (1, 0));
    assert_eq!(bench.get("acme").await.json()["conv_rating_active"], true);
    assert_eq!(bench.hooks.applied("acme"), 1);
}

#[tokio::test]
async fn a_silent_server_keeps_the_connection_open_and_sends_nothing_more() {
    for (point, came) in [(Point::BeforeAnswer, ""), (Point::InBody, "HTTP/1.1 200 OK")] {
        let bench = Bench::start();
        bench.hooks.fail_next(Method::Get, Fault::applied(Answer::Cut(point, End::Silence)));
        let mut stream = bench.open(&bench.request("GET", "acme", "")).await;
        let mut first = vec![0; came.len()];
        within(stream.read_exact(&mut first)).await.expect("the first bytes");
        assert_eq!(first, came.as_bytes());
        within(bench.hooks.wait_for(Method::Get, 1)).await;
        assert_eq!(bench.get("acme").await.status(), 200, "others are served meanwhile");
        let mut rest = [0; 4096];
        while matches!(stream.try_read(&mut rest), Ok(1..)) {}
        let waiting = stream.try_read(&mut rest).expect_err("neither bytes nor an end");
        assert_eq!(waiting.kind(), io::ErrorKind::WouldBlock);
    }
}

#[tokio::test]
async fn a_delay_holds_the_answer_back_and_not_the_change() {
    let bench = Bench::start();
    let start = Instant::now();
    let received = ask(&bench, "PATCH", Fault::none().after(Duration::from_millis(80))).await;
    assert_eq!(received.status(), 200);
    assert!(start.elapsed() >= Duration::from_millis(80));
    bench.hooks.fail_next(Method::Patch, Fault::none().after(Duration::from_hours(1)));
    let stream = bench.open(&bench.request("PATCH", "acme", "{}")).await;
    within(bench.hooks.wait_for(Method::Patch, 2)).await;
    let applied = bench.get("acme").await;
    drop(stream);
    assert_eq!((applied.status(), bench.hooks.applied("acme")), (200, 2));
}

#[tokio::test]
async fn a_huge_body_comes_with_its_length_or_in_chunks() {
    let bench = Bench::start();
    let bytes = 3_000_000;
    let whole = ask(&bench, "GET", Fault::applied(Answer::huge(bytes, true))).await;
    assert_eq!(whole.header("content-length"), Some("3000000"));
    assert_eq!(whole.body().len(), 3_000_000);
    let chunked = ask(&bench, "GET", Fault::applied(Answer::huge(bytes, false))).await;
    assert_eq!(
        (chunked.header("content-length"), chunked.header("transfer-encoding")),
        (None, Some("chunked"))
    );
    assert!(chunked.body().len() > 3_000_000 && chunked.body().ends_with(b"\r\n0\r\n\r\n"));
}

#[tokio::test]
async fn the_server_goes_on_after_a_client_leaves_in_the_middle_of_a_huge_body() {
    let bench = Bench::start();
    bench.hooks.fail_next(Method::Get, Fault::applied(Answer::huge(100_000_000_000, true)));
    let mut stream = bench.open(&bench.request("GET", "acme", "")).await;
    let mut first = [0; 1000];
    within(stream.read_exact(&mut first)).await.expect("the first bytes");
    drop(stream);
    assert_eq!(bench.get("acme").await.status(), 200);
}

#[tokio::test]
async fn a_connection_can_be_ended_before_its_first_request() {
    let bench = Bench::start();
    for (end, seen) in [(End::Reset, "nothing, reset"), (End::Close, "nothing, closed")] {
        bench.hooks.refuse_next_connection(end);
        let received = within(receive(bench.open(&bench.request("GET", "acme", "")).await)).await;
        assert_eq!(received.describe(), seen);
    }
    assert_eq!((bench.hooks.attempts(Method::Get), bench.get("acme").await.status()), (0, 200));
}

#[tokio::test]
async fn a_fault_of_fail_next_goes_before_one_of_fail_always_and_heal_ends_both() {
    let bench = Bench::start();
    bench.hooks.fail_always(Method::Get, Fault::applied(Answer::status(500)));
    bench.hooks.fail_next(Method::Get, Fault::applied(Answer::status(502)));
    let mut seen = Vec::new();
    for _ in 0..3 {
        seen.push(bench.get("acme").await.status());
    }
    assert_eq!(seen, [502, 500, 500]);
    assert_eq!(bench.patch("acme", RATING_ON).await.status(), 200, "the other method is well");
    bench.hooks.fail_next(Method::Get, Fault::applied(Answer::status(502)));
    bench.hooks.heal();
    assert_eq!(bench.get("acme").await.status(), 200);
}
