//! What runs beside the loop: requests and pauses. At most one request is of interest; a newer one replaces it.

use std::sync::Arc;

use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::task::{AbortHandle, JoinSet};

use super::message::{Effect, Message};
use super::model::{Logged, RequestId, Session, Target};
use super::survey::survey;
use super::{First, Happening, Opener, RequestLogOf, Setup};
use crate::api::{Client, Order, Report, RequestLog, Timing, drive};
use crate::journal::Journal;
use crate::profile::Profile;
use crate::settings::Intent;

/// The tasks and what they need.
pub(super) struct Tasks {
    to: UnboundedSender<Happening>,
    running: JoinSet<()>,
    request: Option<AbortHandle>,
    survey: Option<AbortHandle>,
    orders: Option<UnboundedSender<Order>>,
    connection: Option<(Arc<Client>, Profile)>,
    profiles: Vec<Session>,
    opener: Opener,
    journal: Option<Journal>,
    timing: Timing,
    request_log: Option<RequestLogOf>,
}

impl Tasks {
    pub(super) fn new(to: UnboundedSender<Happening>, setup: &Setup) -> Self {
        let mut this = Self {
            to,
            running: JoinSet::new(),
            request: None,
            survey: None,
            orders: None,
            connection: None,
            profiles: setup.profiles.clone(),
            opener: setup.opener.clone(),
            journal: setup.journal.clone(),
            timing: setup.timing.clone(),
            request_log: setup.request_log.clone(),
        };
        if let First::Profile(profile) = &setup.first {
            this.connect(profile);
        }
        this
    }

    /// Starts what an effect asks for.
    pub(super) fn start(&mut self, effect: Effect) {
        match effect {
            Effect::Open(request, target) => self.open(request, target),
            Effect::Survey(request) => self.survey(request),
            Effect::EndSurvey => abort(&mut self.survey),
            Effect::Read(request) => self.read(request),
            Effect::Reread(request) => self.reread(request),
            Effect::Save(request, intent) => self.save(request, *intent),
            Effect::Order(order) => self.order(order),
            Effect::Abort => abort(&mut self.request),
            Effect::Grace(request) => self.grace(request),
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

    /// Requests go to `profile` from now on.
    pub(super) fn connect(&mut self, profile: &Profile) {
        let client = Client::new(
            profile.base_url.clone(),
            profile.token.clone(),
            self.timing.clone(),
            self.log(profile),
        );
        self.connection = Some((Arc::new(client), profile.clone()));
    }

    fn log(&self, profile: &Profile) -> RequestLog {
        let file = self.request_log.as_ref().map(|log| log(&profile.base_url));
        log_of(profile, self.to.clone(), file)
    }

    /// From now on no request goes anywhere, until there is the new connection.
    fn open(&mut self, request: RequestId, target: Target) {
        abort(&mut self.request);
        self.connection = None;
        let (to, opener) = (self.to.clone(), self.opener.clone());
        self.running.spawn_blocking(move || {
            let result = opener(target).map(Box::new);
            // Where there is no loop any more, nobody needs to know.
            let _ = to.send(Happening::Opened(request, result));
        });
    }

    fn survey(&mut self, request: RequestId) {
        abort(&mut self.survey);
        let (to, log) = (self.to.clone(), self.request_log.clone());
        let asking =
            survey(request, self.profiles.clone(), self.opener.clone(), self.timing.clone(), log, to);
        self.survey = Some(self.running.spawn(asking));
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
        let profile = self.connection.as_ref().map(|(_, profile)| profile);
        let mut entry =
            self.journal.as_ref().zip(profile).and_then(|(journal, profile)| journal.begin(profile));
        self.request(move |client, to| async move {
            let report = |report: Report<'_>| {
                if let Report::Moved(save) = &report
                    && let Some(Err(warning)) = entry.as_mut().map(|entry| entry.follow(save))
                {
                    send(&to, Message::Warned(format!("Warning: {warning}")));
                }
                send(&to, told(request, &report));
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

    fn grace(&mut self, request: RequestId) {
        let (to, time) = (self.to.clone(), self.timing.grace);
        self.running.spawn(async move {
            tokio::time::sleep(time).await;
            send(&to, Message::GraceOver(request));
        });
    }

    /// Starts a request in the place of the one before.
    fn request<F>(&mut self, start: impl FnOnce(Arc<Client>, UnboundedSender<Happening>) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        abort(&mut self.request);
        if let Some((client, ..)) = &self.connection {
            let task = start(Arc::clone(client), self.to.clone());
            self.request = Some(self.running.spawn(task));
        }
    }
}

fn abort(task: &mut Option<AbortHandle>) {
    if let Some(task) = task.take() {
        task.abort();
    }
}

/// Tells the loop, and the log file where there is one, of each request made for `profile`.
pub(super) fn log_of(
    profile: &Profile,
    to: UnboundedSender<Happening>,
    file: Option<RequestLog>,
) -> RequestLog {
    let profile = profile.name.clone();
    Arc::new(move |record| {
        if let Some(file) = &file {
            file(record.clone());
        }
        send(&to, Message::Logged(Logged { record, profile: profile.clone() }));
    })
}

/// What the model is told of a report.
fn told(request: RequestId, report: &Report<'_>) -> Message {
    match *report {
        Report::Moved(save) => Message::SaveMoved { request, save: Box::new(save.clone()) },
        Report::Retrying(attempt, error) => Message::Retrying { request, attempt, error: error.clone() },
    }
}

/// Tells the loop; where there is none any more, nobody needs to know.
pub(super) fn send(to: &UnboundedSender<Happening>, message: Message) {
    let _ = to.send(message.into());
}
