//! The demo's agents, as profiles that every command can open.

use crate::agents::{DemoFacts, Profile, ProfileError, TokenSource};
use crate::api::credentials::{BaseUrl, Token};
use crate::cli::DemoAgent;
use crate::commands::Failure;
use crate::demo::{Agent, Demo};
use crate::visible::excerpt;

/// The demo's agents as profiles. The agent that the user asked for comes first.
pub(super) fn demo_profiles(demo: &Demo, asked: &DemoAgent) -> Result<Vec<Profile>, Failure> {
    let base_url =
        BaseUrl::parse(&demo.url()).map_err(|fault| ProfileError::BaseUrl { origin: "the demo", fault })?;
    let profile = |agent: &Agent| {
        let unnamed = Profile::unnamed(base_url.clone(), parse_token(agent.token())?, TokenSource::Demo);
        let (about, renewed_token) = (agent.description().to_owned(), parse_token(agent.renewed_token())?);
        let demo = Some(DemoFacts { about, renewed_token });
        Ok(Profile { name: Some(agent.name().to_owned()), demo, ..unnamed })
    };
    let mut profiles = demo.agents().iter().map(profile).collect::<Result<Vec<_>, Failure>>()?;
    if let DemoAgent::Named(name) = asked {
        let known: Vec<_> = demo.agents().iter().map(|agent| agent.name().to_owned()).collect();
        let Some(place) = known.iter().position(|agent| agent == name) else {
            return Err(Failure::DemoAgent { name: excerpt(name, 60), known });
        };
        profiles[..=place].rotate_right(1);
    }
    Ok(profiles)
}

fn parse_token(text: &str) -> Result<Token, Failure> {
    Ok(Token::new(text).map_err(ProfileError::Typed)?)
}
