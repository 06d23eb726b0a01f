//! What is going on, what happened last, and what is true of the draft; and one line on the focused row.

use ratatui::text::Line;

use super::super::model::{Activity, Failure, Form, FormRow, Model, Phase, Reading, Saving, Then, Tone};
use super::text::{INDENT, cut, width, wrap};
use super::theme::Theme;
use crate::api::error::ApiError;
use crate::api::save::State;
use crate::settings::{Rating, catalog};

/// Under this width only the short sentences fit.
const NARROW: u16 = 60;

/// The status lines, most important first.
pub(super) fn lines(model: &Model, theme: &Theme, columns: u16) -> Vec<Line<'static>> {
    let hint = model.hint.as_ref().map(|hint| (Tone::Plain, hint.clone()));
    // What is open on top of the form says itself what matters there.
    let notice = model.notice.as_ref().filter(|_| model.dialog.is_none());
    let notice = notice.map(|notice| (notice.tone, notice.text.clone()));
    let form = model.form().filter(|_| model.dialog.is_none());
    let draft =
        form.map(|form| [unsaved(model, form, columns), warning(form)]).into_iter().flatten().flatten();
    let said =
        phase(model).into_iter().chain(hint).chain(notice).chain(draft.map(|text| (Tone::Plain, text)));
    said.flat_map(|(tone, text)| wrap(&theme.words(&text), columns, INDENT, theme.tone(tone))).collect()
}

/// Cuts the lines to `room`. The last one stays, since it tells of unsaved changes; where something is missing it says
/// so, and `l` shows all of it.
pub(super) fn fit(lines: &mut Vec<Line<'static>>, room: usize) {
    if lines.len() <= room {
        return;
    }
    let last = lines.pop().filter(|_| room > 1);
    lines.truncate(room.saturating_sub(usize::from(last.is_some())));
    if let Some(cut) = lines.last_mut() {
        cut.push_span("…");
    }
    lines.extend(last);
}

/// What the editor is doing, or why it cannot.
fn phase(model: &Model) -> Option<(Tone, String)> {
    match &model.phase {
        Phase::AskToken(_) => None,
        Phase::Loading(reading) => Some((Tone::Plain, format!("Loading{}", tries(reading)))),
        Phase::LoadFailed(failure) => Some((Tone::Bad, not_read(model, failure))),
        Phase::Ready(form) => match &form.activity {
            Activity::Resting | Activity::Rereading(_) => None,
            Activity::Reading(reading) => Some((Tone::Plain, format!("Reading again{}", tries(reading)))),
            // The conflict's own question says what waits.
            Activity::Saving(saving)
                if matches!(saving.save.state(), State::Conflict(_)) && model.dialog.is_some() =>
            {
                None
            }
            Activity::Saving(saving) => Some((Tone::Plain, format!("Saving: {}", save(saving)))),
        },
    }
}

fn tries(reading: &Reading) -> String {
    match &reading.retry {
        Some((attempt, error)) => format!(": {}", retrying(*attempt, error)),
        None => "…".to_owned(),
    }
}

fn retrying(attempt: usize, error: &ApiError) -> String {
    match error.status() {
        Some(429) => format!("Retrying ({attempt} of 3): too many requests (429); Esc stops."),
        _ => format!("Retrying ({attempt} of 3): {error}"),
    }
}

fn not_read(model: &Model, failure: &Failure) -> String {
    match (failure, &model.session) {
        (Failure::Read(error), Some(session)) => {
            format!("Not read: {} Press r to try again.", error.explain(&session.whereabouts, false))
        }
        (Failure::Read(error), None) => format!("Not read: {error}."),
        (Failure::Open(reason), _) => format!("Not read: {reason}"),
        (Failure::Stopped, _) => "Not read: stopped. Press r to try again.".to_owned(),
    }
}

fn save(saving: &Saving) -> String {
    let doing = match (saving.save.state(), &saving.retry) {
        (State::Checking, Some((attempt, error))) => retrying(*attempt, error),
        (State::Checking, None) => "reading what the server has now…".to_owned(),
        (State::Conflict(_), _) => "waiting for your answer.".to_owned(),
        (State::Sending(_), _) => "sending…".to_owned(),
        (State::Reconnecting { error, .. }, _) => format!("Retrying: {error}."),
        (State::Waiting { seconds, error }, _) => waiting(*seconds, error),
        (State::Probing(_), _) => "no clear answer; reading again to see what arrived. Esc stops.".to_owned(),
        (State::Ended(_), _) => String::new(),
    };
    match saving.then {
        Then::Stay => doing,
        Then::Quit | Then::QuitSoon { .. } => format!("{doing} Then quitting."),
    }
}

fn waiting(seconds: u32, error: &ApiError) -> String {
    let why = match error.status() {
        Some(429) => "Too many requests (429)".to_owned(),
        _ => format!("the server failed ({error})"),
    };
    format!("{why}. Next try in {seconds} s; Esc stops.")
}

/// The count of unsaved changes. While a save is under way they are neither saved nor not.
fn unsaved(model: &Model, form: &Form, columns: u16) -> Option<String> {
    if form.saving().is_some() || !form.draft.is_dirty() {
        return None;
    }
    let changes = count(form);
    if form.unknown.is_some() {
        return Some(format!("{changes}, unless it arrived. Press r."));
    }
    Some(match model.read_only() {
        None if columns < NARROW => format!("{changes}. s saves."),
        None => format!("{changes}. Nothing is sent until you press s."),
        Some(_) => format!("{changes}. [READ ONLY]: nothing can be sent."),
    })
}

/// `1 unsaved change`, `2 unsaved changes`.
pub(super) fn count(form: &Form) -> String {
    match form.draft.changes().len() {
        1 => "1 unsaved change".to_owned(),
        count => format!("{count} unsaved changes"),
    }
}

fn warning(form: &Form) -> Option<String> {
    let asks_nothing = form.draft.rating() == Rating::On && form.draft.rows().all(|row| !row.is_on);
    asks_nothing.then(|| "Warning: the rating is on, but no question is.".to_owned())
}

/// What the focused row is.
pub(super) fn about(model: &Model, columns: u16) -> Line<'static> {
    let Some(form) = model.form().filter(|_| model.dialog.is_none()) else { return Line::default() };
    let room = usize::from(columns).saturating_sub(width(INDENT) + 1);
    Line::from(format!("{INDENT}{}", cut(&about_row(form), room)))
}

fn about_row(form: &Form) -> String {
    match form.focused() {
        FormRow::Rating => match form.draft.rating() {
            Rating::Mixed { active: true } => "active on, popup off".to_owned(),
            Rating::Mixed { active: false } => "active off, popup on".to_owned(),
            Rating::On | Rating::Off => {
                "conv_rating_active and conv_rating_popup_active, always together".to_owned()
            }
        },
        FormRow::Code(row) => match catalog::lookup(row.code) {
            Some(known) => format!("asks {}", known.about),
            None => "a code that Quickchat does not document; kept exactly as it is".to_owned(),
        },
        FormRow::Add => "for a code that is not in the list".to_owned(),
    }
}
