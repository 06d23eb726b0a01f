//! What each message does in each phase: state in, state and effects out.

use std::time::Duration;

use convrating::api::save::{Consent, Event, Order, State};
use convrating::editor::key::Key;
use convrating::editor::message::{Effect, Message};
use convrating::editor::model::{
    Activity, Dialog, Failure, Form, Model, Phase, Question, ReadOnly, Size, Target,
};
use convrating::settings::{QuestionCode, Rating};
use proptest::prelude::*;

use crate::support::desk::{Desk, refused, session, settings, unreachable};

fn has(desk: &Desk, effect: &Effect) -> bool {
    desk.effects.contains(effect)
}

fn saves(desk: &Desk) -> usize {
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
    assert!(has(&desk, &Effect::Read(2)));
}

#[test]
fn an_answer_that_nobody_waits_for_any_more_is_dropped() {
    let mut desk = Desk::start(Some(session()), 80, 24);
    desk.press("esc");
    assert!(has(&desk, &Effect::Abort));
    desk.tell(Message::Read { request: 1, result: Ok(settings(true, "A")) });
    assert!(matches!(desk.model.phase, Phase::LoadFailed(Failure::Stopped)));
    desk.press("r");
    desk.tell(Message::Read { request: 1, result: Ok(settings(true, "OLD")) });
    assert!(desk.model.form().is_none());
    desk.tell(Message::Read { request: 2, result: Ok(settings(true, "NEW")) });
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

fn is_asked(desk: &Desk, expected: Question) -> bool {
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
fn quitting_is_at_once_when_nothing_is_lost_and_a_question_otherwise() {
    let mut desk = Desk::reading(settings(false, "A"));
    desk.press("q");
    assert!(has(&desk, &Effect::Quit(0)));
    for (keys, effect) in [
        ("space q n", Some(Effect::Quit(0))),
        ("space q tab tab enter", Some(Effect::Quit(0))),
        ("space c-c c-c", Some(Effect::Quit(130))),
        ("space q q", None),
        ("space q enter", None),
        ("space q esc", None),
    ] {
        let mut desk = Desk::reading(settings(false, "A"));
        desk.press(keys);
        let quits: Vec<_> = desk.effects.iter().filter(|effect| matches!(effect, Effect::Quit(_))).collect();
        assert_eq!(quits, effect.iter().collect::<Vec<_>>(), "after {keys}");
        assert_eq!(desk.form().draft.changes().len(), 1, "after {keys}");
    }
}

#[test]
fn save_and_quit_quits_only_when_it_was_saved() {
    let steps = |answer| [Event::Read(Ok(settings(false, "A"))), Event::Answered(answer)];
    for keys in ["space q s", "space q tab enter"] {
        let mut desk = Desk::reading(settings(false, "A"));
        desk.press(keys).save_steps(steps(Ok(settings(true, "A"))));
        assert!(has(&desk, &Effect::Quit(0)));
        assert!(desk.model.farewell().contains("saved to acme-prod (agent ri4k73zpat): rating off → on"));
    }
    let mut desk = Desk::reading(settings(false, "A"));
    desk.press("space q s").save_steps(steps(Err(refused(422, "VALIDATION_ERROR", "no"))));
    assert!(!desk.effects.iter().any(|effect| matches!(effect, Effect::Quit(_))));
    assert!(desk.words().contains("Not saved: "));
    assert_eq!(desk.model.farewell(), "convrating: nothing saved");
}

#[test]
fn quitting_during_a_save_waits_for_its_end_but_not_for_ever() {
    let mut desk = Desk::reading(settings(false, "A"));
    desk.press("space s q");
    assert!(has(&desk, &Effect::Grace));
    desk.save_steps([Event::Read(Ok(settings(false, "A")))]);
    desk.tell(Message::GraceOver);
    assert!(has(&desk, &Effect::Quit(6)), "the outcome is unknown");
    assert!(desk.model.farewell().contains("outcome unknown for acme-prod"));
    let mut desk = Desk::reading(settings(false, "A"));
    desk.press("space s q");
    desk.tell(Message::GraceOver);
    assert!(has(&desk, &Effect::Quit(1)), "nothing was sent");
    assert_eq!(desk.model.farewell(), "convrating: nothing saved");
}

#[test]
fn quitting_during_a_save_asks_when_edits_were_made_since() {
    let mut desk = Desk::reading(settings(false, "A"));
    desk.press("space s 2 space q");
    assert!(matches!(desk.model.dialog, Some(Dialog::Question { question: Question::Quit, .. })));
    desk.press("n");
    assert!(has(&desk, &Effect::Grace));
    desk.save_steps([Event::Read(Ok(settings(false, "A"))), Event::Answered(Ok(settings(true, "A")))]);
    assert!(has(&desk, &Effect::Quit(0)));
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
fn a_paste_changes_nothing_but_a_text_field() {
    let mut desk = Desk::reading(settings(false, "A B"));
    desk.paste("x s q d n\nxxxx");
    assert!(!desk.form().draft.is_dirty() && desk.effects.is_empty());
    assert!(desk.words().contains("paste"));
    desk.press("space");
    assert!(!desk.words().contains("paste"), "it stands there only until the next key");
    desk.press("a").paste("NPS_\nSCORE\n").press("enter");
    assert!(desk.form().draft.settings().has(&QuestionCode::new("NPS_SCORE")));
    desk.press("q").paste("nnnnnnnnnnn");
    assert!(!desk.effects.iter().any(|effect| matches!(effect, Effect::Quit(_))));
}

#[test]
fn a_token_is_taken_in_the_field_and_the_demo_is_offered() {
    let mut desk = Desk::start(None, 80, 24);
    desk.press("enter");
    assert!(desk.words().contains("the token is empty"));
    desk.paste("ey.abc.def\n").press("enter");
    assert!(matches!(desk.effects.as_slice(), [Effect::Open(1, Target::Typed(_))]));
    assert!(!format!("{:?}", desk.effects).contains("abc"), "not even in a debug print");
    let mut desk = Desk::start(None, 80, 24);
    desk.press("q tab enter");
    assert_eq!(desk.effects, [Effect::Open(1, Target::Demo)]);
    desk.tell(Message::Opened { request: 1, result: Ok(session()) });
    assert!(has(&desk, &Effect::Read(2)));
}

#[test]
fn a_typed_token_that_is_refused_can_be_typed_again() {
    let mut desk = Desk::start(None, 80, 24);
    desk.type_text("ey.abc.def").press("enter");
    desk.tell(Message::Opened { request: 1, result: Ok(session()) });
    desk.tell(Message::Read { request: 2, result: Err(refused(401, "PERMISSION_DENIED", "")) });
    assert!(
        desk.words().contains("API TOKEN") && desk.words().contains("The token was refused"),
        "{}",
        desk.screen()
    );
    desk.type_text("ey.good.one").press("enter");
    assert!(matches!(desk.effects.last(), Some(Effect::Open(3, Target::Typed(_)))));
    let mut desk = Desk::start(Some(session()), 80, 24);
    desk.tell(Message::Read { request: 1, result: Err(refused(401, "PERMISSION_DENIED", "")) });
    assert!(
        desk.words().contains("Not read: The token was refused"),
        "a token from elsewhere is not typed here"
    );
}

/// A save whose PATCH broke off, and whose outcome no read could tell.
fn unknown_outcome() -> Desk {
    let mut desk = Desk::reading(settings(false, "A"));
    let broken = || convrating::api::error::ApiError::Broken { reason: "connection reset".to_owned() };
    let lost = || [Event::Elapsed, Event::Read(Err(broken()))];
    let sent = [Event::Read(Ok(settings(false, "A"))), Event::Answered(Err(broken()))];
    desk.press("space s").save_steps(sent.into_iter().chain(lost()).chain(lost()).chain(lost()));
    desk
}

#[test]
fn an_unknown_outcome_stands_until_a_read_tells() {
    let mut desk = unknown_outcome();
    assert!(
        desk.words().contains("Outcome unknown") && desk.words().contains("r read again"),
        "{}",
        desk.screen()
    );
    assert!(!desk.words().contains("Nothing is sent until"), "something was sent: {}", desk.screen());
    desk.press("r");
    let request = desk.model.newest;
    desk.tell(Message::Read { request, result: Err(unreachable()) });
    assert!(desk.words().contains("unless it arrived"), "{}", desk.screen());
    desk.press("r");
    let request = desk.model.newest;
    desk.tell(Message::Read { request, result: Ok(settings(true, "A")) });
    assert!(desk.words().contains("Saved after all: rating off → on"), "{}", desk.screen());
    assert!(
        !desk.words().contains("someone else") && !desk.words().contains("unsaved change"),
        "{}",
        desk.screen()
    );
    desk.press("q");
    assert!(has(&desk, &Effect::Quit(0)) && desk.model.farewell().contains("saved to acme-prod"));
}

#[test]
fn leaving_with_an_unknown_outcome_says_so_in_the_exit_code() {
    let mut desk = unknown_outcome();
    desk.press("q n");
    assert!(has(&desk, &Effect::Quit(6)) && desk.model.farewell().contains("outcome unknown"));
    let mut desk = unknown_outcome();
    desk.press("r");
    let request = desk.model.newest;
    desk.tell(Message::Read { request, result: Ok(settings(false, "A")) });
    assert!(
        desk.words().contains("1 unsaved change. Nothing is sent"),
        "it did not arrive: {}",
        desk.screen()
    );
}

#[test]
fn what_the_server_had_already_was_not_saved_from_here() {
    let mut desk = Desk::reading(settings(false, "A"));
    desk.press("space s").save_steps([Event::Read(Ok(settings(true, "A")))]);
    assert!(desk.words().contains("the server already has this"));
    assert_eq!(desk.model.farewell(), "convrating: nothing saved");
}

#[test]
fn q_quits_a_terminal_that_is_too_small_whatever_is_asked() {
    let mut desk = Desk::reading(settings(false, "A"));
    desk.press("2 space s").save_steps([Event::Read(Ok(settings(false, "A B")))]);
    desk.wait(Duration::from_secs(1));
    desk.tell(Message::Resized(Size { columns: 39, rows: 11 }));
    desk.press("q");
    assert!(desk.words().contains("n quits"), "{}", desk.screen());
    desk.press("n");
    assert!(has(&desk, &Effect::Quit(0)));
}

#[test]
fn there_is_nothing_to_copy_where_nothing_would_be_sent() {
    let mut desk = Desk::reading(settings(false, "A"));
    desk.press("v c");
    assert!(desk.effects.is_empty() && !desk.words().contains("copy as curl"), "{}", desk.screen());
}

#[test]
fn a_terminal_that_is_too_small_hears_only_the_keys_that_end() {
    let mut desk = Desk::reading(settings(false, "A"));
    desk.press("space");
    desk.tell(Message::Resized(Size { columns: 20, rows: 5 }));
    desk.press("space s d u x a");
    assert_eq!(desk.form().draft.changes().len(), 1);
    assert_eq!(saves(&desk), 0);
    desk.press("q n");
    assert!(has(&desk, &Effect::Quit(0)));
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

/// Anything that can happen to an editor.
#[derive(Clone, Debug)]
enum Happening {
    Key(Key),
    Paste(Vec<Key>),
    Resize(u16, u16),
    Read(Rating, usize),
    ReadFailed,
    SaveStep(Event),
    Grace,
    Time(u64),
}

fn any_key() -> impl Strategy<Value = Key> {
    let bound = convrating::editor::keymap::BINDINGS.iter().flat_map(|binding| binding.keys.iter().copied());
    prop_oneof![
        8 => proptest::sample::select(bound.collect::<Vec<_>>()),
        1 => any::<char>().prop_filter("printable", |c| !c.is_control()).prop_map(Key::Char),
    ]
}

fn any_event() -> impl Strategy<Value = Event> {
    let configuration =
        || (any::<(bool, bool)>(), 0_usize..4).prop_map(|((a, b), n)| held(Rating::from_flags(a, b), n));
    prop_oneof![
        4 => configuration().prop_map(|settings| Event::Read(Ok(settings))),
        4 => configuration().prop_map(|settings| Event::Answered(Ok(settings))),
        1 => Just(Event::Read(Err(unreachable()))),
        1 => Just(Event::Answered(Err(unreachable()))),
        1 => (400_u16..600).prop_map(|status| Event::Answered(Err(refused(status, "X", "no")))),
        1 => Just(Event::Elapsed),
        1 => Just(Event::Stop),
        1 => Just(Event::Consent(Consent::KeepBoth)),
        1 => Just(Event::Consent(Consent::UseTheirs)),
    ]
}

fn held(rating: Rating, codes: usize) -> convrating::settings::Settings {
    settings(rating, ["", "A", "A B", "HELPFUL_THUMBS Z"][codes])
}

fn any_happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        12 => any_key().prop_map(Happening::Key),
        1 => proptest::collection::vec(any_key(), 9..20).prop_map(Happening::Paste),
        1 => (1_u16..130, 1_u16..50).prop_map(|(columns, rows)| Happening::Resize(columns, rows)),
        2 => (any::<(bool, bool)>(), 0_usize..4).prop_map(|((a, b), n)| Happening::Read(Rating::from_flags(a, b), n)),
        1 => Just(Happening::ReadFailed),
        4 => any_event().prop_map(Happening::SaveStep),
        1 => Just(Happening::Grace),
        1 => (0_u64..400).prop_map(Happening::Time),
    ]
}

fn happen(desk: &mut Desk, happening: Happening) {
    let request = desk.model.newest;
    match happening {
        Happening::Key(key) => desk.tell(Message::Keys { keys: vec![key], burst: false }),
        Happening::Paste(keys) => desk.tell(Message::Keys { keys, burst: true }),
        Happening::Resize(columns, rows) => desk.tell(Message::Resized(Size { columns, rows })),
        Happening::Read(rating, codes) => {
            desk.tell(Message::Read { request, result: Ok(held(rating, codes)) });
        }
        Happening::ReadFailed => desk.tell(Message::Read { request, result: Err(unreachable()) }),
        Happening::SaveStep(event) => {
            let saving = desk.model.form().and_then(Form::saving).map(|saving| saving.save.clone());
            if let Some(mut save) = saving
                && save.step(event).is_some()
            {
                desk.tell(Message::SaveMoved { request, save: Box::new(save) });
            }
        }
        Happening::Grace => desk.tell(Message::GraceOver),
        Happening::Time(milliseconds) => drop(desk.wait(Duration::from_millis(milliseconds))),
    }
}

/// What is true of an editor whatever happened to it.
fn check(model: &Model) -> Result<(), TestCaseError> {
    let Some(form) = model.form() else { return Ok(()) };
    prop_assert!(form.focus < form.row_count());
    prop_assert!(!matches!(&form.activity, Activity::Saving(saving) if saving.save.outcome().is_some()));
    Ok(())
}

/// True while a save waits for an answer and nothing is open to give it.
fn waits_unasked(model: &Model) -> bool {
    let saving = model.form().and_then(Form::saving);
    model.dialog.is_none() && saving.is_some_and(|saving| matches!(saving.save.state(), State::Conflict(_)))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_the_screen_can_be_drawn_and_one_save_is_under_way_at_most(
        happenings in proptest::collection::vec(any_happening(), 1..60),
    ) {
        let mut desk = Desk::reading(settings(false, "A B"));
        let mut has_ordered = false;
        for happening in happenings {
            let was_saving = desk.model.form().is_some_and(|form| form.saving().is_some());
            let dirty_before = desk.model.has_unsaved_changes();
            let moves = matches!(happening, Happening::Resize(..) | Happening::Grace | Happening::Time(_));
            desk.effects.clear();
            happen(&mut desk, happening);
            prop_assert!(saves(&desk) + usize::from(was_saving) <= 1, "a second save");
            prop_assert!(!moves || desk.model.has_unsaved_changes() == dirty_before);
            check(&desk.model)?;
            has_ordered |= desk.effects.iter().any(|effect| matches!(effect, Effect::Order(_)));
            prop_assert!(has_ordered || !waits_unasked(&desk.model), "a conflict waits where nobody is asked");
        }
        desk.screen();
    }

    #[test]
    fn a_paste_never_changes_the_draft_nor_sends_anything(
        keys in proptest::collection::vec(any_key(), 9..40), before in proptest::collection::vec(any_key(), 0..6),
    ) {
        let mut desk = Desk::reading(settings(false, "A B"));
        for key in before {
            desk.tell(Message::Keys { keys: vec![key], burst: false });
        }
        let draft = desk.form().draft.clone();
        desk.effects.clear();
        desk.tell(Message::Keys { keys, burst: true });
        prop_assert_eq!(&desk.form().draft, &draft);
        prop_assert!(desk.effects.is_empty());
    }
}
