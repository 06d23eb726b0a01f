//! Error pages of nginx in place of the API's answers. None of them is the API's word.

use convrating::demo::{Answer, End, Fault, Method, Point};
use convrating::save::{CallErrorKind, Doubt, Outcome, Reason};

use super::server::{
    BY_READ, Directives, Nginx, not_applied, not_read, patch_statuses, save_truly, save_with, still_old,
};
use crate::api::lab::{AGENT, Lab, brisk, rating_on, save};
use crate::support::closed_port::ClosedPort;

/// Lines for `location` that answer each PATCH with this status.
fn refuse_patches(status: u16) -> String {
    format!("if ($request_method = PATCH) {{ return {status}; }}")
}

#[tokio::test]
async fn a_page_in_place_of_the_patchs_answer_is_never_taken_for_the_apis_refusal() {
    let cases = [
        (refuse_patches(400), "400 Bad Request"),
        (refuse_patches(403), "403 Forbidden"),
        (refuse_patches(404), "404 Not Found"),
        (refuse_patches(405), "405 Not Allowed"),
        ("limit_except GET { deny all; }".to_owned(), "403 Forbidden"),
        (
            "limit_except GET { auth_basic closed; auth_basic_user_file /dev/null; }".to_owned(),
            "401 Authorization Required",
        ),
        ("client_max_body_size 1;".to_owned(), "413 Request Entity Too Large"),
    ];
    for (location, page) in cases {
        let lab = Lab::start();
        let Some(said) = save_with(&lab, &location).await else { return };
        assert_eq!(said, not_applied(page), "{location}");
        assert_eq!((lab.hooks.attempts(Method::Patch), lab.hooks.count(Method::Get)), (0, 2), "{location}");
    }
}

#[tokio::test]
async fn a_403_of_the_proxy_does_not_make_the_editor_read_only() {
    let lab = Lab::start();
    let location = refuse_patches(403);
    let directives = Directives { location: &location, ..Directives::default() };
    let Some(nginx) = Nginx::before(&lab.url, &directives) else { return };
    let ended = save(&nginx.client(&lab, brisk()), rating_on().intent()).await;
    // The editor goes by the kind of the API's own refusal: `Reason::Refused` with `CallErrorKind::ScopeMissing`.
    let Some(Outcome::NotSaved(Reason::NotApplied { doubt: Doubt::Failed(error) })) = ended.outcome() else {
        panic!("{ended:?}");
    };
    assert_eq!(error.kind(), CallErrorKind::AnsweredInBetween);
}

#[tokio::test]
async fn a_page_in_place_of_the_read_sends_nothing() {
    let cases = [
        ("return 403;", "403 Forbidden"),
        ("return 404;", "404 Not Found"),
        ("auth_basic closed; auth_basic_user_file /dev/null;", "401 Authorization Required"),
        ("return 502;", "502 Bad Gateway"),
    ];
    for (location, page) in cases {
        let lab = Lab::start();
        let Some(said) = save_with(&lab, location).await else { return };
        assert_eq!(said, not_read(page));
        assert_eq!(lab.hooks.attempts(Method::Get) + lab.hooks.attempts(Method::Patch), 0);
    }
}

#[tokio::test]
async fn a_proxy_that_closes_the_connection_without_an_answer_gets_the_patch_twice_and_no_more() {
    let lab = Lab::start();
    let location = refuse_patches(444);
    let directives = Directives { location: &location, ..Directives::default() };
    let Some(nginx) = Nginx::before(&lab.url, &directives) else { return };
    let (client, log) = lab.client_at(&nginx.url, brisk());
    let said = save_truly(&client, &lab).await;
    let expected = format!(
        "Not saved: the server still shows the old value; the change may still arrive, saving again is harmless. s tries again. \
         Why: the connection to {} broke (closed before the answer was whole). Your changes are still here.",
        nginx.host()
    );
    assert_eq!(said, expected);
    assert_eq!((patch_statuses(&log), lab.hooks.attempts(Method::Patch)), (vec![None; 2], 0));
}

#[tokio::test]
async fn a_502_is_looked_into_whether_the_server_had_applied_the_change_or_not() {
    let cases = [
        (Point::BeforeReading, End::Reset, still_old("502 Bad Gateway")),
        (Point::BeforeAnswer, End::Close, BY_READ.to_owned()),
        (Point::InHead, End::Close, BY_READ.to_owned()),
    ];
    for (point, end, expected) in cases {
        let lab = Lab::start();
        lab.hooks.fail_next(Method::Patch, Fault::applied(Answer::Cut(point, end)));
        let Some(said) = save_with(&lab, "").await else { return };
        assert_eq!(said, expected, "{point:?}");
        assert_eq!(lab.hooks.attempts(Method::Patch), 1, "{point:?}");
    }
}

#[tokio::test]
async fn a_server_that_is_down_for_the_patch_alone_changed_nothing() {
    let (lab, closed) = (Lab::start(), ClosedPort::take());
    let location = format!("if ($request_method = PATCH) {{ proxy_pass http://{}; }}", closed.address());
    let Some(said) = save_with(&lab, &location).await else { return };
    assert_eq!(said, still_old("502 Bad Gateway"));
}

#[tokio::test]
async fn a_server_that_is_down_from_the_patch_on_leaves_the_outcome_unknown() {
    for is_applied in [true, false] {
        let lab = Lab::start();
        let point = if is_applied { Point::BeforeAnswer } else { Point::BeforeReading };
        lab.hooks.fail_next(Method::Patch, Fault::applied(Answer::Cut(point, End::Close)));
        lab.hooks.fail_next(Method::Get, Fault::none());
        lab.hooks.fail_always(Method::Get, Fault::applied(Answer::Cut(Point::BeforeReading, End::Close)));
        let Some(said) = save_with(&lab, "").await else { return };
        let expected =
            "Outcome unknown: something in between answered 502 and the server cannot be read. r finds out.";
        assert!(said.starts_with(expected), "{said}");
        assert_eq!(lab.hooks.applied(AGENT), usize::from(is_applied));
    }
}

/// Only a PATCH has little time, so that no slow read is cut. 418 never leaves nginx: it leads to another `location`.
fn impatient(target: &str) -> String {
    format!("error_page 418 = @patch;\nlocation @patch {{ proxy_read_timeout 300ms; proxy_pass {target}; }}")
}

#[tokio::test]
async fn a_504_is_looked_into_whether_the_server_had_applied_the_change_or_not() {
    for is_applied in [true, false] {
        let lab = Lab::start();
        let hold =
            if is_applied { lab.hooks.hold_answer(Method::Patch) } else { lab.hooks.hold(Method::Patch) };
        let (server, location) = (impatient(&lab.url), refuse_patches(418));
        let directives = Directives { server: &server, location: &location, ..Directives::default() };
        let Some(nginx) = Nginx::before(&lab.url, &directives) else { return };
        let said = save_truly(&nginx.client(&lab, brisk()), &lab).await;
        assert_eq!(said, if is_applied { BY_READ.to_owned() } else { still_old("504 Gateway Time-out") });
        assert_eq!(lab.hooks.attempts(Method::Patch), 1);
        hold.release();
    }
}
