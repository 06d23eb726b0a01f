//! What each message does in each phase: state in, state and effects out.

use std::time::Duration;

use convrating::editor::message::{Copied, Effect, Message};
use convrating::editor::model::{Dialog, LoadFailure, Phase, Question, ReadOnly, Target};
use convrating::settings::QuestionCode;

use crate::support::configuration::{mixed, settings};
use crate::support::model_harness::{ModelHarness, refused, session, unreachable};
use convrating::api::Order;
use convrating::save::Event;

pub(super) fn has(harness: &ModelHarness, effect: &Effect) -> bool {
    harness.effects.contains(effect)
}

pub(super) fn saves(harness: &ModelHarness) -> usize {
    harness.effects.iter().filter(|effect| matches!(effect, Effect::Save(..))).count()
}

#[test]
fn the_configuration_is_read_first_and_no_form_stands_before() {
    let harness = ModelHarness::start(Some(session()), 80, 24);
    assert_eq!(harness.effects, [Effect::Read(1)]);
    assert!(harness.model.form().is_none());
}

#[test]
fn keys_typed_while_loading_are_not_kept_for_the_form() {
    let mut harness = ModelHarness::start(Some(session()), 80, 24);
    harness.press("space s d a x enter");
    harness.tell(Message::Read { request: 1, result: Ok(settings(true, "A")) });
    assert!(!harness.form().draft.is_dirty() && harness.model.dialog.is_none());
    assert_eq!(harness.effects, [Effect::Read(1)]);
}

#[test]
fn a_failed_load_shows_no_values_and_r_tries_again() {
    let mut harness = ModelHarness::start(Some(session()), 80, 24);
    harness.tell(Message::Read { request: 1, result: Err(unreachable()) });
    assert!(matches!(harness.model.phase, Phase::LoadFailed(LoadFailure::Read(_), _)));
    assert!(harness.words().contains("Not read could not connect to app.quickchat.ai"));
    harness.press("r");
    // The file and the token may have changed: both are read anew.
    assert!(has(&harness, &Effect::Open(2, Target::Named("acme-prod".to_owned()))));
    harness.tell(Message::Opened { request: 2, result: Ok(session()) });
    assert!(has(&harness, &Effect::Read(3)));
}

#[test]
fn an_answer_that_nobody_waits_for_any_more_is_dropped() {
    let mut harness = ModelHarness::start(Some(session()), 80, 24);
    harness.press("esc");
    assert!(has(&harness, &Effect::Abort));
    harness.tell(Message::Read { request: 1, result: Ok(settings(true, "A")) });
    assert!(matches!(harness.model.phase, Phase::LoadFailed(LoadFailure::Stopped, _)));
    harness.press("r");
    harness.tell(Message::Opened { request: 2, result: Ok(session()) });
    harness.tell(Message::Read { request: 1, result: Ok(settings(true, "OLD")) });
    assert!(harness.model.form().is_none());
    harness.tell(Message::Read { request: 3, result: Ok(settings(true, "NEW")) });
    assert!(harness.form().draft.settings().has(&QuestionCode::new("NEW")));
}

#[test]
fn movement_never_changes_anything() {
    let mut harness = ModelHarness::reading(settings(false, "A B C D E F"));
    let draft = harness.form().draft.clone();
    for keys in ["up down k j tab backtab home end g G pgup pgdn 1 2 3 9", "G down down", "g up", "9 8 1"] {
        harness.press(keys);
        assert!(harness.form().focus < harness.form().row_count());
    }
    assert_eq!(harness.form().draft, draft);
    assert!(harness.effects.is_empty());
    harness.press("3");
    assert_eq!(harness.form().focus, 2, "a digit counts the rows from 1");
}

#[test]
fn a_second_s_sends_nothing_and_says_so() {
    let mut harness = ModelHarness::reading(settings(false, "A"));
    harness.press("space s s s");
    assert_eq!(saves(&harness), 1);
    assert!(harness.words().contains("Still saving; s was ignored."));
}

#[test]
fn a_saved_draft_is_clean_and_b_brings_back_what_was_there_before() {
    let mut harness = ModelHarness::reading(settings(false, "A"));
    let theirs = settings(false, "A B");
    harness
        .press("space s")
        .save_steps([Event::Read(Ok(theirs)), Event::Answered(Ok(settings(true, "A B")))]);
    let screen = harness.words();
    assert!(screen.contains("Saved 14:02:10 rating off → on"), "{screen}");
    assert!(screen.contains("Also changed by someone else: B off → on"), "{screen}");
    assert!(!screen.contains("unsaved change"), "{screen}");
    assert!(has(&harness, &Effect::Reread { request: 3, is_second: false }));
    harness.bring_back(None);
    assert_eq!(harness.form().draft.settings(), settings(false, "A B"), "the other person's change stays");
    harness.press("u");
    assert!(!harness.form().draft.is_dirty());
}

#[test]
fn a_silent_read_after_a_save_tells_only_of_changes() {
    for (now, word) in [
        (settings(true, "A"), None),
        (settings(false, "B"), Some("Saved, then changed by someone else rating on → off")),
        (settings(true, "A B"), Some("changed by someone else: B off → on")),
    ] {
        let mut harness = ModelHarness::reading(settings(false, "A"));
        harness
            .press("space s")
            .save_steps([Event::Read(Ok(settings(false, "A"))), Event::Answered(Ok(settings(true, "A")))]);
        harness.tell(Message::Read { request: 3, result: Ok(now.clone()) });
        let screen = harness.words();
        match word {
            Some(word) => assert!(screen.contains(word), "{screen}"),
            None => assert!(screen.contains("Saved 14:02:10") && !screen.contains("someone"), "{screen}"),
        }
        assert_eq!(harness.form().draft.settings(), now);
    }
}

#[test]
fn a_silent_read_that_shows_what_was_before_the_save_is_made_once_more_before_someone_else_is_named() {
    let (before, after) = (|| settings(false, "A"), || settings(true, "A"));
    let saved = || {
        let mut harness = ModelHarness::reading(before());
        harness.press("space s").save_steps([Event::Read(Ok(before())), Event::Answered(Ok(after()))]);
        harness.tell(Message::Read { request: 3, result: Ok(before()) });
        harness
    };
    let mut lagging = saved();
    assert!(has(&lagging, &Effect::Reread { request: 4, is_second: true }));
    assert!(!lagging.words().contains("someone"), "{}", lagging.screen());
    lagging.tell(Message::Read { request: 4, result: Ok(after()) });
    assert!(!lagging.words().contains("someone"), "{}", lagging.screen());
    assert_eq!(lagging.form().draft.settings(), after());
    let mut undone = saved();
    undone.tell(Message::Read { request: 4, result: Ok(before()) });
    let named = "Saved, then changed by someone else rating on → off";
    assert!(undone.words().contains(named), "{}", undone.screen());
    assert_eq!(undone.form().draft.settings(), before());
}

#[test]
fn edits_made_while_saving_stay_and_count_as_unsaved() {
    let mut harness = ModelHarness::reading(settings(false, "A"));
    harness
        .press("space s 2 space")
        .save_steps([Event::Read(Ok(settings(false, "A"))), Event::Answered(Ok(settings(true, "A")))]);
    assert!(harness.words().contains("1 unsaved change"));
    assert_eq!(harness.form().draft.settings(), settings(true, ""));
}

#[test]
fn no_failure_throws_the_draft_away() {
    for status in [400, 401, 402, 403, 404, 422, 500] {
        let mut harness = ModelHarness::reading(settings(false, "A"));
        let error = refused(status, "X", "no");
        harness.press("space 2 space s").save_steps([Event::Read(Err(error))]);
        assert_eq!(harness.form().draft.changes().len(), 2, "{status}");
        assert!(harness.words().contains("Not saved "), "{status}");
    }
}

#[test]
fn a_refused_write_marks_the_session_read_only_and_editing_to_look_still_works() {
    let mut harness = ModelHarness::reading(settings(false, "A"));
    let error = refused(403, "PERMISSION_DENIED", "Insufficient token scope. Required: write_all");
    harness.press("space s").save_steps([Event::Read(Ok(settings(false, "A"))), Event::Answered(Err(error))]);
    assert_eq!(harness.model.read_only(), Some(ReadOnly::Refused));
    assert!(harness.words().contains("[READ ONLY]"));
    harness.press("s 2 space v");
    assert_eq!(saves(&harness), 1);
    assert_eq!(harness.form().draft.changes().len(), 2);
    assert!(harness.words().contains("PATCH https://"));
}

#[test]
fn what_is_said_of_a_save_under_way_ends_with_it() {
    let mut harness = ModelHarness::reading(settings(false, "A"));
    harness
        .press("space s s r")
        .save_steps([Event::Read(Ok(settings(false, "A"))), Event::Answered(Ok(settings(true, "A")))]);
    assert!(
        !harness.words().contains("Saving") && !harness.words().contains("Wait for"),
        "{}",
        harness.screen()
    );
}

#[test]
fn the_focus_stays_on_its_row_when_others_come() {
    let mut harness = ModelHarness::reading(settings(false, "A"));
    harness.press("G r");
    let request = harness.model.newest;
    harness.tell(Message::Read { request, result: Ok(settings(false, "A NEW")) });
    assert_eq!(harness.form().focused(), convrating::editor::model::FormRow::Add);
    harness.press("space");
    assert!(matches!(harness.model.dialog, Some(Dialog::Add { .. })) && !harness.form().draft.is_dirty());
}

#[test]
fn flags_that_disagreed_cannot_be_brought_back_and_b_says_so() {
    let mut harness = ModelHarness::reading(mixed([true, false], "A"));
    let read = Event::Read(Ok(mixed([true, false], "A")));
    harness.press("space s").save_steps([read, Event::Answered(Ok(settings(true, "A")))]);
    harness.bring_back(None);
    assert!(
        harness.words().contains("the flags disagreed: that cannot be brought back"),
        "{}",
        harness.screen()
    );
}

#[test]
fn a_save_says_that_b_takes_it_back_only_where_all_of_it_can_be_brought_back() {
    for (before, can_be_brought_back) in [(settings(false, "A"), true), (mixed([true, false], "A"), false)] {
        let mut harness = ModelHarness::reading(before.clone());
        let read = Event::Read(Ok(before));
        harness.press("space s").save_steps([read, Event::Answered(Ok(settings(true, "A")))]);
        assert!(harness.words().contains("Saved"), "{}", harness.screen());
        let offers = harness.words().contains("b takes it back.");
        assert_eq!(offers, can_be_brought_back, "{}", harness.screen());
    }
}

#[test]
fn a_time_has_its_date_once_it_is_not_today() {
    let mut harness = ModelHarness::reading(settings(false, "A"));
    harness
        .press("space s")
        .save_steps([Event::Read(Ok(settings(false, "A"))), Event::Answered(Ok(settings(true, "A")))]);
    harness.now.local = "2026-11-23T09:00:00[UTC]".parse().expect("a time");
    harness.press("down");
    assert!(harness.words().contains("Saved 2026-11-22 14:02:10"), "{}", harness.screen());
}

#[test]
fn every_request_of_the_run_is_in_the_log_with_its_profile_where_there_are_several() {
    let mut harness = ModelHarness::reading(settings(false, "A"));
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
        harness.tell(Message::Logged(logged));
    }
    harness.press("l");
    let screen = harness.words();
    assert!(screen.contains("1970-01-01 00:00:00 GET 401 41 ms beta"), "{screen}");
    assert!(screen.contains("GET 200 41 ms acme-prod"), "{screen}");
}

pub(super) fn is_asked(harness: &ModelHarness, expected: &Question) -> bool {
    matches!(&harness.model.dialog, Some(Dialog::Question { question, .. }) if question == expected)
}

#[test]
fn esc_stops_what_is_under_way_and_never_quits() {
    let mut harness = ModelHarness::reading(settings(false, "A"));
    harness.press("esc esc");
    assert!(harness.effects.is_empty());
    harness.press("space s esc");
    assert!(has(&harness, &Effect::Order(Order::Stop)));
    harness.save_steps([Event::Stop]);
    assert!(harness.words().contains("Not saved stopped"), "{}", harness.screen());
    harness.press("r esc");
    assert!(has(&harness, &Effect::Abort));
    assert!(harness.words().contains("Not read stopped"));
}

#[test]
fn reading_again_keeps_edits_on_top_and_tells_what_changed() {
    let mut harness = ModelHarness::reading(settings(false, "A"));
    harness.press("2 space r");
    let request = harness.model.newest;
    harness.tell(Message::Read { request, result: Ok(settings(true, "A B")) });
    assert_eq!(harness.form().draft.settings(), settings(true, "B"));
    assert!(harness.words().contains("changed by someone else: rating off → on, B off → on"));
    assert!(!harness.words().contains("Loading"), "only loading says so");
    harness.press("r");
    let request = harness.model.newest;
    harness.tell(Message::Read { request, result: Err(unreachable()) });
    assert!(harness.words().contains("Not read could not connect"));
    assert_eq!(harness.form().draft.changes().len(), 1);
}

#[test]
fn a_protected_profile_asks_first_with_keep_editing_chosen() {
    let mut harness = ModelHarness::reading(settings(false, "A"));
    harness.model.session.as_mut().expect("a session").is_protected = true;
    harness.press("space s enter");
    assert_eq!(saves(&harness), 0);
    harness.press("s tab enter");
    assert_eq!(saves(&harness), 1);
}

#[test]
fn what_the_server_had_already_was_not_saved_from_here() {
    let mut harness = ModelHarness::reading(settings(false, "A"));
    harness.press("space s").save_steps([Event::Read(Ok(settings(true, "A")))]);
    assert!(harness.words().contains("the server already has this"));
    assert_eq!(harness.model.farewell(), "convrating: nothing saved");
}

#[test]
fn there_is_nothing_to_copy_where_nothing_would_be_sent() {
    let mut harness = ModelHarness::reading(settings(false, "A"));
    harness.press("v c");
    assert!(harness.effects.is_empty() && !harness.words().contains("copy as curl"), "{}", harness.screen());
}

#[test]
fn copying_hands_out_a_command_without_the_token() {
    let mut harness = ModelHarness::reading(settings(false, "A"));
    harness.press("space v c");
    let Some(Effect::Copy(command)) = harness.effects.last() else { panic!("{:?}", harness.effects) };
    assert!(command.starts_with(": 'profile acme-prod, agent demoagent1'\n"), "{command}");
    assert!(command.contains("\"${QUICKCHAT_API_TOKEN_acme_2Dprod:?"), "{command}");
    assert!(!harness.words().contains("sent to"), "nothing is said before it is known");
    for (copied, said) in [
        (Copied::Sent, "The command was sent to your terminal; it may not allow it."),
        (Copied::InTmux, "The command is in tmux's buffer, and may be in your terminal's clipboard."),
        (
            Copied::RefusedByTmux("it failed (exit status: 1)".to_owned()),
            "tmux did not take the command: it failed (exit status: 1). It was sent to your terminal; it may not \
             allow it.",
        ),
    ] {
        harness.tell(Message::Copied(copied));
        assert!(harness.words().contains(said), "{}", harness.screen());
    }
}
