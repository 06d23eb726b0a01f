//! Signals without a screen: those that the parent process ignores, and a limit for the size of files.

use std::process::{Child, Command, Stdio};

use convrating::demo::Method;
use rustix::process::{Pid, Signal, kill_process};

use super::support::{HISTORY, Home, Ran, Server, end, within};

/// No file may grow. The pipes that the test reads are no files.
const NO_ROOM: &str = "ulimit -f 0";

#[test]
fn a_set_whose_history_cannot_grow_saves_and_says_so() {
    let (home, server) = (Home::new(), Server::start());
    let ran = home.shell(&format!("{NO_ROOM}; exec $BIN set --active on"), &server.variables("acme"));
    let warning = format!("Warning: this save is not in the history: {}", home.path(HISTORY).display());
    assert!(ran.stderr.contains(&format!("{warning}: file too large")), "{ran:?}");
    assert!(ran.code == 0 && ran.stdout.starts_with("Saved "), "{ran:?}");
    assert_eq!(server.hooks.applied("acme"), 1);
}

#[test]
fn an_output_that_cannot_grow_is_an_error_like_a_full_disk_and_the_change_is_told_all_the_same() {
    let (home, server) = (Home::new(), Server::start());
    let ran = home
        .shell(&format!("{NO_ROOM}; exec $BIN set --active on >\"$HOME/out\""), &server.variables("acme"));
    assert!(ran.stderr.ends_with("error: cannot write the output: file too large\n"), "{ran:?}");
    assert!(ran.code == 1 && ran.stderr.contains("\nSaved "), "{ran:?}");
    assert_eq!(server.hooks.applied("acme"), 1);
}

/// A change whose parent process ignores these signals. It is on its way when this returns what `signal` does then.
fn set_under(ignored: &str, signals: &[Signal]) -> (Ran, usize) {
    let (home, server) = (Home::new(), Server::start());
    let held = server.hooks.hold(Method::Patch);
    let line = format!("trap '' {ignored}; exec {} set --active on", env!("CARGO_BIN_EXE_convrating"));
    let mut command = Command::new("/bin/sh");
    command.args(["-c", &line]).env_clear().env("HOME", home.path("")).env("TZ", "UTC");
    command.envs(server.variables("acme")).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().expect("it starts");
    within(held.arrived());
    for signal in signals {
        send(&child, *signal);
    }
    drop(held);
    (end(child), server.hooks.applied("acme"))
}

fn send(child: &Child, signal: Signal) {
    kill_process(Pid::from_child(child), signal).expect("it runs");
}

#[test]
fn signals_that_the_parent_process_ignores_do_not_end_a_save() {
    for (ignored, signals) in [
        // nohup
        ("HUP", &[Signal::HUP][..]),
        // A background job of a shell without job control.
        ("INT QUIT", &[Signal::INT, Signal::QUIT]),
        ("TERM USR1 ALRM XCPU 25", &[Signal::TERM, Signal::USR1, Signal::ALARM, Signal::XCPU, Signal::XFSZ]),
    ] {
        let (ran, applied) = set_under(ignored, signals);
        assert!(ran.code == 0 && ran.stdout.starts_with("Saved "), "{ignored}: {ran:?}");
        assert_eq!(applied, 1, "{ignored}");
    }
}

#[test]
fn a_signal_that_the_parent_process_does_not_ignore_ends_a_save_beside_one_that_it_ignores() {
    let (ran, _) = set_under("HUP", &[Signal::HUP, Signal::TERM]);
    // Killed by a signal: there is no code.
    assert_eq!(ran.code, -1, "{ran:?}");
}
