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
    pub fn profile_name(&self) -> Option<&str> {
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
