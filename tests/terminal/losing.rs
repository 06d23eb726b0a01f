//! The terminal goes away, and the program with it.

use std::time::Duration;

use rustix::process::Signal;

use super::probe;
use crate::support::pty::{Exit, Launch};

/// What is promised is one second.
const SOON: Duration = Duration::from_secs(3);

#[test]
fn a_hang_up_ends_the_program_however_it_was_launched() {
    for launch in Launch::OF_A_HANG_UP {
        let mut pty = probe::start(launch);
        let process = pty.watch_process();
        pty.hang_up();
        let took = process.wait_gone();
        assert!(took < SOON, "{launch:?}: {took:?}");
        let exit = pty.wait_exit();
        match launch {
            // The shell dies of the hang-up before it can tell.
            Launch::ChildOfShell => assert!(matches!(exit, Exit::Signal(1) | Exit::Code(129)), "{exit:?}"),
            _ => assert_eq!(exit, Exit::Code(129), "{launch:?}"),
        }
    }
}

#[test]
fn a_hang_up_in_the_middle_of_drawing_ends_the_program() {
    for launch in Launch::OF_A_HANG_UP {
        let mut pty = probe::start(launch);
        let process = pty.watch_process();
        pty.stop_reading();
        pty.send("f");
        pty.wait_until_blocked();
        pty.hang_up();
        // The probe draws for ever: it is the last resort that ends it.
        let took = process.wait_gone();
        assert!(took < SOON * 2, "{launch:?}: {took:?}");
    }
}

#[test]
fn a_hang_up_while_stopped_ends_the_program() {
    let mut pty = probe::start(Launch::ChildOfShell);
    let process = pty.watch_process();
    pty.signal(Signal::STOP);
    pty.hang_up();
    pty.signal(Signal::CONT);
    let took = process.wait_gone();
    assert!(took < SOON, "{took:?}");
}
