//! Who there is, and which of them is meant.
//!
//! ```text
//! --profile ─► CONVRATING_PROFILE ─► QUICKCHAT_API_TOKEN ─► default_profile ─► nothing: ask, or say so
//! ```

use std::time::Duration;

use super::Profile;
use super::config::{Config, ConfigError, Entry};
use super::environment::Environment;
use super::identity;
use super::token_source::{COMMAND_LIMIT, Leash, SourceError};
use crate::api::credentials::{BaseUrl, BaseUrlError, Token, TokenError};
use crate::visible::excerpt;

/// The variable that holds a token.
pub const TOKEN_VARIABLE: &str = "QUICKCHAT_API_TOKEN";
/// The variable that holds a base URL.
pub const URL_VARIABLE: &str = "QUICKCHAT_BASE_URL";
/// The variable that names a profile.
pub const PROFILE_VARIABLE: &str = "CONVRATING_PROFILE";

/// The profiles of this machine.
#[derive(Clone, Debug)]
pub struct Roster {
    environment: Environment,
    config: Config,
    command_limit: Duration,
}

/// What the command line says of whom to talk to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// `--profile`.
    pub profile: Option<String>,
    /// `--base-url`, as typed.
    pub base_url: Option<String>,
    /// `--read-only`.
    pub is_read_only: bool,
}

/// Who is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice<'a> {
    /// A profile of the file.
    Profile(&'a Entry),
    /// The token in [`TOKEN_VARIABLE`].
    Variable,
}

/// Why there is nobody to talk to.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// The configuration file cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// No profile has this name.
    #[error("there is no profile \"{name}\"; {}", listed(.known))]
    Unknown {
        /// What was asked for, made visible.
        name: String,
        /// The names that there are.
        known: Vec<String>,
    },
    /// `--base-url` would send a profile's token elsewhere.
    #[error(
        "the token of {profile} is for {own} and is not sent to {other}; --base-url does not go with this profile"
    )]
    OtherHost {
        /// Whose token.
        profile: String,
        /// Where it belongs.
        own: String,
        /// Where it was to go.
        other: String,
    },
    /// An address that cannot be used.
    #[error("{origin}: {fault}")]
    BaseUrl {
        /// `--base-url` or the variable.
        origin: &'static str,
        /// What is wrong with it.
        fault: BaseUrlError,
    },
    /// The profile's source gives no token.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The variable holds something that is no token.
    #[error("{TOKEN_VARIABLE}: {0}")]
    Variable(TokenError),
    /// What was typed or piped in is no token.
    #[error("{0}")]
    Typed(TokenError),
    /// The token belongs to another agent than the profile is for.
    #[error(
        "the token of {profile} ({source_label}) is for agent {found}, but the profile is for agent {pinned}; nothing was sent"
    )]
    OtherAgent {
        /// Whose token.
        profile: String,
        /// Where it came from.
        source_label: String,
        /// The agent in it.
        found: String,
        /// The agent of the profile.
        pinned: String,
    },
    /// Nothing says which token.
    #[error("no token: give one with convrating login NAME, or in {TOKEN_VARIABLE}; --demo needs none")]
    NoToken,
}

impl ProfileError {
    /// True where the command line or the configuration file must be mended, false where the token must.
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
}

impl ProfileError {
    /// What mends it, where that is not the message itself.
    pub fn mend(&self) -> Option<String> {
        match self {
            Self::Source(error) => Some(error.mend()),
            Self::OtherAgent { profile, source_label, .. } if source_label == "login" => {
                Some(format!("convrating login {profile}"))
            }
            Self::OtherAgent { profile, source_label, .. } => Some(format!(
                "put its own token where {source_label} takes it from, or run convrating login {profile}"
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

impl Roster {
    /// Reads the configuration file.
    ///
    /// # Errors
    /// When it is there and cannot be read or understood.
    pub fn load(environment: Environment) -> Result<Self, ConfigError> {
        let config = Config::load(&environment.config_file())?;
        Ok(Self::new(environment, config))
    }

    /// A roster without a file.
    pub fn new(environment: Environment, config: Config) -> Self {
        Self { environment, config, command_limit: COMMAND_LIMIT }
    }

    /// The profiles, in the file's order.
    pub fn entries(&self) -> &[Entry] {
        &self.config.profiles
    }

    /// The name in `default_profile`.
    pub fn default_profile(&self) -> Option<&str> {
        self.config.default_profile.as_deref()
    }

    /// What is wrong with `default_profile`, where it names no profile.
    pub fn stray_default(&self) -> Option<ConfigError> {
        self.config.stray_default(&self.environment.config_file())
    }

    /// The variables that it looks at.
    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    /// Says who is meant, without getting a token.
    ///
    /// # Errors
    /// [`ProfileError::Unknown`], [`ProfileError::NoToken`], and [`ProfileError::Config`] where the default would be
    /// used and names no profile.
    pub fn choose(&self, profile: Option<&str>) -> Result<Choice<'_>, ProfileError> {
        if let Some(name) = profile.map(str::to_owned).or_else(|| self.environment.text(PROFILE_VARIABLE)) {
            return self.entry(&name).map(Choice::Profile);
        }
        if self.environment.raw(TOKEN_VARIABLE).is_some() {
            return Ok(Choice::Variable);
        }
        let name = self.default_profile().ok_or(ProfileError::NoToken)?;
        match self.stray_default() {
            Some(fault) => Err(fault.into()),
            None => self.entry(name).map(Choice::Profile),
        }
    }

    /// The profile of this name.
    ///
    /// # Errors
    /// [`ProfileError::Unknown`], with the names that there are.
    pub fn entry(&self, name: &str) -> Result<&Entry, ProfileError> {
        self.config.profile(name).ok_or_else(|| ProfileError::Unknown {
            name: excerpt(name, 60),
            known: self.entries().iter().map(|entry| entry.name.clone()).collect(),
        })
    }

    /// Gets the token of whoever is meant and makes sure that it may be used. Blocks while a `token_command` runs, up
    /// to 10 s.
    ///
    /// # Errors
    /// Any [`ProfileError`]; [`ProfileError::NoToken`] is where the editor asks for one.
    pub fn open(&self, wish: &Wish) -> Result<Profile, ProfileError> {
        self.open_held(wish, &Leash::default())
    }

    /// The same; whoever cuts `leash` ends a `token_command` that runs.
    ///
    /// # Errors
    /// Any [`ProfileError`].
    pub fn open_held(&self, wish: &Wish, leash: &Leash) -> Result<Profile, ProfileError> {
        let mut profile = match self.choose(wish.profile.as_deref())? {
            Choice::Profile(entry) => self.open_entry(entry, wish, leash)?,
            Choice::Variable => {
                let text = self.environment.raw(TOKEN_VARIABLE).unwrap_or_default().to_string_lossy();
                let token = Token::new(&text).map_err(ProfileError::Variable)?;
                Profile::unnamed(self.unnamed_url(wish)?, token, TOKEN_VARIABLE)
            }
        };
        profile.is_read_only |= wish.is_read_only;
        Ok(profile)
    }

    /// A profile for a token that was typed in: it belongs to none.
    ///
    /// # Errors
    /// [`ProfileError::BaseUrl`].
    pub fn open_typed(&self, wish: &Wish, token: Token) -> Result<Profile, ProfileError> {
        let mut profile = Profile::unnamed(self.unnamed_url(wish)?, token, "the prompt");
        profile.is_read_only = wish.is_read_only;
        Ok(profile)
    }

    /// What to tell about `QUICKCHAT_BASE_URL` beside a profile that is for another host: that it does not count.
    pub fn ignored_url(&self, entry: &Entry, wish: &Wish) -> Option<String> {
        if wish.base_url.is_some() {
            return None;
        }
        let other = self.environment.text(URL_VARIABLE)?;
        let own = entry.base_url.host();
        match BaseUrl::parse(&other) {
            Ok(other) if is_same_host(&entry.base_url, &other) => None,
            Ok(other) => Some(format!(
                "{URL_VARIABLE} names {}; it is ignored, since the token of {} is for {own}",
                other.host(),
                entry.name
            )),
            Err(_) => {
                Some(format!("{URL_VARIABLE} is ignored, since the token of {} is for {own}", entry.name))
            }
        }
    }

    /// Where a token without a profile goes.
    ///
    /// # Errors
    /// [`ProfileError::BaseUrl`].
    pub fn unnamed_url(&self, wish: &Wish) -> Result<BaseUrl, ProfileError> {
        let parse = |text: &str, origin| {
            BaseUrl::parse(text).map_err(|fault| ProfileError::BaseUrl { origin, fault })
        };
        match (&wish.base_url, self.environment.text(URL_VARIABLE)) {
            (Some(flag), _) => parse(flag, "--base-url"),
            (None, Some(variable)) => parse(&variable, URL_VARIABLE),
            (None, None) => parse(BaseUrl::DEFAULT, "the default"),
        }
    }

    fn open_entry(&self, entry: &Entry, wish: &Wish, leash: &Leash) -> Result<Profile, ProfileError> {
        let base_url = self.url_beside(entry, wish)?;
        let file = self.environment.config_file();
        let token = entry.token(&self.environment, &file, self.command_limit, leash)?;
        refuse_other_agent(entry, &token)?;
        Ok(Profile {
            name: Some(entry.name.clone()),
            is_protected: entry.is_protected,
            is_read_only: entry.is_read_only,
            ..Profile::unnamed(base_url, token, &entry.source.label())
        })
    }

    /// The profile's own address; `--base-url` may only change the path on the same host.
    fn url_beside(&self, entry: &Entry, wish: &Wish) -> Result<BaseUrl, ProfileError> {
        if wish.base_url.is_none() {
            return Ok(entry.base_url.clone());
        }
        let asked = self.unnamed_url(wish)?;
        if is_same_host(&entry.base_url, &asked) {
            return Ok(asked);
        }
        Err(ProfileError::OtherHost {
            profile: entry.name.clone(),
            own: entry.base_url.host(),
            other: asked.host(),
        })
    }
}

/// The scheme counts too: the same name without TLS is another place.
fn is_same_host(left: &BaseUrl, right: &BaseUrl) -> bool {
    left.host() == right.host() && left.is_https() == right.is_https()
}

/// A token that says nothing of its agent cannot be of another one.
fn refuse_other_agent(entry: &Entry, token: &Token) -> Result<(), ProfileError> {
    let (Some(pinned), Some(found)) = (&entry.scenario_id, identity::scenario_id(token)) else {
        return Ok(());
    };
    if *pinned == found {
        return Ok(());
    }
    Err(ProfileError::OtherAgent {
        profile: entry.name.clone(),
        source_label: entry.source.label(),
        found: excerpt(&found, 60),
        pinned: excerpt(pinned, 60),
    })
}

fn listed(known: &[String]) -> String {
    const MOST: usize = 20;
    match known.len() {
        0 => "there are none yet (convrating login NAME makes one)".to_owned(),
        1 => format!("there is: {}", known[0]),
        2..=MOST => format!("there are: {}", known.join(", ")),
        more => format!("there are: {}, and {} more", known[..MOST].join(", "), more - MOST),
    }
}

#[cfg(test)]
mod tests;
