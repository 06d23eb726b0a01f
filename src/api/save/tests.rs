use super::super::error::{ApiError, Refusal};
use super::super::retry::{RetryAfter, Timing};
use super::*;
use crate::settings::merge::Intent;
use crate::settings::tests::settings;

fn intent() -> Intent {
    let mut draft = crate::settings::draft::Draft::new(settings(false, "A"));
    draft.toggle_rating();
    draft.intent()
}

fn start() -> Save {
    Save::start(intent(), Timing::default()).0
}

fn refused(status: u16, retry_after: RetryAfter) -> ApiError {
    ApiError::Refused(Refusal { status, code: None, message: None, retry_after })
}

#[test]
fn a_save_reads_sends_what_differs_and_believes_only_the_answer() {
    let mut save = start();
    let patch = Patch { rating: Some(true), codes: None };
    let read = save.step(Event::Read(Ok(settings(false, "B A"))));
    assert_eq!(read, None.or(save_conflict_free(&save)), "only the codes differ, and they were not touched");
    let step = save.step(Event::Answered(Ok(settings(true, "B A"))));
    assert_eq!(step, Some(Step::End));
    let Some(Outcome::Saved { confirmation, elsewhere, .. }) = save.outcome() else { panic!("{save:?}") };
    assert_eq!(*confirmation, Confirmation::Answer);
    assert_eq!(elsewhere.len(), 1);
    let _ = patch;
}

fn save_conflict_free(save: &Save) -> Option<Step> {
    match save.state() {
        State::Sending(attempt) => Some(Step::Send(attempt.patch.clone())),
        _ => None,
    }
}

#[test]
fn a_503_without_a_word_of_when_is_probed_and_one_with_it_is_waited_for() {
    let mut save = start();
    save.step(Event::Read(Ok(settings(false, "A"))));
    save.step(Event::Answered(Err(refused(503, RetryAfter::Missing))));
    assert!(matches!(save.state(), State::Probing(_)));
    let mut save = start();
    save.step(Event::Read(Ok(settings(false, "A"))));
    save.step(Event::Answered(Err(refused(503, RetryAfter::In(0)))));
    assert!(matches!(save.state(), State::Waiting { seconds: 1, .. }));
}
