//! `--log`: a line for each request, in a file or on stderr.

use std::fs;
use std::path::Path;

use super::support::{Home, Ran, Server, mode};
use crate::support::pty::{Builder, Exit};

/// Lines of the log without their times and durations: `GET ADDRESS 200 attempt 1`.
fn requests(log: &str, server: &Server) -> Vec<String> {
    let address = format!("{}/v1/api/conversation_ratings/configuration", server.host());
    let without_times = |line: &str| {
        let words: Vec<_> = line.split(' ').collect();
        let [_, _, method, asked, status, _, "ms", "attempt", attempt] = words[..] else { panic!("{log}") };
        assert_eq!(asked, address);
        format!("{method} {status} {attempt}")
    };
    log.lines().map(without_times).collect()
}

#[test]
fn a_minus_sends_the_log_to_stderr_and_makes_no_file() {
    let (home, server) = (Home::new(), Server::start());
    let ran = home.run(&["get", "--json", "--log", "-"], &server.variables("acme"));
    assert_eq!((ran.code, ran.json()), (0, server.hooks.configuration("acme")));
    assert_eq!(requests(&ran.stderr, &server), ["GET 200 1"]);
    let Ran { code, stderr, .. } = home
        .run(&["--log", "-", "set", "--active", "on"], &server.variables("acme"))
        .after(&server.profile_line("acme"));
    assert_eq!(
        (code, requests(&stderr, &server)),
        (0, vec!["GET 200 1".to_owned(), "PATCH 200 1".to_owned()])
    );
    home.shell("cd $HOME && $BIN get --log - 2>&1 >/dev/null | wc -l; ls", &server.variables("acme"))
        .expect(0, "1\n", "");
    assert_eq!(server.requests().len(), 4);
}

#[test]
fn a_file_of_that_name_has_a_folder_before_it() {
    let (home, server) = (Home::new(), Server::start());
    let ran = home.shell("cd $HOME && $BIN get --json --log ./-", &server.variables("acme"));
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let log = fs::read_to_string(home.path("-")).expect("a log");
    assert_eq!(requests(&log, &server), ["GET 200 1"]);
    assert_eq!(mode(&home.path("-")), 0o600);
}

#[test]
fn a_log_that_is_there_keeps_its_mode_and_its_lines() {
    let (home, server) = (Home::new(), Server::start());
    let log = home.write("requests.log", 0o644, "mine\n");
    let arguments = ["get", "--log", log.to_str().expect("UTF-8")];
    assert_eq!(home.run(&arguments, &server.variables("acme")).code, 0);
    let text = fs::read_to_string(&log).expect("a log");
    let added = text.strip_prefix("mine\n").expect("the old line first");
    assert_eq!((requests(added, &server), mode(&log)), (vec!["GET 200 1".to_owned()], 0o644));
}

#[test]
fn no_progress_stands_between_the_lines_of_a_log_on_the_terminal() {
    let pty = Builder::convrating(&["get", "--demo", "--all", "--log", "-"]).size(200, 60).start();
    assert_eq!(pty.wait_exit(), Exit::Code(0));
    pty.wait_drained();
    let raw = String::from_utf8_lossy(&pty.raw_output()).into_owned();
    assert!(raw.contains(" attempt 1") && !raw.contains("0 of "), "{raw}");
}

#[test]
fn the_editor_writes_no_log_over_its_screen_but_beside_its_lines_or_elsewhere() {
    let refused = Builder::convrating(&["--demo", "--log", "-"]).start();
    assert_eq!(refused.wait_exit(), Exit::Code(2));
    refused.wait_drained();
    let raw = String::from_utf8_lossy(&refused.raw_output()).into_owned();
    assert_eq!(
        raw.replace("\r\n", "\n"),
        "error: --log - would write over the editor's screen: send stderr elsewhere (2>FILE), or use --log FILE\n"
    );
    let lines = Builder::convrating(&["--demo", "--plain", "--log", "-"]).start();
    lines.wait_for_text(" ms attempt 1");
    lines.send("quit\r");
    assert_eq!(lines.wait_exit(), Exit::Code(0));
    let line = format!("{} --demo --log - 2>log; cat log", env!("CARGO_BIN_EXE_convrating"));
    let pty = Builder::command(Path::new("/bin/sh"), &["-c", &line]).start();
    pty.wait_for_text("Ask visitors");
    pty.send("q");
    assert_eq!(pty.wait_exit(), Exit::Code(0));
    pty.wait_drained();
    assert!(pty.screen_text().contains(" ms attempt 1"), "{}", pty.screen_text());
}
