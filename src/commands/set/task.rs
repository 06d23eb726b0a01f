//! What all profiles' parts of a run share.

use jiff::Zoned;

use super::want::Aim;
use crate::agents::{AgentOptions, Agents, Connection, Profile, ProfileOutline};
use crate::commands::failure::Failure;
use crate::commands::interrupt::Interrupts;
use crate::commands::news::Newsline;
use crate::journal::Journal;
use crate::terminal::AnswerSource;
use crate::words::WAITING_FOR_TURN;

/// What all jobs of a run share.
#[derive(Debug)]
pub(super) struct Task {
    pub(super) agents: Agents,
    pub(super) aim: Aim,
    pub(super) is_dry_run: bool,
    /// The user changes all profiles, and named none.
    pub(super) is_all: bool,
    pub(super) approval: Approval,
    pub(super) journal: Journal,
    pub(super) interrupts: Interrupts,
    pub(super) clock: fn() -> Zoned,
    pub(super) newsline: Newsline,
}

/// Whether the user is asked before a protected profile is changed, or all profiles are.
#[derive(Clone, Debug)]
pub(super) enum Approval {
    /// `--yes` was given, or nothing will be sent.
    Needless,
    /// On the terminal.
    Asked(AnswerSource),
    /// It would have to be, and there is no terminal.
    Impossible,
}

impl Task {
    /// Opens a profile that may be changed.
    pub(super) async fn open(&self, options: &AgentOptions) -> Result<Connection, Failure> {
        let outline = self.outline(options).filter(|outline| outline.is_protected && !outline.is_read_only);
        if let Some(outline) = outline
            && matches!(self.approval, Approval::Impossible)
        {
            return Err(Failure::Protected(outline.name.unwrap_or_default()));
        }
        open_to_change(&self.agents, options, &self.interrupts).await
    }

    /// What is known of a profile without its token. An error is left to the opening of the profile.
    pub(super) fn outline(&self, options: &AgentOptions) -> Option<ProfileOutline> {
        find_outline(&self.agents, options)
    }

    /// True if the user is asked before a profile is changed that is protected, or is not.
    pub(super) fn asks_for(&self, is_protected: bool) -> bool {
        let is_asked = self.is_all || is_protected || matches!(self.aim, Aim::Undo(_));
        is_asked && matches!(self.approval, Approval::Asked(_))
    }

    /// Another save to this profile's agent goes first.
    pub(super) fn tell_of_waiting(&self, profile: &Profile) {
        self.newsline.tell(profile, WAITING_FOR_TURN.to_owned());
    }
}

/// Opens a profile, unless it is read only.
pub(super) async fn open_to_change(
    agents: &Agents,
    options: &AgentOptions,
    interrupts: &Interrupts,
) -> Result<Connection, Failure> {
    if let Some(outline) = find_outline(agents, options).filter(|outline| outline.is_read_only) {
        return Err(Failure::ReadOnly(outline.name.unwrap_or_default()));
    }
    Ok(interrupts.race(agents.open(options)).await??)
}

fn find_outline(agents: &Agents, options: &AgentOptions) -> Option<ProfileOutline> {
    agents.known().outline(options).ok().flatten()
}
