//! Saves of one user to one agent take turns, from whatever process: a lock on a file.
//!
//! ```text
//! SaveLock ─► SaveTurn ─ read, PATCH, its answer ─► released, at the latest when it is dropped
//!                 └─ another save has the lock: tried again, until there is no time left ─► TurnMissed
//! ```
//!
//! The lock is tried and never waited for in the system: a blocking call could not be interrupted by Esc. Where there can be
//! no lock, a save goes on without.

use std::fs::File;
use std::path::PathBuf;

use tokio::time::{Instant, sleep};

use super::client::Client;
use super::timing::Timing;
use crate::private::try_lock;
use crate::save::CallError;
use crate::settings::Settings;

/// The file by which saves to one agent take turns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaveLock {
    path: Option<PathBuf>,
}

impl SaveLock {
    /// Saves that lock the file at `path` take turns. The file is made when the first save is.
    pub fn at(path: PathBuf) -> Self {
        Self { path: Some(path) }
    }

    /// The save waits for no other one.
    pub const fn none() -> Self {
        Self { path: None }
    }

    /// The place of one save among the others.
    pub fn queue(&self) -> SaveTurn {
        SaveTurn { lock: self.clone(), holding: Holding::Nothing }
    }
}

/// One save's place among those to the same agent. Dropping it ends its turn.
#[derive(Debug)]
pub struct SaveTurn {
    lock: SaveLock,
    holding: Holding,
}

#[derive(Debug)]
enum Holding {
    Nothing,
    /// It is this save's turn.
    File(#[expect(dead_code, reason = "the lock goes when the file is closed")] File),
    /// There is no lock to take.
    WithoutLock,
}

/// The turn of a save did not come in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TurnMissed;

impl SaveTurn {
    /// Takes the turn, unless another save has it. True if it is this save's turn now.
    pub fn try_take(&mut self) -> bool {
        if matches!(self.holding, Holding::Nothing) {
            self.holding = match self.lock.path.as_deref().map(try_lock) {
                Some(Ok(Some(file))) => Holding::File(file),
                Some(Ok(None)) => Holding::Nothing,
                None | Some(Err(_)) => Holding::WithoutLock,
            };
        }
        !matches!(self.holding, Holding::Nothing)
    }

    /// Waits until it is this save's turn.
    ///
    /// # Errors
    /// [`TurnMissed`] after [`Timing::turn`].
    pub async fn wait(&mut self, timing: &Timing) -> Result<(), TurnMissed> {
        let end = Instant::now() + timing.turn;
        while !self.try_take() {
            if Instant::now() >= end {
                return Err(TurnMissed);
            }
            sleep(timing.turn_try).await;
        }
        Ok(())
    }

    /// The next save may go on.
    pub fn release(&mut self) {
        self.holding = Holding::Nothing;
    }
}

/// Why the read before a PATCH gave nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CheckError {
    /// Another save did not end in time, so nothing was read.
    TurnMissed,
    /// The read failed.
    Failed(CallError),
}

/// Reads what the server holds now, with the tries that a read has, when it is this save's turn. The turn is held at the end
/// of a read that succeeded. It is not held through the pause before another try. `on_retry` gets each failure that is
/// tried again, and the number of the next try.
///
/// # Errors
/// A [`CheckError`]: no turn, or the last try's failure.
pub(crate) async fn read_in_turn(
    client: &Client,
    turn: &mut SaveTurn,
    mut on_retry: impl FnMut(usize, &CallError),
) -> Result<Settings, CheckError> {
    let timing = client.timing();
    let mut attempt = 1;
    loop {
        turn.wait(timing).await.map_err(|TurnMissed| CheckError::TurnMissed)?;
        let error = match client.read_fresh(attempt).await {
            Ok(settings) => return Ok(settings),
            Err(error) => error,
        };
        turn.release();
        let Some(pause) = timing.pause_before_reading_again(attempt, &error) else {
            return Err(CheckError::Failed(error));
        };
        attempt += 1;
        on_retry(attempt, &error);
        sleep(pause.pick()).await;
    }
}
