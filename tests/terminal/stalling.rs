//! A terminal that does not read, and an editor that gets no keys.

use std::time::{Duration, Instant};

use convrating::demo::Method;
use rustix::process::Signal;

use super::host::{Host, within};
use super::screens::{Set, screen, walk};
use crate::support::pty::{Exit, Launch, Pty};

/// What is promised: two seconds, and three with a save under way. A test waits three times as long.
const CASES: [(&str, Duration); 3] = [
    ("form", Duration::from_secs(2)),
    ("unsaved changes", Duration::from_secs(2)),
    ("saving", Duration::from_secs(3)),
];

#[test]
fn a_terminal_that_does_not_read_delays_the_end_by_no_more_than_is_promised() {
    for (name, promised) in CASES {
        let Set { pty, host: _host, held: _held } = screen(name).open(Launch::SessionLeader);
        let process = pty.watch_process();
        pty.stall();
        let begun = Instant::now();
        pty.signal(Signal::TERM);
        process.wait_gone();
        assert!(begun.elapsed() < promised * 3, "{name}: {:?}", begun.elapsed());
        assert_eq!(pty.wait_exit(), Exit::Code(143), "{name}");
        // And when it reads again, it is as it was.
        pty.read_on();
        pty.wait_drained();
        pty.assert_restored();
    }
}

#[test]
fn a_terminal_that_does_not_read_and_goes_away_takes_the_editor_with_it() {
    for launch in Launch::OF_A_HANG_UP {
        let Set { mut pty, host: _host, held: _held } = screen("form").open(launch);
        let process = pty.watch_process();
        pty.stall();
        pty.hang_up();
        let took = process.wait_gone();
        assert!(took < Duration::from_secs(3), "{launch:?}: {took:?}");
    }
}

/// What a process has cost so far: turns on the processor, and bytes written to the terminal.
fn cost(pty: &Pty) -> (u64, usize) {
    (pty.turns(), pty.written())
}

/// Something that takes a second and touches no part of the first editor: a whole run of another, up to the silent
/// read a second after its save.
fn meanwhile() {
    let host = Host::start();
    let pty = host.open();
    walk(&pty, &[(" ", "1 unsaved change"), ("s", "Saved")]);
    within(host.hooks.wait_for(Method::Get, 3));
    pty.send("q");
    assert_eq!(pty.wait_exit(), Exit::Code(0));
}

#[test]
fn an_editor_that_nobody_touches_draws_nothing_and_wakes_no_thread() {
    let host = Host::start();
    let pty = host.open();
    // Threads that looked something up stay a moment; then there is a stretch in which nothing at all happens.
    let is_still = (0..5).any(|_| {
        let before = cost(&pty);
        meanwhile();
        let after = cost(&pty);
        assert_eq!(before.1, after.1, "bytes written");
        before == after
    });
    assert!(is_still, "{:?}", cost(&pty));
    // And it hears all the same.
    pty.send("q");
    assert_eq!(pty.wait_exit(), Exit::Code(0));
}
