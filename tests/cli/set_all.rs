//! `set --all`: one question for all profiles, and each is saved for itself.

use convrating::demo::{Answer, End, Fault, Hold, Method, Point};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use super::support::{HISTORY, Home, Ran, Server, end, within, without_times};
use crate::support::configuration::object;
use crate::support::pty::{Builder, Exit, Pty};

/// Profiles: `a` ordinary, `locked` read only, `p` protected, `r` with a token that may only read, `none` without a token.
fn several(server: &Server) -> Home {
    server.hooks.set_configuration("readonly", object([false; 2], &["HELPFUL_THUMBS"]));
    let home = Home::new();
    let profile = |name: &str, variable: &str, more: &str| {
        format!("[profiles.{name}]\ntoken_env = '{variable}'\nbase_url = '{}'\n{more}\n", server.url)
    };
    home.config(
        &[
            profile("a", "A", ""),
            profile("locked", "A", "read_only = true"),
            profile("p", "P", "protected = true"),
            profile("r", "R", ""),
            profile("none", "NONE", ""),
        ]
        .concat(),
    );
    home
}

fn variables(server: &Server) -> [(&str, &str); 3] {
    [("A", server.token("acme")), ("P", server.token("mixed")), ("R", server.token("readonly"))]
}

fn run(home: &Home, server: &Server, arguments: &[&str]) -> Ran {
    let ran = home.run(arguments, &variables(server));
    Ran { stdout: without_times(&ran.stdout), ..ran }
}

fn start(home: &Home, server: &Server, arguments: &[&str]) -> Pty {
    let builder = Builder::convrating(arguments)
        .env("HOME", &home.path("").to_string_lossy())
        .env("XDG_CONFIG_HOME", &home.path(".config").to_string_lossy())
        .env("XDG_STATE_HOME", &home.path(".local/state").to_string_lossy())
        .size(200, 40);
    variables(server).iter().fold(builder, |builder, (name, value)| builder.env(name, value)).start()
}

const LEFT_OUT: &str = "Left out, because read only: locked\n";
const READ_ONLY_TOKEN: &str = "Not saved: This token may only read (403). Use a write_all token. \
                               The server said: \"Insufficient token scope. Required: write_all\".";
const NO_TOKEN: &str = "the variable NONE is not set";

fn applied(server: &Server) -> [usize; 3] {
    ["acme", "mixed", "readonly"].map(|agent| server.hooks.applied(agent))
}

#[test]
fn without_a_terminal_and_without_yes_it_is_wrong_usage_and_nothing_is_asked_of_a_server() {
    let server = Server::start();
    let home = several(&server);
    let refused = "set --all wants --yes, or a yes on the terminal; nothing was sent";
    let arguments = ["set", "--all", "--active", "on", "--json"];
    run(&home, &server, &arguments[..4]).expect(2, "", &format!("error: {refused}\n"));
    let json = run(&home, &server, &arguments);
    assert_eq!((json.code, json.stderr.as_str()), (2, ""));
    let error = json!({"kind": "usage", "message": refused, "hint": null, "status": null, "code": null});
    assert_eq!(json.json(), json!({ "error": error }));
    assert_eq!((server.requests(), home.path(HISTORY).exists()), (Vec::new(), false));
}

#[test]
fn yes_answers_and_each_profile_is_saved_for_itself() {
    let server = Server::start();
    let home = several(&server);
    let ran = run(&home, &server, &["set", "--all", "--active", "on", "--yes"]);
    let lines: Vec<_> = ran.stdout.lines().collect();
    let saved = |name: &str, before: &str| {
        format!("{name}: Saved HH:MM:SS: rating {before} → on (confirmed by the server)")
    };
    assert_eq!(
        lines[..3],
        [saved("a", "off"), saved("p", "flags disagree"), format!("r: {READ_ONLY_TOKEN}")]
    );
    assert!(lines[3].starts_with("none: ") && lines[3].contains(NO_TOKEN), "{ran:?}");
    assert_eq!((lines.len(), ran.code, ran.stderr.as_str()), (4, 4, LEFT_OUT));
    assert_eq!((applied(&server), server.hooks.count(Method::Get)), ([1, 1, 0], 3));
}

#[test]
fn json_of_all_is_an_array_with_an_error_where_one_failed() {
    let server = Server::start();
    let home = several(&server);
    let ran = run(&home, &server, &["set", "--all", "--active", "on", "--yes", "--json"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (4, LEFT_OUT));
    let all = ran.json();
    let keys = |element: &Value| element.as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
    let all = all.as_array().expect("an array");
    assert_eq!(
        all.iter().map(|element| element["profile"].as_str()).collect::<Vec<_>>(),
        [Some("a"), Some("p"), Some("r"), Some("none")]
    );
    for (element, agent) in all.iter().zip(["acme", "mixed"]) {
        assert_eq!(keys(element), ["agent", "configuration", "profile"]);
        assert_eq!(element["configuration"], server.hooks.configuration(agent));
    }
    for (element, status) in all[2..].iter().zip([json!(403), Value::Null]) {
        assert_eq!(keys(element), ["agent", "error", "profile"]);
        assert_eq!((&element["error"]["kind"], &element["error"]["status"]), (&json!("token"), &status));
    }
    assert_eq!((&all[2]["agent"], &all[3]["agent"]), (&json!("demoagent2"), &Value::Null));
    assert_eq!(applied(&server), [1, 1, 0]);
}

#[test]
fn a_dry_run_of_all_asks_nothing_and_sends_nothing() {
    let server = Server::start();
    let home = several(&server);
    let ran = run(&home, &server, &["set", "--all", "--active", "off", "--dry-run", "--json"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (4, LEFT_OUT));
    let all = ran.json();
    assert_eq!((&all[0]["changes"], &all[0]["request"]), (&json!([]), &Value::Null));
    let change = json!([{"setting": "rating", "before": "flags disagree", "after": "off"}]);
    assert_eq!(all[1]["changes"], change);
    let body = json!({"conv_rating_active": false, "conv_rating_popup_active": false});
    let url = format!("{}/v1/api/conversation_ratings/configuration", server.url);
    assert_eq!(all[1]["request"], json!({"method": "PATCH", "url": url, "body": body}));
    assert_eq!(all[1]["configuration"]["conv_rating_popup_active"], json!(false));
    assert_eq!((server.hooks.count(Method::Patch), applied(&server)), (0, [0; 3]));
}

#[test]
fn one_question_lists_profiles_agents_and_changes_and_names_what_is_protected() {
    let list = "Left out, because read only: locked\r\n\
                a, p, r: Warning: N is neither on the server nor documented.\r\n\
                \x20 a              demoagent1    rating off → on, N off → on\r\n\
                \x20 p [PROTECTED]  demoagent3    rating flags disagree → on, N off → on\r\n\
                \x20 r              demoagent2    rating off → on, N off → on\r\n\
                Besides them: 1 that failed.\r\n\
                Save to 3 profiles? [y/N] ";
    for (answer, code, expected) in [("n\r", 4, [0; 3]), ("\u{3}", 130, [0; 3]), ("y\r", 4, [1, 1, 0])] {
        let server = Server::start();
        let home = several(&server);
        let pty = start(&home, &server, &["set", "--all", "--active", "on", "--add", "N"]);
        pty.wait_for_text("[y/N]");
        let shown = String::from_utf8_lossy(&pty.raw_output()).into_owned();
        let shown = shown.rsplit_once("\r                    \r").map_or(shown.as_str(), |(_, rest)| rest);
        assert_eq!(shown, list.split_once("\r\n").expect("lines").1, "{answer:?}");
        assert_eq!(server.hooks.count(Method::Patch), 0, "nothing is sent before the answer");
        pty.send(answer);
        assert_eq!(pty.wait_exit(), Exit::Code(code), "{answer:?}");
        pty.wait_drained();
        let screen = pty.screen_text();
        assert!(screen.contains(LEFT_OUT.trim_end()) && screen.matches("[y/N]").count() == 1, "{screen}");
        let no = "a: nothing was sent: the answer was not yes\np: nothing was sent: the answer was not yes\n";
        assert_eq!(screen.contains(no), answer == "n\r", "{screen}");
        assert_eq!(applied(&server), expected, "{answer:?}");
        let refused = usize::from(answer == "y\r");
        assert_eq!(server.hooks.count(Method::Patch), expected.iter().sum::<usize>() + refused);
    }
}

#[test]
fn someone_elses_change_while_the_user_is_asked_is_a_conflict_of_that_profile_alone() {
    let server = Server::start();
    let home = several(&server);
    let pty = start(&home, &server, &["set", "--all", "--remove", "HELPFUL_THUMBS"]);
    pty.wait_for_text("[y/N]");
    server.hooks.set_configuration("acme", object([false; 2], &["HELPFUL_THUMBS", "THEIRS"]));
    pty.send("yes\r");
    assert_eq!(pty.wait_exit(), Exit::Code(4));
    pty.wait_drained();
    let screen = pty.screen_text();
    let conflict = "a: Not saved: the same setting was changed by someone else. Nothing was sent.";
    assert!(screen.contains(conflict) && screen.contains("p: Saved "), "{screen}");
    assert_eq!(applied(&server), [0, 1, 0]);
    assert_eq!(server.hooks.configuration("acme"), object([false; 2], &["HELPFUL_THUMBS", "THEIRS"]));
}

#[test]
fn where_nothing_would_change_nothing_is_asked() {
    let server = Server::start();
    let home = several(&server);
    server.hooks.set_configuration("mixed", object([false; 2], &["X"]));
    let pty = start(&home, &server, &["set", "--all", "--active", "off"]);
    assert_eq!(pty.wait_exit(), Exit::Code(4), "one profile has no token");
    pty.wait_drained();
    let screen = pty.screen_text();
    assert!(!screen.contains("[y/N]"), "{screen}");
    assert_eq!(screen.matches("Nothing to change").count(), 3, "{screen}");
    assert_eq!((server.hooks.count(Method::Patch), applied(&server)), (0, [0; 3]));
}

#[test]
fn several_named_profiles_are_asked_for_once_and_only_for_those_that_are_protected() {
    for (answer, expected) in [("n\r", [1, 0]), ("y\r", [1, 2])] {
        let (home, server) = (Home::new(), Server::start());
        let profile = |name: &str, more: &str| {
            format!("[profiles.{name}]\ntoken_env = '{name}'\nbase_url = '{}'\n{more}\n", server.url)
        };
        let protected = "protected = true";
        home.config(&[profile("A", ""), profile("P", protected), profile("Q", protected)].concat());
        let builder =
            Builder::convrating(&["set", "-p", "A", "-p", "P", "-p", "Q", "--remove", "HELPFUL_THUMBS"])
                .env("XDG_CONFIG_HOME", &home.path(".config").to_string_lossy())
                .env("XDG_STATE_HOME", &home.path(".local/state").to_string_lossy());
        let agents = [("A", "acme"), ("P", "mixed"), ("Q", "big")];
        let pty =
            agents.iter().fold(builder, |builder, (name, agent)| builder.env(name, server.token(agent)));
        let pty = pty.size(200, 40).start();
        pty.wait_for_text("Save to 2 profiles? [y/N]");
        assert_eq!(server.hooks.count(Method::Get), 2, "the third one is read in the turn of its own save");
        pty.send(answer);
        assert_eq!(pty.wait_exit(), Exit::Code(i32::from(answer == "n\r")));
        let done =
            [server.hooks.applied("acme"), server.hooks.applied("mixed") + server.hooks.applied("big")];
        assert_eq!(done, expected, "{answer:?}");
    }
}

#[test]
fn where_every_profile_is_read_only_that_is_wrong_usage() {
    let (home, server) = (Home::new(), Server::start());
    let profile =
        |name| format!("[profiles.{name}]\ntoken_env = 'A'\nbase_url = '{}'\nread_only = true\n", server.url);
    home.config(&[profile("x"), profile("y")].concat());
    let stderr = "error: --all: every profile is read only (x, y); nothing was sent\n";
    run(&home, &server, &["set", "--all", "--active", "on", "--yes"]).expect(2, "", stderr);
    assert_eq!(server.requests(), [""; 0]);
}

#[test]
fn the_demo_changes_each_of_its_agents() {
    let ran = Home::new().run(&["set", "--demo", "--all", "--remove", "HELPFUL_THUMBS", "--yes"], &[]);
    let outcome = |line: &str| line.split(' ').take(2).collect::<Vec<_>>().join(" ");
    let outcomes: Vec<_> = ran.stdout.lines().map(outcome).collect();
    for name in ["acme", "mixed", "slow", "busy", "lost"] {
        assert!(outcomes.contains(&format!("{name}: Saved")), "{ran:?}");
    }
    assert!(outcomes.contains(&"readonly: Not".to_owned()), "{ran:?}");
    assert_eq!(ran.code, 4, "{ran:?}");
    assert!(ran.stderr.contains("the demo ends with this command and forgets every change"), "{ran:?}");
}

#[test]
fn an_outcome_that_cannot_be_known_counts_more_than_a_missing_token() {
    let server = Server::start();
    let home = several(&server);
    let broken = || Answer::Cut(Point::BeforeAnswer, End::Close);
    for _ in 0..2 {
        server.hooks.fail_next(Method::Get, Fault::none());
    }
    server.hooks.fail_always(Method::Get, Fault::applied(broken()));
    server.hooks.fail_always(Method::Patch, Fault::applied(broken()));
    let ran = run(
        &home,
        &server,
        &["set", "-p", "a", "-p", "none", "-p", "p", "--active", "on", "--yes", "--json"],
    );
    assert_eq!((ran.code, ran.stderr.as_str()), (6, ""));
    let kinds: Vec<_> = (0..3).map(|place| ran.json()[place]["error"]["kind"].clone()).collect();
    assert_eq!(kinds, ["unknown", "token", "unknown"]);
    assert_eq!((applied(&server), server.hooks.count(Method::Patch)), ([1, 1, 0], 2), "each was sent once");
    let on = |agent: &str| server.hooks.configuration(agent)["conv_rating_active"] == json!(true);
    assert!(on("acme") && on("mixed"));
    let history = std::fs::read_to_string(home.path(HISTORY)).expect("a history");
    assert_eq!(history.matches("\"outcome\":\"unknown\"").count(), 2, "{history}");
}

#[test]
fn a_signal_ends_what_has_not_begun_and_tells_what_became_of_the_rest() {
    const AGENTS: usize = 20;
    let (home, server) = (Home::new(), Server::start_crowd(AGENTS));
    let profile = |(name, _, _): &(String, String, String)| {
        format!("[profiles.{name}]\ntoken_env = '{name}'\nbase_url = '{}'\n", server.url)
    };
    home.config(&server.agents.iter().map(profile).collect::<String>());
    let variables: Vec<_> =
        server.agents.iter().map(|(name, _, token)| (name.as_str(), token.as_str())).collect();
    // Eight saves run at a time: their changes are made, and their answers held.
    let held = [(); 8].map(|()| server.hooks.hold_answer(Method::Patch));
    let child = home.start(&["set", "--all", "--active", "on", "--yes"], &variables);
    for answer in &held {
        within(answer.arrived());
    }
    kill_process(Pid::from_child(&child), Signal::INT).expect("it is there");
    held.into_iter().for_each(Hold::release);
    let ran = end(child);
    let saved =
        (1..=AGENTS).map(|number| server.hooks.applied(&format!("crowd{number}"))).collect::<Vec<_>>();
    assert_eq!(saved[..8], [1; 8], "those under way");
    assert_eq!((saved[8..].iter().sum::<usize>(), server.hooks.count(Method::Patch)), (0, 8), "{ran:?}");
    let interrupted: Vec<_> = (9..=AGENTS).map(|number| format!("crowd{number}: interrupted\n")).collect();
    assert_eq!((ran.code, ran.stdout.lines().count()), (130, AGENTS), "{ran:?}");
    assert!(ran.stdout.ends_with(&interrupted.concat()) && !ran.stdout.contains("Not saved"), "{ran:?}");
}
