//! A running demo server, and a client that shows every byte it received.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use convrating::demo::{Agent, Demo, Hooks};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

pub(super) const PATH: &str = "/v1/api/conversation_ratings/configuration";
pub(super) const RATING_ON: &str = r#"{"conv_rating_active": true, "conv_rating_popup_active": true}"#;

/// A running demo server. It ends when this is dropped.
pub(super) struct Bench {
    pub(super) hooks: Hooks,
    pub(super) address: SocketAddr,
    agents: Vec<Agent>,
    server: JoinHandle<io::Result<()>>,
}

impl Bench {
    pub(super) fn start() -> Self {
        Self::run(Demo::bind(0).expect("a free port"))
    }

    pub(super) fn run(demo: Demo) -> Self {
        let address = demo.url().strip_prefix("http://").expect("http").parse().expect("an address");
        let (hooks, agents) = (demo.hooks(), demo.agents().to_vec());
        Self { hooks, address, agents, server: tokio::spawn(demo.serve()) }
    }

    pub(super) fn token(&self, agent: &str) -> &str {
        self.agents.iter().find(|known| known.name() == agent).expect("an agent").token()
    }

    pub(super) fn renewed_token(&self, agent: &str) -> &str {
        self.agents.iter().find(|known| known.name() == agent).expect("an agent").renewed_token()
    }

    pub(super) async fn stop(&mut self) {
        self.server.abort();
        (&mut self.server).await.expect_err("it was cancelled");
    }

    /// The bytes of a request that asks the server to close the connection after its answer.
    pub(super) fn request(&self, method: &str, agent: &str, body: &str) -> String {
        let authorization = format!("Authorization: Bearer {}\r\n", self.token(agent));
        request(method, PATH, &authorization, body)
    }

    pub(super) async fn get(&self, agent: &str) -> Received {
        self.send(&self.request("GET", agent, "")).await
    }

    pub(super) async fn patch(&self, agent: &str, body: &str) -> Received {
        self.send(&self.request("PATCH", agent, body)).await
    }

    /// Sends a request on a new connection and reads until the connection ends.
    pub(super) async fn send(&self, request: &str) -> Received {
        within(receive(self.open(request).await)).await
    }

    /// Sends a request on a new connection and does not read the answer.
    pub(super) async fn open(&self, request: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.expect("connect");
        // An error is no failure here: a server that resets without reading may do so before everything is written.
        stream.write_all(request.as_bytes()).await.ok();
        stream
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        self.server.abort();
    }
}

pub(super) fn request(method: &str, path: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    let kind = if body.is_empty() { "" } else { "Content-Type: application/json\r\n" };
    format!(
        "{method} {path} HTTP/1.1\r\nHost: demo\r\n{headers}{kind}Connection: close\r\nContent-Length: {length}\r\n\r\n{body}"
    )
}

/// Everything that the client received, and how the connection ended.
pub(super) struct Received {
    pub(super) bytes: Vec<u8>,
    pub(super) end: Result<(), io::ErrorKind>,
}

pub(super) async fn receive(mut stream: TcpStream) -> Received {
    let mut bytes = Vec::new();
    let end = stream.read_to_end(&mut bytes).await.map(drop).map_err(|error| error.kind());
    Received { bytes, end }
}

impl Received {
    fn split(&self) -> Option<(&str, &[u8])> {
        let at = self.bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
        Some((std::str::from_utf8(&self.bytes[..at]).expect("a head in ASCII"), &self.bytes[at + 4..]))
    }

    pub(super) fn status(&self) -> u16 {
        let (head, _) = self.split().expect("a whole head");
        head.split(' ').nth(1).expect("a status").parse().expect("a number")
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.split()?.0.lines().skip(1);
        lines
            .filter_map(|line| line.split_once(": "))
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value)
    }

    pub(super) fn body(&self) -> &[u8] {
        self.split().expect("a whole head").1
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(self.body()).expect("JSON")
    }

    /// The single error of a refusal: status, code and message.
    pub(super) fn refusal(&self) -> (u16, String, String) {
        let body = self.json();
        let errors = body["errors"]["root"].as_array().expect("a list of errors");
        assert_eq!(errors.len(), 1, "{body}");
        let text = |key: &str| errors[0][key].as_str().expect("a text").to_owned();
        (self.status(), text("code"), text("message"))
    }

    /// What the client received, in a few words.
    pub(super) fn describe(&self) -> String {
        let end = match self.end {
            Ok(()) => "closed".to_owned(),
            Err(io::ErrorKind::ConnectionReset) => "reset".to_owned(),
            Err(other) => other.to_string(),
        };
        format!("{}, {end}", self.describe_answer())
    }

    fn describe_answer(&self) -> String {
        let Some((_, body)) = self.split() else {
            return if self.bytes.is_empty() { "nothing".to_owned() } else { "part of a head".to_owned() };
        };
        let length = self.header("content-length").map_or(0, |length| length.parse().expect("a length"));
        let body = match (body.len(), length) {
            (0, 0) => "no body",
            (received, length) if received == length => "whole body",
            (received, length) if received == length / 2 => "half a body",
            _ => "another body",
        };
        format!("{} {body}", self.status())
    }
}

/// Waits at most 20 seconds, so that a test fails and does not hang if something never happens.
pub(super) async fn within<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), future).await.expect("within 20 seconds")
}
