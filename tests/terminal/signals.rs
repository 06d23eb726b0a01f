//! Every signal that ends a process leaves the terminal as it was, and what is told of a save is true.

use std::path::Path;

use convrating::demo::{Hold, Method};

use super::host::{Host, opened, within};
use super::screens::{Set, screen, walk};
use crate::support::pty::crowd::{each, each_of};
use crate::support::pty::{Builder, Exit, Launch, Pty};

/// The signals that end a process by default, by their numbers on Linux (<https://man7.org/linux/man-pages/man7/signal.7.html>).
/// Left out are KILL, ILL, FPE and SEGV, which signal-hook takes no handler for, and PIPE and XFSZ, which end no run of this program.
const NAMED: [(&str, i32); 17] = [
    ("HUP", 1),
    ("INT", 2),
    ("QUIT", 3),
    ("TRAP", 5),
    ("ABRT", 6),
    ("BUS", 7),
    ("USR1", 10),
    ("USR2", 12),
    ("ALRM", 14),
    ("TERM", 15),
    ("STKFLT", 16),
    ("XCPU", 24),
    ("VTALRM", 26),
    ("PROF", 27),
    ("IO", 29),
    ("PWR", 30),
    ("SYS", 31),
];

/// The real-time signals. glibc keeps 32 and 33 for itself.
const REAL_TIME: std::ops::RangeInclusive<i32> = 34..=64;

/// What the program does when the signal comes.
#[derive(Debug, Clone, Copy)]
enum Place {
    /// The editor waits for a key.
    AtRest,
    /// The editor saves.
    Saving,
    /// The editor asks.
    InAQuestion,
    /// `set` saves.
    Setting,
    /// `login` asks for the token, and hides what is typed.
    LoggingIn,
}

const SIGINT: i32 = 2;

/// A program in its place.
struct Scene {
    pty: Pty,
    host: Host,
    /// The change on its way, which the server holds.
    held: Option<Hold>,
}

impl Place {
    fn enter(self) -> Scene {
        match self {
            Self::AtRest => Self::editor("form"),
            Self::Saving => Self::editor("saving"),
            Self::InAQuestion => Self::editor("quit question"),
            Self::Setting => {
                let host = Host::start();
                let held = host.hooks.hold(Method::Patch);
                let pty = with_token(&["set", "--active", "on"], &host).start();
                within(held.arrived());
                Scene { pty, host, held: Some(held) }
            }
            Self::LoggingIn => {
                let host = Host::start();
                let pty = Builder::convrating(&["login", "a", "--base-url", &host.url]).start();
                pty.wait_for_text("(not shown):");
                assert_ne!(pty.line(), pty.line_before(), "the echo is off");
                Scene { pty, host, held: None }
            }
        }
    }

    fn is_command(self) -> bool {
        matches!(self, Self::Setting | Self::LoggingIn)
    }

    /// What the program says of a save at the end, and whether the server has applied it by then.
    fn truth(self) -> (&'static str, bool) {
        match self {
            Self::AtRest | Self::InAQuestion => ("convrating: nothing saved", false),
            Self::Saving => ("convrating: saved to", true),
            Self::Setting => ("Outcome unknown", false),
            Self::LoggingIn => ("", false),
        }
    }

    fn editor(name: &str) -> Scene {
        let Set { pty, host, held } = screen(name).open(Launch::SessionLeader);
        Scene { pty, host, held }
    }
}

fn with_token(arguments: &[&str], host: &Host) -> Builder {
    let builder = Builder::convrating(arguments).env("QUICKCHAT_BASE_URL", &host.url);
    builder.env("QUICKCHAT_API_TOKEN", host.token("acme"))
}

/// How many runs of `set` stand still at a time: each waits two seconds for an answer.
const STANDING: usize = 16;

fn all_in(places: &[Place]) -> Vec<(i32, Place)> {
    let signals = NAMED.map(|(_, number)| number).into_iter().chain(REAL_TIME);
    signals.flat_map(|signal| places.iter().map(move |place| (signal, *place))).collect()
}

#[test]
fn every_signal_that_ends_a_process_leaves_the_terminal_as_it_was_and_tells_the_truth_of_a_save() {
    let cells = all_in(&[Place::AtRest, Place::Saving, Place::InAQuestion, Place::LoggingIn]);
    each(&cells, |(signal, place)| format!("{place:?} by {signal}"), |(signal, place)| end(*signal, *place));
}

#[test]
fn every_signal_that_ends_a_process_ends_a_set_that_waits_for_its_answer_with_the_truth() {
    let cells = all_in(&[Place::Setting]);
    let name = |(signal, place): &(i32, Place)| format!("{place:?} by {signal}");
    each_of(STANDING, &cells, name, |(signal, place)| end(*signal, *place));
}

fn end(signal: i32, place: Place) {
    let Scene { pty, host, held } = place.enter();
    pty.signal_by_name(&signal.to_string());
    // The editor waits a while for the answer of a save. It comes now, after the signal.
    let held = held.filter(|_| place.is_command());
    match (place, pty.wait_exit()) {
        // What became of the change counts more than Ctrl-C.
        (Place::Setting, ended) if signal == SIGINT => assert_eq!(ended, Exit::Code(6)),
        // A command dies of the signal itself, where that can be done.
        (_, Exit::Signal(by)) if place.is_command() => assert_eq!(by, signal),
        (_, ended) => assert_eq!(ended, Exit::Code(128 + signal)),
    }
    drop(held);
    pty.assert_restored();
    let (screen, applied) = (pty.screen_text(), host.hooks.applied("acme"));
    let (told, is_applied) = place.truth();
    assert!(screen.contains(told) && applied == usize::from(is_applied), "{applied}: {screen}");
}

#[test]
fn every_signal_that_ends_a_process_ends_an_editor_whose_helper_program_asks_before_the_first_frame() {
    let host = Host::start();
    let signals: Vec<_> = NAMED.map(|(_, number)| number).into_iter().chain(REAL_TIME).collect();
    each(&signals, ToString::to_string, |signal| {
        let helper = format!("kill -{signal} $PPID; read line < /dev/tty");
        let config = format!(
            "[profiles.a]\nbase_url = '{}'\ntoken_command = ['/bin/sh', '-c', '{helper}']\n",
            host.url
        );
        let line = format!("{} -p a; echo \"code $?\"", env!("CARGO_BIN_EXE_convrating"));
        let builder = Builder::command(Path::new("/bin/sh"), &["-c", &line]);
        let pty = builder.file("config/convrating/config.toml", &config).start();
        pty.wait_for_text(&format!("code {}", 128 + signal));
        assert_eq!(pty.wait_exit(), Exit::Code(0));
        assert!(!String::from_utf8_lossy(&pty.raw_output()).contains("\x1b[?1049h"), "no frame was drawn");
        assert_eq!(pty.line(), pty.line_before());
    });
}

/// The editor, below a shell that runs `before` first.
fn editor_after(before: &str, host: &Host) -> Pty {
    let line = format!("{before}; exec {}", env!("CARGO_BIN_EXE_convrating"));
    let builder = Builder::command(Path::new("/bin/sh"), &["-c", &line]);
    let builder = builder.env("QUICKCHAT_BASE_URL", &host.url);
    opened(builder.env("QUICKCHAT_API_TOKEN", host.token("acme")))
}

fn assert_lives(pty: &Pty) {
    walk(pty, &[(" ", "1 unsaved change"), ("q", "Quit without saving"), ("n", "")]);
    assert_eq!(pty.wait_exit(), Exit::Code(0));
    pty.assert_restored();
}

#[test]
fn an_editor_whose_history_cannot_grow_saves_and_keeps_what_is_edited_next() {
    let host = Host::start();
    let pty = editor_after("ulimit -f 0", &host);
    walk(&pty, &[(" ", "1 unsaved change"), ("s", "file too large")]);
    pty.wait_for_text("Saved");
    assert_eq!(host.hooks.applied("acme"), 1);
    assert_lives(&pty);
}

#[test]
fn signals_that_end_no_run_leave_the_editor_as_it_is() {
    let host = Host::start();
    let pty = editor_after("trap '' USR1 ALRM PWR", &host);
    // The first two end no run; the others are ignored by the parent process.
    for signal in ["PIPE", "XFSZ", "USR1", "ALRM", "PWR"] {
        pty.signal_by_name(signal);
    }
    assert_lives(&pty);
}

#[test]
fn a_signal_that_asks_for_the_end_ends_an_editor_also_where_the_parent_process_ignores_it() {
    for (name, number) in [("HUP", 1), ("INT", 2), ("QUIT", 3), ("TERM", 15)] {
        let host = Host::start();
        let pty = editor_after(&format!("trap '' {name}"), &host);
        pty.signal_by_name(name);
        assert_eq!(pty.wait_exit(), Exit::Code(128 + number), "{name}");
        pty.assert_restored();
    }
}
