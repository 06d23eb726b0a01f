//! `set` looks once more at a list that it replaced.

use std::time::{Duration, Instant};

use convrating::demo::{Answer, Fault, Hold, Method};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use super::support::{Home, Ran, Server, UNDOCUMENTED, end, within, without_times};
use crate::support::configuration::object;

const SAVED: &str = "Saved HH:MM:SS: N off → on (confirmed by the server)\n";
const UNDONE: &str = "Saved, then changed by someone else: N on → off.\n";
const CODES: [&str; 3] = ["HELPFUL_THUMBS", "EXPERIENCE_THUMBS", "N"];

/// `set --add N`, stopped in the look: the save has ended.
fn start_to_the_look(home: &Home, server: &Server, more: &[&str]) -> (std::process::Child, Hold) {
    let answer = server.hooks.hold_answer(Method::Patch);
    let arguments = [&["set", "--add", "N"], more].concat();
    let child = home.start(&arguments, &server.variables("acme"));
    within(answer.arrived());
    let look = server.hooks.hold(Method::Get);
    answer.release();
    within(look.arrived());
    (child, look)
}

fn ended(child: std::process::Child, server: &Server) -> Ran {
    let ran = end(child).after(&(server.profile_line("acme") + UNDOCUMENTED));
    Ran { stdout: without_times(&ran.stdout), ..ran }
}

fn methods(server: &Server) -> Vec<String> {
    let first_word = |request: &String| request.split(' ').next().unwrap_or_default().to_owned();
    server.requests().iter().map(first_word).collect()
}

#[test]
fn what_is_gone_a_second_later_is_told_and_ends_with_three() {
    let (home, server) = (Home::new(), Server::start());
    let (child, look) = start_to_the_look(&home, &server, &[]);
    server.hooks.set_configuration("acme", object([false; 2], &["HELPFUL_THUMBS"]));
    look.release();
    ended(child, &server).expect(3, SAVED, UNDONE);
    assert_eq!(methods(&server), ["GET", "PATCH", "GET"]);
}

#[test]
fn the_look_comes_a_second_after_the_save() {
    let (home, server) = (Home::new(), Server::start());
    let answer = server.hooks.hold_answer(Method::Patch);
    let child = home.start(&["set", "--add", "N"], &server.variables("acme"));
    within(answer.arrived());
    let look = server.hooks.hold(Method::Get);
    let answered = Instant::now();
    answer.release();
    within(look.arrived());
    let waited = answered.elapsed();
    assert!(waited >= Duration::from_millis(900), "{waited:?}");
    look.release();
    ended(child, &server).expect(0, SAVED, "");
}

#[test]
fn json_is_printed_once_after_the_look_as_the_server_holds_it_then() {
    let (gone, kept) = (["HELPFUL_THUMBS", "OTHER"], ["OTHER", "N"]);
    for (codes, code, stderr) in [(gone, 3, UNDONE), (kept, 0, "")] {
        let (home, server) = (Home::new(), Server::start());
        let (child, look) = start_to_the_look(&home, &server, &["--json"]);
        server.hooks.set_configuration("acme", object([true; 2], &codes));
        look.release();
        let ran = ended(child, &server);
        assert_eq!((ran.code, ran.stdout.lines().count()), (code, 1), "{ran:?}");
        assert_eq!(ran.json(), object([true; 2], &codes));
        assert_eq!(ran.stderr, stderr);
    }
}

#[test]
fn a_copy_that_lags_is_read_once_more_before_someone_else_is_blamed() {
    for (reads, code, stderr) in [(1, 0, ""), (2, 3, UNDONE)] {
        let (home, server) = (Home::new(), Server::start());
        let before = server.hooks.configuration("acme");
        server.hooks.fail_next(Method::Get, Fault::none());
        for _ in 0..reads {
            server.hooks.fail_next(Method::Get, Fault::applied(Answer::json(200, &before)));
        }
        let start = server.profile_line("acme") + UNDOCUMENTED;
        let ran = home.run(&["set", "--add", "N"], &server.variables("acme")).after(&start);
        Ran { stdout: without_times(&ran.stdout), ..ran }.expect(code, SAVED, stderr);
        assert_eq!(methods(&server), ["GET", "PATCH", "GET", "GET"]);
    }
}

#[test]
fn a_look_that_fails_changes_nothing_and_is_not_repeated() {
    for answer in [Answer::retry_after(429, "1"), Answer::error(500, "INTERNAL", "no"), Answer::html(200)] {
        for arguments in [&["set", "--add", "N"][..], &["set", "--add", "N", "--json"]] {
            let (home, server) = (Home::new(), Server::start());
            server.hooks.fail_next(Method::Get, Fault::none());
            server.hooks.fail_always(Method::Get, Fault::applied(answer.clone()));
            let start = server.profile_line("acme") + UNDOCUMENTED;
            let ran = home.run(arguments, &server.variables("acme")).after(&start);
            assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{ran:?}");
            assert_eq!(methods(&server), ["GET", "PATCH", "GET"]);
            let is_json = arguments.len() > 3;
            assert!(!is_json || ran.json() == object([false; 2], &CODES), "{ran:?}");
        }
    }
}

#[test]
fn ctrl_c_during_the_look_takes_nothing_from_the_save() {
    for more in [&[][..], &["--json"]] {
        let (home, server) = (Home::new(), Server::start());
        let (child, look) = start_to_the_look(&home, &server, more);
        kill_process(Pid::from_child(&child), Signal::INT).expect("it is there");
        let ran = ended(child, &server);
        let stdout =
            if more.is_empty() { SAVED.to_owned() } else { format!("{}\n", object([false; 2], &CODES)) };
        ran.expect(0, &stdout, "");
        drop(look);
    }
}

#[test]
fn several_profiles_are_looked_at_together_at_the_end() {
    for is_json in [false, true] {
        let (home, server) = (Home::new(), Server::start());
        let profile = |name, variable| {
            format!("[profiles.{name}]\ntoken_env = '{variable}'\nbase_url = '{}'\n", server.url)
        };
        home.config(&[profile("a", "A"), profile("r", "R"), profile("m", "M")].concat());
        let variables =
            [("A", server.token("acme")), ("R", server.token("readonly")), ("M", server.token("mixed"))];
        let answers = [(); 3].map(|()| server.hooks.hold_answer(Method::Patch));
        let arguments = ["set", "-p", "a", "-p", "r", "-p", "m", "--add", "N", "--json"];
        let child = home.start(&arguments[..if is_json { 10 } else { 9 }], &variables);
        for answer in &answers {
            within(answer.arrived());
        }
        let looks = [(); 2].map(|()| server.hooks.hold(Method::Get));
        answers.into_iter().for_each(Hold::release);
        for look in &looks {
            within(look.arrived());
        }
        server.hooks.set_configuration("mixed", object([true; 2], &["HELPFUL_THUMBS"]));
        looks.into_iter().for_each(Hold::release);
        let warnings = ["a", "r, m"].map(|name| format!("{name}: {UNDOCUMENTED}")).concat();
        let ran = end(child).after(&warnings);
        let undone = "m: Saved, then changed by someone else: ";
        assert!(ran.stderr.contains(undone) && ran.stderr.lines().count() == 1, "{ran:?}");
        assert_eq!(ran.code, 4, "the worst counts: {ran:?}");
        assert_eq!(methods(&server)[6..], ["GET", "GET"]);
        if is_json {
            let all = ran.json();
            assert_eq!(all.as_array().map(Vec::len), Some(3));
            assert_eq!(all[0]["configuration"]["conv_rating_question_codes"], json!(CODES));
            assert_eq!(all[1]["configuration"], Value::Null);
            assert_eq!(all[2]["configuration"]["conv_rating_question_codes"], json!(["HELPFUL_THUMBS"]));
        } else {
            assert_eq!(ran.stdout.matches("Saved ").count(), 2, "{ran:?}");
        }
    }
}
