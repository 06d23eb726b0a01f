//! What all profiles' parts of a run share.

use jiff::Zoned;

use crate::agents::{AgentOptions, Agents, Connection, Profile, ProfileOutline};
use crate::cli::Wanted;
use crate::commands::failure::Failure;
use crate::commands::interrupt::Interrupts;
use crate::commands::news::Newsline;
use crate::journal::Journal;
use crate::words::WAITING_FOR_TURN;

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
    pub(super) newsline: Newsline,
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

impl Task {
    /// Opens a profile that may be changed.
    pub(super) async fn open(&self, options: &AgentOptions) -> Result<Connection, Failure> {
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
    pub(super) fn outline(&self, options: &AgentOptions) -> Option<ProfileOutline> {
        self.agents.known().outline(options).ok().flatten()
    }

    /// True if the user is asked before this profile is changed.
    pub(super) fn asks_for(&self, profile: &Profile) -> bool {
        profile.is_protected && self.approval == Approval::Asked
    }

    /// Another save to this profile's agent goes first.
    pub(super) fn tell_of_waiting(&self, profile: &Profile) {
        self.newsline.tell(profile, WAITING_FOR_TURN.to_owned());
    }
}
