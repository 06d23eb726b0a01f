use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use rustix::fs::{CWD, Mode, mkfifoat};

use super::super::source::MAX_TOKEN_BYTES;
use super::*;

const PLENTY: Duration = Duration::from_secs(10);

fn in_a_shell(script: &str) -> [String; 3] {
    ["/bin/sh", "-c", script].map(str::to_owned)
}

async fn run(script: &str, limit: Duration) -> Result<String, String> {
    let words = in_a_shell(script);
    let helper = Helper { words: &words, directory: Path::new(""), profile: "p" };
    let line = background::run(helper, limit).await.and_then(|output| output.first_line("sh".to_owned()));
    line.map(|line| String::from_utf8(line).unwrap()).map_err(|fault| fault.to_string())
}

/// A program that ends with the test. It holds the pipes that it gets.
fn endless() -> String {
    format!("tail --pid={} -f /dev/null", std::process::id())
}

/// The same without a pipe: tail ends by itself where it alone has an end of one.
fn endless_without_pipes() -> String {
    format!("{} >/dev/null 2>/dev/null", endless())
}

/// True while a program runs under this number. One that is dead and not waited for by its new parent is a zombie.
fn is_running(pid: &str) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let state = stat.rsplit(") ").next().and_then(|rest| rest.chars().next());
    state.is_some_and(|state| !"ZX".contains(state))
}

/// Waits until no program runs under this number any more.
async fn wait_for_end(pid: &str) {
    let deadline = Instant::now() + PLENTY;
    while is_running(pid) {
        assert!(Instant::now() < deadline, "{pid} still runs");
        tokio::task::yield_now().await;
    }
}

/// The line that a program writes into `file`.
async fn wait_for_line(file: &Path) -> String {
    let deadline = Instant::now() + PLENTY;
    loop {
        let text = fs::read_to_string(file).unwrap_or_default();
        if let Some(line) = text.strip_suffix('\n') {
            return line.to_owned();
        }
        assert!(Instant::now() < deadline, "no line came");
        tokio::task::yield_now().await;
    }
}

fn temporary_file(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("convrating-{name}-{}", std::process::id()))
}

#[tokio::test]
async fn the_first_line_is_the_token() {
    assert_eq!(run("printf 'abc\\nurl: x\\n'", PLENTY).await.unwrap(), "abc");
}

#[tokio::test]
async fn a_failure_tells_what_the_program_said() {
    let error = run("printf 'locked\\033[2J\\n' >&2; exit 3", PLENTY).await.unwrap_err();
    assert_eq!(error, "token_command sh failed (exit status: 3): \"locked^[[2J\"");
}

#[tokio::test]
async fn the_input_of_a_program_is_empty() {
    assert_eq!(run("readlink /proc/$$/fd/0", PLENTY).await.unwrap(), "/dev/null");
}

#[tokio::test]
async fn a_program_leads_a_process_group() {
    let numbers = run("cut -d ' ' -f 1,5 /proc/$$/stat", PLENTY).await.unwrap();
    let (program, group) = numbers.split_once(' ').unwrap();
    assert_eq!(program, group);
}

#[tokio::test]
async fn a_program_left_behind_takes_neither_the_token_nor_the_words_of_a_failure() {
    let begun = Instant::now();
    assert_eq!(run(&format!("echo abc; {} &", endless()), PLENTY).await.unwrap(), "abc");
    let error = run(&format!("echo locked >&2; {} & exit 3", endless()), PLENTY).await.unwrap_err();
    assert_eq!(error, "token_command sh failed (exit status: 3): \"locked\"");
    assert!(begun.elapsed() < PLENTY / 2, "neither was waited for");
}

#[tokio::test]
async fn a_program_left_behind_goes_on() {
    let (gate, answer) = (temporary_file("gate"), temporary_file("answer"));
    mkfifoat(CWD, &gate, Mode::RUSR | Mode::WUSR).unwrap();
    let mut held = fs::File::options().read(true).write(true).open(&gate).unwrap();
    let work = format!("{{ read line < {}; echo $line > {}; }}", gate.display(), answer.display());
    assert_eq!(run(&format!("{work} >/dev/null 2>/dev/null & echo abc"), PLENTY).await.unwrap(), "abc");
    held.write_all(b"alive\n").unwrap();
    assert_eq!(wait_for_line(&answer).await, "alive");
    fs::remove_file(gate).unwrap();
    fs::remove_file(answer).unwrap();
}

#[tokio::test]
async fn a_program_that_closes_its_outputs_is_waited_for_all_the_same() {
    let error = run("exec >/dev/null 2>/dev/null; read line < /dev/null; exit 3", PLENTY).await.unwrap_err();
    assert_eq!(error, "token_command sh failed (exit status: 3)");
}

#[tokio::test]
async fn a_program_that_does_not_end_is_ended_with_all_that_it_started() {
    let limit = Duration::from_millis(200);
    for script in [
        format!("echo $$ >&2; exec {}", endless()),
        format!("echo $$ >&2; exec {}", endless_without_pipes()),
        format!("{} & echo $! >&2; wait", endless_without_pipes()),
    ] {
        let error = run(&script, limit).await.unwrap_err();
        let pid = error.strip_prefix("token_command sh gave no token within 0 s: \"");
        wait_for_end(pid.unwrap_or_else(|| panic!("{script}: {error}")).trim_end_matches('"')).await;
    }
}

#[tokio::test]
async fn a_program_whose_token_is_no_longer_wanted_is_ended_with_all_that_it_started() {
    let file = temporary_file("unwanted");
    let script = format!("{} & echo $! > {}; wait", endless_without_pipes(), file.display());
    let running = tokio::spawn(async move { run(&script, PLENTY * 6).await });
    let pid = wait_for_line(&file).await;
    running.abort();
    wait_for_end(&pid).await;
    assert!(running.await.unwrap_err().is_cancelled(), "its caller has let go of it");
    fs::remove_file(file).unwrap();
}

#[tokio::test]
async fn a_first_line_of_more_than_64_kib_is_an_error_and_not_cut() {
    let first = |length: usize| format!("head -c {length} /dev/zero | tr '\\0' x; echo; echo more");
    assert_eq!(run(&first(MAX_TOKEN_BYTES), PLENTY).await.unwrap().len(), MAX_TOKEN_BYTES);
    let error = run(&first(MAX_TOKEN_BYTES + 1), PLENTY).await.unwrap_err();
    assert_eq!(error, "token_command sh printed more than 65536 bytes where the token should be");
}

#[tokio::test]
async fn lines_behind_the_token_may_be_as_long_as_they_like() {
    assert_eq!(run("echo abc; head -c 300000 /dev/zero", PLENTY).await.unwrap(), "abc");
}

#[tokio::test]
async fn in_the_background_a_program_leads_a_session_and_has_no_terminal() {
    let ids =
        run("read -r pid name state parent group session rest < /proc/$$/stat; echo $pid $session", PLENTY)
            .await
            .unwrap();
    let ids: Vec<_> = ids.split_whitespace().collect();
    assert_eq!(ids[0], ids[1], "it leads its session");
    let error = run(": </dev/tty", PLENTY).await.unwrap_err();
    assert!(error.contains("/dev/tty"), "{error}");
}

#[test]
fn a_program_that_ctrl_c_ended_is_told_from_one_that_failed() {
    // A signal's number, or a code in the second byte: see wait(2).
    let ended = |status| was_interrupted(ExitStatus::from_raw(status));
    assert!(ended(SIGINT) && ended((128 + SIGINT) << 8));
    let others = [0, 15, 1 << 8, SIGINT << 8, 126 << 8, 129 << 8, 131 << 8];
    assert!(others.iter().all(|status| !ended(*status)));
}
