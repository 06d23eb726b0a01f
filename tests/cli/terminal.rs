//! What is asked on a terminal.

use std::path::Path;

use rustix::process::Signal;

use convrating::demo::Method;

use super::support::{Server, within};
use crate::support::pty::{Builder, Exit, Pty};

fn shown(pty: &Pty) -> String {
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
    assert!(shown.contains("Stored a: agent demoagent1 on "), "{shown}");
}

/// How a login is left: with a key or by a signal, and how it ends then.
type WayOut = (fn(&Pty), Exit);

const WAYS_OUT: [WayOut; 5] = [
    (|pty| pty.send("half\u{3}"), Exit::Code(130)),
    (|pty| pty.signal(Signal::INT), Exit::Code(130)),
    (|pty| pty.signal(Signal::TERM), Exit::Signal(15)),
    (|pty| pty.signal(Signal::HUP), Exit::Signal(1)),
    (|pty| pty.signal(Signal::QUIT), Exit::Signal(3)),
];

#[test]
fn ctrl_c_and_a_signal_bring_the_echo_back() {
    for (leave, exit) in WAYS_OUT {
        let pty = Builder::convrating(&["login", "a"]).start();
        pty.wait_for_text("(not shown):");
        leave(&pty);
        assert_eq!(pty.wait_exit(), exit);
        pty.assert_restored();
    }
}

#[test]
fn a_login_is_left_while_its_token_is_checked_too() {
    let server = Server::start();
    for (leave, exit) in WAYS_OUT {
        let held = server.hooks.hold(Method::Get);
        let pty = Builder::convrating(&["login", "a", "--base-url", &server.url]).start();
        pty.wait_for_text("(not shown):");
        pty.send(format!("{}\r", server.token("acme")));
        within(held.arrived());
        leave(&pty);
        assert_eq!(pty.wait_exit(), exit);
        pty.assert_restored();
        drop(held);
    }
}

#[test]
fn what_is_pasted_after_a_line_break_is_neither_shown_nor_left_to_the_shell() {
    let server = Server::start();
    let held = server.hooks.hold(Method::Get);
    let binary = env!("CARGO_BIN_EXE_convrating");
    let line = format!("{binary} login a --base-url {}; read rest; echo \"left: [$rest]\"", server.url);
    let pty = Builder::command(Path::new("/bin/sh"), &["-c", &line]).start();
    pty.wait_for_text("(not shown):");
    pty.send("first-half\rsecond-half\r");
    within(held.arrived());
    pty.send("third-half\r");
    pty.wait_until_typed();
    held.release();
    pty.wait_for_text("The token was refused");
    pty.send("\r");
    pty.wait_for_text("left: []");
    assert!(!shown(&pty).contains("half"), "{}", shown(&pty));
    assert_eq!(pty.wait_exit(), Exit::Code(0));
}

#[test]
fn progress_is_seen_on_a_terminal_and_never_stands_in_a_line_of_data() {
    // The 200 codes of one agent take many lines.
    let pty = Builder::convrating(&["get", "--demo", "--all"]).size(200, 60).start();
    assert_eq!(pty.wait_exit(), Exit::Code(0));
    pty.wait_drained();
    let raw = shown(&pty);
    assert!(raw.contains("\r0 of ") && raw.contains("\r1 of "), "{raw:?}");
    let screen = pty.screen_text();
    assert!(screen.starts_with("acme ") && !screen.contains(" of "), "{screen}");
}

/// Two profiles, the first one protected, whose token comes from a command that counts how often it runs.
fn guarded(server: &Server) -> (super::support::Home, String) {
    let home = super::support::Home::new();
    let config = format!(
        "[profiles.p]\ntoken_command = ['/bin/sh', '-c', 'echo run >> count; printenv T']\nbase_url = '{url}'\n\
         protected = true\n[profiles.m]\ntoken_env = 'M'\nbase_url = '{url}'\n",
        url = server.url
    );
    let config = home.write("c.toml", 0o600, &config);
    let config = config.to_str().expect("UTF-8").to_owned();
    (home, config)
}

#[test]
fn a_protected_profile_is_changed_after_a_yes_to_the_changes_themselves() {
    let server = Server::start();
    let (home, config) = guarded(&server);
    for (answer, code, applied) in
        [("n\r", 1, 0), ("\r", 1, 0), ("\u{4}", 1, 0), ("\u{3}", 130, 0), ("y\r", 0, 1)]
    {
        let set = Builder::convrating(&["set", "-p", "p", "--active", "on", "--add", "N", "--remove", "X"]);
        let pty = set.env("CONVRATING_CONFIG", &config).env("T", server.token("acme")).start();
        pty.wait_for_text("[y/N]");
        let question = format!(
            "Profile p [PROTECTED], agent demoagent1, host {}, token from command sh\r\n\
             Warning: N is neither on the server nor documented.\r\n\
             Warning: --remove X: the server does not have this code.\r\n  rating off → on\r\n  \
             N off → on\r\nSave to p? [y/N] ",
            server.host()
        );
        assert_eq!(shown(&pty), question);
        assert!(
            server.requests().iter().all(|request| request == "GET"),
            "nothing is sent before the answer"
        );
        pty.send(answer);
        assert_eq!(pty.wait_exit(), Exit::Code(code), "{answer:?}");
        assert_eq!(server.hooks.applied("acme"), applied);
        let runs = std::fs::read_to_string(home.path("count")).expect("a count");
        assert_eq!(runs, "run\n", "the token was asked for once");
        std::fs::remove_file(home.path("count")).expect("a count");
    }
    let set = Builder::convrating(&["set", "-p", "p", "--active", "on", "--add", "N"]);
    let pty = set.env("CONVRATING_CONFIG", &config).env("T", server.token("acme")).start();
    assert_eq!(pty.wait_exit(), Exit::Code(0), "nothing would change: nothing is asked");
    let set = Builder::convrating(&["set", "-p", "p", "--active", "off", "--ascii"]);
    let pty = set.env("CONVRATING_CONFIG", &config).env("T", server.token("acme")).start();
    pty.wait_for_text("  rating on -> off");
    pty.signal(Signal::TERM);
    assert_eq!(pty.wait_exit(), Exit::Signal(15));
}

#[test]
fn a_profile_is_removed_after_a_yes() {
    for (answer, code, is_left) in
        [("n\r", 1, true), ("\r", 1, true), ("\u{4}", 1, true), ("\u{3}", 130, true), ("y\r", 0, false)]
    {
        let home = super::support::Home::new();
        let config = home.write("c.toml", 0o600, "# mine\n\n[profiles.p]\nscenario_id = 'x1'\n");
        let token = home.write("state/convrating/tokens/p", 0o600, "a token\n");
        let remove = Builder::convrating(&["profiles", "remove", "p"]);
        let remove = remove.env("CONVRATING_CONFIG", config.to_str().expect("UTF-8"));
        let pty = remove.env("XDG_STATE_HOME", home.path("state").to_str().expect("UTF-8")).start();
        pty.wait_for_text("Remove p (agent x1 on app.quickchat.ai)? [y/N]");
        pty.send(answer);
        assert_eq!(pty.wait_exit(), Exit::Code(code), "{answer:?}");
        let text = std::fs::read_to_string(&config).expect("a file");
        assert_eq!((token.exists(), text.contains("profiles.p")), (is_left, is_left), "{answer:?} {text}");
        assert!(text.starts_with("# mine\n"), "{text}");
        pty.wait_drained();
        let words = if is_left {
            "p was not removed: the answer was not yes"
        } else {
            "Removed p and its stored token"
        };
        assert_eq!(pty.screen_text().contains(words), code != 130, "{}", pty.screen_text());
    }
}

#[test]
fn a_no_for_one_profile_stops_no_other() {
    let server = Server::start();
    let (_home, config) = guarded(&server);
    for (answer, code, applied) in [("n\r", 1, 0), ("y\r", 0, 1)] {
        let set = Builder::convrating(&["set", "-p", "m", "-p", "p", "--remove", "HELPFUL_THUMBS"]);
        let pty = set
            .env("CONVRATING_CONFIG", &config)
            .env("T", server.token("acme"))
            .env("M", server.token("mixed"))
            .start();
        pty.wait_for_text("Save to p? [y/N]");
        pty.send(answer);
        assert_eq!(pty.wait_exit(), Exit::Code(code));
        pty.wait_drained();
        assert_eq!((server.hooks.applied("acme"), server.hooks.applied("mixed")), (applied, 1));
        let screen = pty.screen_text();
        assert!(screen.contains("\nm: ") && screen.contains("\np: "), "{screen}");
    }
}
