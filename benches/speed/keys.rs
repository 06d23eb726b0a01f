//! What a key costs: bytes and writes on the line, and processor time.

use serde_json::json;

use crate::Bench;
use crate::program::Program;
use crate::stage::Stage;
use crate::support::cli::Server;
use crate::table::{Row, Table, median, milliseconds};

pub const DOWN: &str = "\x1b[B";
pub const UP: &str = "\x1b[A";
/// On the first row it has no effect.
pub const HOME: &str = "\x1b[H";
/// So many keys are typed for a figure of processor time.
const KEYS: usize = 40;

/// A key: its name, what is typed, what is on screen then, its bytes at most (0.0: no budget).
type Key = (&'static str, &'static str, &'static str, f64);

const DEMO: &[Key] = &[
    ("a move", DOWN, " >   [x] HELPFUL_THUMBS", 170.0),
    ("the first toggle", " ", "1 unsaved change", 280.0),
    ("the next move", DOWN, " >   [x] EXPERIENCE_THUMBS", 170.0),
    ("a further toggle", " ", "2 unsaved changes", 120.0),
];

const WARNINGS: &[Key] = &[
    ("", " ", "1 unsaved change", 0.0),
    ("", DOWN, " >   [x] HELPFUL_THUMBS", 0.0),
    ("", " ", "2 unsaved changes", 0.0),
    ("", DOWN, " >   [x] EXPERIENCE_THUMBS", 0.0),
    ("a toggle after which a warning comes", " ", "Warning: ", 200.0),
    ("a toggle after which a warning goes", " ", "2 unsaved changes", 200.0),
];

const WIDE: &[Key] = &[
    ("", DOWN, " >   [x] HELPFUL_THUMBS", 0.0),
    ("the first toggle at 120x40, which draws CHANGES and REQUEST", " ", "PATCH", 500.0),
    ("the same back", " ", "2 of 2 on", 500.0),
    ("", UP, " >   [ ] Ask visitors", 0.0),
    ("the same of the rating, which draws the visitor's card too", " ", "Rate this conversation", 0.0),
    ("", DOWN, " >   [x] HELPFUL_THUMBS", 0.0),
    ("a further toggle at 120x40", " ", "2 unsaved changes", 500.0),
];

const LONG: &[Key] = &[
    ("", DOWN, " >   [x] 0", 0.0),
    ("", " ", "1 unsaved change", 0.0),
    ("", DOWN, " >   [x] 0", 0.0),
    ("a toggle with 500 codes of 200 characters at 200x60", " ", "2 unsaved changes", 150.0),
];

pub fn measure(bench: &Bench, table: &mut Table) {
    let demo = Program::demo().open();
    walk(table, &demo, DEMO);
    press_many(table, &demo);
    walk(table, &Program::demo().open(), WARNINGS);
    press_without_effect(table);
    let server = Server::start();
    walk(table, &Program::editor(&server.url, &server).size(120, 40).ready("THIS RUN").open(), WIDE);
    pay_for_keys(bench, table);
    let long = open_long(&server);
    for (what, pair) in [("a move", [DOWN, UP]), ("a toggle", [" ", " "])] {
        let what = format!("{what} with 500 codes of 200 characters at 200x60, CPU");
        table.add(Row::time(&what, pay(&long, pair), "ms").budget(0.5));
    }
    walk(table, &long, LONG);
}

/// Types the keys in turn. Those with a name have rows.
fn walk(table: &mut Table, stage: &Stage, keys: &[Key]) {
    for (what, typed, text, budget) in keys {
        stage.settle();
        let before = stage.pty.written();
        stage.pay_for(typed);
        stage.pty.wait_for_text(text);
        let bytes = stage.pty.written() - before;
        if !what.is_empty() {
            let row = Row::count(&format!("bytes of {what}"), bytes, "B");
            table.add(if *budget > 0.0 { row.budget(*budget) } else { row });
        }
    }
}

fn press_many(table: &mut Table, stage: &Stage) {
    let bytes = stage.press(&DOWN.repeat(100), "for a code that is not");
    table.add(Row::count("bytes of 100 moves at once", bytes, "B").budget(300.0));
}

fn press_without_effect(table: &mut Table) {
    let stage = Program::demo().open();
    stage.settle();
    let before = stage.pty.written();
    stage.pay_for(HOME);
    table.add(Row::count("bytes of a key without effect", stage.pty.written() - before, "B").budget(0.0));
}

/// Processor time of a key, beside that of a move of the floor program. What is typed takes itself back.
fn pay_for_keys(bench: &Bench, table: &mut Table) {
    let (ours, floor) = (Program::demo().open(), bench.floor.form().open());
    let (floor_move, floor_toggle) = (pay(&floor, [DOWN, UP]), pay(&floor, [" ", " "]));
    for (what, pair, floor, budget) in [
        ("a move, CPU", [DOWN, UP], floor_move, 0.5),
        ("a toggle, CPU", [" ", " "], floor_toggle, 0.5),
        ("a key without effect, CPU, to the floor's move", [HOME, HOME], floor_move, 0.05),
    ] {
        let paid = pay(&ours, pair);
        let note = format!("{:.0} : {:.0} µs", paid * 1000.0, floor * 1000.0);
        table.add(Row::time(what, paid / floor, "x").budget(budget).note(note));
    }
}

/// Milliseconds of processor time for one of two keys that are typed in turn.
pub fn pay(stage: &Stage, pair: [&str; 2]) -> f64 {
    stage.settle();
    median(pair.iter().cycle().take(KEYS).map(|key| milliseconds(stage.pay_for(key))))
}

fn open_long(server: &Server) -> Stage {
    let codes: Vec<_> = (0..500).map(|number| format!("{number:0>200}")).collect();
    let mut configuration = server.hooks.configuration("acme");
    configuration["conv_rating_question_codes"] = json!(codes);
    configuration["conv_rating_active"] = json!(true);
    configuration["conv_rating_popup_active"] = json!(true);
    server.hooks.set_configuration("acme", configuration);
    Program::editor(&server.url, server).size(200, 60).ready("[x] 0").open()
}
