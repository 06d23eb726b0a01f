//! `b`: what the last save changed is set back as a draft, also where an earlier run made that save.

use convrating::demo::{Demo, Hooks};
use convrating::editor::Setup;
use convrating::editor::message::{Effect, Message};
use convrating::editor::model::Session;
use convrating::journal::{Author, Journal, SavedLine};
use convrating::save::Event;
use convrating::settings::Settings;
use serde_json::json;

use super::history::saved_line;
use super::unknown::broken;
use crate::support::cli::{HISTORY, Home};
use crate::support::configuration::{mixed, settings};
use crate::support::editor_harness::{EditorHarness, profile, run, setup};
use crate::support::model_harness::{ModelHarness, demo_session, session};

const AN_HOUR_AGO: &str = "2026-11-22T13:02:10Z";

/// A save an hour ago.
fn save(before: &Settings, after: &Settings) -> SavedLine {
    saved_line(AN_HOUR_AGO, before, after, "saved")
}

/// An editor that has just saved a rating that is on.
fn saved_here(session: Session) -> ModelHarness {
    let mut harness = ModelHarness::start(Some(session), 80, 24);
    harness.tell(Message::Read { request: 1, result: Ok(settings(false, "A")) });
    let (read, answer) = (settings(false, "A"), settings(true, "A"));
    harness.press("space s").save_steps([Event::Read(Ok(read)), Event::Answered(Ok(answer))]);
    harness
}

#[test]
fn what_a_save_of_an_earlier_run_changed_is_set_back_and_a_colleagues_change_stays() {
    let mut harness = ModelHarness::reading(settings(true, "A X"));
    harness.bring_back(Some(save(&settings(false, "A B"), &settings(true, "A"))));
    assert_eq!(harness.form().draft.settings(), settings(false, "A X B"));
    let words =
        "Brought back, as a draft: rating on → off, B off → on. It was the save of 13:02:10 by support.";
    assert!(harness.words().contains(words), "{}", harness.screen());
    assert!(harness.words().contains("2 unsaved changes"), "{}", harness.screen());
    harness.bring_back(Some(save(&settings(false, "A B"), &settings(true, "A"))));
    assert!(
        harness.words().contains("Nothing to bring back: the form already shows it."),
        "{}",
        harness.screen()
    );
    harness.press("u");
    assert!(!harness.form().draft.is_dirty(), "all of it is one edit");
}

#[test]
fn edits_that_are_not_saved_yet_stay_and_what_is_back_already_is_named() {
    let mut harness = ModelHarness::reading(settings(true, "A X"));
    harness.press("3 space").bring_back(Some(save(&settings(false, "A B"), &settings(true, "X A"))));
    assert_eq!(harness.form().draft.settings(), settings(false, "A B"));
    assert!(harness.words().contains("Back already: X."), "{}", harness.screen());
}

#[test]
fn where_the_history_holds_no_save_b_says_so() {
    let mut harness = ModelHarness::reading(settings(true, "A"));
    harness.press("b");
    assert!(harness.words().contains("Reading the history…"), "{}", harness.screen());
    harness.press("esc").bring_back(None);
    assert!(harness.words().contains("Nothing to bring back: no save to this agent"), "{}", harness.screen());
    assert!(!harness.form().draft.is_dirty());
    let mut unknown = session();
    unknown.identity.agent = None;
    let mut harness = ModelHarness::start(Some(unknown), 80, 24);
    harness.tell(Message::Read { request: 1, result: Ok(settings(true, "A")) });
    harness.bring_back(None);
    assert!(harness.words().contains("the token does not name its agent"), "{}", harness.screen());
}

#[test]
fn flags_that_disagreed_are_named_and_all_else_is_set_back() {
    let mut harness = ModelHarness::reading(settings(true, ""));
    harness.bring_back(Some(save(&mixed([true, false], "A"), &settings(true, ""))));
    assert_eq!(harness.form().draft.settings(), settings(true, "A"));
    let words = "Brought back, as a draft: A off → on. Before that save the flags disagreed: that cannot be";
    assert!(harness.words().contains(words), "{}", harness.screen());
}

#[test]
fn of_a_save_of_this_run_and_one_in_the_history_the_newer_one_counts() {
    let older = save(&settings(false, "Z"), &settings(false, ""));
    let mut harness = saved_here(session());
    harness.bring_back(Some(older.clone()));
    assert_eq!(harness.form().draft.settings(), settings(false, "A"), "{}", harness.screen());
    let newer = SavedLine { time: Some("2026-11-22T14:02:11Z".parse().expect("a time")), ..older };
    let mut harness = saved_here(session());
    harness.bring_back(Some(newer));
    assert_eq!(harness.form().draft.settings(), settings(true, "A Z"), "{}", harness.screen());
}

#[test]
fn where_the_form_was_read_before_the_save_b_says_that_it_has_to_be_read_again() {
    const WORDS: &str = "The form was read before that save: press r, then b again.";
    // Another program has switched the rating on since: the form shows it as it was before.
    let later = saved_line("2026-11-22T14:02:11Z", &settings(false, "A"), &settings(true, "A"), "saved");
    let mut harness = ModelHarness::reading(settings(false, "A"));
    harness.bring_back(Some(later.clone()));
    assert!(harness.words().contains(WORDS), "{}", harness.screen());
    harness.now.local = "2026-11-22T14:02:12[UTC]".parse().expect("a time");
    harness.press("r");
    harness.tell(Message::Read { request: harness.model.newest, result: Ok(settings(true, "A")) });
    harness.bring_back(Some(later));
    assert_eq!(harness.form().draft.settings(), settings(false, "A"));
    assert!(!harness.words().contains(WORDS), "{}", harness.screen());
}

#[test]
fn in_the_demo_the_save_of_this_run_is_set_back_without_a_history() {
    let mut harness = saved_here(demo_session());
    harness.press("b");
    assert_eq!(harness.form().draft.settings(), settings(false, "A"));
    assert!(!harness.effects.iter().any(|effect| matches!(effect, Effect::FindLastSave(..))));
    let mut harness = ModelHarness::start(Some(demo_session()), 80, 24);
    harness.tell(Message::Read { request: 1, result: Ok(settings(true, "A")) });
    harness.press("b");
    assert!(
        harness.words().contains("Nothing to bring back: nothing was saved here"),
        "{}",
        harness.screen()
    );
}

#[test]
fn a_save_of_unknown_outcome_is_set_back_in_the_demo_too() {
    let mut harness = ModelHarness::start(Some(demo_session()), 80, 24);
    harness.tell(Message::Read { request: 1, result: Ok(settings(false, "A")) });
    let lost = || [Event::Elapsed, Event::Read(Err(broken()))];
    let sent = [Event::Read(Ok(settings(false, "A"))), Event::Answered(Err(broken()))];
    harness.press("space s").save_steps(sent.into_iter().chain(lost()).chain(lost()).chain(lost()));
    assert!(harness.words().contains("Outcome unknown"), "{}", harness.screen());
    harness.press("b");
    assert_eq!(harness.form().draft.settings(), settings(false, "A"));
    assert!(harness.words().contains("It was the save of 14:02:10."), "{}", harness.screen());
}

#[test]
fn keys_that_are_typed_ahead_wait_until_the_history_is_read() {
    let mut harness = ModelHarness::reading(settings(true, "A"));
    harness.press("b s").effects.retain(|effect| matches!(effect, Effect::FindLastSave(..)));
    assert!(!harness.form().draft.is_dirty(), "{}", harness.screen());
    let found = Some(Box::new(save(&settings(false, "A"), &settings(true, "A"))));
    harness.tell(Message::LastSaveFound { request: harness.model.newest, result: Ok(found) });
    let saved = harness.effects.iter().find_map(|effect| match effect {
        Effect::Save(_, intent) => Some(intent.draft()),
        _ => None,
    });
    assert_eq!(saved, Some(settings(false, "A")));
    harness.press("b");
    assert!(harness.words().contains("A save is under way: bring back when"), "{}", harness.screen());
}

#[test]
fn esc_and_ctrl_c_end_the_search_and_what_waits_for_it() {
    for keys in ["b s esc", "b s c-c esc"] {
        let mut harness = ModelHarness::reading(settings(true, "A"));
        harness.press("2 space").press(keys);
        let found = Some(Box::new(save(&settings(false, "A"), &settings(true, "A"))));
        for request in 1..=harness.model.newest {
            harness.tell(Message::LastSaveFound { request, result: Ok(found.clone()) });
        }
        assert_eq!(harness.form().draft.settings(), settings(true, ""), "{keys}");
        assert!(!harness.effects.iter().any(|effect| matches!(effect, Effect::Save(..))), "{keys}");
    }
}

#[test]
fn the_answer_to_a_search_that_was_given_up_is_dropped() {
    let mut harness = ModelHarness::reading(settings(true, "A"));
    harness.press("b");
    let found = Some(Box::new(save(&settings(false, "A"), &settings(true, "A"))));
    let late = Message::LastSaveFound { request: harness.model.newest, result: Ok(found) };
    harness.press("esc b").tell(late);
    assert!(!harness.form().draft.is_dirty() && harness.words().contains("Reading the history…"));
}

#[test]
fn a_history_that_cannot_be_read_is_told() {
    let mut harness = ModelHarness::reading(settings(true, "A"));
    harness.press("b");
    let result = Err("the history cannot be read: permission denied".to_owned());
    harness.tell(Message::LastSaveFound { request: harness.model.newest, result });
    let words = "Nothing brought back: the history cannot be read: permission denied.";
    assert!(harness.words().contains(words), "{}", harness.screen());
}

/// An editor on this agent that keeps its history in this home.
fn in_home(home: &Home, demo: &Demo, agent: &str) -> Setup {
    let journal =
        Journal::new(home.path(HISTORY), Author { user: Some("support".to_owned()), ssh_client: None });
    Setup { journal: Some(journal), ..setup(Some(profile(demo, agent))) }
}

fn codes(hooks: &Hooks) -> serde_json::Value {
    hooks.configuration("acme")["conv_rating_question_codes"].clone()
}

#[tokio::test]
async fn b_in_a_second_run_sets_back_the_last_save_of_this_agent_and_keeps_what_a_colleague_changed() {
    let (home, demo) = (Home::new(), Demo::bind(0).expect("a demo"));
    let hooks = demo.hooks();
    let first = in_home(&home, &demo, "acme");
    let other = in_home(&home, &demo, "mixed");
    let second = in_home(&home, &demo, "acme");
    let server = tokio::spawn(demo.serve());
    let before = hooks.configuration("acme");
    let save = async |editor: &mut EditorHarness| {
        editor.read("Ask visitors").await;
        editor.press("space 2 space s");
        editor.read("Saved").await;
        editor.press("q");
    };
    run(first, save).await;
    // Another agent's save stands behind it in the history.
    run(other, save).await;
    let mut theirs = hooks.configuration("acme");
    assert_eq!(theirs["conv_rating_active"], true);
    theirs["conv_rating_question_codes"] = json!(["EXPERIENCE_THUMBS", "NPS_SCORE"]);
    hooks.set_configuration("acme", theirs);
    run(second, async |editor: &mut EditorHarness| {
        editor.read("Ask visitors").await;
        editor.press("b");
        editor.read("Brought back, as a draft: rating on → off, HELPFUL_THUMBS off → on.").await;
        editor.press("h");
        let page = editor.read("saved rating off → on, HELPFUL_THUMBS on → off by support").await;
        assert_eq!(page.matches(" saved ").count(), 1, "{page}");
        editor.press("esc s");
        editor.read("Saved").await;
        assert_eq!(hooks.configuration("acme")["conv_rating_active"], before["conv_rating_active"]);
        assert_eq!(codes(&hooks), json!(["EXPERIENCE_THUMBS", "NPS_SCORE", "HELPFUL_THUMBS"]));
        // Now this save is the last one, and to set it back is to do the first one again.
        editor.press("b s");
        editor.see(|_| codes(&hooks) == json!(["EXPERIENCE_THUMBS", "NPS_SCORE"])).await;
        editor.press("q n");
    })
    .await;
    server.abort();
}

#[tokio::test]
async fn without_a_history_and_with_one_that_is_no_file_b_and_h_say_what_is_so() {
    let (home, demo) = (Home::new(), Demo::bind(0).expect("a demo"));
    let setups = [in_home(&home, &demo, "acme"), in_home(&home, &demo, "acme")];
    let server = tokio::spawn(demo.serve());
    let [first, second] = setups;
    run(first, async |editor: &mut EditorHarness| {
        editor.read("Ask visitors").await;
        editor.press("b");
        editor.read("Nothing to bring back: no save to this agent").await;
        editor.press("h");
        editor.read("Nothing was saved with the profile acme to this agent").await;
        editor.press("esc q");
    })
    .await;
    std::fs::create_dir_all(home.path(HISTORY)).expect("a directory in its place");
    run(second, async |editor: &mut EditorHarness| {
        editor.read("Ask visitors").await;
        editor.press("b");
        editor.read("Nothing brought back: the history cannot be read: it is a directory").await;
        editor.press("h");
        editor.read("Not shown: the history cannot be read: it is a directory").await;
        editor.press("esc q");
    })
    .await;
    server.abort();
}
