//! Asks the server of each profile for its state, a few at a time.

use std::ops::ControlFlow;

use super::model::ProfileState;
use crate::agents::{AgentOptions, Agents, AnswerOrder, Connection, ProfileError, side_by_side};
use crate::words::name_in_list;

/// Asks for each profile once. Calls `tell` for each answer, in the order of arrival, with the place of the profile in the
/// list.
pub(super) async fn survey(agents: Agents, options: AgentOptions, mut tell: impl FnMut(usize, ProfileState)) {
    let names = agents.known().outlines(&options).into_iter().map(|outline| outline.name);
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
    let Connection { profile, client, .. } = match opened {
        Ok(connection) => connection,
        Err(error) => return ProfileState::Failed(format!("{error}.")),
    };
    match client.read(1).await {
        Ok(settings) => ProfileState::Read(Box::new(settings), profile.identity),
        Err(error) => ProfileState::Failed(name_in_list(&error)),
    }
}
