//! Who reads a text, and what a text has to know besides the failure.

use crate::agents::TokenSource;
use crate::api::credentials::BaseUrl;

/// What the words for a failed call need to know besides the failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallContext {
    /// Where the call went.
    pub base_url: BaseUrl,
    /// Where the token came from.
    pub token_source: TokenSource,
    /// Who reads the words.
    pub audience: Audience,
}

impl CallContext {
    /// The context of calls to this address, with a token from this source.
    pub fn new(base_url: &BaseUrl, token_source: &TokenSource, audience: Audience) -> Self {
        Self { base_url: base_url.clone(), token_source: token_source.clone(), audience }
    }
}

/// Who reads a text. What there is and what can be done next differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// A user of the editor, with a draft and keys.
    Editor,
    /// A user of a shell, with commands.
    Shell,
}

impl Audience {
    /// What has become of the edits, behind a space; empty where there are none.
    pub(super) fn kept(self) -> &'static str {
        match self {
            Self::Editor => " Your changes are still here.",
            Self::Shell => "",
        }
    }

    /// How to read again.
    pub(super) fn reread(self) -> &'static str {
        match self {
            Self::Editor => "Press r",
            Self::Shell => "Run convrating get",
        }
    }
}
