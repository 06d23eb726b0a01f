//! A demo server, a client that speaks to it, and a draft to be saved.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::support::configuration::{RATING, object, parse};
use convrating::api::credentials::{BaseUrl, Token};
use convrating::api::{Client, RequestRecord, SaveLock, SaveStart, Timing, drive};
use convrating::demo::{Demo, Hooks};
use convrating::save::{Outcome, Save};
use convrating::settings::Draft;
use convrating::settings::Intent;
use convrating::settings::Settings;
use convrating::words::{Audience, CallContext, describe_outcome};
use serde_json::Value;
use tokio::sync::mpsc::unbounded_channel;
use tokio::task::JoinHandle;

/// The agent that the tests save: rating off, two codes.
pub(super) const AGENT: &str = "acme";

/// What the log was told, in order.
pub(super) type Log = Arc<Mutex<Vec<RequestRecord>>>;

/// A running demo server; it ends with this.
pub(super) struct Lab {
    pub(super) hooks: Hooks,
    pub(super) url: String,
    pub(super) token: String,
    server: JoinHandle<io::Result<()>>,
}

impl Lab {
    pub(super) fn start() -> Self {
        let demo = Demo::bind(0).expect("a free port");
        let token = demo.agent(AGENT).expect("the agent").token().to_owned();
        let (hooks, url) = (demo.hooks(), demo.url());
        Self { hooks, url, token, server: tokio::spawn(demo.serve()) }
    }

    pub(super) fn client(&self, timing: Timing) -> Client {
        self.client_at(&self.url, timing).0
    }

    /// A client that speaks to `url` with this server's token, and its log.
    pub(super) fn client_at(&self, url: &str, timing: Timing) -> (Client, Log) {
        client(url, &self.token, timing)
    }

    /// What the server holds, as the client would read it.
    pub(super) fn held(&self) -> Settings {
        parse(&self.hooks.configuration(AGENT))
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        self.server.abort();
    }
}

pub(super) fn client(url: &str, token: &str, timing: Timing) -> (Client, Log) {
    let log = Log::default();
    let told = Arc::clone(&log);
    let tell = move |record| told.lock().unwrap_or_else(PoisonError::into_inner).push(record);
    let base_url = BaseUrl::parse(url).expect("a base URL");
    let client = Client::new(base_url, Token::new(token).expect("a token"), timing, Arc::new(tell));
    (client, log)
}

/// The times of a user, fifty times shorter, but with no bound that a slow machine could reach.
pub(super) fn brisk() -> Timing {
    let patient = Timing::default();
    Timing { connect: patient.connect, read: patient.read, patch: patient.patch, ..quick() }
}

/// Every time of a user, fifty times shorter.
pub(super) fn quick() -> Timing {
    Timing::default().faster(50)
}

/// The agent's first configuration.
pub(super) fn before() -> Settings {
    parse(&configuration(false, false))
}

/// A configuration as on the wire, with the agent's two codes.
pub(super) fn configuration(active: bool, popup_active: bool) -> Value {
    object([active, popup_active], &["HELPFUL_THUMBS", "EXPERIENCE_THUMBS"])
}

/// A draft in which the user has switched the rating on.
pub(super) fn rating_on() -> Draft {
    let mut draft = Draft::new(before());
    draft.toggle(&RATING);
    draft
}

/// The start of a save that waits for no other one.
pub(super) fn unlocked(intent: Intent) -> SaveStart {
    SaveStart::Seen(intent, SaveLock::none())
}

/// Saves with nobody there to ask.
pub(super) async fn save(client: &Client, intent: Intent) -> Save {
    let (_, orders) = unbounded_channel();
    within(drive(client, unlocked(intent), orders, |_| {})).await
}

/// The words for an outcome at two minutes past two.
pub(super) fn words(client: &Client, outcome: &Outcome) -> String {
    let context = CallContext {
        profile: None,
        base_url: client.base_url().clone(),
        token_source: convrating::agents::TokenSource::Readable(
            convrating::agents::ReadableSource::Variable("QUICKCHAT_API_TOKEN".to_owned()),
        ),
        audience: Audience::Editor,
    };
    describe_outcome(outcome, "14:02:11", &context).to_string()
}

/// A test that waits for what never comes fails in place of hanging.
pub(super) async fn within<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_mins(1), future).await.expect("within a minute")
}
