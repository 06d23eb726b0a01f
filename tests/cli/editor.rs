//! The editor on a real terminal with real profiles: who is meant, who is listed, who is changed.

use std::fs;
use std::time::Duration;

use convrating::demo::Method;

use super::many::nine_profiles;
use super::support::{CONFIG, HISTORY, Home, Server};
use crate::support::pty::{Builder, Exit, Launch, Process, Pty};

pub(super) fn open(home: &Home, arguments: &[&str], variables: &[(&str, &str)]) -> Pty {
    to_open(home, arguments, variables).start()
}

fn to_open(home: &Home, arguments: &[&str], variables: &[(&str, &str)]) -> Builder {
    let builder = Builder::convrating(arguments)
        .env("HOME", &home.path("").to_string_lossy())
        .env("XDG_CONFIG_HOME", &home.path(".config").to_string_lossy())
        .env("XDG_STATE_HOME", &home.path(".local/state").to_string_lossy());
    variables.iter().fold(builder, |builder, (name, value)| builder.env(name, value))
}

/// The editor where no terminal can be handed to a helper program: it waits for the program on screen.
fn open_without_job_control(home: &Home, variables: &[(&str, &str)]) -> Pty {
    to_open(home, &[], variables).launch(Launch::NoControllingTerminal).start()
}

/// Three profiles: one that works, one that is protected, one whose token is not there.
fn three_profiles(server: &Server) -> Home {
    let home = Home::new();
    let profile = |name: &str, variable: &str, more: &str| {
        format!("[profiles.{name}]\nbase_url = '{}'\ntoken_env = '{variable}'\n{more}\n", server.url)
    };
    home.config(&format!(
        "default_profile = 'one'\n{}{}{}",
        profile("one", "ONE", ""),
        profile("two", "TWO", "protected = true"),
        profile("gone", "GONE", "")
    ));
    home
}

#[test]
fn with_several_profiles_and_no_default_the_editor_opens_their_list() {
    let server = Server::start();
    let home = three_profiles(&server);
    let config = fs::read_to_string(home.path(CONFIG)).expect("a file");
    home.config(config.strip_prefix("default_profile = 'one'\n").expect("a default"));
    let pty = open(&home, &[], &[("ONE", server.token("acme")), ("TWO", server.token("mixed"))]);
    pty.wait_for_text("3 of 3 answered");
    pty.send("j\r");
    pty.wait_for_text("two  [PROTECTED]");
    pty.wait_for_text("flags disagree: rating is on");
    pty.send("q");
    assert_eq!(pty.wait_exit(), Exit::Code(0));
}

#[test]
fn the_list_reads_the_configuration_file_once_for_all_profiles() {
    let (server, home) = (Server::start(), Home::new());
    nine_profiles(&home, &server.url);
    let pty = open(&home, &[], &[("T", server.token("acme"))]);
    pty.wait_for_text("9 of 9 answered");
    assert!(!home.path(CONFIG).exists());
    assert_eq!(server.hooks.count(Method::Get), 9);
    let screen = pty.screen_text();
    assert_eq!(screen.matches("2 of 2").count(), 9, "{screen}");
    pty.send("q");
    assert_eq!(pty.wait_exit(), Exit::Code(0));
}

#[test]
fn a_login_in_a_second_window_sends_its_token_to_its_own_host_alone() {
    let (old, new, home) = (Server::start(), Server::start(), Home::new());
    let login = |server: &Server| {
        let input = format!("{}\n", server.token("acme"));
        let ran = home.run_with_input(&["login", "acme", "--base-url", &server.url], &[], &input);
        assert_eq!(ran.code, 0, "{ran:?}");
    };
    login(&old);
    let pty = open(&home, &[], &[]);
    pty.wait_for_text("Ask visitors");
    login(&new);
    let (before, after) = (old.requests().len(), new.requests().len());
    pty.send("p");
    pty.wait_for_text("1 of 1 answered");
    assert_eq!((old.requests().len(), new.requests().len()), (before, after + 1));
    pty.send("qq");
    assert_eq!(pty.wait_exit(), Exit::Code(0));
}

#[test]
fn p_lists_the_profiles_and_a_protected_one_asks_before_it_is_changed() {
    let server = Server::start();
    let home = three_profiles(&server);
    let mixed = server.hooks.configuration("mixed");
    let pty = open(&home, &[], &[("ONE", server.token("acme")), ("TWO", server.token("mixed"))]);
    pty.wait_for_text("Ask visitors");
    pty.send("p");
    pty.wait_for_text("3 of 3 answered");
    let screen = pty.screen_text();
    assert!(screen.contains("DISAGREE") && screen.contains("no token"), "{screen}");
    pty.send("G");
    pty.wait_for_text("GONE");
    pty.send("kk");
    pty.wait_for_text("> one");
    pty.send("j\r");
    pty.wait_for_text("two  [PROTECTED]");
    pty.wait_for_text("flags disagree: rating is on");
    pty.send(" s");
    pty.wait_for_text("SAVE TO A PROTECTED PROFILE");
    pty.send("\r");
    pty.wait_for_text("1 unsaved change");
    assert_eq!(server.hooks.configuration("mixed"), mixed, "Keep editing was chosen");
    pty.send("s\t\r");
    pty.wait_for_text("Saved ");
    assert_eq!(server.hooks.applied("mixed"), 1);
    assert_eq!(server.hooks.applied("acme"), 0);
    pty.send("q");
    assert_eq!(pty.wait_exit(), Exit::Code(0));
    pty.wait_drained();
    assert!(pty.screen_text().contains("convrating: saved to two (agent "), "{}", pty.screen_text());
    let history = fs::read_to_string(home.path(HISTORY)).expect("a history");
    assert!(history.contains("\"two\"") && history.contains("\"saved\""), "{history}");
}

/// An editor on `one` with a change, whose user has chosen `two` in the list.
fn asked_to_switch(server: &Server, home: &Home) -> Pty {
    let pty = open(home, &["-p", "one"], &[("ONE", server.token("acme")), ("TWO", server.token("mixed"))]);
    pty.wait_for_text("Ask visitors");
    pty.send(" p");
    pty.wait_for_text("PROFILES");
    pty.send("j\r");
    pty
}

#[test]
fn switching_with_unsaved_changes_asks_and_loses_nothing_by_itself() {
    let server = Server::start();
    let home = three_profiles(&server);
    let pty = asked_to_switch(&server, &home);
    pty.wait_for_text("SWITCH");
    pty.send("\x1b");
    pty.wait_for_text("Nothing was sent yet.");
    pty.send("p");
    pty.wait_for_text("PROFILES");
    pty.send("j\r");
    pty.wait_for_text("SWITCH");
    pty.send("\t\t\r");
    pty.wait_for_text("two  [PROTECTED]");
    pty.wait_for_text("flags disagree: rating is on");
    pty.send("q");
    assert_eq!(pty.wait_exit(), Exit::Code(0));
    assert_eq!(server.hooks.applied("acme"), 0);
}

#[test]
fn save_and_switch_saves_to_the_profile_that_was_open_and_opens_the_other_one() {
    let server = Server::start();
    let home = three_profiles(&server);
    let pty = asked_to_switch(&server, &home);
    pty.wait_for_text("[ Save and switch ]");
    pty.send("\t\r");
    pty.wait_for_text("two  [PROTECTED]");
    pty.wait_for_text("flags disagree: rating is on");
    pty.send("q");
    assert_eq!(pty.wait_exit(), Exit::Code(0));
    assert_eq!((server.hooks.applied("acme"), server.hooks.applied("mixed")), (1, 0));
    assert_eq!(server.hooks.configuration("acme")["conv_rating_active"], true);
}

#[test]
fn a_profile_that_cannot_be_used_is_told_before_the_editor_opens() {
    let server = Server::start();
    let home = three_profiles(&server);
    for (arguments, code, word) in [
        (&["-p", "nobody"][..], 2, "there is no profile \"nobody\""),
        (&["-p", "gone"], 4, "GONE"),
        (&["-p", "one", "--base-url", "https://evil.example"], 2, "is not sent to evil.example"),
    ] {
        let pty = open(&home, arguments, &[("ONE", server.token("acme"))]);
        let exit = pty.wait_exit();
        pty.wait_drained();
        assert_eq!(exit, Exit::Code(code), "{arguments:?}: {}", pty.screen_text());
        assert!(pty.screen_text().contains(word), "{arguments:?}: {}", pty.screen_text());
    }
    assert!(server.hooks.requests().is_empty());
}

#[test]
fn a_token_command_is_waited_for_on_screen_and_its_failure_is_told_there() {
    let server = Server::start();
    let home = Home::new();
    let gate = home.path("gate");
    rustix::fs::mknodat(rustix::fs::CWD, &gate, rustix::fs::FileType::Fifo, 0o600.into(), 0).expect("a fifo");
    let command = format!("token_command = ['/bin/sh', '-c', 'cat {}']", gate.display());
    home.config(&format!("default_profile = 'c'\n[profiles.c]\nbase_url = '{}'\n{command}\n", server.url));
    let pty = open_without_job_control(&home, &[]);
    pty.wait_for_text("Loading");
    assert!(pty.screen_text().contains("token from command sh"), "{}", pty.screen_text());
    fs::write(&gate, format!("{}\n", server.token("acme"))).expect("written");
    pty.wait_for_text("Ask visitors");
    pty.send("q");
    assert_eq!(pty.wait_exit(), Exit::Code(0));
    home.config(&format!(
        "default_profile = 'c'\n[profiles.c]\nbase_url = '{}'\ntoken_command = ['/bin/sh', '-c', 'echo locked >&2; exit 1']\n",
        server.url
    ));
    for pty in [open(&home, &[], &[]), open_without_job_control(&home, &[])] {
        pty.wait_for_text("Not read ");
        pty.wait_for_text("locked");
        pty.send("q");
        assert_eq!(pty.wait_exit(), Exit::Code(0));
    }
}

/// A program that says its number where the test finds it, and ends with the test alone. It holds no pipe, since tail ends by
/// itself where nothing reads its output any more.
fn endless() -> String {
    let end = format!("exec tail --pid={} -f /dev/null > /dev/null 2> /dev/null", std::process::id());
    format!("echo $$ > \"$HOME/command\"; {end}")
}

/// The program, once it runs.
fn wait_for_command(home: &Home) -> Process {
    loop {
        let text = fs::read_to_string(home.path("command")).unwrap_or_default();
        if let (true, Ok(pid)) = (text.ends_with('\n'), text.trim().parse()) {
            return Process::with_id(pid);
        }
        std::thread::yield_now();
    }
}

#[test]
fn a_token_command_ends_when_the_user_opens_another_profile() {
    let (home, server) = (Home::new(), Server::start());
    home.config(&format!(
        "default_profile = 'slow'\n[profiles.slow]\ntoken_command = ['/bin/sh', '-c', '{}']\n\
         [profiles.one]\nbase_url = '{}'\ntoken_env = 'ONE'\n",
        endless(),
        server.url
    ));
    let pty = open_without_job_control(&home, &[("ONE", server.token("acme"))]);
    let process = wait_for_command(&home);
    pty.send("p");
    pty.wait_for_text("1 of 2 answered");
    pty.send("j\r");
    pty.wait_for_text("Ask visitors");
    process.wait_gone();
    pty.send("q");
    assert_eq!(pty.wait_exit(), Exit::Code(0));
}

#[test]
fn a_token_command_ends_when_the_user_stops_waiting_for_it() {
    let home = Home::new();
    home.config(&format!(
        "default_profile = 'slow'\n[profiles.slow]\ntoken_command = ['/bin/sh', '-c', '{}']\n",
        endless()
    ));
    let pty = open_without_job_control(&home, &[]);
    let process = wait_for_command(&home);
    pty.send("\x1b");
    pty.wait_for_text("Not read");
    // At the limit of a token_command, ten seconds, it would end too.
    assert!(process.wait_gone() < Duration::from_secs(5));
    pty.send("r");
    pty.wait_for_text("Loading");
    pty.send("q");
    assert_eq!(pty.wait_exit(), Exit::Code(0));
}

#[test]
fn a_token_command_ends_with_the_editor() {
    let home = Home::new();
    let config = format!(
        "default_profile = 'slow'\n[profiles.slow]\ntoken_command = ['/bin/sh', '-c', '{}']\n",
        endless()
    );
    home.config(&config);
    for signal in [None, Some(rustix::process::Signal::TERM)] {
        let pty = open_without_job_control(&home, &[]);
        pty.wait_for_text("Loading");
        let process = wait_for_command(&home);
        match signal {
            Some(signal) => pty.signal(signal),
            None => pty.send("q"),
        }
        process.wait_gone();
        fs::remove_file(home.path("command")).expect("it was there");
    }
}

#[test]
fn trusted_certificates_that_would_not_answer_are_named_and_keep_no_key_from_being_heard() {
    let home = Home::new();
    let fifo = home.path("roots");
    rustix::fs::mkfifoat(rustix::fs::CWD, &fifo, rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR)
        .expect("a FIFO");
    let variables = [("QUICKCHAT_API_TOKEN", "t"), ("SSL_CERT_FILE", fifo.to_str().expect("UTF-8"))];
    let pty = open(&home, &["--base-url", "https://api.invalid"], &variables);
    pty.wait_for_text("it is a FIFO and not");
    pty.send("?");
    pty.wait_for_text("move; scroll a page");
    pty.send("qq");
    assert_eq!(pty.wait_exit(), Exit::Code(0));
}
