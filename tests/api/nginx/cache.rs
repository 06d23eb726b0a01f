//! nginx as a cache. Where it shows the age of an answer, that answer is no evidence. Where it hides itself, no client can
//! tell its answer from the API's: nginx's own `proxy_cache` does so, and the README says it.

use convrating::demo::{Answer, End, Fault, Method, Point};

use super::server::{BY_ANSWER, BY_READ, Directives, Nginx, save_truly, save_with};
use crate::api::lab::{AGENT, Lab, brisk, configuration, rating_on, save, words};

/// nginx that keeps every answer to a read for longer than any test.
fn caching(lab: &Lab, location: &str) -> Option<Nginx> {
    let http = "proxy_cache_path cache keys_zone=kept:1m;\n\
                map $upstream_cache_status $age_of_a_kept_answer { HIT 30; }";
    let location = format!(
        "proxy_cache kept;\nproxy_cache_valid 200 1h;\nproxy_ignore_headers Cache-Control Expires;\n{location}"
    );
    Nginx::before(&lab.url, &Directives { http, location: &location, ..Directives::default() })
}

/// The cache shows the age of what it kept.
const SHOWN: &str = "add_header Age $age_of_a_kept_answer;";

/// The PATCH is applied and its answer is lost.
fn lose_the_answer(lab: &Lab) {
    lab.hooks.fail_next(Method::Patch, Fault::applied(Answer::Cut(Point::BeforeAnswer, End::Close)));
}

#[tokio::test]
async fn an_old_answer_with_its_age_is_no_ground_for_a_patch() {
    let lab = Lab::start();
    let Some(nginx) = caching(&lab, SHOWN) else { return };
    nginx.client(&lab, brisk()).read(1).await.expect("a read, which the cache keeps");
    let said = save_truly(&nginx.client(&lab, brisk()), &lab).await;
    let expected = "Not saved: a cache answered, 30 s late, and not the API. s tries again. It does not show what the server \
                    holds now. Nothing was sent. Your changes are still here.";
    assert_eq!(said, expected);
    assert_eq!((lab.hooks.count(Method::Get), lab.hooks.attempts(Method::Patch)), (1, 0));
}

#[tokio::test]
async fn an_old_answer_with_its_age_does_not_tell_what_became_of_a_patch() {
    let lab = Lab::start();
    lose_the_answer(&lab);
    // The read before the PATCH is not in the cache yet.
    let Some(nginx) = caching(&lab, SHOWN) else { return };
    let said = save_truly(&nginx.client(&lab, brisk()), &lab).await;
    assert!(said.starts_with("Outcome unknown: "), "{said}");
    assert_eq!((lab.hooks.count(Method::Get), lab.hooks.applied(AGENT)), (1, 1));
}

#[tokio::test]
async fn a_proxy_that_gives_every_answer_an_age_leaves_nothing_to_go_by() {
    let lab = Lab::start();
    let Some(said) = save_with(&lab, "add_header Age 30;").await else { return };
    assert!(said.starts_with("Not saved: a cache answered, 30 s late, and not the API."), "{said}");
    let lab = Lab::start();
    let Some(said) = save_with(&lab, "if ($request_method = PATCH) { add_header Age 30; }").await else {
        return;
    };
    assert_eq!(said, BY_READ);
}

#[tokio::test]
async fn a_cache_that_heeds_no_cache_is_passed_by() {
    for is_lost in [false, true] {
        let lab = Lab::start();
        let Some(nginx) = caching(&lab, "proxy_cache_bypass $http_cache_control;") else { return };
        nginx.client(&lab, brisk()).read(1).await.expect("a read, which the cache keeps");
        if is_lost {
            lose_the_answer(&lab);
        }
        let said = save_truly(&nginx.client(&lab, brisk()), &lab).await;
        assert_eq!(said, if is_lost { BY_READ } else { BY_ANSWER });
    }
}

/// Through a cache that hides itself; gives what the user is told, which need not be true here.
async fn save_untold(lab: &Lab, nginx: &Nginx) -> String {
    let client = nginx.client(lab, brisk());
    let ended = save(&client, rating_on().intent()).await;
    words(&client, ended.outcome().expect("an end"))
}

#[tokio::test]
async fn a_cache_that_hides_itself_cannot_be_told_from_the_api() {
    // It shows what was before the PATCH, which was applied.
    let lab = Lab::start();
    lose_the_answer(&lab);
    let Some(nginx) = caching(&lab, "") else { return };
    let said = save_untold(&lab, &nginx).await;
    let expected =
        "the server still shows the old value; the change may still arrive, saving again is harmless.";
    assert!(said.contains(expected), "{said}");
    assert_eq!((lab.hooks.count(Method::Get), lab.hooks.applied(AGENT)), (1, 1));
    // It shows what the user wants, which the server no longer holds.
    let lab = Lab::start();
    lab.hooks.set_configuration(AGENT, configuration(true, true));
    let Some(nginx) = caching(&lab, "") else { return };
    nginx.client(&lab, brisk()).read(1).await.expect("a read, which the cache keeps");
    lab.hooks.set_configuration(AGENT, configuration(false, false));
    let said = save_untold(&lab, &nginx).await;
    assert_eq!(said, "Saved 14:02:11: the server already has this.");
    assert_eq!((lab.hooks.count(Method::Get), lab.hooks.attempts(Method::Patch)), (1, 0));
}
