//! The agent that the editor is connected to, and those that it could open.

use crate::agents::{Identity, Profile, ProfileOutline};
use crate::api::credentials::Token;
use crate::words::{Audience, CallContext};

/// What the header says about the agent: everything that keeps the user from changing the wrong one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The profile's name.
    pub name: Option<String>,
    /// The host, and the token's source.
    pub context: CallContext,
    /// What the token says about itself.
    pub identity: Identity,
    /// `[DEMO]`.
    pub is_demo: bool,
    /// `[PROTECTED]`: saving asks first.
    pub is_protected: bool,
    /// `[READ ONLY]`: asked for, or because the server refused a write.
    pub read_only: Option<ReadOnly>,
}

/// Why nothing can be saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadOnly {
    /// `--read-only`, or the profile says so.
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
            context: CallContext::new(&outline.base_url, &outline.source, Audience::Editor),
            is_demo: outline.is_demo(),
            name: outline.name,
            identity: outline.identity,
            is_protected: outline.is_protected,
            read_only: outline.is_read_only.then_some(ReadOnly::Asked),
        }
    }
}

/// What to connect to.
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
    /// It asks for a token.
    AskToken {
        /// Where the token will go.
        host: String,
    },
    /// It lists the profiles: there are several, and nothing says which.
    ChooseProfile {
        /// Where a token would go that the user types in place of choosing a profile.
        host: String,
    },
    /// It is connected.
    Connected(Session),
    /// It connects to the profile of this session's name, which may take a while.
    Opening(Session),
}

impl Session {
    /// `acme (agent ri4k73zpat)`: how a sentence names it.
    pub fn target(&self) -> String {
        let name = self.name.as_deref().unwrap_or("no profile");
        let demo = if self.is_demo { " [DEMO]" } else { "" };
        format!("{name}{demo} ({})", self.agent())
    }

    /// `agent ri4k73zpat`, or `agent unknown`.
    pub fn agent(&self) -> String {
        format!("agent {}", self.identity.agent.as_deref().unwrap_or("unknown"))
    }
}
