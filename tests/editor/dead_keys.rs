//! Keys without an effect, for which the loop draws nothing.

use convrating::editor::message::Message;

use crate::support::configuration::settings;
use crate::support::model_harness::{ModelHarness, key};

fn is_ignored(harness: &ModelHarness, name: &str) -> bool {
    harness.model.ignores(&Message::Keys { keys: vec![key(name)], burst: false }, &harness.now)
}

#[test]
fn a_key_that_leads_nowhere_is_ignored_and_any_other_is_not() {
    let mut harness = ModelHarness::reading(settings(false, "A B"));
    for (keys, dead, alive) in [
        ("", "up k home 1 esc", "down space 2 ? q s z"),
        // The reason why s saves nothing, and what z is, are on screen by now.
        ("s", "up s", "down u"),
        ("z", "z y up", "s"),
        ("end", "down j end", "up"),
        ("?", "up home", "esc"),
        ("esc home space", "up home", "u end"),
    ] {
        harness.press(keys);
        for name in dead.split(' ') {
            assert!(is_ignored(&harness, name), "{name} after {keys}");
        }
        for name in alive.split(' ') {
            assert!(!is_ignored(&harness, name), "{name} after {keys}");
        }
    }
}

#[test]
fn a_key_without_an_effect_is_a_moment_to_show_what_time_has_changed() {
    let mut harness = ModelHarness::reading(settings(false, "A B"));
    assert!(is_ignored(&harness, "up"));
    harness.now.local = "2026-11-22T14:03:00[UTC]".parse().expect("a time");
    assert!(!is_ignored(&harness, "up"), "a minute has passed");
}

#[test]
fn a_burst_is_ignored_only_if_all_of_it_moves_and_leads_nowhere() {
    let harness = ModelHarness::reading(settings(false, "A B"));
    let ignores = |names: &str| {
        let keys = names.split(' ').map(key).collect();
        harness.model.ignores(&Message::Keys { keys, burst: true }, &harness.now)
    };
    assert!(ignores("up up up"));
    assert!(!ignores("up down up"));
    assert!(!ignores("esc up"), "a paste gets a hint");
}
