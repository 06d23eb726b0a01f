//! Each phase and dialog as it is read by a user. The snapshots stand in `snapshots`.

use convrating::editor::message::{Copied, Message};
use convrating::editor::model::{ReadOnly, Size};
use convrating::settings::{QuestionCode, Settings};
use convrating::visible::Charset;

use crate::support::configuration::{mixed, settings};
use crate::support::model_harness::{ModelHarness, refused, session, unreachable};
use convrating::save::{CallError, Event, RetryAfter};

/// The screen, as a snapshot of this name.
macro_rules! shows {
    ($name:literal, $harness:expr) => {
        insta::assert_snapshot!($name, $harness.screen())
    };
}

fn broken() -> CallError {
    CallError::Broken { reason: "connection reset".to_owned(), has_head: true }
}

fn too_many(seconds: u64) -> CallError {
    let mut error = refused(429, "TOO_MANY_REQUESTS", "");
    if let CallError::Refused(refusal) = &mut error {
        refusal.retry_after = RetryAfter::In(seconds);
    }
    error
}

fn acme() -> Settings {
    settings(false, "HELPFUL_THUMBS EXPERIENCE_THUMBS NPS_SCORE")
}

/// The form of the product's own picture: two unsaved changes, and one code switched off by an earlier save.
pub(super) fn two_changes(columns: u16, rows: u16) -> ModelHarness {
    let mut harness = ModelHarness::reading_at(acme(), columns, rows);
    harness.press("4 space s").save_steps([
        Event::Read(Ok(acme())),
        Event::Answered(Ok(settings(false, "HELPFUL_THUMBS EXPERIENCE_THUMBS"))),
    ]);
    harness.press("3 space 1 space");
    harness
}

#[test]
fn loading() {
    shows!("loading", ModelHarness::start(Some(session()), 80, 24));
    let mut harness = ModelHarness::start(Some(session()), 80, 24);
    harness.tell(Message::Retrying { request: 1, attempt: 2, error: unreachable() });
    shows!("loading-retrying", harness);
}

#[test]
fn the_field_for_another_token() {
    for (name, columns, rows) in [("new-token", 80, 24), ("new-token-40x12", 40, 12)] {
        let mut harness = ModelHarness::reading_at(settings(false, "HELPFUL_THUMBS"), columns, rows);
        harness.press("space t").paste("NAME=x.y.z").press("enter").paste("x.y.z");
        insta::assert_snapshot!(name, harness.screen());
    }
}

#[test]
fn load_failed() {
    let mut harness = ModelHarness::start(Some(session()), 80, 24);
    harness
        .tell(Message::Read { request: 1, result: Err(refused(401, "PERMISSION_DENIED", "Token revoked.")) });
    shows!("load-failed", harness);
    let mut harness = ModelHarness::start(Some(session()), 40, 12);
    let message = "A token_command that went wrong says a great deal about how it went wrong, in many words.";
    harness.tell(Message::Read { request: 1, result: Err(refused(404, "NOT_FOUND", message)) });
    shows!("load-failed-40x12", harness);
    harness.press("l down down down down");
    assert!(harness.words().contains("in many words"), "all of it stands in the log: {}", harness.screen());
}

#[test]
fn form_clean() {
    shows!("form-clean", ModelHarness::reading(acme()));
}

#[test]
fn form_with_two_changes_at_several_sizes() {
    shows!("form-80x24", two_changes(80, 24));
    shows!("form-40x12", two_changes(40, 12));
    shows!("form-120x30", two_changes(120, 30));
    shows!("form-100x30", two_changes(100, 30));
}

#[test]
fn form_with_flags_that_disagree() {
    let disagreeing = mixed([true, false], "HELPFUL_THUMBS EXPERIENCE_THUMBS NPS_SCORE");
    shows!("form-mixed", ModelHarness::reading(disagreeing.clone()));
    let mut harness = ModelHarness::reading(disagreeing);
    harness.press("space");
    shows!("form-mixed-toggled", harness);
}

#[test]
fn form_that_asks_nothing() {
    let mut harness = ModelHarness::reading(settings(true, ""));
    harness.press("u");
    shows!("form-no-question", harness);
}

#[test]
fn form_with_200_codes_some_of_them_wide_or_long_or_hostile() {
    let mut codes: Vec<_> = (1..=196).map(|n| QuestionCode::new(format!("CODE_{n}"))).collect();
    codes.insert(3, QuestionCode::new("満足度_アンケート"));
    codes.insert(4, QuestionCode::new("LONG_".repeat(40)));
    codes.insert(5, QuestionCode::new("evil\u{1b}[31m\u{202e}"));
    codes.insert(6, QuestionCode::new(""));
    let mut many = settings(true, "");
    many.codes = codes;
    shows!("codes-200-top", ModelHarness::reading(many.clone()));
    let mut harness = ModelHarness::reading_at(many, 40, 12);
    harness.press("down down down down down");
    shows!("codes-200-40x12", harness);
    harness.press("G");
    shows!("codes-200-bottom", harness);
}

#[test]
fn saving() {
    let mut harness = two_changes(80, 24);
    harness.press("s");
    shows!("saving-checking", harness);
    let held = settings(false, "HELPFUL_THUMBS EXPERIENCE_THUMBS");
    let read = || Event::Read(Ok(held.clone()));
    harness.save_steps([read()]);
    shows!("saving-sending", harness);
    let mut waiting = two_changes(80, 24);
    waiting.press("s").save_steps([read(), Event::Answered(Err(too_many(7)))]);
    shows!("saving-waiting", waiting);
    let mut probing = two_changes(80, 24);
    probing.press("s").save_steps([read(), Event::Answered(Err(broken()))]);
    shows!("saving-probing", probing);
    probing.press("4 space q");
    shows!("saving-quit", probing);
}

#[test]
fn outcome_unknown() {
    for (name, columns, rows) in [("unknown", 80, 24), ("unknown-40x12", 40, 12)] {
        let mut harness = two_changes(columns, rows);
        let held = settings(false, "HELPFUL_THUMBS EXPERIENCE_THUMBS");
        let lost = || [Event::Elapsed, Event::Read(Err(broken()))];
        let sent = [Event::Read(Ok(held)), Event::Answered(Err(broken()))];
        harness.press("s").save_steps(sent.into_iter().chain(lost()).chain(lost()).chain(lost()));
        insta::assert_snapshot!(name, harness.screen());
        if name == "unknown" {
            harness.press("4 space");
            shows!("unknown-edited", harness);
            harness.press("r");
            shows!("reading-again", harness);
            let request = harness.model.newest;
            harness.tell(Message::Read { request, result: Ok(settings(true, "HELPFUL_THUMBS")) });
            shows!("saved-after-all", harness);
        }
    }
}

#[test]
fn saved() {
    let mut harness = two_changes(80, 24);
    let held = settings(false, "HELPFUL_THUMBS EXPERIENCE_THUMBS");
    let asked = settings(true, "HELPFUL_THUMBS");
    harness.press("s").save_steps([Event::Read(Ok(held)), Event::Answered(Ok(asked))]);
    shows!("saved", harness);
}

#[test]
fn not_saved() {
    let mut harness = two_changes(80, 24);
    harness.press("s").save_steps([Event::Read(Err(unreachable()))]);
    shows!("not-saved", harness);
    let mut harness = two_changes(40, 12);
    harness.press("s").save_steps([Event::Read(Err(refused(
        500,
        "UNKNOWN",
        "A very long sentence of the server's.",
    )))]);
    shows!("not-saved-40x12", harness);
}

#[test]
fn read_only() {
    let mut session = session();
    session.read_only = Some(ReadOnly::Asked);
    session.is_protected = true;
    let mut harness = ModelHarness::start(Some(session), 80, 24);
    harness.tell(Message::Read { request: 1, result: Ok(acme()) });
    harness.press("space s");
    shows!("read-only", harness);
}

#[test]
fn conflict() {
    for (name, columns, rows) in [("conflict", 80, 24), ("conflict-40x12", 40, 12)] {
        let mut harness = two_changes(columns, rows);
        let theirs = mixed([true, false], "HELPFUL_THUMBS EXPERIENCE_THUMBS CSAT");
        harness.press("s").save_steps([Event::Read(Ok(theirs))]);
        insta::assert_snapshot!(name, harness.screen());
    }
}

#[test]
fn questions() {
    let mut harness = two_changes(80, 24);
    harness.press("q");
    shows!("quit", harness);
    let mut harness = two_changes(40, 12);
    harness.press("q tab");
    shows!("quit-40x12", harness);
    let mut harness = two_changes(80, 24);
    harness.model.session.as_mut().expect("a session").is_protected = true;
    harness.press("s");
    shows!("protected", harness);
}

#[test]
fn pages() {
    let mut harness = two_changes(80, 24);
    harness.press("v");
    shows!("request", harness);
    harness.press("c").tell(Message::Copied(Copied::Sent));
    shows!("request-copied", harness);
    harness.press("esc l");
    shows!("log-empty", harness);
}

#[test]
fn the_help_in_three_groups() {
    for (columns, rows) in [(40, 12), (79, 24), (80, 24), (120, 40)] {
        let mut harness = two_changes(columns, rows);
        harness.press("?");
        insta::assert_snapshot!(format!("help-{columns}x{rows}"), harness.screen());
        for group in ["CHANGE", "SAVE", "LOOK"] {
            while !harness.words().contains(group) {
                let before = harness.screen();
                harness.press("pgdn");
                assert_ne!(harness.screen(), before, "{group} is not in the help");
            }
        }
    }
}

#[test]
fn the_last_line_of_a_page_can_be_reached_and_left_at_any_width() {
    let mut harness = two_changes(40, 12);
    harness.press("? G");
    shows!("help-40x12-bottom", harness);
    let bottom = harness.screen();
    harness.press("down down");
    assert_eq!(harness.screen(), bottom, "there is nothing below the last line");
    harness.press("up");
    assert_ne!(harness.screen(), bottom, "one key up is one line up");
}

#[test]
fn adding_a_code() {
    let mut harness = ModelHarness::reading(acme());
    harness.press("a").type_text("NPS SCORE").press("enter");
    shows!("add-refused", harness);
}

#[test]
fn too_small() {
    let mut harness = two_changes(80, 24);
    harness.tell(Message::Resized(Size { columns: 39, rows: 12 }));
    shows!("too-small", harness);
    harness.press("q");
    shows!("too-small-quit", harness);
}

#[test]
fn a_paste_outside_a_field() {
    let mut harness = two_changes(80, 24);
    harness.paste("qnsx dangerous");
    shows!("paste", harness);
}

#[test]
fn in_ascii_the_request_is_the_same_json_and_names_stay_apart() {
    let mut harness = ModelHarness::reading(settings(true, "É"));
    harness.theme = harness.theme.with_charset(Charset::Ascii);
    harness.model.session.as_mut().expect("a session").name = Some("Müller".to_owned());
    harness.press("space 2 space v");
    let screen = harness.screen();
    assert!(screen.contains("M<U+00FC>ller"), "{screen}");
    harness.press("esc u a").type_text("Ü").press("enter v");
    assert!(harness.screen().contains("\\u00c9\",\"\\u00dc\""), "{}", harness.screen());
}

#[test]
fn a_frame_in_ascii_holds_nothing_else() {
    let mut harness = ModelHarness::reading(settings(true, "満足度 LÄNGE"));
    harness.theme = harness.theme.with_charset(Charset::Ascii);
    harness.press("space");
    assert!(harness.screen().is_ascii(), "{}", harness.screen());
    shows!("ascii", harness);
}

#[test]
fn where_the_width_of_ornaments_is_not_known_only_the_texts_of_others_are_beyond_ascii() {
    let long = format!("長い{}", "名".repeat(40));
    let mut harness = ModelHarness::reading_at(settings(true, &format!("満足→度… {long}")), 80, 24);
    harness.theme = harness.theme.with_charset(Charset::PlainOrnaments);
    harness.press("space 2 space s").save_steps([
        Event::Read(Ok(settings(true, &format!("満足→度… {long}")))),
        Event::Answered(Err(refused(422, "VALIDATION_ERROR", "だめ"))),
    ]);
    let screen = harness.screen().replace("満足→度…", "").replace("だめ", "");
    let is_ornament = |letter: &char| matches!(letter, '─' | '→' | '…' | '×');
    assert_eq!(screen.chars().find(is_ornament), None, "{screen}");
    assert!(harness.screen().contains("満足→度…"), "{}", harness.screen());
    shows!("plain-ornaments", harness);
    for page in ["?", "l", "v"] {
        harness.press(page);
        let screen = harness.screen().replace("満足→度…", "");
        assert_eq!(screen.chars().find(is_ornament), None, "{screen}");
        harness.press("esc");
    }
}
