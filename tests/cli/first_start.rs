//! The first start in a clean home: the user adds a profile in the editor, and all is as `login` leaves it.

use std::fs;
use std::path::Path;

use super::editor::open;
use super::support::{CONFIG, Home, Server, TOKENS, end, mode, within};
use crate::support::pty::{Exit, Pty};
use convrating::demo::Method;

/// An editor in this home that has asked for the token of the new profile acme-prod.
fn naming(home: &Home, server: &Server) -> Pty {
    let pty = open(home, &[], &[("QUICKCHAT_BASE_URL", &server.url)]);
    pty.wait_for_text("Welcome. There is no profile on this machine yet.");
    pty.send("\r");
    pty.wait_for_text("ADD A PROFILE");
    pty.send("acme-prod");
    pty.wait_for_text("> acme-prod");
    pty.insist("\r", "API TOKEN");
    pty
}

/// Pastes a token and takes it.
fn give(pty: &Pty, token: &str) {
    pty.send(format!("\x1b[200~{token}\x1b[201~"));
    pty.wait_for_text(&format!("({} characters)", token.len()));
    // Right behind the paste Enter is one of its line ends.
    pty.insist_away("\r", "characters)");
}

/// What `login` leaves: the configuration file and the stored token.
fn files(home: &Home) -> [String; 2] {
    [CONFIG, &format!("{TOKENS}/acme-prod")].map(|name| fs::read_to_string(home.path(name)).expect(name))
}

fn log_in(home: &Home, server: &Server, agent: &str) {
    let input = format!("{}\n", server.token(agent));
    let ran = home.run_with_input(&["login", "acme-prod", "--base-url", &server.url], &[], &input);
    assert_eq!(ran.code, 0, "{ran:?}");
}

/// True where nothing was stored.
fn is_clean(home: &Home) -> bool {
    let has_token = fs::read_dir(home.path(TOKENS)).is_ok_and(|mut tokens| tokens.next().is_some());
    !home.path(CONFIG).exists() && !has_token
}

fn quit(pty: &Pty) {
    pty.send("q");
    assert_eq!(pty.wait_exit(), Exit::Code(0));
}

#[test]
fn a_profile_that_is_added_in_the_editor_is_stored_as_login_stores_it_and_opens_at_the_next_start() {
    let (home, other, server) = (Home::new(), Home::new(), Server::start());
    let pty = naming(&home, &server);
    give(&pty, server.token("acme"));
    pty.wait_for_text("Ask visitors");
    pty.wait_for_text("Stored acme-prod: agent demoagent1.");
    assert!(!String::from_utf8_lossy(&pty.raw_output()).contains(&server.token("acme")[..8]));
    quit(&pty);
    log_in(&other, &server, "acme");
    assert_eq!(files(&home), files(&other));
    let modes = |path: &Path| (mode(path), mode(path.parent().expect("a directory")));
    assert_eq!(modes(&home.path(&format!("{TOKENS}/acme-prod"))), (0o600, 0o700));
    let pty = open(&home, &[], &[]);
    pty.wait_for_text("Ask visitors");
    assert!(pty.words().contains("acme-prod") && pty.words().contains("oken from login"), "{}", pty.words());
    quit(&pty);
    assert_eq!(server.hooks.attempts(Method::Patch), 0);
}

#[test]
fn a_token_that_does_not_work_is_not_stored_and_the_next_one_is_taken() {
    let (home, server) = (Home::new(), Server::start());
    server.hooks.revoke("mixed");
    let pty = naming(&home, &server);
    give(&pty, server.token("mixed"));
    pty.wait_for_words("a refusal", |words| {
        words.contains("Not stored: The token that you typed for acme-prod was refused")
    });
    assert!(is_clean(&home), "nothing is stored");
    give(&pty, server.token("acme"));
    pty.wait_for_text("Ask visitors");
    quit(&pty);
    assert!(files(&home)[0].contains("scenario_id = \"demoagent1\""));
}

#[test]
fn a_profile_that_another_window_adds_meanwhile_is_left_as_it_is() {
    // Before the token is tried: then it is not sent at all.
    let (home, server) = (Home::new(), Server::start());
    let pty = naming(&home, &server);
    log_in(&home, &server, "mixed");
    let (theirs, reads) = (files(&home), server.hooks.attempts(Method::Get));
    give(&pty, server.token("acme"));
    pty.wait_for_text("Not stored: there is a profile \"acme-prod\" already.");
    assert_eq!((files(&home), server.hooks.attempts(Method::Get)), (theirs.clone(), reads));
    pty.send("\x1b");
    pty.wait_for_text("ADD A PROFILE");
    pty.send("\x1b");
    pty.wait_for_text("[ Open the demo ]");
    pty.send("p");
    pty.wait_for_text("1 of 1 answered");
    pty.send("\r");
    pty.wait_for_text("demoagent3");
    quit(&pty);
    assert_eq!(files(&home), theirs);
}

#[test]
fn a_profile_that_another_window_adds_while_the_token_is_tried_is_left_as_it_is() {
    let (home, server) = (Home::new(), Server::start());
    let pty = naming(&home, &server);
    let held = server.hooks.hold(Method::Get);
    give(&pty, server.token("acme"));
    within(held.arrived());
    // The hold is for one request alone.
    log_in(&home, &server, "mixed");
    let theirs = files(&home);
    held.release();
    pty.wait_for_text("Not stored: there is a profile \"acme-prod\" already.");
    assert_eq!(files(&home), theirs);
    pty.send("\x03");
    assert_eq!(pty.wait_exit(), Exit::Code(0));
}

#[test]
fn the_file_that_login_and_the_editor_write_at_the_same_time_holds_both_profiles() {
    let (home, server) = (Home::new(), Server::start());
    let pty = naming(&home, &server);
    let mut command = home.command(&["login", "other", "--base-url", &server.url], &[]);
    command.stdin(std::process::Stdio::piped());
    let mut child = command.stdout(std::process::Stdio::null()).spawn().expect("it starts");
    give(&pty, server.token("acme"));
    let line = format!("{}\n", server.token("mixed"));
    std::io::Write::write_all(&mut child.stdin.take().expect("a pipe"), line.as_bytes()).expect("it reads");
    assert_eq!(end(child).code, 0);
    pty.wait_for_text("Ask visitors");
    quit(&pty);
    let config = &files(&home)[0];
    assert!(config.contains("[profiles.acme-prod]") && config.contains("[profiles.other]"), "{config}");
}
