//! Each phase and dialog as it is read by a user. The snapshots stand in `snapshots`.

use convrating::agents::{ReadableSource, TokenSource};
use convrating::editor::message::Message;
use convrating::editor::model::{ReadOnly, Session, Size};
use convrating::settings::{QuestionCode, Settings};

use crate::support::configuration::{mixed, settings};
use crate::support::desk::{Desk, refused, session, unreachable};
use convrating::save::{CallError, Event, RetryAfter};

/// The screen, as a snapshot of this name.
macro_rules! shows {
    ($name:literal, $desk:expr) => {
        insta::assert_snapshot!($name, $desk.screen())
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
fn two_changes(columns: u16, rows: u16) -> Desk {
    let mut desk = Desk::reading_at(acme(), columns, rows);
    desk.press("4 space s").save_steps([
        Event::Read(Ok(acme())),
        Event::Answered(Ok(settings(false, "HELPFUL_THUMBS EXPERIENCE_THUMBS"))),
    ]);
    desk.press("3 space 1 space");
    desk
}

#[test]
fn loading() {
    shows!("loading", Desk::start(Some(session()), 80, 24));
    let mut desk = Desk::start(Some(session()), 80, 24);
    desk.tell(Message::Retrying { request: 1, attempt: 2, error: unreachable() });
    shows!("loading-retrying", desk);
}

#[test]
fn load_failed() {
    let mut desk = Desk::start(Some(session()), 80, 24);
    desk.tell(Message::Read { request: 1, result: Err(refused(401, "PERMISSION_DENIED", "Token revoked.")) });
    shows!("load-failed", desk);
    let mut desk = Desk::start(Some(session()), 40, 12);
    let message = "A token_command that went wrong says a great deal about how it went wrong, in many words.";
    desk.tell(Message::Read { request: 1, result: Err(refused(404, "NOT_FOUND", message)) });
    shows!("load-failed-40x12", desk);
    desk.press("l down down down down");
    assert!(desk.words().contains("in many words"), "all of it stands in the log: {}", desk.screen());
}

#[test]
fn form_clean() {
    shows!("form-clean", Desk::reading(acme()));
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
    shows!("form-mixed", Desk::reading(disagreeing.clone()));
    let mut desk = Desk::reading(disagreeing);
    desk.press("space");
    shows!("form-mixed-toggled", desk);
}

#[test]
fn form_that_asks_nothing() {
    let mut desk = Desk::reading(settings(true, ""));
    desk.press("u");
    shows!("form-no-question", desk);
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
    shows!("codes-200-top", Desk::reading(many.clone()));
    let mut desk = Desk::reading_at(many, 40, 12);
    desk.press("down down down down down");
    shows!("codes-200-40x12", desk);
    desk.press("G");
    shows!("codes-200-bottom", desk);
}

#[test]
fn saving() {
    let mut desk = two_changes(80, 24);
    desk.press("s");
    shows!("saving-checking", desk);
    let held = settings(false, "HELPFUL_THUMBS EXPERIENCE_THUMBS");
    let read = || Event::Read(Ok(held.clone()));
    desk.save_steps([read()]);
    shows!("saving-sending", desk);
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
        let mut desk = two_changes(columns, rows);
        let held = settings(false, "HELPFUL_THUMBS EXPERIENCE_THUMBS");
        let lost = || [Event::Elapsed, Event::Read(Err(broken()))];
        let sent = [Event::Read(Ok(held)), Event::Answered(Err(broken()))];
        desk.press("s").save_steps(sent.into_iter().chain(lost()).chain(lost()).chain(lost()));
        insta::assert_snapshot!(name, desk.screen());
        if name == "unknown" {
            desk.press("4 space");
            shows!("unknown-edited", desk);
            desk.press("r");
            shows!("reading-again", desk);
            let request = desk.model.newest;
            desk.tell(Message::Read { request, result: Ok(settings(true, "HELPFUL_THUMBS")) });
            shows!("saved-after-all", desk);
        }
    }
}

#[test]
fn saved() {
    let mut desk = two_changes(80, 24);
    let held = settings(false, "HELPFUL_THUMBS EXPERIENCE_THUMBS");
    let asked = settings(true, "HELPFUL_THUMBS");
    desk.press("s").save_steps([Event::Read(Ok(held)), Event::Answered(Ok(asked))]);
    shows!("saved", desk);
}

#[test]
fn not_saved() {
    let mut desk = two_changes(80, 24);
    desk.press("s").save_steps([Event::Read(Err(unreachable()))]);
    shows!("not-saved", desk);
    let mut desk = two_changes(40, 12);
    desk.press("s").save_steps([Event::Read(Err(refused(
        500,
        "UNKNOWN",
        "A very long sentence of the server's.",
    )))]);
    shows!("not-saved-40x12", desk);
}

#[test]
fn read_only() {
    let mut session = session();
    session.read_only = Some(ReadOnly::Asked);
    session.is_protected = true;
    let mut desk = Desk::start(Some(session), 80, 24);
    desk.tell(Message::Read { request: 1, result: Ok(acme()) });
    desk.press("space s");
    shows!("read-only", desk);
}

#[test]
fn conflict() {
    for (name, columns, rows) in [("conflict", 80, 24), ("conflict-40x12", 40, 12)] {
        let mut desk = two_changes(columns, rows);
        let theirs = mixed([true, false], "HELPFUL_THUMBS EXPERIENCE_THUMBS CSAT");
        desk.press("s").save_steps([Event::Read(Ok(theirs))]);
        insta::assert_snapshot!(name, desk.screen());
    }
}

#[test]
fn questions() {
    let mut desk = two_changes(80, 24);
    desk.press("q");
    shows!("quit", desk);
    let mut desk = two_changes(40, 12);
    desk.press("q tab");
    shows!("quit-40x12", desk);
    let mut desk = two_changes(80, 24);
    desk.model.session.as_mut().expect("a session").is_protected = true;
    desk.press("s");
    shows!("protected", desk);
}

#[test]
fn pages() {
    let mut desk = two_changes(80, 24);
    desk.press("v");
    shows!("request", desk);
    desk.press("c");
    shows!("request-copied", desk);
    desk.press("esc ?");
    shows!("help", desk);
    desk.press("G");
    shows!("help-bottom", desk);
    desk.press("esc l");
    shows!("log-empty", desk);
}

#[test]
fn the_last_line_of_a_page_can_be_reached_and_left_at_any_width() {
    let mut desk = two_changes(40, 12);
    desk.press("? G");
    shows!("help-40x12-bottom", desk);
    let bottom = desk.screen();
    desk.press("down down");
    assert_eq!(desk.screen(), bottom, "there is nothing below the last line");
    desk.press("up");
    assert_ne!(desk.screen(), bottom, "one key up is one line up");
}

#[test]
fn adding_a_code() {
    let mut desk = Desk::reading(acme());
    desk.press("a").type_text("NPS SCORE").press("enter");
    shows!("add-refused", desk);
}

#[test]
fn asking_for_a_token() {
    let mut desk = Desk::start(None, 80, 24);
    desk.type_text("ey.secret");
    let screen = desk.screen();
    assert!(!screen.contains("secret"), "a token is never echoed");
    shows!("token", desk);
    desk.press("tab");
    shows!("token-demo", desk);
    let mut desk = Desk::start(None, 40, 12);
    desk.type_text("two words").press("enter");
    shows!("token-refused-40x12", desk);
}

#[test]
fn too_small() {
    let mut desk = two_changes(80, 24);
    desk.tell(Message::Resized(Size { columns: 39, rows: 12 }));
    shows!("too-small", desk);
    desk.press("q");
    shows!("too-small-quit", desk);
}

#[test]
fn a_paste_outside_a_field() {
    let mut desk = two_changes(80, 24);
    desk.paste("qnsx dangerous");
    shows!("paste", desk);
}

#[test]
fn no_size_panics_and_the_draft_is_kept() {
    let mut desk = two_changes(80, 24);
    let sizes = (1..=50).flat_map(|columns| (1..=20).map(move |rows| (columns, rows)));
    for (columns, rows) in sizes.chain([(79, 23), (80, 12), (100, 12), (99, 30), (500, 200)]) {
        desk.tell(Message::Resized(Size { columns, rows }));
        for keys in ["", "v", "esc ?", "esc l", "esc a", "esc q", "esc"] {
            desk.press(keys);
            desk.screen();
        }
    }
    assert_eq!(desk.form().draft.changes().len(), 2);
}

#[test]
fn whom_we_talk_to_stands_there_in_every_state_and_size() {
    for (columns, rows) in [(40, 12), (41, 12), (60, 13), (79, 24), (80, 24), (120, 40)] {
        for keys in ["", "v", "?", "l", "a", "q", "s", "p", "p down enter"] {
            let mut desk = two_changes(columns, rows);
            desk.model.profiles = ["acme-prod", "beta"].map(named).to_vec();
            desk.press(keys);
            let said = if keys == "p down enter" { "SWITCH" } else { "" };
            assert_names_whom(&desk, keys, said);
        }
        let mut protected = two_changes(columns, rows);
        protected.model.session.as_mut().expect("a session").is_protected = true;
        assert_names_whom(protected.press("s"), "s", "PROTECTED");
        let mut conflict = two_changes(columns, rows);
        conflict
            .press("s")
            .save_steps([Event::Read(Ok(settings(true, "HELPFUL_THUMBS EXPERIENCE_THUMBS CSAT")))]);
        assert_names_whom(&conflict, "a conflict", "Conflict");
        let mut loading = Desk::start(Some(session()), columns, rows);
        assert_names_whom(&loading, "loading", "Loading");
        loading.tell(Message::Read { request: 1, result: Err(unreachable()) });
        assert_names_whom(&loading, "a failure", "Not read");
    }
}

fn named(name: &str) -> Session {
    Session { name: Some(name.to_owned()), ..session() }
}

fn assert_names_whom(desk: &Desk, what: &str, said: &str) {
    let screen = desk.screen();
    for fact in ["acme-prod", "app.quickchat.ai", "demoagent1", "file", "41 weeks left", said] {
        assert!(screen.contains(fact), "{fact} in {what} at {:?}:\n{screen}", desk.model.size);
    }
}

#[test]
fn the_time_that_a_token_has_left_is_never_cut() {
    for source in ["QUICKCHAT_API_TOKEN", "MY_QUICKCHAT_TOKEN_FOR_PRODUCTION_USE"] {
        let mut session = session();
        session.context.token_source = TokenSource::Readable(ReadableSource::Variable(source.to_owned()));
        let desk = Desk::start(Some(session), 40, 12);
        assert!(desk.screen().contains(", 41 weeks left"), "{}", desk.screen());
    }
}

#[test]
fn on_a_low_screen_each_thing_that_is_true_of_the_draft_keeps_a_line() {
    let mut desk = Desk::reading_at(settings(true, "HELPFUL_THUMBS"), 40, 12);
    let asked = Event::Read(Ok(settings(true, "HELPFUL_THUMBS")));
    let words = "A sentence that is too long for this screen, and goes on, and on, and on.";
    let refusal = Event::Answered(Err(refused(422, "VALIDATION_ERROR", words)));
    desk.press("2 space s").save_steps([asked, refusal]);
    let screen = desk.screen();
    for word in ["Not saved", "…", "1 unsaved change. s saves.", "Warning: the rating is on"] {
        assert!(screen.contains(word), "{word}:\n{screen}");
    }
}

#[test]
fn a_list_that_is_too_long_to_be_edited_says_so_at_once() {
    let codes = (0..=500).map(|n| QuestionCode::new(format!("C{n}"))).collect();
    let mut many = settings(true, "");
    many.codes = codes;
    let desk = Desk::reading(many);
    assert!(desk.words().contains("501 of 503 on too many or too long: read only"), "{}", desk.screen());
    assert!(!desk.words().contains("a add"), "{}", desk.screen());
}

#[test]
fn a_code_that_its_row_has_no_room_for_stands_with_its_end_in_the_line_below() {
    let mut desk = Desk::reading(settings(true, &format!("{}_END", "LONG_".repeat(20))));
    desk.press("down");
    assert!(desk.screen().contains("LONG__END\n"), "{}", desk.screen());
}

#[test]
fn in_ascii_the_request_is_the_same_json_and_names_stay_apart() {
    let mut desk = Desk::reading(settings(true, "É"));
    desk.theme = desk.theme.ascii();
    desk.model.session.as_mut().expect("a session").name = Some("Müller".to_owned());
    desk.press("space 2 space v");
    let screen = desk.screen();
    assert!(screen.contains("M<U+00FC>ller"), "{screen}");
    desk.press("esc u a").type_text("Ü").press("enter v");
    assert!(desk.screen().contains("\\u00c9\",\"\\u00dc\""), "{}", desk.screen());
}

#[test]
fn a_frame_in_ascii_holds_nothing_else() {
    let mut desk = Desk::reading(settings(true, "満足度 LÄNGE"));
    desk.theme = desk.theme.ascii();
    desk.press("space");
    assert!(desk.screen().is_ascii(), "{}", desk.screen());
    shows!("ascii", desk);
}
