use std::fs;

use crate::support::model_harness::refused;
use convrating::agents::{Profile, TokenSource};
use convrating::api::credentials::{BaseUrl, Token};
use convrating::journal::{Author, History, Journal, JournalEntry, Verdict};
use convrating::save::{Event, Save};
use convrating::settings::Draft;
use serde_json::Value;

use super::support::{HISTORY, Home, Server};
use crate::support::configuration::{RATING, settings};

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
    let outcomes: Vec<_> = ran.stdout.lines().map(|line| line[21..30].trim()).collect();
    assert_eq!(outcomes, ["unknown", "not saved"]);
    assert!(ran.code == 0 && ran.stderr.starts_with("1 line of "), "{ran:?}");
}

#[test]
fn a_line_without_a_time_a_host_or_a_flag_is_shown_with_what_it_has() {
    let home = Home::new();
    let line = r#"{"id":"1","event":"intent","profile":"old","before":{"conv_rating_question_codes":[]},"after":{"conv_rating_question_codes":["A"]}}"#;
    fs::create_dir_all(home.path(HISTORY).parent().expect("a directory")).expect("a directory");
    fs::write(home.path(HISTORY), format!("{line}\n")).expect("written");
    home.run(&["history"], &[]).expect(
        0,
        "unknown time         unknown    old (-, -)  A off → on  by -\n",
        "",
    );
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
    let history = History::read(&home.path(HISTORY)).expect("a history");
    assert_eq!((history.saves.len(), history.unreadable), (WRITERS * SAVES, 0));
    assert!(history.saves.iter().all(|saved| saved.outcome == Verdict::Saved));
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
