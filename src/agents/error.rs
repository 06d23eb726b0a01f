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
    /// The token's own text does not name the agent that the profile is for: it may be the token of any agent.
    #[error(
        "the token of {profile} ({from}) names no agent ({reason}), but the profile is for agent {pinned}; nothing was sent"
    )]
    AgentUnclear {
        /// The profile's name.
        profile: String,
        /// Where the token came from.
        from: ReadableSource,
        /// Why no agent can be read from it.
        reason: &'static str,
        /// The agent of the profile.
        pinned: String,
    },
    /// The token that `login` stored was checked at another address than the profile's.
    #[error(
        "the stored token of {profile} is for {stored}, but the profile's base_url is {own}; nothing was sent"
    )]
    OtherUrl {
        /// The profile's name.
        profile: String,
        /// The address that the token was checked at.
        stored: String,
        /// The profile's address.
        own: String,
    },
    /// `login` was given the token of another agent than the profile is for.
    #[error(
        "{profile} is for agent {pinned}, and this token is {found}; nothing was stored. \
         To use the name for another agent: convrating profiles remove {profile}"
    )]
    PinnedElsewhere {
        /// The profile's name.
        profile: String,
        /// The agent of the profile.
        pinned: String,
        /// What the token is for, in words.
        found: String,
    },
    /// There are several profiles, and nothing says which.
    #[error(
        "nothing says which profile: give one with -p NAME, or convrating profiles default NAME; {}",
        list_names(.known)
    )]
    Several {
        /// The names that there are.
        known: Vec<String>,
    },
    /// Nothing says which token to use.
    #[error("no token: give one with convrating login NAME, or in {TOKEN_VARIABLE}; --demo needs none")]
    NoToken,
}

impl ProfileError {
    /// True where the user has to mend the command line or the configuration file, false where it is the token.
    pub(crate) fn is_usage(&self) -> bool {
        match self {
            Self::Config(_) | Self::Unknown { .. } | Self::OtherHost { .. } | Self::BaseUrl { .. } => true,
            Self::Source(_)
            | Self::Variable(_)
            | Self::Typed(_)
            | Self::OtherAgent { .. }
            | Self::AgentUnclear { .. }
            | Self::OtherUrl { .. }
            | Self::PinnedElsewhere { .. }
            | Self::Several { .. }
            | Self::NoToken => false,
        }
    }

    /// True where the user ended the `token_command` with Ctrl-C.
    pub(crate) fn is_interrupted(&self) -> bool {
        matches!(self, Self::Source(SourceError { fault: SourceFault::Interrupted(_), .. }))
    }

    /// A command that mends it, or what the user has to do; `None` where the message itself says so.
    pub fn mend(&self) -> Option<String> {
        match self {
            Self::Source(error) => Some(error.mend()),
            Self::OtherAgent { profile, from: ReadableSource::Stored, .. }
            | Self::AgentUnclear { profile, from: ReadableSource::Stored, .. }
            | Self::OtherUrl { profile, .. } => Some(format!("convrating login {profile}")),
            Self::OtherAgent { profile, from, .. } | Self::AgentUnclear { profile, from, .. } => Some(
                format!("put its own token where {from} takes it from, or run convrating login {profile}"),
            ),
            Self::Variable(_) => Some(format!("set {TOKEN_VARIABLE} to a token, or unset it")),
            Self::NoToken => Some("convrating login NAME".to_owned()),
            Self::Several { .. } => Some("convrating profiles default NAME".to_owned()),
            Self::Config(_)
            | Self::Unknown { .. }
            | Self::OtherHost { .. }
            | Self::BaseUrl { .. }
            | Self::PinnedElsewhere { .. }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_helper_program_that_the_user_ended_is_an_interruption() {
        let source = |fault| {
            let from = Box::new(ReadableSource::Command(vec!["pass".to_owned()]));
            ProfileError::Source(SourceError { profile: "a".to_owned(), from, may_ask_alone: false, fault })
        };
        assert!(source(SourceFault::Interrupted("pass".to_owned())).is_interrupted());
        assert!(!source(SourceFault::TooLong("pass".to_owned())).is_interrupted());
        assert!(!ProfileError::NoToken.is_interrupted());
    }
}
