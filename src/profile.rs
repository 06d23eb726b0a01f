//! Whom we talk to, with which token.
//!
//! ```text
//! Environment ─► Roster (the configuration file) ─ Wish ─► Choice ─ token source ─► Profile ─► api::Client
//! ```

pub mod config;
pub mod environment;
pub mod identity;
pub mod roster;
pub mod token_source;

use crate::api::credentials::{BaseUrl, Token};
use identity::Identity;

/// One agent's configuration as this machine reaches it: all that the editor's header and every command say of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The profile's name, or the demo agent's; `None` for a token that belongs to no profile.
    pub name: Option<String>,
    /// Where its requests go, and nowhere else.
    pub base_url: BaseUrl,
    /// The secret.
    pub token: Token,
    /// Where the token came from, as it is shown: `file`, `QUICKCHAT_API_TOKEN`, `command pass`, `the demo` …
    pub source: String,
    /// What the token says of itself.
    pub identity: Identity,
    /// The demo server is behind it.
    pub is_demo: bool,
    /// It was asked to never write.
    pub is_read_only: bool,
    /// Saving asks first.
    pub is_protected: bool,
}

impl Profile {
    /// A token that belongs to no profile.
    pub fn unnamed(base_url: BaseUrl, token: Token, source: &str) -> Self {
        Self {
            name: None,
            base_url,
            identity: Identity::of(&token),
            token,
            source: source.to_owned(),
            is_demo: false,
            is_read_only: false,
            is_protected: false,
        }
    }

    /// What to do with a new token so that it counts in place of this one; `None` in the demo, which takes none.
    pub fn renewal(&self) -> Option<String> {
        match (&self.name, self.source.as_str()) {
            _ if self.is_demo => None,
            (Some(name), "login" | "file") => Some(format!("convrating login {name}")),
            (Some(name), source) => {
                Some(format!("put it where {source} takes it from, or run convrating login {name}"))
            }
            (None, source) => Some(format!("set {source}")),
        }
    }
}
