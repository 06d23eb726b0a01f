//! The save itself: it listens to signals and writes the history.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use super::changed::Changed;
use super::follow_up::FollowUp;
use super::plan::{ToSave, failed_save};
use super::task::Task;
use super::want::Aim;
use crate::agents::{Connection, Profile};
use crate::api::{MakeIntent, Order, Report, SaveStart, drive};
use crate::commands::failure::Failure;
use crate::save::{Confirmation, Outcome, Save, State};
use crate::settings::Draft;
use crate::words::{Audience, CallContext, describe_outcome, describe_wait};

/// The newest state of the save.
type Latest = Mutex<Option<Save>>;

impl Task {
    /// Saves; a warning about the history goes to the notes.
    pub(super) async fn save(
        &self,
        connection: &Connection,
        to_save: ToSave,
        notes: &mut Vec<String>,
    ) -> Result<Changed, Failure> {
        let Connection { profile, client, .. } = connection;
        let start = self.start(connection, to_save);
        let mut sent = None;
        let mut entry = self.journal.begin(profile);
        let mut warning = None;
        let (orders, heard) = unbounded_channel();
        let latest = Latest::default();
        let report = |report: Report<'_>| {
            let save = match report {
                Report::Moved(save) => save,
                Report::Retrying(attempt, error) => {
                    return self.newsline.tell_of_retry(profile, attempt, error);
                }
            };
            let unwritten = entry.as_mut().and_then(|entry| entry.follow(save).err());
            warning = warning.take().or(unwritten);
            match save.state() {
                // `set` does not ask, and so never consents. The driver takes the order at once: it waits for nothing else then.
                State::Conflict(_) => drop(orders.send(Order::Stop)),
                State::Sending(attempt) => sent = Some(attempt.clone()),
                state => self.tell_of_wait(profile, state, &latest),
            }
            *latest.lock().unwrap_or_else(PoisonError::into_inner) = Some(save.clone());
        };
        let ended = tokio::select! {
            save = drive(client, start, heard, report) => Some(save),
            () = self.interrupted(&orders, &latest, client.timing().grace) => None,
        };
        let latest = latest.into_inner().unwrap_or_else(PoisonError::into_inner);
        let Some(save) = ended.or(latest) else { return Err(Failure::Interrupted) };
        let outcome = save.outcome().cloned().unwrap_or_else(|| save.abandoned());
        let warning = warning.or_else(|| entry.as_mut()?.end(&outcome).err());
        notes.extend(warning.map(|warning| format!("Warning: {warning}")));
        let text = self.describe(profile, &outcome);
        match outcome {
            Outcome::Saved { now, confirmation, changes, .. } => {
                let sent = sent.filter(|_| confirmation != Confirmation::AlreadyThere);
                let follow_up = sent.and_then(|attempt| FollowUp::after(client, attempt, changes, &now));
                Ok(Changed { settings: now, text, proposal: None, follow_up })
            }
            outcome => Err(failed_save(outcome, profile)),
        }
    }

    /// Tells what the save waits for, once for each wait: a countdown is not told.
    fn tell_of_wait(&self, profile: &Profile, state: &State, latest: &Latest) {
        match state {
            State::Queued => self.tell_of_waiting(profile),
            State::Waiting { seconds, error } if !is_waiting(latest) => {
                self.newsline.tell(profile, describe_wait(*seconds, error, Audience::Shell));
            }
            _ => {}
        }
    }

    /// A save whose baseline no user has seen has read already.
    fn start(&self, connection: &Connection, to_save: ToSave) -> SaveStart {
        let ToSave { intent, turn } = to_save;
        match turn {
            Some(turn) => SaveStart::Unseen(intent, turn, make_intent(self.aim.clone())),
            None => SaveStart::Seen(intent, connection.lock.clone()),
        }
    }

    fn describe(&self, profile: &Profile, outcome: &Outcome) -> String {
        let context = CallContext::new(&profile.outline(), Audience::Shell);
        let clock = (self.clock)().strftime("%H:%M:%S").to_string();
        describe_outcome(outcome, &clock, &context).to_string()
    }

    /// Waits for the signals. The first one gives the save the time `grace` to end. It also stops the save, unless the save is
    /// finding out whether a PATCH arrived. Each further signal stops the save.
    async fn interrupted(&self, orders: &UnboundedSender<Order>, latest: &Latest, grace: Duration) {
        let mut seen = self.interrupts.more_than(0).await;
        let mut stops = !is_finding_out(latest);
        let end = tokio::time::sleep(grace);
        tokio::pin!(end);
        loop {
            if stops {
                // The save may have ended meanwhile; then it takes no orders.
                let _ = orders.send(Order::Stop);
            }
            tokio::select! {
                () = &mut end => return,
                more = self.interrupts.more_than(seen) => (seen, stops) = (more, true),
            }
        }
    }
}

/// Makes what is wanted of what the server holds.
fn make_intent(aim: Aim) -> MakeIntent {
    Box::new(move |theirs| {
        let mut draft = Draft::new(theirs.clone());
        aim.apply_to(&mut draft).ok()?;
        Some(draft.intent())
    })
}

/// True if the save waits because the server asked for it.
fn is_waiting(latest: &Latest) -> bool {
    let latest = latest.lock().unwrap_or_else(PoisonError::into_inner);
    latest.as_ref().is_some_and(|save| matches!(save.state(), State::Waiting { .. }))
}

/// True while reads may still tell what became of a PATCH. A stop would leave that unknown.
fn is_finding_out(latest: &Latest) -> bool {
    let latest = latest.lock().unwrap_or_else(PoisonError::into_inner);
    latest.as_ref().is_some_and(|save| {
        let is_sending = matches!(save.state(), State::Sending(_));
        !is_sending && matches!(save.abandoned(), Outcome::Unknown { .. })
    })
}
