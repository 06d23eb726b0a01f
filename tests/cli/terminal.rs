//! What is asked on a terminal.

use std::path::Path;

use super::support::{Home, Server, TOKENS};
use crate::support::pty::{Builder, Exit, Pty};

/// A shell on a terminal of its own, so that the terminal can be asked how it was left.
struct Terminal(Pty);

impl Terminal {
    /// Runs a line of shell in which `$BIN` is the binary.
    fn run(home: &Home, line: &str, variables: &[(&str, &str)]) -> Self {
        let builder = Builder::command(Path::new("/bin/sh"), &["-c", line])
            .env("HOME", &home.path("").to_string_lossy())
            .env("XDG_CONFIG_HOME", &home.path(".config").to_string_lossy())
            .env("XDG_STATE_HOME", &home.path(".local/state").to_string_lossy())
            .env("BIN", env!("CARGO_BIN_EXE_convrating"));
        let with = |builder: Builder, (name, value): &(&str, &str)| builder.env(name, value);
        Self(variables.iter().fold(builder, with).start())
    }

    fn wait_for(&self, text: &str) {
        self.0.wait_for_text(text);
    }

    fn type_in(&self, text: &str) {
        self.0.send(text.as_bytes());
    }

    /// Everything that was written to the terminal.
    fn shown(&self) -> String {
        String::from_utf8_lossy(&self.0.raw_output()).into_owned()
    }

    fn end(self) -> (String, Exit) {
        let exit = self.0.wait_exit();
        self.0.wait_drained();
        (self.shown(), exit)
    }
}

const THEN_ASK: &str = "; echo \"code $?\"; stty -a | grep -o -- '-\\?\\<echo\\>'; echo end";

#[test]
fn a_typed_token_is_not_shown_and_the_echo_comes_back() {
    let (home, server) = (Home::new(), Server::start());
    let line = format!("$BIN login a --base-url {}{THEN_ASK}", server.url);
    let terminal = Terminal::run(&home, &line, &[]);
    terminal.wait_for("(not shown): ");
    terminal.type_in(&format!("wrong\u{15}{}\r", server.token("acme")));
    let (shown, _) = terminal.end();
    assert!(!shown.contains(server.token("acme")) && !shown.contains("wrong"), "{shown}");
    assert!(shown.contains("Stored a: agent ri4k73zpat on "), "{shown}");
    assert!(shown.ends_with("code 0\r\necho\r\nend\r\n"), "{shown}");
    assert!(home.path(&format!("{TOKENS}/a")).exists());
}

#[test]
fn ctrl_c_brings_the_echo_back() {
    let home = Home::new();
    let line = format!("$BIN login a{THEN_ASK}");
    let terminal = Terminal::run(&home, &line, &[]);
    terminal.wait_for("(not shown): ");
    terminal.type_in("half\u{3}");
    let (shown, exit) = terminal.end();
    assert!(shown.ends_with("code 130\r\necho\r\nend\r\n"), "{shown}");
    assert_eq!(exit, Exit::Code(0));
}

#[test]
fn a_protected_profile_is_changed_after_a_yes() {
    let (home, server) = (Home::new(), Server::start());
    home.config(&format!("[profiles.p]\ntoken_env = 'T'\nbase_url = '{}'\nprotected = true\n", server.url));
    let variables = [("T", server.token("acme"))];
    for (answer, code, applied) in [("n", "code 1\r\n", 0), ("", "code 1\r\n", 0), ("y", "code 0\r\n", 1)] {
        let line = format!("$BIN set -p p --active on --add N{THEN_ASK}");
        let terminal = Terminal::run(&home, &line, &variables);
        terminal.wait_for("Set rating on; add N? [y/N] ");
        let question = format!("p is [PROTECTED]: agent ri4k73zpat on {}\r\n", server.host());
        assert!(terminal.shown().contains(&question), "{}", terminal.shown());
        assert_eq!(server.hooks.requests().len(), 0, "nothing before the answer");
        terminal.type_in(&format!("{answer}\r"));
        let (shown, _) = terminal.end();
        assert!(shown.contains(code), "{shown}");
        assert_eq!(server.hooks.applied("acme"), applied);
    }
}
