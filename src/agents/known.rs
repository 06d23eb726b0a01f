//! The profiles that a run can open: those of this machine, or those that the caller has ready.

use super::config::ConfigError;
use super::configured::ConfiguredProfiles;
use super::error::ProfileError;
use super::join::run_blocking;
use super::options::{AgentOptions, TokenChoice};
use super::profile::{Profile, ProfileOutline};
use super::source::TokenSource;
use crate::api::credentials::BaseUrl;
use crate::visible::excerpt;

/// The profiles that a run can open.
#[derive(Clone, Debug)]
pub enum KnownProfiles {
    /// Those of the configuration file, and the token in `QUICKCHAT_API_TOKEN`.
    Configured(ConfiguredProfiles),
    /// Profiles whose tokens are at hand, such as the agents of the demo. No file and no variable is looked at.
    Ready(Vec<Profile>),
}

impl KnownProfiles {
    /// All profiles in their order, as far as they are known without a token.
    pub fn outlines(&self, options: &AgentOptions) -> Vec<ProfileOutline> {
        match self {
            Self::Configured(configured) => {
                let entries = configured.entries().iter();
                entries.map(|entry| ProfileOutline::from_entry(entry, options)).collect()
            }
            Self::Ready(profiles) => profiles.iter().map(Profile::outline).collect(),
        }
    }

    /// The profile that a caller means, as far as it is known without its token. `None` where the caller means a token that
    /// belongs to no profile.
    ///
    /// # Errors
    /// Nothing says which profile, or there is no such profile.
    pub fn outline(&self, options: &AgentOptions) -> Result<Option<ProfileOutline>, ProfileError> {
        match self {
            Self::Configured(configured) => {
                let entry = configured.select(options)?;
                Ok(entry.map(|entry| ProfileOutline::from_entry(entry, options)))
            }
            Self::Ready(_) if matches!(options.choice, TokenChoice::Typed(_)) => Ok(None),
            Self::Ready(profiles) => {
                find_ready(profiles, options.profile_name()).map(|profile| Some(profile.outline()))
            }
        }
    }

    /// Where a token goes that belongs to no profile. Beside ready profiles it goes where their tokens go.
    ///
    /// # Errors
    /// [`ProfileError::BaseUrl`], or [`ProfileError::NoToken`] where no profile is ready.
    pub fn unnamed_url(&self, options: &AgentOptions) -> Result<BaseUrl, ProfileError> {
        match self {
            Self::Configured(configured) => configured.unnamed_url(options),
            Self::Ready(profiles) => {
                profiles.first().map(|profile| profile.base_url.clone()).ok_or(ProfileError::NoToken)
            }
        }
    }

    /// A sentence without a full stop that `QUICKCHAT_BASE_URL` does not count beside the profile that a caller means.
    pub fn warn_of_ignored_url(&self, options: &AgentOptions) -> Option<String> {
        match self {
            Self::Configured(configured) => {
                let entry = configured.select(options).ok().flatten()?;
                configured.warn_of_ignored_url(entry, options)
            }
            Self::Ready(_) => None,
        }
    }

    /// The profiles as the configuration file names them now. Ready profiles stay as they are.
    ///
    /// # Errors
    /// The file cannot be read or understood.
    pub(super) async fn reload(&self) -> Result<Self, ConfigError> {
        match self {
            Self::Configured(configured) => {
                let configured = configured.clone();
                // A network file system may not answer, and the editor hears keys meanwhile.
                run_blocking(move || configured.reload()).await.map(Self::Configured)
            }
            Self::Ready(profiles) => Ok(Self::Ready(profiles.clone())),
        }
    }

    /// The profile that a caller means, with its token. The configuration file is read anew: what it says of the profile
    /// counts together with the token that is read now.
    ///
    /// # Errors
    /// Any [`ProfileError`].
    pub(super) async fn open(&self, options: &AgentOptions) -> Result<Profile, ProfileError> {
        let profiles = match self {
            Self::Configured(configured) => {
                let configured = configured.clone();
                return run_blocking(move || configured.reload()).await?.open(options).await;
            }
            Self::Ready(profiles) => profiles,
        };
        if let TokenChoice::Typed(token) = &options.choice {
            return Ok(Profile::unnamed(self.unnamed_url(options)?, token.clone(), TokenSource::Prompt));
        }
        find_ready(profiles, options.profile_name()).cloned()
    }
}

/// The ready profile of this name; without a name the first one.
fn find_ready<'a>(profiles: &'a [Profile], name: Option<&str>) -> Result<&'a Profile, ProfileError> {
    let Some(name) = name else { return profiles.first().ok_or(ProfileError::NoToken) };
    let found = profiles.iter().find(|profile| profile.name.as_deref() == Some(name));
    found.ok_or_else(|| ProfileError::Unknown {
        name: excerpt(name, 60),
        known: profiles.iter().filter_map(|profile| profile.name.clone()).collect(),
    })
}
