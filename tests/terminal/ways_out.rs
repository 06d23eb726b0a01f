//! Every way out from every screen leaves the terminal as it was, and says how it ended.

use std::time::Duration;

use rustix::process::Signal;

use super::screens::{SCREENS, Screen, Set, walk};
use crate::support::pty::crowd::each;
use crate::support::pty::{Exit, Launch};

/// A way out.
#[derive(Debug, Clone, Copy)]
enum Way {
    /// `q`, and the answer to what is asked then.
    Q,
    /// Ctrl-C, twice where the first one asks.
    CtrlC,
    /// This signal.
    Signal(Signal),
    /// The terminal goes away.
    HangUp,
}

const WAYS: [Way; 7] = [
    Way::Q,
    Way::CtrlC,
    Way::Signal(Signal::HUP),
    Way::Signal(Signal::INT),
    Way::Signal(Signal::QUIT),
    Way::Signal(Signal::TERM),
    Way::HangUp,
];

/// What a hang-up is promised to take at most, and with a save under way; a test waits three times as long.
const GONE: Duration = Duration::from_secs(1);
const GONE_SAVING: Duration = Duration::from_secs(3);

/// The screens that a hang-up is shown on for each way to be launched.
const HUNG_UP: [&str; 3] = ["form", "unsaved changes", "saving"];

/// The figures of this file, as the README has them. They are true once its tests have passed.
pub fn line() -> String {
    let (ways, screens) = (WAYS.len(), SCREENS.len());
    let (launches, hung_up) = (Launch::OF_A_HANG_UP.len(), HUNG_UP.len());
    format!(
        "ways out: {ways} x {screens} screens = {} runs, 0 terminals left broken; \
         hang-ups: {launches} launches x {hung_up} screens = {} runs, 0 processes left",
        ways * screens,
        launches * hung_up
    )
}

#[test]
fn each_way_out_of_each_screen_restores_the_terminal_and_tells_how_it_ended() {
    let cells: Vec<_> = SCREENS.iter().flat_map(|screen| WAYS.map(|way| (screen, way))).collect();
    each(&cells, |(screen, way)| format!("{} by {way:?}", screen.name), |(screen, way)| leave(screen, *way));
    say(&line());
}

#[test]
fn a_hang_up_leaves_no_process_however_the_editor_was_launched() {
    let screens = HUNG_UP.map(super::screens::screen);
    let cells: Vec<_> =
        screens.iter().flat_map(|screen| Launch::OF_A_HANG_UP.map(|launch| (*screen, launch))).collect();
    each(
        &cells,
        |(screen, launch)| format!("{} as {launch:?}", screen.name),
        |(screen, launch)| hang_up(screen, *launch),
    );
}

#[test]
fn a_save_that_ends_after_the_hang_up_stands_in_the_history_as_what_it_was() {
    for (is_answered, outcome) in [(true, r#""outcome":"saved""#), (false, r#""outcome":"unknown""#)] {
        let Set { mut pty, host, held } = super::screens::screen("saving").open(Launch::SessionLeader);
        let process = pty.watch_process();
        pty.hang_up();
        // Dropping it lets the request go on.
        let held = held.filter(|_| !is_answered);
        process.wait_gone();
        assert_eq!(pty.wait_exit(), Exit::Code(129));
        drop(held);
        let history = std::fs::read_to_string(pty.home().join("state/convrating/history.jsonl")).unwrap();
        assert!(history.lines().last().is_some_and(|line| line.contains(outcome)), "{history}");
        assert_eq!(host.hooks.attempts(convrating::demo::Method::Patch), 1);
    }
}

fn leave(screen: &Screen, way: Way) {
    let (steps, code) = match way {
        Way::Q => screen.q,
        Way::CtrlC => screen.ctrl_c,
        Way::Signal(signal) => (&[][..], 128 + signal.as_raw()),
        Way::HangUp => return hang_up(screen, Launch::SessionLeader),
    };
    let Set { pty, host, held: _held } = screen.open(Launch::SessionLeader);
    let process = pty.watch_process();
    if let Way::Signal(signal) = way {
        pty.signal(signal);
    }
    walk(&pty, steps);
    let took = process.wait_gone();
    assert!(took < limit(screen), "{took:?}");
    assert_eq!(pty.wait_exit(), Exit::Code(code));
    pty.assert_restored();
    let left = pty.screen_text();
    assert!(left.trim_start().starts_with(screen.farewell), "{left:?}");
    let written = String::from_utf8_lossy(&pty.raw_output()).into_owned();
    assert!(!written.contains(host.token("acme")), "the token was shown");
}

fn hang_up(screen: &Screen, launch: Launch) {
    let Set { mut pty, host: _host, held: _held } = screen.open(launch);
    let process = pty.watch_process();
    pty.hang_up();
    let took = process.wait_gone();
    assert!(took < limit(screen), "{took:?}");
    match (launch, pty.wait_exit()) {
        // The shell dies of the hang-up before it can tell.
        (Launch::ChildOfShell, Exit::Signal(1)) => {}
        (_, exit) => assert_eq!(exit, Exit::Code(129)),
    }
}

fn limit(screen: &Screen) -> Duration {
    3 * if screen.is_saving() { GONE_SAVING } else { GONE }
}

#[expect(clippy::print_stdout, reason = "what the README quotes")]
fn say(line: &str) {
    println!("{line}");
}
