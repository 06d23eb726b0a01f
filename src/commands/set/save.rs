//! One profile's part of a `set`.

use std::sync::Arc;
use std::time::Duration;

use jiff::Zoned;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use super::super::Failure;
use super::super::interrupt::Interrupts;
use super::super::listing::Answer;
use super::super::target::{Opener, Target, read};
use super::want;
use crate::api::Client;
use crate::api::save::{Order, Outcome, Reason, Report, Save, Sent, State, drive};
use crate::cli::Wanted;
use crate::history::{Journal, Recorder, Subject, Verdict};
use crate::profile::Profile;
use crate::settings::draft::Draft;
use crate::settings::{Patch, Rating, Settings};
use crate::visible::json_visible;

/// All that one save needs.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) target: Target,
    pub(super) opener: Arc<Opener>,
    pub(super) wanted: Wanted,
    pub(super) is_dry_run: bool,
    pub(super) is_ascii: bool,
    pub(super) recorder: Recorder,
    pub(super) interrupts: Interrupts,
    pub(super) clock: fn() -> Zoned,
}

/// What came of it, where nothing went wrong.
#[derive(Debug)]
pub(super) struct Changed {
    /// What the server holds now; in a dry run, what it would hold.
    pub(super) settings: Settings,
    /// The outcome in words.
    pub(super) text: String,
    /// The request that a dry run shows.
    pub(super) request: Option<String>,
}

impl Job {
    /// Runs it; the notes are for stderr.
    pub(super) async fn run(self) -> (Answer<Changed>, Vec<String>) {
        let mut notes = Vec::new();
        let name = self.target.name().map(str::to_owned);
        let answer = match self.until_interrupted(self.opener.open(&self.target)).await {
            Ok(profile) => {
                let result = self.change(&profile, &mut notes).await;
                Answer { name, profile: Some(profile), result }
            }
            Err(failure) => Answer { name, profile: None, result: Err(failure) },
        };
        (answer, notes)
    }

    async fn change(&self, profile: &Profile, notes: &mut Vec<String>) -> Result<Changed, Failure> {
        let client = self.opener.client(profile);
        let there = self.until_interrupted(read(&client, profile)).await.map_err(not_saved)?;
        let mut draft = Draft::new(there.clone());
        want(&mut draft, &self.wanted)?;
        let settings = draft.settings();
        if settings.rating == Rating::On && settings.codes.is_empty() {
            notes.push("Warning: the rating is on and no question is asked.".to_owned());
        }
        if !draft.is_dirty() {
            let text = "Nothing to change: the server already has this.".to_owned();
            return Ok(Changed { settings: there, text, request: None });
        }
        if self.is_dry_run {
            return Ok(dry_run(profile, &there, settings, self.is_ascii));
        }
        self.save(profile, &client, &draft, notes).await
    }

    async fn save(
        &self,
        profile: &Profile,
        client: &Client,
        draft: &Draft,
        notes: &mut Vec<String>,
    ) -> Result<Changed, Failure> {
        let mut journal = (!profile.is_demo).then(|| self.recorder.journal(Subject::from(profile)));
        let (orders, heard) = unbounded_channel();
        let mut latest = None;
        let report = |report: Report<'_>| {
            if let Report::Moved(save) = report {
                moved(save, journal.as_mut(), &orders);
                latest = Some(save.clone());
            }
        };
        let ended = tokio::select! {
            save = drive(client, draft.intent(), heard, report) => Some(save),
            () = self.interrupted(&orders, client.timing().grace) => None,
        };
        let Some(save) = ended.or(latest) else { return Err(Failure::Interrupted) };
        let outcome = save.outcome().cloned().unwrap_or_else(|| save.abandoned());
        let warning = journal.and_then(|journal| journal.ended(Verdict::from(&outcome)));
        notes.extend(warning.map(|warning| format!("Warning: {warning}")));
        self.told(profile, outcome)
    }

    fn told(&self, profile: &Profile, outcome: Outcome) -> Result<Changed, Failure> {
        let whereabouts = profile.whereabouts();
        let clock = (self.clock)().strftime("%H:%M:%S").to_string();
        let text = outcome.text(&clock, &whereabouts, "");
        match outcome {
            Outcome::Saved { now, .. } => Ok(Changed { settings: now, text, request: None }),
            outcome => {
                Err(Failure::NotSaved { outcome: Box::new(outcome), whereabouts: Box::new(whereabouts) })
            }
        }
    }

    /// The first signal stops what the save is doing, and gives it `grace` to find out what is known; so does each
    /// further one.
    async fn interrupted(&self, orders: &UnboundedSender<Order>, grace: Duration) {
        let mut seen = self.interrupts.more_than(0).await;
        let end = tokio::time::sleep(grace);
        tokio::pin!(end);
        loop {
            // The save may have ended in this moment.
            let _ = orders.send(Order::Stop);
            tokio::select! {
                () = &mut end => return,
                more = self.interrupts.more_than(seen) => seen = more,
            }
        }
    }

    async fn until_interrupted<T>(
        &self,
        work: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        tokio::select! {
            done = work => done,
            () = self.interrupts.first() => Err(Failure::Interrupted),
        }
    }
}

/// The save came to another state: the history hears of a PATCH before it goes out, and nobody consents to a conflict.
fn moved(save: &Save, journal: Option<&mut Journal>, orders: &UnboundedSender<Order>) {
    match (save.state(), journal) {
        (State::Sending(attempt), Some(journal)) => {
            journal.sending(&attempt.theirs, &attempt.patch.applied_to(&attempt.theirs));
        }
        (State::Conflict(_), _) => {
            // It is heard at once: the driver waits for nothing else then.
            let _ = orders.send(Order::Stop);
        }
        _ => {}
    }
}

/// The first read failed: for whoever wants to save, that is a save that failed.
fn not_saved(failure: Failure) -> Failure {
    match failure {
        Failure::NotRead { error, whereabouts } => {
            let outcome = Box::new(Outcome::NotSaved(Reason::NotRead { error: *error, sent: Sent::Nothing }));
            Failure::NotSaved { outcome, whereabouts }
        }
        failure => failure,
    }
}

fn dry_run(profile: &Profile, there: &Settings, wanted: Settings, is_ascii: bool) -> Changed {
    let changes: Vec<_> = there.changes_to(&wanted).iter().map(ToString::to_string).collect();
    let patch = Patch::between(there, &wanted);
    let body = patch.to_json();
    let body = json_visible(&body, is_ascii);
    let request = format!("PATCH {}\n{body}", profile.base_url.configuration_url());
    Changed {
        settings: wanted,
        text: format!("Would change: {}", changes.join(", ")),
        request: Some(request),
    }
}
