//! The command that the editor copies and shows, typed into real shells against a server.

use std::fs;
use std::path::PathBuf;

use convrating::demo::Method;
use serde_json::Value;

use super::bytes::clipboard;
use super::host::{FORM, Host, opened, within};
use super::screens::walk;
use crate::support::configuration::object;
use crate::support::programs::require;
use crate::support::pty::{Builder, Exit, Pty};

/// What a shell, an interactive editor of lines, or JSON could take for something else.
const HOSTILE: [&str; 10] = [
    "it's",
    "\"quoted\" \\\" \\\\ \\n",
    "$HOME ${HOME} $$ $(id)",
    "`id`",
    "!! !$ !1 wow!",
    "line\nbreak\r\ttab",
    "満足度 é \u{1F600} \u{202e}",
    "; exit 3 # && || | > /dev/null &",
    "~ * ? [a-z] {1,2} ^a^b",
    " %s%n -H @x \\",
];

/// A profile, and the variable that its command takes the token from.
const PROFILE: (&str, &str) = ("acme-prod", "QUICKCHAT_API_TOKEN_acme_2Dprod");

/// How a shell gets the command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// A paste with its marks, which the shell has asked for.
    MarkedPaste,
    /// A paste without marks, or typing.
    Typing,
    /// A file.
    Script,
}

/// One shell, and one way to give it a command.
#[derive(Debug)]
struct Shell {
    program: PathBuf,
    way: Way,
}

/// The shells of this machine, each in every way that it has.
fn shells() -> Vec<Shell> {
    let with_editor = [require("bash"), require("zsh")].into_iter().flatten();
    let without = [require("dash"), Some(PathBuf::from("/bin/sh"))].into_iter().flatten();
    let each = |program: PathBuf, ways: &'static [Way]| {
        ways.iter().map(move |way| Shell { program: program.clone(), way: *way })
    };
    let with_editor =
        with_editor.flat_map(|program| each(program, &[Way::MarkedPaste, Way::Typing, Way::Script]));
    with_editor.chain(without.flat_map(|program| each(program, &[Way::Typing, Way::Script]))).collect()
}

impl Shell {
    fn name(&self) -> &str {
        self.program.file_name().and_then(|name| name.to_str()).expect("a name")
    }

    /// The shell with nothing of the machine's own settings, and with this variable.
    fn start(&self, text: &str, (name, value): (&str, &str)) -> Pty {
        let arguments = match (self.way, self.name()) {
            (Way::Script, _) => &["script"][..],
            (_, "bash") => &["--noprofile", "--norc", "-i"],
            (_, "zsh") => &["--no-globalrcs", "-i"],
            _ => &["-i"],
        };
        let is_marked = self.way == Way::MarkedPaste;
        let readline = format!("set enable-bracketed-paste {}\n", if is_marked { "on" } else { "off" });
        let zsh = if is_marked { "" } else { "unset zle_bracketed_paste\n" };
        let builder = Builder::command(&self.program, arguments).size(200, 60);
        let builder = builder.file("script", text).file("inputrc", &readline).file(".zshrc", zsh);
        let pty = builder.env("INPUTRC", "inputrc").env("PS1", "READY> ").env(name, value).start();
        self.give(&pty, text);
        pty
    }

    /// Types or pastes the command and presses Enter.
    fn give(&self, pty: &Pty, text: &str) {
        // A terminal sends a line break as Enter.
        let text = text.replace('\n', "\r");
        match self.way {
            Way::Script => {}
            Way::MarkedPaste => {
                pty.wait_for("a shell that asks for marks", vt100::Screen::bracketed_paste);
                pty.send(format!("\x1b[200~{text}\x1b[201~\r"));
            }
            Way::Typing => {
                pty.wait_for_text("READY>");
                pty.send(format!("{text}\r"));
            }
        }
    }

    /// Ends the shell, and says how the command ended.
    fn end(&self, pty: &Pty) -> Exit {
        if self.way != Way::Script {
            pty.send("exit\r");
        }
        pty.wait_exit()
    }
}

/// An editor on this profile, whose agent asks these questions and one more. That one is switched off in the draft, and the rating on.
fn editor(host: &Host, profile: &str, codes: &[&str], size: (u16, u16)) -> Pty {
    host.hooks.set_configuration("acme", object([false; 2], &[&["GOES"], codes].concat()));
    let config = format!("[profiles.\"{profile}\"]\nbase_url = \"{}\"\ntoken_file = \"token\"\n", host.url);
    let builder = Builder::convrating(&["-p", profile]).size(size.0, size.1);
    let builder = builder.file("config/convrating/config.toml", &config);
    let pty = opened(builder.file("config/convrating/token", host.token("acme")));
    walk(
        &pty,
        &[
            ("", FORM),
            (" ", "1 unsaved change"),
            ("2", ""),
            (" ", "2 unsaved changes"),
            ("v", "s reads again"),
        ],
    );
    pty
}

/// The command that `c` sends to the terminal.
fn copied(pty: &Pty) -> String {
    use base64::Engine as _;
    walk(pty, &[("c", "sent to your terminal; it may not allow it.")]);
    let (copied, _) = clipboard(&pty.raw_output());
    let [copied] = &copied[..] else { panic!("one text: {copied:?}") };
    let bytes = base64::engine::general_purpose::STANDARD.decode(copied).expect("base64");
    String::from_utf8(bytes).expect("UTF-8")
}

/// The command as a user selects it on the screen, from its first row to its last.
fn selected(pty: &Pty) -> String {
    let screen = pty.screen_text();
    let rows = screen.lines().skip_while(|row| !row.starts_with(": 'profile"));
    let rows: Vec<_> = rows.take_while(|row| !row.trim().is_empty()).collect();
    assert!(
        rows.last().is_some_and(|row| row.trim_end().ends_with("]}'")),
        "all of it is on the screen:\n{screen}"
    );
    rows.join("\n")
}

/// The command lines of the processes in the session that this process leads.
fn command_lines(leader: &str) -> Vec<String> {
    let processes =
        fs::read_dir("/proc").expect("processes").filter_map(Result::ok).map(|entry| entry.path());
    let is_in_session = |process: &PathBuf| {
        let stat = fs::read_to_string(process.join("stat")).unwrap_or_default();
        // After the name: the state, the parent, the group, the session.
        stat.rsplit(") ").next().and_then(|rest| rest.split(' ').nth(3)) == Some(leader)
    };
    let read = |process: PathBuf| fs::read(process.join("cmdline")).ok();
    let lines = processes.filter(is_in_session).filter_map(read);
    lines.map(|line| String::from_utf8_lossy(&line).replace('\0', " ")).collect()
}

/// Gives the command to each shell with the right token, and looks at what reaches the server, and at `ps` meanwhile.
#[track_caller]
fn assert_sends_the_draft(host: &Host, text: &str, variable: &str, codes: &[&str]) {
    let expected: Value = object([true; 2], codes);
    for shell in shells() {
        let held = host.hooks.hold(Method::Patch);
        let pty = shell.start(text, (variable, host.token("acme")));
        within(held.arrived());
        let lines = command_lines(&pty.pid().as_raw_nonzero().to_string());
        assert!(lines.iter().any(|line| line.contains("curl -g -X PATCH")), "{shell:?}: {lines:?}");
        assert!(!lines.iter().any(|line| line.contains(host.token("acme"))), "{shell:?}: ps shows the token");
        held.release();
        assert_eq!(shell.end(&pty), Exit::Code(0), "{shell:?}\n{}", pty.screen_text());
        let requests = host.hooks.requests();
        let request = requests.last().expect("a request");
        let kind = request.headers.iter().find(|(name, _)| name == "content-type");
        assert_eq!(kind.map(|(_, value)| value.as_str()), Some("application/json"));
        assert_eq!((request.method.as_str(), request.agent.as_deref()), ("PATCH", Some("acme")), "{shell:?}");
        let body: Value = serde_json::from_slice(&request.body).expect("JSON");
        assert_eq!(body, expected, "{shell:?}");
    }
}

#[test]
fn each_shell_sends_the_draft_that_was_copied() {
    let Some(_) = require("curl") else { return };
    let host = Host::start();
    // Together longer than the line that a terminal keeps for a shell without an editor of lines.
    let long: Vec<String> = (0..40).map(|number| format!("{number}-it's-{}", "long-".repeat(30))).collect();
    let codes: Vec<&str> = HOSTILE.into_iter().chain(long.iter().map(String::as_str)).collect();
    let text = copied(&editor(&host, PROFILE.0, &codes, (80, 24)));
    assert!(text.len() > 6000, "{}", text.len());
    assert_sends_the_draft(&host, &text, PROFILE.1, &codes);
}

#[test]
fn each_shell_sends_the_draft_that_was_selected_on_the_screen() {
    let Some(_) = require("curl") else { return };
    let long = "long ".repeat(39);
    let codes: Vec<&str> = HOSTILE.into_iter().chain([long.as_str()]).collect();
    for size in [(80, 60), (40, 120)] {
        let host = Host::start();
        let text = selected(&editor(&host, PROFILE.0, &codes, size));
        assert_sends_the_draft(&host, &text, PROFILE.1, &codes);
    }
}

#[test]
fn a_variable_that_is_longer_than_a_row_is_one_word_in_each_shell() {
    let Some(_) = require("curl") else { return };
    let host = Host::start();
    let profile = "ü".repeat(40);
    let variable = format!("QUICKCHAT_API_TOKEN_{}", "_C3_BC".repeat(40));
    let text = selected(&editor(&host, &profile, &["A"], (40, 120)));
    assert_sends_the_draft(&host, &text, &variable, &["A"]);
}

#[test]
fn with_the_token_of_another_agent_in_the_usual_variable_nothing_is_sent() {
    let Some(_) = require("curl") else { return };
    let host = Host::start();
    let text = copied(&editor(&host, PROFILE.0, &HOSTILE, (80, 24)));
    for shell in shells() {
        let pty = shell.start(&text, ("QUICKCHAT_API_TOKEN", host.token("mixed")));
        pty.wait_for_text(&format!("{}: holds no token", PROFILE.1));
        assert_ne!(shell.end(&pty), Exit::Code(0), "{shell:?}\n{}", pty.screen_text());
        assert_eq!(host.hooks.count(Method::Patch), 0, "{shell:?}");
    }
}
