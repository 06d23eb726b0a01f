//! Asks every profile for its state, a few at a time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::mpsc::UnboundedSender;
use tokio::task::JoinSet;

use super::message::Message;
use super::model::{ProfileState, RequestId, Session, Target};
use super::tasks::{log_of, send};
use super::{Happening, Opener, RequestLogOf};
use crate::api::{Client, RequestLog, Timing};
use crate::profile::Profile;
use crate::words::name_in_list;

/// How many are asked at the same time.
const AT_ONCE: usize = 8;

/// What all questions of a survey share.
struct Shared {
    opener: Opener,
    timing: Timing,
    log: Option<RequestLogOf>,
    to: UnboundedSender<Happening>,
    /// One client for each base URL: TLS is set up once.
    clients: Mutex<HashMap<String, Client>>,
}

/// Asks each of `profiles` once; the answers go to the loop as they come.
pub(super) async fn survey(
    request: RequestId,
    profiles: Vec<Session>,
    opener: Opener,
    timing: Timing,
    log: Option<RequestLogOf>,
    to: UnboundedSender<Happening>,
) {
    let shared = Arc::new(Shared { opener, timing, log, to: to.clone(), clients: Mutex::default() });
    let mut asking = JoinSet::new();
    for (index, profile) in profiles.into_iter().enumerate() {
        if asking.len() >= AT_ONCE {
            resume_panic(asking.join_next().await);
        }
        let (shared, to) = (Arc::clone(&shared), to.clone());
        asking.spawn(async move {
            let state = shared.ask(profile.name.unwrap_or_default()).await;
            send(&to, Message::Surveyed { request, index, state });
        });
    }
    while !asking.is_empty() {
        resume_panic(asking.join_next().await);
    }
}

fn resume_panic(ended: Option<Result<(), tokio::task::JoinError>>) {
    if let Some(Err(error)) = ended
        && error.is_panic()
    {
        std::panic::resume_unwind(error.into_panic());
    }
}

impl Shared {
    async fn ask(self: Arc<Self>, name: String) -> ProfileState {
        let this = Arc::clone(&self);
        let opened = tokio::task::spawn_blocking(move || (this.opener)(Target::Named(name))).await;
        match opened {
            Ok(Ok(profile)) => self.read(&profile).await,
            Ok(Err(reason)) => ProfileState::Failed(reason),
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            Err(_) => ProfileState::Failed("stopped".to_owned()),
        }
    }

    async fn read(&self, profile: &Profile) -> ProfileState {
        match self.client(profile).read(1).await {
            Ok(settings) => ProfileState::Read(Box::new(settings), profile.identity.clone()),
            Err(error) => ProfileState::Failed(name_in_list(&error)),
        }
    }

    fn client(&self, profile: &Profile) -> Client {
        let silent: RequestLog = Arc::new(|_| ());
        let file = self.log.as_ref().map(|log| log(&profile.base_url));
        let log = log_of(profile, self.to.clone(), file);
        let (base_url, token) = (profile.base_url.clone(), profile.token.clone());
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let first = clients
            .entry(base_url.to_string())
            .or_insert_with(|| Client::new(base_url, token.clone(), self.timing.clone(), silent));
        first.beside(token, log)
    }
}
