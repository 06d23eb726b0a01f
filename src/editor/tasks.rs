//! What runs beside the loop: requests and pauses. At most one request is of interest; a newer one replaces it.

use std::sync::Arc;

use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::task::{AbortHandle, JoinSet};

use super::message::{Effect, Message};
use super::model::{RequestId, Session};
use super::{Happening, Opener, Setup};
use crate::api::credentials::Token;
use crate::api::retry::Timing;
use crate::api::save::{Order, Report, drive};
use crate::api::{Client, RequestLog};
use crate::profile::Profile;
use crate::settings::merge::Intent;

/// The tasks and what they need.
pub(super) struct Tasks {
    to: UnboundedSender<Happening>,
    running: JoinSet<()>,
    request: Option<AbortHandle>,
    orders: Option<UnboundedSender<Order>>,
    client: Option<Arc<Client>>,
    open_demo: Opener<()>,
    open_token: Opener<Token>,
    timing: Timing,
    request_log: Option<RequestLog>,
}

impl Tasks {
    pub(super) fn new(to: UnboundedSender<Happening>, setup: &Setup) -> Self {
        let mut this = Self {
            to,
            running: JoinSet::new(),
            request: None,
            orders: None,
            client: None,
            open_demo: setup.open_demo.clone(),
            open_token: setup.open_token.clone(),
            timing: setup.timing.clone(),
            request_log: setup.request_log.clone(),
        };
        this.client = setup.profile.as_ref().map(|profile| this.connect(profile));
        this
    }

    /// Starts what an effect asks for.
    pub(super) fn start(&mut self, effect: Effect) {
        match effect {
            Effect::Read(request) => self.read(request),
            Effect::Reread(request) => self.reread(request),
            Effect::Save(request, intent) => self.save(request, *intent),
            Effect::Order(order) => self.order(order),
            Effect::Abort => self.abort(),
            Effect::Grace => self.grace(),
            Effect::OpenDemo => self.open((self.open_demo)(())),
            Effect::OpenToken(token) => self.open((self.open_token)(token)),
            Effect::Copy(_) | Effect::Suspend | Effect::Redraw | Effect::Quit(_) => {}
        }
    }

    /// Waits for ever, unless a task panics: then with its panic.
    pub(super) async fn watch_for_panics(&mut self) {
        while let Some(ended) = self.running.join_next().await {
            if let Err(error) = ended
                && error.is_panic()
            {
                std::panic::resume_unwind(error.into_panic());
            }
        }
        std::future::pending::<()>().await;
    }

    fn open(&mut self, profile: Result<Profile, String>) {
        let session = profile.map(|profile| {
            self.client = Some(self.connect(&profile));
            Session::from(&profile)
        });
        send(&self.to, Message::Opened(session));
    }

    fn connect(&self, profile: &Profile) -> Arc<Client> {
        let (to, log) = (self.to.clone(), self.request_log.clone());
        let tell: RequestLog = Arc::new(move |record| {
            if let Some(log) = &log {
                log(record.clone());
            }
            send(&to, Message::Logged(record));
        });
        Arc::new(Client::new(profile.base_url.clone(), profile.token.clone(), self.timing.clone(), tell))
    }

    fn read(&mut self, request: RequestId) {
        self.request(move |client, to| async move {
            let retrying = |attempt, error: &_| {
                let error = Clone::clone(error);
                send(&to, Message::Retrying { request, attempt, error });
            };
            let result = client.read_patiently(retrying).await;
            send(&to, Message::Read { request, result });
        });
    }

    fn reread(&mut self, request: RequestId) {
        self.request(move |client, to| async move {
            tokio::time::sleep(client.timing().reread).await;
            let result = client.read(1).await;
            send(&to, Message::Read { request, result });
        });
    }

    fn save(&mut self, request: RequestId, intent: Intent) {
        let (orders, heard) = unbounded_channel();
        self.orders = Some(orders);
        self.request(move |client, to| async move {
            let report = |report: Report<'_>| {
                let message = match report {
                    Report::Moved(save) => Message::SaveMoved { request, save: Box::new(save.clone()) },
                    Report::Retrying(attempt, error) => {
                        Message::Retrying { request, attempt, error: error.clone() }
                    }
                };
                send(&to, message);
            };
            drive(&client, intent, heard, report).await;
        });
    }

    fn order(&mut self, order: Order) {
        if let Some(orders) = &self.orders {
            // A save that has ended hears nothing, and needs to hear nothing.
            let _ = orders.send(order);
        }
    }

    fn abort(&mut self) {
        if let Some(request) = self.request.take() {
            request.abort();
        }
    }

    fn grace(&mut self) {
        let (to, time) = (self.to.clone(), self.timing.grace);
        self.running.spawn(async move {
            tokio::time::sleep(time).await;
            send(&to, Message::GraceOver);
        });
    }

    /// Starts a request in the place of the one before.
    fn request<F>(&mut self, start: impl FnOnce(Arc<Client>, UnboundedSender<Happening>) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.abort();
        if let Some(client) = &self.client {
            let task = start(Arc::clone(client), self.to.clone());
            self.request = Some(self.running.spawn(task));
        }
    }
}

/// Tells the loop; where there is none any more, nobody needs to know.
fn send(to: &UnboundedSender<Happening>, message: Message) {
    let _ = to.send(message.into());
}
