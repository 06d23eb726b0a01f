//! Connections that nginx and the server behind it close, with a word or without.

use convrating::api::Client;
use convrating::demo::{Answer, End, Fault, Method};
use convrating::save::Outcome;
use convrating::settings::Draft;

use super::server::{BY_ANSWER, Directives, Nginx, patch_statuses, save_truly, save_with};
use crate::api::lab::{AGENT, Lab, brisk, configuration, save, within};
use crate::support::configuration::RATING;

#[tokio::test]
async fn a_save_through_a_plain_reverse_proxy_is_one_read_and_one_patch() {
    let lab = Lab::start();
    let Some(said) = save_with(&lab, "").await else { return };
    assert_eq!(said, BY_ANSWER);
    assert_eq!((lab.hooks.count(Method::Get), lab.hooks.count(Method::Patch)), (1, 1));
}

/// nginx closes a connection under each PATCH that is not the first request on it, without an answer.
#[tokio::test]
async fn a_proxy_that_closes_under_each_patch_on_a_kept_connection_gets_it_on_one_of_its_own() {
    let lab = Lab::start();
    let http = "map $request_method$connection_requests $is_on_a_kept_connection { PATCH1 ''; ~^PATCH yes; }";
    let location = "if ($is_on_a_kept_connection) { return 444; }";
    let Some(nginx) = Nginx::before(&lab.url, &Directives { http, location, ..Directives::default() }) else {
        return;
    };
    let (client, log) = lab.client_at(&nginx.url, brisk());
    assert_eq!(save_truly(&client, &lab).await, BY_ANSWER);
    assert_eq!(patch_statuses(&log), [None, Some(200)]);
    assert_eq!((lab.hooks.count(Method::Get), lab.hooks.attempts(Method::Patch)), (2, 1));
}

/// Saves as often as asked, the rating on and off in turn, over one client.
async fn save_often(client: &Client, lab: &Lab, times: usize) {
    let mut draft = Draft::new(within(client.read(1)).await.expect("a read"));
    for number in 1..=times {
        draft.toggle(&RATING);
        let point = draft.save_point();
        let ended = save(client, draft.intent()).await;
        let outcome = ended.outcome();
        assert!(matches!(outcome, Some(Outcome::Saved { .. })), "{number}: {outcome:?}");
        draft.saved(&point, &lab.held());
        assert!(!draft.is_dirty(), "the server holds it");
        assert_eq!(lab.hooks.applied(AGENT), number, "each change is applied once");
    }
}

/// With `keepalive_timeout 1ms` nginx says that it keeps the connection, and closes it a moment later: the PATCH may meet that.
#[tokio::test]
async fn a_proxy_that_closes_its_connections_with_or_without_a_word_gets_every_patch() {
    for server in ["keepalive_timeout 0;", "keepalive_requests 1;", "keepalive_timeout 1ms;"] {
        let lab = Lab::start();
        lab.hooks.limit_off();
        let Some(nginx) = Nginx::before(&lab.url, &Directives { server, ..Directives::default() }) else {
            return;
        };
        save_often(&nginx.client(&lab, brisk()), &lab, 20).await;
    }
}

/// nginx keeps its own connections to the server, and the server closes each after its answer. nginx does not send a PATCH again.
#[tokio::test]
async fn a_server_that_closes_behind_the_proxy_gets_the_patch_or_the_save_says_that_it_did_not() {
    for end in [End::Close, End::Reset] {
        for _ in 0..5 {
            let lab = Lab::start();
            let target = lab.url.trim_start_matches("http://");
            let http = format!("upstream kept {{ server {target}; keepalive 4; }}");
            let location = "proxy_http_version 1.1; proxy_set_header Connection \"\";";
            let directives = Directives { http: &http, location, ..Directives::default() };
            let Some(nginx) = Nginx::before("http://kept", &directives) else { return };
            let body = configuration(false, false).to_string();
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
            lab.hooks.fail_next(Method::Get, Fault::applied(Answer::Raw(head.into_bytes(), end)));
            save_truly(&nginx.client(&lab, brisk()), &lab).await;
            assert!(lab.hooks.attempts(Method::Patch) <= 1, "never sent twice");
        }
    }
}
