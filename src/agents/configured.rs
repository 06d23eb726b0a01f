//! The profiles of this machine, and the token that a caller means.
//!
//! ```text
//! --profile ─► CONVRATING_PROFILE ─► QUICKCHAT_API_TOKEN ─► default_profile ─► the one profile that there is
//!                                                                               ├─ several: the editor lists them
//!                                                                               └─ none: the editor asks for a token
//! ```

mod winner;

use std::os::unix::ffi::OsStrExt as _;
use std::sync::Arc;

use super::config::{Config, ConfigError, ConfigFault, ProfileEntry, read_config};
use super::environment::{Environment, PROFILE_VARIABLE, TOKEN_VARIABLE, URL_VARIABLE};
use super::error::ProfileError;
use super::options::{AgentOptions, TokenChoice};
use super::pin::{check_pin_of_login, refuse_other_agent};
use super::profile::{Profile, ProfileOutline};
use super::source::{ReadableSource, TokenSource};
use super::store::TokenBinding;
use super::token::{ReadToken, read_token};
use crate::api::credentials::{BaseUrl, Token};
use crate::visible::excerpt;

/// The profiles in the configuration file, and the variables beside them. A clone is cheap.
#[derive(Clone, Debug)]
pub struct ConfiguredProfiles {
    environment: Arc<Environment>,
    /// The file's text.
    text: Arc<str>,
    /// What the text says.
    config: Arc<Config>,
}

impl ConfiguredProfiles {
    /// Reads the configuration file that `environment` names. A file that is not there has no profiles.
    ///
    /// # Errors
    /// It is there and cannot be read or understood, or `CONVRATING_CONFIG` names it and it is not there.
    pub fn load(environment: Environment) -> Result<Self, ConfigError> {
        let text = read_text(&environment)?;
        Self::parse(environment, text)
    }

    /// The same for `login`, which makes the file: one that is not there has no profiles, whatever names it.
    ///
    /// # Errors
    /// It is there and cannot be read or understood.
    pub(crate) fn load_or_empty(environment: Environment) -> Result<Self, ConfigError> {
        let text = read_config(&environment.config_file())?.unwrap_or_default();
        Self::parse(environment, text)
    }

    fn parse(environment: Environment, text: String) -> Result<Self, ConfigError> {
        let config = Arc::new(Config::parse_file(&environment.config_file(), &text)?);
        Ok(Self { environment: Arc::new(environment), text: text.into(), config })
    }

    /// The profiles of a configuration at hand. They count until there is a file with a text.
    pub fn new(environment: Environment, config: Config) -> Self {
        Self { environment: Arc::new(environment), text: "".into(), config: Arc::new(config) }
    }

    /// Reads the file anew: it may have changed since. A text that stayed is not parsed again.
    ///
    /// # Errors
    /// As [`ConfiguredProfiles::load`].
    pub(crate) fn reload(&self) -> Result<Self, ConfigError> {
        let text = read_text(&self.environment)?;
        if *text == *self.text {
            return Ok(self.clone());
        }
        let config = Arc::new(Config::parse_file(&self.environment.config_file(), &text)?);
        Ok(Self { environment: Arc::clone(&self.environment), text: text.into(), config })
    }

    /// The file's text.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The profiles, in the file's order.
    pub fn entries(&self) -> &[ProfileEntry] {
        &self.config.profiles
    }

    /// The name in `default_profile`.
    pub fn default_profile(&self) -> Option<&str> {
        self.config.default_profile.as_deref()
    }

    /// What is wrong with `default_profile`, where it names no profile.
    pub(crate) fn stray_default(&self) -> Option<ConfigError> {
        self.config.stray_default(&self.environment.config_file())
    }

    /// The variables.
    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    /// The profile of this name.
    ///
    /// # Errors
    /// [`ProfileError::Unknown`], with the names that there are.
    pub fn entry(&self, name: &str) -> Result<&ProfileEntry, ProfileError> {
        self.config
            .profile(name)
            .ok_or_else(|| ProfileError::Unknown { name: excerpt(name, 60), known: self.names() })
    }

    fn names(&self) -> Vec<String> {
        self.entries().iter().map(|entry| entry.name.clone()).collect()
    }

    /// The profile that a caller means, without reading its token. `None` where the caller means a token that belongs to no
    /// profile: the one in `QUICKCHAT_API_TOKEN`, or one that the user typed.
    ///
    /// # Errors
    /// [`ProfileError::Unknown`], [`ProfileError::NoToken`], [`ProfileError::Several`], and [`ProfileError::Config`] where the default would be used
    /// and names no profile.
    pub fn select(&self, options: &AgentOptions) -> Result<Option<&ProfileEntry>, ProfileError> {
        match &options.choice {
            TokenChoice::Typed(_) => Ok(None),
            TokenChoice::Profile(name) => self.entry(name).map(Some),
            TokenChoice::Preferred => self.select_preferred(),
        }
    }

    fn select_preferred(&self) -> Result<Option<&ProfileEntry>, ProfileError> {
        if let Some(name) = self.environment.text(PROFILE_VARIABLE) {
            return self.entry(&name).map(Some);
        }
        if self.environment.raw(TOKEN_VARIABLE).is_some() {
            return Ok(None);
        }
        if let Some(error) = self.stray_default() {
            return Err(error.into());
        }
        match (self.default_profile(), self.entries()) {
            (Some(name), _) => self.entry(name).map(Some),
            (None, [only]) => Ok(Some(only)),
            (None, []) => Err(ProfileError::NoToken),
            (None, _) => Err(ProfileError::Several { known: self.names() }),
        }
    }

    /// The profile that a caller means, with its token, after making sure that the token may be used.
    ///
    /// # Errors
    /// Any [`ProfileError`]. At [`ProfileError::NoToken`] the editor asks the user for a token.
    pub(super) async fn open(&self, options: &AgentOptions) -> Result<Profile, ProfileError> {
        match self.select(options)? {
            Some(entry) => self.open_entry(entry, options).await,
            None => self.open_unnamed(options),
        }
    }

    async fn open_entry(
        &self,
        entry: &ProfileEntry,
        options: &AgentOptions,
    ) -> Result<Profile, ProfileError> {
        let base_url = self.url_for_entry(entry, options)?;
        let read = read_token(entry, &self.environment, options.helper_place).await?;
        let ReadToken { token, binding } = read;
        refuse_other_url(entry, binding)?;
        refuse_other_agent(entry, &token)?;
        let outline = ProfileOutline { base_url, ..ProfileOutline::from_entry(entry, options) };
        Ok(outline.with_token(token))
    }

    /// The profile of this name with a token that the user typed, after making sure that it is for the profile's agent.
    ///
    /// # Errors
    /// Any [`ProfileError`]: among them [`ProfileError::PinnedElsewhere`].
    pub(super) fn open_with(
        &self,
        name: &str,
        token: Token,
        options: &AgentOptions,
    ) -> Result<Profile, ProfileError> {
        let entry = self.entry(name)?;
        let base_url = self.url_for_entry(entry, options)?;
        // What `--base-url` says is for this run alone, and a stored token is for the profile's own address.
        let is_stored = entry.source == ReadableSource::Stored && base_url == entry.base_url;
        let source = if is_stored { entry.token_source() } else { TokenSource::Prompt };
        let outline = ProfileOutline { base_url, source, ..ProfileOutline::from_entry(entry, options) };
        let profile = outline.with_token(token);
        check_pin_of_login(entry, &profile)?;
        Ok(profile)
    }

    fn open_unnamed(&self, options: &AgentOptions) -> Result<Profile, ProfileError> {
        let (token, source) = if let TokenChoice::Typed(token) = &options.choice {
            (token.clone(), TokenSource::Prompt)
        } else {
            let text = self.environment.raw(TOKEN_VARIABLE).unwrap_or_default();
            let source = ReadableSource::Variable(TOKEN_VARIABLE.to_owned());
            (
                Token::from_bytes(text.as_bytes()).map_err(ProfileError::Variable)?,
                TokenSource::Readable(source),
            )
        };
        Ok(ProfileOutline::unnamed(self.unnamed_url(options)?, source, options).with_token(token))
    }

    /// The profile's own address. `--base-url` may only change the path on the same host.
    fn url_for_entry(&self, entry: &ProfileEntry, options: &AgentOptions) -> Result<BaseUrl, ProfileError> {
        if options.base_url.is_none() {
            return Ok(entry.base_url.clone());
        }
        let asked = self.unnamed_url(options)?;
        if is_same_host(&entry.base_url, &asked) {
            return Ok(asked);
        }
        Err(ProfileError::OtherHost {
            profile: entry.name.clone(),
            own: entry.base_url.host(),
            other: asked.host(),
        })
    }

    /// Where a token goes that belongs to no profile.
    ///
    /// # Errors
    /// [`ProfileError::BaseUrl`].
    pub(crate) fn unnamed_url(&self, options: &AgentOptions) -> Result<BaseUrl, ProfileError> {
        let parse = |text: &str, origin| {
            BaseUrl::parse(text).map_err(|fault| ProfileError::BaseUrl { origin, fault })
        };
        match (&options.base_url, self.environment.text(URL_VARIABLE)) {
            (Some(flag), _) => parse(flag, "--base-url"),
            (None, Some(variable)) => parse(&variable, URL_VARIABLE),
            (None, None) => parse(BaseUrl::DEFAULT, "the default"),
        }
    }

    /// A sentence without a full stop that `QUICKCHAT_BASE_URL` does not count, where it names another host than the profile
    /// is for.
    pub(crate) fn warn_of_ignored_url(&self, entry: &ProfileEntry, options: &AgentOptions) -> Option<String> {
        if options.base_url.is_some() {
            return None;
        }
        let other = self.environment.text(URL_VARIABLE)?;
        let (name, own) = (&entry.name, entry.base_url.host());
        match BaseUrl::parse(&other) {
            Ok(other) if is_same_host(&entry.base_url, &other) => None,
            Ok(other) => Some(format!(
                "{URL_VARIABLE} names {}; it is ignored, since the token of {name} is for {own}",
                other.host()
            )),
            Err(_) => Some(format!("{URL_VARIABLE} is ignored, since the token of {name} is for {own}")),
        }
    }
}

/// True if both are the same host. The scheme counts too: the same host without TLS is another place.
fn is_same_host(left: &BaseUrl, right: &BaseUrl) -> bool {
    left.host() == right.host() && left.is_https() == right.is_https()
}

/// The text of the configuration file; empty where there is none, unless the user named it.
fn read_text(environment: &Environment) -> Result<String, ConfigError> {
    let path = environment.config_file();
    match read_config(&path)? {
        None if environment.has_named_config() => {
            Err(ConfigError { path, place: None, fault: ConfigFault::Missing })
        }
        text => Ok(text.unwrap_or_default()),
    }
}

/// Refuses a stored token that was checked at another address than the profile's.
fn refuse_other_url(entry: &ProfileEntry, binding: Option<TokenBinding>) -> Result<(), ProfileError> {
    let Some(TokenBinding { base_url, .. }) = binding else { return Ok(()) };
    let (stored, own) = (base_url.to_string(), entry.base_url.to_string());
    if stored == own {
        return Ok(());
    }
    Err(ProfileError::OtherUrl { profile: entry.name.clone(), stored, own })
}

#[cfg(test)]
mod tests;
