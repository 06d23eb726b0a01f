//! The agent that a profile is pinned to: no token of another agent, and none that may be of any, is used for it.

use super::config::ProfileEntry;
use super::error::ProfileError;
use super::identity::parse_scenario_id;
use super::profile::Profile;
use crate::api::credentials::Token;
use crate::visible::excerpt;

/// Refuses the token of another agent, and one that names no agent: it may be the token of any.
pub(super) fn refuse_other_agent(entry: &ProfileEntry, token: &Token) -> Result<(), ProfileError> {
    let Some(pinned) = &entry.scenario_id else { return Ok(()) };
    let (profile, from, shown) = (entry.name.clone(), entry.source.clone(), excerpt(pinned, 60));
    match parse_scenario_id(token) {
        Ok(found) if found == *pinned => Ok(()),
        Ok(found) => {
            Err(ProfileError::OtherAgent { profile, from, found: excerpt(&found, 60), pinned: shown })
        }
        Err(reason) => Err(ProfileError::AgentUnclear { profile, from, reason, pinned: shown }),
    }
}

/// Refuses a token that the user gave for a profile that is pinned to another agent than the token names, or where the token names none.
///
/// # Errors
/// [`ProfileError::PinnedElsewhere`].
pub(crate) fn check_pin_of_login(entry: &ProfileEntry, profile: &Profile) -> Result<(), ProfileError> {
    let Some(pinned) = &entry.scenario_id else { return Ok(()) };
    let found = parse_scenario_id(&profile.token);
    if found.as_ref() == Ok(pinned) {
        return Ok(());
    }
    Err(ProfileError::PinnedElsewhere {
        profile: entry.name.clone(),
        pinned: excerpt(pinned, 60),
        found: found.map_or_else(
            |why| format!("for no agent that can be read: {why}"),
            |found| format!("for agent {}", excerpt(&found, 60)),
        ),
    })
}
