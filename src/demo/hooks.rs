//! The way into a running demo server, for tests: look, change, break, hold.

use std::fmt;
use std::sync::Arc;

use serde_json::Value;
use tokio::sync::{oneshot, watch};

use super::fault::{End, Fault};
use super::server::{Held, Script, Server};

/// A handle on a demo server; all of its clones and the server share one state, also after the server has ended.
///
/// Where a function takes an agent's name it panics on one that does not exist: a test of nothing must not pass.
#[derive(Debug, Clone)]
pub struct Hooks {
    server: Arc<Server>,
}

/// The two methods that the endpoint knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// Reads the configuration.
    Get,
    /// Changes it.
    Patch,
}

/// A request that arrived whole. `Debug` leaves the headers out, since one of them is the token.
#[derive(Clone, PartialEq, Eq)]
pub struct Recorded {
    /// `GET`, `PATCH`, or whatever came.
    pub method: String,
    /// The request's target: its path, with the query if there is one.
    pub path: String,
    /// Names in lower case, in the order in which they came; values that are not UTF-8 with U+FFFD in them.
    pub headers: Vec<(String, String)>,
    /// The body's bytes; empty too where it was longer than 1 MiB.
    pub body: Vec<u8>,
    /// Whose token it came with; `None` without one that is known.
    pub agent: Option<String>,
}

/// A place where one request waits until the test lets it go. Dropping it lets the request go too.
#[derive(Debug)]
#[must_use = "a hold that is dropped holds nothing"]
pub struct Hold {
    arrived: watch::Receiver<bool>,
    release: oneshot::Sender<()>,
}

/// The server's side of a [`Hold`].
#[derive(Debug)]
pub(super) struct Gate {
    arrived: watch::Sender<bool>,
    released: oneshot::Receiver<()>,
}

impl Hooks {
    pub(super) fn new(server: Arc<Server>) -> Self {
        server.lock().recorded.get_or_insert_default();
        Self { server }
    }

    /// What the server holds for an agent, as on the wire.
    ///
    /// # Panics
    ///
    /// There is no such agent.
    #[track_caller]
    pub fn configuration(&self, agent: &str) -> Value {
        self.with(agent, |held| held.configuration.clone())
    }

    /// Changes what the server holds behind the client's back, to any shape.
    ///
    /// # Panics
    ///
    /// There is no such agent.
    #[track_caller]
    pub fn set_configuration(&self, agent: &str, configuration: Value) {
        self.with(agent, |held| held.configuration = configuration);
    }

    /// The agent's token answers 401 from now on: an expired and a revoked one look the same.
    ///
    /// # Panics
    ///
    /// There is no such agent.
    #[track_caller]
    pub fn revoke(&self, agent: &str) {
        self.with(agent, |held| held.is_revoked = true);
    }

    /// How often a `PATCH` was applied for an agent, at once or late.
    ///
    /// # Panics
    ///
    /// There is no such agent.
    #[track_caller]
    pub fn applied(&self, agent: &str) -> usize {
        self.with(agent, |held| held.applied)
    }

    /// The next request of this method that has no fault yet gets this one, once.
    pub fn fail_next(&self, method: Method, fault: Fault) {
        self.server.lock().script(method).next.push_back(fault);
    }

    /// Every request of this method gets this fault, until [`Hooks::heal`]; those of [`Hooks::fail_next`] go first.
    pub fn fail_always(&self, method: Method, fault: Fault) {
        self.server.lock().script(method).always = Some(fault);
    }

    /// The next connection ends so before a byte of it is read.
    pub fn refuse_next_connection(&self, end: End) {
        self.server.lock().refused_connections.push_back(end);
    }

    /// Takes back every fault that has not happened yet, of both methods and of connections.
    pub fn heal(&self) {
        let mut state = self.server.lock();
        state.refused_connections.clear();
        for method in [Method::Get, Method::Patch] {
            let script = state.script(method);
            script.next.clear();
            script.always = None;
        }
    }

    /// Holds the next request of this method after it has arrived and before it is applied.
    pub fn hold(&self, method: Method) -> Hold {
        let (hold, gate) = hold();
        self.server.lock().script(method).before.push_back(gate);
        hold
    }

    /// Holds the next request of this method after it was applied and before it is answered.
    pub fn hold_answer(&self, method: Method) -> Hold {
        let (hold, gate) = hold();
        self.server.lock().script(method).after.push_back(gate);
        hold
    }

    /// Applies what [`Effect::AppliedLater`](super::Effect) kept aside, in order; tells how many that were.
    pub fn apply_late(&self) -> usize {
        let mut state = self.server.lock();
        let late = std::mem::take(&mut state.late);
        let count = late.len();
        for (agent, changes) in late {
            state.held[agent].apply(changes);
        }
        count
    }

    /// Switches the limits of requests a minute off.
    pub fn limit_off(&self) {
        self.server.lock().is_limited = false;
    }

    /// Every request that arrived whole since the first handle was made, in order.
    pub fn requests(&self) -> Vec<Recorded> {
        self.server.lock().recorded.clone().unwrap_or_default()
    }

    /// How many requests of this method arrived whole.
    pub fn count(&self, method: Method) -> usize {
        self.server.lock().script(method).count
    }

    /// How many requests of this method began: also those that were cut before they were read, or broke off.
    pub fn attempts(&self, method: Method) -> usize {
        self.server.lock().script(method).attempts
    }

    /// Waits until `count` requests of this method have arrived whole, those that came before included.
    pub async fn wait_for(&self, method: Method, count: usize) {
        let mut arrivals = self.server.arrivals.subscribe();
        // It can only fail when the server is gone, and this handle keeps it.
        arrivals.wait_for(|()| self.count(method) >= count).await.ok();
    }

    #[track_caller]
    fn with<T>(&self, name: &str, act: impl FnOnce(&mut Held) -> T) -> T {
        match self.server.agents().iter().position(|agent| agent.name() == name) {
            Some(agent) => act(&mut self.server.lock().held[agent]),
            None => panic!("the demo has no agent {name:?}"),
        }
    }
}

impl Method {
    pub(super) fn of(method: &hyper::Method) -> Option<Self> {
        match *method {
            hyper::Method::GET => Some(Self::Get),
            hyper::Method::PATCH => Some(Self::Patch),
            _ => None,
        }
    }
}

impl fmt::Debug for Recorded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorded")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("body", &String::from_utf8_lossy(&self.body))
            .field("agent", &self.agent)
            .finish_non_exhaustive()
    }
}

impl Hold {
    /// Waits until a request stands here. A request that never comes is waited for without end.
    pub async fn arrived(&self) {
        if self.arrived.clone().wait_for(|arrived| *arrived).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Lets the request go on.
    pub fn release(self) {
        drop(self.release);
    }
}

impl Gate {
    async fn pass(self) {
        self.arrived.send_replace(true);
        // An error means that the hold was dropped, which is how it is released.
        self.released.await.ok();
    }
}

impl Server {
    /// Waits where a test holds a request that is not applied yet.
    pub(super) async fn pass_before(&self, method: Option<Method>) {
        pass(self.gate(method, |script| script.before.pop_front())).await;
    }

    /// Waits where a test holds an answer.
    pub(super) async fn pass_after(&self, method: Option<Method>) {
        pass(self.gate(method, |script| script.after.pop_front())).await;
    }

    fn gate(&self, method: Option<Method>, next: impl FnOnce(&mut Script) -> Option<Gate>) -> Option<Gate> {
        next(self.lock().script(method?))
    }

    /// How the connection that has just come is to end at once.
    pub(super) fn refused_connection(&self) -> Option<End> {
        self.lock().refused_connections.pop_front()
    }
}

async fn pass(gate: Option<Gate>) {
    if let Some(gate) = gate {
        gate.pass().await;
    }
}

fn hold() -> (Hold, Gate) {
    let (arrived, has_arrived) = watch::channel(false);
    let (release, released) = oneshot::channel();
    (Hold { arrived: has_arrived, release }, Gate { arrived, released })
}
