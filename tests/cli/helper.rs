//! A `token_command` that asks the user for something owns the terminal while it runs.

use std::fs;
use std::path::Path;

use rustix::process::Signal;

use super::support::Server;
use crate::support::programs;
use crate::support::pty::{Builder, Exit, Launch, Process, Pty};

/// What the user types for the helper.
pub(super) const SECRET: &str = "open-sesame";

/// A helper that asks on `/dev/tty`, as many do.
const ASKS: &str = "echo run >> \"$HOME/runs\"; echo $$ > \"$HOME/helper\"\n\
    stty -echo </dev/tty; printf 'Passphrase: ' >/dev/tty; read -r typed </dev/tty\n\
    stty echo </dev/tty; echo >/dev/tty\n\
    test \"$typed\" = open-sesame || { echo \"wrong\" >&2; exit 3; }\n\
    cat \"$HOME/token\"\n";

/// A helper whose question is asked by a program of another session, which finds the terminal by its name, as gpg's pinentry
/// does.
const ASKS_ELSEWHERE: &str = "echo $$ > \"$HOME/helper\"\n\
    setsid -w /bin/sh \"$HOME/config/convrating/elsewhere.sh\" </dev/null || exit 3\n\
    cat \"$HOME/token\"\n";
const ELSEWHERE: &str = "stty -echo <\"$GPG_TTY\"; printf 'Passphrase: ' >\"$GPG_TTY\"; read -r typed <\"$GPG_TTY\"\n\
    stty echo <\"$GPG_TTY\"; echo >\"$GPG_TTY\"; test \"$typed\" = open-sesame\n";

/// The profile `a` takes its token from the helper, `b` from the variable `B`.
fn with_helper(builder: Builder, server: &Server, helper: &str) -> Builder {
    let config = format!(
        "default_profile = 'a'\n[profiles.a]\nbase_url = '{url}'\ntoken_command = ['/bin/sh', 'helper.sh']\n\
         [profiles.b]\nbase_url = '{url}'\ntoken_env = 'B'\n",
        url = server.url
    );
    let builder = builder.file("config/convrating/config.toml", &config);
    let builder = builder.file("config/convrating/helper.sh", helper);
    let builder = builder.file("config/convrating/elsewhere.sh", ELSEWHERE);
    builder.file("token", &format!("{}\nlogin: ada\n", server.token("acme"))).env("B", server.token("mixed"))
}

fn convrating(arguments: &[&str], server: &Server, helper: &str) -> Builder {
    with_helper(Builder::convrating(arguments), server, helper)
}

/// A shell that runs convrating and then reads what is left of what was typed.
fn with_shell_behind(arguments: &str, server: &Server, helper: &str) -> Builder {
    let line = format!("{} {arguments}; read rest; echo \"left: [$rest]\"", env!("CARGO_BIN_EXE_convrating"));
    with_helper(Builder::command(Path::new("/bin/sh"), &["-c", &line]), server, helper)
}

pub(super) fn shown(pty: &Pty) -> String {
    String::from_utf8_lossy(&pty.raw_output()).into_owned()
}

/// The helper, which has asked.
fn helper_of(pty: &Pty) -> Process {
    let id = fs::read_to_string(pty.home().join("helper")).expect("it said its number");
    Process::with_id(id.trim().parse().expect("a number"))
}

fn runs(pty: &Pty) -> usize {
    fs::read_to_string(pty.home().join("runs")).unwrap_or_default().lines().count()
}

/// Nothing of what was typed is shown, and the terminal is as before.
fn assert_quiet(pty: &Pty) {
    pty.assert_restored();
    for typed in [SECRET, "leftover"] {
        assert!(!shown(pty).contains(typed), "{typed}: {}", shown(pty));
    }
}

#[test]
fn what_is_typed_for_a_helper_reaches_neither_the_screen_nor_the_shell() {
    let server = Server::start();
    let mut helpers = vec![ASKS];
    helpers.extend(programs::require("setsid").map(|_| ASKS_ELSEWHERE));
    for helper in helpers {
        let pty = with_shell_behind("get -p a", &server, helper).start();
        pty.wait_for_text("Passphrase: ");
        pty.send(format!("{SECRET}\nleftover\n"));
        pty.wait_for_text("Questions");
        pty.send("\n");
        pty.wait_for_text("left: []");
        assert_eq!(pty.wait_exit(), Exit::Code(0));
        assert_quiet(&pty);
    }
}

#[test]
fn the_editor_starts_after_the_helper_and_hears_nothing_that_was_typed_for_it() {
    let server = Server::start();
    let mut helpers = vec![ASKS];
    helpers.extend(programs::require("setsid").map(|_| ASKS_ELSEWHERE));
    for helper in helpers {
        let pty = convrating(&[], &server, helper).start();
        pty.wait_for_text("Passphrase: ");
        assert!(!shown(&pty).contains("\x1b["), "the screen is not entered: {}", shown(&pty));
        // Space would change the form, and q would quit.
        pty.send(format!("{SECRET}\n q leftover\n"));
        pty.wait_for_text("Ask visitors");
        pty.send("p");
        pty.wait_for_text("2 of 2 answered");
        pty.send("\x1b");
        pty.insist_away("", "PROFILES");
        assert!(!pty.screen_text().contains("unsaved"), "{}", pty.screen_text());
        pty.send("q");
        assert_eq!(pty.wait_exit(), Exit::Code(0));
        assert_quiet(&pty);
    }
}

/// How a run is left while its helper asks, and how it ends then.
type WayOut = (fn(&mut Pty), Exit, Exit);

const WAYS_OUT: [WayOut; 5] = [
    (|pty| pty.send("half\u{3}"), Exit::Code(130), Exit::Code(130)),
    (|pty| pty.signal(Signal::INT), Exit::Code(130), Exit::Code(130)),
    (|pty| pty.signal(Signal::TERM), Exit::Signal(15), Exit::Code(143)),
    (|pty| pty.signal(Signal::HUP), Exit::Signal(1), Exit::Code(129)),
    (|pty| pty.signal(Signal::QUIT), Exit::Signal(3), Exit::Code(131)),
];

#[test]
fn a_command_that_is_ended_while_its_helper_asks_leaves_no_helper_and_brings_the_echo_back() {
    let server = Server::start();
    for command in ["get", "status", "set"] {
        for (leave, exit, _) in &WAYS_OUT {
            let arguments: &[&str] =
                if command == "set" { &["set", "-p", "a", "--active", "off"] } else { &[command, "-p", "a"] };
            let mut pty = convrating(arguments, &server, ASKS).start();
            pty.wait_for_text("Passphrase: ");
            let helper = helper_of(&pty);
            leave(&mut pty);
            assert_eq!(pty.wait_exit(), *exit, "{command}");
            helper.wait_gone();
            pty.assert_restored();
        }
    }
    assert!(server.requests().is_empty());
}

#[test]
fn an_editor_that_is_ended_while_its_first_helper_asks_leaves_no_helper() {
    let server = Server::start();
    for (leave, _, exit) in &WAYS_OUT {
        let mut pty = convrating(&[], &server, ASKS).start();
        pty.wait_for_text("Passphrase: ");
        let helper = helper_of(&pty);
        leave(&mut pty);
        assert_eq!(pty.wait_exit(), *exit);
        helper.wait_gone();
        pty.assert_restored();
    }
}

/// An editor on `b` with a draft, which opens `a`: its helper asks.
fn switching(server: &Server) -> Pty {
    let pty = convrating(&["-p", "b"], server, ASKS).start();
    pty.wait_for_text("Ask visitors");
    pty.send("j ");
    pty.wait_for_text("1 unsaved change");
    pty.send("p");
    pty.wait_for_text("2 of 2 answered");
    pty.send("k\r");
    pty.wait_for_text("Switch without saving");
    pty.send("\x1b[C\x1b[C\r");
    pty.wait_for("the helper's question on the main screen", |screen| {
        !screen.alternate_screen() && screen.contents().contains("Passphrase: ")
    });
    pty
}

#[test]
fn an_open_editor_leaves_the_screen_to_a_helper_and_comes_back() {
    let server = Server::start();
    let pty = switching(&server);
    pty.send(format!("{SECRET}\n q leftover\n"));
    pty.wait_for("the form of the other profile", |screen| {
        screen.alternate_screen() && screen.contents().contains("demoagent1")
    });
    pty.wait_for_text("Ask visitors");
    assert!(!pty.screen_text().contains("unsaved"), "{}", pty.screen_text());
    pty.send(" ");
    pty.wait_for_text("1 unsaved change");
    pty.send("u");
    pty.insist_away("", "unsaved");
    pty.send("q");
    assert_eq!(pty.wait_exit(), Exit::Code(0));
    assert_quiet(&pty);
}

#[test]
fn ctrl_c_in_a_helper_brings_the_editor_back_with_its_draft() {
    let server = Server::start();
    let pty = switching(&server);
    let helper = helper_of(&pty);
    pty.send("half\u{3}");
    pty.wait_for_text("1 unsaved change");
    helper.wait_gone();
    assert!(pty.words().contains("ended by Ctrl-C"), "{}", pty.screen_text());
    pty.send("s");
    pty.wait_for_text("Saved");
    assert_eq!(server.hooks.applied("mixed"), 1, "the connection is that of the profile that was left");
    assert_eq!(server.hooks.applied("acme"), 0);
    pty.send("q");
    assert_eq!(pty.wait_exit(), Exit::Code(0));
    pty.assert_restored();
}

#[test]
fn an_open_editor_that_is_ended_while_a_helper_asks_leaves_no_helper() {
    let server = Server::start();
    for (signal, exit) in [(Signal::TERM, 143), (Signal::HUP, 129), (Signal::QUIT, 131), (Signal::INT, 130)] {
        let pty = switching(&server);
        let helper = helper_of(&pty);
        pty.signal(signal);
        assert_eq!(pty.wait_exit(), Exit::Code(exit));
        helper.wait_gone();
        pty.assert_restored();
    }
}

#[test]
fn a_terminal_that_hangs_up_while_a_helper_asks_takes_the_helper_with_it() {
    let server = Server::start();
    // It neither reads the terminal nor dies of SIGHUP.
    let deaf = format!("trap '' HUP; {}", ASKS.replace("read -r typed </dev/tty", "tail -f /dev/null"));
    for launch in [Launch::SessionLeader, Launch::ChildOfShell, Launch::HangupIgnored] {
        for arguments in [&["get", "-p", "a"][..], &[]] {
            let mut pty = convrating(arguments, &server, &deaf).launch(launch).start();
            pty.wait_for_text("Passphrase: ");
            let (helper, program) = (helper_of(&pty), pty.watch_process());
            pty.hang_up();
            helper.wait_gone();
            program.wait_gone();
        }
        let mut pty = switching(&server);
        let (helper, program) = (helper_of(&pty), pty.watch_process());
        pty.hang_up();
        helper.wait_gone();
        program.wait_gone();
    }
}

#[test]
fn ctrl_z_does_not_stop_a_helper_that_owns_the_terminal() {
    let server = Server::start();
    for launch in [Launch::SessionLeader, Launch::JobControl] {
        let pty = convrating(&["get", "-p", "a"], &server, ASKS).launch(launch).start();
        pty.wait_for_text("Passphrase: ");
        pty.send("\u{1a}\u{1a}");
        pty.send(format!("{SECRET}\n"));
        pty.wait_for_text("Questions");
        assert!(!pty.screen_text().contains("STOPPED 1"), "{}", pty.screen_text());
        assert_quiet(&pty);
    }
}

#[test]
fn a_background_job_asks_nothing() {
    let server = Server::start();
    let line = format!("set -m; {} get -p a & wait $!; echo \"code $?\"", env!("CARGO_BIN_EXE_convrating"));
    let builder = Builder::command(Path::new("/bin/sh"), &["-c", &line]);
    let pty = with_helper(builder, &server, ASKS).start();
    pty.wait_for_text("code 4");
    assert!(!shown(&pty).contains("Passphrase"), "{}", shown(&pty));
}

#[test]
fn a_list_never_starts_a_helper_that_may_ask_and_says_what_to_do() {
    let server = Server::start();
    let pty = convrating(&["get", "--all"], &server, ASKS).start();
    assert_eq!(pty.wait_exit(), Exit::Code(4));
    let words = pty.words();
    assert!(words.contains("its token_command may ask: open the profile alone"), "{words}");
    let pty = convrating(&["-p", "b"], &server, ASKS).size(160, 24).start();
    pty.wait_for_text("Ask visitors");
    pty.send("p");
    pty.wait_for_text("2 of 2 answered");
    pty.wait_for_text("its token_command may ask: open the profile alone");
    assert!(!shown(&pty).contains("Passphrase"), "{}", shown(&pty));
    pty.send("\x1bq");
    pty.insist_on_exit("q");
}

#[test]
fn the_list_asks_no_helper_for_the_profile_that_is_open() {
    let server = Server::start();
    let pty = convrating(&[], &server, ASKS).start();
    pty.wait_for_text("Passphrase: ");
    pty.send(format!("{SECRET}\n"));
    pty.wait_for_text("Ask visitors");
    pty.send("p");
    pty.wait_for_text("2 of 2 answered");
    assert!(!pty.screen_text().contains("may ask"), "{}", pty.screen_text());
    assert_eq!(runs(&pty), 1);
    pty.send("\x1b");
    pty.insist_on_exit("q");
}

#[test]
fn after_a_refused_token_r_runs_the_helper_again_and_after_another_failure_it_does_not() {
    let server = Server::start();
    server.hooks.revoke("acme");
    let pty = convrating(&[], &server, ASKS).start();
    for run in 1..=2 {
        pty.wait_for_text("Passphrase: ");
        pty.send(format!("{SECRET}\n"));
        pty.wait_for_text("refused");
        assert_eq!(runs(&pty), run);
        if run == 1 {
            pty.send("r");
            pty.wait_for("the main screen", |screen| !screen.alternate_screen());
        }
    }
    pty.insist_on_exit("q");
}

#[test]
fn a_helper_that_is_silent_for_three_seconds_is_named() {
    let server = Server::start();
    let slow = "mkfifo \"$HOME/gate\"; cat \"$HOME/gate\" >/dev/null; cat \"$HOME/token\"";
    let pty = convrating(&["get", "-p", "a"], &server, slow).start();
    pty.wait_for_text("Waiting for sh, the token_command of a. Ctrl-C ends it.");
    fs::write(pty.home().join("gate"), "go\n").expect("it waits");
    pty.wait_for_text("Questions");
    assert_eq!(pty.wait_exit(), Exit::Code(0));
}

#[test]
fn a_helper_finds_the_real_name_of_the_terminal() {
    let server = Server::start();
    let names = "echo \"tty $GPG_TTY\" >/dev/tty; test -t 0 && cat \"$HOME/token\"";
    for (line, more) in
        [("get -p a", ""), ("get -p a </dev/null 2>/dev/null | cat", ""), ("get -p a", "GPG_TTY=/dev/mine ")]
    {
        let line = format!("{more}{} {line}", env!("CARGO_BIN_EXE_convrating"));
        let pty = with_helper(Builder::command(Path::new("/bin/sh"), &["-c", &line]), &server, names).start();
        pty.wait_for_text("Questions");
        let wanted = if more.is_empty() { "tty /dev/pts/" } else { "tty /dev/mine" };
        assert!(pty.screen_text().contains(wanted), "{}", pty.screen_text());
    }
}

#[test]
fn line_by_line_too_a_helper_owns_the_terminal_and_the_next_line_is_the_editors() {
    let server = Server::start();
    let pty = convrating(&["--plain", "-p", "b"], &server, ASKS).size(200, 50).start();
    pty.wait_for_text("help, quit.");
    pty.send("profiles\n");
    pty.wait_for_text("An empty line goes back.");
    pty.send("a\n");
    pty.wait_for_text("Passphrase: ");
    pty.send(format!("{SECRET}\n"));
    pty.wait_for_text("Profile a, agent demoagent1");
    pty.wait_for("its form", |screen| screen.contents().matches("Type a number to switch it").count() == 2);
    pty.send("1\n");
    pty.wait_for_text("1 unsaved change.");
    pty.send("discard\nquit\n");
    assert_eq!(pty.wait_exit(), Exit::Code(0));
    pty.assert_restored();
    assert!(!shown(&pty).contains(SECRET), "{}", shown(&pty));
}
