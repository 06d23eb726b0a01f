use proptest::prelude::*;

use super::switch::{FLAG_COUNT, Flag};
use super::*;

/// Settings from words: the rating on or off, every other switch off, and these codes.
pub(crate) fn settings(is_on: bool, codes: &str) -> Settings {
    let mut settings = Settings::new(codes.split_whitespace().map(QuestionCode::new).collect());
    settings.set_switch(Switch::RATING, is_on);
    settings
}

/// The same with flags of the rating that disagree.
pub(crate) fn mixed(flags: [bool; 2], codes: &str) -> Settings {
    let mut settings = settings(false, codes);
    settings.flags[..2].copy_from_slice(&flags);
    settings
}

/// The item of a code.
pub(crate) fn code(text: &str) -> Item {
    Item::Code(QuestionCode::new(text))
}

/// The item of the rating.
pub(crate) const RATING: Item = Item::Switch(Switch::RATING);

/// Any settings over a handful of codes, so that two of them overlap; with repetitions and flags that disagree.
pub(crate) fn any_settings() -> impl Strategy<Value = Settings> {
    let codes = proptest::collection::vec(any_code(), 0..6);
    let flags = proptest::collection::vec(any::<bool>(), FLAG_COUNT);
    (flags, codes).prop_map(|(values, codes)| {
        let mut flags = [false; FLAG_COUNT];
        flags.copy_from_slice(&values);
        Settings { flags, codes }
    })
}

/// One of a handful of codes.
pub(crate) fn any_code() -> impl Strategy<Value = QuestionCode> {
    proptest::sample::select(vec!["A", "B", "C", "D", "E", "\u{202e}evil"]).prop_map(QuestionCode::new)
}

/// Any switch of the table, or one of a handful of codes.
pub(crate) fn any_item() -> impl Strategy<Value = Item> {
    let switches: Vec<_> = Switch::all().map(Item::Switch).collect();
    prop_oneof![proptest::sample::select(switches), any_code().prop_map(Item::Code)]
}

#[test]
fn settings_and_their_flags_are_described_in_the_tables_words() {
    let words = |settings: &Settings| settings.describe_switches().split(", ").next().map(str::to_owned);
    assert_eq!(words(&settings(true, "A")).as_deref(), Some("rating on"));
    assert_eq!(words(&settings(false, "")).as_deref(), Some("rating off"));
    assert_eq!(mixed([true, false], "A").describe_flags(Switch::RATING), "active on, popup off");
    assert_eq!(mixed([false, true], "A").describe_flags(Switch::RATING), "active off, popup on");
}

#[test]
fn a_patch_holds_both_flags_or_none_and_only_what_differs() {
    let theirs = settings(false, "A B");
    let patch = |wanted| Patch::between(&theirs, &wanted).to_json();
    assert_eq!(patch(settings(false, "B A A")), "{}");
    assert_eq!(
        patch(settings(true, "A B")),
        r#"{"conv_rating_active":true,"conv_rating_popup_active":true}"#
    );
    assert_eq!(patch(settings(false, "A")), r#"{"conv_rating_question_codes":["A"]}"#);
}

#[test]
fn changes_are_named_with_their_positions() {
    let before = mixed([true, false], "A A B");
    let named: Vec<_> = before.changes_to(&settings(true, "B C")).iter().map(ToString::to_string).collect();
    assert_eq!(named, ["rating flags disagree → on", "A on → off", "C off → on"]);
    let results: Vec<_> = settings(true, "B C").changes_to(&before).iter().map(Change::result).collect();
    assert_eq!(results, ["rating flags disagree", "C off", "A on"]);
}

proptest! {
    #[test]
    fn the_beginning_of_a_patch_reads_as_that_of_the_whole_patch(
        codes in proptest::collection::vec("[A-Z\"]{0,2}", 0..40),
        characters in 0_usize..80,
    ) {
        let patch = Patch::new([(Switch::RATING, true)].into(), Some(codes.into_iter().map(QuestionCode::new).collect()));
        let whole = patch.to_json();
        // The codes begin behind the flags.
        let start = whole.find('[').unwrap_or_default();
        let beginning = |json: String| json[start..].chars().take(characters).collect::<String>();
        prop_assert_eq!(beginning(patch.cut_to(characters).to_json()), beginning(whole));
    }

    #[test]
    fn a_patch_applied_gives_what_was_wanted(theirs in any_settings(), wanted in any_settings()) {
        let patch = Patch::between(&theirs, &wanted);
        let result = patch.applied_to(&theirs);
        prop_assert!(patch.is_held_by(&result));
        prop_assert!(result.is_same_in(Setting::Questions, &wanted));
        for switch in Switch::all() {
            let is_asked = wanted.switch(switch) != Position::Mixed;
            let expected = if is_asked { wanted.flags(switch) } else { theirs.flags(switch) };
            prop_assert_eq!(result.flags(switch), expected);
        }
    }

    #[test]
    fn a_patch_asks_for_exactly_the_settings_that_differ(theirs in any_settings(), wanted in any_settings()) {
        let patch = Patch::between(&theirs, &wanted);
        for setting in Setting::all() {
            let is_wanted = match setting {
                Setting::Switch(switch) => wanted.switch(switch) != Position::Mixed,
                Setting::Questions => true,
            };
            prop_assert_eq!(patch.asks_for(setting), is_wanted && !wanted.is_same_in(setting, &theirs));
        }
        prop_assert_eq!(patch.is_empty(), !Setting::all().any(|setting| patch.asks_for(setting)));
        prop_assert_eq!(patch.is_held_by(&theirs), patch.is_empty());
    }

    #[test]
    fn no_body_has_some_flags_of_a_switch_or_different_ones(theirs in any_settings(), wanted in any_settings()) {
        let body: serde_json::Value = serde_json::from_str(&Patch::between(&theirs, &wanted).to_json()).unwrap();
        for switch in Switch::all() {
            let values = switch.definition().flags.iter().map(|Flag { name, .. }| body.get(*name));
            let values: std::collections::BTreeSet<_> = values.map(|value| value.map(ToString::to_string)).collect();
            prop_assert_eq!(values.len(), 1);
        }
    }

    #[test]
    fn settings_survive_the_wire(settings in any_settings()) {
        let body = serde_json::to_vec(&settings).unwrap();
        prop_assert_eq!(Settings::from_json(&body).unwrap(), settings);
    }

    #[test]
    fn there_are_changes_exactly_where_settings_differ(left in any_settings(), right in any_settings()) {
        let changes = left.changes_to(&right);
        prop_assert_eq!(changes.is_empty(), left.is_same(&right));
        for setting in Setting::all() {
            let is_changed = changes.iter().any(|change| change.item.setting() == setting);
            prop_assert_eq!(is_changed, !left.is_same_in(setting, &right));
        }
    }

    #[test]
    fn a_switch_is_mixed_exactly_where_its_flags_disagree(settings in any_settings()) {
        for switch in Switch::all() {
            let flags = settings.flags(switch);
            let expected = flags.iter().all(|flag| *flag == flags[0]).then_some(flags[0]);
            prop_assert_eq!(settings.switch(switch).value(), expected);
        }
    }
}
