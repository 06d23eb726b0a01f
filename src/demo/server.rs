//! What the demo server holds: its agents, what was asked of it, and what a test has put in the way.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use serde_json::Value;
use tokio::sync::watch;

use super::agents::Agent;
use super::contract::{self, Changes, Refusal};
use super::fault::{Answer, Effect, End, Fault};
use super::hooks::{Gate, Method, Recorded};
use super::limit::Limit;
use super::reply::Reply;

const READS_PER_MINUTE: usize = 120;
const WRITES_PER_MINUTE: usize = 60;

/// The agents, and behind a lock that is never held across an await everything that changes.
#[derive(Debug)]
pub(super) struct Server {
    agents: Vec<Agent>,
    state: Mutex<State>,
    /// Says "look again" after each request that arrived.
    pub(super) arrivals: watch::Sender<()>,
}

/// Everything that changes.
#[derive(Debug)]
pub(super) struct State {
    pub(super) held: Vec<Held>,
    pub(super) late: Vec<(usize, Changes)>,
    pub(super) refused_connections: VecDeque<End>,
    /// `None` while nobody watches.
    pub(super) recorded: Option<Vec<Recorded>>,
    pub(super) is_limited: bool,
    reads: Script,
    writes: Script,
}

/// What the server holds for one agent.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) configuration: Value,
    pub(super) is_revoked: bool,
    pub(super) applied: usize,
    asked: usize,
    reads: Limit,
    writes: Limit,
}

/// What happens to the requests of one method, and how many there were.
#[derive(Debug, Default)]
pub(super) struct Script {
    /// Requests whose head arrived.
    pub(super) attempts: usize,
    /// Requests that arrived whole.
    pub(super) count: usize,
    pub(super) next: VecDeque<Fault>,
    pub(super) always: Option<Fault>,
    pub(super) before: VecDeque<Gate>,
    pub(super) after: VecDeque<Gate>,
}

/// A request that arrived whole, as the contract looks at it.
pub(super) struct Call<'a> {
    pub(super) method: Option<Method>,
    pub(super) path: &'a str,
    pub(super) agent: Option<usize>,
    /// `None` where it was longer than [`contract::BODY_LIMIT`].
    pub(super) body: Option<&'a [u8]>,
}

impl Server {
    pub(super) fn new(agents: Vec<Agent>) -> Self {
        let held = agents.iter().map(Held::new).collect();
        Self { agents, state: Mutex::new(State::new(held)), arrivals: watch::Sender::new(()) }
    }

    pub(super) fn agents(&self) -> &[Agent] {
        &self.agents
    }

    /// A panic elsewhere is raised by `Demo::serve`; what is held stays readable.
    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whose token this is; a revoked one still has its agent.
    pub(super) fn owner(&self, token: &str) -> Option<usize> {
        self.agents.iter().position(|agent| agent.token() == token)
    }

    /// What is to happen to a request whose head has arrived: what a test asked for, else the agent's own way.
    pub(super) fn fault(&self, method: Option<Method>, agent: Option<usize>) -> Fault {
        let mut state = self.lock();
        let asked_for = method.and_then(|method| state.script(method).take());
        let own = agent.map(|agent| self.own_fault(&mut state, agent));
        asked_for.or(own).unwrap_or_else(Fault::none)
    }

    fn own_fault(&self, state: &mut State, agent: usize) -> Fault {
        let asked = &mut state.held[agent].asked;
        *asked += 1;
        let agent = &self.agents[agent];
        let fault = if agent.fails(*asked) { Fault::not_applied(Answer::status(503)) } else { Fault::none() };
        fault.after(agent.answer_after())
    }

    /// Notes a request that arrived whole.
    pub(super) fn record(&self, method: Option<Method>, recorded: impl FnOnce() -> Recorded) {
        self.lock().note(method, recorded);
        self.arrivals.send_replace(());
    }

    /// Answers a request as the contract says, with the change it asks for ending as `effect` says.
    pub(super) fn settle(&self, call: &Call<'_>, effect: Effect) -> Reply {
        let mut state = self.lock();
        match self.judge(&mut state, call) {
            Ok((agent, changes)) => {
                if let Some(changes) = changes {
                    state.change(agent, changes, effect);
                }
                Reply::json(200, &state.held[agent].configuration)
            }
            Err(refusal) => refusal.reply(),
        }
    }

    /// Whose configuration is asked for, and what is to change in it.
    fn judge(&self, state: &mut State, call: &Call<'_>) -> Result<(usize, Option<Changes>), Refusal> {
        let method = contract::route(call.method, call.path)?;
        let agent =
            call.agent.filter(|agent| !state.held[*agent].is_revoked).ok_or_else(Refusal::unauthorized)?;
        state.limit(agent, method)?;
        match method {
            Method::Get => Ok((agent, None)),
            Method::Patch if !self.agents[agent].may_write() => Err(Refusal::insufficient_scope()),
            Method::Patch => {
                let body = call.body.ok_or_else(|| Refusal::bad_request("The body is longer than 1 MiB"))?;
                Changes::read(body).map(|changes| (agent, Some(changes)))
            }
        }
    }
}

impl State {
    fn new(held: Vec<Held>) -> Self {
        Self {
            held,
            late: Vec::new(),
            refused_connections: VecDeque::new(),
            recorded: None,
            is_limited: true,
            reads: Script::default(),
            writes: Script::default(),
        }
    }

    pub(super) fn script(&mut self, method: Method) -> &mut Script {
        match method {
            Method::Get => &mut self.reads,
            Method::Patch => &mut self.writes,
        }
    }

    fn note(&mut self, method: Option<Method>, recorded: impl FnOnce() -> Recorded) {
        if let Some(method) = method {
            self.script(method).count += 1;
        }
        if let Some(requests) = &mut self.recorded {
            requests.push(recorded());
        }
    }

    fn limit(&mut self, agent: usize, method: Method) -> Result<(), Refusal> {
        if !self.is_limited {
            return Ok(());
        }
        let held = &mut self.held[agent];
        let limit = match method {
            Method::Get => &mut held.reads,
            Method::Patch => &mut held.writes,
        };
        limit.take(Instant::now()).map_err(Refusal::too_many)
    }

    fn change(&mut self, agent: usize, changes: Changes, effect: Effect) {
        let held = &mut self.held[agent];
        match effect {
            Effect::Applied => held.apply(changes),
            Effect::NotApplied => {}
            Effect::AppliedLater => self.late.push((agent, changes)),
            Effect::Keeps(other) => held.configuration = other,
        }
    }
}

impl Held {
    fn new(agent: &Agent) -> Self {
        Self {
            configuration: agent.configuration(),
            is_revoked: false,
            applied: 0,
            asked: 0,
            reads: Limit::per_minute(READS_PER_MINUTE),
            writes: Limit::per_minute(WRITES_PER_MINUTE),
        }
    }

    pub(super) fn apply(&mut self, changes: Changes) {
        changes.apply(&mut self.configuration);
        self.applied += 1;
    }
}

impl Script {
    fn take(&mut self) -> Option<Fault> {
        self.attempts += 1;
        self.next.pop_front().or_else(|| self.always.clone())
    }
}
