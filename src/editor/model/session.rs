//! The agent that the editor is connected to, and the agents that it could open.

use std::borrow::Cow;

use crate::agents::{Identity, Profile, ProfileOutline, ReadableSource, TokenSource};
use crate::api::credentials::Token;
use crate::journal::Subject;
use crate::words::{Audience, CallContext};

/// What the header shows about the agent, so that the user does not change the wrong one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The profile's name.
    pub name: Option<String>,
    /// The host, and the token's source.
    pub context: CallContext,
    /// What the token says about itself.
    pub identity: Identity,
    /// The header shows `[PROTECTED]`, and the editor asks before it saves.
    pub is_protected: bool,
    /// The header shows `[READ ONLY]`, and why nothing can be saved.
    pub read_only: Option<ReadOnly>,
    /// The server refused the token, or something that it may not do.
    pub is_token_refused: bool,
    /// What an agent of the demo shows, in one line; `None` for every other agent.
    pub demo_about: Option<String>,
}

/// Why nothing can be saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadOnly {
    /// The user gave `--read-only`, or the profile has `read_only`.
    Asked,
    /// The server said that this token may only read.
    Refused,
}

impl From<&Profile> for Session {
    fn from(profile: &Profile) -> Self {
        Self::from(profile.outline())
    }
}

/// A session before its token is read.
impl From<ProfileOutline> for Session {
    fn from(outline: ProfileOutline) -> Self {
        Self {
            context: CallContext::new(&outline, Audience::Editor),
            name: outline.name,
            identity: outline.identity,
            is_protected: outline.is_protected,
            read_only: outline.is_read_only.then_some(ReadOnly::Asked),
            is_token_refused: false,
            demo_about: outline.demo_about,
        }
    }
}

/// What the editor connects to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// The embedded demo.
    Demo,
    /// The agent that this token belongs to.
    Typed(Token),
    /// The profile of this name.
    Named(String),
}

/// How the editor starts.
#[derive(Clone, Debug)]
pub enum Start {
    /// It asks the user for a token.
    AskToken {
        /// Where the token will go.
        host: String,
    },
    /// It lists the profiles: there are several, and nothing says which one is meant.
    ChooseProfile {
        /// Where a token would go that the user types in place of choosing a profile.
        host: String,
    },
    /// It is connected to this agent.
    Connected(Session),
    /// It connects to the profile of this session's name, which may take a while.
    Opening(Session),
    /// The profile of this session's name could not be opened, for this reason.
    NotOpened(Session, String),
}

impl Session {
    /// True for an agent of the demo: the header shows `[DEMO]`.
    pub(crate) fn is_demo(&self) -> bool {
        self.context.token_source == TokenSource::Demo
    }

    /// What the user has to know of the agent before anything else, as the words that stand beside the profile's name.
    pub(crate) fn badges(&self) -> impl Iterator<Item = &'static str> {
        let badges = [
            (self.is_demo(), "[DEMO]"),
            (self.is_protected, "[PROTECTED]"),
            (self.read_only.is_some(), "[READ ONLY]"),
        ];
        badges.into_iter().filter(|(is_shown, _)| *is_shown).map(|(_, badge)| badge)
    }

    /// True where the profile's token can be read again from a place that may hold another one by now. A variable that belongs
    /// to no profile stays as it is in a run. A helper program may ask the user for something, so it runs again only where the
    /// server refused its token.
    pub(crate) fn can_reread_token(&self) -> bool {
        let is_readable = matches!(self.context.token_source, TokenSource::Readable(_));
        self.name.is_some() && is_readable && (self.is_token_refused || !self.has_helper())
    }

    /// True where a helper program gives the token. It may ask the user for something.
    pub(crate) fn has_helper(&self) -> bool {
        matches!(self.context.token_source, TokenSource::Readable(ReadableSource::Command(_)))
    }

    /// The profile, the agent and the host, as the history names them.
    pub(crate) fn subject(&self) -> Subject {
        let (profile, agent) = (self.name.clone(), self.identity.agent.clone());
        Subject { profile, agent, host: self.context.base_url.host() }
    }

    /// `acme (agent demoagent1)`: the agent as a sentence names it.
    pub fn target(&self) -> String {
        let name = self.name.as_deref().unwrap_or("no profile");
        let demo = if self.is_demo() { " [DEMO]" } else { "" };
        format!("{name}{demo} ({})", self.agent())
    }

    /// The profile's name, or the agent where there is no profile: what a narrow line has room for.
    pub(crate) fn short_target(&self) -> String {
        self.name.clone().unwrap_or_else(|| self.agent())
    }

    /// The same without the word `agent`, for a line that is drawn at each edit.
    pub(crate) fn shortest_target(&self) -> String {
        let target = self.name.as_ref().or(self.identity.agent.as_ref());
        target.cloned().unwrap_or_else(|| self.agent())
    }

    /// The profile's name and the agent, as a search looks for them.
    pub(super) fn searchable_name(&self) -> Cow<'_, str> {
        let name = self.name.as_deref().unwrap_or_default();
        match &self.identity.agent {
            Some(agent) => format!("{name} {agent}").into(),
            None => name.into(),
        }
    }

    /// What this agent of the demo shows: `busy: someone else changes a question before you save`.
    pub(crate) fn describe_demo(&self) -> Option<String> {
        let name = self.name.as_deref().unwrap_or_default();
        self.demo_about.as_ref().map(|about| format!("{name}: {about}"))
    }

    /// `agent demoagent1`, or `agent unknown`.
    pub fn agent(&self) -> String {
        format!("agent {}", self.identity.agent.as_deref().unwrap_or("unknown"))
    }
}
