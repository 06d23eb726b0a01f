//! Where requests go and with which secret.

use std::fmt;
use std::net::IpAddr;

use url::{Host, Url};

use super::token_shape::{find_token, refuse_encoding};
use crate::visible::{note_token, visible};

pub use super::token_shape::TokenError;

/// The secret of one agent. It has no `Display`, its `Debug` is redacted, and it is unwrapped only where the
/// `Authorization` header is built and where its public part is decoded.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// Takes the text of a token. White space around it and `Bearer ` in front of it are taken off. From now on no text that
    /// is made visible shows this token.
    ///
    /// # Errors
    /// When nothing is left, when something stands around the token that does not belong to it, or something in it that is
    /// not visible ASCII.
    pub fn new(text: &str) -> Result<Self, TokenError> {
        let token = find_token(text)?;
        note_token(token);
        Ok(Self(token.to_owned()))
    }

    /// The same for the bytes of a file, a variable or a pipe.
    ///
    /// # Errors
    /// As [`Token::new`], and where the bytes are another encoding than ASCII.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, TokenError> {
        refuse_encoding(bytes)?;
        Self::new(&String::from_utf8_lossy(bytes))
    }

    /// The secret itself.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(redacted)")
    }
}

/// Where the API is: `https`, or `http` on this machine alone. No user, query or fragment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl(Url);

/// Why a text is no base URL. Each says what to write instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BaseUrlError {
    /// No URL, or one without a host.
    #[error("the base URL \"{0}\" is not a URL such as https://app.quickchat.ai")]
    Invalid(String),
    /// The token would cross the network in the clear.
    #[error("the base URL \"{0}\" is not https; http is for this machine alone (127.0.0.1, ::1, localhost)")]
    NotHttps(String),
    /// A user, a password, a query or a fragment.
    #[error("the base URL of {0} has a user, a query or a fragment; it takes none")]
    Extra(String),
}

impl BaseUrl {
    /// Quickchat's own address.
    pub const DEFAULT: &str = "https://app.quickchat.ai";

    /// Reads a base URL. A path before the API's own is kept, a slash at the end is not needed.
    ///
    /// # Errors
    /// A [`BaseUrlError`] that repeats the text made visible, without what may be secret in it.
    pub fn parse(text: &str) -> Result<Self, BaseUrlError> {
        let shown = || visible(text.split(['?', '#']).next().unwrap_or_default()).into_owned();
        let url = Url::parse(text.trim()).map_err(|_| BaseUrlError::Invalid(shown()))?;
        let host = url.host_str().map(str::to_owned).ok_or_else(|| BaseUrlError::Invalid(shown()))?;
        let has_user = !url.username().is_empty() || url.password().is_some();
        if has_user || url.query().is_some() || url.fragment().is_some() {
            return Err(BaseUrlError::Extra(visible(&host).into_owned()));
        }
        let base = Self(url);
        match base.0.scheme() {
            "https" => Ok(base),
            "http" if base.is_loopback() => Ok(base),
            _ => Err(BaseUrlError::NotHttps(shown())),
        }
    }

    /// The host, with the port where it is not the scheme's own: what the header shows.
    pub fn host(&self) -> String {
        let host = visible(self.0.host_str().unwrap_or_default()).into_owned();
        self.0.port().map_or_else(|| host.clone(), |port| format!("{host}:{port}"))
    }

    /// The host as it stands in the URL, and the port, that of the scheme where the URL has none.
    pub(crate) fn host_and_port(&self) -> (&str, u16) {
        (self.0.host_str().unwrap_or_default(), self.0.port_or_known_default().unwrap_or_default())
    }

    /// True if the host is this machine. What ends with `.localhost` is, as
    /// [RFC 6761](https://www.rfc-editor.org/rfc/rfc6761#section-6.3) says; the client asks no resolver for it.
    pub(crate) fn is_loopback(&self) -> bool {
        match self.0.host() {
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(Host::Ipv4(address)) => IpAddr::from(address).is_loopback(),
            Some(Host::Ipv6(address)) => IpAddr::from(address).is_loopback(),
            None => false,
        }
    }

    /// True if the connection is encrypted.
    pub(crate) fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// The URL of the one resource there is.
    pub(crate) fn configuration_url(&self) -> Url {
        let mut url = self.0.clone();
        let prefix = url.path().trim_end_matches('/').to_owned();
        url.set_path(&format!("{prefix}/v1/api/conversation_ratings/configuration"));
        url
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&visible(self.0.as_str().trim_end_matches('/')))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_shows_itself_to_nobody() {
        let token = Token::new(" secret \n").unwrap();
        assert_eq!(format!("{token:?}"), "Token(redacted)");
        assert_eq!(token.expose(), "secret");
        assert_eq!(Token::new(" \n"), Err(TokenError::Empty));
        assert_eq!(Token::new("two words"), Err(TokenError::Unprintable));
        assert_eq!(Token::new("umläut"), Err(TokenError::Unprintable));
    }

    #[test]
    fn plain_http_is_for_this_machine_alone() {
        for good in [
            "http://127.0.0.1:8080",
            "http://127.9.9.9",
            "http://[::1]:1",
            "http://localhost",
            "http://a.localhost",
            "https://a.b",
        ] {
            assert!(BaseUrl::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "http://app.quickchat.ai",
            "http://localhost.evil.example",
            "http://evil-localhost",
            "http://10.0.0.1",
            "ftp://127.0.0.1",
        ] {
            assert!(matches!(BaseUrl::parse(bad), Err(BaseUrlError::NotHttps(_))), "{bad}");
        }
        for bad in ["", "app.quickchat.ai", "https://", "127.0.0.1:80", "/v1"] {
            assert!(
                matches!(BaseUrl::parse(bad), Err(BaseUrlError::Invalid(_) | BaseUrlError::NotHttps(_))),
                "{bad}"
            );
        }
        for bad in ["https://u@a.b", "https://u:p@a.b", "https://a.b?x=1", "https://a.b#x"] {
            let error = BaseUrl::parse(bad).unwrap_err();
            assert_eq!(error, BaseUrlError::Extra("a.b".to_owned()), "{bad}");
        }
    }

    #[test]
    fn the_resource_stands_under_the_base_whatever_its_slashes() {
        let path = "/v1/api/conversation_ratings/configuration";
        for (base, expected) in [
            ("https://app.quickchat.ai", format!("https://app.quickchat.ai{path}")),
            ("https://app.quickchat.ai/", format!("https://app.quickchat.ai{path}")),
            ("https://proxy.example:8443/quickchat/", format!("https://proxy.example:8443/quickchat{path}")),
        ] {
            assert_eq!(BaseUrl::parse(base).unwrap().configuration_url().as_str(), expected);
        }
    }

    #[test]
    fn the_host_is_shown_with_an_unusual_port() {
        assert_eq!(BaseUrl::parse("https://app.quickchat.ai:443").unwrap().host(), "app.quickchat.ai");
        assert_eq!(BaseUrl::parse("http://127.0.0.1:99").unwrap().host(), "127.0.0.1:99");
    }
}
