//! The profiles that a run can open: those of this machine, or those that the caller has ready.

use std::ffi::OsStr;

use super::changes::ChangeError;
use super::config::ConfigError;
use super::configured::ConfiguredProfiles;
use super::error::ProfileError;
use super::join::run_blocking;
use super::options::{AgentOptions, TokenChoice};
use super::profile::{Profile, ProfileOutline};
use super::source::TokenSource;
use crate::api::credentials::{BaseUrl, Token};
use crate::api::{NetworkVariables, SaveLock};
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
    pub(crate) fn outlines(&self, options: &AgentOptions) -> Vec<ProfileOutline> {
        match self {
            Self::Configured(configured) => {
                let entries = configured.entries().iter();
                entries.map(|entry| ProfileOutline::from_entry(entry, options)).collect()
            }
            Self::Ready(profiles) => {
                profiles.iter().map(|profile| profile.outline().used_by(options)).collect()
            }
        }
    }

    /// The profile that a caller means, as far as it is known without its token. `None` where the caller means a token that
    /// belongs to no profile.
    ///
    /// # Errors
    /// Nothing says which profile, or there is no such profile.
    pub(crate) fn outline(&self, options: &AgentOptions) -> Result<Option<ProfileOutline>, ProfileError> {
        match self {
            Self::Configured(configured) => {
                let entry = configured.select(options)?;
                Ok(entry.map(|entry| ProfileOutline::from_entry(entry, options)))
            }
            Self::Ready(_) if matches!(options.choice, TokenChoice::Typed(_)) => Ok(None),
            Self::Ready(profiles) => {
                let profile = find_ready(profiles, options.profile_name())?;
                Ok(Some(profile.outline().used_by(options)))
            }
        }
    }

    /// The profiles of this machine.
    ///
    /// # Errors
    /// [`ChangeError::NoFile`]: they are ready ones, which no file names.
    pub(super) fn configured(&self) -> Result<&ConfiguredProfiles, ChangeError> {
        match self {
            Self::Configured(configured) => Ok(configured),
            Self::Ready(_) => Err(ChangeError::NoFile),
        }
    }

    /// Where a token goes that belongs to no profile. Beside ready profiles it goes where their tokens go.
    ///
    /// # Errors
    /// [`ProfileError::BaseUrl`], or [`ProfileError::NoToken`] where no profile is ready.
    pub(crate) fn unnamed_url(&self, options: &AgentOptions) -> Result<BaseUrl, ProfileError> {
        match self {
            Self::Configured(configured) => configured.unnamed_url(options),
            Self::Ready(profiles) => {
                profiles.first().map(|profile| profile.base_url.clone()).ok_or(ProfileError::NoToken)
            }
        }
    }

    /// The variables that choose the way to servers. Ready profiles look at none.
    pub(super) fn network_variables(&self) -> NetworkVariables {
        match self {
            Self::Configured(configured) => {
                NetworkVariables::from_lookup(|name| configured.environment().raw(name).map(OsStr::to_owned))
            }
            Self::Ready(_) => NetworkVariables::default(),
        }
    }

    /// The lock by which saves to this profile's agent take turns. Beside ready profiles, and in the demo, there is none.
    pub(super) fn save_lock(&self, profile: &Profile) -> SaveLock {
        match self {
            Self::Configured(configured) if !profile.is_demo() => {
                let agent = profile.identity.agent.as_deref();
                SaveLock::at(configured.environment().save_lock(&profile.base_url, agent))
            }
            Self::Configured(_) | Self::Ready(_) => SaveLock::none(),
        }
    }

    /// A sentence without a full stop that `QUICKCHAT_BASE_URL` does not count beside the profile that a caller means.
    pub(crate) fn warn_of_ignored_url(&self, options: &AgentOptions) -> Option<String> {
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
        self.reload().await?.open_as_known(options).await
    }

    /// The same without reading the configuration file.
    ///
    /// # Errors
    /// Any [`ProfileError`].
    pub(super) async fn open_as_known(&self, options: &AgentOptions) -> Result<Profile, ProfileError> {
        let profiles = match self {
            Self::Configured(configured) => return configured.open(options).await,
            Self::Ready(profiles) => profiles,
        };
        if let TokenChoice::Typed(token) = &options.choice {
            let base_url = self.unnamed_url(options)?;
            let outline = ProfileOutline::unnamed(base_url, TokenSource::Prompt, options);
            return Ok(outline.with_token(token.clone()));
        }
        Ok(find_ready(profiles, options.profile_name())?.used_by(options))
    }

    /// The profile of this name with another token. The configuration file is read anew.
    ///
    /// # Errors
    /// There is no such profile, or it is for another agent than the token.
    pub(super) async fn open_with(
        &self,
        name: &str,
        token: Token,
        options: &AgentOptions,
    ) -> Result<Profile, ProfileError> {
        match self.reload().await? {
            Self::Configured(configured) => configured.open_with(name, token, options),
            Self::Ready(profiles) => {
                let ready = find_ready(&profiles, Some(name))?.outline().used_by(options);
                Ok(ProfileOutline { source: TokenSource::Prompt, ..ready }.with_token(token))
            }
        }
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

#[cfg(test)]
mod tests {
    use super::super::config::Config;
    use super::super::environment::Environment;
    use super::*;
    use crate::api::credentials::Token;

    fn ready(names: &[&str]) -> KnownProfiles {
        let profile = |name: &&str| {
            let base_url = BaseUrl::parse("http://127.0.0.1:9").unwrap();
            let profile = Profile::unnamed(base_url, Token::new(name).unwrap(), TokenSource::Demo);
            Profile { name: Some((*name).to_owned()), ..profile }
        };
        KnownProfiles::Ready(names.iter().map(profile).collect())
    }

    fn typed() -> AgentOptions {
        let choice = TokenChoice::Typed(Token::new("t").unwrap());
        AgentOptions { choice, ..AgentOptions::default() }
    }

    #[tokio::test]
    async fn a_ready_profile_is_opened_by_its_name_and_the_first_one_without_a_name() {
        let known = ready(&["a", "b"]);
        let preferred = AgentOptions::default();
        for (options, expected) in [(preferred.clone(), "a"), (preferred.for_profile("b"), "b")] {
            assert_eq!(known.open(&options).await.unwrap().name.unwrap(), expected);
            assert_eq!(known.outline(&options).unwrap().unwrap().name.unwrap(), expected);
        }
        let error = known.open(&preferred.for_profile("c")).await.unwrap_err();
        assert_eq!(error.to_string(), "there is no profile \"c\"; there are: a, b");
        assert!(matches!(ready(&[]).open(&preferred).await, Err(ProfileError::NoToken)));
    }

    #[tokio::test]
    async fn beside_ready_profiles_a_typed_token_goes_where_their_tokens_go() {
        let profile = ready(&["a"]).open(&typed()).await.unwrap();
        assert_eq!((profile.name, profile.base_url.host().as_str()), (None, "127.0.0.1:9"));
        assert_eq!((profile.token, profile.source), (Token::new("t").unwrap(), TokenSource::Prompt));
        assert_eq!(ready(&["a"]).outline(&typed()).unwrap(), None);
        assert!(matches!(ready(&[]).open(&typed()).await, Err(ProfileError::NoToken)));
    }

    #[test]
    fn where_the_user_asked_to_write_nothing_every_profile_is_read_only() {
        let config = "[profiles.a]\n[profiles.b]\nread_only = true\n[profiles.c]\nprotected = true\n";
        let configured = ConfiguredProfiles::new(Environment::default(), Config::parse(config).unwrap());
        let known = KnownProfiles::Configured(configured);
        let guards = |is_read_only| {
            let options = AgentOptions { is_read_only, ..AgentOptions::default() };
            let outlines = known.outlines(&options);
            outlines.iter().map(|outline| (outline.is_read_only, outline.is_protected)).collect::<Vec<_>>()
        };
        assert_eq!(guards(false), [(false, false), (true, false), (false, true)]);
        assert_eq!(guards(true), [(true, false), (true, false), (true, true)]);
    }

    fn configured(config: &str, variables: &[(&str, &str)]) -> KnownProfiles {
        let owned = variables.iter().map(|(name, value)| (name.into(), value.into()));
        let environment = Environment::new(owned, None);
        KnownProfiles::Configured(ConfiguredProfiles::new(environment, Config::parse(config).unwrap()))
    }

    #[test]
    fn the_variables_of_this_machine_choose_the_way_but_not_beside_ready_profiles() {
        const PROXY: (&str, &str) = ("HTTPS_PROXY", "http://proxy.example:3128");
        let expected = NetworkVariables::from_lookup(|name| (name == PROXY.0).then(|| PROXY.1.into()));
        assert_eq!(configured("", &[PROXY]).network_variables(), expected);
        assert_eq!(ready(&["a"]).network_variables(), NetworkVariables::default());
    }

    #[test]
    fn saves_to_an_agent_of_this_machine_take_turns_and_saves_in_the_demo_do_not() {
        let profile = |source| {
            let base_url = BaseUrl::parse("http://127.0.0.1:9").unwrap();
            Profile::unnamed(base_url, Token::new("t").unwrap(), source)
        };
        let known = configured("", &[("XDG_STATE_HOME", "/s")]);
        let lock = SaveLock::at("/s/convrating/locks/127.0.0.1-9--".into());
        assert_eq!(known.save_lock(&profile(TokenSource::Prompt)), lock);
        assert_eq!(known.save_lock(&profile(TokenSource::Demo)), SaveLock::none());
        assert_eq!(ready(&["a"]).save_lock(&profile(TokenSource::Prompt)), SaveLock::none());
    }

    #[test]
    fn an_ignored_address_is_named_beside_the_profile_that_the_caller_means() {
        let known = configured(
            "[profiles.a]\nbase_url = 'https://a.example'\n",
            &[("QUICKCHAT_BASE_URL", "https://b.example")],
        );
        let warning =
            "QUICKCHAT_BASE_URL names b.example; it is ignored, since the token of a is for a.example";
        assert_eq!(known.warn_of_ignored_url(&AgentOptions::default()).as_deref(), Some(warning));
        assert_eq!(known.warn_of_ignored_url(&typed()), None);
        assert_eq!(ready(&["a"]).warn_of_ignored_url(&AgentOptions::default()), None);
    }

    #[tokio::test]
    async fn a_ready_profile_with_another_token_keeps_its_name_and_its_guards() {
        let KnownProfiles::Ready(mut profiles) = ready(&["a"]) else { panic!("they are ready") };
        (profiles[0].is_read_only, profiles[0].is_protected) = (true, true);
        let token = Token::new("new").unwrap();
        let known = KnownProfiles::Ready(profiles);
        let profile = known.open_with("a", token.clone(), &AgentOptions::default()).await.unwrap();
        assert_eq!(
            (profile.name.as_deref(), profile.is_read_only, profile.is_protected),
            (Some("a"), true, true)
        );
        assert_eq!((profile.token, profile.source), (token, TokenSource::Prompt));
    }

    #[tokio::test]
    async fn a_ready_profile_and_a_typed_token_are_read_only_where_the_user_asked_for_it() {
        let known = ready(&["a"]);
        for is_read_only in [false, true] {
            let options = AgentOptions { is_read_only, ..AgentOptions::default() };
            let named = options.for_profile("a");
            let typed = AgentOptions { is_read_only, ..typed() };
            let token = Token::new("other").unwrap();
            let opened = [
                known.open(&options).await.unwrap().is_read_only,
                known.open(&typed).await.unwrap().is_read_only,
                known.open_with("a", token, &options).await.unwrap().is_read_only,
                known.outline(&named).unwrap().unwrap().is_read_only,
                known.outlines(&options)[0].is_read_only,
            ];
            assert_eq!(opened, [is_read_only; 5]);
        }
    }
}
