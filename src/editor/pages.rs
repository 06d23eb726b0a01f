//! The pages as plain text: all keys, the requests of this run, the request that a save would send, and the saves of the
//! profile.
//!
//! The first line of each page is its heading.

mod comparison;
mod consent;
mod curl;
mod help;
mod history;
mod moment;
mod shell_rows;
mod standing;
mod wrap;

use jiff::{Timestamp, Zoned};
use unicode_width::UnicodeWidthChar;

use super::model::{Form, LoadFailure, Model, Notice, Page, Phase};
use crate::api::RequestRecord;
use crate::save::{Confirmation, Outcome};
use crate::settings::SetBack;
use crate::visible::{Charset, json_visible, visible};
use crate::words::{Call, Explanation, describe_outcome, explain};

pub(super) use comparison::{ComparedItem, compare};
pub(super) use consent::{describe_button, explain_conflict};
pub(super) use curl::CurlCommand;
pub(super) use help::HEADINGS as HELP_HEADINGS;
pub(super) use history::history;
pub(super) use moment::moment;
pub(super) use standing::{count_unsaved, doing, unknown, warning};
use wrap::{INDENT, wrap};

/// Why there is no command.
pub(super) const REPEATS_TOKEN: &str = "a question code in the request repeats a token.";

/// The lines of a page, wrapped to `columns`. `charset` says of which characters.
pub(super) fn lines(model: &Model, page: Page, columns: u16, charset: Charset) -> Vec<String> {
    let wrapped = |text: &String| wrap(&charset.words(text), columns, INDENT);
    match page {
        Page::Help => help::lines(columns),
        Page::Log => log(model).iter().flat_map(wrapped).collect(),
        Page::Request => {
            let (words, body) = request(model);
            let body = json_visible(&body, charset.is_ascii());
            let (about, command) = command(model);
            // The rows take the whole width of the screen and have no indent, so that the user can select them and paste them.
            let command = command.map(|command| command.rows(columns.into())).unwrap_or_default();
            let above = words.iter().flat_map(wrapped).chain(exact(&body, columns));
            above.chain(about.iter().flat_map(wrapped)).chain(command).collect()
        }
    }
}

/// All requests of this run, the newest first: the user looks for it most often. They show no token and no body.
fn log(model: &Model) -> Vec<String> {
    let mut texts = vec!["LOG   newest first".to_owned()];
    let failure =
        if let Phase::LoadFailed(failure, _) = &model.phase { Some(not_read(model, failure)) } else { None };
    if let Some(explained) = failure.or_else(|| Some(model.notice.as_ref()?.explain(model))) {
        texts.extend([explained.to_string(), String::new()]);
    }
    texts.extend(log_entries(model));
    texts
}

/// The requests of this run, each in one line.
pub(super) fn log_entries(model: &Model) -> Vec<String> {
    if model.log.is_empty() {
        return vec!["No request has ended yet.".to_owned()];
    }
    // The profile is named only where the requests belong to more than one.
    let names_all = model.log.iter().any(|logged| logged.profile != model.log[0].profile);
    let entries = model.log.iter().rev().map(|logged| {
        let name = logged.profile.as_deref().filter(|_| names_all).map(|name| format!("  {name}"));
        describe_request(&logged.record, &model.now.local) + &name.unwrap_or_default()
    });
    entries.collect()
}

/// One request, as a line of the log.
pub(super) fn describe_request(record: &RequestRecord, now: &Zoned) -> String {
    let started = Timestamp::try_from(record.started).unwrap_or(Timestamp::UNIX_EPOCH);
    let at = moment(&started.to_zoned(now.time_zone().clone()), now);
    let status = record.status.map_or_else(|| "-".to_owned(), |status| status.to_string());
    let failure = record.failure.as_ref().map(|failure| format!("  {failure}")).unwrap_or_default();
    let (method, took, attempt) = (record.method.name(), record.took.as_millis(), record.attempt);
    let attempt = if attempt > 1 { format!("  try {attempt}") } else { String::new() };
    format!("{at}  {method:<5}  {status:<3}  {took:>5} ms{attempt}{failure}")
}

impl Notice {
    /// The text of the notice. A time shows its date if it is not today.
    pub(super) fn explain(&self, model: &Model) -> Explanation {
        match (self, model.call_context()) {
            (Self::Said(_, text), _) => text.clone(),
            (Self::Ended(outcome, at), Some(context)) => {
                let explained = describe_outcome(outcome, &moment(at, &model.now.local), &context);
                let take_back = model.audience.choose("b takes it back.", "Type back to take it back.");
                if can_be_set_back(outcome) { explained.or_todo(take_back) } else { explained }
            }
            (Self::Ended(..), None) => Explanation::default(),
        }
    }
}

/// True for a save that `b` can set back as a whole: not where the flags disagreed before it.
fn can_be_set_back(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Saved { confirmation: Confirmation::AlreadyThere, .. } => false,
        Outcome::Saved { now, changes, .. } => SetBack::plan(changes, now).left.is_empty(),
        _ => false,
    }
}

/// Why there is no form, and what the user can do.
pub(super) fn not_read(model: &Model, failure: &LoadFailure) -> Explanation {
    let explained = match (failure, model.call_context()) {
        (LoadFailure::Read(error), Some(context)) => explain(error, Call::Read, &context),
        (LoadFailure::Read(error), None) => format!("{error}.").into(),
        (LoadFailure::Open(reason), _) => {
            let name =
                model.session.as_ref().and_then(|session| session.name.as_deref()).unwrap_or("the agent");
            Explanation::new("", format!("{name} could not be opened.")).with_details(&[reason])
        }
        (LoadFailure::Stopped | LoadFailure::NotOpened, _) => "stopped.".into(),
    };
    let again = model.audience.choose("Press r to try again.", "Type read to try again.");
    explained.led_by("Not read").or_todo(again)
}

/// The exact request that a save would send: the lines above its body, and its body.
fn request(model: &Model) -> (Vec<String>, String) {
    let heading = "REQUEST".to_owned();
    let patch = model.form().map(Form::patch).unwrap_or_default();
    let Some(session) = model.session.as_ref().filter(|_| !patch.is_empty()) else {
        return (vec![heading, "There is no change: nothing would be sent.".to_owned()], String::new());
    };
    let when = match model.read_only() {
        None => model.audience.choose(
            "s reads again, and where nothing has changed on the server it sends:",
            "The word save reads again, and where nothing has changed on the server it sends:",
        ),
        Some(_) => "[READ ONLY]: it is not sent. With a token that may write it would be:",
    };
    let url = session.context.base_url.configuration_url();
    let words = [
        heading,
        when.to_owned(),
        format!("PATCH {}", visible(url.as_str())),
        "Authorization: Bearer (the token)".to_owned(),
        "Content-Type: application/json".to_owned(),
    ];
    (words.into(), patch.to_json())
}

/// The request as a command, and the lines above it.
fn command(model: &Model) -> (Vec<String>, Option<CurlCommand>) {
    let patch = model.form().map(Form::patch).unwrap_or_default();
    let Some(session) = model.session.as_ref().filter(|_| !patch.is_empty()) else {
        return Default::default();
    };
    let Some(command) = CurlCommand::new(session, &patch) else {
        return (vec![String::new(), format!("There is no command: {REPEATS_TOKEN}")], None);
    };
    let about = format!("As a command. It takes the token from {}:", command.variable());
    (vec![String::new(), about], Some(command))
}

/// The page of the request without a width: each line is whole, and the command is the one that is copied.
pub(super) fn request_lines(model: &Model, charset: Charset) -> Vec<String> {
    let (words, body) = request(model);
    let (about, command) = command(model);
    let body = json_visible(&body, charset.is_ascii()).into_owned();
    let command = command.map(|command| command.text()).unwrap_or_default();
    let lines = words.into_iter().skip(1).chain([body]).chain(about);
    lines.filter(|line| !line.is_empty()).chain(command.lines().map(str::to_owned)).collect()
}

/// A text without any change, in lines of at most `columns`. Each line ends after a comma if it has one.
fn exact(text: &str, columns: u16) -> Vec<String> {
    let room = usize::from(columns).saturating_sub(INDENT.len() + 1).max(1);
    let mut lines = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let mut width = 0;
        let fits = |character: &char| {
            width += character.width().unwrap_or(0);
            width <= room
        };
        let fitting = rest.chars().take_while(fits).map(char::len_utf8).sum();
        let is_last = fitting == rest.len();
        let comma = rest[..fitting].rfind(',').map(|comma| comma + 1).filter(|_| !is_last);
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let (line, left) = rest.split_at(comma.unwrap_or(fitting).max(first));
        lines.push(format!("{INDENT}{line}"));
        rest = left;
    }
    lines
}
