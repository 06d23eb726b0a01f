//! The demo server: the same HTTP API as Quickchat AI's Conversation Rating settings, on 127.0.0.1, with agents in
//! every interesting state.
//!
//! It is written from the vendor's documentation a second time. It shares no type and no constant with the client, so
//! that a mistake in one of the two shows in a test. The project's own tests speak to this server too. The Cargo
//! feature `test-hooks` lets them look into it and break it.
//!
//! ```text
//!  socket ─► head: agent, fault ─► body, record ─► [hold] ─► contract, effect ─► [hold] ─► delay ─► answer
//!                  │ cut before reading                                                        │
//!                  └──────────────────────────► raw bytes, then close, reset or silence ◄──────┘
//! ```
//!
//! | file | what it says |
//! |---|---|
//! | `fields` | the table of the configuration's fields; a new switch is one row here |
//! | `values`, `configuration`, `changes` | what the table means for a value, for an agent's start, for a PATCH |
//! | `contract`, `method`, `limit`, `token` | the rest of the documentation: address, errors, methods, limits, tokens |
//! | `agents` | the agents of `assets/demo.json` |
//! | `colleague` | someone else who changes a question between a read and a save |
//! | `state`, `server` | what the server holds, and what it does with a request |
//! | `fault`, `reply` | what can go wrong with a request, and what an answer is made of |
//! | `connection` | from the socket to the server and back |
//! | `hooks`, `interference`, `hold`, `recorded`, `answers` | for tests only, behind `test-hooks` |

mod agents;
mod changes;
mod colleague;
mod configuration;
mod connection;
mod contract;
#[cfg_attr(
    not(feature = "test-hooks"),
    expect(
        dead_code,
        unreachable_pub,
        reason = "the demo's agents need few of the faults, and only tests see them"
    )
)]
mod fault;
mod fields;
mod limit;
#[cfg_attr(not(feature = "test-hooks"), expect(unreachable_pub, reason = "only tests see it"))]
mod method;
#[cfg_attr(
    not(feature = "test-hooks"),
    expect(
        dead_code,
        unreachable_pub,
        reason = "only tests ask for every kind of answer, and only they see it"
    )
)]
mod reply;
mod server;
mod state;
mod token;
mod values;

#[cfg(feature = "test-hooks")]
mod answers;
#[cfg(feature = "test-hooks")]
mod hold;
#[cfg(feature = "test-hooks")]
mod hooks;
#[cfg(feature = "test-hooks")]
mod interference;
#[cfg(feature = "test-hooks")]
mod recorded;

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::net::TcpStream;
use tokio::task::{JoinError, JoinSet};

pub use agents::{Agent, AssetError};
#[cfg(feature = "test-hooks")]
pub use fault::{Answer, End, Fault, FaultEffect, Point};
#[cfg(feature = "test-hooks")]
pub use hold::Hold;
#[cfg(feature = "test-hooks")]
pub use hooks::Hooks;
#[cfg(feature = "test-hooks")]
pub use method::Method;
#[cfg(feature = "test-hooks")]
pub use recorded::Recorded;
#[cfg(feature = "test-hooks")]
pub use reply::Reply;

use server::Server;
use token::Mint;

/// The demo server, bound to its port and not serving yet. A client may connect already. The server answers it once
/// [`Demo::serve`] runs.
#[derive(Debug)]
pub struct Demo {
    listener: TcpListener,
    address: SocketAddr,
    server: Arc<Server>,
}

/// Why there is no demo server.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The port is taken, or this user may not use it.
    #[error("it cannot listen on 127.0.0.1:{port}")]
    Listen {
        /// The port that the caller asked for; 0 stands for any.
        port: u16,
        /// The system's error.
        source: io::Error,
    },
    /// The list of agents that is compiled in is wrong.
    #[error("its agents cannot be read")]
    Asset(#[from] AssetError),
}

impl Demo {
    /// Listens on 127.0.0.1 and makes a new token for each agent, valid for 52 weeks from now. Needs no runtime.
    ///
    /// `port` 0 lets the system choose; [`Demo::url`] has the port that it chose.
    ///
    /// # Errors
    ///
    /// [`DemoError::Listen`] if the port cannot be used, [`DemoError::Asset`] if the list of agents is wrong.
    pub fn bind(port: u16) -> Result<Self, DemoError> {
        Self::bind_with(port, agents::ASSET, Mint::Fresh(SystemTime::now()), Duration::ZERO)
    }

    /// The same for a server that programs are tested with: its tokens are the same in each run and never end, so that what a
    /// program has stored survives a restart on the same port. Each answer comes later by `latency`.
    ///
    /// # Errors
    ///
    /// As for [`Demo::bind`].
    pub fn bind_for_tests(port: u16, latency: Duration) -> Result<Self, DemoError> {
        Self::bind_with(port, agents::ASSET, Mint::Fixed, latency)
    }

    fn bind_with(port: u16, agents: &str, mint: Mint, latency: Duration) -> Result<Self, DemoError> {
        let server = Arc::new(Server::new(agents::load(agents, mint)?, latency));
        let (listener, address) = listen(port).map_err(|source| DemoError::Listen { port, source })?;
        Ok(Self { listener, address, server })
    }

    /// The same with a list of agents of the caller's own, in the form of `assets/demo.json`.
    ///
    /// # Errors
    ///
    /// As for [`Demo::bind`]; [`DemoError::Asset`] is about `agents` then.
    #[cfg(feature = "test-hooks")]
    pub fn bind_agents(port: u16, agents: &str) -> Result<Self, DemoError> {
        Self::bind_with(port, agents, Mint::Fresh(SystemTime::now()), Duration::ZERO)
    }

    /// The base URL, without a slash at its end: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Every agent, in the order of `assets/demo.json`; never empty.
    pub fn agents(&self) -> &[Agent] {
        self.server.agents()
    }

    /// The agent of this name; `None` if there is none.
    pub fn agent(&self, name: &str) -> Option<&Agent> {
        self.agents().iter().find(|agent| agent.name() == name)
    }

    /// The agent that `--demo` opens if the user names none.
    pub fn first(&self) -> &Agent {
        &self.agents()[0]
    }

    /// The way in for tests. The server records requests from the first call on, and none before it.
    #[cfg(feature = "test-hooks")]
    pub fn hooks(&self) -> Hooks {
        Hooks::new(Arc::clone(&self.server))
    }

    /// Serves until the caller drops the future. Every connection ends with it. Each connection is a task of the
    /// caller's runtime, which may have a single thread.
    ///
    /// # Errors
    ///
    /// The error of accepting connections, for example too many open files.
    ///
    /// # Panics
    ///
    /// If the task of a connection panics, this panics with the same payload.
    pub async fn serve(self) -> io::Result<()> {
        let listener = tokio::net::TcpListener::from_std(self.listener)?;
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                accepted = listener.accept() => {
                    if let Some(stream) = prepare(accepted)? {
                        connections.spawn(connection::serve(stream, Arc::clone(&self.server)));
                    }
                }
                Some(ended) = connections.join_next() => raise_panic(ended),
            }
        }
    }
}

fn listen(port: u16) -> io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// The stream of a new connection; `None` if the client left before the server accepted it, which is no reason to stop.
fn prepare(accepted: io::Result<(TcpStream, SocketAddr)>) -> io::Result<Option<TcpStream>> {
    match accepted {
        Ok((stream, _)) => {
            stream.set_nodelay(true)?;
            Ok(Some(stream))
        }
        Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => Ok(None),
        Err(error) => Err(error),
    }
}

fn raise_panic(ended: Result<(), JoinError>) {
    if let Some(Ok(panic)) = ended.err().map(JoinError::try_into_panic) {
        std::panic::resume_unwind(panic);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    #[should_panic(expected = "in a connection's task")]
    async fn a_panic_in_a_connections_task_is_raised_where_the_server_is_served() {
        let mut connections: JoinSet<()> = JoinSet::new();
        connections.spawn(async { panic!("in a connection's task") });
        connections.join_next().await.into_iter().for_each(raise_panic);
    }
}
