//! A protected profile is changed only after a yes.

use std::sync::Arc;

use super::target::{Opener, Target};
use super::{Console, Failure, prompt};
use crate::cli::{Change, Wanted};
use crate::profile::Profile;
use crate::visible::excerpt;

/// Asks for each protected profile among `targets`, before anything is sent to anybody; and refuses read-only ones.
///
/// # Errors
/// [`Failure::ReadOnly`], [`Failure::Protected`] without a terminal, [`Failure::Declined`] without a yes.
pub(super) async fn confirm(
    change: &Change,
    targets: &[Target],
    opener: &Arc<Opener>,
    console: &mut Console<'_>,
) -> Result<(), Failure> {
    for target in targets {
        let Some((name, is_protected, is_read_only)) = guards(target, opener) else { continue };
        if is_read_only {
            return Err(Failure::ReadOnly(name));
        }
        if !is_protected || change.is_confirmed || change.is_dry_run {
            continue;
        }
        if !console.terminals().stdin {
            return Err(Failure::Protected(name));
        }
        let profile = opener.open(target).await?;
        ask(&profile, &change.wanted, console)?;
    }
    Ok(())
}

/// Name, protected, read only: what the configuration file says, without getting a token.
fn guards(target: &Target, opener: &Opener) -> Option<(String, bool, bool)> {
    match target {
        Target::Ready(profile) => {
            let name = profile.name.clone().unwrap_or_default();
            Some((name, profile.is_protected, profile.is_read_only))
        }
        Target::Wished(wish) => match opener.roster().choose(wish.profile.as_deref()) {
            Ok(crate::profile::roster::Choice::Profile(entry)) => {
                Some((entry.name.clone(), entry.is_protected, entry.is_read_only))
            }
            Ok(crate::profile::roster::Choice::Variable) | Err(_) => None,
        },
    }
}

fn ask(profile: &Profile, wanted: &Wanted, console: &mut Console<'_>) -> Result<(), Failure> {
    let name = profile.name.as_deref().unwrap_or("-");
    let agent = profile.identity.agent.as_deref().unwrap_or("unknown");
    console.tell(&format!("{name} is [PROTECTED]: agent {agent} on {}", profile.base_url.host()));
    console.ask(&format!("Set {}? [y/N] ", words(wanted)));
    let answer = prompt::line()?;
    let is_yes = ["y", "yes"].contains(&answer.trim().to_lowercase().as_str());
    if is_yes { Ok(()) } else { Err(Failure::Declined) }
}

/// What is asked for, in words.
fn words(wanted: &Wanted) -> String {
    let shown = |codes: &[String]| codes.iter().map(|code| excerpt(code, 60)).collect::<Vec<_>>().join(", ");
    let rating = wanted.active.map(|on| format!("rating {}", if on { "on" } else { "off" }));
    let lists = [("questions exactly", &wanted.exactly), ("add", &wanted.add), ("remove", &wanted.remove)];
    let lists = lists
        .iter()
        .filter(|(_, codes)| !codes.is_empty())
        .map(|(word, codes)| format!("{word} {}", shown(codes)));
    rating.into_iter().chain(lists).collect::<Vec<_>>().join("; ")
}
