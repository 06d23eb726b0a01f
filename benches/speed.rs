//! What the built binary costs: bytes on the line, time, memory. `cargo bench` prints a line for each.
//!
//! Times are of the machine it runs on, and are never a test; bytes are the same everywhere.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a measurement that cannot go on ends; figures are printed"
)]
#![expect(unreachable_pub, reason = "pub in the tests' modules means: for all of them")]

use std::fmt::Write as _;
use std::fs;
use std::process::Stdio;
use std::time::{Duration, Instant};

use convrating::demo::{Answer, Fault, Method};
use support::cli::{Home, Server};
use support::pty::{Builder, Pty};

#[expect(dead_code, unused_imports, reason = "made for the tests, which use all of it")]
#[path = "../tests/support/mod.rs"]
mod support;

/// What is on screen when the form is.
const FIRST: &str = "HELPFUL_THUMBS";
const DOWN: &str = "\x1b[B";
const LATENCY: Duration = Duration::from_millis(50);
const AT_A_TIME: usize = 8;

fn main() {
    start();
    keys();
    profiles(100);
    profiles(1000);
}

/// From exec to the configuration on screen.
fn start() {
    let mut times: Vec<_> = (0..20).map(|_| timed(|| drop(open()))).collect();
    times.sort();
    println!("demo, exec to the form on screen and killed: {:.1} ms, median of 20", milliseconds(times[10]));
}

/// Bytes that each key writes.
fn keys() {
    let pty = open();
    println!("bytes of the first two frames: {}", pty.written());
    let press = |keys: &str, until: &str| {
        let before = pty.written();
        pty.send(keys);
        pty.wait_for_text(until);
        pty.written() - before
    };
    println!("bytes of a move with its description: {}", press(DOWN, "whether the conversation helped"));
    println!("bytes of the first toggle: {}", press(" ", "1 unsaved change"));
    press(DOWN, "how the experience was");
    println!("bytes of a second toggle: {}", press(" ", "2 unsaved changes"));
    println!("bytes of 100 moves at once: {}", press(&DOWN.repeat(100), "for a code that is not"));
}

/// `get --all` over this many profiles, a server that takes its time, and every hundredth without a token.
fn profiles(count: usize) {
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
            std::thread::sleep(Duration::from_millis(5));
        }
    });
    let ideal = LATENCY * u32::try_from(count.div_ceil(AT_A_TIME)).expect("a small number");
    println!(
        "{count} profiles at {} ms, {AT_A_TIME} at a time: {:.2} s ({:.2} x the least), at most {:.1} MB",
        LATENCY.as_millis(),
        took.as_secs_f64(),
        took.as_secs_f64() / ideal.as_secs_f64(),
        f64::from(peak) / 1024.0
    );
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
