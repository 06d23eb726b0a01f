//! Asks the server of each profile for its state, a few at a time.

use std::ops::ControlFlow;
use std::sync::Arc;

use super::model::{ProfileState, SurveyFailure};
use crate::agents::{
    AgentOptions, Agents, AnswerOrder, Connection, HelperPlace, MAY_ASK, ProfileError, ProfileOutline,
    side_by_side,
};
use crate::save::{CallError, CallErrorKind};
use crate::words::{Audience, Call, CallContext, explain, name_in_list};

/// Asks for each profile of `listed` once, as `agents` know it. Calls `tell` for each answer, in the order of arrival, with the
/// place of the profile in the list.
///
/// The profile of `open` is asked over that connection: its helper program does not run again. The helper programs of the
/// others run in the background, where none of them can ask the user for something.
pub(super) async fn survey(
    agents: Agents,
    options: AgentOptions,
    listed: Vec<ProfileOutline>,
    open: Option<Arc<Connection>>,
    mut tell: impl FnMut(usize, ProfileState),
) {
    let options = AgentOptions { helper_place: HelperPlace::Background, ..options };
    let jobs = listed.into_iter().enumerate().map(|(index, outline)| {
        let open = open.clone().filter(|open| is_same_profile(open, &outline));
        let (agents, options) = (agents.clone(), options.for_profile(&outline.name.unwrap_or_default()));
        async move {
            match open {
                Some(connection) => (index, ask(&connection).await),
                None => (index, open_and_ask(agents.open_as_known(&options).await).await),
            }
        }
    });
    side_by_side(jobs, AnswerOrder::AsTheyCome, |(index, state)| {
        tell(index, state);
        ControlFlow::Continue(())
    })
    .await;
}

/// True if `open` leads to the profile of the list: a token without a profile does not. A profile that the file pins to
/// another agent by now is opened again, which refuses its token.
fn is_same_profile(open: &Connection, outline: &ProfileOutline) -> bool {
    let (profile, pin) = (&open.profile, &outline.identity.agent);
    profile.name.is_some()
        && (pin.is_none() || *pin == profile.identity.agent)
        && (&profile.name, &profile.base_url, &profile.source)
            == (&outline.name, &outline.base_url, &outline.source)
}

async fn open_and_ask(opened: Result<Connection, ProfileError>) -> ProfileState {
    match opened {
        Ok(connection) => ask(&connection).await,
        Err(error) => {
            let may_ask = matches!(&error, ProfileError::Source(source) if source.may_ask_alone);
            let short = match is_about_token(&error) {
                _ if may_ask => MAY_ASK,
                true => "no token",
                false => "not opened",
            };
            ProfileState::Failed(SurveyFailure {
                short: short.to_owned(),
                reason: format!("{error}."),
                is_about_token: is_about_token(&error) && !may_ask,
            })
        }
    }
}

/// True where there is no token, or none that can be used.
fn is_about_token(error: &ProfileError) -> bool {
    matches!(error, ProfileError::Source(_) | ProfileError::Variable(_) | ProfileError::NoToken)
}

/// What happened and what to do. No key of the editor takes a token for a profile that is not open, so none is named.
fn explain_in_list(error: &CallError, connection: &Connection) -> String {
    let context = CallContext::new(&connection.profile.outline(), Audience::Shell);
    explain(error, Call::Read, &context).to_string()
}

async fn ask(connection: &Connection) -> ProfileState {
    match connection.client.read(1).await {
        Ok(settings) => ProfileState::Read(settings.into(), connection.profile.identity.clone()),
        Err(error) => ProfileState::Failed(SurveyFailure {
            short: name_in_list(&error),
            reason: explain_in_list(&error, connection),
            is_about_token: error.kind() == CallErrorKind::TokenRefused,
        }),
    }
}
