//! The editor as a job: stopped and continued by real shells, and ended by `timeout`.

use std::path::{Path, PathBuf};

use super::host::{FORM, Host};
use super::screens::walk;
use crate::support::programs::require;
use crate::support::pty::{Builder, Exit, Pty};

const EDITOR: &str = env!("CARGO_BIN_EXE_convrating");

fn with_token(builder: Builder, host: &Host) -> Builder {
    builder.env("QUICKCHAT_BASE_URL", &host.url).env("QUICKCHAT_API_TOKEN", host.token("acme"))
}

/// The interactive shells of this machine, each with a prompt on its screen.
fn shells(host: &Host) -> Vec<Pty> {
    let bash = require("bash").map(|path| (path, &["--norc", "--noprofile", "-i"][..]));
    let dash = require("dash").map(|path| (path, &["-i"][..]));
    let start = |(path, options): (PathBuf, _)| {
        let pty = with_token(Builder::command(&path, options).env("PS1", "ready> "), host).start();
        pty.wait_for_text("ready>");
        pty
    };
    [bash, dash].into_iter().flatten().map(start).collect()
}

fn assert_left(pty: &Pty) {
    pty.wait_for("the main screen", |screen| !screen.alternate_screen() && !screen.hide_cursor());
    pty.send("echo as-\"\"before\r");
    pty.wait_for_text("as-before");
}

fn end(pty: &Pty) {
    walk(pty, &[(" ", "1 unsaved change"), ("q", "Quit without saving"), ("n", "nothing saved")]);
    pty.send("exit\r");
    assert_eq!(pty.wait_exit(), Exit::Code(0));
    pty.assert_restored();
}

#[test]
fn real_shells_have_their_terminal_while_the_editor_is_stopped_and_fg_brings_the_editor_back() {
    let host = Host::start();
    for pty in shells(&host) {
        pty.send(format!("{EDITOR}\r"));
        pty.wait_for_text(FORM);
        pty.send("\u{1a}");
        pty.wait_for_text("Stopped");
        assert_left(&pty);
        pty.send("fg\r");
        pty.wait_for_text(FORM);
        pty.wait_for("the alternate screen", vt100::Screen::alternate_screen);
        end(&pty);
    }
}

#[test]
fn an_editor_that_is_started_in_the_background_waits_for_fg_and_says_so() {
    let host = Host::start();
    for pty in shells(&host) {
        pty.send(format!("{EDITOR} &\r"));
        pty.wait_for_words("what it waits for", |words| words.contains("fg hands it over"));
        // A shell says so at its next prompt.
        pty.insist("\r", "Stopped");
        assert_left(&pty);
        pty.send("fg\r");
        pty.wait_for_text(FORM);
        end(&pty);
    }
}

#[test]
fn timeout_in_a_script_ends_the_editor_and_login_and_the_terminal_is_as_before() {
    let host = Host::start();
    for (limit, command) in [
        ("timeout -k 9 0.5", EDITOR),
        ("timeout 0.5", EDITOR),
        ("timeout --foreground 0.5", EDITOR),
        ("timeout 0.5", concat!(env!("CARGO_BIN_EXE_convrating"), " login a")),
        ("timeout --foreground 0.5", concat!(env!("CARGO_BIN_EXE_convrating"), " login a")),
        ("timeout 0.5", concat!(env!("CARGO_BIN_EXE_convrating"), " profiles remove p")),
        ("timeout --foreground 0.5", concat!(env!("CARGO_BIN_EXE_convrating"), " profiles remove p")),
    ] {
        let line = format!("{limit} {command}; echo ended $?");
        let builder = Builder::command(Path::new("/bin/sh"), &["-c", &line]);
        let builder = builder.file("config/convrating/config.toml", "[profiles.p]\nscenario_id = 'x'\n");
        let pty = with_token(builder, &host).start();
        if !limit.contains("foreground") {
            // A background job must not read what is typed.
            pty.send("y\r");
        }
        pty.wait_for_text("ended 124");
        assert_eq!(pty.wait_exit(), Exit::Code(0), "{limit} {command}");
        pty.assert_restored();
    }
}
