//! Many profiles, a long history, a large answer.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufWriter, Write as _};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use convrating::demo::{Answer, Fault, Method};
use serde_json::json;

use crate::Bench;
use crate::commands::{children_cpu, spend};
use crate::keys::{DOWN, UP, pay};
use crate::program::{FORM, Program};
use crate::stage::{Spent, Stage, number_after};
use crate::support::cli::{HISTORY, Home, Server};
use crate::table::{Row, Table, median, milliseconds, to_float};

const LATENCY: Duration = Duration::from_millis(50);
const AT_A_TIME: usize = 8;
/// Longer than the benchmark runs.
const NEVER: Duration = Duration::from_hours(1);
/// The size of the history.
const HISTORY_BYTES: usize = 100_000_000;
/// The longest answer that is read.
const ANSWER_BYTES: usize = 256 * 1024;

pub fn measure(_: &Bench, table: &mut Table) {
    read_profiles(table);
    for (count, budget) in [(1_000, Some(90.0)), (10_000, None)] {
        list_profiles(table, count, budget);
    }
    read_history(table);
    open_large_answer(table);
}

/// So many profiles of one server, every hundredth without a token.
fn profiles(count: usize, url: &str) -> String {
    let mut config = String::new();
    for number in 0..count {
        let source = if number % 100 == 7 { "NONE" } else { "T" };
        writeln!(config, "[profiles.p{number:05}]\ntoken_env = '{source}'\nbase_url = '{url}'")
            .expect("a String");
    }
    config
}

/// `get --all`, on a server that takes its time.
fn read_profiles(table: &mut Table) {
    let (home, server) = (Home::new(), Server::start());
    home.config(&profiles(1000, &server.url));
    server.hooks.fail_always(Method::Get, Fault::applied(Answer::Ordinary).after(LATENCY));
    let mut command = home.command(&["get", "--all"], &[("T", server.token("acme"))]);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let (spent, peak) = watch(&mut command);
    let ideal = LATENCY.as_secs_f64() * to_float(1000_usize.div_ceil(AT_A_TIME));
    let row = Row::time(
        "get --all, 1,000 profiles at 50 ms, 8 at a time: time to the least",
        spent.wall.as_secs_f64() / ideal,
        "x",
    );
    table.add(row.budget(1.05).note(format!(
        "{:.2} s, {:.1} MB",
        spent.wall.as_secs_f64(),
        to_float(peak) / 1000.0
    )));
    table.add(Row::time("the same, CPU", milliseconds(spent.cpu), "ms").budget(60.0));
}

/// Runs it to its end, and returns the most memory that it was seen to have, in kB.
fn watch(command: &mut Command) -> (Spent, usize) {
    let (begun, before) = (Instant::now(), children_cpu());
    let mut child = command.spawn().expect("it starts");
    let mut peak = 0;
    while child.try_wait().expect("our child").is_none() {
        peak = peak.max(peak_of(&child));
        thread::sleep(Duration::from_millis(2));
    }
    (Spent { wall: begun.elapsed(), cpu: children_cpu().saturating_sub(before) }, peak)
}

fn peak_of(child: &Child) -> usize {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    number_after(&status, "VmHWM:")
}

/// The list of profiles in the editor: all of it, and a key while half of the answers are missing.
fn list_profiles(table: &mut Table, count: usize, budget: Option<f64>) {
    let server = Server::start();
    let program = Program::editor(&server.url, &server).variables(&[("T", server.token("acme"))]);
    let program = program.config(&profiles(count, &server.url)).argument("--profile").argument("p00000");
    let stage = program.open();
    stage.settle();
    let before = stage.cpu();
    stage.press("p", "PROFILES");
    let waits: Vec<_> = (1..=10).map(|row| wait_for_row(&stage, row)).collect();
    stage.pty.wait_for_text(&format!("{count} of {count} answered"));
    stage.settle();
    let cpu = milliseconds(stage.cpu().saturating_sub(before));
    let row = Row::time(&format!("the list of {count} profiles in the editor, CPU"), cpu, "ms");
    table.add(if let Some(budget) = budget { row.budget(budget) } else { row });
    table.add(Row::time("a move while it fills, until it is seen", median(waits), "ms"));
    stage.end("\x03");
    let paid = pay_when_half_full(&program, &server, count);
    table.add(Row::time("a move with half of the answers, CPU", paid, "ms").budget(1.0));
}

/// Milliseconds until the cursor stands on this row, from the one before.
fn wait_for_row(stage: &Stage, row: usize) -> f64 {
    let begun = Instant::now();
    stage.press(DOWN, &format!(" > p{row:05}"));
    milliseconds(begun.elapsed())
}

/// Half of the answers are there, and the others do not come.
fn pay_when_half_full(program: &Program, server: &Server, count: usize) -> f64 {
    let stage = program.open();
    for _ in 0..count / 2 {
        server.hooks.fail_next(Method::Get, Fault::none());
    }
    server.hooks.fail_always(Method::Get, Fault::none().after(NEVER));
    stage.pty.send("p");
    // One in a hundred has no token, and is not asked for.
    stage.pty.wait_for_words("half of the answers", |words| answered(words) >= count / 2);
    let paid = pay(&stage, [DOWN, UP]);
    stage.end("\x03");
    paid
}

/// The number before ` of N answered`.
fn answered(words: &str) -> usize {
    let number = words.split_once(" answered").and_then(|(before, _)| before.rsplit(' ').nth(2));
    number.and_then(|number| number.parse().ok()).unwrap_or_default()
}

fn read_history(table: &mut Table) {
    let (home, server) = (Home::new(), Server::start());
    assert_eq!(home.run(&["set", "--active", "on"], &server.variables("acme")).code, 0);
    write_long_history(&home);
    let command = |arguments: &[&str]| {
        let mut command = home.command(arguments, &[]);
        command.stdout(Stdio::null());
        command
    };
    let newest = median((0..20).map(|_| milliseconds(spend(&mut command(&["history"])).wall)));
    table.add(Row::time("history of 100 MB: the newest 20, time", newest, "ms").budget(20.0));
    let (spent, peak) = watch(&mut command(&["history", "--limit", "0"]));
    let note = format!("{:.2} s, CPU {:.2} s", spent.wall.as_secs_f64(), spent.cpu.as_secs_f64());
    table
        .add(Row::count("history of 100 MB: all of it, most memory", peak, "kB").budget(10_000.0).note(note));
}

/// The two lines of one save, again and again, each time under another number.
fn write_long_history(home: &Home) {
    let path = home.path(HISTORY);
    let text = fs::read_to_string(&path).expect("a history");
    let (_, rest) = text.split_once("\"id\":\"").expect("a number");
    let id = rest.split('"').next().expect("a number");
    let mut file = BufWriter::new(fs::File::options().append(true).open(&path).expect("a history"));
    for number in 0..HISTORY_BYTES / text.len() {
        file.write_all(text.replace(id, &format!("{number:016x}")).as_bytes()).expect("room for a history");
    }
    file.flush().expect("room for a history");
}

/// As many codes as an answer may hold.
fn open_large_answer(table: &mut Table) {
    let server = Server::start();
    let mut configuration = server.hooks.configuration("acme");
    let length = configuration.to_string().len();
    let mut codes = vec![FORM.to_owned()];
    // Each code stands in quotes behind a comma.
    codes.extend((0..(ANSWER_BYTES - length) / 203).map(|number| format!("{number:0>200}")));
    configuration["conv_rating_question_codes"] = json!(codes);
    let size = configuration.to_string().len();
    server.hooks.set_configuration("acme", configuration);
    let program = Program::editor(&server.url, &server);
    let started = program.wait_at_gate().open();
    let start = started.wait_for(FORM);
    let note = format!("{size} bytes, {} codes; {:.1} ms", codes.len(), milliseconds(start.wall));
    table.add(
        Row::time("an answer of 256 KiB: exec to the form, CPU", milliseconds(start.cpu), "ms").note(note),
    );
    let stage: Stage = started.stage;
    table.add(Row::time("an answer of 256 KiB: a move, CPU", pay(&stage, [DOWN, UP]), "ms"));
    table.add(Row::time("an answer of 256 KiB: a toggle, CPU", pay(&stage, [" ", " "]), "ms"));
    table.add(Row::count("an answer of 256 KiB: most memory", stage.peak(), "kB"));
    stage.end("q");
}
