//! From the start to the first frame and to the form, and from q to the end.

use std::time::Duration;

use convrating::demo::{Answer, Fault, Method};

use crate::Bench;
use crate::program::Program;
use crate::secure::Secure;
use crate::stage::Spent;
use crate::support::cli::Server;
use crate::table::{Row, Table, median, milliseconds};

/// Each program is started so often, in turn with the others.
const ROUNDS: usize = 20;
/// What is on screen before the answer has come.
const LOADING: &str = "Loading";

/// One run of a program.
struct Run {
    start: Spent,
    exit: Duration,
}

/// What is compared.
type Pick = fn(&Run) -> Duration;
const WALL: Pick = |run| run.start.wall;
const CPU: Pick = |run| run.start.cpu;
const EXIT: Pick = |run| run.exit;

pub fn measure(bench: &Bench, table: &mut Table) {
    let (held, secure) = (Server::start(), Secure::start("start"));
    held.hooks.fail_always(Method::Get, Fault::applied(Answer::Ordinary).after(Duration::from_mins(1)));
    let waiting = Program::editor(&held.url, &held).ready(LOADING);
    count_first_frame(table, &waiting);
    let programs = [
        bench.floor.form(),
        waiting,
        Program::demo(),
        secure.editor_at(&secure.url()),
        bench.floor.form_over_tls(&secure),
    ];
    let mut runs = programs.each_ref().map(|_| Vec::new());
    for _ in 0..ROUNDS {
        for (program, runs) in programs.iter().zip(&mut runs) {
            runs.push(run(program));
        }
    }
    let [floor, waiting, demo, tls, least] = runs;
    let rows: [(&str, &[Run], Pick, f64); 8] = [
        ("exec to the first frame, time", &waiting, WALL, 1.3),
        ("exec to the first frame, CPU", &waiting, CPU, 1.3),
        ("exec to the form of the demo, time", &demo, WALL, 1.3),
        ("exec to the form of the demo, CPU", &demo, CPU, 1.3),
        ("exec to the form over TLS, time", &tls, WALL, 0.0),
        ("exec to the form over TLS, CPU", &tls, CPU, 2.5),
        ("exit after q: demo", &demo, EXIT, 2.0),
        ("exit after q: over TLS", &tls, EXIT, 2.0),
    ];
    for (what, runs, pick, budget) in rows {
        let row = Row::time(what, ratio(runs, &floor, pick), "x").note(note(runs, &floor, pick));
        table.add(if budget > 0.0 { row.budget(budget) } else { row });
    }
    for (what, pick) in [("time", WALL), ("CPU", CPU)] {
        let what = format!("the least over TLS (bare rustls, one CA), {what}");
        table.add(Row::time(&what, ratio(&least, &floor, pick), "x").note(note(&least, &floor, pick)));
    }
}

fn count_first_frame(table: &mut Table, waiting: &Program) {
    let stage = waiting.open();
    stage.settle();
    table.add(Row::count("bytes of the first frame", stage.pty.written(), "B").budget(700.0));
    stage.end("q");
    let stage = Program::demo().open();
    stage.settle();
    table.add(Row::count("bytes of the first two frames, demo", stage.pty.written(), "B").budget(1400.0));
}

fn run(program: &Program) -> Run {
    let started = program.wait_at_gate().open();
    let start = started.wait_for(&program.ready);
    started.stage.settle();
    Run { start, exit: started.stage.end("q") }
}

/// The middle one of the ratios of each round.
fn ratio(ours: &[Run], floor: &[Run], pick: Pick) -> f64 {
    median(ours.iter().zip(floor).map(|(ours, floor)| pick(ours).as_secs_f64() / pick(floor).as_secs_f64()))
}

fn note(ours: &[Run], floor: &[Run], pick: Pick) -> String {
    let middle = |runs: &[Run]| median(runs.iter().map(|run| milliseconds(pick(run))));
    format!("{:.2} ms : {:.2} ms", middle(ours), middle(floor))
}
