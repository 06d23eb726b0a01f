use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use super::*;

const PLENTY: Duration = Duration::from_secs(10);

fn in_a_shell(script: &str) -> [String; 3] {
    ["/bin/sh", "-c", script].map(str::to_owned)
}

async fn run(script: &str, limit: Duration) -> Result<String, String> {
    let words = in_a_shell(script);
    let helper = Helper { words: &words, directory: Path::new(""), profile: "p" };
    let line = background::run(helper, limit).await.and_then(|output| output.first_line("sh".to_owned()));
    line.map_err(|fault| fault.to_string())
}

/// A program that is left behind with both pipes open; it goes with the test.
fn left_behind() -> String {
    format!("tail --pid={} -f /dev/null &", std::process::id())
}

/// Waits until no program runs under this number any more.
async fn wait_for_end(pid: &str) {
    let deadline = Instant::now() + PLENTY;
    // A program that is dead and not waited for by its new parent has no command line.
    while fs::read(format!("/proc/{pid}/cmdline")).is_ok_and(|line| !line.is_empty()) {
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
async fn a_program_that_reads_its_input_finds_it_empty() {
    assert_eq!(run("cat; echo abc", PLENTY).await.unwrap(), "abc");
}

#[tokio::test]
async fn a_program_left_behind_takes_neither_the_token_nor_the_words_of_a_failure() {
    let begun = Instant::now();
    assert_eq!(run(&format!("echo abc; {}", left_behind()), PLENTY).await.unwrap(), "abc");
    let error = run(&format!("echo locked >&2; {} exit 3", left_behind()), PLENTY).await.unwrap_err();
    assert_eq!(error, "token_command sh failed (exit status: 3): \"locked\"");
    assert!(begun.elapsed() < PLENTY / 2, "neither was waited for");
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
        "echo $$ >&2; exec tail -f /dev/null",
        "echo $$ >&2; exec 2>/dev/null >/dev/null; exec tail -f /dev/null",
        "tail -f /dev/null & echo $! >&2; wait",
    ] {
        let error = run(script, limit).await.unwrap_err();
        let pid = error.strip_prefix("token_command sh gave no token within 0 s: \"");
        wait_for_end(pid.unwrap_or_else(|| panic!("{script}: {error}")).trim_end_matches('"')).await;
    }
}

#[tokio::test]
async fn a_program_whose_token_is_no_longer_wanted_is_ended_with_all_that_it_started() {
    let file = temporary_file("unwanted");
    // The program that is started leaves first where it alone is killed.
    let script = format!("tail -f /dev/null & echo $! > {}; wait", file.display());
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
