//! Why an agent cannot be opened.

use super::config::ConfigError;
use super::environment::TOKEN_VARIABLE;
use super::fault::{SourceError, SourceFault};
use super::source::ReadableSource;
use crate::api::credentials::{BaseUrlError, TokenError};

/// Why an agent cannot be opened. Nothing was sent.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// The configuration file cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// No profile has this name.
    #[error("there is no profile \"{name}\"; {}", list_names(.known))]
    Unknown {
        /// The name that the caller asked for, made visible.
        name: String,
        /// The names that there are.
        known: Vec<String>,
    },
    /// `--base-url` would send a profile's token to another host.
    #[error(
        "the token of {profile} is for {own} and is not sent to {other}; --base-url does not go with this profile"
    )]
    OtherHost {
        /// The profile's name.
        profile: String,
        /// The host that its token is for.
        own: String,
        /// The host of `--base-url`.
        other: String,
    },
    /// An address that cannot be used.
    #[error("{origin}: {fault}")]
    BaseUrl {
        /// `--base-url`, or the name of the variable.
        origin: &'static str,
        /// What is wrong with it.
        fault: BaseUrlError,
    },
    /// The profile's source gives no token.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The variable holds a text that is no token.
    #[error("{TOKEN_VARIABLE}: {0}")]
    Variable(TokenError),
    /// What the user typed or piped in is no token.
    #[error("{0}")]
    Typed(TokenError),
    /// The token belongs to another agent than the profile is for.
    #[error(
        "the token of {profile} ({from}) is for agent {found}, but the profile is for agent {pinned}; nothing was sent"
    )]
    OtherAgent {
        /// The profile's name.
        profile: String,
        /// Where the token came from.
        from: ReadableSource,
        /// The agent in the token.
        found: String,
        /// The agent of the profile.
        pinned: String,
    },
    /// Nothing says which token to use.
    #[error("no token: give one with convrating login NAME, or in {TOKEN_VARIABLE}; --demo needs none")]
    NoToken,
}

impl ProfileError {
    /// True where the user has to mend the command line or the configuration file, false where it is the token.
    pub fn is_usage(&self) -> bool {
        match self {
            Self::Config(_) | Self::Unknown { .. } | Self::OtherHost { .. } | Self::BaseUrl { .. } => true,
            Self::Source(_)
            | Self::Variable(_)
            | Self::Typed(_)
            | Self::OtherAgent { .. }
            | Self::NoToken => false,
        }
    }

    /// True where the user ended the `token_command` with Ctrl-C.
    pub fn is_interrupted(&self) -> bool {
        matches!(self, Self::Source(SourceError { fault: SourceFault::Interrupted(_), .. }))
    }

    /// A command that mends it, or what the user has to do; `None` where the message itself says so.
    pub fn mend(&self) -> Option<String> {
        match self {
            Self::Source(error) => Some(error.mend()),
            Self::OtherAgent { profile, from: ReadableSource::Stored, .. } => {
                Some(format!("convrating login {profile}"))
            }
            Self::OtherAgent { profile, from, .. } => Some(format!(
                "put its own token where {from} takes it from, or run convrating login {profile}"
            )),
            Self::Variable(_) => Some(format!("set {TOKEN_VARIABLE} to a token, or unset it")),
            Self::NoToken => Some("convrating login NAME".to_owned()),
            Self::Config(_)
            | Self::Unknown { .. }
            | Self::OtherHost { .. }
            | Self::BaseUrl { .. }
            | Self::Typed(_) => None,
        }
    }
}

fn list_names(known: &[String]) -> String {
    const MOST: usize = 20;
    match known.len() {
        0 => "there are none yet (convrating login NAME makes one)".to_owned(),
        1 => format!("there is: {}", known[0]),
        2..=MOST => format!("there are: {}", known.join(", ")),
        more => format!("there are: {}, and {} more", known[..MOST].join(", "), more - MOST),
    }
}
