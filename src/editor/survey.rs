//! Asks every profile for its state, a few at a time.

use std::ops::ControlFlow;

use super::model::ProfileState;
use crate::agents::{AgentOptions, Agents, AnswerOrder, Connection, ProfileError, side_by_side};
use crate::words::name_in_list;

/// Asks each of `profiles` once, and hands each state to `tell` as it comes, with the place of its profile in the list.
pub(super) async fn survey(
    agents: Agents,
    profiles: Vec<AgentOptions>,
    mut tell: impl FnMut(usize, ProfileState),
) {
    let jobs = profiles.into_iter().enumerate().map(|(index, options)| {
        let agents = agents.clone();
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
