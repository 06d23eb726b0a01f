use std::fmt::Write as _;
use std::time::Duration;

use convrating::demo::{Answer, Fault, Method};

use super::support::{CONFIG, Home, Server, without_times};
use crate::support::configuration::object;

#[test]
fn a_thousand_profiles_are_read_in_their_order() {
    const PROFILES: usize = 1000;
    const FAILING: usize = 10;
    let (home, server) = (Home::new(), Server::start());
    let mut config = String::new();
    for number in 0..PROFILES {
        let source = if number % (PROFILES / FAILING) == 7 { "NONE" } else { "T" };
        writeln!(config, "[profiles.p{number:04}]\ntoken_env = '{source}'\nbase_url = '{}'", server.url)
            .expect("a String");
    }
    home.config(&config);
    let latency = Fault::applied(Answer::Ordinary).after(Duration::from_millis(50));
    server.hooks.fail_always(Method::Get, latency);
    let ran = home.run(&["get", "--all"], &[("T", server.token("acme"))]);
    let names: Vec<_> = ran.stdout.lines().map(|line| &line[..5]).collect();
    let expected: Vec<_> = (0..PROFILES).map(|number| format!("p{number:04}")).collect();
    assert_eq!(names, expected);
    assert_eq!(ran.stdout.matches("  failed    ").count(), FAILING);
    assert_eq!((ran.code, server.hooks.count(Method::Get)), (4, PROFILES - FAILING));
}

/// Nine profiles, one more than are asked at a time. The helper programs of the first eight remove the configuration file: the ninth
/// is opened when it is gone.
pub(super) fn nine_profiles(home: &Home, url: &str) {
    let remove = format!("rm -f '{}'; echo $T", home.path(CONFIG).display());
    let mut config = String::new();
    for number in 0..9 {
        let source = if number < 8 {
            format!("token_command = ['/bin/sh', '-c', '''{remove}''']")
        } else {
            "token_env = 'T'".to_owned()
        };
        writeln!(config, "[profiles.p{number}]\nbase_url = '{url}'\n{source}").expect("a String");
    }
    home.config(&config);
}

#[test]
fn a_command_reads_the_configuration_file_once_for_all_profiles() {
    let server = Server::start();
    for command in ["get", "status"] {
        let home = Home::new();
        nine_profiles(&home, &server.url);
        let ran = home.run(&[command, "--all"], &[("T", server.token("acme"))]);
        assert!(!home.path(CONFIG).exists());
        assert_eq!((ran.code, ran.stdout.lines().count()), (0, 9), "{ran:?}");
    }
    assert_eq!(server.hooks.count(Method::Get), 18);
}

/// What becomes of the profile of this number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Saved,
    NothingToChange,
    NoToken,
    Revoked,
    Pinned,
    ReadOnly,
}

fn choose_fate(number: usize) -> Fate {
    match number % 100 {
        7 => Fate::NoToken,
        17 => Fate::Revoked,
        27 => Fate::NothingToChange,
        37 => Fate::Pinned,
        47 => Fate::ReadOnly,
        _ => Fate::Saved,
    }
}

#[test]
fn a_thousand_agents_are_set_and_those_that_fail_stop_no_other() {
    const AGENTS: usize = 1000;
    let (home, server) = (Home::new(), Server::start_crowd(AGENTS));
    let mut config = String::new();
    let mut variables = Vec::new();
    for (number, (name, _, token)) in (1..).zip(&server.agents) {
        let fate = choose_fate(number);
        let more = match fate {
            Fate::Pinned => "scenario_id = 'demoagent9999'",
            Fate::ReadOnly => "read_only = true",
            _ => "",
        };
        writeln!(config, "[profiles.{name}]\ntoken_env = '{name}'\nbase_url = '{}'\n{more}", server.url)
            .expect("a String");
        match fate {
            Fate::NothingToChange => server.hooks.set_configuration(name, object([true; 2], &["X"])),
            Fate::Revoked => server.hooks.revoke(name),
            _ => {}
        }
        if fate != Fate::NoToken {
            variables.push((name.as_str(), token.as_str()));
        }
    }
    home.config(&config);
    let ran = home.run(&["set", "--all", "--active", "on", "--yes"], &variables);
    let fates = || (1..=AGENTS).map(|number| (format!("crowd{number}"), choose_fate(number)));
    let told = fates().filter(|(_, fate)| *fate != Fate::ReadOnly);
    let words = |fate| match fate {
        Fate::Saved => "Saved HH:MM:SS: rating off → on (confirmed by the server)",
        Fate::NothingToChange => "Nothing to change: the server already has this.",
        Fate::NoToken => "no token for ",
        Fate::Revoked => "Not saved: The token of ",
        Fate::Pinned | Fate::ReadOnly => "the token of ",
    };
    let stdout = without_times(&ran.stdout);
    assert_eq!(stdout.lines().count(), told.clone().count());
    for (line, (name, fate)) in stdout.lines().zip(told) {
        let start = format!("{name}: {}", words(fate));
        assert!(line.starts_with(&start), "{fate:?}: {line}");
    }
    let left_out: Vec<_> =
        fates().filter(|(_, fate)| *fate == Fate::ReadOnly).map(|(name, _)| name).collect();
    let stderr = format!("Left out, because read only: {}\n", left_out.join(", "));
    assert_eq!((ran.code, ran.stderr), (4, stderr));
    for (name, fate) in fates() {
        let is_on = matches!(fate, Fate::Saved | Fate::NothingToChange);
        assert_eq!(server.hooks.configuration(&name)["conv_rating_active"], is_on, "{name}");
        assert_eq!(server.hooks.applied(&name), usize::from(fate == Fate::Saved), "{name}");
    }
    // Of each hundred five are not saved, and of these three are never read.
    assert_eq!(server.hooks.count(Method::Patch), 950);
    assert_eq!(server.hooks.count(Method::Get), 970);
    let again = home.run(&["set", "--all", "--active", "on", "--yes", "--json"], &variables);
    let all = again.json();
    let told: Vec<_> = all
        .as_array()
        .expect("an array")
        .iter()
        .map(|element| {
            (element["profile"].as_str().unwrap_or_default().to_owned(), element.get("error").is_some())
        })
        .collect();
    let is_refused = |fate| matches!(fate, Fate::NoToken | Fate::Revoked | Fate::Pinned);
    let expected = fates().filter(|(_, fate)| *fate != Fate::ReadOnly);
    assert_eq!(told, expected.map(|(name, fate)| (name, is_refused(fate))).collect::<Vec<_>>());
    assert_eq!((again.code, server.hooks.count(Method::Patch)), (4, 950), "nothing was left to change");
}
