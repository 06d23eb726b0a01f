//! The part of a `set` for one profile, step by step.
//!
//! ```text
//! Begin ─ guards, token ─► Opened ─ plan: GET, draft ─► ToSave ─ save ─► Ended
//!   └────────────────────────┴─ nothing to change, a dry run, a failure ─►┘
//! ```

use std::sync::Arc;

use super::changed::Changed;
use super::notes::Notes;
use super::plan::{Planned, ToSave};
use super::task::Task;
use crate::agents::{AgentOptions, Connection, Profile};
use crate::commands::failure::Failure;
use crate::commands::listing::AgentAnswer;

/// The part of a `set` for one profile.
#[derive(Debug)]
pub(super) struct Job {
    name: Option<String>,
    stage: Stage,
    /// Lines for stderr, which are printed before the outcome.
    pub(super) notes: Vec<String>,
    pub(super) task: Arc<Task>,
}

/// How far a job has come.
#[derive(Debug)]
enum Stage {
    /// No token has been read, and no server has been asked.
    Begin(AgentOptions),
    /// The token has been read.
    Opened(Box<Connection>),
    /// What to save is known.
    ToSave(Box<Connection>, Box<ToSave>),
    /// It is over.
    Ended(Box<AgentAnswer<Changed>>),
}

impl Job {
    pub(super) fn new(task: &Arc<Task>, options: AgentOptions) -> Self {
        let name = options.profile_name().map(str::to_owned);
        Self { name, stage: Stage::Begin(options), notes: Vec::new(), task: Arc::clone(task) }
    }

    /// The part for a profile that has been opened.
    pub(super) fn from_connection(task: &Arc<Task>, connection: Connection) -> Self {
        let name = connection.profile.name.clone();
        Self { name, stage: Stage::Opened(Box::new(connection)), notes: Vec::new(), task: Arc::clone(task) }
    }

    /// True where the user may have to be asked about this profile.
    pub(super) fn will_ask(&self) -> bool {
        let Stage::Begin(options) = &self.stage else { return false };
        self.task.asks_for(self.task.outline(options).is_some_and(|outline| outline.is_protected))
    }

    /// Goes on to the point where the user is asked; a job that asks nothing has not begun.
    pub(super) async fn prepare(self) -> Self {
        if self.will_ask() { self.advance().await.advance().await } else { self }
    }

    /// The profile, while its token has been read and no server has been asked yet.
    pub(super) fn opened(&self) -> Option<&Profile> {
        if let Stage::Opened(connection) = &self.stage { Some(&connection.profile) } else { None }
    }

    /// The profile and its changes, if the user has to be asked about them.
    pub(super) fn question(&self) -> Option<(&Profile, Vec<String>)> {
        let Stage::ToSave(connection, to_save) = &self.stage else { return None };
        let changes = to_save.intent.changes().iter().map(ToString::to_string).collect();
        self.task.asks_for(connection.profile.is_protected).then_some((&connection.profile, changes))
    }

    /// How the job ended, if it has.
    pub(super) fn result(&self) -> Option<&Result<Changed, Failure>> {
        if let Stage::Ended(answer) = &self.stage { Some(&answer.result) } else { None }
    }

    /// Moves the notes so far to those of all profiles.
    pub(super) fn hand_over_notes(&mut self, all: &mut Notes) {
        let name = self.name.as_deref().unwrap_or("-");
        self.notes.drain(..).for_each(|note| all.add(name, note));
    }

    /// Ends the job with a failure.
    pub(super) fn fail(self, failure: Failure) -> Self {
        let stage = match self.stage {
            Stage::Begin(_) => end_job(self.name.clone(), None, Err(failure)),
            Stage::Opened(connection) | Stage::ToSave(connection, _) => {
                end_job(self.name.clone(), Some(connection), Err(failure))
            }
            Stage::Ended(answer) => Stage::Ended(answer),
        };
        Self { stage, ..self }
    }

    /// Takes the next step.
    pub(super) async fn advance(self) -> Self {
        let Self { name, stage, mut notes, task } = self;
        let stage = match stage {
            Stage::Begin(options) => match task.open(&options).await {
                Ok(connection) => Stage::Opened(Box::new(connection)),
                Err(failure) => end_job(name.clone(), None, Err(failure)),
            },
            Stage::Opened(connection) => match task.plan(&connection, &mut notes).await {
                Ok(Planned::Save(to_save)) => Stage::ToSave(connection, to_save),
                Ok(Planned::Nothing(changed)) => end_job(name.clone(), Some(connection), Ok(changed)),
                Err(failure) => end_job(name.clone(), Some(connection), Err(failure)),
            },
            Stage::ToSave(connection, to_save) => {
                let result = task.save(&connection, *to_save, &mut notes).await;
                end_job(name.clone(), Some(connection), result)
            }
            over @ Stage::Ended(_) => over,
        };
        Self { name, stage, notes, task }
    }

    /// Takes all steps that are left. Returns the answer, and notes for stderr.
    pub(super) async fn finish(self) -> (AgentAnswer<Changed>, Vec<String>) {
        let mut job = self;
        loop {
            job = match job {
                Self { stage: Stage::Ended(answer), notes, .. } => return (*answer, notes),
                on_the_way => on_the_way.advance().await,
            };
        }
    }
}

fn end_job(
    name: Option<String>,
    connection: Option<Box<Connection>>,
    result: Result<Changed, Failure>,
) -> Stage {
    let profile = connection.map(|connection| connection.profile);
    Stage::Ended(Box::new(AgentAnswer { name, profile, result }))
}
