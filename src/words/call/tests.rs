use std::time::Duration;

use super::*;
use crate::agents::{ReadableSource, TokenSource};
use crate::api::credentials::BaseUrl;
use crate::settings::ShapeError;

fn context(audience: Audience) -> CallContext {
    CallContext {
        profile: None,
        base_url: BaseUrl::parse(BaseUrl::DEFAULT).unwrap(),
        token_source: TokenSource::Readable(ReadableSource::Variable("QUICKCHAT_API_TOKEN".to_owned())),
        audience,
    }
}

/// All parts of the words.
fn explain(error: &CallError, call: Call, context: &CallContext) -> String {
    super::explain(error, call, context).to_string()
}

fn refused(status: u16, code: &str, message: &str) -> CallError {
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let answerer = Answerer::Api { code: text(code), messages: text(message).into_iter().collect(), more: 0 };
    CallError::Refused(Refusal { status, answerer, retry_after: RetryAfter::Missing })
}

fn answered(status: u16, answerer: Answerer) -> CallError {
    CallError::Refused(Refusal { status, answerer, retry_after: RetryAfter::Missing })
}

fn undocumented() -> Answerer {
    Answerer::Undocumented { excerpt: "Not authenticated".to_owned() }
}

fn page() -> Answerer {
    Answerer::Between {
        server: Some("cloudflare".to_owned()),
        excerpt: Some("Attention required".to_owned()),
    }
}

#[test]
fn the_words_say_who_answered() {
    let said = |error: CallError, audience| explain(&error, Call::Write, &context(audience));
    let between = |server: Option<&str>, excerpt: Option<&str>| Answerer::Between {
        server: server.map(str::to_owned),
        excerpt: excerpt.map(str::to_owned),
    };
    for status in [400, 401, 403, 404, 502] {
        let expected = format!(
            "something in between answered {status} (\"Attention required\", cloudflare), not the API."
        );
        assert_eq!(said(answered(status, page()), Audience::Editor), expected);
    }
    let bare = "something in between answered 403, not the API.";
    assert_eq!(said(answered(403, between(None, None)), Audience::Editor), bare);
    let named = "something in between answered 403 (nginx), not the API.";
    assert_eq!(said(answered(403, between(Some("nginx"), None)), Audience::Editor), named);
    let token = "401 in a form that the API does not document (\"Not authenticated\"). If it is the token, t takes a new one. \
                 It may be the token or something in between.";
    assert_eq!(said(answered(401, undocumented()), Audience::Editor), token);
    let shell = "401 in a form that the API does not document (\"Not authenticated\"). It may be the token or something \
                 in between.";
    assert_eq!(said(answered(401, undocumented()), Audience::Shell), shell);
    let other = "418 in a form that the API does not document (\"Not authenticated\"). It may be the API or something in \
                 between.";
    assert_eq!(said(answered(418, undocumented()), Audience::Editor), other);
}

#[test]
fn all_the_apis_messages_are_quoted_and_the_rest_is_counted() {
    let said = |messages: &[&str], more| {
        let messages = messages.iter().map(|&message| message.to_owned()).collect();
        let error = answered(422, Answerer::Api { code: None, messages, more });
        explain(&error, Call::Write, &context(Audience::Shell))
    };
    assert_eq!(
        said(&["A.", "B"], 0),
        "The server did not accept the change (422). The server said: \"A.\" \"B\"."
    );
    let counted = "The server did not accept the change (422). The server said: \"A\" \"B\" and 2 more.";
    assert_eq!(said(&["A", "B"], 2), counted);
}

#[test]
fn each_failure_says_what_happened_and_what_to_do() {
    let reason = || "connection refused".to_owned();
    let cases = [
        (
            CallError::Connect { reason: reason() },
            "could not connect to app.quickchat.ai (connection refused).",
        ),
        (
            CallError::Tls { reason: "unknown issuer".to_owned(), remedy: "Set SSL_CERT_FILE.".to_owned() },
            "The server's certificate was not accepted: unknown issuer. Set SSL_CERT_FILE.",
        ),
        (
            CallError::Handshake { reason: "no cipher".to_owned(), remedy: "Check it.".to_owned() },
            "TLS with app.quickchat.ai failed: no cipher. Check it.",
        ),
        (
            CallError::ProxyRefused {
                proxy: "HTTPS_PROXY (proxy.example:3128)".to_owned(),
                status: Some(407),
            },
            "The proxy from HTTPS_PROXY (proxy.example:3128) refused the connection (407).",
        ),
        (
            CallError::ProxyRefused { proxy: "https_proxy (proxy.example:3128)".to_owned(), status: None },
            "The proxy from https_proxy (proxy.example:3128) refused the connection.",
        ),
        (
            refused(401, "PERMISSION_DENIED", ""),
            "The token from QUICKCHAT_API_TOKEN was refused: expired or revoked (401). t takes a new token. \
             Make one in the Dashboard under External Apps > API.",
        ),
        (
            refused(402, "PAYMENT_REQUIRED", ""),
            "Quickchat asks for an active subscription (402 PAYMENT_REQUIRED). Renew it in the Dashboard first.",
        ),
        (
            refused(403, "PERMISSION_DENIED", "Insufficient token scope. Required: write_all"),
            "This token may only read (403). Use a write_all token: t takes one. p switches the profile. \
             The server said: \"Insufficient token scope. Required: write_all\".",
        ),
        (
            refused(400, "BAD_REQUEST", "no"),
            "The server did not understand the request (400 BAD_REQUEST). Edit and save again, or d discards. \
             The server said: \"no\".",
        ),
        (
            refused(404, "NOT_FOUND", ""),
            "There is no such configuration at this address (404 NOT_FOUND). Check the base URL: \
             https://app.quickchat.ai",
        ),
        (
            refused(422, "VALIDATION_ERROR", "no"),
            "The server did not accept the change (422 VALIDATION_ERROR). Edit and save again, or d discards. \
             The server said: \"no\".",
        ),
        (
            refused(503, "SERVICE_UNAVAILABLE", "later"),
            "The server failed (503 SERVICE_UNAVAILABLE). The server said: \"later\".",
        ),
        (
            CallError::Redirect { host: "evil.example".to_owned(), status: 302 },
            "The server answered with a redirect to evil.example (302). It was not followed and the token was \
             not sent there.",
        ),
        (CallError::TooLarge, "The answer is larger than 256 KiB; it was not read."),
        (
            CallError::NotJson { content_type: Some("text/html".to_owned()) },
            "The answer is not JSON (text/html). A login page or a proxy may be in between.",
        ),
    ];
    for (error, expected) in cases {
        assert_eq!(explain(&error, Call::Write, &context(Audience::Editor)), expected);
    }
    let unread = explain(&refused(403, "", "no"), Call::Read, &context(Audience::Editor));
    let expected =
        "This token may not read the configuration (403). t takes another token. The server said: \"no\".";
    assert_eq!(unread, expected);
}

#[test]
fn a_quote_ends_its_sentence_once() {
    let said =
        |message| super::explain(&refused(422, "", message), Call::Write, &context(Audience::Editor)).said;
    assert_eq!(said("No."), "The server said: \"No.\"");
    assert_eq!(said("No"), "The server said: \"No\".");
    assert_eq!(said(""), "");
}

#[test]
fn a_long_wait_asked_for_is_told_in_words() {
    let mut error = refused(429, "TOO_MANY_REQUESTS", "");
    if let CallError::Refused(refusal) = &mut error {
        refusal.retry_after = RetryAfter::In(86_400);
    }
    assert_eq!(
        explain(&error, Call::Write, &context(Audience::Editor)),
        "Too many requests (429). Try again in 24 hours."
    );
}

/// One error of each kind.
fn one_of_each() -> Vec<CallError> {
    let reason = || "reason".to_owned();
    let statuses = [400, 401, 402, 403, 404, 408, 409, 418, 422, 429, 500, 503];
    let answers = statuses.map(|status| refused(status, "CODE", "words"));
    let others = [
        CallError::Connect { reason: reason() },
        CallError::Tls { reason: reason(), remedy: "Remedy.".to_owned() },
        CallError::Handshake { reason: reason(), remedy: "Remedy.".to_owned() },
        CallError::ProxyRefused { proxy: reason(), status: Some(407) },
        CallError::SetUp { reason: reason() },
        CallError::TimedOut { after: Duration::from_millis(1500) },
        CallError::Broken { reason: reason(), has_head: true },
        CallError::Cached { age: 7 },
        answered(403, undocumented()),
        answered(502, page()),
        CallError::Redirect { host: "target.example".to_owned(), status: 302 },
        CallError::TooLarge,
        CallError::NoContent { status: 204 },
        CallError::NotJson { content_type: None },
        CallError::Shape(ShapeError::NotAnObject),
    ];
    answers.into_iter().chain(others).collect()
}

#[test]
fn each_kind_has_its_own_row_for_each_call_and_every_row_is_reached() {
    let mut reached = Vec::new();
    for (error, call) in one_of_each().iter().flat_map(|error| [(error, Call::Read), (error, Call::Write)]) {
        let row = row_for(error.kind(), call);
        assert_eq!(row.kind, error.kind());
        reached.push(std::ptr::from_ref(row));
    }
    assert!(ROWS.iter().all(|row| reached.contains(&std::ptr::from_ref(row))));
}

#[test]
fn every_placeholder_has_a_value_for_each_error_of_its_row() {
    let may_be_empty = ["when", "try a token", "or login", "login", "other profile"];
    for (error, call) in one_of_each().iter().flat_map(|error| [(error, Call::Read), (error, Call::Write)]) {
        let row = row_for(error.kind(), call);
        let templates = [row.happened, row.editor, row.shell, row.details];
        let names = templates.iter().flat_map(|template| template.split('{').skip(1));
        for name in names.filter_map(|piece| piece.split_once('}')).map(|(name, _)| name) {
            let values = [Audience::Editor, Audience::Lines, Audience::Shell]
                .map(|reader| placeholder(name, error, &context(reader)));
            let is_known = values.iter().all(|value| !value.is_empty()) || may_be_empty.contains(&name);
            assert!(is_known, "{name} of {error:?}");
        }
    }
}

#[test]
fn every_part_is_empty_or_made_of_whole_sentences() {
    for (error, call) in one_of_each().iter().flat_map(|error| [(error, Call::Read), (error, Call::Write)]) {
        for reader in [Audience::Editor, Audience::Lines, Audience::Shell] {
            let Explanation { happened, todo, details, said, .. } =
                super::explain(error, call, &context(reader));
            for part in [&happened, &todo, &details, &said] {
                let is_whole =
                    part.is_empty() || part.ends_with(['.', '"']) || part.ends_with("quickchat.ai");
                assert!(is_whole && part.trim() == part && !part.contains("  "), "{part:?} of {error:?}");
            }
            assert!(!happened.is_empty(), "{error:?}");
        }
    }
}

#[test]
fn advice_is_for_its_reader() {
    let said = |status, call, audience| explain(&refused(status, "", ""), call, &context(audience));
    let switch =
        "This token may only read (403). Use a write_all token: t takes one. p switches the profile.";
    assert_eq!(said(403, Call::Write, Audience::Editor), switch);
    assert_eq!(
        said(403, Call::Write, Audience::Shell),
        "This token may only read (403). Use a write_all token."
    );
    let concurrent = "Someone is changing this at the same moment (409). ";
    assert_eq!(said(409, Call::Write, Audience::Shell), format!("{concurrent}Run it again."));
    assert_eq!(said(409, Call::Read, Audience::Shell), format!("{concurrent}Read again."));
    assert_eq!(said(409, Call::Write, Audience::Editor), concurrent.trim_end());
}

#[test]
fn a_refused_token_is_named_by_its_profile_with_every_way_to_another_one() {
    let named = |audience| CallContext { profile: Some("acme-prod".to_owned()), ..context(audience) };
    let said = |call, audience| explain(&refused(401, "", ""), call, &named(audience));
    let lead = "The token of acme-prod was refused: expired or revoked (401).";
    let make = "Make one in the Dashboard under External Apps > API.";
    let run = "Or run convrating login acme-prod, then press r.";
    assert_eq!(said(Call::Write, Audience::Editor), format!("{lead} t takes a new token. {make} {run}"));
    let both = "t takes a new token (or: convrating login acme-prod, then r).";
    assert_eq!(said(Call::Read, Audience::Editor), format!("{lead} {both} {make}"));
    assert_eq!(said(Call::Write, Audience::Shell), format!("{lead} {make}"));
    let stored = TokenSource::Readable(ReadableSource::Stored);
    let stored = CallContext { token_source: stored, ..named(Audience::Shell) };
    let by_login = "The token stored by `convrating login acme-prod` was refused: expired or revoked (401).";
    assert_eq!(super::explain(&refused(401, "", ""), Call::Read, &stored).happened, by_login);
    let demo = CallContext { token_source: TokenSource::Demo, ..named(Audience::Editor) };
    assert!(!explain(&refused(401, "", ""), Call::Read, &demo).contains("login"));
}

#[test]
fn a_servers_text_is_put_in_as_it_is() {
    let error = refused(422, "", "{source} {label}");
    let said = explain(&error, Call::Write, &context(Audience::Shell));
    assert_eq!(said, "The server did not accept the change (422). The server said: \"{source} {label}\".");
}

#[test]
fn each_length_of_time_has_its_unit() {
    let cases = [(45, "45 s"), (120, "120 s"), (121, "3 minutes"), (7201, "3 hours"), (172_801, "3 days")];
    assert!(cases.iter().all(|(seconds, words)| span(*seconds) == *words));
}

#[test]
fn the_list_of_profiles_has_few_words_for_a_failure() {
    let named = |error| name_in_list(&error);
    assert_eq!(named(CallError::Connect { reason: "x".to_owned() }), "unreachable");
    assert_eq!(named(refused(401, "PERMISSION_DENIED", "")), "refused 401");
    assert_eq!(named(refused(503, "SERVICE_UNAVAILABLE", "")), "503 SERVICE_UNAVAILABLE");
}

#[test]
fn each_status_has_its_exit_code() {
    let expected = [
        (400, 1),
        (401, 4),
        (402, 1),
        (403, 4),
        (404, 1),
        (408, 5),
        (409, 3),
        (418, 1),
        (422, 1),
        (429, 5),
        (500, 5),
        (502, 5),
        (503, 5),
        (504, 5),
    ];
    for (status, code) in expected {
        assert_eq!(Exit::from(&refused(status, "", "")).code(), code, "{status}");
    }
}

#[test]
fn a_reader_without_a_form_gets_the_words_of_the_shell() {
    for error in one_of_each() {
        let said = |context| explain(&error, Call::Read, &context);
        assert_eq!(said(context(Audience::Editor).without_form()), said(context(Audience::Shell)));
    }
}
