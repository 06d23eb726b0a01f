//! One profile's part of a `set`, step by step.
//!
//! ```text
//! Begin ─ guards, token ─► Opened ─ plan: GET, draft ─► ToSave ─ save ─► Ended
//!   └────────────────────────┴─ nothing to change, a dry run, a failure ─►┘
//! ```

use std::sync::Arc;

use super::changed::Changed;
use super::plan::{Planned, ToSave};
use super::task::{Question, Task};
use crate::agents::{AgentOptions, Connection, Profile};
use crate::commands::failure::Failure;
use crate::commands::listing::Answer;

/// One profile's part.
#[derive(Debug)]
pub(super) struct Job {
    name: Option<String>,
    stage: Stage,
    /// For stderr, before its outcome.
    pub(super) notes: Vec<String>,
    pub(super) task: Arc<Task>,
}

/// How far it has come.
#[derive(Debug)]
enum Stage {
    /// No token was read, and no server was asked.
    Begin(AgentOptions),
    /// The token is at hand.
    Opened(Box<Connection>),
    /// What to save is known.
    ToSave(Box<Connection>, Box<ToSave>),
    /// It is over.
    Ended(Box<Answer<Changed>>),
}

impl Job {
    pub(super) fn new(task: &Arc<Task>, options: AgentOptions) -> Self {
        let name = options.profile_name().map(str::to_owned);
        Self { name, stage: Stage::Begin(options), notes: Vec::new(), task: Arc::clone(task) }
    }

    /// True where a protected profile may have to be asked for.
    pub(super) fn will_ask(&self) -> bool {
        let Stage::Begin(options) = &self.stage else { return false };
        let is_protected = self.task.outline(options).is_some_and(|outline| outline.is_protected);
        is_protected && self.task.question == Question::Asked
    }

    /// The profile, once its token is at hand and no server was asked yet.
    pub(super) fn opened(&self) -> Option<&Profile> {
        if let Stage::Opened(connection) = &self.stage { Some(&connection.profile) } else { None }
    }

    /// The profile, once it is known that something will be sent.
    pub(super) fn to_save(&self) -> Option<&Profile> {
        if let Stage::ToSave(connection, _) = &self.stage { Some(&connection.profile) } else { None }
    }

    /// What has to be asked for: the profile, and the changes in words.
    pub(super) fn question(&self) -> Option<(&Profile, Vec<String>)> {
        let Stage::ToSave(connection, to_save) = &self.stage else { return None };
        let changes = to_save.intent.changes().iter().map(ToString::to_string).collect();
        self.task.asks_for(&connection.profile).then_some((&connection.profile, changes))
    }

    /// It ends here.
    pub(super) fn failed(self, failure: Failure) -> Self {
        let stage = match self.stage {
            Stage::Begin(_) => ended(self.name.clone(), None, Err(failure)),
            Stage::Opened(connection) | Stage::ToSave(connection, _) => {
                ended(self.name.clone(), Some(connection), Err(failure))
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
                Err(failure) => ended(name.clone(), None, Err(failure)),
            },
            Stage::Opened(connection) => match task.plan(&connection, &mut notes).await {
                Ok(Planned::Save(to_save)) => Stage::ToSave(connection, to_save),
                Ok(Planned::Nothing(changed)) => ended(name.clone(), Some(connection), Ok(changed)),
                Err(failure) => ended(name.clone(), Some(connection), Err(failure)),
            },
            Stage::ToSave(connection, to_save) => {
                let result = task.save(&connection, *to_save, &mut notes).await;
                ended(name.clone(), Some(connection), result)
            }
            over @ Stage::Ended(_) => over,
        };
        Self { name, stage, notes, task }
    }

    /// Takes all steps that are left. The notes are for stderr.
    pub(super) async fn finish(self) -> (Answer<Changed>, Vec<String>) {
        let mut job = self;
        loop {
            job = match job {
                Self { stage: Stage::Ended(answer), notes, .. } => return (*answer, notes),
                on_the_way => on_the_way.advance().await,
            };
        }
    }
}

fn ended(
    name: Option<String>,
    connection: Option<Box<Connection>>,
    result: Result<Changed, Failure>,
) -> Stage {
    let profile = connection.map(|connection| connection.profile);
    Stage::Ended(Box::new(Answer { name, profile, result }))
}
