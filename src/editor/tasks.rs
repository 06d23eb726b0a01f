//! The tasks beside the loop: openings, requests and pauses. There is one opening or request at a time, and a newer one
//! takes the place of an older one. The survey of the profiles runs beside it.

use std::sync::Arc;

use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::task::{AbortHandle, JoinSet};

use super::happening::Happening;
use super::message::{Effect, Message, NewProfile, Renewal};
use super::model::{Logged, RequestId, Session, Target};
use super::recall::find_saves;
use super::renewal::{add_profile, renew};
use super::setup::{DemoStarter, First, Setup};
use super::survey::survey;
use crate::agents::{
    AgentOptions, Agents, Connection, HelperPlace, KnownProfiles, Profile, ProfileLog, TokenChoice,
};
use crate::api::{Order, Report, SaveStart, drive};
use crate::journal::{Journal, Subject, find_last_save};
use crate::settings::Intent;
use crate::terminal::load_tmux_buffer;
use crate::words::describe_unreadable_history;

/// The tasks, and the values that they need.
pub(super) struct Tasks {
    to: UnboundedSender<Happening>,
    running: JoinSet<()>,
    request: Option<AbortHandle>,
    survey: Option<AbortHandle>,
    copy: Option<AbortHandle>,
    /// The search for the save that `b` sets back.
    last_save: Option<AbortHandle>,
    /// The reading of the history for its page.
    history: Option<AbortHandle>,
    orders: Option<UnboundedSender<Order>>,
    connection: Option<Arc<Connection>>,
    /// The connection before the opening that is under way.
    left: Option<Arc<Connection>>,
    /// Where a helper program of the next opening runs: in the foreground only where the loop has left the terminal for it.
    next_place: HelperPlace,
    agents: Agents,
    options: AgentOptions,
    start_demo: DemoStarter,
    journal: Option<Journal>,
}

impl Tasks {
    pub(super) fn new(to: UnboundedSender<Happening>, setup: &Setup) -> Self {
        let mut this = Self {
            agents: setup.agents.clone().with_log(log_to(to.clone())),
            to,
            running: JoinSet::new(),
            request: None,
            survey: None,
            copy: None,
            last_save: None,
            history: None,
            orders: None,
            connection: None,
            left: None,
            next_place: HelperPlace::Background,
            options: setup.options.clone(),
            start_demo: setup.start_demo.clone(),
            journal: setup.journal.clone(),
        };
        if let First::Profile(profile) = &setup.first {
            this.connect(this.agents.connect((**profile).clone()));
        }
        this
    }

    /// Starts the task that an effect asks for.
    pub(super) fn start(&mut self, effect: Effect) {
        match effect {
            Effect::Open(request, target) => self.open(request, target),
            Effect::Renew(request, renewal) => self.renew(request, *renewal),
            Effect::Add(request, new) => self.add_profile(request, *new),
            Effect::Survey(request) => self.survey(request),
            Effect::EndSurvey => abort(&mut self.survey),
            Effect::Read(request) => self.read(request),
            Effect::Reread { request, is_second } => self.reread(request, is_second),
            Effect::Save(request, intent) => self.save(request, *intent),
            Effect::FindLastSave(request, subject) => self.find_last_save(request, subject),
            Effect::ReadHistory(request, subject) => self.read_history(request, subject),
            Effect::Order(order) => self.order(order),
            Effect::Abort => abort(&mut self.request),
            Effect::Grace(request) => self.grace(request),
            Effect::LendTerminal => self.next_place = HelperPlace::Foreground,
            Effect::Copy(text) => self.leave_to_tmux(text),
            Effect::Suspend | Effect::Redraw | Effect::Quit(_) => {}
        }
    }

    /// Waits until a task panics, and resumes its panic.
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

    /// Requests go over `connection` from now on.
    pub(super) fn connect(&mut self, connection: Connection) {
        self.connection = Some(Arc::new(connection));
        self.left = None;
    }

    /// Requests go over the connection again that was there before the last opening.
    pub(super) fn go_back(&mut self) {
        self.connection = self.left.take();
    }

    /// Opens a connection. Until it is open no request can be made. An opening that is under way is stopped.
    fn open(&mut self, request: RequestId, target: Target) {
        abort(&mut self.request);
        self.left = self.connection.take().or_else(|| self.left.take());
        let helper_place = std::mem::replace(&mut self.next_place, HelperPlace::Background);
        let choice = match self.choose(target) {
            Ok(choice) => choice,
            // The loop may have ended meanwhile. Then the answer is not needed.
            Err(reason) => return drop(self.to.send(Happening::Opened(request, Err(reason)))),
        };
        let (to, agents) = (self.to.clone(), self.agents.clone());
        let options = AgentOptions { choice, helper_place, ..self.options.clone() };
        self.request = Some(self.running.spawn(async move {
            let happening = match open_choice(&agents, options).await {
                Err(Unopened::Unlent(session)) => Message::HelperFound { request, session: *session }.into(),
                Err(Unopened::Stopped) => Message::OpenStopped(request).into(),
                Err(Unopened::Failed(reason)) => Happening::Opened(request, Err(reason)),
                Ok(connection) => Happening::Opened(request, Ok(Box::new(connection))),
            };
            // The loop may have ended meanwhile. Then the answer is not needed.
            let _ = to.send(happening);
        }));
    }

    /// Which token is meant. The demo is started where the user opens it: from then on its agents are the profiles that there are.
    fn choose(&mut self, target: Target) -> Result<TokenChoice, String> {
        Ok(match target {
            Target::Named(name) => TokenChoice::Profile(name),
            Target::Typed(token) => TokenChoice::Typed(token),
            Target::Demo => {
                self.agents = self.agents.clone().with_known(KnownProfiles::Ready((self.start_demo)()?));
                TokenChoice::Preferred
            }
        })
    }

    /// The profiles that can be opened, as far as they are known without their tokens.
    pub(super) fn sessions(&self) -> Vec<Session> {
        self.agents.known().outlines(&self.options).into_iter().map(Session::from).collect()
    }

    /// Gets another token. The connection that there is stays until the loop has taken the new one.
    fn renew(&mut self, request: RequestId, renewal: Renewal) {
        abort(&mut self.request);
        let helper_place = std::mem::replace(&mut self.next_place, HelperPlace::Background);
        let (to, agents, old) = (self.to.clone(), self.agents.clone(), self.connection.clone());
        let options = AgentOptions { helper_place, ..self.options.clone() };
        self.request = Some(self.running.spawn(async move {
            if let (None, Some(name)) = (&renewal.typed, &renewal.session.name)
                && let Some(session) = find_unlent(&agents, &options.for_profile(name)).await
            {
                return send(&to, Message::HelperFound { request, session });
            }
            let old = old.as_ref().map(|old| &old.profile);
            let renewed = renew(renewal, old, &agents, &options).await;
            // The loop may have ended meanwhile. Then the answer is not needed.
            let _ = to.send(Happening::Renewed(request, renewed.map(Box::new)));
        }));
    }

    /// Adds a profile. There is no connection until the loop has taken the one to it.
    fn add_profile(&mut self, request: RequestId, new: NewProfile) {
        abort(&mut self.request);
        let (to, agents, options) = (self.to.clone(), self.agents.clone(), self.options.clone());
        self.request = Some(self.running.spawn(async move {
            let added = add_profile(new, &agents, &options).await;
            // The loop may have ended meanwhile. Then the answer is not needed.
            let _ = to.send(Happening::Renewed(request, added.map(Box::new)));
        }));
    }

    fn survey(&mut self, request: RequestId) {
        abort(&mut self.survey);
        let (to, agents, options) = (self.to.clone(), self.agents.clone(), self.options.clone());
        let open = self.connection.clone();
        self.survey = Some(self.running.spawn(async move {
            let agents = match agents.reload().await {
                Ok(agents) => agents,
                Err(error) => {
                    let result = Err(format!("{error}."));
                    return send(&to, Message::Listed { request, result });
                }
            };
            let listed = agents.known().outlines(&options);
            let sessions = listed.iter().cloned().map(Session::from).collect();
            send(&to, Message::Listed { request, result: Ok(sessions) });
            let tell = |index, state| send(&to, Message::Surveyed { request, index, state });
            survey(agents, options, listed, open, tell).await;
        }));
    }

    /// Leaves a text to tmux's buffer, in place of one that tmux has not taken yet.
    fn leave_to_tmux(&mut self, text: String) {
        abort(&mut self.copy);
        let to = self.to.clone();
        self.copy = Some(self.running.spawn(async move {
            let loaded = load_tmux_buffer(&text).await;
            // The loop may have ended meanwhile. Then the answer is not needed.
            let _ = to.send(Happening::LeftToTmux(text, loaded));
        }));
    }

    fn read(&mut self, request: RequestId) {
        self.request(move |connection, to| async move {
            let retrying = |attempt, error: &_| {
                let error = Clone::clone(error);
                send(&to, Message::Retrying { request, attempt, error });
            };
            let result = connection.client.read_patiently(retrying).await;
            send(&to, Message::Read { request, result });
        });
    }

    fn reread(&mut self, request: RequestId, is_second: bool) {
        self.request(move |connection, to| async move {
            let timing = connection.client.timing();
            tokio::time::sleep(if is_second { timing.second_reread } else { timing.reread }).await;
            let result = connection.client.read_fresh(1).await;
            send(&to, Message::Read { request, result });
        });
    }

    fn save(&mut self, request: RequestId, intent: Intent) {
        let (orders, heard) = unbounded_channel();
        self.orders = Some(orders);
        let journal = self.journal.clone();
        self.request(move |connection, to| async move {
            let mut entry = journal.as_ref().and_then(|journal| journal.begin(&connection.profile));
            let report = |report: Report<'_>| {
                if let Report::Moved(save) = &report
                    && let Some(Err(warning)) = entry.as_mut().map(|entry| entry.follow(save))
                {
                    send(&to, Message::Warned(format!("Warning: {warning}")));
                }
                send(&to, message_for(request, &report));
            };
            let start = SaveStart::Seen(intent, connection.lock.clone());
            drive(&connection.client, start, heard, report).await;
        });
    }

    fn find_last_save(&mut self, request: RequestId, subject: Subject) {
        abort(&mut self.last_save);
        let (to, journal) = (self.to.clone(), self.journal.clone());
        self.last_save = Some(self.running.spawn(async move {
            let found = find_last_save(journal, &subject).await;
            let result = found.map_err(|error| describe_unreadable_history(&error));
            send(&to, Message::LastSaveFound { request, result });
        }));
    }

    fn read_history(&mut self, request: RequestId, subject: Subject) {
        abort(&mut self.history);
        let (to, journal) = (self.to.clone(), self.journal.clone());
        self.history = Some(self.running.spawn(async move {
            let result = find_saves(journal, &subject).await;
            send(&to, Message::HistoryRead { request, result });
        }));
    }

    fn order(&mut self, order: Order) {
        if let Some(orders) = &self.orders {
            // A save that has ended takes no orders: then sending fails, and nothing has to be done.
            let _ = orders.send(order);
        }
    }

    fn grace(&mut self, request: RequestId) {
        let (to, time) = (self.to.clone(), self.agents.timing().grace);
        self.running.spawn(async move {
            tokio::time::sleep(time).await;
            send(&to, Message::GraceOver(request));
        });
    }

    /// Starts a request, and stops the one before it.
    fn request<F>(&mut self, start: impl FnOnce(Arc<Connection>, UnboundedSender<Happening>) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        abort(&mut self.request);
        if let Some(connection) = &self.connection {
            let task = start(Arc::clone(connection), self.to.clone());
            self.request = Some(self.running.spawn(task));
        }
    }
}

fn abort(task: &mut Option<AbortHandle>) {
    if let Some(task) = task.take() {
        task.abort();
    }
}

/// Why there is no connection.
enum Unopened {
    /// The user ended the helper program.
    Stopped,
    /// The profile of this session has a helper program, and the terminal was not left for it.
    Unlent(Box<Session>),
    /// In a sentence.
    Failed(String),
}

/// Opens what `options` mean. A helper program may ask the user for something, if the loop has left the terminal for it.
async fn open_choice(agents: &Agents, options: AgentOptions) -> Result<Connection, Unopened> {
    if let Some(session) = find_unlent(agents, &options).await {
        return Err(Unopened::Unlent(Box::new(session)));
    }
    agents.open(&options).await.map_err(|error| match error {
        error if error.is_interrupted() => Unopened::Stopped,
        error => Unopened::Failed(format!("{error}.")),
    })
}

/// The profile that `options` mean, if the configuration file gives it a helper program now and the loop has not left the
/// terminal for that program.
async fn find_unlent(agents: &Agents, options: &AgentOptions) -> Option<Session> {
    if options.helper_place == HelperPlace::Foreground {
        return None;
    }
    let now = agents.reload().await.ok()?;
    now.known().outline(options).ok()?.map(Session::from).filter(Session::has_helper)
}

/// Makes the log that tells the loop about each request.
fn log_to(to: UnboundedSender<Happening>) -> ProfileLog {
    Arc::new(move |profile: &Profile| {
        let (to, profile) = (to.clone(), profile.name.clone());
        Arc::new(move |record| send(&to, Message::Logged(Logged { record, profile: profile.clone() })))
    })
}

/// The message that tells the model about a report.
fn message_for(request: RequestId, report: &Report<'_>) -> Message {
    match *report {
        Report::Moved(save) => Message::SaveMoved { request, save: Box::new(save.clone()) },
        Report::Retrying(attempt, error) => Message::Retrying { request, attempt, error: error.clone() },
    }
}

/// Sends a message to the loop. The loop may have ended meanwhile; then the message is not needed.
fn send(to: &UnboundedSender<Happening>, message: Message) {
    let _ = to.send(message.into());
}
