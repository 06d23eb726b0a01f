//! The part of a `set` for one profile, step by step.
//!
//! ```text
//! Begin ─ guards, token ─► Opened ─ GET, draft ─► ToSave ─ save ─► Ended
//!   └────────────────────────┴─ nothing to change, a dry run, a failure ─►┘
//! ```

use std::sync::Arc;

use jiff::Zoned;

use super::want::apply_wanted;
use crate::agents::{AgentOptions, Agents, Connection, Profile, ProfileOutline};
use crate::cli::Wanted;
use crate::commands::failure::Failure;
use crate::commands::interrupt::Interrupts;
use crate::commands::listing::Answer;
use crate::commands::selection::read;
use crate::journal::Journal;
use crate::save::{Outcome, Reason, Sent};
use crate::settings::{Draft, Patch, Settings};
use crate::visible::json_visible;

/// What all jobs of a run share.
#[derive(Debug)]
pub(super) struct Task {
    pub(super) agents: Agents,
    pub(super) wanted: Wanted,
    pub(super) is_dry_run: bool,
    pub(super) approval: Approval,
    pub(super) is_ascii: bool,
    pub(super) journal: Journal,
    pub(super) interrupts: Interrupts,
    pub(super) clock: fn() -> Zoned,
}

/// Whether the user has to agree before a protected profile is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Approval {
    /// The user need not agree: `--yes` was given, or nothing will be sent.
    Needless,
    /// The user is asked on the terminal.
    Asked,
    /// The user would have to agree, and cannot be asked because there is no terminal.
    Impossible,
}

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
    /// The draft is ready to be saved.
    ToSave(Box<Connection>, Box<Draft>),
    /// The job has ended.
    Ended(Box<Answer<Changed>>),
}

/// The result of a job that did not fail.
#[derive(Debug)]
pub(super) struct Changed {
    /// The configuration on the server now; in a dry run, the one that it would have.
    pub(super) settings: Settings,
    /// The outcome as a sentence.
    pub(super) text: String,
    /// The request that a dry run shows.
    pub(super) request: Option<String>,
}

/// What the job does after it has read the configuration.
enum Planned {
    Save(Box<Draft>),
    Nothing(Changed),
}

impl Job {
    pub(super) fn new(task: &Arc<Task>, options: AgentOptions) -> Self {
        let name = options.profile_name().map(str::to_owned);
        Self { name, stage: Stage::Begin(options), notes: Vec::new(), task: Arc::clone(task) }
    }

    /// True where the user may have to be asked about a protected profile.
    pub(super) fn will_ask(&self) -> bool {
        let Stage::Begin(options) = &self.stage else { return false };
        let is_protected = self.task.outline(options).is_some_and(|outline| outline.is_protected);
        is_protected && self.task.approval == Approval::Asked
    }

    /// The profile, while its token has been read and no server has been asked yet.
    pub(super) fn opened(&self) -> Option<&Profile> {
        if let Stage::Opened(connection) = &self.stage { Some(&connection.profile) } else { None }
    }

    /// The profile, if the job is going to send something.
    pub(super) fn to_save(&self) -> Option<&Profile> {
        if let Stage::ToSave(connection, _) = &self.stage { Some(&connection.profile) } else { None }
    }

    /// The profile and its changes, if the user has to be asked about them.
    pub(super) fn question(&self) -> Option<(&Profile, Vec<String>)> {
        let Stage::ToSave(connection, draft) = &self.stage else { return None };
        let changes = draft.changes().iter().map(ToString::to_string).collect();
        let is_asked = connection.profile.is_protected && self.task.approval == Approval::Asked;
        is_asked.then_some((&connection.profile, changes))
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
                Ok(Planned::Save(draft)) => Stage::ToSave(connection, draft),
                Ok(Planned::Nothing(changed)) => end_job(name.clone(), Some(connection), Ok(changed)),
                Err(failure) => end_job(name.clone(), Some(connection), Err(failure)),
            },
            Stage::ToSave(connection, draft) => {
                let result = task.save(&connection, &draft, &mut notes).await;
                end_job(name.clone(), Some(connection), result)
            }
            over @ Stage::Ended(_) => over,
        };
        Self { name, stage, notes, task }
    }

    /// Takes all steps that are left. Returns the answer, and notes for stderr.
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

fn end_job(
    name: Option<String>,
    connection: Option<Box<Connection>>,
    result: Result<Changed, Failure>,
) -> Stage {
    let profile = connection.map(|connection| connection.profile);
    Stage::Ended(Box::new(Answer { name, profile, result }))
}

impl Task {
    /// Opens a profile that may be changed.
    async fn open(&self, options: &AgentOptions) -> Result<Connection, Failure> {
        if let Some(ProfileOutline { name, is_read_only, is_protected, .. }) = self.outline(options) {
            let name = name.unwrap_or_default();
            if is_read_only {
                return Err(Failure::ReadOnly(name));
            }
            if is_protected && self.approval == Approval::Impossible {
                return Err(Failure::Protected(name));
            }
        }
        Ok(self.interrupts.race(self.agents.open(options)).await??)
    }

    /// What is known of a profile without its token. An error is left to the opening of the profile.
    fn outline(&self, options: &AgentOptions) -> Option<ProfileOutline> {
        self.agents.known().outline(options).ok().flatten()
    }

    async fn plan(&self, connection: &Connection, notes: &mut Vec<String>) -> Result<Planned, Failure> {
        let there = self.interrupts.race(read(connection)).await?.map_err(into_not_saved)?;
        let mut draft = Draft::new(there.clone());
        apply_wanted(&mut draft, &self.wanted)?;
        let settings = draft.settings();
        if let Some(switch) = draft.switch_without_questions() {
            let word = switch.definition().word;
            notes.push(format!("Warning: the {word} is on and no question is asked."));
        }
        if !draft.is_dirty() {
            let text = "Nothing to change: the server already has this.".to_owned();
            return Ok(Planned::Nothing(Changed { settings: there, text, request: None }));
        }
        if self.is_dry_run {
            return Ok(Planned::Nothing(self.describe_dry_run(&connection.profile, &there, settings)));
        }
        Ok(Planned::Save(Box::new(draft)))
    }

    fn describe_dry_run(&self, profile: &Profile, there: &Settings, wanted: Settings) -> Changed {
        let changes: Vec<_> = there.changes_to(&wanted).iter().map(ToString::to_string).collect();
        let body = Patch::between(there, &wanted).to_json();
        let body = json_visible(&body, self.is_ascii);
        let request = format!("PATCH {}\n{body}", profile.base_url.configuration_url());
        Changed {
            settings: wanted,
            text: format!("Would change: {}", changes.join(", ")),
            request: Some(request),
        }
    }
}

/// Makes a failed save of a failed first read: the user wanted to save.
fn into_not_saved(failure: Failure) -> Failure {
    match failure {
        Failure::NotRead { error, context, renewal } => {
            let outcome = Box::new(Outcome::NotSaved(Reason::NotRead { error: *error, sent: Sent::Nothing }));
            Failure::NotSaved { outcome, context, renewal }
        }
        failure => failure,
    }
}
