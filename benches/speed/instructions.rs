//! The instructions of a key, counted by valgrind.

use std::fs;
use std::path::Path;

use crate::Bench;
use crate::keys::{DOWN, HOME, UP};
use crate::program::Program;
use crate::support::pty::Exit;
use crate::table::{Row, Table};
use crate::tools;

/// So many keys are pressed in the shorter run, and so many more in the longer one.
const KEYS: [usize; 2] = [4, 20];
/// Of so many runs the least counts.
const RUNS: usize = 3;

pub fn measure(bench: &Bench, table: &mut Table) {
    let Some(valgrind) = tools::find("valgrind") else {
        return Table::miss("instructions of a key", "valgrind");
    };
    let (ours, floor) = (Program::demo(), bench.floor.form());
    let whole = [&ours, &floor].map(|program| count_least(&valgrind, program, [DOWN, UP], 0));
    table.add(Row::ratio(
        "instructions from exec to the form of the demo and to the end",
        whole[0],
        whole[1],
    ));
    let count = |program, pair| count(&valgrind, program, pair);
    let floor_move = count(&floor, [DOWN, UP]);
    for (what, pair, floor, budget) in [
        ("instructions of a move", [DOWN, UP], floor_move, 0.5),
        ("instructions of a toggle", [" ", " "], count(&floor, [" ", " "]), 0.5),
        ("instructions of a key without effect, to the floor's move", [HOME, HOME], floor_move, 0.05),
    ] {
        table.add(Row::ratio(what, count(&ours, pair), floor).budget(budget));
    }
}

/// The instructions for one key: `pair` has two keys, which are pressed in turn.
fn count(valgrind: &Path, program: &Program, pair: [&str; 2]) -> usize {
    let [less, more] = [KEYS[0], KEYS[0] + KEYS[1]].map(|keys| count_least(valgrind, program, pair, keys));
    more.saturating_sub(less) / KEYS[1]
}

fn count_least(valgrind: &Path, program: &Program, pair: [&str; 2], keys: usize) -> usize {
    (0..RUNS).map(|_| count_run(valgrind, program, pair, keys)).min().unwrap_or_default()
}

fn count_run(valgrind: &Path, program: &Program, pair: [&str; 2], keys: usize) -> usize {
    let log = std::env::temp_dir().join(format!("convrating-bench-{}.log", std::process::id()));
    let log_option = format!("--log-file={}", log.display());
    let valgrind = valgrind.display().to_string();
    let stage =
        program.open_under(&[&valgrind, "--tool=callgrind", "--callgrind-out-file=/dev/null", &log_option]);
    stage.settle();
    for key in pair.iter().cycle().take(keys) {
        stage.pay_for(key);
    }
    // The draft is clean: an even number of toggles takes back what it did.
    stage.pty.send("q");
    assert_eq!(stage.pty.wait_exit(), Exit::Code(0));
    let text = fs::read_to_string(&log).expect("valgrind's log");
    fs::remove_file(&log).expect("our file");
    let count = text.split("Collected : ").nth(1).and_then(|rest| rest.split_whitespace().next());
    count.and_then(|count| count.parse().ok()).expect("a count")
}
