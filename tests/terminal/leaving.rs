//! Every way out leaves the terminal as it was.

use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::probe;
use crate::support::pty::{Exit, Launch};

#[test]
fn quitting_restores_the_terminal() {
    for launch in [Launch::SessionLeader, Launch::ChildOfShell, Launch::NoControllingTerminal] {
        let pty = probe::start(launch);
        assert_ne!(pty.line(), pty.line_before(), "raw mode is on");
        pty.send("q");
        assert_eq!(pty.wait_exit(), Exit::Code(0), "{launch:?}");
        pty.assert_restored();
    }
}

#[test]
fn a_signal_ends_with_its_code_and_restores_the_terminal() {
    for (signal, code) in [(Signal::HUP, 129), (Signal::INT, 130), (Signal::QUIT, 131), (Signal::TERM, 143)] {
        let pty = probe::start(Launch::SessionLeader);
        pty.signal(signal);
        assert_eq!(pty.wait_exit(), Exit::Code(code), "{signal:?}");
        pty.assert_restored();
    }
}

#[test]
fn a_loop_that_does_not_end_is_ended_with_the_terminal_restored() {
    for (keys, least, most) in [("i", 1500, 2000), ("is", 2500, 3000)] {
        let pty = probe::start(Launch::SessionLeader);
        for (count, key) in (1..).zip(keys.split("").filter(|key| !key.is_empty())) {
            pty.send(key);
            pty.wait_for_text(&format!("{count} keys"));
        }
        let begun = Instant::now();
        pty.signal(Signal::TERM);
        assert_eq!(pty.wait_exit(), Exit::Code(143));
        let took = begun.elapsed();
        assert!(took >= Duration::from_millis(least), "{took:?}");
        assert!(took <= Duration::from_millis(most) * 3, "{took:?}");
        pty.assert_restored();
    }
}

#[test]
fn a_terminal_that_does_not_read_delays_the_end_by_two_seconds_at_most() {
    let pty = probe::start(Launch::SessionLeader);
    let process = pty.watch_process();
    pty.stop_reading();
    pty.send("f");
    pty.wait_until_blocked();
    let begun = Instant::now();
    pty.signal(Signal::TERM);
    process.wait_gone();
    assert!(begun.elapsed() <= Duration::from_secs(2) * 3, "{:?}", begun.elapsed());
    assert_eq!(pty.wait_exit(), Exit::Code(143));
    // And when it reads again, it is as it was.
    pty.read_on();
    pty.wait_drained();
    pty.assert_restored();
}

#[test]
fn a_panic_in_the_loop_restores_the_terminal_before_it_is_reported() {
    let pty = probe::start(Launch::SessionLeader);
    pty.send("p");
    assert_eq!(pty.wait_exit(), Exit::Code(101));
    pty.assert_restored();
    assert!(pty.screen_text().contains("on purpose, in the loop"), "{}", pty.screen_text());
}

#[test]
fn an_abort_ends_the_program_although_its_signal_has_a_handler() {
    let pty = probe::start(Launch::SessionLeader);
    pty.send("a");
    assert_eq!(pty.wait_exit(), Exit::Signal(6));
}

#[test]
fn no_core_file_is_ever_written() {
    let pty = probe::start(Launch::SessionLeader);
    pty.send("l");
    pty.wait_for_text("core Some(0) Some(0), Ok(NotDumpable)");
}
