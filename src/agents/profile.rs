//! A profile with its token, and what is known of a profile without it.

use super::config::ProfileEntry;
use super::identity::Identity;
use super::options::AgentOptions;
use super::source::{ReadableSource, TokenSource};
use crate::api::credentials::{BaseUrl, Token};
use crate::visible::excerpt;

/// A token, where it may go, and what the editor's header and every command say about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The name of the profile or of the demo's agent; `None` for a token that belongs to no profile.
    pub name: Option<String>,
    /// Where its requests go, and nowhere else.
    pub base_url: BaseUrl,
    /// The secret.
    pub token: Token,
    /// Where the token came from.
    pub source: TokenSource,
    /// What the token says about itself.
    pub identity: Identity,
    /// The user or the profile asked that nothing is written.
    pub is_read_only: bool,
    /// Saving asks the user first.
    pub is_protected: bool,
    /// What the demo says about the agent; `None` for every other agent.
    pub demo: Option<DemoFacts>,
}

/// What the demo says about one of its agents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoFacts {
    /// What the agent shows, in one line.
    pub about: String,
    /// The token that the user gets in place of the first one, whatever the user types.
    pub renewed_token: Token,
}

/// What is known of a profile before its token is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileOutline {
    /// As in [`Profile`].
    pub name: Option<String>,
    /// As in [`Profile`].
    pub base_url: BaseUrl,
    /// Where the token comes from.
    pub source: TokenSource,
    /// The agent that the profile is for, where the profile says so.
    pub identity: Identity,
    /// As in [`Profile`].
    pub is_read_only: bool,
    /// As in [`Profile`].
    pub is_protected: bool,
    /// What an agent of the demo shows, in one line; `None` for every other agent.
    pub demo_about: Option<String>,
}

impl Profile {
    /// A profile for a token that belongs to none.
    pub fn unnamed(base_url: BaseUrl, token: Token, source: TokenSource) -> Self {
        let identity = Identity::from_token(&token);
        let (is_read_only, is_protected) = (false, false);
        Self { name: None, base_url, token, source, identity, is_read_only, is_protected, demo: None }
    }

    /// True if the demo server is behind it.
    pub fn is_demo(&self) -> bool {
        self.source == TokenSource::Demo
    }

    /// Where its requests go, as the user reads it.
    pub fn host(&self) -> String {
        self.source.name_host(&self.base_url)
    }

    /// The same agent of the demo with its new token; `None` for every other agent.
    pub(crate) fn renewed_in_demo(&self) -> Option<Self> {
        let token = self.demo.as_ref()?.renewed_token.clone();
        Some(Self { identity: Identity::from_token(&token), token, ..self.clone() })
    }

    /// What the user does so that a new token counts in place of this one. `None` where no source is left to change: in
    /// the demo, and for a token that the user typed.
    pub fn renewal(&self) -> Option<String> {
        let TokenSource::Readable(source) = &self.source else { return None };
        Some(match (source, &self.name) {
            (source, None) => format!("set {source}"),
            (ReadableSource::Stored | ReadableSource::File(_), Some(name)) => {
                format!("convrating login {name}")
            }
            (ReadableSource::Variable(_) | ReadableSource::Command(_), Some(name)) => {
                format!("put it where {source} takes it from, or run convrating login {name}")
            }
        })
    }

    /// The same, used as `options` say.
    pub(crate) fn used_by(&self, options: &AgentOptions) -> Self {
        let ProfileOutline { is_read_only, .. } = self.outline().used_by(options);
        Self { is_read_only, ..self.clone() }
    }

    /// The same without the token.
    pub(crate) fn outline(&self) -> ProfileOutline {
        ProfileOutline {
            name: self.name.clone(),
            base_url: self.base_url.clone(),
            source: self.source.clone(),
            identity: self.identity.clone(),
            is_read_only: self.is_read_only,
            is_protected: self.is_protected,
            demo_about: self.demo.as_ref().map(|demo| demo.about.clone()),
        }
    }
}

impl ProfileOutline {
    /// A token that belongs to no profile, and what `options` say about its use.
    pub(super) fn unnamed(base_url: BaseUrl, source: TokenSource, options: &AgentOptions) -> Self {
        let (identity, is_read_only, is_protected) = (Identity::default(), false, false);
        let outline =
            Self { name: None, base_url, source, identity, is_read_only, is_protected, demo_about: None };
        outline.used_by(options)
    }

    /// The same, used as `options` say: this is where `--read-only` counts.
    pub(super) fn used_by(self, options: &AgentOptions) -> Self {
        Self { is_read_only: self.is_read_only || options.is_read_only, ..self }
    }

    /// The profile with this token.
    pub(super) fn with_token(self, token: Token) -> Profile {
        let Self { name, base_url, source, is_read_only, is_protected, .. } = self;
        Profile { name, is_read_only, is_protected, ..Profile::unnamed(base_url, token, source) }
    }

    /// What the configuration file says about a profile, and `options` about its use.
    pub(super) fn from_entry(entry: &ProfileEntry, options: &AgentOptions) -> Self {
        let agent = entry.scenario_id.as_deref().map(|agent| excerpt(agent, 60));
        Self {
            name: Some(entry.name.clone()),
            base_url: entry.base_url.clone(),
            source: entry.token_source(),
            identity: Identity { agent, expires: None },
            is_read_only: entry.is_read_only,
            is_protected: entry.is_protected,
            demo_about: None,
        }
        .used_by(options)
    }

    /// True if the demo server is behind it.
    pub fn is_demo(&self) -> bool {
        self.source == TokenSource::Demo
    }

    /// Where its requests go, as the user reads it.
    pub fn host(&self) -> String {
        self.source.name_host(&self.base_url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn renewal(name: Option<&str>, source: TokenSource) -> Option<String> {
        let base_url = BaseUrl::parse(BaseUrl::DEFAULT).unwrap();
        let profile = Profile::unnamed(base_url, Token::new("t").unwrap(), source);
        Profile { name: name.map(str::to_owned), ..profile }.renewal()
    }

    #[test]
    fn the_source_of_a_token_says_how_it_is_renewed_and_not_the_name_of_the_source() {
        let variable = |name: &str| TokenSource::Readable(ReadableSource::Variable(name.to_owned()));
        let there = |place: &str| format!("put it where {place} takes it from, or run convrating login a");
        let command = ReadableSource::Command(vec!["/usr/bin/pass".to_owned()]);
        let cases = [
            (Some("a"), variable("T"), Some(there("T"))),
            // `convrating login` would put another source in place of these variables.
            (Some("a"), variable("file"), Some(there("file"))),
            (Some("a"), variable("login"), Some(there("login"))),
            (Some("a"), TokenSource::Readable(command), Some(there("command pass"))),
            (Some("a"), TokenSource::Readable(ReadableSource::Stored), Some("convrating login a".to_owned())),
            (
                Some("a"),
                TokenSource::Readable(ReadableSource::File("t".to_owned())),
                Some("convrating login a".to_owned()),
            ),
            (None, variable("QUICKCHAT_API_TOKEN"), Some("set QUICKCHAT_API_TOKEN".to_owned())),
            (Some("acme"), TokenSource::Demo, None),
            (None, TokenSource::Prompt, None),
            (None, TokenSource::Input, None),
        ];
        for (name, source, expected) in cases {
            assert_eq!(renewal(name, source.clone()), expected, "{source:?}");
        }
    }

    #[test]
    fn only_the_demos_profiles_are_the_demos() {
        for (source, expected) in [(TokenSource::Demo, true), (TokenSource::Prompt, false)] {
            let base_url = BaseUrl::parse(BaseUrl::DEFAULT).unwrap();
            let profile = Profile::unnamed(base_url, Token::new("t").unwrap(), source);
            assert_eq!((profile.is_demo(), profile.outline().is_demo()), (expected, expected));
        }
    }
}
