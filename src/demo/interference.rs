//! What tests have asked the server to do, and what the server has counted and recorded for them.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::fault::{End, Fault};
use super::hold::Gate;
use super::method::Method;
use super::recorded::Recorded;

/// Stands beside the server's state, behind a lock of its own that is never held across an await.
#[derive(Debug, Default)]
pub(super) struct Interference {
    script: Mutex<Script>,
    /// The server sends here after each request that arrived whole; [`Interference::wait_for`] then counts again.
    arrivals: watch::Sender<()>,
}

/// Everything that tests have asked for.
#[derive(Debug, Default)]
pub(super) struct Script {
    pub(super) refused_connections: VecDeque<End>,
    /// `None` until a test looks.
    pub(super) recorded: Option<Vec<Recorded>>,
    reads: MethodScript,
    writes: MethodScript,
}

/// What happens to the requests of one method, and how many there were.
#[derive(Debug, Default)]
pub(super) struct MethodScript {
    /// Requests whose head arrived.
    pub(super) attempts: usize,
    /// Requests that arrived whole.
    pub(super) count: usize,
    pub(super) next: VecDeque<Fault>,
    pub(super) always: Option<Fault>,
    /// Each holds one request that is not applied yet.
    pub(super) before: VecDeque<Gate>,
    /// Each holds one answer to a request that was applied.
    pub(super) after: VecDeque<Gate>,
}

impl Interference {
    /// A panic while the lock was held is raised by `Demo::serve`; the script stays readable.
    pub(super) fn lock(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How the connection that has just come is to end before a byte of it is read.
    pub(super) fn take_refusal(&self) -> Option<End> {
        self.lock().refused_connections.pop_front()
    }

    /// The fault that a test has asked for. Counts the request as an attempt.
    pub(super) fn take_fault(&self, method: Option<Method>) -> Option<Fault> {
        let mut script = self.lock();
        let script = script.of_method(method?);
        script.attempts += 1;
        script.next.pop_front().or_else(|| script.always.clone())
    }

    /// Counts a request that arrived whole, and keeps it if a test looks.
    pub(super) fn record(&self, method: Option<Method>, recorded: impl FnOnce() -> Recorded) {
        self.lock().record(method, recorded);
        self.arrivals.send_replace(());
    }

    /// Waits until `count` requests of this method have arrived whole.
    pub(super) async fn wait_for(&self, method: Method, count: usize) {
        let mut arrivals = self.arrivals.subscribe();
        // An error would mean that the sender is gone, and `self` keeps it.
        arrivals.wait_for(|()| self.lock().of_method(method).count >= count).await.ok();
    }

    /// Waits where a test holds a request that is not applied yet.
    pub(super) async fn hold_request(&self, method: Option<Method>) {
        self.pass(method, |script| script.before.pop_front()).await;
    }

    /// Waits where a test holds an answer.
    pub(super) async fn hold_answer(&self, method: Option<Method>) {
        self.pass(method, |script| script.after.pop_front()).await;
    }

    async fn pass(&self, method: Option<Method>, take: impl FnOnce(&mut MethodScript) -> Option<Gate>) {
        let gate = method.and_then(|method| take(self.lock().of_method(method)));
        if let Some(gate) = gate {
            gate.pass().await;
        }
    }
}

impl Script {
    pub(super) fn of_method(&mut self, method: Method) -> &mut MethodScript {
        match method {
            Method::Get => &mut self.reads,
            Method::Patch => &mut self.writes,
        }
    }

    fn record(&mut self, method: Option<Method>, recorded: impl FnOnce() -> Recorded) {
        if let Some(method) = method {
            self.of_method(method).count += 1;
        }
        if let Some(requests) = &mut self.recorded {
            requests.push(recorded());
        }
    }
}
