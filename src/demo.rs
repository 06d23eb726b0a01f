//! The demo server: the same HTTP API as Quickchat AI's Conversation Rating settings, on 127.0.0.1, with agents in
//! every interesting state.
//!
//! Written from the vendor's documentation a second time: it shares no type and no constant with the client, so that
//! a mistake in one shows in the other. It is also what the project's own tests speak to, through [`Hooks`].
//!
//! ```text
//!  socket ─► head: agent, fault ─► body, recorded ─► [hold] ─► contract, effect ─► [hold] ─► delay ─► answer
//!                  │ cut before reading                                                          │
//!                  └──────────────────────────► raw bytes, then close, reset or silence ◄────────┘
//! ```
//!
//! `agents` reads the agents, `contract` says what a request asks for or why it is refused, `server` keeps what is held,
//! `connection` moves the bytes, `reply` and `fault` say what the answer is, `hooks` is the way in for tests.

mod agents;
mod connection;
mod contract;
mod fault;
mod hooks;
mod limit;
mod reply;
mod server;
mod token;

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::SystemTime;

use tokio::net::TcpStream;
use tokio::task::{JoinError, JoinSet};

pub use agents::{Agent, AssetError};
pub use fault::{Answer, Effect, End, Fault, Point};
pub use hooks::{Hold, Hooks, Method, Recorded};
pub use reply::Reply;

use server::Server;

/// The demo server, bound to its port and not serving yet. A client may connect from now on; it is answered once
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
    /// The port is taken or may not be used.
    #[error("the demo server cannot listen on 127.0.0.1:{port}")]
    Listen {
        /// The port that was asked for; 0 stands for any.
        port: u16,
        /// What the system said.
        source: io::Error,
    },
    /// The list of agents that is compiled in is wrong.
    #[error("the demo's agents cannot be read")]
    Asset(#[from] AssetError),
}

impl Demo {
    /// Listens on 127.0.0.1 and makes a token for each agent, valid for 52 weeks from now. Needs no runtime.
    ///
    /// `port` 0 lets the system choose; [`Demo::url`] tells which it was.
    ///
    /// # Errors
    ///
    /// [`DemoError::Listen`] when the port cannot be had, [`DemoError::Asset`] when the list of agents is wrong.
    pub fn bind(port: u16) -> Result<Self, DemoError> {
        let server = Arc::new(Server::new(agents::load(agents::ASSET, SystemTime::now())?));
        let (listener, address) = listen(port).map_err(|source| DemoError::Listen { port, source })?;
        Ok(Self { listener, address, server })
    }

    /// The base URL, without a slash at its end: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Every agent, in the order of `assets/demo.toml`; never empty.
    pub fn agents(&self) -> &[Agent] {
        self.server.agents()
    }

    /// The agent of this name.
    pub fn agent(&self, name: &str) -> Option<&Agent> {
        self.agents().iter().find(|agent| agent.name() == name)
    }

    /// The agent that is opened when none is named.
    pub fn first(&self) -> &Agent {
        &self.agents()[0]
    }

    /// The way in for tests. Requests are recorded from the first call on: a server that nobody watches keeps none.
    pub fn hooks(&self) -> Hooks {
        Hooks::new(Arc::clone(&self.server))
    }

    /// Serves until the future is dropped, and every connection ends with it. Each connection is a task of the runtime
    /// that this is called on; one thread is enough.
    ///
    /// # Errors
    ///
    /// What accepting says once it cannot go on, such as too many open files.
    ///
    /// # Panics
    ///
    /// Goes on with the panic of a connection's task, if there is one.
    pub async fn serve(self) -> io::Result<()> {
        let listener = tokio::net::TcpListener::from_std(self.listener)?;
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                accepted = listener.accept() => {
                    if let Some(stream) = usable(accepted)? {
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

/// A client that left between its connect and our accept is no reason to stop.
fn usable(accepted: io::Result<(TcpStream, SocketAddr)>) -> io::Result<Option<TcpStream>> {
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
