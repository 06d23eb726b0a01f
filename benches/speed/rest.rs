//! What the editor costs when the user does nothing: memory, and work, of which there is none.

use std::fs;
use std::thread;
use std::time::Duration;

use convrating::demo::{Answer, Fault, Method};

use crate::Bench;
use crate::program::{Program, binary};
use crate::secure::Secure;
use crate::stage::Stage;
use crate::support::cli::Server;
use crate::table::{Row, Table};

/// How long it is watched.
const WATCHED: Duration = Duration::from_secs(5);

/// A state in which the editor waits for the user: where it begins, and the keys and texts that lead to it.
type State = (&'static str, From, &'static [(&'static str, &'static str)]);

#[derive(Clone, Copy, PartialEq, Eq)]
enum From {
    Demo,
    Tls,
    NotRead,
    NoToken,
}

const STATES: &[State] = &[
    ("form over TLS", From::Tls, &[]),
    ("form in the demo", From::Demo, &[]),
    ("unsaved changes", From::Tls, &[(" ", "1 unsaved change")]),
    ("saved", From::Tls, &[(" ", "1 unsaved change"), ("s", "Saved")]),
    ("help", From::Tls, &[("?", "move; scroll a page")]),
    ("log", From::Tls, &[("l", "LOG")]),
    ("request", From::Tls, &[("v", "REQUEST")]),
    ("history", From::Tls, &[("h", "HISTORY")]),
    ("adding a code", From::Tls, &[("a", "ADD A QUESTION CODE")]),
    ("search", From::Tls, &[("/", "Find:")]),
    ("quit question", From::Tls, &[(" ", "1 unsaved change"), ("q", "Quit without saving")]),
    ("profiles", From::Demo, &[("p", "PROFILES")]),
    ("not read", From::NotRead, &[]),
    ("first choices", From::NoToken, &[]),
];

pub fn measure(_: &Bench, table: &mut Table) {
    let secure = Secure::start("rest");
    weigh(table, &secure);
    let broken = Server::start();
    broken.hooks.fail_always(Method::Get, Fault::not_applied(Answer::status(500)));
    let stages: Vec<_> = STATES.iter().map(|state| reach(state, &secure, &broken)).collect();
    // The list of profiles and the failed read ask more than once.
    thread::sleep(Duration::from_secs(3));
    stages.iter().for_each(Stage::settle);
    let look = |stage: &Stage| [stage.pty.written(), stage.sleeps(), to_count(stage.cpu())];
    let before: Vec<_> = stages.iter().map(look).collect();
    thread::sleep(WATCHED);
    let after: Vec<_> = stages.iter().map(look).collect();
    for (index, (what, unit)) in
        [("bytes", "B"), ("times that a thread woke", ""), ("CPU", "ns")].into_iter().enumerate()
    {
        let spent: Vec<_> =
            before.iter().zip(&after).map(|(before, after)| after[index] - before[index]).collect();
        let busy = STATES.iter().zip(&spent).filter(|(_, spent)| **spent > 0).map(|(state, _)| state.0);
        let what = format!("{what} in 5 s at rest, in {} states", STATES.len());
        let row = Row::count(&what, spent.iter().sum(), unit).budget(0.0);
        table.add(row.note(busy.collect::<Vec<_>>().join(", ")));
    }
}

fn reach((_, from, steps): &State, secure: &Secure, broken: &Server) -> Stage {
    let program = match from {
        From::Demo => Program::demo(),
        From::Tls => secure.editor_at(&secure.url()),
        From::NotRead => Program::editor(&broken.url, broken).ready("Not read"),
        From::NoToken => Program::new(binary(), &[], "[ Add a profile ]"),
    };
    let stage = program.open();
    for (keys, text) in *steps {
        stage.press(keys, text);
    }
    stage
}

/// Memory with the form on screen. The file is a copy, so that no other process shares its pages.
fn weigh(table: &mut Table, secure: &Secure) {
    let copy = std::env::temp_dir().join(format!("convrating-bench-{}", std::process::id()));
    fs::copy(binary(), &copy).expect("a copy");
    let stage = secure.editor_at(&secure.url()).copied_to(&copy).open();
    stage.settle();
    fs::remove_file(copy).expect("our file");
    for (what, figure, unit, budget) in [
        ("memory with the form over TLS: PSS of a private copy", stage.memory("\nPss:"), "kB", 4800.0),
        ("memory with the form over TLS: RSS", stage.memory("Rss:"), "kB", 7000.0),
    ] {
        table.add(Row::count(what, figure, unit).budget(budget));
    }
    let names = stage.threads();
    table.add(Row::count("threads with the form over TLS", names.len(), "").note(names.join(", ")));
    let size = fs::metadata(binary()).expect("the binary").len() / 1000;
    let size = usize::try_from(size).expect("a small number");
    table.add(
        Row::count("the program's file, stripped", size, "kB")
            .budget(4800.0)
            .note("with the hooks of the tests"),
    );
}

fn to_count(time: Duration) -> usize {
    usize::try_from(time.as_nanos()).unwrap_or(usize::MAX)
}
