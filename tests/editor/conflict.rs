//! The conflict as a table: characters and attributes at several sizes, without colours and in ASCII.

use std::time::Duration;

use convrating::editor::view::theme::Theme;
use convrating::save::{CallError, Event};
use convrating::settings::QuestionCode;

use crate::support::configuration::{mixed, settings};
use crate::support::model_harness::ModelHarness;
use crate::support::styled_screen::{SIZES, styled_body};

/// A user switched the rating and two codes; meanwhile someone else changed two other ones.
fn conflict(columns: u16, rows: u16) -> ModelHarness {
    let before = settings(true, "HELPFUL_THUMBS EXPERIENCE_THUMBS");
    let mut harness = ModelHarness::reading_at(before, columns, rows);
    harness.press("1 space 2 space a").type_text("CSAT").press("enter");
    harness.press("s").save_steps([Event::Read(Ok(settings(true, "HELPFUL_THUMBS NPS_SCORE")))]);
    harness
}

/// A conflict about ten codes: the user switched five of them, someone else the others.
fn ten_codes(columns: u16, rows: u16) -> ModelHarness {
    let codes = |range: std::ops::RangeInclusive<usize>| {
        let codes: Vec<_> = range.map(|number| format!("QUESTION_{number:02}")).collect();
        settings(true, &codes.join(" "))
    };
    let mut harness = ModelHarness::reading_at(codes(1..=10), columns, rows);
    harness.press("2 space 3 space 4 space 5 space 6 space s");
    harness.save_steps([Event::Read(Ok(codes(1..=5)))]);
    harness
}

#[test]
fn the_conflict_at_each_size() {
    for (columns, rows) in SIZES {
        let harness = conflict(columns, rows);
        insta::assert_snapshot!(format!("conflict-{columns}x{rows}"), styled_body(&harness, &Theme::COLOUR));
    }
}

#[test]
fn the_conflict_without_colours_and_in_ascii() {
    let harness = conflict(80, 24);
    insta::assert_snapshot!("conflict-no-colour", styled_body(&harness, &Theme::PLAIN));
    let shown = styled_body(&harness, &Theme::PLAIN.with_charset(convrating::visible::Charset::Ascii));
    assert!(shown.is_ascii(), "{shown}");
    insta::assert_snapshot!("conflict-ascii", shown);
}

#[test]
fn the_result_is_that_of_the_chosen_button() {
    let mut harness = conflict(80, 24);
    harness.wait(Duration::from_secs(1));
    insta::assert_snapshot!("conflict-use-theirs", styled_body(harness.press("tab"), &Theme::PLAIN));
    insta::assert_snapshot!("conflict-keep-editing", styled_body(harness.press("tab"), &Theme::PLAIN));
}

#[test]
fn after_a_save_that_was_sent_no_other_user_is_named() {
    let mut harness = ModelHarness::reading_at(settings(true, "A"), 80, 24);
    let broken = CallError::Broken { reason: "connection reset".to_owned(), has_head: true };
    harness.press("2 space s").save_steps([
        Event::Read(Ok(settings(true, "A"))),
        Event::Answered(Err(broken)),
        Event::Elapsed,
        Event::Read(Ok(settings(true, "A B"))),
    ]);
    let shown = styled_body(&harness, &Theme::PLAIN);
    assert!(!shown.contains("changed by someone else"), "{shown}");
    insta::assert_snapshot!("conflict-was-sent", shown);
}

#[test]
fn ten_changed_codes_scroll_and_the_buttons_stay() {
    for (columns, rows) in [(40, 12), (40, 24), (80, 16)] {
        let mut harness = ten_codes(columns, rows);
        harness.wait(Duration::from_secs(1));
        let mut seen = String::new();
        for _ in 0..10 {
            let screen = harness.screen();
            for button in [
                "> [ Keep both ]",
                "[ Use theirs ]",
                "[ Keep editing ]",
                "Conflict",
                "changed by someone else",
            ] {
                assert!(screen.contains(button), "{button} at {columns}x{rows}:\n{screen}");
            }
            seen.push_str(&screen);
            harness.press("down");
        }
        for number in 1..=10 {
            assert!(
                seen.contains(&format!("QUESTION_{number:02}")),
                "row {number} at {columns}x{rows}:\n{seen}"
            );
        }
        insta::assert_snapshot!(
            format!("conflict-ten-{columns}x{rows}"),
            styled_body(&harness, &Theme::PLAIN)
        );
    }
}

#[test]
fn a_conflict_about_a_long_or_wide_or_hostile_code_stays_in_its_lines() {
    for (columns, rows) in SIZES {
        let mut before = settings(true, "A");
        let codes = ["LONG_".repeat(40), "満足度_アンケート".to_owned(), "evil\u{1b}[31m\u{202e}".to_owned()];
        before.codes.extend(codes.map(QuestionCode::new));
        let mut theirs = mixed([false, true], "A");
        theirs.codes.push(before.codes[1].clone());
        let mut harness = ModelHarness::reading_at(before, columns, rows);
        harness.press("3 space s").save_steps([Event::Read(Ok(theirs))]);
        let screen = harness.screen();
        assert!(screen.contains("[ Keep editing ]") && !screen.contains('\u{1b}'), "{screen}");
        insta::assert_snapshot!(
            format!("conflict-long-{columns}x{rows}"),
            styled_body(&harness, &Theme::PLAIN)
        );
    }
}

#[test]
fn the_chosen_button_is_on_the_screen_at_every_size() {
    for rows in 12..=30 {
        for columns in [40, 41, 59, 60, 61, 75, 80, 100] {
            let mut harness = ten_codes(columns, rows);
            harness.wait(Duration::from_secs(1));
            for button in ["> [ Keep both ]", "> [ Use theirs ]", "> [ Keep editing ]"] {
                assert!(harness.screen().contains(button), "{button}:\n{}", harness.screen());
                harness.press("tab");
            }
        }
    }
}
