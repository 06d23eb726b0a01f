//! The reading of a configuration, and what it leads to.
//!
//! Where a user is asked before the save, the save reads again. Elsewhere this read is the one before the PATCH, so it is made
//! when it is this save's turn, and the turn goes on to the save.

use super::changed::{Changed, Proposal};
use super::task::Task;
use crate::agents::{Connection, Profile};
use crate::api::{CheckError, SaveTurn, read_in_turn};
use crate::commands::failure::Failure;
use crate::commands::selection::read;
use crate::save::{Outcome, Reason, Sent};
use crate::settings::{Draft, Intent, Patch, Settings};
use crate::words::{Audience, CallContext, list_changes};

/// What the reading of a configuration leads to.
pub(super) enum Planned {
    Save(Box<ToSave>),
    Nothing(Changed),
}

/// What is to be saved.
#[derive(Debug)]
pub(super) struct ToSave {
    pub(super) intent: Intent,
    /// The turn that the intent's baseline was read in; `None` where a user is asked first.
    pub(super) turn: Option<SaveTurn>,
}

impl Task {
    /// Reads the configuration and makes of it what is wanted; a warning goes to the notes.
    pub(super) async fn plan(
        &self,
        connection: &Connection,
        notes: &mut Vec<String>,
    ) -> Result<Planned, Failure> {
        let (there, turn) = self.interrupts.race(self.read(connection)).await??;
        let mut draft = Draft::new(there.clone());
        self.aim.apply_to(&mut draft)?;
        notes.extend(self.aim.list_notes(&draft));
        if self.is_dry_run || !draft.is_dirty() {
            return Ok(Planned::Nothing(self.propose(&connection.profile, &there, draft.settings())));
        }
        Ok(Planned::Save(Box::new(ToSave { intent: draft.intent(), turn })))
    }

    /// Reads the configuration: in a turn, where the save follows at once.
    async fn read(&self, connection: &Connection) -> Result<(Settings, Option<SaveTurn>), Failure> {
        let Connection { profile, client, lock } = connection;
        if self.is_dry_run || self.asks_for(profile.is_protected) {
            return Ok((read(connection, &self.newsline).await.map_err(not_saved)?, None));
        }
        let mut turn = lock.queue();
        if !turn.try_take() {
            self.tell_of_waiting(profile);
        }
        let retrying = |attempt, error: &_| self.newsline.tell_of_retry(profile, attempt, error);
        let there = read_in_turn(client, &mut turn, retrying).await;
        there.map(|there| (there, Some(turn))).map_err(|error| {
            let sent = Sent::Nothing;
            let reason = match error {
                CheckError::TurnMissed => Reason::Busy { sent },
                CheckError::Failed(error) => Reason::NotRead { error, sent },
            };
            failed_save(Outcome::NotSaved(reason), profile)
        })
    }

    /// What a job ends with that sends nothing.
    fn propose(&self, profile: &Profile, there: &Settings, settings: Settings) -> Changed {
        let changes = there.changes_to(&settings);
        let text = match &changes[..] {
            [] => self.aim.describe_nothing(there, profile),
            changes => format!("Would change: {}", list_changes(changes)),
        };
        let patch = Patch::between(there, &settings);
        let url = profile.base_url.configuration_url().to_string();
        let proposal = self.is_dry_run.then_some(Proposal { url, patch, changes });
        Changed { settings, text, proposal, follow_up: None }
    }
}

/// The failure of a save that ended so.
pub(super) fn failed_save(outcome: Outcome, profile: &Profile) -> Failure {
    Failure::NotSaved {
        outcome: Box::new(outcome),
        context: Box::new(CallContext::new(&profile.outline(), Audience::Shell)),
        renewal: profile.renewal(),
    }
}

/// The first read failed: for a user who wants to save, that is a save that failed.
fn not_saved(failure: Failure) -> Failure {
    match failure {
        Failure::NotRead { error, context, renewal } => {
            let outcome = Box::new(Outcome::NotSaved(Reason::NotRead { error: *error, sent: Sent::Nothing }));
            Failure::NotSaved { outcome, context, renewal }
        }
        failure => failure,
    }
}
