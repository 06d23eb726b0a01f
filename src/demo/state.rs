//! Everything that changes while the server runs.

use std::time::Instant;

use serde_json::Value;

use super::agents::Agent;
use super::changes::Changes;
use super::colleague::{Colleague, switch_code};
use super::contract::{Denial, READS_PER_MINUTE, WRITES_PER_MINUTE};
use super::fault::FaultEffect;
use super::limit::Limit;
use super::method::Method;

/// What the server holds for all agents.
#[derive(Debug)]
pub(super) struct DemoState {
    /// One for each agent, in the order of the agents.
    pub(super) held: Vec<Held>,
    /// The changes of [`FaultEffect::AppliedLater`], each with the index of its agent.
    late: Vec<(usize, Changes)>,
    /// The index of the agent that was read last.
    last_read: Option<usize>,
}

/// What the server holds for one agent.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) configuration: Value,
    pub(super) is_revoked: bool,
    /// How many PATCH requests were applied.
    pub(super) applied: usize,
    colleague: Colleague,
    /// How many requests the agent's token has made.
    requests: usize,
    reads: Limit,
    writes: Limit,
}

impl DemoState {
    pub(super) fn new(agents: &[Agent]) -> Self {
        Self { held: agents.iter().map(Held::new).collect(), late: Vec::new(), last_read: None }
    }

    /// Takes note of a read that is answered now. Before the answer someone else may switch `contested_code`, if the agent
    /// has one.
    pub(super) fn note_read(&mut self, agent: usize, contested_code: Option<&str>) {
        let is_another = self.last_read.replace(agent) != Some(agent);
        let held = &mut self.held[agent];
        if is_another {
            // A list of all agents was read meanwhile: the user sees the configuration anew.
            held.colleague = Colleague::default();
        }
        if let Some(code) = contested_code
            && held.colleague.acts_before_read()
        {
            switch_code(&mut held.configuration, code);
        }
    }

    /// Deals with a change to the configuration of one agent as `effect` says.
    pub(super) fn change(&mut self, agent: usize, changes: Changes, effect: FaultEffect) {
        let held = &mut self.held[agent];
        match effect {
            FaultEffect::Applied => held.apply(changes),
            FaultEffect::NotApplied => {}
            FaultEffect::AppliedLater => self.late.push((agent, changes)),
            FaultEffect::Keeps(other) => held.configuration = other,
        }
    }

    /// Applies the late changes, in order, and returns how many there were.
    #[cfg(feature = "test-hooks")]
    pub(super) fn apply_late(&mut self) -> usize {
        let late = std::mem::take(&mut self.late);
        let count = late.len();
        for (agent, changes) in late {
            self.held[agent].apply(changes);
        }
        count
    }
}

impl Held {
    fn new(agent: &Agent) -> Self {
        Self {
            configuration: agent.configuration(),
            is_revoked: false,
            applied: 0,
            colleague: Colleague::default(),
            requests: 0,
            reads: Limit::per_minute(READS_PER_MINUTE),
            writes: Limit::per_minute(WRITES_PER_MINUTE),
        }
    }

    /// Counts a request of this agent, and returns its number, counted from 1.
    pub(super) fn count_request(&mut self) -> usize {
        self.requests += 1;
        self.requests
    }

    /// Takes one request of this method off the limit of this minute.
    pub(super) fn take_limit(&mut self, method: Method) -> Result<(), Denial> {
        let limit = match method {
            Method::Get => &mut self.reads,
            Method::Patch => &mut self.writes,
        };
        limit.take(Instant::now()).map_err(Denial::too_many)
    }

    /// Lets the agent's token ask as often as it likes.
    #[cfg(feature = "test-hooks")]
    pub(super) fn lift_limits(&mut self) {
        self.reads = Limit::per_minute(usize::MAX);
        self.writes = Limit::per_minute(usize::MAX);
    }

    fn apply(&mut self, changes: Changes) {
        changes.apply(&mut self.configuration);
        self.applied += 1;
        self.colleague = Colleague::default();
    }
}
