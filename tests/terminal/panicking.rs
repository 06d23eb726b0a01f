//! A panic in a task of the editor: the terminal is restored before it is reported, the report shows no token, and the exit code tells.
//!
//! The product has nothing that panics on purpose. So this test binary is the program, with the editor as it is and
//! something that panics among what the editor is given; as in `probe`, a variable makes it so.

use std::sync::Arc;

use convrating::agents::{
    Agents, Config, ConfiguredProfiles, Environment, KnownProfiles, Profile, TokenSource,
};
use convrating::api::credentials::{BaseUrl, Token};
use convrating::editor::{self, First, Setup};
use convrating::terminal::PreparedTerminal;

use super::bytes::assert_own;
use super::host::Host;
use super::screens::{TO_TOKEN, walk};
use crate::support::editor_harness::setup;
use crate::support::pty::{Builder, Exit};

const SWITCH: &str = "CONVRATING_TEST_EDITOR";

/// An editor whose part of this name panics, on a server.
fn editor(part: &str, host: &Host) -> Builder {
    let this = std::env::current_exe().expect("a test binary");
    let arguments = ["--exact", "terminal::panicking::program", "--nocapture", "--test-threads=1"];
    let builder = Builder::command(&this, &arguments).env(SWITCH, part).env("RUST_BACKTRACE", "0");
    builder.env("QUICKCHAT_BASE_URL", &host.url).env("QUICKCHAT_API_TOKEN", host.token("acme"))
}

#[test]
fn program() {
    let Ok(part) = std::env::var(SWITCH) else { return };
    convrating::install_panic_report();
    let terminal = PreparedTerminal::prepare().expect("the signals");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let ending = runtime.block_on(editor::run(terminal, panicking(&part))).expect("a terminal");
    #[expect(clippy::exit, reason = "the test harness around would give its own code")]
    std::process::exit(i32::from(ending.code));
}

fn variable(name: &str) -> String {
    std::env::var(name).expect("a variable")
}

fn panicking(part: &str) -> Setup {
    let base_url = BaseUrl::parse(&variable("QUICKCHAT_BASE_URL")).expect("a URL");
    let token = Token::new(&variable("QUICKCHAT_API_TOKEN")).expect("a token");
    let setup = setup(None);
    if part == "opening" {
        let configured = ConfiguredProfiles::new(Environment::from_process(), Config::default());
        let agents = Agents::new(KnownProfiles::Configured(configured));
        let agents = agents.with_log(Arc::new(|_| {
            panic!("on purpose, while an agent is opened: {}", variable("QUICKCHAT_API_TOKEN"))
        }));
        return Setup { agents, ..setup };
    }
    let agents = setup.agents.with_log(Arc::new(|_| {
        Arc::new(|_| panic!("on purpose, in a task: {}", variable("QUICKCHAT_API_TOKEN")))
    }));
    let profile = Profile::unnamed(base_url, token, TokenSource::Prompt);
    Setup { first: First::Profile(Box::new(profile)), agents, ..setup }
}

#[test]
fn a_panic_in_a_task_restores_the_terminal_before_it_is_reported_without_the_token_and_ends_the_editor() {
    let host = Host::start();
    for (part, keys, said) in [
        ("log", "", "on purpose, in a task: <token>"),
        ("opening", "token", "on purpose, while an agent is opened: <token>"),
    ] {
        let pty = editor(part, &host).start();
        if !keys.is_empty() {
            walk(&pty, TO_TOKEN);
            pty.send(keys);
            pty.wait_for_text("(5 characters)");
            pty.send("\r");
        }
        assert_eq!(pty.wait_exit(), Exit::Code(101), "{part}");
        pty.assert_restored();
        assert!(pty.screen_text().contains(said), "{part}: {}", pty.screen_text());
        assert_own(&pty.raw_output());
        let raw = String::from_utf8(pty.raw_output()).unwrap();
        let (left, reported) = (raw.rfind("\x1b[?1049l").unwrap(), raw.find(said).unwrap());
        assert!(left < reported, "{raw}");
        assert!(
            raw.contains("Error: panicked at tests/terminal/panicking.rs:"),
            "{part}: the report names no place"
        );
        assert!(!raw.contains(host.token("acme")), "{part}: the report shows the token");
    }
}
