//! The list of profiles in sentences, each with its number.

use super::super::model::{Model, ProfileList, ProfileState, Session};
use super::form::add_badges;
use super::speak::{capitalize, end_sentence};

/// Each profile, and how one is opened.
pub(super) fn describe_profiles(model: &Model, list: &ProfileList) -> Vec<String> {
    let rows = model.profiles.iter().zip(&list.states).enumerate();
    let rows =
        rows.map(|(place, (profile, state))| format!("{}. {}", place + 1, describe(model, profile, state)));
    let how = match list.states.len() {
        0 => "There are no profiles. An empty line goes back.",
        _ => "Type a number or a name to open that profile. An empty line goes back.",
    };
    rows.chain([how.to_owned()]).collect()
}

/// The place of the profile that a line means: its number, or its name.
pub(super) fn find_profile(model: &Model, line: &str) -> Option<usize> {
    let named = model.profiles.iter().position(|profile| profile.name.as_deref() == Some(line));
    let numbered = line.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    named.or(numbered.filter(|place| *place < model.profiles.len()))
}

/// `acme-prod [PROTECTED], open: agent demoagent1, rating on, 2 of 3 asked, token 41 weeks left.`
fn describe(model: &Model, profile: &Session, state: &ProfileState) -> String {
    let name = add_badges(profile.name.as_deref().unwrap_or_default(), profile);
    let open = if model.is_open(profile) { ", open" } else { "" };
    let about = profile.demo_about.as_ref().map(|about| format!(" {}", end_sentence(&capitalize(about))));
    let state = end_sentence(&describe_state(model, profile, state));
    format!("{name}{open}: {state}{}", about.unwrap_or_default())
}

fn describe_state(model: &Model, profile: &Session, state: &ProfileState) -> String {
    match state {
        ProfileState::Asked => format!("{}, no answer yet", profile.agent()),
        ProfileState::Failed(failure) => format!("{}. {}", profile.agent(), failure.reason),
        ProfileState::Read(settings, identity) => {
            let agent = identity.agent.as_deref().or(profile.identity.agent.as_deref());
            let left = identity.time_left(model.now.local.timestamp().as_second());
            let left = left.map(|left| format!(", token {left}")).unwrap_or_default();
            let (switches, asked) = (settings.switches.describe_switches(), &settings.asked);
            format!("agent {}, {switches}, {asked} asked{left}", agent.unwrap_or("unknown"))
        }
    }
}
