use std::fs;

use crate::support::model_harness::refused;
use convrating::agents::{Profile, TokenSource};
use convrating::api::credentials::{BaseUrl, Token};
use convrating::journal::{Author, Journal, JournalEntry};
use convrating::save::{Event, Save};
use convrating::settings::Draft;
use serde_json::{Value, json};

use super::support::{HISTORY, Home, Server};
use crate::support::configuration::{RATING, object, settings};

#[test]
fn a_save_leaves_an_intent_and_an_outcome() {
    let (home, server) = (Home::new(), Server::start());
    home.config(&format!("[profiles.a]\ntoken_env = 'T'\nbase_url = '{}'\n", server.url));
    let variables = [
        ("T", server.token("acme")),
        ("USER", "support"),
        ("SSH_CONNECTION", "192.0.2.7 50000 192.0.2.1 22"),
    ];
    assert_eq!(home.run(&["set", "-p", "a", "--active", "on"], &variables).code, 0);
    let text = fs::read_to_string(home.path(HISTORY)).expect("a history");
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let [intent, outcome] = &lines[..] else { panic!("{text}") };
    assert_eq!(intent["id"], outcome["id"]);
    assert_eq!((&intent["event"], &outcome["event"]), (&"intent".into(), &"outcome".into()));
    for (key, value) in [
        ("user", "support"),
        ("ssh_client", "192.0.2.7"),
        ("profile", "a"),
        ("agent", "demoagent1"),
        ("host", server.host()),
    ] {
        assert_eq!(intent[key], value, "{key}");
    }
    assert_eq!(intent["before"]["conv_rating_active"], false);
    assert_eq!(intent["after"], server.hooks.configuration("acme"));
    assert_eq!(outcome["outcome"], "saved");
    let ran = home.run(&["history", "-p", "a"], &[]);
    let end = format!(
        "  saved      a (demoagent1, {})  rating off → on  by support from 192.0.2.7\n",
        server.host()
    );
    assert!(ran.code == 0 && ran.stdout.ends_with(&end), "{ran:?}");
    let none = "Nothing was saved with the profile other from this machine yet.\n";
    home.run(&["history", "-p", "other"], &[]).expect(0, "", none);
    let json = home.run(&["history", "--json"], &[]).json();
    assert_eq!((&json[0]["outcome"], &json[0]["host"]), (&"saved".into(), &server.host().into()));
}

/// A profile whose requests would go to `host`.
fn profile(host: &str) -> Profile {
    let base_url = BaseUrl::parse(&format!("https://{host}")).expect("a URL");
    Profile::unnamed(base_url, Token::new("a-token").expect("a token"), TokenSource::Input)
}

/// The entry of a save that switches the rating on and has sent its PATCH.
fn begin(journal: &Journal, host: &str) -> (JournalEntry, Save) {
    let mut draft = Draft::new(settings(false, "A"));
    draft.toggle(&RATING);
    let mut save = Save::start(draft.intent());
    save.step(Event::Read(Ok(settings(false, "A"))));
    let mut entry = journal.begin(&profile(host)).expect("an entry");
    entry.follow(&save).expect("written");
    (entry, save)
}

/// The same until the server's answer has come.
fn record(journal: &Journal, host: &str, answer: Event) {
    let (mut entry, mut save) = begin(journal, host);
    save.step(answer).expect("the answer fits");
    entry.follow(&save).expect("written");
}

#[test]
fn an_intent_alone_reads_as_unknown_and_a_torn_line_is_told() {
    let home = Home::new();
    let journal = Journal::new(home.path(HISTORY), Author::default());
    let (left_open, _) = begin(&journal, "h.example");
    let mut text = fs::read_to_string(home.path(HISTORY)).expect("a history");
    text.push_str("{\"id\":\"torn");
    fs::write(home.path(HISTORY), text).expect("written");
    let refused = refused(422, "VALIDATION_ERROR", "no");
    record(&journal, "h.example", Event::Answered(Err(refused)));
    drop(left_open);
    let ran = home.run(&["history"], &[]);
    let outcomes: Vec<_> = ran.stdout.lines().map(|line| line[26..35].trim()).collect();
    assert_eq!(outcomes, ["unknown", "not saved"]);
    assert!(ran.code == 0 && ran.stderr.starts_with("1 line of "), "{ran:?}");
}

#[test]
fn a_line_without_a_time_a_host_or_a_flag_is_shown_with_what_it_has() {
    let home = Home::new();
    let line = r#"{"id":"1","event":"intent","profile":"old","before":{"conv_rating_question_codes":[]},"after":{"conv_rating_question_codes":["A"]}}"#;
    home.write(HISTORY, 0o600, &format!("{line}\n"));
    home.run(&["history"], &[]).expect(
        0,
        "unknown time              unknown    old (-, -)  A off → on  by -\n",
        "",
    );
}

/// The two lines of a save that switched a code on, `number` minutes after ten.
fn two_lines(number: usize, profile: &str) -> String {
    let (id, time) = (number.to_string(), format!("2026-11-22T10:{number:02}:00.5Z"));
    let intent = json!({"id": id, "event": "intent", "time": time, "user": "ann", "profile": profile, "agent": "demoagent1",
                        "host": "h", "before": object([true; 2], &[""; 0]), "after": object([true; 2], &["A"])});
    format!("{intent}\n{}\n", json!({"id": id, "event": "outcome", "time": time, "outcome": "saved"}))
}

/// What is printed of such a save.
fn shown(number: usize, profile: &str) -> String {
    format!("2026-11-22T10:{number:02}:00.500Z  saved      {profile} (demoagent1, h)  A off → on  by ann\n")
}

/// A history of 30 saves, every other one of the profile b.
fn thirty() -> Home {
    let home = Home::new();
    let profile = |number: usize| if number.is_multiple_of(2) { "b" } else { "a" };
    let text: String = (0..30).map(|number| two_lines(number, profile(number))).collect();
    home.write(HISTORY, 0o600, &text);
    home
}

#[test]
fn the_newest_twenty_are_printed_the_newest_last_or_as_many_as_the_user_asks_for() {
    let home = thirty();
    let all: Vec<_> = (0..30).map(|number| shown(number, ["b", "a"][number % 2])).collect();
    let of_b: Vec<_> = all.iter().step_by(2).cloned().collect();
    let cases: [(&[&str], String); 10] = [
        (&[], all[10..].concat()),
        (&["--limit", "3"], all[27..].concat()),
        (&["--limit", "0"], all.concat()),
        (&["--limit", "99"], all.concat()),
        (&["-p", "b"], of_b.concat()),
        (&["-p", "b", "--limit", "2"], of_b[13..].concat()),
        (&["--since", "2026-11-22T10:05:00.500Z"], all[5..].concat()),
        (&["--since", "2026-11-22 12:05", "--limit", "2"], all[28..].concat()),
        (&["--since", "2026-11-22T12:28"], all[28..].concat()),
        (&["--since", "2026-11-22", "-p", "b"], of_b.concat()),
    ];
    for (arguments, stdout) in cases {
        let arguments = [&["history"], arguments].concat();
        home.run(&arguments, &[("TZ", "Etc/GMT-2")]).expect(0, &stdout, "");
        let json = home.run(&[&arguments[..], &["--json"]].concat(), &[("TZ", "Etc/GMT-2")]).json();
        let times =
            json.as_array().expect("an array").iter().map(|saved| saved["time"].as_str().expect("a time"));
        assert_eq!(times.collect::<Vec<_>>(), stdout.lines().map(|line| &line[..24]).collect::<Vec<_>>());
    }
}

#[test]
fn a_history_without_such_a_save_says_so_and_is_an_empty_array() {
    let home = thirty();
    let since = ["history", "-p", "b", "--since", "2026-11-23"];
    let told = "Nothing was saved with the profile b from this machine since 2026-11-23T00:00:00.000Z.\n";
    home.run(&since, &[]).expect(0, "", told);
    home.run(&[&since[..], &["--json"]].concat(), &[]).expect(0, "[]\n", "");
    Home::new().run(&["history"], &[]).expect(0, "", "Nothing was saved from this machine yet.\n");
    Home::new().run(&["history", "--json"], &[]).expect(0, "[]\n", "");
    for arguments in [&["--since", "yesterday"], &["--limit", "-1"], &["--limit", "few"]] {
        let ran = home.run(&[&["history"], &arguments[..]].concat(), &[]);
        assert!(ran.code == 2 && ran.stdout.is_empty() && ran.stderr.starts_with("error: "), "{ran:?}");
    }
}

#[test]
fn lines_of_other_versions_are_printed_and_broken_ones_are_counted() {
    let home = Home::new();
    let newer = r#"{"id":"7","event":"intent","time":"2026-11-22T10:01:00Z","user":["new"],"profile":"a","reason":"x","before":{},"after":{}}"#;
    let ended = r#"{"id":"7","event":"outcome","outcome":"saved by magic"}"#;
    let text = [
        &two_lines(0, "a"),
        newer,
        "\n{\"event\":\"undo\"}\n",
        ended,
        "\n{\"id\":\"7\",\"ev",
        "\n\n{}\n",
        &two_lines(2, "a"),
    ];
    let path = home.write(HISTORY, 0o600, &text.concat());
    let unknown = "2026-11-22T10:01:00.000Z  unknown    a (-, -)    by -\n";
    let told = format!("2 lines of {} could not be read.\n", path.display());
    home.run(&["history"], &[]).expect(0, &[&shown(0, "a"), unknown, &shown(2, "a")].concat(), &told);
    let ran = home.run(&["history", "--json"], &[]);
    let outcomes = ran
        .json()
        .as_array()
        .expect("an array")
        .iter()
        .map(|saved| saved["outcome"].clone())
        .collect::<Vec<_>>();
    assert_eq!((outcomes, ran.stderr), (vec!["saved".into(), "unknown".into(), Value::from("saved")], told));
}

#[test]
fn a_reader_that_wants_no_more_ends_the_history_quietly() {
    let home = Home::new();
    let lines: String = (0..60).map(|number| two_lines(number, &"p".repeat(300))).collect();
    home.write(HISTORY, 0o600, &lines.repeat(20));
    for option in ["", "--json"] {
        let line =
            format!("{{ $BIN history --limit 0 {option}; echo \"exit $?\" >&2; }} | head -n 1 | wc -l");
        home.shell(&line, &[]).expect(0, "1\n", "exit 0\n");
    }
}

#[test]
fn the_user_is_named_by_the_environment_else_by_the_password_file() {
    let (home, server) = (Home::new(), Server::start());
    let listed = home.shell("id -un", &[]).stdout.trim().to_owned();
    let cases: [(&[(&str, &str)], &str); 4] = [
        (&[("USER", "ann"), ("LOGNAME", "bob")], "ann"),
        (&[("USER", ""), ("LOGNAME", "bob")], "bob"),
        (&[], &listed),
        (&[("USER", "")], &listed),
    ];
    for (place, (variables, name)) in cases.into_iter().enumerate() {
        let all = [&server.variables("acme")[..], variables].concat();
        let active = ["on", "off"][place % 2];
        assert_eq!(home.run(&["set", "--active", active], &all).code, 0);
        let json = home.run(&["history", "--json", "--limit", "1"], &[]).json();
        assert_eq!(json[0]["user"], name, "{variables:?}");
    }
}

#[test]
fn lines_of_parallel_writers_stay_whole() {
    const WRITERS: usize = 8;
    const SAVES: usize = 100;
    let home = Home::new();
    let journal = Journal::new(home.path(HISTORY), Author::default());
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let journal = &journal;
            scope.spawn(move || {
                let host = format!("{}.example", vec!["h".repeat(60); writer + 1].join("."));
                for _ in 0..SAVES {
                    record(journal, &host, Event::Answered(Ok(settings(true, "A"))));
                }
            });
        }
    });
    let ran = home.run(&["history", "--limit", "0", "--json"], &[]);
    let saves = ran.json();
    let saves = saves.as_array().expect("an array");
    assert_eq!((saves.len(), ran.stderr.as_str()), (WRITERS * SAVES, ""));
    assert!(saves.iter().all(|saved| saved["outcome"] == "saved"));
}

#[test]
fn a_history_that_cannot_be_written_is_a_warning() {
    let (home, server) = (Home::new(), Server::start());
    fs::create_dir_all(home.path(HISTORY)).expect("a directory in its place");
    let ran = home.run(&["set", "--active", "on"], &server.variables("acme"));
    let path = home.path(HISTORY);
    let stderr = format!("Warning: this save is not in the history: {}: is a directory\n", path.display());
    let ran = ran.after(&server.profile_line("acme"));
    assert_eq!((ran.code, ran.stderr), (0, stderr));
    assert_eq!(server.hooks.applied("acme"), 1);
}

#[test]
fn the_demo_leaves_no_history() {
    let home = Home::new();
    assert_eq!(home.run(&["set", "--demo", "--active", "on"], &[]).code, 0);
    assert!(!home.path(".local").exists());
}
