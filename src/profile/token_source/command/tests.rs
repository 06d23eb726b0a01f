use std::fs;

use super::*;

const PLENTY: Duration = Duration::from_secs(10);

fn run(script: &str, limit: Duration) -> Result<String, String> {
    let words = ["/bin/sh", "-c", script].map(str::to_owned);
    first_line(&words, Path::new(""), limit, &Leash::default()).map_err(|fault| fault.to_string())
}

/// A program that is left behind with both pipes open; it goes with the test.
fn left_behind() -> String {
    format!("tail --pid={} -f /dev/null &", std::process::id())
}

/// Waits until nothing runs under this number any more.
fn wait_for_end(pid: &str) {
    let deadline = Instant::now() + PLENTY;
    // What is dead and not waited for by its new parent has no command line.
    while fs::read(format!("/proc/{pid}/cmdline")).is_ok_and(|line| !line.is_empty()) {
        assert!(Instant::now() < deadline, "{pid} still runs");
        std::thread::yield_now();
    }
}

#[test]
fn the_first_line_is_the_token() {
    assert_eq!(run("printf 'abc\\nurl: x\\n'", PLENTY).unwrap(), "abc");
}

#[test]
fn a_failure_tells_what_the_program_said() {
    let error = run("printf 'locked\\033[2J\\n' >&2; exit 3", PLENTY).unwrap_err();
    assert_eq!(error, "token_command sh failed (exit status: 3): \"locked^[[2J\"");
}

#[test]
fn a_program_left_behind_takes_neither_the_token_nor_the_words_of_a_failure() {
    let begun = Instant::now();
    assert_eq!(run(&format!("echo abc; {}", left_behind()), PLENTY).unwrap(), "abc");
    let error = run(&format!("echo locked >&2; {} exit 3", left_behind()), PLENTY).unwrap_err();
    assert_eq!(error, "token_command sh failed (exit status: 3): \"locked\"");
    assert!(begun.elapsed() < PLENTY / 2, "neither was waited for");
}

#[test]
fn a_program_that_does_not_end_is_ended_with_all_that_it_started() {
    let limit = Duration::from_millis(200);
    for script in [
        "echo $$ >&2; exec tail -f /dev/null",
        "echo $$ >&2; exec 2>/dev/null >/dev/null; exec tail -f /dev/null",
        "tail -f /dev/null & echo $! >&2; wait",
    ] {
        let error = run(script, limit).unwrap_err();
        let pid = error.strip_prefix("token_command sh gave no token within 0 s: \"");
        wait_for_end(pid.unwrap_or_else(|| panic!("{script}: {error}")).trim_end_matches('"'));
    }
}

#[test]
fn a_program_that_nobody_wants_the_token_of_any_more_is_ended() {
    let leash = Leash::default();
    let words = ["/bin/sh", "-c", "exec tail -f /dev/null"].map(str::to_owned);
    let other = leash.clone();
    let running = std::thread::spawn(move || first_line(&words, Path::new(""), PLENTY * 6, &other));
    let begun = Instant::now();
    while !leash.holds_something() {
        assert!(begun.elapsed() < PLENTY);
        std::thread::yield_now();
    }
    leash.cut();
    let error = running.join().unwrap().unwrap_err().to_string();
    assert_eq!(error, "token_command sh failed (signal: 9 (SIGKILL))");
    assert!(leash.start(&mut Command::new("true")).is_err(), "and none is started afterwards");
}

#[test]
fn more_output_than_a_token_has_does_not_block() {
    let first = run("head -c 300000 /dev/zero | tr '\\0' x", PLENTY).unwrap();
    assert_eq!(first.len(), MAX_TOKEN_BYTES);
}
