//! What stays on the screen where there is little room, and on every size.

use convrating::agents::{ReadableSource, TokenSource};
use convrating::editor::message::Message;
use convrating::editor::model::{Session, Size};
use convrating::save::Event;
use convrating::settings::QuestionCode;

use super::screens::two_changes;
use crate::support::configuration::settings;
use crate::support::model_harness::{ModelHarness, refused, session, unreachable};

#[test]
fn no_size_panics_and_the_draft_is_kept() {
    let mut harness = two_changes(80, 24);
    let sizes = (1..=50).flat_map(|columns| (1..=20).map(move |rows| (columns, rows)));
    for (columns, rows) in sizes.chain([(79, 23), (80, 12), (100, 12), (99, 30), (500, 200)]) {
        harness.tell(Message::Resized(Size { columns, rows }));
        for keys in ["", "v", "esc ?", "esc l", "esc a", "esc q", "esc"] {
            harness.press(keys);
            harness.screen();
        }
    }
    assert_eq!(harness.form().draft.changes().len(), 2);
}

#[test]
fn whom_we_talk_to_stands_there_in_every_state_and_size() {
    for (columns, rows) in [(40, 12), (41, 12), (60, 13), (79, 24), (80, 24), (120, 40)] {
        for keys in ["", "v", "?", "l", "a", "q", "s", "p", "p down enter"] {
            let mut harness = two_changes(columns, rows);
            harness.model.profiles = ["acme-prod", "beta"].map(named).to_vec();
            harness.press(keys);
            let said = if keys == "p down enter" { "SWITCH" } else { "" };
            assert_names_whom(&harness, keys, said);
        }
        let mut protected = two_changes(columns, rows);
        protected.model.session.as_mut().expect("a session").is_protected = true;
        assert_names_whom(protected.press("s"), "s", "PROTECTED");
        let mut conflict = two_changes(columns, rows);
        conflict
            .press("s")
            .save_steps([Event::Read(Ok(settings(true, "HELPFUL_THUMBS EXPERIENCE_THUMBS CSAT")))]);
        assert_names_whom(&conflict, "a conflict", "Conflict");
        let mut loading = ModelHarness::start(Some(session()), columns, rows);
        assert_names_whom(&loading, "loading", "Loading");
        loading.tell(Message::Read { request: 1, result: Err(unreachable()) });
        assert_names_whom(&loading, "a failure", "Not read");
    }
}

fn named(name: &str) -> Session {
    Session { name: Some(name.to_owned()), ..session() }
}

fn assert_names_whom(harness: &ModelHarness, what: &str, said: &str) {
    let screen = harness.screen();
    for fact in ["acme-prod", "app.quickchat.ai", "demoagent1", "file", "41 weeks left", said] {
        assert!(screen.contains(fact), "{fact} in {what} at {:?}:\n{screen}", harness.model.size);
    }
}

#[test]
fn the_time_that_a_token_has_left_is_never_cut() {
    for source in ["QUICKCHAT_API_TOKEN", "MY_QUICKCHAT_TOKEN_FOR_PRODUCTION_USE"] {
        let mut session = session();
        session.context.token_source = TokenSource::Readable(ReadableSource::Variable(source.to_owned()));
        let harness = ModelHarness::start(Some(session), 40, 12);
        assert!(harness.screen().contains(", 41 weeks left"), "{}", harness.screen());
    }
}

#[test]
fn on_a_low_screen_each_thing_that_is_true_of_the_draft_keeps_a_line() {
    let mut harness = ModelHarness::reading_at(settings(true, "HELPFUL_THUMBS"), 40, 12);
    let asked = Event::Read(Ok(settings(true, "HELPFUL_THUMBS")));
    let words = "A sentence that is too long for this screen, and goes on, and on, and on.";
    let refusal = Event::Answered(Err(refused(422, "VALIDATION_ERROR", words)));
    harness.press("2 space s").save_steps([asked, refusal]);
    let screen = harness.screen();
    for word in ["Not saved", "…", "1 unsaved change ", "Warning: rating is on"] {
        assert!(screen.contains(word), "{word}:\n{screen}");
    }
}

#[test]
fn a_list_that_is_too_long_to_be_edited_says_so_at_once() {
    let codes = (0..=500).map(|n| QuestionCode::new(format!("C{n}"))).collect();
    let mut many = settings(true, "");
    many.codes = codes;
    let harness = ModelHarness::reading(many);
    assert!(
        harness.words().contains("501 of 503 on too many or too long: read only"),
        "{}",
        harness.screen()
    );
    assert!(!harness.words().contains("a add"), "{}", harness.screen());
}

#[test]
fn a_code_that_its_row_has_no_room_for_stands_with_its_end_in_the_line_below() {
    let mut harness = ModelHarness::reading(settings(true, &format!("{}_END", "LONG_".repeat(20))));
    harness.press("down");
    assert!(harness.screen().contains("LONG__END\n"), "{}", harness.screen());
}

#[test]
fn what_a_documented_code_asks_stands_below_the_form_on_the_smallest_screen() {
    let mut harness = two_changes(40, 12);
    for (key, about) in [("2", "asks whether the conversation"), ("3", "asks how the experience was")] {
        harness.press(key);
        assert!(harness.screen().contains(about), "{}", harness.screen());
    }
}
