//! The demo server as a peer for tests of other programs: `serve`, its port, its tokens and how it ends.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStdout, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use super::support::{Home, end};

/// A running `serve`. It is killed where a test ends early.
struct Served {
    child: Option<Child>,
    stdout: BufReader<ChildStdout>,
    /// What it printed: the address, the agents' tokens, and the lines for a shell.
    lines: Vec<String>,
}

impl Served {
    fn start(home: &Home, arguments: &[&str]) -> Self {
        let mut child = home.command(&[&["serve"], arguments].concat(), &[]);
        let mut child = child.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut lines: Vec<String> = Vec::new();
        while lines.last().is_none_or(|line| !line.starts_with("export QUICKCHAT_API_TOKEN=")) {
            let mut line = String::new();
            assert_ne!(stdout.read_line(&mut line).expect("text"), 0, "it ended after {lines:?}");
            lines.push(line.trim_end().to_owned());
        }
        Self { child: Some(child), stdout, lines }
    }

    fn port(&self) -> &str {
        self.lines[0].rsplit(':').next().expect("a port")
    }

    fn token(&self, agent: &str) -> &str {
        let words = self.lines.iter().map(|line| line.split_whitespace().collect::<Vec<_>>());
        let line = words.into_iter().find(|words| words.first() == Some(&agent));
        line.expect("an agent")[1]
    }

    /// The two lines for a shell.
    fn exports(&self) -> String {
        self.lines[self.lines.len() - 2..].join("\n")
    }

    /// Ends it by a signal. Returns what it wrote after its start, and how it ended.
    fn end_by(mut self, signal: Signal) -> (String, std::process::ExitStatus) {
        let child = self.child.take().expect("it runs");
        kill_process(Pid::from_child(&child), signal).expect("it runs");
        let mut rest = String::new();
        std::io::Read::read_to_string(&mut self.stdout, &mut rest).expect("text");
        let output = child.wait_with_output().expect("it ends");
        (rest + &String::from_utf8_lossy(&output.stderr), output.status)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

#[test]
fn the_two_lines_that_serve_prints_make_a_shell_use_its_first_agent() {
    let home = Home::new();
    let served = Served::start(&home, &[]);
    let script = "$BIN get --json && $BIN set --active on >/dev/null 2>&1 && $BIN get --json && $BIN status";
    let ran = home.shell(&format!("{}\n{script}", served.exports()), &[]);
    let codes = r#""conv_rating_question_codes":["HELPFUL_THUMBS","EXPERIENCE_THUMBS"]"#;
    let state =
        |on: bool| format!(r#"{{"conv_rating_active":{on},"conv_rating_popup_active":{on},{codes}}}"#);
    let expected = format!("{}\n{}\n", state(false), state(true));
    let status = ran.stdout.strip_prefix(&expected).unwrap_or_else(|| panic!("{ran:?}"));
    assert!(ran.code == 0 && status.contains("demoagent1") && !status.contains("left"), "{ran:?}");
}

#[test]
fn another_agent_is_used_with_its_token_in_the_second_line() {
    let home = Home::new();
    let served = Served::start(&home, &[]);
    let exports = served.exports().replace(served.token("acme"), served.token("readonly"));
    let ran = home.shell(&format!("{exports}\n$BIN set --active off"), &[]);
    assert!(ran.code == 4 && ran.stderr.contains("write_all"), "{ran:?}");
    let hint = "# Paste these two lines to use acme. For another agent, put its token into the second.";
    assert!(served.lines.iter().any(|line| line == hint), "{:?}", served.lines);
}

#[test]
fn a_profile_made_for_serve_survives_its_restart_on_the_same_port() {
    let home = Home::new();
    let first = Served::start(&home, &[]);
    let (port, url) = (first.port().to_owned(), first.lines[0].clone());
    let token = first.token("mixed").to_owned();
    let login = home.run_with_input(&["login", "peer", "--base-url", &url], &[], &token);
    assert_eq!(login.code, 0, "{login:?}");
    assert_eq!(first.end_by(Signal::TERM).1.code(), None);
    let again = Served::start(&home, &["--port", &port, "--latency", "1"]);
    assert_eq!(again.lines[0], url);
    let ran = home.run(&["get", "-p", "peer", "--json"], &[]);
    assert!(ran.code == 0 && ran.stdout.contains("NPS_SCORE"), "{ran:?}");
}

#[test]
fn a_port_that_is_taken_is_a_failure_that_names_it() {
    let home = Home::new();
    let served = Served::start(&home, &[]);
    let address = served.lines[0].strip_prefix("http://").expect("http");
    let expected = format!(
        "error: the demo server does not start: it cannot listen on {address}: address already in use\n"
    );
    end(home.start(&["serve", "--port", served.port()], &[])).expect(1, "", &expected);
}

#[test]
fn ctrl_c_and_a_polite_kill_end_it_without_a_word() {
    use std::os::unix::process::ExitStatusExt as _;
    let home = Home::new();
    let (words, status) = Served::start(&home, &[]).end_by(Signal::INT);
    assert_eq!((words.as_str(), status.code()), ("", Some(130)));
    let (words, status) = Served::start(&home, &[]).end_by(Signal::TERM);
    assert_eq!((words.as_str(), status.signal()), ("", Some(Signal::TERM.as_raw())));
}

#[test]
fn a_port_or_a_latency_that_there_cannot_be_is_wrong_usage() {
    let home = Home::new();
    for (option, value) in
        [("--port", "65536"), ("--port", "http"), ("--latency", "-1"), ("--latency", "3600001")]
    {
        let ran = home.run(&["serve", &format!("{option}={value}")], &[]);
        assert!(ran.code == 2 && ran.stderr.contains(option) && ran.stdout.is_empty(), "{ran:?}");
    }
}
