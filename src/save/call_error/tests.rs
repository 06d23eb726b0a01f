use super::*;

fn api() -> Answerer {
    Answerer::Api { code: Some("CODE".to_owned()), messages: Vec::new(), more: 0 }
}

fn between() -> Answerer {
    Answerer::Between { server: None, excerpt: None }
}

fn undocumented() -> Answerer {
    Answerer::Undocumented { excerpt: "x".to_owned() }
}

fn refused(status: u16, answerer: Answerer, retry_after: RetryAfter) -> CallError {
    CallError::Refused(Refusal { status, answerer, retry_after })
}

#[test]
fn only_the_apis_own_refusals_say_that_a_patch_was_not_applied() {
    for (status, answerer) in
        (400..600).flat_map(|status| [api(), between(), undocumented()].map(|a| (status, a)))
    {
        let expected = match status {
            429 => Fate::Later { asked: RetryAfter::Missing, is_in_doubt: false },
            409 => Fate::Concurrent,
            408 | 500.. => Fate::InDoubt,
            400..=404 | 422 if answerer == api() => Fate::Refused,
            _ => Fate::LikelyRefused,
        };
        assert_eq!(
            refused(status, answerer.clone(), RetryAfter::Missing).fate(),
            expected,
            "{status} {answerer:?}"
        );
    }
    assert_eq!(CallError::Redirect { host: "h".to_owned(), status: 302 }.fate(), Fate::LikelyRefused);
}

#[test]
fn a_wait_is_asked_for_by_429_and_by_503_with_retry_after() {
    let asked = RetryAfter::In(7);
    for answerer in [api(), between(), undocumented()] {
        let refused = |status| refused(status, answerer.clone(), asked);
        assert_eq!(refused(429).fate(), Fate::Later { asked, is_in_doubt: false });
        assert_eq!(refused(503).fate(), Fate::Later { asked, is_in_doubt: true });
        assert_eq!(refused(500).fate(), Fate::InDoubt);
    }
}

#[test]
fn what_something_in_between_says_is_never_taken_for_the_apis_word() {
    for status in (400..600).filter(|status| ![408, 409, 429].contains(status)) {
        let kind = |answerer| refused(status, answerer, RetryAfter::Missing).kind();
        assert_eq!(kind(between()), CallErrorKind::AnsweredInBetween, "{status}");
        assert_eq!(kind(undocumented()), CallErrorKind::Undocumented, "{status}");
    }
    for (status, expected) in KINDS {
        assert_eq!(refused(status, api(), RetryAfter::Missing).kind(), expected);
    }
    assert_eq!(refused(418, api(), RetryAfter::Missing).kind(), CallErrorKind::OtherRefusal);
    assert_eq!(refused(503, api(), RetryAfter::Missing).kind(), CallErrorKind::ServerFailed);
}

#[test]
fn a_connection_that_ends_before_an_answer_begins_is_dropped() {
    let broken = |has_head| CallError::Broken { reason: "reset".to_owned(), has_head }.fate();
    assert_eq!((broken(false), broken(true)), (Fate::Dropped, Fate::InDoubt));
}

#[test]
fn reading_again_helps_where_the_server_was_not_reached_or_failed_for_now() {
    let worth = |status| refused(status, between(), RetryAfter::Missing).is_worth_reading_again();
    assert_eq!((400..600).filter(|status| worth(*status)).collect::<Vec<_>>()[..3], [429, 500, 501]);
    assert!(!worth(401) && !worth(408) && worth(503));
    let reason = || "refused".to_owned();
    assert!(CallError::Connect { reason: reason() }.is_worth_reading_again());
    assert!(CallError::TimedOut { after: Duration::ZERO }.is_worth_reading_again());
    assert!(CallError::Broken { reason: reason(), has_head: true }.is_worth_reading_again());
    assert!(CallError::Cached { age: 1 }.is_worth_reading_again());
    assert!(!CallError::Tls { reason: reason(), remedy: reason() }.is_worth_reading_again());
    assert!(!CallError::Handshake { reason: reason(), remedy: reason() }.is_worth_reading_again());
    let by_proxy = |status| CallError::ProxyRefused { proxy: reason(), status }.is_worth_reading_again();
    assert!(by_proxy(None) && by_proxy(Some(502)) && !by_proxy(Some(407)) && !by_proxy(Some(403)));
}

#[test]
fn only_an_answer_that_says_why_has_a_status() {
    let redirect = CallError::Redirect { host: "h".to_owned(), status: 302 };
    assert_eq!(
        (refused(418, api(), RetryAfter::Missing).status(), redirect.status()),
        (Some(418), Some(302))
    );
    assert_eq!(CallError::NoContent { status: 204 }.status(), Some(204));
    assert_eq!(CallError::TooLarge.status(), None);
}
