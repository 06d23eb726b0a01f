//! `set --from`: a configuration from a file or a pipe.

use std::io::Write as _;
use std::process::Stdio;

use convrating::demo::Method;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use super::support::{Home, Ran, Server, end, without_times};
use crate::support::configuration::object;
use crate::support::programs::require;
use crate::support::pty::{Builder, Exit};

const CODES: &str = "conv_rating_question_codes";

fn set(home: &Home, server: &Server, arguments: &[&str], input: &str) -> Ran {
    let arguments = [&["set"], arguments].concat();
    let ran = home.run_with_input(&arguments, &server.variables("acme"), input);
    Ran { stdout: without_times(&ran.stdout), ..ran }
}

#[test]
fn the_whole_object_or_one_field_of_it_is_saved() {
    let flags = |is_on: bool| json!({"conv_rating_active": is_on, "conv_rating_popup_active": is_on});
    let codes = json!({CODES: ["HELPFUL_THUMBS"]});
    let whole = object([true; 2], &["HELPFUL_THUMBS"]);
    let saved_rating = "rating off → on";
    let saved_codes = "EXPERIENCE_THUMBS on → off";
    let cases = [
        (whole.clone(), format!("{saved_rating}, {saved_codes}"), whole),
        (json!({"conv_rating_active": true}), saved_rating.to_owned(), flags(true)),
        (json!({"conv_rating_popup_active": true}), saved_rating.to_owned(), flags(true)),
        (flags(true), saved_rating.to_owned(), flags(true)),
        (codes.clone(), saved_codes.to_owned(), codes),
    ];
    for (written, changes, body) in cases {
        for from in ["-", "wanted.json"] {
            let (home, server) = (Home::new(), Server::start());
            let path = home.write("wanted.json", 0o644, &written.to_string());
            let from = if from == "-" { "-" } else { path.to_str().expect("UTF-8") };
            let ran = set(&home, &server, &["--from", from], &written.to_string());
            let stdout = format!("Saved HH:MM:SS: {changes} (confirmed by the server)\n");
            ran.expect(0, &stdout, &server.profile_line("acme"));
            let sent = server.requests().into_iter().find_map(|request| {
                Some(serde_json::from_str::<Value>(request.strip_prefix("PATCH ")?).expect("JSON"))
            });
            assert_eq!((sent, server.hooks.applied("acme")), (Some(body.clone()), 1));
        }
    }
}

#[test]
fn codes_are_taken_as_they_are() {
    let (home, server) = (Home::new(), Server::start());
    let codes = ["EXPERIENCE_THUMBS", "Z Y", "A,B", "", "\u{202e}X", " B "];
    let written = json!({ CODES: codes }).to_string();
    let ran = set(&home, &server, &["--from", "-", "--json"], &written);
    let warned = ["Z Y", "A,B", "\"\"", "<U+202E>X", " B "]
        .map(|code| format!("Warning: {code} is neither on the server nor documented.\n"));
    assert_eq!((ran.code, ran.stderr.as_str()), (0, &*(server.profile_line("acme") + &warned.concat())));
    assert_eq!(server.hooks.configuration("acme")[CODES], json!(codes), "in the order of the file");
    assert_eq!(ran.json(), server.hooks.configuration("acme"));
    let again = set(&home, &server, &["--from", "-"], &written);
    again.expect(0, "Nothing to change: the server already has this.\n", &server.profile_line("acme"));
    let none = set(&home, &server, &["--from", "-"], &json!({ CODES: [] }).to_string());
    assert_eq!((none.code, &server.hooks.configuration("acme")[CODES]), (0, &json!([])));
    assert_eq!(server.hooks.applied("acme"), 2);
}

#[test]
fn what_cannot_be_asked_for_is_wrong_usage_before_any_request() {
    const FIELDS: &str = "conv_rating_active, conv_rating_popup_active, conv_rating_question_codes";
    let token = "eyJhbGciOiJIUzI1NiJ9.eyJzY2VuYXJpb19pZCI6ImRlbW9hZ2VudDEifQ.c2lnbmF0dXJl";
    let cases = [
        (
            "{\"conv_rating_active\": true,\n \"conv_rating_popup_active\": false}".to_owned(),
            "line 2, column 35: conv_rating_popup_active is false, but conv_rating_active is true; they always have the same value"
                .to_owned(),
        ),
        ("{\n  \"active\": true\n}".to_owned(), format!("line 2, column 10: active is unknown; the fields are {FIELDS}")),
        ("{\"conv_rating_active\": on}".to_owned(), "line 1, column 24: this is not JSON (expected value)".to_owned()),
        (String::new(), "line 1, column 1: this is not JSON (EOF while parsing a value)".to_owned()),
        ("{}".to_owned(), format!("line 1, column 2: there is no field; the fields are {FIELDS}")),
        ("[]".to_owned(), "line 1, column 1: this is not one JSON object, as convrating get --json prints it".to_owned()),
        (
            format!("{{\"{CODES}\": [\"A\", \"{token}\"]}}"),
            "line 1, column 113: conv_rating_question_codes[1] has the shape of a token and is no question code".to_owned(),
        ),
        (" ".repeat(256 * 1024 + 1), "it has more than 256 KiB".to_owned()),
    ];
    let (home, server) = (Home::new(), Server::start());
    for (written, fault) in cases {
        let path = home.write("wanted.json", 0o644, &written);
        let path = path.to_str().expect("UTF-8");
        for (from, place) in [("-", "standard input"), (path, path)] {
            let separator = if fault.starts_with("line") { ", " } else { ": " };
            let message = format!("--from {place}{separator}{fault}");
            set(&home, &server, &["--from", from], &written).expect(2, "", &format!("error: {message}\n"));
            let ran = set(&home, &server, &["--from", from, "--json"], &written);
            let error =
                json!({"kind": "usage", "message": message, "hint": null, "status": null, "code": null});
            assert_eq!((ran.code, ran.json(), ran.stderr.as_str()), (2, json!({ "error": error }), ""));
        }
    }
    let missing = set(&home, &server, &["--from", "nothing.json"], "");
    missing.expect(2, "", "error: --from nothing.json: no such file or directory\n");
    let folder = set(&home, &server, &["--from", "/"], "");
    folder.expect(2, "", "error: --from /: is a directory\n");
    assert_eq!(server.requests(), [""; 0]);
}

#[test]
fn it_stands_alone() {
    let (home, server) = (Home::new(), Server::start());
    for more in [["--active", "on"], ["--question", "A"], ["--add", "A"], ["--remove", "A"]] {
        let ran =
            set(&home, &server, &[&["--from", "-"], &more[..]].concat(), "{\"conv_rating_active\":true}");
        let line = "error: --from says what the settings become; --active, --question, --add and --remove do not go with it";
        assert_eq!((ran.code, ran.stderr.lines().next()), (2, Some(line)));
    }
    assert_eq!(server.requests(), [""; 0]);
}

#[test]
fn what_get_prints_of_one_profile_is_copied_to_another() {
    let Some(bash) = require("bash") else { return };
    let (home, server) = (Home::new(), Server::start());
    home.config(&format!(
        "[profiles.a]\ntoken_env = 'A'\nbase_url = '{url}'\n[profiles.b]\ntoken_env = 'B'\nbase_url = '{url}'\n",
        url = server.url
    ));
    let variables = [("A", server.token("big")), ("B", server.token("mixed"))];
    let line = "set -o pipefail; $BIN get -p a --json | $BIN set -p b --from - --json";
    let ran = home.shell_of(&bash, line, &variables);
    assert_eq!(ran.code, 0, "{ran:?}");
    let copied = server.hooks.configuration("mixed");
    assert_eq!((&ran.json(), &copied["conv_rating_active"]), (&copied, &json!(true)));
    let codes = |agent: &str| {
        let mut codes = server.hooks.configuration(agent)[CODES].as_array().expect("a list").clone();
        codes.sort_by_key(Value::to_string);
        codes
    };
    assert_eq!(codes("mixed"), codes("big"));
    assert_eq!((server.hooks.applied("mixed"), server.hooks.applied("big")), (1, 0));
    // What failed to be read is copied to no profile.
    server.hooks.revoke("big");
    let ran = home.shell_of(&bash, line, &variables);
    assert_eq!((ran.code, server.hooks.count(Method::Patch)), (2, 1), "{ran:?}");
    let refused = "\"--from standard input, line 1, column 8: error is unknown; ";
    assert!(ran.stdout.contains(refused), "{ran:?}");
}

#[test]
fn the_question_is_asked_on_the_terminal_where_standard_input_is_the_configuration() {
    let cases = [
        ("n\r", Exit::Code(1), 0, ""),
        ("y\r", Exit::Code(0), 1, ""),
        ("y\r", Exit::Code(0), 1, " 2>/dev/null"),
        // The shell that waits gets the signal too.
        ("\u{3}", Exit::Signal(2), 0, ""),
    ];
    for (answer, exit, applied, redirected) in cases {
        let (home, server) = (Home::new(), Server::start());
        home.config(&format!(
            "[profiles.p]\ntoken_env = 'T'\nbase_url = '{}'\nprotected = true\n",
            server.url
        ));
        let binary = env!("CARGO_BIN_EXE_convrating");
        let line = format!("echo '{{\"conv_rating_active\":true}}' | {binary} set -p p --from -{redirected}");
        let pty = Builder::command(std::path::Path::new("/bin/sh"), &["-c", &line])
            .env("XDG_CONFIG_HOME", &home.path(".config").to_string_lossy())
            .env("XDG_STATE_HOME", &home.path(".local/state").to_string_lossy())
            .env("T", server.token("acme"))
            .start();
        pty.wait_for_text("Save to p? [y/N]");
        assert_eq!(server.hooks.count(Method::Patch), 0);
        pty.send(answer);
        assert_eq!(pty.wait_exit(), exit, "{answer:?}");
        assert_eq!(server.hooks.applied("acme"), applied, "{answer:?}");
        let shown = String::from_utf8_lossy(&pty.raw_output()).into_owned();
        assert_eq!(shown.matches("[y/N]").count(), 1, "{shown}");
    }
}

#[test]
fn a_protected_profile_wants_yes_where_there_is_no_terminal_at_all() {
    let Some(_) = require("setsid") else { return };
    let (home, server) = (Home::new(), Server::start());
    home.config(&format!("[profiles.p]\ntoken_env = 'T'\nbase_url = '{}'\nprotected = true\n", server.url));
    let variables = [("T", server.token("acme"))];
    let input = "{\"conv_rating_active\":true}";
    let no_terminal = |more: &str| {
        let line = format!("echo '{input}' | setsid -w $BIN set -p p --from - {more}");
        home.shell(&line, &variables)
    };
    let refused =
        "error: the profile p is protected: set wants --yes, or a yes on the terminal; nothing was sent\n";
    no_terminal("").expect(2, "", refused);
    assert_eq!((no_terminal("--yes").code, server.hooks.applied("acme")), (0, 1));
}

#[test]
fn ctrl_c_ends_the_wait_for_a_pipe_that_stays_open() {
    let (home, server) = (Home::new(), Server::start());
    let mut command = home.command(&["set", "--from", "-"], &server.variables("acme"));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("it starts");
    // It is more than a pipe holds, and so the write ends only when the program reads.
    let mut input = child.stdin.take().expect("a pipe");
    input.write_all(&vec![b' '; 128 * 1024]).expect("it is there");
    kill_process(Pid::from_child(&child), Signal::INT).expect("it is there");
    end(child).expect(130, "", "");
    drop(input);
    assert_eq!(server.requests(), [""; 0]);
}
