use super::super::merge::tests::any_intent;
use super::super::tests::{any_code, any_settings, settings};
use super::super::{Patch, QuestionCode};
use super::*;
use proptest::prelude::*;

/// One thing a user can do to a draft.
#[derive(Clone, Debug)]
enum Edit {
    Rating,
    Code(QuestionCode),
    Add(String),
    Discard,
    Propose(Settings),
}

impl Edit {
    fn apply(&self, draft: &mut Draft) {
        match self {
            Self::Rating => draft.toggle_rating(),
            Self::Code(code) => draft.toggle(code),
            Self::Add(text) => drop(draft.add(text)),
            Self::Discard => draft.discard(),
            Self::Propose(settings) => draft.propose(settings),
        }
    }
}

fn any_edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        Just(Edit::Rating),
        any_code().prop_map(Edit::Code),
        "[X-Z]{0,2}".prop_map(Edit::Add),
        Just(Edit::Discard),
        any_settings().prop_map(Edit::Propose),
    ]
}

fn any_edits() -> impl Strategy<Value = Vec<Edit>> {
    proptest::collection::vec(any_edit(), 0..8)
}

fn shown(draft: &Draft) -> Vec<(String, bool)> {
    draft.rows().map(|row| (row.code.raw().to_owned(), row.is_on)).collect()
}

fn code(text: &str) -> QuestionCode {
    QuestionCode::new(text)
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
    let mut draft = Draft::new(settings(Rating::Mixed { active: false }, ""));
    draft.toggle_rating();
    assert_eq!(draft.rating(), Rating::On);
    draft.toggle_rating();
    assert_eq!(draft.rating(), Rating::Off);
    draft.undo();
    draft.undo();
    assert_eq!(draft.rating(), Rating::Mixed { active: false });
    assert!(!draft.is_dirty());
}

#[test]
fn a_code_switched_off_and_saved_keeps_its_place_and_comes_back_to_it() {
    let mut draft = Draft::new(settings(true, "A B C"));
    draft.toggle(&code("B"));
    draft.saved(&draft.snapshot(), &settings(true, "A C"));
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
    assert!(draft.settings().has(&code("NEW")));
    draft.toggle(&code("NEW"));
    assert!(draft.rows().any(|row| row.code.raw() == "NEW"), "switched off it keeps its row");
    draft.undo();
    draft.undo();
    assert!(!draft.rows().any(|row| row.code.raw() == "NEW"));
    assert_eq!(draft.add("NEW"), Ok(()));
}

#[test]
fn too_many_or_too_long_codes_are_shown_and_not_edited() {
    let many: Vec<_> = (0..=MAX_CODES).map(|n| code(&format!("C{n}"))).collect();
    let long = vec![code(&"x".repeat(MAX_CODE_CHARS + 1))];
    for codes in [many, long] {
        let mut draft = Draft::new(Settings { rating: Rating::Off, codes: codes.clone() });
        assert!(!draft.can_edit_questions());
        draft.toggle(&codes[0]);
        assert!(draft.add("NEW").is_err());
        draft.propose(&settings(false, "A"));
        assert!(!draft.is_dirty());
        draft.toggle_rating();
        assert!(draft.is_dirty(), "the rating is another setting");
    }
}

#[test]
fn an_edit_made_while_saving_stays_even_back_to_the_old_value() {
    let mut draft = Draft::new(settings(false, "A"));
    draft.toggle_rating();
    let asked = draft.snapshot();
    draft.toggle_rating();
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
    draft.toggle_rating();
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
    draft.toggle_rating();
    draft.toggle(&code("A"));
    // In the first one both were kept: the save has seen that the rating had changed.
    let seen = settings(Rating::Mixed { active: true }, "A");
    let intent = draft.intent().rebased(&seen);
    draft.take_theirs(&intent, &settings(Rating::Mixed { active: true }, "A B"));
    assert_eq!(draft.settings(), settings(true, "A B"));
}

#[test]
fn an_edit_that_a_reload_dropped_comes_back_with_an_undo_once_it_makes_a_difference() {
    let mut draft = Draft::new(settings(false, "A"));
    draft.toggle_rating();
    draft.rebase(&settings(true, "A"));
    assert!(!draft.is_dirty() && !draft.can_undo(), "the server has it already");
    draft.rebase(&settings(false, "A"));
    assert!(!draft.is_dirty() && draft.undo());
    assert_eq!(draft.rating(), Rating::On);
}

#[test]
fn what_was_undone_while_saving_and_then_edited_can_be_undone() {
    let mut draft = Draft::new(settings(false, "A B"));
    draft.toggle_rating();
    draft.toggle(&code("A"));
    let asked = draft.snapshot();
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
    let many = (0..=MAX_CODES).map(|n| code(&format!("C{n}"))).chain([code("A")]).collect();
    draft.rebase(&Settings { rating: Rating::Off, codes: many });
    assert!(draft.is_dirty() && !draft.can_be_saved());
    draft.discard();
    assert!(draft.can_be_saved());
}

#[test]
fn no_more_codes_are_switched_on_than_can_be_edited() {
    let codes = (1..MAX_CODES).map(|n| code(&format!("C{n}"))).collect();
    let mut draft = Draft::new(Settings { rating: Rating::Off, codes });
    assert_eq!(draft.add("LAST"), Ok(()), "rows that are off do not count");
    assert!(draft.is_full());
    assert_eq!(draft.add("MORE"), Err(AddError::TooMany));
    draft.toggle(&code("HELPFUL_THUMBS"));
    assert!(!draft.settings().has(&code("HELPFUL_THUMBS")));
    draft.toggle(&code("LAST"));
    draft.toggle(&code("HELPFUL_THUMBS"));
    assert!(draft.settings().has(&code("HELPFUL_THUMBS")));
}

proptest! {
    #[test]
    fn toggling_twice_is_no_change(baseline in any_settings(), target in any_code()) {
        let mut draft = Draft::new(baseline.clone());
        draft.toggle(&target);
        draft.toggle(&target);
        prop_assert!(!draft.is_dirty());
        prop_assume!(!matches!(baseline.rating, Rating::Mixed { .. }));
        draft.toggle_rating();
        draft.toggle_rating();
        prop_assert!(!draft.is_dirty());
    }

    #[test]
    fn undo_after_any_sequence_of_edits_returns(baseline in any_settings(), edits in any_edits()) {
        let mut draft = Draft::new(baseline);
        let start = draft.settings();
        for edit in &edits {
            edit.apply(&mut draft);
        }
        while draft.undo() {}
        prop_assert_eq!(draft.settings(), start);
        prop_assert!(!draft.is_dirty());
    }

    #[test]
    fn one_undo_takes_back_one_edit(baseline in any_settings(), edits in any_edits(), last in any_edit()) {
        let mut draft = Draft::new(baseline);
        for edit in &edits {
            edit.apply(&mut draft);
        }
        let before = draft.clone();
        last.apply(&mut draft);
        if draft.edits != before.edits {
            draft.undo();
        }
        prop_assert_eq!(draft.edits, before.edits);
        prop_assert_eq!(draft.undo, before.undo);
    }

    #[test]
    fn what_the_form_shows_is_what_would_be_sent(baseline in any_settings(), edits in any_edits()) {
        let mut draft = Draft::new(baseline.clone());
        for edit in &edits {
            edit.apply(&mut draft);
        }
        let patch = Patch::between(&baseline, &draft.intent().merged_onto(&baseline));
        let result = patch.applied_to(&baseline);
        prop_assert_eq!(result.rating, draft.rating());
        for row in draft.rows() {
            prop_assert_eq!(result.has(row.code), row.is_on);
            prop_assert_eq!(row.is_changed, row.is_on != baseline.has(row.code));
        }
        prop_assert_eq!(patch.is_empty(), !draft.is_dirty());
        prop_assert_eq!(draft.changes().is_empty(), !draft.is_dirty());
    }

    #[test]
    fn reading_again_keeps_edits_and_the_places_of_rows(
        baseline in any_settings(), theirs in any_settings(), edits in any_edits(),
    ) {
        let mut draft = Draft::new(baseline);
        for edit in &edits {
            edit.apply(&mut draft);
        }
        let (intent, rows) = (draft.intent(), shown(&draft));
        draft.rebase(&theirs);
        prop_assert!(draft.settings().is_same(&intent.merged_onto(&theirs)));
        let places: Vec<_> = shown(&draft).into_iter().map(|(code, _)| code).take(rows.len()).collect();
        prop_assert_eq!(places, rows.into_iter().map(|(code, _)| code).collect::<Vec<_>>());
    }

    #[test]
    fn a_save_leaves_exactly_the_edits_made_since(
        baseline in any_settings(), before in any_edits(), since in any_edits(),
    ) {
        let mut draft = Draft::new(baseline);
        for edit in &before {
            edit.apply(&mut draft);
        }
        let (asked, now) = (draft.snapshot(), draft.settings());
        for edit in &since {
            edit.apply(&mut draft);
        }
        let shown = draft.settings();
        draft.saved(&asked, &now);
        if matches!(shown.rating, Rating::Mixed { .. }) {
            prop_assert_eq!(draft.rating(), now.rating, "mixed cannot be asked for");
        } else {
            prop_assert_eq!(draft.rating(), shown.rating);
        }
        prop_assert!(draft.settings().has_same_codes(&shown));
    }

    #[test]
    fn an_intent_of_a_form_is_never_about_what_is_already_so(intent in any_intent()) {
        prop_assert!(!intent.overlaps(&intent.baseline));
    }
}
