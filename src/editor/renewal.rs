//! Gets another token for the agent that is open, or the first one of a new profile. The old token stays in use until the new
//! one has shown that it is for the same agent, and, where the user typed it, that it works.

use super::message::{NewProfile, Renewal, TypedText};
use super::model::Session;
use crate::agents::{AgentOptions, Agents, Connection, Identity, Profile, parse_scenario_id};
use crate::settings::Settings;
use crate::words::{Call, CallContext, explain};

const NOT_OPEN: &str = "this agent of the demo is not open.";

/// A connection with another token.
#[derive(Debug)]
pub struct Renewed {
    /// The connection.
    pub connection: Connection,
    /// What a token that the user typed has read. The model reads with the others, once it has the terminal back.
    pub read: Option<Settings>,
}

/// Opens the agent of `renewal` with another token than that of `old`, which is `None` where nothing is open. A typed token
/// reads the configuration, and is stored where `login` stored the one before it.
///
/// # Errors
/// Why the old token stays, in a sentence.
pub(super) async fn renew(
    renewal: Renewal,
    old: Option<&Profile>,
    agents: &Agents,
    options: &AgentOptions,
) -> Result<Renewed, String> {
    let connection = open(&renewal, old, agents, options).await?;
    refuse_another(&renewal, old, &connection.profile)?;
    let read = if renewal.typed.is_some() { Some(try_out(&connection, agents).await?) } else { None };
    Ok(Renewed { connection, read })
}

/// Opens the agent of `renewal` with the token that the user typed, or with what its source holds now.
async fn open(
    renewal: &Renewal,
    old: Option<&Profile>,
    agents: &Agents,
    options: &AgentOptions,
) -> Result<Connection, String> {
    let name = renewal.session.name.as_deref();
    let opened = match (&renewal.typed, name) {
        (Some(TypedText::Token(token)), _) => {
            agents.open_with(name, token.clone(), &renewal.session.context.base_url, options).await
        }
        (Some(TypedText::ForDemo), _) => {
            let renewed = old.and_then(Profile::renewed_in_demo);
            return renewed.map(|profile| agents.connect(profile)).ok_or_else(|| NOT_OPEN.to_owned());
        }
        (None, Some(name)) => agents.open(&options.for_profile(name)).await,
        (None, None) => return Err("the token belongs to no profile.".to_owned()),
    };
    opened.map_err(|error| format!("{error}."))
}

/// Tries the token of a new profile, stores the profile as `login` does, and opens it as the next start will.
///
/// # Errors
/// What went wrong, in a sentence that says whether the profile is stored.
pub(super) async fn add_profile(
    new: NewProfile,
    agents: &Agents,
    options: &AgentOptions,
) -> Result<Renewed, String> {
    let settings = try_and_store(&new, agents, options).await;
    let settings = settings.map_err(|reason| format!("Not stored: {reason}"))?;
    let opened = agents.open(&options.for_profile(&new.name)).await;
    let connection = opened.map_err(|error| format!("Stored, but not opened: {error}."))?;
    Ok(Renewed { connection, read: Some(settings) })
}

async fn try_and_store(
    new: &NewProfile,
    agents: &Agents,
    options: &AgentOptions,
) -> Result<Settings, String> {
    let opened = agents.open_new(&new.name, new.token.clone(), options).await;
    let tried = opened.map_err(|error| format!("{error}."))?;
    let context = Session::from(&tried.profile).context;
    let settings = read_once(&tried, &CallContext { profile: Some(new.name.clone()), ..context }).await?;
    agents.store_new(&new.name, &tried.profile).await.map_err(|error| format!("{error}."))?;
    Ok(settings)
}

/// Reads the configuration with a token that the user typed, and stores the token.
async fn try_out(connection: &Connection, agents: &Agents) -> Result<Settings, String> {
    let settings = read_once(connection, &Session::from(&connection.profile).context).await?;
    agents.store(&connection.profile).await.map_err(|error| format!("{error}."))?;
    Ok(settings)
}

/// Reads the configuration with a token that the user typed. It works, or nothing is stored.
async fn read_once(connection: &Connection, context: &CallContext) -> Result<Settings, String> {
    let read = connection.client.read_patiently(|_, _| ()).await;
    read.map_err(|error| explain(&error, Call::Read, &context.without_form().typed()).to_string())
}

/// Refuses a profile that leads to another server by now, and the token of another agent than `old`. With a form, a token in
/// doubt is refused too: the draft is for one agent alone.
fn refuse_another(renewal: &Renewal, old: Option<&Profile>, new: &Profile) -> Result<(), String> {
    let own_url = &renewal.session.context.base_url;
    if *own_url != new.base_url {
        let (host, other) = (own_url.host(), new.base_url.host());
        return Err(format!("the profile leads to {other} now, and this agent is on {host}."));
    }
    let Some(old) = old.filter(|old| old.token != new.token) else { return Ok(()) };
    // The exact texts are compared. What the header shows of them may be cut short.
    match (parse_scenario_id(&old.token), parse_scenario_id(&new.token)) {
        (Ok(own), Ok(other)) if own == other => Ok(()),
        (Err(_), _) if !renewal.has_form => Ok(()),
        (Err(_), Err(_)) => Err("neither token names its agent, so this one may be for another.".to_owned()),
        (_, _) => {
            let (own, other) = (describe(&old.identity), describe(&new.identity));
            Err(format!("the token is for {other}, and this is {own}."))
        }
    }
}

fn describe(identity: &Identity) -> String {
    identity.agent.as_ref().map_or_else(|| "an unknown agent".to_owned(), |agent| format!("agent {agent}"))
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::*;
    use crate::agents::TokenSource;
    use crate::api::credentials::{BaseUrl, Token};

    fn profile(url: &str, claims: &str) -> Profile {
        let token = format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(claims));
        let (base_url, token) = (BaseUrl::parse(url).unwrap(), Token::new(&token).unwrap());
        Profile::unnamed(base_url, token, TokenSource::Prompt)
    }

    /// True where the token of `new` may take the place of the token of `old`.
    fn is_taken(old: &Profile, new: &Profile, has_form: bool) -> bool {
        let renewal = Renewal { session: Session::from(old), typed: None, has_form };
        refuse_another(&renewal, Some(old), new).is_ok()
    }

    #[test]
    fn only_a_token_of_the_same_agent_at_the_same_address_is_taken() {
        const HERE: &str = "https://a.example/x";
        let id = |id: &str| format!("{{\"scenario_id\":{id}}}");
        let long = |end: char| id(&format!("\"{}{end}\"", "a".repeat(60)));
        let (mine, unclear) = (id("\"mine\""), id("7"));
        // The claims of the old and the new token; taken with a form, and without one.
        let cases = [
            (mine.clone(), format!("{{\"exp\":9,{}", &mine[1..]), true, true),
            (mine.clone(), id("\"other\""), false, false),
            // The header shows the same text for both.
            (long('1'), long('2'), false, false),
            (id("\"\\u001b\""), id("\"^[\""), false, false),
            (mine.clone(), unclear.clone(), false, false),
            (unclear.clone(), mine.clone(), false, true),
            (unclear.clone(), id("8"), false, true),
            (unclear.clone(), unclear, true, true),
        ];
        for (old, new, with_form, without_form) in cases {
            let (old, new) = (profile(HERE, &old), profile(HERE, &new));
            assert_eq!(is_taken(&old, &new, true), with_form, "{:?} {:?}", old.identity, new.identity);
            assert_eq!(is_taken(&old, &new, false), without_form, "{:?} {:?}", old.identity, new.identity);
        }
        for other in ["https://b.example/x", "https://a.example/y", "http://127.0.0.1:1/x"] {
            assert!(!is_taken(&profile(HERE, &mine), &profile(other, &mine), true), "{other}");
        }
    }
}
