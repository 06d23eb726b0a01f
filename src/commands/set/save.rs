//! The save itself: it listens to signals and writes the history.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use super::job::{Changed, Task};
use crate::agents::{Connection, Profile};
use crate::api::{Order, Report, drive};
use crate::commands::failure::Failure;
use crate::save::{Outcome, Save, State};
use crate::settings::Draft;
use crate::words::{Audience, CallContext, describe_outcome};

/// The newest state of the save.
type Latest = Mutex<Option<Save>>;

impl Task {
    /// Saves the draft. If the history cannot be written, a warning is added to the notes.
    pub(super) async fn save(
        &self,
        connection: &Connection,
        draft: &Draft,
        notes: &mut Vec<String>,
    ) -> Result<Changed, Failure> {
        let Connection { profile, client } = connection;
        let mut entry = self.journal.begin(profile);
        let mut warning = None;
        let (orders, heard) = unbounded_channel();
        let latest = Latest::default();
        let report = |report: Report<'_>| {
            let Report::Moved(save) = report else { return };
            let unwritten = entry.as_mut().and_then(|entry| entry.follow(save).err());
            warning = warning.take().or(unwritten);
            if let State::Conflict(_) = save.state() {
                // `set` does not ask the user about a conflict: it stops. The driver waits for an order then and takes it at once.
                let _ = orders.send(Order::Stop);
            }
            *latest.lock().unwrap_or_else(PoisonError::into_inner) = Some(save.clone());
        };
        let ended = tokio::select! {
            save = drive(client, draft.intent(), heard, report) => Some(save),
            () = self.interrupted(&orders, &latest, client.timing().grace) => None,
        };
        let latest = latest.into_inner().unwrap_or_else(PoisonError::into_inner);
        let Some(save) = ended.or(latest) else { return Err(Failure::Interrupted) };
        let outcome = save.outcome().cloned().unwrap_or_else(|| save.abandoned());
        let warning = warning.or_else(|| entry.as_mut()?.end(&outcome).err());
        notes.extend(warning.map(|warning| format!("Warning: {warning}")));
        self.conclude(profile, outcome)
    }

    fn conclude(&self, profile: &Profile, outcome: Outcome) -> Result<Changed, Failure> {
        let context = CallContext::new(&profile.base_url, &profile.source, Audience::Shell);
        let clock = (self.clock)().strftime("%H:%M:%S").to_string();
        let text = describe_outcome(&outcome, &clock, &context);
        match outcome {
            Outcome::Saved { now, .. } => Ok(Changed { settings: now, text, request: None }),
            outcome => Err(Failure::NotSaved {
                outcome: Box::new(outcome),
                context: Box::new(context),
                renewal: profile.renewal(),
            }),
        }
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

/// True while reads may still find out whether a PATCH arrived. A stop would leave that unknown.
fn is_finding_out(latest: &Latest) -> bool {
    let latest = latest.lock().unwrap_or_else(PoisonError::into_inner);
    latest.as_ref().is_some_and(|save| {
        let is_sending = matches!(save.state(), State::Sending(_));
        !is_sending && matches!(save.abandoned(), Outcome::Unknown { .. })
    })
}
