//! The changes of profiles that `login` and `profiles` make: the configuration file and the stored tokens together.
//!
//! ```text
//! lock ─► read the file anew ─► the new text beside it ─► the token ─► the new text takes the file's place
//!                                                                        │ it cannot
//!                                                                        └─► the token as it was before
//! ```

use std::fs::File;
use std::io;
use std::time::Duration;

use super::config::{Config, ConfigEdit, ConfigError, ConfigFault, LoginEdit, apply_edit, check_name};
use super::configured::ConfiguredProfiles;
use super::environment::Environment;
use super::error::ProfileError;
use super::identity::parse_scenario_id;
use super::join::run_blocking;
use super::pin::check_pin_of_login;
use super::profile::Profile;
use super::source::ReadableSource;
use super::store::{delete_token, move_token, store_token};
use crate::private::{self, Prepared, ReadError};
use crate::visible::excerpt;

/// How often a run that waits for the right to change profiles tries again.
const LOCK_POLL: Duration = Duration::from_millis(100);

/// Why a profile was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// There is no such profile, the configuration file cannot be used, or the token may not be used for it.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// A name that a profile cannot have.
    #[error("{name}: {fault}")]
    Name {
        /// The name, made visible and cut short: it may be a token in the wrong place.
        name: String,
        /// Why not.
        fault: &'static str,
    },
    /// A profile of this name is there already.
    #[error("there is a profile \"{0}\" already")]
    Taken(String),
    /// The profile takes its token from another source by now, or is for another address.
    #[error("another window has changed {0} meanwhile; nothing was stored")]
    Meanwhile(String),
    /// The profiles of this run are those of the demo: there is no file to add one to.
    #[error("the demo keeps no profiles; nothing was stored")]
    NoFile,
    /// The files of the state directory cannot be locked, read or written.
    #[error("nothing was changed, the stored tokens cannot be used: {0}")]
    Store(#[source] ReadError),
}

impl From<ConfigError> for ChangeError {
    fn from(error: ConfigError) -> Self {
        Self::Profile(error.into())
    }
}

/// The right to change profiles: one run of the program has it at a time.
#[derive(Debug)]
pub struct ChangeLock {
    environment: Environment,
    _held: File,
}

/// What a stored profile replaced, and what stands beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoredProfile {
    /// The other profiles that are for the same agent.
    pub same_agent: Vec<String>,
}

impl ChangeLock {
    /// Takes the right if no other run has it.
    ///
    /// # Errors
    /// [`ChangeError::Store`].
    pub(crate) fn try_take(environment: &Environment) -> Result<Option<Self>, ChangeError> {
        let held = private::try_lock(&environment.login_lock()).map_err(from_io)?;
        Ok(held.map(|held| Self { environment: environment.clone(), _held: held }))
    }

    /// Waits for the right. A caller that gives up drops this future, and then has taken nothing.
    ///
    /// # Errors
    /// [`ChangeError::Store`].
    pub async fn wait(environment: &Environment) -> Result<Self, ChangeError> {
        loop {
            let environment = environment.clone();
            match run_blocking(move || Self::try_take(&environment)).await? {
                Some(lock) => return Ok(lock),
                None => tokio::time::sleep(LOCK_POLL).await,
            }
        }
    }

    /// Stores the token of `profile` under `name`, and pins the profile to its agent: both, or nothing.
    ///
    /// # Errors
    /// Any [`ChangeError`]: among them [`ProfileError::PinnedElsewhere`].
    pub(crate) fn store(&self, name: &str, profile: &Profile) -> Result<StoredProfile, ChangeError> {
        check_new_name(name)?;
        let before = self.read()?;
        if let Ok(entry) = before.entry(name) {
            check_pin_of_login(entry, profile)?;
        }
        let agent = parse_scenario_id(&profile.token).ok();
        let login = LoginEdit { name, base_url: &profile.base_url, scenario_id: agent.as_deref() };
        let prepared = self.prepare(&before, &ConfigEdit::Login(login))?;
        let stored = store_token(&self.environment, name, &profile.base_url, &profile.token);
        let stored = stored.map_err(ChangeError::Store)?;
        self.commit(prepared, || stored.undo())?;
        let others = before.entries().iter().filter(|other| other.name != name);
        let same = others.filter(|other| agent.is_some() && other.scenario_id == agent);
        Ok(StoredProfile { same_agent: same.map(|other| other.name.clone()).collect() })
    }

    /// The same for a profile that is not there yet.
    ///
    /// # Errors
    /// Any [`ChangeError`]: among them [`ChangeError::Taken`].
    pub(crate) fn store_new(&self, name: &str, profile: &Profile) -> Result<StoredProfile, ChangeError> {
        check_free(&self.read()?, name)?;
        self.store(name, profile)
    }

    /// Stores another token of a profile whose token `login` stored.
    ///
    /// # Errors
    /// Any [`ChangeError`]: among them [`ChangeError::Meanwhile`], where the profile is another one by now.
    pub(crate) fn store_again(&self, name: &str, profile: &Profile) -> Result<(), ChangeError> {
        let now = self.read()?;
        let entry = now.entry(name)?;
        if entry.source != ReadableSource::Stored || entry.base_url != profile.base_url {
            return Err(ChangeError::Meanwhile(entry.name.clone()));
        }
        self.store(name, profile).map(drop)
    }

    /// Makes the profile of this name the default.
    ///
    /// # Errors
    /// Any [`ChangeError`].
    pub(crate) fn set_default(&self, name: &str) -> Result<(), ChangeError> {
        let before = self.read()?;
        before.entry(name)?;
        let prepared = self.prepare(&before, &ConfigEdit::Default(name))?;
        self.commit(prepared, || Ok(()))
    }

    /// Gives a profile, its stored token and its place as the default another name.
    ///
    /// # Errors
    /// Any [`ChangeError`].
    pub(crate) fn rename(&self, old: &str, new: &str) -> Result<(), ChangeError> {
        check_new_name(new)?;
        let before = self.read()?;
        before.entry(old)?;
        check_free(&before, new)?;
        let prepared = self.prepare(&before, &ConfigEdit::Rename { old, new })?;
        move_token(&self.environment, old, new).map_err(from_io)?;
        self.commit(prepared, || move_token(&self.environment, new, old))
    }

    /// Removes a profile and its stored token.
    ///
    /// # Errors
    /// Any [`ChangeError`].
    pub(crate) fn remove(&self, name: &str) -> Result<(), ChangeError> {
        let before = self.read()?;
        before.entry(name)?;
        let prepared = self.prepare(&before, &ConfigEdit::Remove(name))?;
        let deleted = delete_token(&self.environment, name).map_err(ChangeError::Store)?;
        self.commit(prepared, || deleted.undo())
    }

    /// The file as it is now. It may have changed while this run waited.
    fn read(&self) -> Result<ConfiguredProfiles, ConfigError> {
        ConfiguredProfiles::load_or_empty(self.environment.clone())
    }

    /// Writes the new text beside the file: what can fail before anything is changed fails here. `None` where the text
    /// stays as it is.
    fn prepare(
        &self,
        before: &ConfiguredProfiles,
        edit: &ConfigEdit<'_>,
    ) -> Result<Option<Prepared>, ConfigError> {
        let path = self.environment.config_file();
        let error = |fault| ConfigError { path: path.clone(), place: None, fault };
        let edited = apply_edit(before.text(), edit).filter(|edited| Config::parse(edited).is_ok());
        let edited = edited.ok_or_else(|| error(ConfigFault::Syntax("it cannot be edited".to_owned())))?;
        if edited == before.text() {
            return Ok(None);
        }
        private::prepare(&path, edited.as_bytes())
            .map(Some)
            .map_err(|source| error(ConfigFault::Unwritable { source, is_undone: true }))
    }

    fn commit(
        &self,
        prepared: Option<Prepared>,
        undo: impl FnOnce() -> io::Result<()>,
    ) -> Result<(), ChangeError> {
        let Some(Err(source)) = prepared.map(Prepared::commit) else { return Ok(()) };
        let fault = ConfigFault::Unwritable { source, is_undone: undo().is_ok() };
        Err(ConfigError { path: self.environment.config_file(), place: None, fault }.into())
    }
}

fn from_io(error: io::Error) -> ChangeError {
    ChangeError::Store(error.into())
}

/// Makes sure that no profile has this name.
pub(super) fn check_free(configured: &ConfiguredProfiles, name: &str) -> Result<(), ChangeError> {
    match configured.entry(name) {
        Ok(_) => Err(ChangeError::Taken(excerpt(name, 60))),
        Err(_) => Ok(()),
    }
}

/// Makes sure that a profile can have this name.
fn check_new_name(name: &str) -> Result<(), ChangeError> {
    // Little of the name is shown: it may be a token in the wrong place.
    check_name(name).map_err(|fault| ChangeError::Name { name: excerpt(name, 20), fault })
}

#[cfg(test)]
mod tests;
