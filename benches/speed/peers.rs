//! The README's table: the editor beside the floor program and other programs that show a list of checkboxes.

use crate::Bench;
use crate::keys::DOWN;
use crate::program::Program;
use crate::table::{Table, median, milliseconds, to_float};
use crate::tools;

/// Each program is started so often, in turn with the others.
const ROUNDS: usize = 20;
const READY: &str = "Leave a comment";
/// The options of both: a list of five rows, of which the last one is looked for.
const CHECKLIST: [&str; 20] = [
    "--checklist",
    "Which of these?",
    "20",
    "70",
    "5",
    "1",
    "Rate the conversation",
    "on",
    "2",
    "How helpful it was",
    "off",
    "3",
    "How it felt",
    "on",
    "4",
    "Would recommend",
    "off",
    "5",
    READY,
    "on",
];

/// A column: a program and its figures.
struct Peer {
    name: &'static str,
    program: Program,
    /// The key Down, as the terminal sends it in the mode that the program asks for.
    down: &'static str,
    walls: Vec<f64>,
    cpus: Vec<f64>,
}

/// A row: what is measured, and its figure of a program that has been started.
type Feature = (&'static str, fn(&Peer) -> String);

const FEATURES: [Feature; 5] = [
    ("first screen after", |peer| format!("{:.1} ms", median(peer.walls.iter().copied()))),
    ("processor time until then", |peer| format!("{:.1} ms", median(peer.cpus.iter().copied()))),
    ("bytes on the line: a move", |peer| peer.count_bytes(peer.down)),
    ("bytes on the line: a toggle", |peer| peer.count_bytes(" ")),
    ("memory (PSS)", |peer| {
        let stage = peer.program.open();
        stage.settle();
        format!("{:.1} MB", to_float(stage.memory("\nPss:")) / 1000.0)
    }),
];

pub fn measure(bench: &Bench, _: &mut Table) {
    let own = [("convrating --demo", Program::demo()), ("least with ratatui", bench.floor.form())];
    let mut peers: Vec<_> = own.into_iter().map(|(name, program)| Peer::new(name, program, DOWN)).collect();
    for name in ["whiptail", "dialog"] {
        match tools::find(name) {
            Some(path) => {
                let program = Program::new(&path, &CHECKLIST, READY);
                peers.push(Peer::new(name, program, "\x1bOB"));
            }
            None => Table::miss(name, name),
        }
    }
    for _ in 0..ROUNDS {
        peers.iter_mut().for_each(Peer::start);
    }
    let names: Vec<_> = peers.iter().map(|peer| peer.name).collect();
    println!("| | {} |\n|{}", names.join(" | "), "---|".repeat(names.len() + 1));
    for (what, figure) in FEATURES {
        let figures: Vec<_> = peers.iter().map(figure).collect();
        println!("| {what} | {} |", figures.join(" | "));
    }
}

impl Peer {
    fn new(name: &'static str, program: Program, down: &'static str) -> Self {
        Self { name, program, down, walls: Vec::new(), cpus: Vec::new() }
    }

    fn start(&mut self) {
        let spent = self.program.wait_at_gate().open().wait_for(&self.program.ready);
        self.walls.push(milliseconds(spent.wall));
        self.cpus.push(milliseconds(spent.cpu));
    }

    /// The bytes of the key after the key has been typed once: the second is a usual one.
    fn count_bytes(&self, key: &str) -> String {
        let stage = self.program.open();
        stage.settle();
        let press = || {
            let before = stage.pty.written();
            stage.pay_for(key);
            stage.pty.wait_for_more_than(before);
            stage.pty.written() - before
        };
        press();
        press().to_string()
    }
}
