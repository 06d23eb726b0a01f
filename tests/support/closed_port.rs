//! A port of this machine on which no server listens.

use std::net::SocketAddr;

use tokio::net::TcpSocket;

/// A port that refuses connections. It stays taken while this lives, so that nothing else can listen there meanwhile.
#[derive(Debug)]
pub struct ClosedPort(TcpSocket);

impl ClosedPort {
    /// Takes a free port of 127.0.0.1.
    pub fn take() -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.bind(SocketAddr::from(([127, 0, 0, 1], 0))).expect("a free port");
        Self(socket)
    }

    /// `127.0.0.1:PORT`.
    pub fn address(&self) -> SocketAddr {
        self.0.local_addr().expect("an address")
    }
}
