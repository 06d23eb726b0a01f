use convrating::demo::{Answer, End, Fault, Method, Point};

use super::support::{Home, Server};
use crate::support::closed_port::ClosedPort;

/// What a read says while it waits for a server that is too busy.
const BUSY: &str = "Retrying (2 of 3) in 1 s: the server is too busy (503 CODE); Ctrl-C stops.\n\
                    Retrying (3 of 3) in 3 s: the server is too busy (503 CODE); Ctrl-C stops.\n";

/// Each failure of a read: what is answered, the words, the exit code, and how many GETs it takes.
fn reads() -> Vec<(Answer, String, i32, usize)> {
    let row = |answer: Answer, words: &str, code, gets| (answer, words.to_owned(), code, gets);
    let refused = |status| Answer::error(status, "CODE", "words \u{1b}[2J");
    vec![
        row(
            refused(400),
            "The server did not understand the request (400 CODE). The server said: \"words ^[[2J\".",
            1,
            1,
        ),
        row(
            refused(401),
            "The token from QUICKCHAT_API_TOKEN was refused: expired or revoked (401). \
             Make one in the Dashboard under External Apps > API. The server said: \"words ^[[2J\".",
            4,
            1,
        ),
        row(
            refused(402),
            "Quickchat asks for an active subscription (402 CODE). Renew it in the Dashboard first. The server said: \"words ^[[2J\".",
            1,
            1,
        ),
        row(
            refused(403),
            "This token may not read the configuration (403). The server said: \"words ^[[2J\".",
            4,
            1,
        ),
        row(
            refused(422),
            "The server did not accept the request (422 CODE). The server said: \"words ^[[2J\".",
            1,
            1,
        ),
        row(
            Answer::retry_after(429, "3600"),
            "Too many requests (429). Try again in 60 minutes. \
             The server said: \"This is how the API answers a 429.\"",
            5,
            1,
        ),
        row(refused(503), "The server failed (503 CODE). The server said: \"words ^[[2J\".", 5, 3),
        row(
            Answer::html(200),
            "The answer is not JSON (text/html). A login page or a proxy may be in between.",
            1,
            1,
        ),
        row(Answer::empty(200), "The server answered 200 without a configuration.", 1, 1),
        row(
            Answer::redirect(302, "https://evil.example/"),
            "The server answered with a redirect to evil.example (302). It was not followed and the token was \
             not sent there.",
            5,
            1,
        ),
        row(Answer::empty(401), "something in between answered 401, not the API.", 5, 1),
        row(
            Answer::text(403, "text/html", "<html><title>Attention required</title>"),
            "something in between answered 403 (\"Attention required\"), not the API.",
            5,
            1,
        ),
        row(
            Answer::text(502, "text/plain", "bad gateway"),
            "something in between answered 502 (\"bad gateway\"), not the API.",
            5,
            3,
        ),
        row(
            Answer::text(401, "application/json", r#"{"detail":"Not authenticated"}"#),
            "401 in a form that the API does not document (\"Not authenticated\"). It may be the token or something in between.",
            5,
            1,
        ),
        row(
            Answer::text(
                422,
                "application/json",
                r#"{"errors":{"conv_rating_question_codes":[{"message":"Unknown question code"}]}}"#,
            ),
            "The server did not accept the request (422). The server said: \"Unknown question code\".",
            1,
            1,
        ),
    ]
}

#[test]
fn each_failure_of_a_read_has_its_words_and_its_code() {
    let (home, server) = (Home::new(), Server::start());
    for (answer, words, code, gets) in reads() {
        server.hooks.fail_always(Method::Get, Fault::applied(answer));
        let before = server.hooks.count(Method::Get);
        let ran = home.run(&["get"], &server.variables("acme"));
        let waits = if words.contains("(503") { BUSY } else { "" };
        ran.expect(code, "", &format!("{waits}Not read: {words}\n"));
        assert_eq!(server.hooks.count(Method::Get) - before, gets, "{words}");
        server.hooks.heal();
    }
}

#[test]
fn an_error_alone_is_one_object_on_stdout() {
    let (home, server) = (Home::new(), Server::start());
    server.hooks.revoke("acme");
    let ran = home.run(&["get", "--json"], &server.variables("acme"));
    assert_eq!((ran.code, ran.stderr.as_str()), (4, ""));
    let error = &ran.json()["error"];
    assert_eq!(error["kind"], "token");
    assert_eq!(error["status"], 401);
    assert_eq!(error["code"], "PERMISSION_DENIED");
    assert_eq!(error["hint"], "set QUICKCHAT_API_TOKEN");
    let start = "{\"error\":{\"kind\":\"token\",\"message\":\"Not read: The token from QUICKCHAT_API_TOKEN was refused";
    assert!(ran.stdout.starts_with(start), "{ran:?}");
}

#[test]
fn nobody_at_the_address_is_five() {
    let (home, port) = (Home::new(), ClosedPort::take());
    let address = port.address();
    let url = format!("http://{address}");
    let variables = [("QUICKCHAT_API_TOKEN", "t"), ("QUICKCHAT_BASE_URL", url.as_str())];
    let words = format!("could not connect to {address} (connection refused).");
    home.run(&["get"], &variables).expect(5, "", &format!("Not read: {words}\n"));
    let set = format!("Not saved: {words} Nothing was sent.\n");
    let profile_line =
        format!("Profile none, agent unknown, host {address}, token from QUICKCHAT_API_TOKEN\n");
    home.run(&["set", "--active", "on"], &variables).after(&profile_line).expect(5, "", &set);
}

#[test]
fn a_silent_server_is_left_after_the_time_asked_for() {
    let (home, server) = (Home::new(), Server::start());
    server.hooks.fail_always(Method::Get, Fault::none().after(std::time::Duration::from_hours(1)));
    let ran = home.run(&["get", "--timeout", "0.05"], &server.variables("acme"));
    assert_eq!(ran.code, 5, "{ran:?}");
    assert_eq!(server.hooks.count(Method::Get), 3);
}

/// Each failure of a PATCH: what is answered, how the words begin, the exit code.
#[test]
fn each_failure_of_a_change_has_its_words_and_its_code() {
    let refused = |status| Answer::error(status, "CODE", "words");
    let cases = [
        (
            Fault::not_applied(refused(400)),
            "Not saved: The server did not understand the request (400 CODE)",
            1,
        ),
        (Fault::not_applied(refused(401)), "Not saved: The token from QUICKCHAT_API_TOKEN was refused", 4),
        (Fault::not_applied(refused(402)), "Not saved: Quickchat asks for an active subscription", 1),
        (Fault::not_applied(refused(403)), "Not saved: This token may only read (403)", 4),
        (Fault::not_applied(refused(404)), "Not saved: There is no such configuration", 1),
        (
            Fault::not_applied(refused(409)),
            "Not saved: Someone is changing this at the same moment (409 CODE). Run it again.",
            3,
        ),
        (Fault::not_applied(refused(422)), "Not saved: The server did not accept the change (422 CODE)", 1),
        (
            Fault::not_applied(Answer::retry_after(429, "99")),
            "Not saved: Too many requests (429). Try again in 99 s.",
            5,
        ),
        (Fault::applied(Answer::Cut(Point::BeforeAnswer, End::Reset)), "", 0),
        (Fault::applied(Answer::html(200)), "", 0),
    ];
    for (fault, words, code) in cases {
        let (home, server) = (Home::new(), Server::start());
        server.hooks.fail_always(Method::Patch, fault);
        let ran = home.run(&["set", "--active", "on"], &server.variables("acme"));
        assert_eq!(ran.code, code, "{ran:?}");
        let ran = ran.after(&server.profile_line("acme"));
        assert!(ran.stderr.starts_with(words) && !ran.stderr.contains("still here"), "{ran:?}");
        let is_on = server.hooks.configuration("acme")["conv_rating_active"] == true;
        assert_eq!(is_on, code == 0);
    }
}
