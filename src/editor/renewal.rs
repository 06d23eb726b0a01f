//! Gets another token for the agent that is open, and reads the configuration with it. The old token stays in use until the
//! new one has shown that it works for the same agent.

use super::message::Renewal;
use super::model::Session;
use crate::agents::{AgentOptions, Agents, Connection, Identity};
use crate::save::CallError;
use crate::settings::Settings;
use crate::words::{Call, explain};

/// A connection with another token, and what the first read over it gave.
#[derive(Debug)]
pub struct Renewed {
    /// The connection.
    pub connection: Connection,
    /// What its first read gave. A token that the user typed has read the configuration.
    pub read: Result<Settings, CallError>,
}

/// Opens the agent of `renewal` with another token. A typed token is stored where `login` stored the one before it.
///
/// # Errors
/// Why the old token stays, in a sentence.
pub(super) async fn renew(
    renewal: Renewal,
    agents: &Agents,
    options: &AgentOptions,
    retrying: impl FnMut(usize, &CallError),
) -> Result<Renewed, String> {
    let name = renewal.session.name.as_deref();
    let opened = match (&renewal.typed, name) {
        (Some(token), _) => {
            agents.open_with(name, token.clone(), &renewal.session.context.base_url, options).await
        }
        (None, Some(name)) => agents.open(&options.for_profile(name)).await,
        (None, None) => return Err("the token belongs to no profile.".to_owned()),
    };
    let connection = opened.map_err(|error| format!("{error}."))?;
    refuse_another(&renewal, &connection)?;
    let read = connection.client.read_patiently(retrying).await;
    if renewal.typed.is_some() {
        let session = Session::from(&connection.profile);
        read.as_ref().map_err(|error| explain(error, Call::Read, &session.context.without_form()))?;
        agents.store(&connection.profile).await.map_err(|error| format!("{error}."))?;
    }
    Ok(Renewed { connection, read })
}

/// Refuses the token of another agent than the draft's, and a profile that leads to another server by now.
fn refuse_another(renewal: &Renewal, connection: &Connection) -> Result<(), String> {
    let (old, new) = (&renewal.session, &connection.profile);
    if old.context.base_url != new.base_url {
        let (host, other) = (old.context.base_url.host(), new.base_url.host());
        return Err(format!("the profile leads to {other} now, and this agent is on {host}."));
    }
    let is_known = renewal.has_form || old.identity.agent.is_some();
    if is_known && old.identity.agent != new.identity.agent {
        let (own, other) = (describe(&old.identity), describe(&new.identity));
        return Err(format!("the token is for {other}, and this is {own}."));
    }
    Ok(())
}

fn describe(identity: &Identity) -> String {
    identity.agent.as_ref().map_or_else(|| "an unknown agent".to_owned(), |agent| format!("agent {agent}"))
}
