//! The system calls of a key, and how many of them write to the terminal, counted by strace.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use crate::Bench;
use crate::keys::{DOWN, HOME, UP};
use crate::program::Program;
use crate::stage::Stage;
use crate::table::{Row, Table, to_float};
use crate::tools;

/// So many times a pair of keys is typed.
const PAIRS: usize = 10;
/// Longer than a program needs under strace to come to rest.
const PAUSE: Duration = Duration::from_millis(200);
/// More rows than the form has.
const MANY: usize = 100;

/// A program under strace.
struct Traced {
    stage: Stage,
    log: PathBuf,
}

/// How many calls there were.
struct Calls {
    all: usize,
    /// Those that write to the terminal.
    writes: usize,
}

pub fn measure(bench: &Bench, table: &mut Table) {
    let Some(strace) = tools::find("strace") else { return Table::miss("system calls and writes", "strace") };
    let (ours, floor) = (Program::demo(), bench.floor.form());
    let [ours, floor] =
        [(&ours, "ours"), (&floor, "floor")].map(|(program, name)| Traced::open(program, &strace, name));
    let start = [&ours, &floor].map(|traced| traced.calls().all);
    let row = Row::time("system calls from exec to the form of the demo", to_float(start[0]), "");
    table.add(row.note(format!("the floor's: {}", start[1])));
    table.add(Row::count("writes of the first two frames, demo", ours.calls().writes, "").budget(2.0));
    let floor_move = floor.pay([DOWN, UP]).all;
    for (what, pair, beside, budget) in [
        ("a move", [DOWN, UP], floor_move, 1),
        ("a toggle", [" ", " "], floor.pay([" ", " "]).all, 1),
        ("a key without effect", [HOME, HOME], floor_move, 0),
    ] {
        let calls = ours.pay(pair);
        let writes = Row::count(&format!("writes of {what}, {} times", 2 * PAIRS), calls.writes, "");
        table.add(writes.budget(to_float(2 * PAIRS * budget)));
        let row = Row::time(&format!("system calls of {what}"), per_key(calls.all), "");
        table.add(row.note(format!("the floor's: {:.1}", per_key(beside))));
    }
    let many = ours.spend(|stage| stage.pty.send(DOWN.repeat(MANY)));
    table.add(Row::count("writes of 100 moves at once", many.writes, "").budget(1.0));
    [ours, floor].into_iter().for_each(Traced::end);
}

fn per_key(calls: usize) -> f64 {
    to_float(calls) / to_float(2 * PAIRS)
}

impl Traced {
    fn open(program: &Program, strace: &Path, name: &str) -> Self {
        let log = std::env::temp_dir().join(format!("convrating-strace-{}-{name}", std::process::id()));
        let [strace, path] = [strace, &log].map(|path| path.display().to_string());
        // -y: each file with its path.
        let stage = program.open_under(&[&strace, "-f", "-y", "-o", &path]);
        thread::sleep(PAUSE);
        Self { stage, log }
    }

    /// The calls for two keys that are typed in turn.
    fn pay(&self, pair: [&str; 2]) -> Calls {
        self.spend(|stage| {
            for key in pair.iter().cycle().take(2 * PAIRS) {
                stage.pty.send(key);
                // A key without effect shows nothing that could be waited for.
                thread::sleep(PAUSE / 10);
            }
        })
    }

    fn spend(&self, act: impl FnOnce(&Stage)) -> Calls {
        let before = self.calls();
        act(&self.stage);
        thread::sleep(PAUSE);
        let after = self.calls();
        Calls { all: after.all - before.all, writes: after.writes - before.writes }
    }

    /// Each call begins one line. The end of one that was interrupted has a line of its own.
    fn calls(&self) -> Calls {
        let text = fs::read_to_string(&self.log).expect("the log of strace");
        let calls = text.lines().filter(|line| !line.contains(" resumed>"));
        let is_write = |line: &str| line.contains("write") && line.contains("</dev/pts/");
        calls.fold(Calls { all: 0, writes: 0 }, |sum, line| Calls {
            all: sum.all + 1,
            writes: sum.writes + usize::from(is_write(line)),
        })
    }

    fn end(self) {
        self.stage.pty.send("q");
        self.stage.pty.wait_exit();
        fs::remove_file(self.log).expect("our file");
    }
}
