//! What is going on, and what is true of the draft, in words that every face of the editor shows.

use super::super::model::{Activity, Dialog, Form, Model, Notice, Phase, Question, Reading, Saving, Then};
use crate::save::{Outcome, State};
use crate::settings::Change;
use crate::words::{Audience, Explanation, WAITING_FOR_TURN, describe_retry, describe_wait, list_changes};

/// What the editor is doing.
pub(in super::super) fn doing(model: &Model) -> Option<String> {
    let audience = model.audience;
    match &model.phase {
        Phase::AskToken(_) | Phase::LoadFailed(..) => None,
        Phase::Opening(_) => Some("Loading: getting the token…".to_owned()),
        Phase::Loading(reading) => Some(format!("Loading{}", tries(reading, audience))),
        Phase::Ready(form) => match &form.activity {
            Activity::Resting | Activity::Rereading(_) => None,
            Activity::Reading(reading) => Some(format!("Reading again{}", tries(reading, audience))),
            // The question about the conflict says that the save waits.
            Activity::Saving(_) if asks_about_conflict(model) => None,
            Activity::Saving(saving) => Some(format!("Saving: {}", save(saving, audience))),
        },
    }
}

fn asks_about_conflict(model: &Model) -> bool {
    matches!(model.dialog, Some(Dialog::Question { question: Question::Conflict, .. }))
}

fn tries(reading: &Reading, audience: Audience) -> String {
    match &reading.retry {
        Some((attempt, error)) => format!(": {}", describe_retry(*attempt, error, audience)),
        None => "…".to_owned(),
    }
}

fn save(saving: &Saving, audience: Audience) -> String {
    let stop = audience.choose("Esc stops.", "Type stop to give up.");
    let doing = match (saving.save.state(), &saving.retry) {
        (State::Checking, Some((attempt, error))) => describe_retry(*attempt, error, audience),
        (State::Checking, None) => "reading what the server has now…".to_owned(),
        (State::Queued, _) => format!("{WAITING_FOR_TURN}. {stop}"),
        (State::Conflict(_), _) => "waiting for your answer.".to_owned(),
        (State::Sending(_), _) => "sending…".to_owned(),
        (State::Reconnecting { error, .. }, _) => format!("Retrying: {error}."),
        (State::Waiting { seconds, error }, _) => describe_wait(*seconds, error, audience),
        (State::Probing(_), _) => format!("no clear answer; reading again to see what arrived. {stop}"),
        (State::Ended(_), _) => String::new(),
    };
    match &saving.then {
        Then::Stay => doing,
        Then::Switch(profile) => {
            format!("{doing} Then switching to {}.", profile.name.as_deref().unwrap_or_default())
        }
        Then::Quit => format!("{doing} Then quitting."),
        Then::QuitSoon { .. } => format!("{doing} Quitting in 2 s at the latest."),
    }
}

/// The save whose outcome is unknown, if no notice tells about it any more.
pub(in super::super) fn unknown(model: &Model, form: &Form) -> Option<Explanation> {
    let unknown = form.unknown().filter(|_| form.saving().is_none())?;
    let is_told = matches!(&model.notice, Some(Notice::Ended(outcome, _)) if matches!(**outcome, Outcome::Unknown { .. }));
    let changes = format!("{}.", list_changes(&unknown.intent.changes()));
    (!is_told).then(|| Explanation::new("Outcome unknown", changes).or_todo(model.audience.find_out()))
}

/// `1 unsaved change`, `2 unsaved changes`.
pub(in super::super) fn count_unsaved(changes: &[Change]) -> String {
    match changes.len() {
        1 => "1 unsaved change".to_owned(),
        count => format!("{count} unsaved changes"),
    }
}

/// What is odd about the draft, so that the user can put it right.
pub(in super::super) fn warning(form: &Form) -> Option<String> {
    let switch = form.draft.switch_without_questions()?;
    Some(format!(
        "Warning: {} is on but no question is selected; visitors see an empty popup (as far as we know).",
        switch.definition().word
    ))
}
