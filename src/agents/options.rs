//! What a caller asks for.

use crate::api::credentials::Token;

/// What the command line, or the user in the editor, says about the agent to open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgentOptions {
    /// Which token.
    pub choice: TokenChoice,
    /// `--base-url`, as the user typed it.
    pub base_url: Option<String>,
    /// `--read-only`.
    pub is_read_only: bool,
    /// Where a `token_command` runs.
    pub helper_place: HelperPlace,
}

/// Where a `token_command` runs: whether it may ask the user for something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HelperPlace {
    /// In the background, for ten seconds at most: it is one of several, and cannot ask.
    #[default]
    Background,
    /// In the foreground of the terminal, for as long as it likes: it is the only one. The caller neither reads the terminal
    /// nor writes to it meanwhile. Where this program has no terminal, or is a background job itself, the helper runs in the
    /// background.
    Foreground,
}

/// Which token a caller asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum TokenChoice {
    /// The one that the order of precedence names.
    #[default]
    Preferred,
    /// The token of the profile of this name.
    Profile(String),
    /// This one. It belongs to no profile.
    Typed(Token),
}

impl AgentOptions {
    /// The name of the profile that the caller asks for.
    pub(crate) fn profile_name(&self) -> Option<&str> {
        match &self.choice {
            TokenChoice::Profile(name) => Some(name),
            TokenChoice::Preferred | TokenChoice::Typed(_) => None,
        }
    }

    /// The same options for the profile of this name.
    #[must_use]
    pub fn for_profile(&self, name: &str) -> Self {
        Self { choice: TokenChoice::Profile(name.to_owned()), ..self.clone() }
    }
}
