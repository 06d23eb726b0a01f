//! The editor line by line between two pipes, as a script drives it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::Stdio;

use rustix::process::{Pid, Signal, kill_process};

use super::support::{HISTORY, Home, Server, end};

/// Runs it with these lines piped in, on the demo's first agent.
fn drive(server: &Server, arguments: &[&str], lines: &str) -> super::support::Ran {
    let home = Home::new();
    home.run_with_input(arguments, &server.variables("acme"), lines)
}

#[test]
fn a_script_saves_without_knowing_how_long_anything_takes() {
    let (server, home) = (Server::start(), Home::new());
    let lines = "1\nadd NPS_SCORE\nsave\nquit\n";
    let ran = home.run_with_input(&["--plain"], &server.variables("acme"), lines);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{}", ran.stdout);
    assert!(ran.stdout.contains("\n1. Rating: off\n2. HELPFUL_THUMBS: on\n"), "{}", ran.stdout);
    assert!(ran.stdout.contains("\nRating: on, was off. 1 unsaved change.\nNPS_SCORE: on, was off."));
    assert!(ran.stdout.contains("\nSaved ") && ran.stdout.contains(" rating off to on, NPS_SCORE off to on"));
    assert_eq!(server.hooks.applied("acme"), 1);
    assert_eq!(std::fs::read_to_string(home.path(HISTORY)).expect("a history").lines().count(), 2);
    let odd: Vec<_> =
        ran.stdout.bytes().filter(|byte| *byte != b'\n' && !(0x20..0x7f).contains(byte)).collect();
    assert!(odd.is_empty(), "{odd:?}");
}

#[test]
fn the_end_of_the_input_quits_and_saves_nothing_that_was_not_asked_for() {
    let server = Server::start();
    for (lines, code, patches) in
        [("", 0, 0), ("1\n", 1, 0), ("1\nquit\n", 1, 0), ("1\nsave", 0, 1), ("1\nsave\n2\n", 1, 2)]
    {
        let ran = drive(&server, &["--plain"], lines);
        assert_eq!(ran.code, code, "{lines:?}: {}", ran.stdout);
        assert_eq!(server.hooks.applied("acme"), patches, "{lines:?}");
    }
}

#[test]
fn accessible_and_a_dumb_terminal_ask_for_it_too() {
    let server = Server::start();
    let needs = "error: the editor needs a terminal.";
    for (name, value, is_plain) in [
        ("ACCESSIBLE", "1", true),
        ("ACCESSIBLE", "yes", true),
        ("ACCESSIBLE", "0", false),
        ("ACCESSIBLE", "", false),
        ("TERM", "dumb", true),
        ("TERM", "xterm", false),
    ] {
        let variables = [&server.variables("acme")[..], &[(name, value)]].concat();
        let ran = Home::new().run(&[], &variables);
        assert_eq!(ran.stdout.contains("1. Rating"), is_plain, "{name}={value}: {ran:?}");
        assert_eq!(ran.stderr.contains(needs), !is_plain, "{name}={value}: {ran:?}");
    }
}

#[test]
fn colours_are_harmless_beside_it_and_a_command_takes_no_plain() {
    let server = Server::start();
    for arguments in [["--plain", "--color", "always"], ["--plain", "--color", "never"]] {
        let ran = drive(&server, &arguments, "quit\n");
        assert!(ran.code == 0 && !ran.stdout.contains('\u{1b}'), "{ran:?}");
    }
    let refused = Home::new().run(&["--plain", "get"], &[]);
    assert_eq!(refused.code, 2);
    assert!(refused.stderr.starts_with("error: get takes no --plain: it is for the editor"), "{refused:?}");
}

#[test]
fn a_piped_token_is_taken_and_never_printed() {
    let (server, home) = (Server::start(), Home::new());
    let token = server.token("acme");
    let variables = [("QUICKCHAT_BASE_URL", server.url.as_str())];
    for lines in [format!("once\n{token}\n1\nsave\n"), format!("add\nacme-prod\n{token}\n1\nsave\n")] {
        let ran = home.run_with_input(&["--plain"], &variables, &lines);
        assert_eq!(ran.code, 0, "{}", ran.stdout);
        assert!(ran.stdout.contains("\nSaved ") && !ran.stdout.contains(token), "{}", ran.stdout);
    }
    // The profile that was added is there for the next run.
    let ran = home.run_with_input(&["--plain"], &[], "quit\n");
    assert!(ran.stdout.starts_with("Profile acme-prod, agent demoagent1, at "), "{}", ran.stdout);
    let wrong = "once\n\"eyJhbGciOiJub25lIn0.eyJzY2VuYXJpb19pZCI6ImEifQ.c2ln\n";
    let ran = Home::new().run_with_input(&["--plain"], &variables, wrong);
    assert!(ran.stdout.contains("Not taken") && !ran.stdout.contains("eyJ"), "{}", ran.stdout);
}

#[test]
fn where_nothing_reads_the_output_it_ends() {
    let home = Home::new();
    let ran = home.shell("yes help | $BIN --plain --demo | head -n 1", &[]);
    assert_eq!((ran.code, ran.stdout.lines().count()), (0, 1), "{ran:?}");
    assert!(!ran.stderr.contains("panic"), "{ran:?}");
}

#[test]
fn a_line_of_any_length_is_heard_or_refused() {
    let server = Server::start();
    let long = format!("add {}\n{}\nquit\n", "A".repeat(300), "x".repeat(100_000));
    let ran = drive(&server, &["--plain"], &long);
    assert!(ran.stdout.contains("Not added. A code has at most 200 characters."), "{}", ran.stdout);
    assert!(ran.stdout.contains("That line is too long."), "{}", ran.stdout);
    assert_eq!(ran.code, 0);
}

#[test]
fn an_interrupt_asks_and_a_second_one_ends_it_with_130() {
    let (server, home) = (Server::start(), Home::new());
    let mut command = home.command(&["--plain"], &server.variables("acme"));
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut input = child.stdin.take().expect("a pipe");
    let mut output = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut read_until = |text: &str| {
        let mut line = String::new();
        while !line.contains(text) {
            line.clear();
            assert!(output.read_line(&mut line).expect("text") > 0, "never said: {text}");
        }
    };
    input.write_all(b"1\n").expect("it reads");
    read_until("1 unsaved change.");
    for sign in [Some("An empty line means stay."), None] {
        kill_process(Pid::from_child(&child), Signal::INT).expect("it runs");
        sign.into_iter().for_each(&mut read_until);
    }
    read_until("convrating: nothing saved");
    assert_eq!(end(child).code, 130);
    drop(input);
}

#[test]
fn a_line_that_is_not_utf8_adds_no_code_that_was_not_typed() {
    let ran = Home::new().shell("printf 'add \\377\\nsave\\n' | $BIN --plain --demo", &[]);
    assert!(ran.stdout.contains("\nThat line is not UTF-8 text.\nNothing to save"), "{}", ran.stdout);
    assert!(ran.stdout.ends_with("convrating: nothing saved\n") && ran.code == 0, "{}", ran.stdout);
}
