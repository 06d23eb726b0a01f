//! Ctrl-Z and `fg`.

use rustix::process::Signal;

use super::probe;
use crate::support::pty::{Exit, Launch, Pty};

fn assert_stops_and_comes_back(pty: &Pty) {
    pty.wait_for_text("STOPPED");
    pty.assert_restored();
    pty.send("fg\n");
    pty.wait_for_text("resumed 1.");
    assert_ne!(pty.line(), pty.line_before(), "raw mode is on");
    pty.wait_for("the alternate screen", vt100::Screen::alternate_screen);
    pty.send("\x1b[A");
    pty.wait_for_text("last Some(Up)");
    pty.send("q");
    assert_eq!(pty.wait_exit(), Exit::Code(0));
    pty.assert_restored();
    assert!(pty.screen_text().contains("BACK 0"), "{}", pty.screen_text());
}

#[test]
fn ctrl_z_gives_the_terminal_to_the_shell_and_fg_comes_back() {
    let pty = probe::start(Launch::JobControl);
    pty.send("\x1a");
    assert_stops_and_comes_back(&pty);
}

#[test]
fn a_sigtstp_from_outside_does_the_same() {
    let pty = probe::start(Launch::JobControl);
    pty.signal(Signal::TSTP);
    assert_stops_and_comes_back(&pty);
}

#[test]
fn where_no_shell_waits_ctrl_z_does_nothing() {
    for launch in Launch::OF_A_HANG_UP {
        let pty = probe::start(launch);
        pty.send("\x1a");
        pty.wait_for_text("STAYS");
        pty.send("q");
        assert_eq!(pty.wait_exit(), Exit::Code(0), "{launch:?}");
        pty.assert_restored();
    }
}

#[test]
fn in_the_background_it_stops_again_and_still_hears_a_signal() {
    let pty = probe::start(Launch::JobControl);
    let process = pty.watch_process();
    pty.send("\x1a");
    pty.wait_for_text("STOPPED");
    // The shell's `bg`.
    pty.signal(Signal::CONT);
    pty.wait_until_stopped();
    pty.assert_restored();
    pty.signal(Signal::TERM);
    pty.signal(Signal::CONT);
    process.wait_gone();
    pty.assert_restored();
}

#[test]
fn stopped_without_warning_and_told_to_end_it_leaves_from_the_background() {
    let pty = probe::start(Launch::JobControl);
    let process = pty.watch_process();
    pty.signal(Signal::STOP);
    pty.wait_for_text("STOPPED");
    pty.signal(Signal::TERM);
    pty.signal(Signal::CONT);
    process.wait_gone();
    pty.wait_for("the main screen", |screen| !screen.alternate_screen());
    // The line is the shell's, which found it raw and did not mind.
    pty.assert_no_mode_left();
}

#[test]
fn stopped_without_warning_it_comes_back_with_fg() {
    let pty = probe::start(Launch::JobControl);
    pty.signal(Signal::STOP);
    pty.wait_for_text("STOPPED");
    pty.send("fg\n");
    pty.wait_for_text("resumed 1.");
    pty.send("q");
    assert_eq!(pty.wait_exit(), Exit::Code(0));
    pty.assert_no_mode_left();
}

#[test]
fn a_stopped_program_that_is_told_to_end_ends_when_it_goes_on() {
    let pty = probe::start(Launch::JobControl);
    let process = pty.watch_process();
    pty.send("\x1a");
    pty.wait_for_text("STOPPED");
    // What a shell's `kill %1` does. The program goes on in the background, where it must not touch the terminal.
    pty.signal(Signal::TERM);
    pty.signal(Signal::CONT);
    process.wait_gone();
    pty.assert_restored();
}
