//! Who reads a text, and what a text has to know besides the failure.

use crate::agents::{ProfileOutline, TokenSource};
use crate::api::credentials::BaseUrl;

/// What the words for a failed call need to know besides the failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallContext {
    /// The name of the profile; `None` for a token that belongs to none.
    pub profile: Option<String>,
    /// Where the call went.
    pub base_url: BaseUrl,
    /// Where the token came from.
    pub token_source: TokenSource,
    /// Who reads the words.
    pub audience: Audience,
}

impl CallContext {
    /// The context of calls with the token of this profile.
    pub fn new(profile: &ProfileOutline, audience: Audience) -> Self {
        Self {
            profile: profile.name.clone(),
            base_url: profile.base_url.clone(),
            token_source: profile.source.clone(),
            audience,
        }
    }

    /// Where the call went, as the user reads it.
    pub fn host(&self) -> String {
        self.token_source.name_host(&self.base_url)
    }

    /// ` of acme-prod`; empty for a token that belongs to no profile.
    pub(super) fn whose_token(&self) -> String {
        self.profile.as_ref().map(|name| format!(" of {name}")).unwrap_or_default()
    }

    /// Where a token that belongs to no profile came from, behind a space; empty for the others.
    pub(super) fn origin(&self) -> String {
        let source = || format!(" It came from {}.", self.token_source);
        self.profile.is_none().then(source).unwrap_or_default()
    }

    /// The same for a reader who has no form before them: the editor asks for a token.
    #[must_use]
    pub(crate) fn without_form(&self) -> Self {
        Self { audience: Audience::Shell, ..self.clone() }
    }

    /// Another way to a token, behind a space: the command that stores one for the profile and the key that reads it, or how the
    /// demo takes one. Empty where there is no profile.
    pub(super) fn other_way(&self) -> String {
        let Some(name) = &self.profile else { return String::new() };
        match (self.audience, &self.token_source) {
            (Audience::Editor | Audience::Lines, TokenSource::Demo) => {
                " In the demo any text is taken as one.".to_owned()
            }
            (Audience::Shell, TokenSource::Demo) => {
                format!(" In the demo: convrating --demo={name}, then t takes any text as one.")
            }
            (Audience::Editor, _) => format!(" Or run convrating login {name}, then press r."),
            (Audience::Lines, _) => format!(" Or run convrating login {name}, then type read."),
            (Audience::Shell, _) => String::new(),
        }
    }
}

/// Who reads a text. What there is and what can be done next differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// A user of the editor on a screen, with a draft and keys.
    Editor,
    /// A user of the editor line by line, with a draft and words to type.
    Lines,
    /// A user of a shell, with commands.
    Shell,
}

impl Audience {
    /// A text of the editor: `keys` names the keys of the screen, `words` the words that are typed line by line.
    pub(crate) fn choose(self, keys: &'static str, words: &'static str) -> &'static str {
        if self == Self::Lines { words } else { keys }
    }

    /// What has become of the edits, behind a space; empty where there are none.
    pub(super) fn kept(self) -> &'static str {
        match self {
            Self::Editor | Self::Lines => " Your changes are still here.",
            Self::Shell => "",
        }
    }

    /// What the user presses or types to end a wait.
    pub(crate) fn stop(self) -> &'static str {
        match self {
            Self::Editor => "Esc stops",
            Self::Lines => "type stop to give up",
            Self::Shell => "Ctrl-C stops",
        }
    }

    /// What to do where the outcome of a save is unknown.
    pub(crate) fn find_out(self) -> &'static str {
        match self {
            Self::Editor => "r finds out.",
            Self::Lines => "Type read to find out.",
            Self::Shell => "Run convrating get before trying again.",
        }
    }
}
