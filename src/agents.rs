//! Whose token, where it may go, and the one way to an open connection.
//!
//! ```text
//!  configuration file, variables ─► KnownProfiles ◄─ profiles that are ready: the demo's
//!                                        │
//!  AgentOptions ─► Agents::open ─ which profile ─ its token, from its source ─ may it be used ─► Connection {profile, client}
//!                                                     │
//!                                a file, a variable, or a helper program: see HelperPlace
//! ```
//!
//! The editor, its list of profiles and every command open agents in this way. `side_by_side` opens many, eight at a
//! time. What a caller drops is ended: a helper program does not outlive the future that waits for it.

mod changes;
mod config;
mod configured;
mod environment;
mod error;
mod fault;
mod identity;
mod join;
mod known;
mod options;
mod pin;
mod profile;
mod side_by_side;
mod source;
mod store;
mod token;
mod token_command;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use crate::api::credentials::{BaseUrl, Token};
use crate::api::{Client, RequestLog, Route, SaveLock, Timing, VariableFault};

pub use changes::ChangeError;
pub use changes::ChangeLock;
pub(crate) use changes::StoredProfile;
use changes::check_free;
pub(crate) use config::check_name;
pub use config::{Config, ConfigError, ConfigFault, ProfileEntry};
pub use configured::ConfiguredProfiles;
pub use environment::Environment;
pub(crate) use environment::{COMPLETION_VARIABLE, TOKEN_VARIABLE, URL_VARIABLE};
pub use error::ProfileError;
pub(crate) use fault::MAY_ASK;
pub use fault::{SourceError, SourceFault};
pub use identity::Identity;
pub(crate) use identity::parse_scenario_id;
pub(crate) use identity::parse_scope;
pub(crate) use join::run_blocking;
pub use known::KnownProfiles;
pub use options::{AgentOptions, HelperPlace, TokenChoice};
pub(crate) use pin::check_pin_of_login;
pub use profile::{DemoFacts, Profile, ProfileOutline};
pub(crate) use side_by_side::{AnswerOrder, side_by_side};
pub(crate) use source::MAX_TOKEN_BYTES;
pub use source::{ReadableSource, TokenSource};

/// Makes the log of the requests for a profile: it is called once for each connection.
pub(crate) type ProfileLog = Arc<dyn Fn(&Profile) -> RequestLog + Send + Sync>;

/// Opens agents. A clone opens the same ones, over the same HTTP clients.
#[derive(Clone)]
pub struct Agents {
    known: Arc<KnownProfiles>,
    timing: Timing,
    logs: Vec<ProfileLog>,
    /// One client for each base URL, so that TLS is set up once. The clients of further tokens stand beside it.
    clients: Arc<Mutex<HashMap<String, Client>>>,
}

/// An agent that was opened. Nothing has been sent to it yet.
#[derive(Debug)]
pub struct Connection {
    /// Whose token it is, and where it may go.
    pub profile: Profile,
    /// Speaks to the profile's base URL with the profile's token.
    pub client: Client,
    /// Saves to this agent from this machine take turns by it; in the demo they do not.
    pub lock: SaveLock,
}

impl Agents {
    /// Opens `known` profiles, with the times that a user gets, and without a log.
    pub fn new(known: KnownProfiles) -> Self {
        Self { known: Arc::new(known), timing: Timing::default(), logs: Vec::new(), clients: Arc::default() }
    }

    /// The same with other times for every request.
    #[must_use]
    pub fn with_timing(self, timing: Timing) -> Self {
        Self { timing, ..self }
    }

    /// The same with one more log for every request.
    #[must_use]
    pub fn with_log(mut self, log: ProfileLog) -> Self {
        self.logs.push(log);
        self
    }

    /// The same with other profiles. The HTTP clients are shared.
    #[must_use]
    pub(crate) fn with_known(self, known: KnownProfiles) -> Self {
        Self { known: Arc::new(known), ..self }
    }

    /// The profiles that can be opened.
    pub fn known(&self) -> &KnownProfiles {
        &self.known
    }

    /// Opens the profiles that the configuration file names now, over the same HTTP clients.
    ///
    /// # Errors
    /// The file cannot be read or understood.
    pub(crate) async fn reload(&self) -> Result<Self, ConfigError> {
        Ok(Self { known: Arc::new(self.known.reload().await?), ..self.clone() })
    }

    /// How long everything may take.
    pub fn timing(&self) -> &Timing {
        &self.timing
    }

    /// The way that requests to `base_url` take.
    ///
    /// # Errors
    /// A variable that has a say in it cannot be honoured.
    pub(crate) fn route(&self, base_url: &BaseUrl) -> Result<Route, VariableFault> {
        Route::find(&self.known.network_variables(), base_url)
    }

    /// Opens the agent that `options` mean: reads the configuration file and its token anew, and makes sure that the token
    /// may be used. It takes as long as a `token_command` runs: see [`HelperPlace`]. The caller ends that program by
    /// dropping this future.
    ///
    /// # Errors
    /// Any [`ProfileError`]. At [`ProfileError::NoToken`] the editor asks the user for a token.
    pub async fn open(&self, options: &AgentOptions) -> Result<Connection, ProfileError> {
        Ok(self.connect(self.known.open(options).await?))
    }

    /// The same for a caller that has just read the configuration file, once for all profiles that it opens. The file is not read
    /// again for each of them: with the number of profiles its size grows too.
    ///
    /// # Errors
    /// Any [`ProfileError`].
    pub(crate) async fn open_as_known(&self, options: &AgentOptions) -> Result<Connection, ProfileError> {
        Ok(self.connect(self.known.open_as_known(options).await?))
    }

    /// Opens the profile of this name with another token, or `base_url` where the token belongs to no profile. The
    /// configuration file is read anew. The source of the profile is [`ReadableSource::Stored`] where `login` has stored its
    /// token, and the caller has to [`store`](Self::store) it; otherwise it is [`TokenSource::Prompt`].
    ///
    /// # Errors
    /// Any [`ProfileError`]: among them [`ProfileError::PinnedElsewhere`].
    pub(crate) async fn open_with(
        &self,
        name: Option<&str>,
        token: Token,
        base_url: &BaseUrl,
        options: &AgentOptions,
    ) -> Result<Connection, ProfileError> {
        let Some(name) = name else {
            let outline = ProfileOutline::unnamed(base_url.clone(), TokenSource::Prompt, options);
            return Ok(self.connect(outline.with_token(token)));
        };
        Ok(self.connect(self.known.open_with(name, token, options).await?))
    }

    /// Opens a new profile of this name with its token, where a token goes that belongs to no profile. The configuration file is
    /// read anew, and nothing is stored: the caller makes sure that the token can read, and then calls
    /// [`store_new`](Self::store_new).
    ///
    /// # Errors
    /// Any [`ChangeError`]: among them [`ChangeError::Taken`].
    pub(crate) async fn open_new(
        &self,
        name: &str,
        token: Token,
        options: &AgentOptions,
    ) -> Result<Connection, ChangeError> {
        check_free(self.known.reload().await?.configured()?, name)?;
        let base_url = self.known.unnamed_url(options)?;
        Ok(self.open_with(None, token, &base_url, options).await?)
    }

    /// Stores `profile` under a name that no profile has, as `login` does. It waits while another run of the program changes
    /// profiles.
    ///
    /// # Errors
    /// Any [`ChangeError`]: among them [`ChangeError::Taken`].
    pub(crate) async fn store_new(&self, name: &str, profile: &Profile) -> Result<(), ChangeError> {
        let lock = ChangeLock::wait(self.known.configured()?.environment()).await?;
        let (name, profile) = (name.to_owned(), profile.clone());
        run_blocking(move || lock.store_new(&name, &profile)).await.map(drop)
    }

    /// Stores the token of `profile` where `login` stored the one before it. The token of every other source is not stored. It
    /// waits while another run of the program changes profiles.
    ///
    /// # Errors
    /// Any [`ChangeError`].
    pub async fn store(&self, profile: &Profile) -> Result<(), ChangeError> {
        match (&*self.known, &profile.name, &profile.source) {
            (
                KnownProfiles::Configured(configured),
                Some(name),
                TokenSource::Readable(ReadableSource::Stored),
            ) => {
                // A caller that gives up while another run changes profiles stores nothing.
                let lock = ChangeLock::wait(configured.environment()).await?;
                let (name, profile) = (name.clone(), profile.clone());
                run_blocking(move || lock.store_again(&name, &profile)).await
            }
            _ => Ok(()),
        }
    }

    /// A connection for a profile whose token is at hand.
    pub fn connect(&self, profile: Profile) -> Connection {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let first = clients.entry(profile.base_url.to_string()).or_insert_with(|| {
            let (base_url, token) = (profile.base_url.clone(), profile.token.clone());
            let client = Client::new(base_url, token, self.timing.clone(), Arc::new(|_| ()));
            client.with_network(self.known.network_variables())
        });
        let client = first.beside(profile.token.clone(), self.make_log(&profile));
        let lock = self.known.save_lock(&profile);
        Connection { profile, client, lock }
    }

    fn make_log(&self, profile: &Profile) -> RequestLog {
        let logs: Vec<RequestLog> = self.logs.iter().map(|log| log(profile)).collect();
        Arc::new(move |record| logs.iter().for_each(|log| log(record.clone())))
    }
}

/// It shows no log and no client, which are functions and sockets.
impl fmt::Debug for Agents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Agents").field("known", &self.known).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
