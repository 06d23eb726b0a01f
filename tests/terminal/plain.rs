//! The editor line by line on a real terminal: no byte but text and line feeds, and a terminal that is left as it was.

use rustix::process::Signal;

use super::host::Host;
use crate::support::pty::{Builder, Exit, Launch, Pty};

/// What is said at the end of the form.
const PROMPT: &str = "profiles, history, log, help, quit.";

fn plain(host: &Host) -> Builder {
    let builder = Builder::convrating(&["--plain"]).size(200, 50).env("QUICKCHAT_BASE_URL", &host.url);
    builder.env("QUICKCHAT_API_TOKEN", host.token("acme"))
}

fn opened(builder: Builder) -> Pty {
    let pty = builder.start();
    pty.wait_for_text(PROMPT);
    pty
}

/// Asks for a token: what is typed is not shown any more.
fn hide(pty: &Pty) {
    pty.send("token\n");
    pty.wait_for_text("An empty line keeps the old token.");
    assert_ne!(pty.line(), pty.line_before(), "the echo is off");
}

fn raw(pty: &Pty) -> String {
    String::from_utf8_lossy(&pty.raw_output()).into_owned()
}

#[test]
fn a_dumb_terminal_gets_no_byte_that_is_not_text() {
    let pty = opened(Builder::convrating(&["--demo=busy"]).size(200, 50).env("TERM", "dumb"));
    for (line, sign) in [
        ("3", "1 unsaved change"),
        ("save", "An empty line means edit."),
        ("both", "Saved "),
        ("help", "Ctrl-C quits too."),
        ("log", "Log, newest first:"),
        ("token", "keeps the old token."),
        ("", "Back to busy"),
    ] {
        pty.send(format!("{line}\n"));
        pty.wait_for_text(sign);
    }
    pty.send("quit\n");
    assert_eq!(pty.wait_exit(), Exit::Code(0));
    pty.assert_restored();
    let odd: Vec<_> = pty.raw_output().into_iter().filter(|byte| *byte < 0x20 || *byte > 0x7e).collect();
    assert!(odd.iter().all(|byte| matches!(byte, b'\n' | b'\r')), "{odd:?}");
    assert!(raw(&pty).contains("Saved ") && raw(&pty).contains(" to off"));
}

#[test]
fn a_token_is_hidden_while_it_is_typed_and_the_terminal_shows_the_next_line_again() {
    let host = Host::start();
    let pty = opened(plain(&host));
    hide(&pty);
    pty.send("hidden-and-wrong\nrest-of-the-paste\n");
    pty.wait_for_text("Type token to try again.");
    pty.wait_for_line(pty.line_before());
    pty.send("1\n");
    pty.wait_for_text("1 unsaved change.");
    let shown = raw(&pty);
    assert!(!shown.contains("hidden-and-wrong") && !shown.contains("rest-of-the-paste"), "{shown}");
    pty.send("\x03");
    pty.wait_for_text("An empty line means stay.");
    pty.send("leave\n");
    assert_eq!(pty.wait_exit(), Exit::Code(0));
    pty.assert_restored();
}

#[test]
fn ctrl_c_asks_with_unsaved_changes_and_a_second_one_quits() {
    let host = Host::start();
    let pty = opened(plain(&host));
    pty.send("1\n");
    pty.wait_for_text("1 unsaved change.");
    pty.send("\x03");
    pty.wait_for_text("An empty line means stay.");
    pty.send("\n");
    pty.wait_for_text("Back to no profile");
    pty.send("\x03");
    pty.wait_for("the question again", |screen| {
        screen.contents().matches("An empty line means").count() == 2
    });
    pty.send("\x03");
    assert_eq!(pty.wait_exit(), Exit::Code(130));
    pty.assert_restored();
    assert!(raw(&pty).contains("^C\r\nQuit? 1 unsaved change"), "{}", raw(&pty));
    assert!(host.requests().iter().all(|request| !request.starts_with("PATCH")));
}

#[test]
fn every_way_out_of_a_hidden_question_shows_again_what_is_typed() {
    for (keys, signal, code) in [
        ("\x03", None, 0),
        ("\x04", None, 0),
        ("", Some(Signal::TERM), 143),
        ("", Some(Signal::HUP), 129),
        ("", Some(Signal::USR1), 138),
    ] {
        let host = Host::start();
        let pty = opened(plain(&host));
        hide(&pty);
        pty.send(keys);
        if let Some(signal) = signal {
            pty.signal(signal);
        }
        assert_eq!(pty.wait_exit(), Exit::Code(code), "{keys:?} {signal:?}");
        pty.assert_restored();
    }
}

#[test]
fn ctrl_d_quits_and_with_unsaved_changes_it_fails() {
    for (line, sign, code) in [("list\n", "Read at", 0), ("1\n", "1 unsaved change.", 1)] {
        let host = Host::start();
        let pty = opened(plain(&host));
        pty.send(line);
        pty.wait_for_text(sign);
        pty.send("\x04");
        assert_eq!(pty.wait_exit(), Exit::Code(code));
        pty.assert_restored();
    }
}

#[test]
fn a_hang_up_ends_it_however_it_was_launched() {
    for launch in Launch::OF_A_HANG_UP {
        for is_hidden in [false, true] {
            let host = Host::start();
            let mut pty = opened(plain(&host).launch(launch));
            if is_hidden {
                hide(&pty);
            }
            let process = pty.watch_process();
            pty.hang_up();
            process.wait_gone();
        }
    }
}

#[test]
fn ctrl_z_shows_what_is_typed_and_hides_it_again_after_fg() {
    let host = Host::start();
    let pty = opened(plain(&host).launch(Launch::JobControl));
    hide(&pty);
    let hidden = pty.line();
    pty.send("\x1a");
    pty.wait_for_text("STOPPED");
    pty.wait_for_line(pty.line_before());
    pty.send("\n");
    pty.wait_for_line(&hidden);
    pty.wait_for("the question again", |screen| {
        screen.contents().matches("keeps the old token.").count() == 2
    });
    pty.send("\n");
    pty.wait_for_text("Back to no profile");
    pty.wait_for_line(pty.line_before());
    pty.send("quit\n");
    pty.wait_for_text("BACK 0");
    assert_eq!(pty.wait_exit(), Exit::Code(0));
    pty.assert_restored();
}
