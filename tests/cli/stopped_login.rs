//! `login` is stopped and goes on, in real shells with job control: what is typed for it is never shown.

use std::path::{Path, PathBuf};
use std::time::Instant;

use convrating::demo::Method;
use rustix::process::{Pid, Signal, kill_process};

use super::support::{Server, within};
use crate::support::programs::require;
use crate::support::pty::{Builder, DEADLINE, Exit, Process, Pty};

/// How the process is stopped.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Stop {
    CtrlZ,
    Signal(Signal),
}

const STOPS: [Stop; 3] = [Stop::CtrlZ, Stop::Signal(Signal::TSTP), Stop::Signal(Signal::STOP)];

/// The interactive shells of this machine.
fn shells() -> Vec<PathBuf> {
    [require("bash"), require("dash")].into_iter().flatten().collect()
}

/// An interactive shell in which a login asks.
fn start(shell: &Path, server: &Server) -> Pty {
    let options: &[&str] = if shell.ends_with("bash") { &["--norc", "--noprofile", "-i"] } else { &["-i"] };
    let pty = Builder::command(shell, options).env("PS1", "ready> ").start();
    pty.wait_for_text("ready>");
    let login = format!("{} login a --base-url {}", env!("CARGO_BIN_EXE_convrating"), server.url);
    pty.send(format!("sh -c 'echo $$ > \"$HOME/login\"; exec {login}'\r"));
    wait_for_question(&pty, 1);
    pty
}

fn wait_for_question(pty: &Pty, count: usize) {
    let what = format!("question {count}");
    pty.wait_for(&what, |screen| screen.contents().matches("(not shown):").count() == count);
}

impl Stop {
    fn send(self, pty: &Pty) {
        match self {
            Self::CtrlZ => pty.send("\u{1a}"),
            Self::Signal(signal) => kill_process(login_of(pty), signal).expect("it runs"),
        }
        pty.wait_for_text("Stopped");
    }
}

fn login_of(pty: &Pty) -> Pid {
    let text = std::fs::read_to_string(pty.home().join("login")).expect("it said its number");
    text.trim().parse().ok().and_then(Pid::from_raw).expect("a pid")
}

/// What is typed for the shell is shown.
fn assert_echoes(pty: &Pty) {
    pty.send("true seen-by-all");
    pty.wait_for_text("true seen-by-all");
    pty.send("\r");
}

fn leave(pty: &Pty) {
    pty.send("exit\r");
    assert_eq!(pty.wait_exit(), Exit::Code(0));
    pty.assert_restored();
}

/// Waits until the login runs again.
fn wait_until_running(pty: &Pty) {
    let (deadline, status) =
        (Instant::now() + DEADLINE, format!("/proc/{}/stat", login_of(pty).as_raw_pid()));
    while std::fs::read_to_string(&status).expect("it is there").contains(") T ") {
        assert!(Instant::now() < deadline, "it does not go on");
        std::thread::yield_now();
    }
}

fn assert_hidden(pty: &Pty, texts: &[&str]) {
    let shown = String::from_utf8_lossy(&pty.raw_output()).into_owned();
    for text in texts {
        assert!(!shown.contains(text), "{text} is shown: {shown}");
    }
}

#[test]
fn a_login_that_is_stopped_while_it_asks_gives_the_echo_back_and_hides_again_what_is_typed_after_fg() {
    for (shell, stop) in shells().iter().flat_map(|shell| STOPS.map(|stop| (shell, stop))) {
        let server = Server::start();
        let pty = start(shell, &server);
        if stop == Stop::CtrlZ {
            pty.send("half-of-it");
        }
        stop.send(&pty);
        // SIGSTOP leaves no time for the echo, and dash sets no modes of its own.
        if stop != Stop::Signal(Signal::STOP) || shell.ends_with("bash") {
            assert_echoes(&pty);
        }
        pty.send("fg\r");
        wait_for_question(&pty, 2);
        pty.send(format!("{}\r", server.token("acme")));
        pty.wait_for_text("Stored a: agent demoagent1");
        leave(&pty);
        assert_hidden(&pty, &["half-of-it", server.token("acme")]);
    }
}

#[test]
fn a_login_that_is_stopped_while_its_token_is_checked_hides_what_is_typed_after_fg_too() {
    for (shell, stop) in shells().iter().flat_map(|shell| STOPS.map(|stop| (shell, stop))) {
        let server = Server::start();
        let pty = start(shell, &server);
        let held = server.hooks.hold(Method::Get);
        pty.send(format!("{}\r", server.token("acme")));
        within(held.arrived());
        let hidden = pty.line();
        stop.send(&pty);
        if stop != Stop::Signal(Signal::STOP) || shell.ends_with("bash") {
            assert_echoes(&pty);
        }
        pty.send("fg\r");
        wait_until_running(&pty);
        pty.wait_for_line(&hidden);
        pty.send("second-half\r");
        held.release();
        pty.wait_for_text("Stored a: agent demoagent1");
        leave(&pty);
        assert_hidden(&pty, &["second-half", server.token("acme")]);
    }
}

#[test]
fn a_stopped_login_that_is_told_to_end_ends_and_leaves_the_shell_its_echo() {
    for (shell, stop) in shells().iter().flat_map(|shell| STOPS.map(|stop| (shell, stop))) {
        let server = Server::start();
        let pty = start(shell, &server);
        let login = Process::with_id(login_of(&pty).as_raw_pid());
        stop.send(&pty);
        // What a shell's `kill %1` does.
        for signal in [Signal::TERM, Signal::CONT] {
            kill_process(login_of(&pty), signal).expect("it is there");
        }
        login.wait_gone();
        assert_echoes(&pty);
        leave(&pty);
    }
}
