//! `limit_req`: nginx refuses what comes too fast, by default with 503 and without Retry-After.

use std::time::Duration;

use convrating::api::Timing;
use convrating::demo::Method;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::server::{BY_ANSWER, Directives, Nginx, not_read, patch_statuses, save_truly, still_old};
use crate::api::lab::{Lab, brisk, within};

/// What nginx's own page says where a request comes too fast.
const PAGE: &str = "503 Service Temporarily Unavailable";
/// One request in a time that is longer than any test.
const ONE: &str = "1r/m";

/// nginx that counts only requests of this method, or all of them where it is `default`.
fn limited(lab: &Lab, method: &str, rate: &str, location: &str) -> Option<Nginx> {
    let http = format!(
        "map $request_method $counted {{ {method} yes; }}\nlimit_req_zone $counted zone=limit:1m rate={rate};"
    );
    let location = format!("limit_req zone=limit;\n{location}");
    Nginx::before(&lab.url, &Directives { http: &http, location: &location, ..Directives::default() })
}

/// Sends a request that is no save, so that the next one of this method comes too fast.
async fn use_up(nginx: &Nginx, method: &str) {
    let mut stream = TcpStream::connect(nginx.host()).await.expect("nginx");
    let head = format!("{method} /elsewhere HTTP/1.0\r\n\r\n");
    stream.write_all(head.as_bytes()).await.expect("a request");
    within(stream.read_to_end(&mut Vec::new())).await.expect("an answer");
}

#[tokio::test]
async fn a_patch_that_comes_too_fast_is_tried_as_often_as_the_contract_says_and_was_not_applied() {
    let asks = "add_header Retry-After 1 always;";
    let cases = [
        ("", vec![503], still_old(PAGE)),
        (asks, vec![503; 3], still_old(PAGE)),
        (
            "limit_req_status 429;",
            vec![429; 3],
            "Not saved: Too many requests (429). s tries again. Your changes are still here.".to_owned(),
        ),
    ];
    for (location, statuses, expected) in cases {
        let lab = Lab::start();
        let Some(nginx) = limited(&lab, "PATCH", ONE, location) else { return };
        use_up(&nginx, "PATCH").await;
        let before = lab.hooks.attempts(Method::Patch);
        let (client, log) = lab.client_at(&nginx.url, brisk());
        assert_eq!(save_truly(&client, &lab).await, expected);
        assert_eq!(patch_statuses(&log), statuses.into_iter().map(Some).collect::<Vec<_>>());
        assert_eq!(lab.hooks.attempts(Method::Patch), before, "none came through");
    }
}

/// One PATCH in two seconds: two waits of a second are enough on any machine, and three PATCHes in a row are too fast.
#[tokio::test]
async fn a_save_waits_until_the_limit_lets_it_through() {
    for location in ["limit_req_status 429;", "add_header Retry-After 1 always;"] {
        let lab = Lab::start();
        let Some(nginx) = limited(&lab, "PATCH", "30r/m", location) else { return };
        use_up(&nginx, "PATCH").await;
        let timing = Timing { second: Duration::from_secs(1), ..brisk() };
        assert_eq!(save_truly(&nginx.client(&lab, timing), &lab).await, BY_ANSWER);
    }
}

#[tokio::test]
async fn a_read_that_comes_too_fast_is_tried_three_times_and_nothing_is_sent() {
    for (location, expected) in [
        ("", not_read(PAGE)),
        (
            "limit_req_status 429;",
            "Not saved: Too many requests (429). s tries again. Nothing was sent. Your changes are still here.".to_owned(),
        ),
    ] {
        let lab = Lab::start();
        let Some(nginx) = limited(&lab, "GET", ONE, location) else { return };
        use_up(&nginx, "GET").await;
        let (client, log) = lab.client_at(&nginx.url, brisk());
        assert_eq!(save_truly(&client, &lab).await, expected);
        assert_eq!((log.lock().expect("no panic").len(), lab.hooks.attempts(Method::Patch)), (3, 0));
    }
}

#[tokio::test]
async fn where_every_request_after_the_first_comes_too_fast_the_outcome_is_unknown() {
    let lab = Lab::start();
    let Some(nginx) = limited(&lab, "default", ONE, "") else { return };
    let said = save_truly(&nginx.client(&lab, brisk()), &lab).await;
    let expected =
        "Outcome unknown: something in between answered 503 and the server cannot be read. r finds out.";
    assert!(said.starts_with(expected), "{said}");
    assert_eq!(lab.hooks.attempts(Method::Patch), 0);
}
