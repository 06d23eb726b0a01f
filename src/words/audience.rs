//! Who reads a text, and what a text has to know besides the failure.

use crate::agents::{ProfileOutline, ReadableSource, TokenSource};
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

    /// The token as the subject of a sentence: the user has to know which of their tokens it is.
    pub(super) fn name_token(&self) -> String {
        match (&self.profile, &self.token_source) {
            (Some(name), TokenSource::Readable(ReadableSource::Stored)) => {
                format!("The token stored by `convrating login {name}`")
            }
            (Some(name), TokenSource::Prompt) => format!("The token that you typed for {name}"),
            (Some(name), _) => format!("The token of {name}"),
            (None, TokenSource::Readable(source)) => format!("The token from {source}"),
            (None, TokenSource::Prompt) => "The token that you typed".to_owned(),
            (None, TokenSource::Input | TokenSource::Demo) => "The token".to_owned(),
        }
    }

    /// The same for a reader who has no form before them: the editor asks for a token.
    #[must_use]
    pub(crate) fn without_form(&self) -> Self {
        Self { audience: Audience::Shell, ..self.clone() }
    }

    /// The same for a token that the user has just typed: it is stored nowhere yet.
    #[must_use]
    pub(crate) fn typed(self) -> Self {
        let is_demo = self.token_source == TokenSource::Demo;
        if is_demo { self } else { Self { token_source: TokenSource::Prompt, ..self } }
    }

    /// How to store another token for the profile and read it: `keys` for a screen, `words` for lines, each with `NAME` in it.
    /// Empty where no profile takes one, and in a shell.
    pub(super) fn login(&self, [keys, words]: [&str; 2]) -> String {
        let (Some(name), false) = (&self.profile, self.token_source == TokenSource::Demo) else {
            return String::new();
        };
        let template = match self.audience {
            Audience::Editor => keys,
            Audience::Lines => words,
            Audience::Shell => return String::new(),
        };
        template.replace("NAME", name)
    }

    /// Where another token is to be had.
    pub(super) fn new_token(&self) -> String {
        match (&self.token_source, self.audience, &self.profile) {
            (TokenSource::Demo, Audience::Shell, Some(name)) => {
                format!("In the demo: convrating --demo={name}, then t takes any text as one.")
            }
            (TokenSource::Demo, ..) => "In the demo any text is taken as one.".to_owned(),
            _ => "Make one in the Dashboard under External Apps > API.".to_owned(),
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

    /// What has become of the edits; empty where there are none.
    pub(super) fn kept(self) -> &'static str {
        match self {
            Self::Editor | Self::Lines => "Your changes are still here.",
            Self::Shell => "",
        }
    }

    /// What to do where only another try can help. A user of a shell runs the command again.
    pub(super) fn save_again(self) -> &'static str {
        match self {
            Self::Editor => "s tries again.",
            Self::Lines => "Type save to try again.",
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
