//! `undo`: exact output, exit codes, requests and the server's state at the end.

use std::fs;
use std::io::{BufRead as _, BufReader};

use convrating::demo::{Answer, End, Fault, FaultEffect, Method, Point};
use serde_json::{Value, json};

use super::support::{HISTORY, Home, Ran, Server, within, without_times};
use crate::support::configuration::{object, rating_body};
use crate::support::pty::{Builder, Exit, Pty};

/// A home with the profile `a` for the demo's agent of this name.
fn home_for(server: &Server, more: &str) -> Home {
    let home = Home::new();
    home.config(&format!("[profiles.a]\ntoken_env = 'T'\nbase_url = '{}'\n{more}", server.url));
    home
}

fn variables<'s>(server: &'s Server, agent: &str) -> [(&'s str, &'s str); 2] {
    [("T", server.token(agent)), ("USER", "ann")]
}

/// Runs a command for the profile `a`, which is the agent `acme`; without times, and without the line that names the agent.
fn run(home: &Home, server: &Server, arguments: &[&str]) -> Ran {
    let line = format!("Profile a, agent demoagent1, host {}, token from T\n", server.host());
    let ran = home.run(arguments, &variables(server, "acme")).after(&line);
    Ran { stdout: without_dates(&without_times(&ran.stdout)), stderr: without_dates(&ran.stderr), ..ran }
}

fn without_dates(text: &str) -> String {
    text.split(' ').map(without_date).collect::<Vec<_>>().join(" ")
}

/// `TIME` for a time as the history has it.
fn without_date(word: &str) -> &str {
    if word.len() == 24 && word.starts_with("20") && word.ends_with('Z') { "TIME" } else { word }
}

/// The line of a save by bob to the profile `a`, with these fields in place of others.
fn line(server: &Server, before: &Value, after: &Value, others: &Value) -> String {
    let mut line = json!({"id": "1", "event": "intent", "time": "2026-11-22T10:00:00Z", "user": "bob", "profile": "a",
                          "agent": "demoagent1", "host": server.host(), "before": before, "after": after});
    line.as_object_mut().expect("an object").extend(others.as_object().expect("an object").clone());
    format!("{line}\n")
}

fn ended(outcome: &str) -> String {
    format!("{}\n", json!({"id": "1", "event": "outcome", "outcome": outcome}))
}

const ON: &str = "PATCH {\"conv_rating_active\":true,\"conv_rating_popup_active\":true}";
const OFF: &str = "PATCH {\"conv_rating_active\":false,\"conv_rating_popup_active\":false}";
const THIS: &str = "This undoes the save of TIME by ann.\n";
const OLD: &str = "the save of TIME by bob.\n";

#[test]
fn the_last_save_is_undone_and_a_second_undo_undoes_the_first() {
    let server = Server::start();
    let home = home_for(&server, "");
    let before = server.hooks.configuration("acme");
    assert_eq!(run(&home, &server, &["set", "-p", "a", "--active", "on"]).code, 0);
    let undone = "Saved HH:MM:SS: rating on → off (confirmed by the server)\n";
    run(&home, &server, &["undo", "-p", "a", "--yes"]).expect(0, undone, THIS);
    assert_eq!(server.hooks.configuration("acme"), before);
    let redone = "Saved HH:MM:SS: rating off → on (confirmed by the server)\n";
    run(&home, &server, &["undo", "-p", "a", "--yes"]).expect(0, redone, THIS);
    assert_eq!(server.requests(), ["GET", ON, "GET", OFF, "GET", ON]);
    let json = run(&home, &server, &["undo", "-p", "a", "--yes", "--json"]);
    assert_eq!((json.code, json.json(), json.stderr.as_str()), (0, before, THIS));
    let history = home.run(&["history"], &[]).stdout;
    let changes: Vec<_> = history.lines().filter_map(|line| line.rsplit("  ").nth(1)).collect();
    assert_eq!(
        changes,
        ["rating off → on", "rating on → off", "rating off → on", "rating on → off"],
        "{history}"
    );
}

#[test]
fn what_others_changed_later_stays_and_what_is_back_already_is_named() {
    let server = Server::start();
    let home = home_for(&server, "");
    let (before, after) = (object([false; 2], &["A", "B", "C"]), object([true; 2], &["B", "N", "M"]));
    home.write(HISTORY, 0o600, &(line(&server, &before, &after, &json!({})) + &ended("saved")));
    server.hooks.set_configuration("acme", object([true; 2], &["THEIRS", "B", "C", "N"]));
    let stderr = format!("This undoes {}", OLD.replace(".\n", ". Back already: C, M.\n"));
    let stdout = "Saved HH:MM:SS: rating on → off, N on → off, A off → on (confirmed by the server)\n";
    run(&home, &server, &["undo", "-p", "a", "--yes"]).expect(0, stdout, &stderr);
    assert_eq!(server.hooks.configuration("acme"), object([false; 2], &["THEIRS", "B", "C", "A"]));
}

#[test]
fn where_all_is_back_already_nothing_is_sent() {
    let server = Server::start();
    let home = home_for(&server, "");
    let (before, after) = (object([false; 2], &["A"]), object([true; 2], &["A", "N"]));
    home.write(HISTORY, 0o600, &(line(&server, &before, &after, &json!({})) + &ended("saved")));
    server.hooks.set_configuration("acme", object([false; 2], &["X"]));
    let stdout = format!("Nothing to undo. Back already: rating, N. It was {OLD}");
    run(&home, &server, &["undo", "-p", "a", "--yes"]).expect(0, &stdout, "");
    let json = run(&home, &server, &["undo", "-p", "a", "--dry-run", "--json"]);
    let expected = json!({"changes": [], "request": null, "configuration": object([false; 2], &["X"])});
    assert_eq!((json.code, json.json(), json.stderr.as_str()), (0, expected, ""));
    assert_eq!(server.requests(), ["GET", "GET"]);
}

#[test]
fn flags_that_disagreed_before_are_left_as_they_are_and_that_is_told() {
    let server = Server::start();
    let home = home_for(&server, "");
    let left = "Before that save the flags disagreed: that cannot be brought back.";
    for (codes, code, stdout, stderr) in [
        (&["A"][..], 0, format!("Nothing to undo. {left} It was {OLD}"), String::new()),
        (
            &["A", "N"],
            0,
            "Saved HH:MM:SS: N on → off (confirmed by the server)\n".to_owned(),
            format!("This undoes {} {left}\n", OLD.trim_end()),
        ),
    ] {
        let (before, after) = (object([true, false], &["A"]), object([true; 2], codes));
        home.write(HISTORY, 0o600, &(line(&server, &before, &after, &json!({})) + &ended("saved")));
        server.hooks.set_configuration("acme", after);
        run(&home, &server, &["undo", "-p", "a", "--yes"]).expect(code, &stdout, &stderr);
        assert_eq!(server.hooks.configuration("acme"), object([true; 2], &["A"]));
    }
}

#[test]
fn without_a_save_there_is_nothing_to_undo_and_no_request_is_made_for_text() {
    let server = Server::start();
    let home = home_for(&server, "protected = true\n");
    let variables = variables(&server, "acme");
    let line = format!("Profile a [PROTECTED], agent demoagent1, host {}, token from T\n", server.host());
    let nothing =
        "Nothing to undo: no save to this agent with this profile is in the history of this machine.\n";
    for arguments in [&["undo", "-p", "a"][..], &["undo", "--yes"], &["undo", "--dry-run"]] {
        home.run(arguments, &variables).expect(0, nothing, &line);
    }
    assert_eq!(server.requests(), [""; 0]);
    let there = server.hooks.configuration("acme");
    let json = home.run(&["undo", "--json"], &variables);
    assert_eq!((json.code, json.json()), (0, there.clone()));
    let json = home.run(&["undo", "--json", "--dry-run"], &variables);
    assert_eq!(json.json(), json!({"changes": [], "request": null, "configuration": there}));
    assert_eq!(server.requests(), ["GET", "GET"]);
    let demo = home.run(&["undo", "--demo"], &[]);
    assert_eq!((demo.code, demo.stdout.as_str()), (0, "Nothing to undo: the demo keeps no history.\n"));
}

#[test]
fn without_a_terminal_a_yes_is_wanted_and_a_read_only_profile_is_never_changed() {
    let server = Server::start();
    for (more, marks) in [("", ""), ("protected = true\n", " [PROTECTED]")] {
        let home = home_for(&server, more);
        home.write(
            HISTORY,
            0o600,
            &line(&server, &object([true; 2], &["A"]), &object([false; 2], &["A"]), &json!({})),
        );
        let told = format!("Profile a{marks}, agent demoagent1, host {}, token from T\n", server.host());
        let refused = "error: undo wants --yes, or a yes on the terminal; nothing was sent\n";
        home.run(&["undo", "-p", "a"], &variables(&server, "acme")).expect(
            2,
            "",
            &format!("{told}{refused}"),
        );
        let json = home.run(&["undo", "-p", "a", "--json"], &variables(&server, "acme"));
        assert_eq!((json.code, &json.json()["error"]["kind"]), (2, &"usage".into()));
    }
    let home = home_for(&server, "read_only = true\n");
    let refused = "error: the profile a is read only; nothing was sent\n";
    home.run(&["undo", "-p", "a", "--yes"], &variables(&server, "acme")).expect(2, "", refused);
    home.config(&format!(
        "[profiles.a]\ntoken_env = 'T'\n[profiles.b]\ntoken_env = 'T'\nbase_url = '{}'\n",
        server.url
    ));
    let refused = "error: undo takes one --profile\n";
    home.run(&["undo", "-p", "a", "-p", "b", "--yes"], &variables(&server, "acme")).expect(2, "", refused);
    assert_eq!(server.requests(), [""; 0]);
}

#[test]
fn a_dry_run_shows_the_request_and_changes_neither_the_server_nor_the_history() {
    let server = Server::start();
    let home = home_for(&server, "");
    let (before, after) = (object([false; 2], &["A"]), object([true; 2], &["N", "A"]));
    let lines = line(&server, &before, &after, &json!({})) + &ended("saved");
    let path = home.write(HISTORY, 0o600, &lines);
    server.hooks.set_configuration("acme", after.clone());
    let url = format!("{}/v1/api/conversation_ratings/configuration", server.url);
    let body = json!({"conv_rating_active": false, "conv_rating_popup_active": false, "conv_rating_question_codes": ["A"]});
    let stdout = format!("Would change: rating on → off, N on → off\nPATCH {url}\n{body}\n");
    let stderr = format!("This undoes {OLD}");
    run(&home, &server, &["undo", "-p", "a", "--dry-run"]).expect(0, &stdout, &stderr);
    let json = run(&home, &server, &["undo", "-p", "a", "--dry-run", "--json"]);
    let change = |setting: &str| json!({"setting": setting, "before": "on", "after": "off"});
    let expected = json!({"changes": [change("rating"), change("N")],
                          "request": {"method": "PATCH", "url": url, "body": body}, "configuration": before});
    assert_eq!((json.code, json.json(), json.stderr), (0, expected, stderr));
    assert_eq!((server.hooks.configuration("acme"), server.requests()), (after, vec!["GET".to_owned(); 2]));
    assert_eq!(fs::read_to_string(path).expect("a history"), lines);
}

#[test]
fn of_a_mixed_history_the_newest_save_to_this_profile_agent_and_host_that_changed_something_counts() {
    let server = Server::start();
    let home = home_for(&server, "");
    let [off, on] = [false, true].map(|is_on| object([is_on; 2], &["A"]));
    let other =
        |field: &str, value: Value| line(&server, &on, &off, &json!({field: value})) + &ended("saved");
    let newer = json!({"profile": "a", "agent": "demoagent1", "host": server.host(), "event": "undone", "before": on, "after": off});
    for outcome in ["", &ended("saved"), &ended("unknown"), &ended("saved by magic")] {
        let text = [
            line(&server, &object([false; 2], &["OLDER"]), &on, &json!({})) + &ended("saved"),
            line(&server, &off, &on, &json!({"id": "2", "reason": "a field of a newer version"}))
                + &outcome.replace("\"1\"", "\"2\""),
            other("agent", "demoagent2".into()),
            other("agent", Value::Null),
            other("profile", "b".into()),
            other("profile", Value::Null),
            other("host", "elsewhere.example".into()),
            other("host", 5.into()),
            line(&server, &on, &off, &json!({})) + &ended("not saved"),
            line(&server, &on, &off, &json!({})) + &ended("conflict"),
            line(&server, &on, &on, &json!({})) + &ended("saved"),
            line(&server, &json!({}), &json!(null), &json!({})) + &ended("saved"),
            format!("{newer}\n{{\"id\":\"3\",\"event\":\"int\n\n[]\n\u{0}\n"),
        ];
        home.write(HISTORY, 0o600, &text.concat());
        server.hooks.set_configuration("acme", on.clone());
        let stdout = "Saved HH:MM:SS: rating on → off (confirmed by the server)\n";
        run(&home, &server, &["undo", "-p", "a", "--yes"]).expect(0, stdout, &format!("This undoes {OLD}"));
        assert_eq!(server.hooks.configuration("acme"), off);
    }
}

/// A fault of the PATCH, the exit code, what stderr says, and whether the rating is on at the end.
type FaultCase = (Fault, i32, &'static str, bool);

#[test]
fn an_undo_that_fails_says_what_is_known_and_the_next_one_undoes_what_was_done() {
    let broken = || Answer::Cut(Point::BeforeAnswer, End::Close);
    let cases: [FaultCase; 4] = [
        (Fault::applied(broken()), 0, "", false),
        (
            Fault::not_applied(Answer::error(
                403,
                "FORBIDDEN",
                "Insufficient token scope. Required: write_all",
            )),
            4,
            "Not saved: ",
            true,
        ),
        (Fault::not_applied(Answer::error(422, "VALIDATION_ERROR", "no")), 1, "Not saved: ", true),
        (Fault::not_applied(Answer::html(404)), 5, "Not saved: ", true),
    ];
    for (fault, code, told, is_on) in cases {
        let server = Server::start();
        let home = home_for(&server, "");
        assert_eq!(run(&home, &server, &["set", "-p", "a", "--active", "on"]).code, 0);
        server.hooks.fail_next(Method::Patch, fault);
        let ran = run(&home, &server, &["undo", "-p", "a", "--yes"]);
        assert!(ran.code == code && ran.stderr.starts_with(&format!("{THIS}{told}")), "{ran:?}");
        let rating = |is_on: bool| {
            serde_json::from_str::<Value>(&rating_body(is_on)).expect("JSON")["conv_rating_active"].clone()
        };
        assert_eq!(server.hooks.configuration("acme")["conv_rating_active"], rating(is_on));
        // A save that was refused changed nothing. So the next undo takes the same save again.
        assert_eq!(run(&home, &server, &["undo", "-p", "a", "--yes"]).code, 0);
        assert_eq!(server.hooks.configuration("acme")["conv_rating_active"], rating(!is_on));
    }
}

#[test]
fn an_undo_of_unknown_outcome_counts_as_a_save_for_the_next_one() {
    let server = Server::start();
    let home = home_for(&server, "");
    assert_eq!(run(&home, &server, &["set", "-p", "a", "--active", "on"]).code, 0);
    let broken = || Answer::Cut(Point::BeforeAnswer, End::Close);
    server.hooks.fail_next(Method::Get, Fault::none());
    server.hooks.fail_always(Method::Get, Fault::applied(broken()));
    server.hooks.fail_next(Method::Patch, Fault::new(FaultEffect::Applied, broken()));
    let unknown = "Outcome unknown: the connection broke after sending and the server cannot be read. \
                   Run convrating get before trying again.\n";
    run(&home, &server, &["undo", "-p", "a", "--yes"]).expect(6, "", &format!("{THIS}{unknown}"));
    server.hooks.heal();
    assert_eq!(server.hooks.configuration("acme")["conv_rating_active"], false);
    let redone = "Saved HH:MM:SS: rating off → on (confirmed by the server)\n";
    run(&home, &server, &["undo", "-p", "a", "--yes"]).expect(0, redone, THIS);
    assert_eq!(server.hooks.configuration("acme")["conv_rating_active"], true);
}

#[test]
fn which_save_is_undone_is_told_before_the_change_is_sent() {
    let server = Server::start();
    let home = home_for(&server, "");
    assert_eq!(run(&home, &server, &["set", "-p", "a", "--active", "on"]).code, 0);
    let held = server.hooks.hold(Method::Patch);
    let mut child = home.start(&["undo", "-p", "a", "--yes"], &variables(&server, "acme"));
    within(held.arrived());
    let lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
    let told: Vec<_> = lines.take(2).map(|line| line.expect("text")).collect();
    assert!(told[1].starts_with("This undoes the save of ") && told[1].ends_with(" by ann."), "{told:?}");
    held.release();
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
    assert_eq!(server.hooks.configuration("acme")["conv_rating_active"], false);
}

#[test]
fn a_history_that_cannot_be_read_is_a_failure_and_nothing_is_sent() {
    let server = Server::start();
    let home = home_for(&server, "");
    fs::create_dir_all(home.path(HISTORY)).expect("a directory in its place");
    let told = "error: the history cannot be read: it is a directory and not a regular file\n";
    run(&home, &server, &["undo", "-p", "a", "--yes"]).expect(1, "", told);
    assert_eq!(server.requests(), [""; 0]);
}

#[test]
fn a_job_of_cron_undoes_what_it_set() {
    let server = Server::start();
    let home = home_for(&server, "");
    let token = home.write("token", 0o600, server.token("acme"));
    home.config(&format!("[profiles.a]\ntoken_file = '{}'\nbase_url = '{}'\n", token.display(), server.url));
    let lines = "env -i HOME=$HOME $BIN set --active on && env -i HOME=$HOME $BIN undo --yes && env -i HOME=$HOME $BIN undo --yes";
    let ran = home.shell(lines, &[]);
    let saved = |change: &str| format!("Saved HH:MM:SS: {change} (confirmed by the server)\n");
    let stdout = [saved("rating off → on"), saved("rating on → off"), saved("rating off → on")].concat();
    assert_eq!((ran.code, without_times(&ran.stdout)), (0, stdout));
    assert_eq!(server.hooks.configuration("acme")["conv_rating_active"], true);
}

/// `undo` on a terminal, at its question.
fn asked(home: &Home, server: &Server) -> Pty {
    let builder = Builder::convrating(&["undo", "-p", "a"]).size(120, 24);
    let places = [("HOME", ""), ("XDG_CONFIG_HOME", ".config"), ("XDG_STATE_HOME", ".local/state")];
    let builder = places
        .iter()
        .fold(builder, |builder, (name, path)| builder.env(name, &home.path(path).to_string_lossy()));
    let pty = builder.env("T", server.token("acme")).start();
    pty.wait_for_text("Save to a? [y/N]");
    pty
}

#[test]
fn on_a_terminal_the_change_is_shown_and_only_a_yes_goes_on() {
    let server = Server::start();
    let home = home_for(&server, "");
    assert_eq!(run(&home, &server, &["set", "-p", "a", "--active", "on"]).code, 0);
    for (answer, code, is_on) in
        [("n\r", 1, true), ("\r", 1, true), ("\u{4}", 1, true), ("\u{3}", 130, true), ("y\r", 0, false)]
    {
        let pty = asked(&home, &server);
        let screen = pty.screen_text();
        assert!(
            screen.contains("This undoes the save of 20") && screen.contains("\n  rating on → off\n"),
            "{screen}"
        );
        pty.send(answer);
        assert_eq!(pty.wait_exit(), Exit::Code(code), "{answer:?}");
        pty.wait_drained();
        let is_declined = pty.screen_text().contains("nothing was sent: the answer was not yes");
        assert_eq!(is_declined, code == 1, "{}", pty.screen_text());
        assert_eq!(server.hooks.configuration("acme")["conv_rating_active"], is_on);
    }
}

#[test]
fn what_another_terminal_undoes_meanwhile_is_there_already_and_what_it_changes_is_a_conflict() {
    let server = Server::start();
    let home = home_for(&server, "");
    assert_eq!(run(&home, &server, &["set", "-p", "a", "--active", "on"]).code, 0);
    let pty = asked(&home, &server);
    assert_eq!(run(&home, &server, &["undo", "-p", "a", "--yes"]).code, 0);
    pty.send("y\r");
    assert_eq!(pty.wait_exit(), Exit::Code(0));
    pty.wait_drained();
    assert!(pty.screen_text().contains("the server already has this"), "{}", pty.screen_text());
    assert_eq!(server.hooks.configuration("acme")["conv_rating_active"], false);

    let theirs = object([true, false], &["HELPFUL_THUMBS", "EXPERIENCE_THUMBS"]);
    let pty = asked(&home, &server);
    server.hooks.set_configuration("acme", theirs.clone());
    pty.send("y\r");
    assert_eq!(pty.wait_exit(), Exit::Code(3));
    pty.wait_drained();
    assert!(
        pty.screen_text().contains("the same setting was changed by someone else"),
        "{}",
        pty.screen_text()
    );
    assert_eq!(server.hooks.configuration("acme"), theirs);
}
