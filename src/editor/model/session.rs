//! Whom the editor talks to, and whom it could.

use crate::api::credentials::Token;
use crate::profile::Profile;
use crate::profile::identity::Identity;
use crate::words::{Audience, CallContext};

/// Whom the header names: everything that keeps a person from changing the wrong agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The profile's name.
    pub name: Option<String>,
    /// The host, and the token's source.
    pub context: CallContext,
    /// What the token says of itself.
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
        Self {
            name: profile.name.clone(),
            context: CallContext::new(profile, Audience::Editor),
            identity: profile.identity.clone(),
            is_demo: profile.is_demo,
            is_protected: profile.is_protected,
            read_only: profile.is_read_only.then_some(ReadOnly::Asked),
        }
    }
}

/// Whom to connect to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// The embedded demo.
    Demo,
    /// Whoever this token belongs to.
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
