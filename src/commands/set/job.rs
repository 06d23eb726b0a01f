//! One profile's part of a `set`, step by step.
//!
//! ```text
//! Begin ─ guards, token ─► Opened ─ GET, draft ─► ToSave ─ save ─► Ended
//!   └────────────────────────┴─ nothing to change, a dry run, a failure ─►┘
//! ```

use std::sync::Arc;

use jiff::Zoned;

use super::want::want;
use crate::api::Client;
use crate::cli::Wanted;
use crate::commands::Failure;
use crate::commands::interrupt::Interrupts;
use crate::commands::listing::Answer;
use crate::commands::target::{Guards, Opener, Target, read};
use crate::journal::Journal;
use crate::profile::Profile;
use crate::save::{Outcome, Reason, Sent};
use crate::settings::{Draft, Patch, Settings};
use crate::visible::json_visible;

/// What all jobs of a run share.
#[derive(Debug)]
pub(super) struct Task {
    pub(super) opener: Arc<Opener>,
    pub(super) wanted: Wanted,
    pub(super) is_dry_run: bool,
    pub(super) question: Question,
    pub(super) is_ascii: bool,
    pub(super) journal: Journal,
    pub(super) interrupts: Interrupts,
    pub(super) clock: fn() -> Zoned,
}

/// Whether a protected profile is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Question {
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
    /// Nobody was asked anything.
    Begin(Target),
    /// The token is at hand.
    Opened(Box<Profile>),
    /// What will be sent is known.
    ToSave(Box<Profile>, Box<Plan>),
    /// It is over.
    Ended(Box<Answer<Changed>>),
}

/// What will be saved.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) client: Client,
    pub(super) draft: Draft,
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

/// What the reading of a configuration leads to.
enum Planned {
    Save(Box<Plan>),
    Nothing(Changed),
}

impl Job {
    pub(super) fn new(task: &Arc<Task>, target: Target) -> Self {
        let name = target.name().map(str::to_owned);
        Self { name, stage: Stage::Begin(target), notes: Vec::new(), task: Arc::clone(task) }
    }

    /// True where a protected profile may have to be asked for.
    pub(super) fn will_ask(&self) -> bool {
        let Stage::Begin(target) = &self.stage else { return false };
        let is_protected = self.task.opener.guards(target).is_some_and(|guards| guards.is_protected);
        is_protected && self.task.question == Question::Asked
    }

    /// The profile, once its token is at hand and nothing was asked yet.
    pub(super) fn opened(&self) -> Option<&Profile> {
        if let Stage::Opened(profile) = &self.stage { Some(profile) } else { None }
    }

    /// The profile, once it is known that something will be sent.
    pub(super) fn to_save(&self) -> Option<&Profile> {
        if let Stage::ToSave(profile, _) = &self.stage { Some(profile) } else { None }
    }

    /// What has to be asked for: the profile, and the changes in words.
    pub(super) fn question(&self) -> Option<(&Profile, Vec<String>)> {
        let Stage::ToSave(profile, plan) = &self.stage else { return None };
        let changes = plan.draft.changes().iter().map(ToString::to_string).collect();
        let is_asked = profile.is_protected && self.task.question == Question::Asked;
        is_asked.then_some((profile, changes))
    }

    /// It ends here.
    pub(super) fn failed(self, failure: Failure) -> Self {
        let stage = match self.stage {
            Stage::Begin(_) => ended(self.name.clone(), None, Err(failure)),
            Stage::Opened(profile) | Stage::ToSave(profile, _) => {
                ended(self.name.clone(), Some(profile), Err(failure))
            }
            Stage::Ended(answer) => Stage::Ended(answer),
        };
        Self { stage, ..self }
    }

    /// Takes the next step.
    pub(super) async fn advance(self) -> Self {
        let Self { name, stage, mut notes, task } = self;
        let stage = match stage {
            Stage::Begin(target) => match task.open(&target).await {
                Ok(profile) => Stage::Opened(Box::new(profile)),
                Err(failure) => ended(name.clone(), None, Err(failure)),
            },
            Stage::Opened(profile) => match task.plan(&profile, &mut notes).await {
                Ok(Planned::Save(plan)) => Stage::ToSave(profile, plan),
                Ok(Planned::Nothing(changed)) => ended(name.clone(), Some(profile), Ok(changed)),
                Err(failure) => ended(name.clone(), Some(profile), Err(failure)),
            },
            Stage::ToSave(profile, plan) => {
                let result = task.save(&profile, &plan, &mut notes).await;
                ended(name.clone(), Some(profile), result)
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

fn ended(name: Option<String>, profile: Option<Box<Profile>>, result: Result<Changed, Failure>) -> Stage {
    Stage::Ended(Box::new(Answer { name, profile: profile.map(|profile| *profile), result }))
}

impl Task {
    /// Gets the token of a profile that may be changed.
    async fn open(&self, target: &Target) -> Result<Profile, Failure> {
        match self.opener.guards(target) {
            Some(Guards { name, is_read_only: true, .. }) => return Err(Failure::ReadOnly(name)),
            Some(Guards { name, is_protected: true, .. }) if self.question == Question::Impossible => {
                return Err(Failure::Protected(name));
            }
            _ => {}
        }
        self.interrupts.race(self.opener.open(target)).await?
    }

    async fn plan(&self, profile: &Profile, notes: &mut Vec<String>) -> Result<Planned, Failure> {
        let client = self.opener.client(profile);
        let there = self.interrupts.race(read(&client, profile)).await?.map_err(not_saved)?;
        let mut draft = Draft::new(there.clone());
        want(&mut draft, &self.wanted)?;
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
            return Ok(Planned::Nothing(self.dry_run(profile, &there, settings)));
        }
        Ok(Planned::Save(Box::new(Plan { client, draft })))
    }

    fn dry_run(&self, profile: &Profile, there: &Settings, wanted: Settings) -> Changed {
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

/// The first read failed: for whoever wants to save, that is a save that failed.
fn not_saved(failure: Failure) -> Failure {
    match failure {
        Failure::NotRead { error, context, renewal } => {
            let outcome = Box::new(Outcome::NotSaved(Reason::NotRead { error: *error, sent: Sent::Nothing }));
            Failure::NotSaved { outcome, context, renewal }
        }
        failure => failure,
    }
}
