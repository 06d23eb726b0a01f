//! Many saves of one machine to one agent: they take turns.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Stdio};

use convrating::demo::{Answer, Fault, Method};
use rustix::process::{Pid, Signal, kill_process};

use super::support::{Home, Server, end, within, without_times};
use crate::support::pty::{Builder, Exit};

const BUSY: &str = "Retrying (2 of 3) in 9 s: too many requests (429); Ctrl-C stops.\n";
const WAITING: &str = "waiting for another save to this agent\n";

/// A `set` that waits, and says so with `line`; its stderr was read up to that line.
fn start_waiting(home: &Home, server: &Server, line: &str) -> (Child, BufReader<std::process::ChildStderr>) {
    let mut command = home.command(&["set", "--active", "on"], &server.variables("acme"));
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let mut stderr = BufReader::new(child.stderr.take().expect("a pipe"));
    let mut told = String::new();
    while !told.ends_with(line) {
        assert!(stderr.read_line(&mut told).expect("a line") > 0, "{told}");
    }
    assert_eq!(told, server.profile_line("acme") + line);
    (child, stderr)
}

#[test]
fn of_many_sets_at_once_none_loses_a_change_and_none_meets_a_conflict() {
    const SETS: usize = 32;
    let (home, server) = (Home::new(), Server::start());
    home.config(&format!("[profiles.p]\ntoken_env = 'QUICKCHAT_API_TOKEN'\nbase_url = '{}'\n", server.url));
    let line = format!(
        "seq {SETS} | xargs -P8 -I{{}} sh -c \
         'if [ $(({{}} % 2)) = 0 ]; then \"$BIN\" set --add C{{}}; else \"$BIN\" set -p p --add C{{}}; fi'"
    );
    let ran = home.shell(&line, &server.variables("acme"));
    assert_eq!((ran.code, ran.stdout.matches("Saved ").count()), (0, SETS), "{ran:?}");
    let held = server.hooks.configuration("acme")["conv_rating_question_codes"].clone();
    let codes = held.as_array().expect("a list");
    assert!((1..=SETS).all(|number| codes.contains(&format!("C{number}").into())), "{held}");
    // Each read, changed, and looked once more.
    assert_eq!((server.hooks.count(Method::Get), server.hooks.count(Method::Patch)), (2 * SETS, SETS));
}

#[test]
fn a_set_waits_for_the_one_before_it_and_says_so() {
    let (home, server) = (Home::new(), Server::start());
    let held = server.hooks.hold(Method::Patch);
    let first = home.start(&["set", "--add", "N"], &server.variables("acme"));
    within(held.arrived());
    let (second, mut stderr) = start_waiting(&home, &server, WAITING);
    assert_eq!(server.hooks.attempts(Method::Get), 1, "the second one has not read yet");
    held.release();
    assert_eq!(end(first).code, 0);
    let ran = end(second);
    let mut rest = String::new();
    stderr.read_to_string(&mut rest).expect("text");
    assert_eq!((ran.code, rest.as_str()), (0, ""));
    assert_eq!(without_times(&ran.stdout), "Saved HH:MM:SS: rating off → on (confirmed by the server)\n");
    assert_eq!(server.hooks.applied("acme"), 2);
    let lock = format!("127.0.0.1-{}-demoagent1", server.host().rsplit(':').next().expect("a port"));
    let path = home.path(".local/state/convrating/locks").join(lock);
    assert_eq!(std::fs::read(&path).expect("a lock"), b"", "{}", path.display());
    assert_eq!(super::support::mode(&path), 0o600);
}

#[test]
fn ctrl_c_ends_the_wait_for_another_save_and_nothing_is_sent() {
    let (home, server) = (Home::new(), Server::start());
    let held = server.hooks.hold(Method::Patch);
    let first = home.start(&["set", "--add", "N"], &server.variables("acme"));
    within(held.arrived());
    let (second, _stderr) = start_waiting(&home, &server, WAITING);
    kill_process(Pid::from_child(&second), Signal::INT).expect("it is there");
    assert_eq!(end(second).code, 130);
    held.release();
    assert_eq!((end(first).code, server.hooks.attempts(Method::Patch)), (0, 1));
}

#[test]
fn a_set_that_waits_for_a_busy_server_lets_the_next_one_go_first() {
    let (home, server) = (Home::new(), Server::start());
    server.hooks.fail_next(Method::Get, Fault::applied(Answer::retry_after(429, "9")));
    let (waiting, _stderr) = start_waiting(&home, &server, BUSY);
    let start = server.profile_line("acme") + super::support::UNDOCUMENTED;
    let ran = home.run(&["set", "--add", "N"], &server.variables("acme")).after(&start);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "it has waited for nothing: {ran:?}");
    kill_process(Pid::from_child(&waiting), Signal::INT).expect("it is there");
    assert_eq!((end(waiting).code, server.hooks.applied("acme")), (130, 1));
}

#[test]
fn a_set_gets_through_while_a_user_is_asked_who_then_learns_of_the_conflict() {
    let (home, server) = (Home::new(), Server::start());
    home.config(&format!("[profiles.p]\ntoken_env = 'T'\nbase_url = '{}'\nprotected = true\n", server.url));
    let pty = Builder::convrating(&["set", "-p", "p", "--remove", "HELPFUL_THUMBS"])
        .env("HOME", &home.path("").to_string_lossy())
        .env("XDG_CONFIG_HOME", &home.path(".config").to_string_lossy())
        .env("XDG_STATE_HOME", &home.path(".local/state").to_string_lossy())
        .env("T", server.token("acme"))
        .size(200, 20)
        .start();
    pty.wait_for_text("[y/N]");
    let ran =
        home.run(&["set", "--add", "THEIRS"], &server.variables("acme")).after(&server.profile_line("acme"));
    let warning = "Warning: THEIRS is neither on the server nor documented.\n";
    assert_eq!((ran.code, ran.stderr.as_str()), (0, warning));
    pty.send("y\r");
    assert_eq!(pty.wait_exit(), Exit::Code(3));
    pty.wait_drained();
    let told = "Not saved: the same setting was changed by someone else. Nothing was sent.\r\n  \
                before      rating off, questions HELPFUL_THUMBS, EXPERIENCE_THUMBS\r\n  \
                server now  rating off, questions HELPFUL_THUMBS, EXPERIENCE_THUMBS, THEIRS\r\n  \
                asked for   rating off, questions EXPERIENCE_THUMBS\r\n";
    let shown = String::from_utf8_lossy(&pty.raw_output()).into_owned();
    assert!(shown.ends_with(told), "{shown}");
    assert_eq!(server.hooks.applied("acme"), 1);
}

#[test]
fn an_editor_and_a_set_at_once_take_turns_and_lose_nothing() {
    let (home, server) = (Home::new(), Server::start());
    let variables = server.variables("acme");
    let builder = Builder::convrating(&[])
        .env("HOME", &home.path("").to_string_lossy())
        .env("XDG_STATE_HOME", &home.path(".local/state").to_string_lossy());
    let pty = variables.iter().fold(builder, |builder, (name, value)| builder.env(name, value)).start();
    pty.wait_for_text("Ask visitors");
    pty.send(" ");
    pty.wait_for_text("1 unsaved change");
    let held = server.hooks.hold(Method::Patch);
    let set = home.start(&["set", "--add", "N"], &variables);
    within(held.arrived());
    pty.send("s");
    pty.wait_for_text("Saving: waiting for another save to this agent. Esc stops.");
    pty.send("\x1b");
    pty.wait_for_words("that nothing was sent", |words| {
        words.contains("stopped. s tries again. Nothing was sent.")
    });
    pty.send("s");
    pty.wait_for_text("Saving: waiting for another save to this agent. Esc stops.");
    held.release();
    pty.wait_for_text("Saved ");
    assert_eq!(end(set).code, 0);
    pty.send("q");
    assert_eq!(pty.wait_exit(), Exit::Code(0));
    let after = server.hooks.configuration("acme");
    assert_eq!(after["conv_rating_question_codes"][2], "N");
    assert_eq!(after["conv_rating_active"], true);
}
