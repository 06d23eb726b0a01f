//! One profile's part of a `set`, step by step.
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

/// Whether a protected profile is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Approval {
    /// `--yes` was given, or nothing will be sent.
    Needless,
    /// On the terminal.
    Asked,
    /// It would have to be, and there is no terminal.
    Impossible,
}

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
    /// The draft to save is known.
    ToSave(Box<Connection>, Box<Draft>),
    /// It is over.
    Ended(Box<Answer<Changed>>),
}

/// What came of a part that did not fail.
#[derive(Debug)]
pub(super) struct Changed {
    /// What the server holds now; in a dry run, what it would hold.
    pub(super) settings: Settings,
    /// The outcome in words.
    pub(super) text: String,
    /// The request that a dry run shows.
    pub(super) request: Option<String>,
}

/// What the reading of a configuration leads to.
enum Planned {
    Save(Box<Draft>),
    Nothing(Changed),
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
        is_protected && self.task.approval == Approval::Asked
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
        let Stage::ToSave(connection, draft) = &self.stage else { return None };
        let changes = draft.changes().iter().map(ToString::to_string).collect();
        let is_asked = connection.profile.is_protected && self.task.approval == Approval::Asked;
        is_asked.then_some((&connection.profile, changes))
    }

    /// It ends here.
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

/// The first read failed: for a user who wants to save, that is a save that failed.
fn into_not_saved(failure: Failure) -> Failure {
    match failure {
        Failure::NotRead { error, context, renewal } => {
            let outcome = Box::new(Outcome::NotSaved(Reason::NotRead { error: *error, sent: Sent::Nothing }));
            Failure::NotSaved { outcome, context, renewal }
        }
        failure => failure,
    }
}
