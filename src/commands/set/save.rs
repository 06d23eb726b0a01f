//! The save itself, with its signals and its record.

use std::time::Duration;

use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use super::job::{Changed, Plan, Task};
use crate::api::save::{Order, Outcome, Report, Save, State, drive};
use crate::commands::Failure;
use crate::history::{Journal, Subject, Verdict};
use crate::profile::Profile;

impl Task {
    /// Saves what is planned; a warning about the history goes to the notes.
    pub(super) async fn save(
        &self,
        profile: &Profile,
        plan: &Plan,
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
            save = drive(&plan.client, plan.draft.intent(), heard, report) => Some(save),
            () = self.interrupted(&orders, plan.client.timing().grace) => None,
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
            outcome => Err(Failure::NotSaved {
                outcome: Box::new(outcome),
                whereabouts: Box::new(whereabouts),
                renewal: profile.renewal(),
            }),
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
