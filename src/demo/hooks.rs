//! What a test can do with a running demo server: look, change, break, hold.

use std::sync::Arc;

use serde_json::Value;

use super::fault::{End, Fault};
use super::hold::Hold;
use super::method::Method;
use super::recorded::Recorded;
use super::server::Server;
use super::state::Held;

/// A handle on a demo server. All clones of it and the server share one state, also after the server has ended.
///
/// A function that takes an agent's name panics if there is no such agent: a test with a misspelt name must not pass.
#[derive(Debug, Clone)]
pub struct Hooks {
    server: Arc<Server>,
}

impl Hooks {
    pub(super) fn new(server: Arc<Server>) -> Self {
        server.interference.lock().recorded.get_or_insert_default();
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

    /// Changes what the server holds behind the client's back, to a value of any shape.
    ///
    /// # Panics
    ///
    /// There is no such agent.
    #[track_caller]
    pub fn set_configuration(&self, agent: &str, configuration: Value) {
        self.with(agent, |held| held.configuration = configuration);
    }

    /// From now on the server answers 401 to the agent's token: an expired and a revoked token look the same.
    ///
    /// # Panics
    ///
    /// There is no such agent.
    #[track_caller]
    pub fn revoke(&self, agent: &str) {
        self.with(agent, |held| held.is_revoked = true);
    }

    /// How many PATCH requests the server has applied for an agent, at once or late.
    ///
    /// # Panics
    ///
    /// There is no such agent.
    #[track_caller]
    pub fn applied(&self, agent: &str) -> usize {
        self.with(agent, |held| held.applied)
    }

    /// Gives this fault to the next request of this method that has no fault yet, once.
    pub fn fail_next(&self, method: Method, fault: Fault) {
        self.server.interference.lock().of_method(method).next.push_back(fault);
    }

    /// Gives this fault to every request of this method, until [`Hooks::heal`]. A fault of [`Hooks::fail_next`] goes
    /// first.
    pub fn fail_always(&self, method: Method, fault: Fault) {
        self.server.interference.lock().of_method(method).always = Some(fault);
    }

    /// Ends the next connection in this way before the server reads a byte of it.
    pub fn refuse_next_connection(&self, end: End) {
        self.server.interference.lock().refused_connections.push_back(end);
    }

    /// Takes back every fault that has not happened yet, of both methods and of connections.
    pub fn heal(&self) {
        let mut script = self.server.interference.lock();
        script.refused_connections.clear();
        for method in [Method::Get, Method::Patch] {
            let script = script.of_method(method);
            script.next.clear();
            script.always = None;
        }
    }

    /// Holds the next request of this method after it has arrived and before it is applied.
    pub fn hold(&self, method: Method) -> Hold {
        let (hold, gate) = Hold::new();
        self.server.interference.lock().of_method(method).before.push_back(gate);
        hold
    }

    /// Holds the next request of this method after it was applied and before it is answered.
    pub fn hold_answer(&self, method: Method) -> Hold {
        let (hold, gate) = Hold::new();
        self.server.interference.lock().of_method(method).after.push_back(gate);
        hold
    }

    /// Applies the changes that [`FaultEffect::AppliedLater`](super::fault::FaultEffect::AppliedLater) has kept aside, in order, and returns how many
    /// there were.
    pub fn apply_late(&self) -> usize {
        self.server.lock().apply_late()
    }

    /// Switches the limits of requests a minute off.
    pub fn limit_off(&self) {
        self.server.lock().held.iter_mut().for_each(Held::lift_limits);
    }

    /// Every request that arrived whole since the first handle was made, in order.
    pub fn requests(&self) -> Vec<Recorded> {
        self.server.interference.lock().recorded.clone().unwrap_or_default()
    }

    /// How many requests of this method arrived whole.
    pub fn count(&self, method: Method) -> usize {
        self.server.interference.lock().of_method(method).count
    }

    /// How many requests of this method began. A request that a fault cut before it was read is one of them, and so is
    /// a request that the client broke off.
    pub fn attempts(&self, method: Method) -> usize {
        self.server.interference.lock().of_method(method).attempts
    }

    /// Waits until `count` requests of this method have arrived whole, those before this call included.
    pub async fn wait_for(&self, method: Method, count: usize) {
        self.server.interference.wait_for(method, count).await;
    }

    #[track_caller]
    fn with<T>(&self, name: &str, act: impl FnOnce(&mut Held) -> T) -> T {
        match self.server.agents().iter().position(|agent| agent.name() == name) {
            Some(agent) => act(&mut self.server.lock().held[agent]),
            None => panic!("the demo has no agent {name:?}"),
        }
    }
}
