//! Asks every profile for its state, a few at a time.

use std::ops::ControlFlow;

use super::model::{ProfileState, Session};
use crate::agents::{AgentOptions, Agents, AnswerOrder, Connection, ProfileError, side_by_side};
use crate::words::name_in_list;

/// Asks each profile of `listed` once, and hands each state to `tell` as it comes, with the place of its profile in the
/// list.
pub(super) async fn survey(
    agents: Agents,
    options: AgentOptions,
    listed: Vec<Session>,
    mut tell: impl FnMut(usize, ProfileState),
) {
    let names = listed.into_iter().map(|session| session.name);
    let jobs = names.enumerate().map(|(index, name)| {
        let (agents, options) = (agents.clone(), options.for_profile(&name.unwrap_or_default()));
        async move { (index, ask(agents.open(&options).await).await) }
    });
    side_by_side(jobs, AnswerOrder::AsTheyCome, |(index, state)| {
        tell(index, state);
        ControlFlow::Continue(())
    })
    .await;
}

async fn ask(opened: Result<Connection, ProfileError>) -> ProfileState {
    let Connection { profile, client } = match opened {
        Ok(connection) => connection,
        Err(error) => return ProfileState::Failed(format!("{error}.")),
    };
    match client.read(1).await {
        Ok(settings) => ProfileState::Read(Box::new(settings), profile.identity),
        Err(error) => ProfileState::Failed(name_in_list(&error)),
    }
}
