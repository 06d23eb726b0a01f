//! The page with the saves of the profile.

use std::io::Cursor;

use convrating::editor::message::{Effect, Message};
use convrating::editor::model::{FoundSaves, Size};
use convrating::journal::{NewestFirst, SavedLine};
use convrating::save::Event;
use convrating::settings::Settings;
use convrating::visible::Charset;
use serde_json::json;

use crate::support::configuration::settings;
use crate::support::model_harness::{ModelHarness, demo_session};

/// A save of the history to the agent of [`session`].
pub(super) fn saved_line(time: &str, before: &Settings, after: &Settings, outcome: &str) -> SavedLine {
    let intent = json!({"id": "1", "event": "intent", "time": time, "user": "support", "profile": "acme-prod",
                        "agent": "demoagent1", "host": "app.quickchat.ai", "before": before, "after": after});
    let end = json!({"id": "1", "event": "outcome", "outcome": outcome});
    let mut history = NewestFirst::new(Cursor::new(format!("{intent}\n{end}\n"))).expect("readable");
    history.read_block().expect("readable").expect("a block").saves.remove(0)
}

/// Saves of today and of days before: all outcomes, and a line of an old version.
fn saves() -> Vec<SavedLine> {
    let (off, on) =
        (settings(false, "HELPFUL_THUMBS EXPERIENCE_THUMBS"), settings(true, "HELPFUL_THUMBS NPS_SCORE"));
    let over_ssh = SavedLine {
        ssh_client: Some("192.0.2.7".to_owned()),
        ..saved_line("2026-11-22T13:58:31Z", &off, &on, "saved")
    };
    let unknown =
        saved_line("2026-11-22T09:00:00Z", &on, &settings(false, "HELPFUL_THUMBS NPS_SCORE"), "unknown");
    let conflict = saved_line("2026-11-21T23:59:59Z", &on, &off, "conflict");
    let refused = saved_line(
        "2026-11-20T08:00:00Z",
        &off,
        &settings(true, "HELPFUL_THUMBS EXPERIENCE_THUMBS"),
        "not saved",
    );
    let old = SavedLine {
        time: None,
        user: None,
        ..saved_line("", &settings(false, "A"), &settings(false, ""), "saved")
    };
    vec![over_ssh, unknown, conflict, refused, old]
}

/// An editor with the page open, before the answer.
fn opened(columns: u16, rows: u16) -> ModelHarness {
    let mut harness = ModelHarness::reading_at(settings(false, "HELPFUL_THUMBS"), columns, rows);
    harness.press("h");
    harness
}

/// Answers with these saves.
fn answer(harness: &mut ModelHarness, saves: Vec<SavedLine>) {
    answer_with(harness, Ok(FoundSaves { saves, has_more: false }));
}

fn answer_with(harness: &mut ModelHarness, result: Result<FoundSaves, String>) {
    let Some(Effect::ReadHistory(request, subject)) = harness.effects.last() else {
        panic!("nothing was asked")
    };
    assert_eq!(
        (subject.profile.as_deref(), subject.agent.as_deref()),
        (Some("acme-prod"), Some("demoagent1"))
    );
    let request = *request;
    harness.tell(Message::HistoryRead { request, result });
}

#[test]
fn the_saves_of_the_profile_are_a_page() {
    for (name, columns, rows) in [("history", 80, 24), ("history-40x12", 40, 12), ("history-120x40", 120, 40)]
    {
        let mut harness = opened(columns, rows);
        answer(&mut harness, saves());
        insta::assert_snapshot!(name, harness.screen());
    }
}

#[test]
fn the_page_scrolls_to_its_last_line_and_closes() {
    let mut harness = opened(40, 12);
    let form = ModelHarness::reading_at(settings(false, "HELPFUL_THUMBS"), 40, 12).screen();
    answer(&mut harness, saves());
    harness.press("G");
    assert!(harness.words().contains("unknown time saved A on → off by -"), "{}", harness.screen());
    let bottom = harness.screen();
    harness.press("up");
    assert_ne!(harness.screen(), bottom, "one key up is one line up");
    harness.press("esc");
    assert_eq!(harness.screen(), form);
}

#[test]
fn before_the_answer_and_without_saves_and_where_it_cannot_be_read_the_page_says_so() {
    let mut harness = opened(80, 24);
    assert!(harness.words().contains("Reading the history…"), "{}", harness.screen());
    answer(&mut harness, Vec::new());
    let words = "Nothing was saved with the profile acme-prod to this agent from this machine yet.";
    assert!(harness.words().contains(words), "{}", harness.screen());
    let mut harness = opened(80, 24);
    answer_with(&mut harness, Err("the history cannot be read: permission denied".to_owned()));
    let words = "Not shown: the history cannot be read: permission denied.";
    assert!(harness.words().contains(words), "{}", harness.screen());
}

#[test]
fn where_the_history_holds_more_the_page_names_the_command_that_prints_all() {
    let mut harness = opened(80, 24);
    answer_with(&mut harness, Ok(FoundSaves { saves: saves(), has_more: true }));
    assert!(
        harness.words().contains("These are the newest 5. convrating history --limit 0 prints all."),
        "{}",
        harness.screen()
    );
}

#[test]
fn an_answer_that_the_page_does_not_wait_for_is_dropped() {
    let mut harness = opened(80, 24);
    let late = Message::HistoryRead { request: harness.model.newest, result: Ok(FoundSaves::default()) };
    harness.press("esc h");
    harness.tell(late.clone());
    assert!(harness.words().contains("Reading the history…"), "{}", harness.screen());
    harness.press("esc");
    harness.tell(late);
    assert!(harness.words().contains("Ask visitors"), "{}", harness.screen());
}

#[test]
fn a_frame_of_the_page_in_ascii_holds_nothing_else() {
    let mut harness = opened(80, 24);
    harness.theme = harness.theme.with_charset(Charset::Ascii);
    answer(&mut harness, saves());
    assert!(harness.screen().is_ascii(), "{}", harness.screen());
    assert!(harness.words().contains("rating off -> on"), "{}", harness.screen());
}

#[test]
fn the_demo_keeps_no_history_and_the_page_shows_the_saves_of_this_run() {
    let mut harness = ModelHarness::start(Some(demo_session()), 80, 24);
    harness.tell(Message::Read { request: 1, result: Ok(settings(false, "A")) });
    harness.press("h");
    assert!(harness.words().contains("keeps no history, and nothing was saved here"), "{}", harness.screen());
    harness
        .press("esc space s")
        .save_steps([Event::Read(Ok(settings(false, "A"))), Event::Answered(Ok(settings(true, "A")))]);
    harness
        .press("2 space s")
        .save_steps([Event::Read(Ok(settings(true, "A"))), Event::Answered(Ok(settings(true, "")))]);
    harness.press("h");
    let words = "These are the saves of this run: 14:02:10 saved A on → off 14:02:10 saved rating off → on";
    assert!(harness.words().contains(words), "{}", harness.screen());
    assert!(!harness.effects.iter().any(|effect| matches!(effect, Effect::ReadHistory(..))));
}

#[test]
fn no_size_panics_with_the_page_open() {
    let mut harness = opened(80, 24);
    answer(&mut harness, saves());
    for (columns, rows) in (1..=50).flat_map(|columns| (1..=20).map(move |rows| (columns, rows))) {
        harness.tell(Message::Resized(Size { columns, rows }));
        harness.screen();
    }
}
