//! What the server does with a request: the decisions, without a socket.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::agents::Agent;
use super::changes::Changes;
use super::configuration::render_json;
use super::contract::{self, Denial};
use super::fault::{Answer, End, Fault, FaultEffect, Point};
#[cfg(feature = "test-hooks")]
use super::interference::Interference;
use super::method::Method;
use super::reply::Reply;
use super::state::DemoState;

/// The agents, and everything that changes behind a lock that is never held across an await.
#[derive(Debug)]
pub(super) struct Server {
    agents: Vec<Agent>,
    /// How long each answer takes, beside what its agent takes.
    latency: Duration,
    state: Mutex<DemoState>,
    #[cfg(feature = "test-hooks")]
    pub(super) interference: Interference,
}

/// A request that arrived whole, as far as the contract looks at it.
pub(super) struct IncomingCall<'a> {
    /// `None` for a method that the endpoint does not know.
    pub(super) method: Option<Method>,
    pub(super) path: &'a str,
    /// The body is said to be JSON.
    pub(super) has_json_type: bool,
    /// `None` without a known token.
    pub(super) caller: Option<Caller>,
    /// `None` for a body that was longer than [`contract::BODY_LIMIT`].
    pub(super) body: Option<&'a [u8]>,
}

/// Whose token a request carries.
#[derive(Clone, Copy, Debug)]
pub(super) struct Caller {
    /// The index of the agent that the token belongs to.
    pub(super) agent: usize,
    /// The token has expired: the server still answers reads, and refuses a PATCH.
    has_expired: bool,
}

impl Server {
    pub(super) fn new(agents: Vec<Agent>, latency: Duration) -> Self {
        Self {
            state: Mutex::new(DemoState::new(&agents)),
            agents,
            latency,
            #[cfg(feature = "test-hooks")]
            interference: Interference::default(),
        }
    }

    pub(super) fn agents(&self) -> &[Agent] {
        &self.agents
    }

    /// A panic while the lock was held is raised by `Demo::serve`; the state stays readable.
    pub(super) fn lock(&self) -> MutexGuard<'_, DemoState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whose token this is. A revoked token still belongs to its agent.
    pub(super) fn find_caller(&self, token: &str) -> Option<Caller> {
        let agent = self.agents.iter().position(|agent| agent.has_token(token))?;
        Some(Caller { agent, has_expired: self.agents[agent].has_expired(token) })
    }

    /// How the server treats a request whose head has arrived, if no test asks for more: the way of its agent. Counts
    /// the request.
    pub(super) fn choose_fault(&self, caller: Option<Caller>, method: Option<Method>) -> Fault {
        let Some(Caller { agent, .. }) = caller else {
            return Fault::none().after(self.latency);
        };
        let number = self.lock().held[agent].count_request();
        let agent = &self.agents[agent];
        let fault = match method {
            _ if agent.fails(number) => Fault::not_applied(Answer::status(503)),
            Some(Method::Patch) if agent.loses_answers() => {
                Fault::applied(Answer::Cut(Point::InBody, End::Close))
            }
            _ => Fault::none(),
        };
        fault.after(agent.answer_after() + self.latency)
    }

    /// Answers a request as the contract says. The change that it asks for is dealt with as `effect` says.
    pub(super) fn answer(&self, call: &IncomingCall<'_>, effect: FaultEffect) -> Reply {
        let mut state = self.lock();
        match self.judge(&mut state, call) {
            Ok((agent, changes)) => {
                match changes {
                    Some(changes) => state.change(agent, changes, effect),
                    None => state.note_read(agent, self.agents[agent].contested_code()),
                }
                Reply::json_text(200, &render_json(&state.held[agent].configuration))
            }
            Err(refusal) => refusal.to_reply(),
        }
    }

    /// The agent that the request is about, and the changes that a PATCH asks for.
    fn judge(
        &self,
        state: &mut DemoState,
        call: &IncomingCall<'_>,
    ) -> Result<(usize, Option<Changes>), Denial> {
        let method = contract::check_address(call.method, call.path)?;
        let is_valid = |caller: &Caller| !state.held[caller.agent].is_revoked;
        let Caller { agent, has_expired } = call.caller.filter(is_valid).ok_or_else(Denial::unauthorized)?;
        state.held[agent].take_limit(method)?;
        match method {
            Method::Get => Ok((agent, None)),
            Method::Patch if has_expired => Err(Denial::unauthorized()),
            Method::Patch if !self.agents[agent].may_write() => Err(Denial::insufficient_scope()),
            Method::Patch => parse_changes(call).map(|changes| (agent, Some(changes))),
        }
    }
}

/// The changes that a PATCH asks for. An empty body has no type, and is bad JSON.
fn parse_changes(call: &IncomingCall<'_>) -> Result<Changes, Denial> {
    if !call.has_json_type && call.body != Some(&[]) {
        return Err(Denial::unsupported_media_type());
    }
    let body = call.body.ok_or_else(|| Denial::bad_request("The body is longer than 1 MiB"))?;
    Changes::parse(body)
}
