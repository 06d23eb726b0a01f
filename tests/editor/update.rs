//! What each message does in each phase: state in, state and effects out.

use std::time::Duration;

use convrating::editor::message::{Effect, Message};
use convrating::editor::model::{Dialog, Failure, Phase, Question, ReadOnly, Target};
use convrating::settings::QuestionCode;

use crate::support::configuration::{mixed, settings};
use crate::support::desk::{Desk, refused, session, unreachable};
use convrating::api::Order;
use convrating::save::{Consent, Event};

pub(super) fn has(desk: &Desk, effect: &Effect) -> bool {
    desk.effects.contains(effect)
}

pub(super) fn saves(desk: &Desk) -> usize {
    desk.effects.iter().filter(|effect| matches!(effect, Effect::Save(..))).count()
}

#[test]
fn the_configuration_is_read_first_and_no_form_stands_before() {
    let desk = Desk::start(Some(session()), 80, 24);
    assert_eq!(desk.effects, [Effect::Read(1)]);
    assert!(desk.model.form().is_none());
}

#[test]
fn keys_typed_while_loading_are_not_kept_for_the_form() {
    let mut desk = Desk::start(Some(session()), 80, 24);
    desk.press("space s d a x enter");
    desk.tell(Message::Read { request: 1, result: Ok(settings(true, "A")) });
    assert!(!desk.form().draft.is_dirty() && desk.model.dialog.is_none());
    assert_eq!(desk.effects, [Effect::Read(1)]);
}

#[test]
fn a_failed_load_shows_no_values_and_r_tries_again() {
    let mut desk = Desk::start(Some(session()), 80, 24);
    desk.tell(Message::Read { request: 1, result: Err(unreachable()) });
    assert!(matches!(desk.model.phase, Phase::LoadFailed(Failure::Read(_))));
    assert!(desk.words().contains("Not read: could not connect to app.quickchat.ai"));
    desk.press("r");
    // The file and the token may have changed: both are read anew.
    assert!(has(&desk, &Effect::Open(2, Target::Named("acme-prod".to_owned()))));
    desk.tell(Message::Opened { request: 2, result: Ok(session()) });
    assert!(has(&desk, &Effect::Read(3)));
}

#[test]
fn an_answer_that_nobody_waits_for_any_more_is_dropped() {
    let mut desk = Desk::start(Some(session()), 80, 24);
    desk.press("esc");
    assert!(has(&desk, &Effect::Abort));
    desk.tell(Message::Read { request: 1, result: Ok(settings(true, "A")) });
    assert!(matches!(desk.model.phase, Phase::LoadFailed(Failure::Stopped)));
    desk.press("r");
    desk.tell(Message::Opened { request: 2, result: Ok(session()) });
    desk.tell(Message::Read { request: 1, result: Ok(settings(true, "OLD")) });
    assert!(desk.model.form().is_none());
    desk.tell(Message::Read { request: 3, result: Ok(settings(true, "NEW")) });
    assert!(desk.form().draft.settings().has(&QuestionCode::new("NEW")));
}

#[test]
fn movement_never_changes_anything() {
    let mut desk = Desk::reading(settings(false, "A B C D E F"));
    let draft = desk.form().draft.clone();
    for keys in ["up down k j tab backtab home end g G pgup pgdn 1 2 3 9", "G down down", "g up", "9 8 1"] {
        desk.press(keys);
        assert!(desk.form().focus < desk.form().row_count());
    }
    assert_eq!(desk.form().draft, draft);
    assert!(desk.effects.is_empty());
    desk.press("3");
    assert_eq!(desk.form().focus, 2, "a digit counts the rows from 1");
}

#[test]
fn a_second_s_sends_nothing_and_says_so() {
    let mut desk = Desk::reading(settings(false, "A"));
    desk.press("space s s s");
    assert_eq!(saves(&desk), 1);
    assert!(desk.words().contains("Saving already"));
}

#[test]
fn a_saved_draft_is_clean_and_b_brings_back_what_was_there_before() {
    let mut desk = Desk::reading(settings(false, "A"));
    let theirs = settings(false, "A B");
    desk.press("space s").save_steps([Event::Read(Ok(theirs)), Event::Answered(Ok(settings(true, "A B")))]);
    let screen = desk.words();
    assert!(screen.contains("Saved 14:02:10: rating off → on"), "{screen}");
    assert!(screen.contains("Also changed by someone else: B off → on"), "{screen}");
    assert!(!screen.contains("unsaved change"), "{screen}");
    assert!(has(&desk, &Effect::Reread(3)));
    desk.press("b");
    assert_eq!(desk.form().draft.settings(), settings(false, "A B"), "the other person's change stays");
    desk.press("u");
    assert!(!desk.form().draft.is_dirty());
}

#[test]
fn a_silent_read_after_a_save_tells_only_of_changes() {
    for (now, word) in [
        (settings(true, "A"), None),
        (settings(false, "A"), Some("Saved, then changed by someone else: rating on → off")),
        (settings(true, "A B"), Some("changed by someone else: B off → on")),
    ] {
        let mut desk = Desk::reading(settings(false, "A"));
        desk.press("space s")
            .save_steps([Event::Read(Ok(settings(false, "A"))), Event::Answered(Ok(settings(true, "A")))]);
        desk.tell(Message::Read { request: 3, result: Ok(now.clone()) });
        let screen = desk.words();
        match word {
            Some(word) => assert!(screen.contains(word), "{screen}"),
            None => assert!(screen.contains("Saved 14:02:10") && !screen.contains("someone"), "{screen}"),
        }
        assert_eq!(desk.form().draft.settings(), now);
    }
}

#[test]
fn edits_made_while_saving_stay_and_count_as_unsaved() {
    let mut desk = Desk::reading(settings(false, "A"));
    desk.press("space s 2 space")
        .save_steps([Event::Read(Ok(settings(false, "A"))), Event::Answered(Ok(settings(true, "A")))]);
    assert!(desk.words().contains("1 unsaved change"));
    assert_eq!(desk.form().draft.settings(), settings(true, ""));
}

#[test]
fn no_failure_throws_the_draft_away() {
    for status in [400, 401, 402, 403, 404, 422, 500] {
        let mut desk = Desk::reading(settings(false, "A"));
        let error = refused(status, "X", "no");
        desk.press("space 2 space s").save_steps([Event::Read(Err(error))]);
        assert_eq!(desk.form().draft.changes().len(), 2, "{status}");
        assert!(desk.words().contains("Not saved: "), "{status}");
    }
}

#[test]
fn a_refused_write_marks_the_session_read_only_and_editing_to_look_still_works() {
    let mut desk = Desk::reading(settings(false, "A"));
    let error = refused(403, "PERMISSION_DENIED", "Insufficient token scope. Required: write_all");
    desk.press("space s").save_steps([Event::Read(Ok(settings(false, "A"))), Event::Answered(Err(error))]);
    assert_eq!(desk.model.read_only(), Some(ReadOnly::Refused));
    assert!(desk.words().contains("[READ ONLY]"));
    desk.press("s 2 space v");
    assert_eq!(saves(&desk), 1);
    assert_eq!(desk.form().draft.changes().len(), 2);
    assert!(desk.words().contains("PATCH https://"));
}

#[test]
fn a_conflict_asks_and_hears_no_key_in_its_first_200_milliseconds() {
    let mut desk = Desk::reading(settings(false, "A"));
    desk.press("2 space s").save_steps([Event::Read(Ok(settings(false, "A B")))]);
    desk.press("enter");
    assert!(
        !has(&desk, &Effect::Order(Order::Consent(Consent::KeepBoth))),
        "that Enter was not for the question"
    );
    desk.wait(Duration::from_millis(199)).press("enter esc");
    assert!(desk.effects.iter().all(|effect| !matches!(effect, Effect::Order(_))));
    desk.wait(Duration::from_millis(1)).press("enter");
    assert!(has(&desk, &Effect::Order(Order::Consent(Consent::KeepBoth))));
}

#[test]
fn esc_in_a_conflict_goes_back_with_the_draft_kept() {
    let mut desk = Desk::reading(settings(false, "A"));
    desk.press("2 space s").save_steps([Event::Read(Ok(settings(false, "A B")))]);
    desk.wait(Duration::from_millis(200)).press("esc");
    assert!(has(&desk, &Effect::Order(Order::Stop)));
    desk.save_steps([Event::Read(Ok(settings(false, "A B"))), Event::Stop]);
    assert!(desk.words().contains("Not saved"), "{}", desk.screen());
    assert_eq!(desk.form().draft.changes().len(), 1);
}

#[test]
fn use_theirs_takes_what_overlaps_and_can_be_undone() {
    let mut desk = Desk::reading(settings(false, "A"));
    let theirs = || Ok(settings(false, "A B"));
    desk.press("space 2 space s").save_steps([Event::Read(theirs()), Event::Consent(Consent::UseTheirs)]);
    assert_eq!(desk.form().draft.settings(), settings(true, "A B"));
    assert!(desk.model.dialog.is_none());
    desk.press("u");
    assert_eq!(desk.form().draft.settings(), settings(true, "B"));
}

#[test]
fn a_question_opened_over_a_conflict_gives_way_to_it_again() {
    let mut desk = Desk::reading(settings(false, "A"));
    desk.press("2 space s v").save_steps([Event::Read(Ok(settings(false, "A B")))]);
    assert!(is_asked(&desk, Question::Conflict), "it takes the place of what was open");
    let mut desk = Desk::reading(settings(false, "A"));
    desk.press("2 space s").save_steps([Event::Read(Ok(settings(false, "A B")))]);
    desk.wait(Duration::from_secs(1)).press("c-c");
    assert!(is_asked(&desk, Question::Quit), "Ctrl-C loses nothing without asking");
    desk.press("esc");
    assert!(is_asked(&desk, Question::Conflict));
}

#[test]
fn a_conflict_waits_for_the_field_that_is_typed_in() {
    let mut desk = Desk::reading(settings(false, "A"));
    desk.press("2 space s a").type_text("NPS_SC").save_steps([Event::Read(Ok(settings(false, "A B")))]);
    assert!(desk.words().contains("NPS_SC") && desk.words().contains("Saving: waiting for your answer"));
    desk.wait(Duration::from_secs(1)).type_text("ORE").press("enter enter enter");
    assert!(is_asked(&desk, Question::Conflict));
    assert!(desk.effects.iter().all(|effect| !matches!(effect, Effect::Order(_))), "{:?}", desk.effects);
    assert!(desk.form().draft.settings().has(&QuestionCode::new("NPS_SCORE")));
}

#[test]
fn the_quit_question_over_a_conflict_says_that_a_save_waits() {
    let mut desk = Desk::reading(settings(false, "A"));
    desk.press("2 space s").save_steps([Event::Read(Ok(settings(false, "A B")))]);
    desk.wait(Duration::from_secs(1)).press("c-c");
    assert!(desk.words().contains("Saving: waiting for your answer"), "{}", desk.screen());
}

#[test]
fn what_is_said_of_a_save_under_way_ends_with_it() {
    let mut desk = Desk::reading(settings(false, "A"));
    desk.press("space s s r")
        .save_steps([Event::Read(Ok(settings(false, "A"))), Event::Answered(Ok(settings(true, "A")))]);
    assert!(!desk.words().contains("Saving") && !desk.words().contains("Wait for"), "{}", desk.screen());
}

#[test]
fn the_focus_stays_on_its_row_when_others_come() {
    let mut desk = Desk::reading(settings(false, "A"));
    desk.press("G r");
    let request = desk.model.newest;
    desk.tell(Message::Read { request, result: Ok(settings(false, "A NEW")) });
    assert_eq!(desk.form().focused(), convrating::editor::model::FormRow::Add);
    desk.press("space");
    assert!(matches!(desk.model.dialog, Some(Dialog::Add { .. })) && !desk.form().draft.is_dirty());
}

#[test]
fn flags_that_disagreed_cannot_be_brought_back_and_b_says_so() {
    let mut desk = Desk::reading(mixed([true, false], "A"));
    let read = Event::Read(Ok(mixed([true, false], "A")));
    desk.press("space s").save_steps([read, Event::Answered(Ok(settings(true, "A")))]);
    desk.press("b");
    assert!(desk.words().contains("the flags disagreed: that cannot be brought back"), "{}", desk.screen());
}

#[test]
fn a_time_has_its_date_once_it_is_not_today() {
    let mut desk = Desk::reading(settings(false, "A"));
    desk.press("space s")
        .save_steps([Event::Read(Ok(settings(false, "A"))), Event::Answered(Ok(settings(true, "A")))]);
    desk.now.local = "2026-11-23T09:00:00[UTC]".parse().expect("a time");
    desk.press("down");
    assert!(desk.words().contains("Saved 2026-11-22 14:02:10:"), "{}", desk.screen());
}

#[test]
fn every_request_of_the_run_is_in_the_log_with_its_profile_where_there_are_several() {
    let mut desk = Desk::reading(settings(false, "A"));
    for (profile, status) in [("acme-prod", 200), ("beta", 401)] {
        let record = convrating::api::RequestRecord {
            method: convrating::api::HttpMethod::Get,
            attempt: 1,
            started: std::time::SystemTime::UNIX_EPOCH,
            took: Duration::from_millis(41),
            status: Some(status),
            failure: None,
        };
        let logged = convrating::editor::model::Logged { record, profile: Some(profile.to_owned()) };
        desk.tell(Message::Logged(logged));
    }
    desk.press("l");
    let screen = desk.words();
    assert!(screen.contains("1970-01-01 00:00:00 GET 401 41 ms try 1 beta"), "{screen}");
    assert!(screen.contains("GET 200 41 ms try 1 acme-prod"), "{screen}");
}

pub(super) fn is_asked(desk: &Desk, expected: Question) -> bool {
    matches!(desk.model.dialog, Some(Dialog::Question { question, .. }) if question == expected)
}

#[test]
fn esc_stops_what_is_under_way_and_never_quits() {
    let mut desk = Desk::reading(settings(false, "A"));
    desk.press("esc esc");
    assert!(desk.effects.is_empty());
    desk.press("space s esc");
    assert!(has(&desk, &Effect::Order(Order::Stop)));
    desk.save_steps([Event::Stop]);
    assert!(desk.words().contains("Not saved: stopped"), "{}", desk.screen());
    desk.press("r esc");
    assert!(has(&desk, &Effect::Abort));
    assert!(desk.words().contains("Not read: stopped"));
}

#[test]
fn reading_again_keeps_edits_on_top_and_tells_what_changed() {
    let mut desk = Desk::reading(settings(false, "A"));
    desk.press("2 space r");
    let request = desk.model.newest;
    desk.tell(Message::Read { request, result: Ok(settings(true, "A B")) });
    assert_eq!(desk.form().draft.settings(), settings(true, "B"));
    assert!(desk.words().contains("changed by someone else: rating off → on, B off → on"));
    assert!(!desk.words().contains("Loading"), "only loading says so");
    desk.press("r");
    let request = desk.model.newest;
    desk.tell(Message::Read { request, result: Err(unreachable()) });
    assert!(desk.words().contains("Not read: could not connect"));
    assert_eq!(desk.form().draft.changes().len(), 1);
}

#[test]
fn a_protected_profile_asks_first_with_keep_editing_chosen() {
    let mut desk = Desk::reading(settings(false, "A"));
    desk.model.session.as_mut().expect("a session").is_protected = true;
    desk.press("space s enter");
    assert_eq!(saves(&desk), 0);
    desk.press("s tab enter");
    assert_eq!(saves(&desk), 1);
}

#[test]
fn what_the_server_had_already_was_not_saved_from_here() {
    let mut desk = Desk::reading(settings(false, "A"));
    desk.press("space s").save_steps([Event::Read(Ok(settings(true, "A")))]);
    assert!(desk.words().contains("the server already has this"));
    assert_eq!(desk.model.farewell(), "convrating: nothing saved");
}

#[test]
fn there_is_nothing_to_copy_where_nothing_would_be_sent() {
    let mut desk = Desk::reading(settings(false, "A"));
    desk.press("v c");
    assert!(desk.effects.is_empty() && !desk.words().contains("copy as curl"), "{}", desk.screen());
}

#[test]
fn copying_hands_out_a_command_without_the_token() {
    let mut desk = Desk::reading(settings(false, "A"));
    desk.press("space v c");
    let Some(Effect::Copy(command)) = desk.effects.last() else { panic!("{:?}", desk.effects) };
    assert!(command.starts_with("curl -X PATCH 'https://app.quickchat.ai/v1/api/"), "{command}");
    assert!(command.contains("$QUICKCHAT_API_TOKEN"));
    assert!(desk.words().contains("sent to your terminal's clipboard"));
}
