//! The search: `/` on the form and on the list of profiles.

use convrating::editor::message::Message;
use convrating::editor::model::{Dialog, Session};
use convrating::save::Event;

use crate::support::configuration::settings;
use crate::support::model_harness::{ModelHarness, session};

/// An editor on 200 codes.
fn many_codes(columns: u16, rows: u16) -> ModelHarness {
    let codes: Vec<String> = (1..=200).map(|number| format!("CODE_{number:03}")).collect();
    ModelHarness::reading_at(settings(true, &codes.join(" ")), columns, rows)
}

fn focused(harness: &ModelHarness) -> usize {
    match &harness.model.dialog {
        Some(Dialog::Profiles(list)) => list.focus,
        _ => harness.form().focus,
    }
}

#[test]
fn the_focus_jumps_as_the_user_types_and_enter_keeps_it() {
    let mut harness = many_codes(80, 24);
    harness.press("/").type_text("151");
    assert!(harness.words().contains("Find: 151") && harness.screen().contains(" >   [x] CODE_151"));
    insta::assert_snapshot!("search", harness.screen());
    harness.press("enter");
    assert_eq!(focused(&harness), 151);
    assert!(!harness.words().contains("Find:"), "{}", harness.screen());
    assert!(!harness.form().draft.is_dirty() && harness.effects.is_empty(), "a search changes nothing");
}

#[test]
fn esc_goes_back_to_the_row_of_the_beginning_and_so_does_a_text_that_is_not_there() {
    let mut harness = many_codes(80, 24);
    harness.press("down down /").type_text("code_10");
    assert_eq!(focused(&harness), 10 * 10, "CODE_100 is the first that matches");
    harness.type_text("x");
    assert_eq!(focused(&harness), 2);
    assert!(harness.words().contains("Find: code_10x (not found)"), "{}", harness.screen());
    harness.press("backspace");
    assert_eq!(focused(&harness), 100);
    harness.press("esc");
    assert_eq!(focused(&harness), 2);
    harness.press("n");
    assert!(harness.words().contains("Press / first"), "an abandoned search is none: {}", harness.screen());
}

#[test]
fn n_goes_to_the_next_match_and_capital_n_back_around_both_ends() {
    let mut harness = many_codes(80, 24);
    harness.press("/").type_text("_05").press("enter");
    assert_eq!(focused(&harness), 50);
    harness.press("n n");
    assert_eq!(focused(&harness), 52);
    harness.press("N N N");
    assert_eq!(focused(&harness), 59, "before the first one comes the last one");
    harness.press("n");
    assert_eq!(focused(&harness), 50);
    harness.press("/").type_text("zzz").press("enter n");
    assert!(harness.words().contains("Not found: zzz"), "{}", harness.screen());
    assert_eq!(focused(&harness), 50);
}

#[test]
fn a_profile_is_found_by_its_name_and_by_its_agent() {
    let mut harness = ModelHarness::reading(settings(false, "A"));
    let named = |name: &str, agent: &str| {
        let mut profile = Session { name: Some(name.to_owned()), ..session() };
        profile.identity.agent = Some(agent.to_owned());
        profile
    };
    harness.model.profiles =
        vec![named("acme-prod", "demoagent1"), named("acme-test", "demoagent2"), named("beta", "demoagent9")];
    harness.press("p /").type_text("TEST");
    assert_eq!(focused(&harness), 1);
    harness.press("esc /").type_text("agent9");
    assert_eq!(focused(&harness), 2);
    insta::assert_snapshot!("search-profiles", harness.screen());
    harness.press("enter");
    assert!(
        harness.effects.iter().all(|effect| !format!("{effect:?}").contains("Open(")),
        "Enter only keeps it"
    );
    harness.press("/").type_text("acme").press("enter n n");
    assert_eq!(focused(&harness), 0);
}

#[test]
fn the_keys_of_the_form_are_text_in_a_search_and_a_paste_is_too() {
    let mut harness = many_codes(40, 12);
    harness.press("/").type_text("sqdu 1x").paste("no\n");
    assert!(harness.words().contains("Find: sqdu 1xno (not found)"), "{}", harness.screen());
    assert!(harness.effects.is_empty() && !harness.form().draft.is_dirty());
    insta::assert_snapshot!("search-40x12", harness.screen());
}

#[test]
fn a_conflict_waits_until_the_search_has_ended() {
    for end in ["enter", "esc"] {
        let mut harness = ModelHarness::reading(settings(false, "A"));
        harness.press("2 space s /").type_text("a").save_steps([Event::Read(Ok(settings(false, "A B")))]);
        assert!(harness.words().contains("Find: a"), "{}", harness.screen());
        harness.press(end);
        assert!(harness.words().contains("Keep both"), "{}", harness.screen());
        assert!(!harness.words().contains("Find:"), "{}", harness.screen());
        // The key that ended the search answers nothing, nor does one that was typed with it.
        harness.press("enter");
        assert!(harness.words().contains("Keep both"), "{}", harness.screen());
    }
}

#[test]
fn a_long_paste_into_the_search_is_cut_short_and_searched_for_once() {
    let mut harness = many_codes(80, 24);
    harness.press("/").paste(&"CODE_15".repeat(20_000));
    let field = harness.model.search.field.as_ref().unwrap();
    assert_eq!(field.input.value().chars().count(), 200);
    assert!(harness.words().contains("(not found)"), "{}", harness.screen());
    harness.press("esc");
    assert_eq!(focused(&harness), 0);
}

#[test]
fn esc_goes_back_to_the_profile_of_the_beginning_where_others_have_come_in_front_of_it() {
    let mut harness = ModelHarness::reading(settings(false, "A"));
    let named = |name: &str| Session { name: Some(name.to_owned()), ..session() };
    harness.model.profiles = ["acme-prod", "beta", "gamma"].map(named).into();
    harness.press("p down /").type_text("gam");
    let request = harness.model.newest;
    let listed = ["aaa", "acme-prod", "beta", "gamma"].map(named).into();
    harness.tell(Message::Listed { request, result: Ok(listed) });
    harness.press("esc");
    assert_eq!(focused(&harness), 2, "beta: {}", harness.screen());
}

#[test]
fn a_text_that_was_looked_for_is_shown_without_a_token_and_without_hidden_characters() {
    let token = "eyJhbGciOiJIUzI1NiJ9.eyJzY2VuYXJpb19pZCI6IngifQ.c2lnbmF0dXJlc2lnbmF0dXJl";
    for (pasted, shown) in [(token, "Not found: <token>"), ("a\u{202e}b", "Not found: a<U+202E>b")] {
        let mut harness = many_codes(80, 24);
        harness.press("/").paste(pasted).press("enter n");
        assert!(harness.words().contains(shown), "{}", harness.screen());
    }
}
