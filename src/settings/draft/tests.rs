mod properties;

use proptest::prelude::*;

use super::super::tests::{RATING, any_item, any_settings, code, mixed, settings};
use super::super::{LeftReason, Patch, Switch};
use super::*;

/// One thing a user can do to a draft.
#[derive(Clone, Debug)]
enum Edit {
    Toggle(Item),
    Add(String),
    Discard,
    SetBack(Settings, Settings),
}

impl Edit {
    fn apply(&self, draft: &mut Draft) {
        match self {
            Self::Toggle(item) => draft.toggle(item),
            Self::Add(text) => drop(draft.add(text)),
            Self::Discard => draft.discard(),
            Self::SetBack(before, after) => drop(set_back(draft, before, after)),
        }
    }
}

fn any_edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        any_item().prop_map(Edit::Toggle),
        "[X-Z]{0,2}".prop_map(Edit::Add),
        Just(Edit::Discard),
        (any_settings(), any_settings()).prop_map(|(before, after)| Edit::SetBack(before, after)),
    ]
}

fn any_edits() -> impl Strategy<Value = Vec<Edit>> {
    proptest::collection::vec(any_edit(), 0..8)
}

fn shown(draft: &Draft) -> Vec<(String, bool)> {
    draft.code_rows().map(|(code, row)| (code.raw().to_owned(), row.now == Position::On)).collect()
}

/// Sets back what a save changed.
fn set_back(draft: &mut Draft, before: &Settings, after: &Settings) -> SetBack {
    draft.set_back(SetBack::plan(&before.changes_to(after), &draft.settings()))
}

/// A draft of a configuration after edits.
fn edited(baseline: &Settings, edits: &[Edit]) -> Draft {
    let mut draft = Draft::new(baseline.clone());
    for edit in edits {
        edit.apply(&mut draft);
    }
    draft
}

fn codes(count: usize) -> impl Iterator<Item = QuestionCode> {
    (0..count).map(|number| QuestionCode::new(format!("C{number}")))
}

#[test]
fn rows_are_the_servers_codes_then_the_documented_ones_that_are_off() {
    let draft = Draft::new(settings(true, "NPS_SCORE EXPERIENCE_THUMBS NPS_SCORE"));
    let rows = [("NPS_SCORE", true), ("EXPERIENCE_THUMBS", true), ("HELPFUL_THUMBS", false)];
    assert_eq!(shown(&draft), rows.map(|(code, on)| (code.to_owned(), on)));
    assert!(!draft.is_dirty(), "a code listed twice is one row and no change");
}

#[test]
fn flags_that_disagree_become_both_on_and_never_disagree_again() {
    let mut draft = Draft::new(mixed([false, true], ""));
    draft.toggle(&RATING);
    assert_eq!(draft.position(&RATING), Position::On);
    draft.toggle(&RATING);
    assert_eq!(draft.position(&RATING), Position::Off);
    draft.undo();
    draft.undo();
    assert_eq!(draft.position(&RATING), Position::Mixed);
    assert!(!draft.is_dirty());
}

#[test]
fn a_code_switched_off_and_saved_keeps_its_place_and_comes_back_to_it() {
    let mut draft = Draft::new(settings(true, "A B C"));
    draft.toggle(&code("B"));
    draft.saved(&draft.save_point(), &settings(true, "A C"));
    assert!(!draft.is_dirty());
    draft.toggle(&code("B"));
    assert_eq!(draft.settings().codes, settings(true, "A B C").codes);
}

#[test]
fn what_cannot_be_a_code_is_refused_with_a_reason() {
    let mut draft = Draft::new(settings(true, "A"));
    let long = "x".repeat(MAX_CODE_CHARS + 1);
    let cases = [
        ("", AddError::Empty),
        (" \t ", AddError::Empty),
        ("A B", AddError::WhiteSpace),
        ("A,B", AddError::Comma),
        ("A, B", AddError::WhiteSpace),
        (",", AddError::Comma),
        ("eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.c2ln", AddError::TokenShaped),
        ("Bearer eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.c2ln", AddError::TokenShaped),
        ("A\u{1b}B", AddError::Hidden),
        ("A\u{200b}", AddError::Hidden),
        (long.as_str(), AddError::TooLong),
        (" A ", AddError::AlreadyThere),
        ("HELPFUL_THUMBS", AddError::AlreadyThere),
    ];
    for (typed, reason) in cases {
        assert_eq!(draft.add(typed), Err(reason), "for {typed:?}");
    }
    assert!(!draft.is_dirty() && !draft.can_undo());
    assert_eq!(draft.add(&long[1..]), Ok(()));
}

#[test]
fn an_added_code_is_gone_when_undone_and_can_be_added_again() {
    let mut draft = Draft::new(settings(true, "A"));
    draft.add("  NEW ").unwrap();
    assert!(draft.position(&code("NEW")) == Position::On);
    draft.toggle(&code("NEW"));
    assert!(draft.items().any(|item| *item == code("NEW")), "switched off it keeps its row");
    draft.undo();
    draft.undo();
    assert!(!draft.items().any(|item| *item == code("NEW")));
    assert_eq!(draft.add("NEW"), Ok(()));
}

#[test]
fn too_many_or_too_long_codes_are_shown_and_not_edited() {
    let many: Vec<_> = codes(MAX_CODES + 1).collect();
    let long = vec![QuestionCode::new("x".repeat(MAX_CODE_CHARS + 1))];
    for codes in [many, long] {
        let mut draft = Draft::new(Settings::new(codes.clone()));
        assert!(!draft.can_edit_questions());
        draft.toggle(&Item::Code(codes[0].clone()));
        assert!(draft.add("NEW").is_err());
        let back = set_back(&mut draft, &settings(false, "A"), &settings(false, ""));
        assert!(!draft.is_dirty() && back.left[0].1 == LeftReason::ListTooLong);
        draft.toggle(&RATING);
        assert!(draft.is_dirty(), "the rating is another setting");
    }
}

#[test]
fn codes_that_come_back_and_have_no_row_get_one_at_the_end() {
    let mut draft = Draft::new(settings(false, "X HELPFUL_THUMBS EXPERIENCE_THUMBS"));
    set_back(&mut draft, &settings(false, "A B"), &settings(false, "X"));
    let rows =
        [("X", false), ("HELPFUL_THUMBS", true), ("EXPERIENCE_THUMBS", true), ("A", true), ("B", true)];
    assert_eq!(shown(&draft), rows.map(|(code, on)| (code.to_owned(), on)));
    draft.undo();
    assert!(!draft.is_dirty());
}

#[test]
fn codes_that_would_make_the_list_too_long_do_not_come_back_and_the_rating_does() {
    let now = Settings::new(codes(MAX_CODES).collect());
    let (before, after) = (settings(true, "NEW"), settings(false, ""));
    let mut draft = Draft::new(now.clone());
    let back = set_back(&mut draft, &before, &after);
    assert_eq!(draft.changes().iter().map(ToString::to_string).collect::<Vec<_>>(), ["rating off → on"]);
    assert!(back.left == [(code("NEW"), LeftReason::ListTooLong)]);
    let mut draft = Draft::new(Settings::new(now.codes[1..].to_vec()));
    assert_eq!(set_back(&mut draft, &before, &after).left, [], "there is room for one more");
}

#[test]
fn an_edit_made_while_saving_stays_even_back_to_the_old_value() {
    let mut draft = Draft::new(settings(false, "A"));
    draft.toggle(&RATING);
    let asked = draft.save_point();
    draft.toggle(&RATING);
    draft.toggle(&code("A"));
    draft.saved(&asked, &settings(true, "A"));
    assert_eq!(draft.settings(), settings(false, ""));
    assert_eq!(draft.changes().len(), 2);
    draft.undo();
    draft.undo();
    assert!(!draft.is_dirty() && !draft.can_undo());
}

#[test]
fn taking_theirs_drops_only_what_overlaps_and_can_be_undone() {
    let mut draft = Draft::new(settings(false, "A"));
    draft.toggle(&RATING);
    draft.toggle(&code("A"));
    let intent = draft.intent();
    draft.take_theirs(&intent, &settings(false, "A B"));
    assert_eq!(draft.settings(), settings(true, "A B"));
    draft.undo();
    assert_eq!(draft.settings(), settings(true, "B"));
}

#[test]
fn taking_theirs_in_a_second_conflict_drops_only_what_overlaps_in_that_one() {
    let mut draft = Draft::new(settings(false, "A"));
    draft.toggle(&RATING);
    draft.toggle(&code("A"));
    // In the first one both were kept: the save has seen that the rating had changed.
    let seen = mixed([true, false], "A");
    let intent = draft.intent().rebased(&seen);
    draft.take_theirs(&intent, &mixed([true, false], "A B"));
    assert_eq!(draft.settings(), settings(true, "A B"));
}

#[test]
fn an_edit_that_a_reload_dropped_comes_back_with_an_undo_once_it_makes_a_difference() {
    let mut draft = Draft::new(settings(false, "A"));
    draft.toggle(&RATING);
    draft.rebase(&settings(true, "A"));
    assert!(!draft.is_dirty() && !draft.can_undo(), "the server has it already");
    draft.rebase(&settings(false, "A"));
    assert!(!draft.is_dirty() && draft.undo());
    assert_eq!(draft.position(&RATING), Position::On);
}

#[test]
fn what_was_undone_while_saving_and_then_edited_can_be_undone() {
    let mut draft = Draft::new(settings(false, "A B"));
    draft.toggle(&RATING);
    draft.toggle(&code("A"));
    let asked = draft.save_point();
    draft.undo();
    draft.toggle(&code("B"));
    draft.saved(&asked, &settings(true, "B"));
    assert_eq!(draft.changes().len(), 2);
    assert!(draft.undo());
    assert_eq!(draft.settings(), settings(true, "A B"));
}

#[test]
fn codes_edited_before_the_list_became_too_long_are_kept_and_not_sent() {
    let mut draft = Draft::new(settings(false, "A"));
    draft.toggle(&code("A"));
    let many = codes(MAX_CODES + 1).chain([QuestionCode::new("A")]).collect();
    draft.rebase(&Settings::new(many));
    assert!(draft.is_dirty() && !draft.can_be_saved());
    draft.discard();
    assert!(draft.can_be_saved());
}

#[test]
fn no_more_codes_are_switched_on_than_can_be_edited() {
    let mut draft = Draft::new(Settings::new(codes(MAX_CODES - 1).collect()));
    assert_eq!(draft.add("LAST"), Ok(()), "rows that are off do not count");
    assert!(draft.is_full());
    assert_eq!(draft.add("MORE"), Err(AddError::TooMany));
    draft.toggle(&code("HELPFUL_THUMBS"));
    assert_eq!(draft.position(&code("HELPFUL_THUMBS")), Position::Off);
    draft.toggle(&code("LAST"));
    draft.toggle(&code("HELPFUL_THUMBS"));
    assert!(draft.position(&code("HELPFUL_THUMBS")) == Position::On);
}

#[test]
fn a_switch_that_shows_questions_wants_one() {
    let missing = |settings| Draft::new(settings).switch_without_questions();
    assert_eq!(missing(settings(true, "")), Some(Switch::RATING));
    for fine in [settings(false, ""), settings(true, "A"), mixed([true, false], "")] {
        assert_eq!(missing(fine), None);
    }
}
