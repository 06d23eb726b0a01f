//! What is asked on a terminal.

use std::io::{Read as _, Write as _};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

use super::support::{Home, Server, TOKENS};

/// How long anything may take before the test gives up.
const DEADLINE: Duration = Duration::from_secs(20);

/// A shell on a terminal of its own, so that the terminal can be asked how it was left.
struct Terminal {
    bytes: Receiver<Vec<u8>>,
    keyboard: Box<dyn std::io::Write + Send>,
    shown: String,
    child: Box<dyn portable_pty::Child + Send + Sync>,
    _pair: portable_pty::PtyPair,
}

impl Terminal {
    /// Runs a line of shell in which `$BIN` is the binary.
    fn run(home: &Home, line: &str, variables: &[(&str, &str)]) -> Self {
        let size = PtySize { rows: 24, cols: 80, ..PtySize::default() };
        let pair = native_pty_system().openpty(size).expect("a terminal");
        let mut command = CommandBuilder::new("/bin/sh");
        command.args(["-c", line]);
        command.env_clear();
        command.env("HOME", home.path(""));
        command.env("PATH", "/usr/bin:/bin");
        command.env("BIN", env!("CARGO_BIN_EXE_convrating"));
        for (name, value) in variables {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).expect("it starts");
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let (sender, bytes) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                if sender.send(buffer[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        let keyboard = pair.master.take_writer().expect("a keyboard");
        Self { bytes, keyboard, shown: String::new(), child, _pair: pair }
    }

    /// Waits until this stands on the terminal.
    #[track_caller]
    fn wait_for(&mut self, text: &str) {
        let deadline = Instant::now() + DEADLINE;
        while !self.shown.contains(text) {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.bytes.recv_timeout(left) {
                Ok(bytes) => self.shown.push_str(&String::from_utf8_lossy(&bytes)),
                Err(error) => panic!("{text:?} is not in {:?}: {error}", self.shown),
            }
        }
    }

    fn type_in(&mut self, text: &str) {
        self.keyboard.write_all(text.as_bytes()).expect("typed");
    }

    fn end(mut self) -> (String, u32) {
        let code = self.child.wait().expect("it ends").exit_code();
        (self.shown, code)
    }
}

const THEN_ASK: &str = "; echo \"code $?\"; stty -a | grep -o -- '-\\?\\<echo\\>'; echo end";

#[test]
fn a_typed_token_is_not_shown_and_the_echo_comes_back() {
    let (home, server) = (Home::new(), Server::start());
    let line = format!("$BIN login a --base-url {}{THEN_ASK}", server.url);
    let mut terminal = Terminal::run(&home, &line, &[]);
    terminal.wait_for("(not shown): ");
    terminal.type_in(&format!("wrong\u{15}{}\r", server.token("acme")));
    terminal.wait_for("end\r\n");
    let (shown, _) = terminal.end();
    assert!(!shown.contains(server.token("acme")) && !shown.contains("wrong"), "{shown}");
    assert!(shown.contains("Stored a: agent ri4k73zpat on "), "{shown}");
    assert!(shown.ends_with("code 0\r\necho\r\nend\r\n"), "{shown}");
    assert!(home.path(&format!("{TOKENS}/a")).exists());
}

#[test]
fn ctrl_c_brings_the_echo_back() {
    let home = Home::new();
    let line = format!("$BIN login a{THEN_ASK}");
    let mut terminal = Terminal::run(&home, &line, &[]);
    terminal.wait_for("(not shown): ");
    terminal.type_in("half\u{3}");
    terminal.wait_for("end\r\n");
    assert!(terminal.shown.ends_with("code 130\r\necho\r\nend\r\n"), "{}", terminal.shown);
    assert_eq!(terminal.end().1, 0);
}

#[test]
fn a_protected_profile_is_changed_after_a_yes() {
    let (home, server) = (Home::new(), Server::start());
    home.config(&format!("[profiles.p]\ntoken_env = 'T'\nbase_url = '{}'\nprotected = true\n", server.url));
    let variables = [("T", server.token("acme"))];
    for (answer, code, applied) in [("n", "code 1\r\n", 0), ("", "code 1\r\n", 0), ("y", "code 0\r\n", 1)] {
        let line = format!("$BIN set -p p --active on --add N{THEN_ASK}");
        let mut terminal = Terminal::run(&home, &line, &variables);
        terminal.wait_for("Set rating on; add N? [y/N] ");
        let question = format!("p is [PROTECTED]: agent ri4k73zpat on {}\r\n", server.host());
        assert!(terminal.shown.contains(&question), "{}", terminal.shown);
        assert_eq!(server.hooks.requests().len(), 0, "nothing before the answer");
        terminal.type_in(&format!("{answer}\r"));
        terminal.wait_for("end\r\n");
        assert!(terminal.shown.contains(code), "{}", terminal.shown);
        assert_eq!(server.hooks.applied("acme"), applied);
    }
}
