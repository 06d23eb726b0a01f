//! The list of profiles as a table: characters and attributes at several sizes, without colours and in ASCII.

use convrating::agents::Identity;
use convrating::editor::message::Message;
use convrating::editor::model::{Dialog, ListedSettings, ProfileState, ReadOnly, Session, SurveyFailure};
use convrating::editor::view::theme::Theme;
use convrating::settings::Settings;

use crate::support::configuration::{mixed, settings};
use crate::support::model_harness::{ModelHarness, session};
use crate::support::styled_screen::{SIZES, styled_body};

/// A list of five profiles: one is open, one is protected, one disagrees, one has a refused token, one is not answered.
fn profiles(columns: u16, rows: u16) -> ModelHarness {
    let mut harness = ModelHarness::reading_at(settings(false, "A"), columns, rows);
    let names = ["acme-prod", "acme-staging", "acme-eu", "acme-old", "acme-us", "acme-asia"];
    harness.model.profiles = names.map(named).to_vec();
    harness.model.profiles[0].is_protected = true;
    harness.model.profiles[3].read_only = Some(ReadOnly::Asked);
    harness.press("p");
    let now = harness.now.local.timestamp().as_second();
    let answered = |settings: Settings, agent: &str, days: i64| {
        let identity = Identity { agent: Some(agent.to_owned()), expires: Some(now + days * 86_400 + 5) };
        ProfileState::Read(settings.into(), identity)
    };
    answer(&mut harness, 0, answered(settings(true, "HELPFUL_THUMBS"), "demoagent1", 287));
    answer(
        &mut harness,
        1,
        answered(settings(false, "HELPFUL_THUMBS EXPERIENCE_THUMBS A"), "demoagent2", 11),
    );
    answer(&mut harness, 2, answered(mixed([true, false], ""), "demoagent3", -1));
    answer(&mut harness, 3, failed("refused 401", "The token of acme-old was refused (401).", true));
    answer(&mut harness, 4, failed("unreachable", "could not connect to app.quickchat.ai.", false));
    harness
}

fn failed(short: &str, reason: &str, is_about_token: bool) -> ProfileState {
    ProfileState::Failed(SurveyFailure { short: short.to_owned(), reason: reason.to_owned(), is_about_token })
}

fn named(name: &str) -> Session {
    let mut named = Session { name: Some(name.to_owned()), ..session() };
    named.identity.agent = None;
    named
}

fn answer(harness: &mut ModelHarness, index: usize, state: ProfileState) {
    let Some(Dialog::Profiles(list)) = &harness.model.dialog else { panic!("the list is open") };
    let request = list.request;
    harness.tell(Message::Surveyed { request, index, state });
}

#[test]
fn the_profiles_at_each_size() {
    for (columns, rows) in SIZES {
        let harness = profiles(columns, rows);
        insta::assert_snapshot!(format!("profiles-{columns}x{rows}"), styled_body(&harness, &Theme::COLOUR));
    }
    insta::assert_snapshot!("profiles-60x16", styled_body(&profiles(60, 16), &Theme::COLOUR));
}

#[test]
fn the_profiles_without_colours_and_in_ascii() {
    let harness = profiles(80, 24);
    insta::assert_snapshot!("profiles-no-colour", styled_body(&harness, &Theme::PLAIN));
    let shown = styled_body(&harness, &Theme::PLAIN.with_charset(convrating::visible::Charset::Ascii));
    assert!(shown.is_ascii(), "{shown}");
    insta::assert_snapshot!("profiles-ascii", shown);
}

#[test]
fn the_line_below_the_list_is_about_the_focused_profile() {
    let mut harness = profiles(80, 24);
    for (keys, about) in [
        ("", "acme-prod: app.quickchat.ai, token from file"),
        ("down down", "acme-eu: app.quickchat.ai, token from file"),
        ("down", "acme-old: The token of acme-old was refused (401). (app.quickchat.ai, token from file)"),
        ("G", "acme-asia: app.quickchat.ai, token from file"),
    ] {
        harness.press(keys);
        assert!(harness.words().contains(about), "{about}:\n{}", harness.screen());
    }
}

#[test]
fn a_long_list_shows_the_screenful_with_the_focus() {
    let mut harness = ModelHarness::reading_at(settings(false, "A"), 80, 24);
    harness.model.profiles = (0..1000).map(|number| named(&format!("p{number:04}"))).collect();
    // Only what is on screen is laid out: a name that is not takes no room.
    harness.model.profiles[999] = named(&format!("p0999{}", "-long".repeat(6)));
    harness.press("p");
    assert!(harness.screen().contains("   profile  agent "), "{}", harness.screen());
    let count = |harness: &ModelHarness| harness.screen().lines().filter(|line| line.contains(" p0")).count();
    let shown = count(&harness);
    harness.press("G");
    assert!(
        harness.screen().contains(" > p0999") && harness.screen().contains("of 1000"),
        "{}",
        harness.screen()
    );
    assert_eq!(count(&harness), shown, "the last screenful is full too");
    harness.press("g pgdn");
    assert!(harness.screen().contains(" > p00"), "{}", harness.screen());
}

#[test]
fn the_focused_profile_is_on_the_screen_at_every_size() {
    for rows in 12..=30 {
        for columns in [40, 41, 59, 60, 61, 75, 80, 100] {
            let mut harness = profiles(columns, rows);
            for _ in 0..6 {
                assert!(harness.screen().contains(" > acme"), "{}", harness.screen());
                harness.press("down");
            }
        }
    }
}

#[test]
fn the_list_counts_the_codes_of_its_profiles_and_keeps_none() {
    let listed = ListedSettings::from(settings(true, "HELPFUL_THUMBS A B"));
    assert_eq!((listed.asked.as_str(), listed.switches), ("3 of 4", settings(true, "")));
}
