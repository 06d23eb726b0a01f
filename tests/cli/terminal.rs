//! What is asked on a terminal.

use rustix::process::Signal;

use super::support::Server;
use crate::support::pty::{Builder, Exit};

fn shown(pty: &crate::support::pty::Pty) -> String {
    String::from_utf8_lossy(&pty.raw_output()).into_owned()
}

#[test]
fn a_typed_token_is_not_shown_and_the_echo_comes_back() {
    let server = Server::start();
    let pty = Builder::convrating(&["login", "a", "--base-url", &server.url]).start();
    pty.wait_for_text("(not shown):");
    assert_ne!(pty.line(), pty.line_before(), "the echo is off before the question is there");
    pty.send(format!("wrong\u{15}{}\r", server.token("acme")));
    assert_eq!(pty.wait_exit(), Exit::Code(0));
    pty.assert_restored();
    let shown = shown(&pty);
    assert!(!shown.contains(server.token("acme")) && !shown.contains("wrong"), "{shown}");
    assert!(shown.contains("Stored a: agent ri4k73zpat on "), "{shown}");
}

#[test]
fn ctrl_c_and_a_signal_bring_the_echo_back() {
    let leave: [fn(&crate::support::pty::Pty); 3] =
        [|pty| pty.send("half\u{3}"), |pty| pty.signal(Signal::INT), |pty| pty.signal(Signal::TERM)];
    for leave in leave {
        let pty = Builder::convrating(&["login", "a"]).start();
        pty.wait_for_text("(not shown):");
        leave(&pty);
        assert_eq!(pty.wait_exit(), Exit::Code(130));
        pty.assert_restored();
    }
}

#[test]
fn progress_is_seen_on_a_terminal_and_never_stands_in_a_line_of_data() {
    let pty = Builder::convrating(&["get", "--demo", "--all"]).start();
    assert_eq!(pty.wait_exit(), Exit::Code(0));
    pty.wait_drained();
    let raw = shown(&pty);
    assert!(raw.contains("\r0 of ") && raw.contains("\r1 of "), "{raw:?}");
    let screen = pty.screen_text();
    assert!(screen.starts_with("acme ") && !screen.contains(" of "), "{screen}");
}

#[test]
fn a_protected_profile_is_changed_after_a_yes() {
    let (home, server) = (super::support::Home::new(), Server::start());
    let config = format!("[profiles.p]\ntoken_env = 'T'\nbase_url = '{}'\nprotected = true\n", server.url);
    let config = home.write("c.toml", 0o600, &config);
    let config = config.to_str().expect("UTF-8");
    for (answer, code, applied) in [("n", 1, 0), ("", 1, 0), ("y", 0, 1)] {
        let set = Builder::convrating(&["set", "-p", "p", "--active", "on", "--add", "N"]);
        let pty = set.env("CONVRATING_CONFIG", config).env("T", server.token("acme")).start();
        pty.wait_for_text("Set rating on; add N? [y/N]");
        let question = format!("p is [PROTECTED]: agent ri4k73zpat on {}\r\n", server.host());
        assert!(shown(&pty).contains(&question), "{}", shown(&pty));
        assert_eq!(server.hooks.requests().len(), 0, "nothing before the answer");
        pty.send(format!("{answer}\r"));
        assert_eq!(pty.wait_exit(), Exit::Code(code));
        assert_eq!(server.hooks.applied("acme"), applied);
    }
}
