//! What the built binary costs: bytes on the line, instructions, memory, time. `cargo bench` prints a row for each, with its budget.
//!
//! Counts are gates: the benchmark fails where one is over its budget. Times are of the machine, and of what else it does: they are
//! told beside those of a floor program of the same run, the least that ratatui does for such a form (`benches/floor`).

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a measurement that cannot go on ends; figures are printed"
)]
#![expect(unreachable_pub, reason = "pub in the tests' modules means: for all of them")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use convrating::demo::{Answer, Fault, Method};
use instructions::{Program, can_count, wait_for_output};
use support::cli::{Home, Server};
use support::pty::{Builder, Exit, Pty};
use table::{Table, tell};

#[path = "speed/instructions.rs"]
mod instructions;
#[expect(dead_code, unused_imports, reason = "made for the tests, which use all of it")]
#[path = "../tests/support/mod.rs"]
mod support;
#[path = "speed/table.rs"]
mod table;

/// What is on screen when the form is.
const FIRST: &str = "HELPFUL_THUMBS";
/// What is on the floor program's screen.
const FLOOR_READY: &str = "READY";
const DOWN: &str = "\x1b[B";
const UP: &str = "\x1b[A";
const HOME: &str = "\x1b[H";
const LATENCY: Duration = Duration::from_millis(50);
const AT_A_TIME: usize = 8;

fn main() -> ExitCode {
    let floor = build_floor();
    let mut table = Table::default();
    count_bytes(&mut table);
    count_instructions(&mut table, &floor);
    count_requests(&mut table);
    watch_at_rest(&mut table);
    let size = fs::metadata(binary()).expect("the binary").len() / 1000;
    table.gate("binary, stripped, in kB", to_count(size), 4800);
    time_starts(&floor);
    for count in [100, 1000] {
        time_profiles(count);
    }
    println!("{} over budget", table.count_over());
    if table.count_over() == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn binary() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_convrating"))
}

/// Builds the floor program, and returns its path.
fn build_floor() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let target = root.join("target/floor");
    let manifest = root.join("benches/floor/Cargo.toml");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    build.args(["build", "--release", "--locked", "--quiet", "--manifest-path"]).arg(manifest);
    let status = build.arg("--target-dir").arg(&target).status().expect("cargo");
    assert!(status.success(), "the floor program is built");
    target.join("release/floor")
}

/// Bytes that each key writes.
fn count_bytes(table: &mut Table) {
    let pty = open();
    table.gate("bytes of the first two frames", pty.written(), 1400);
    let press = |keys: &str, until: &str| {
        let before = pty.written();
        pty.send(keys);
        pty.wait_for_text(until);
        pty.written() - before
    };
    table.gate("bytes of a move", press(DOWN, " >   [x] HELPFUL_THUMBS"), 170);
    table.gate("bytes of the first toggle", press(" ", "1 unsaved change"), 280);
    press(DOWN, " >   [x] EXPERIENCE_THUMBS");
    table.gate("bytes of a further toggle", press(" ", "2 unsaved changes"), 120);
    table.gate("bytes of 100 moves at once", press(&DOWN.repeat(100), "for a code that is not"), 300);
}

/// Instructions of a key, beside the floor's.
fn count_instructions(table: &mut Table, floor: &Path) {
    if !can_count() {
        tell("instructions of a key", "valgrind is not installed", "");
        return;
    }
    let ours = Program { path: binary(), arguments: &["--demo"], ready: FIRST };
    let floor = Program { path: floor, arguments: &[], ready: FLOOR_READY };
    let moves = [DOWN, UP];
    let floor_move = floor.count(moves, false);
    table.gate_ratio("instructions of a move", (ours.count(moves, false), floor_move), 0.5);
    let toggles = [" ", " "];
    table.gate_ratio(
        "instructions of a toggle",
        (ours.count(toggles, false), floor.count(toggles, false)),
        0.5,
    );
    table.gate_ratio(
        "instructions of a key without an effect",
        (ours.count([HOME, HOME], true), floor_move),
        0.05,
    );
}

/// Requests of the commands.
fn count_requests(table: &mut Table) {
    let (home, server) = (Home::new(), Server::start());
    let environment = [("QUICKCHAT_API_TOKEN", server.token("acme")), ("QUICKCHAT_BASE_URL", &server.url)];
    let count = || server.hooks.requests().len();
    assert_eq!(home.run(&["get"], &environment).code, 0);
    table.gate("requests of get", count(), 1);
    let before = count();
    assert_eq!(home.run(&["set", "--active", "on"], &environment).code, 0);
    table.gate("requests of set --active", count() - before, 2);
}

/// What a form costs that nobody touches: memory of its own, and work, of which there is none.
fn watch_at_rest(table: &mut Table) {
    // The file is a copy, so that no other process shares its pages.
    let copy = std::env::temp_dir().join(format!("convrating-bench-{}", std::process::id()));
    fs::copy(binary(), &copy).expect("a copy");
    let server = Server::start();
    let builder = Builder::command(&copy, &[]).env("QUICKCHAT_BASE_URL", &server.url);
    let pty = builder.env("QUICKCHAT_API_TOKEN", server.token("acme")).start();
    pty.wait_for_text(FIRST);
    thread::sleep(Duration::from_secs(1));
    let process = format!("/proc/{}", pty.pid().as_raw_pid());
    let memory = sum_of_lines(&format!("{process}/smaps_rollup"), "Pss:");
    table.gate("memory with the form, over HTTP: PSS in kB", memory, 4800);
    let switches = || {
        let threads = fs::read_dir(format!("{process}/task")).expect("a process that runs");
        let status = |thread: fs::DirEntry| thread.path().join("status").display().to_string();
        let switches = |thread| sum_of_lines(&status(thread), "voluntary_ctxt_switches:");
        threads.filter_map(Result::ok).map(switches).sum::<usize>()
    };
    let before = (pty.written(), switches());
    thread::sleep(Duration::from_secs(5));
    table.gate("bytes in 5 s at rest", pty.written() - before.0, 0);
    table.gate("wake-ups in 5 s at rest", switches() - before.1, 0);
    pty.send("q");
    assert_eq!(pty.wait_exit(), Exit::Code(0));
    fs::remove_file(copy).expect("our file");
}

/// The sum of the numbers in lines that begin with `name`.
fn sum_of_lines(file: &str, name: &str) -> usize {
    let text = fs::read_to_string(file).expect("a process that runs");
    let numbers = text.lines().filter_map(|line| line.strip_prefix(name)?.split_whitespace().next());
    numbers.filter_map(|number| number.parse::<usize>().ok()).sum()
}

/// From exec to the form on screen, beside the floor's first screen.
fn time_starts(floor: &Path) {
    let pairs = (0..20).map(|_| {
        let ours = timed(|| drop(open()));
        let floor = timed(|| {
            let pty = Builder::command(floor, &[]).start();
            wait_for_output(&pty, FLOOR_READY);
        });
        (ours, floor)
    });
    let (mut ours, mut floors): (Vec<_>, Vec<_>) = pairs.unzip();
    ours.sort();
    floors.sort();
    let ratio = ours[10].as_secs_f64() / floors[10].as_secs_f64();
    let figure = format!("{ratio:.2} x ({:.1} ms)", milliseconds(ours[10]));
    tell("exec to the demo's form on screen, and killed", &figure, "<= 1.3 x");
}

/// `get --all` over this many profiles, a server that takes its time, and every hundredth without a token.
fn time_profiles(count: usize) {
    let (home, server) = (Home::new(), Server::start());
    let mut config = String::new();
    for number in 0..count {
        let source = if number % 100 == 7 { "NONE" } else { "T" };
        writeln!(config, "[profiles.p{number:04}]\ntoken_env = '{source}'\nbase_url = '{}'", server.url)
            .expect("a String");
    }
    home.config(&config);
    server.hooks.fail_always(Method::Get, Fault::applied(Answer::Ordinary).after(LATENCY));
    let mut peak = 0;
    let took = timed(|| {
        let mut command = home.command(&["get", "--all"], &[("T", server.token("acme"))]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
        while child.try_wait().expect("our child").is_none() {
            peak = peak_kilobytes(child.id()).unwrap_or(peak);
            thread::sleep(Duration::from_millis(5));
        }
    });
    let ideal = LATENCY * u32::try_from(count.div_ceil(AT_A_TIME)).expect("a small number");
    let ratio = took.as_secs_f64() / ideal.as_secs_f64();
    let figure = format!("{ratio:.2} x ({:.2} s, {:.1} MB)", took.as_secs_f64(), f64::from(peak) / 1024.0);
    tell(&format!("{count} profiles at 50 ms, 8 at a time, to the least"), &figure, "<= 1.05 x");
}

fn open() -> Pty {
    let pty = Builder::convrating(&["--demo"]).start();
    pty.wait_for_text(FIRST);
    pty
}

/// The most memory that a process had resident so far.
fn peak_kilobytes(pid: u32) -> Option<u32> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

fn timed(run: impl FnOnce()) -> Duration {
    let started = Instant::now();
    run();
    started.elapsed()
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn to_count(number: u64) -> usize {
    usize::try_from(number).expect("a small number")
}
