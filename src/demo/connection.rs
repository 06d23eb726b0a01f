//! One connection: from the socket to the contract and back, or to the break that a fault asks for.

use std::error::Error as _;
use std::future::poll_fn;
use std::io;
use std::sync::Arc;

use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper::http::request::Parts;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use super::contract::{self, BODY_LIMIT};
use super::fault::{self, Answer, End, Fault};
use super::hooks::{Method, Recorded};
use super::reply::{Payload, Reply};
use super::server::{Call, Server};

/// Why the server library is told to give a connection up.
#[derive(Debug, thiserror::Error)]
enum Broken {
    /// On purpose: these bytes still go out, then the connection ends so.
    #[error("broken off on purpose")]
    OnPurpose(Vec<u8>, End),
    /// The client left within its own request.
    #[error("the request did not arrive whole")]
    Unread(#[from] hyper::Error),
}

/// Serves one connection until either side ends it.
pub(super) async fn serve(stream: TcpStream, server: Arc<Server>) {
    if let Some(end) = server.refused_connection() {
        return finish(stream, &[], end).await;
    }
    if let Some((stream, bytes, end)) = serve_requests(stream, &server).await {
        finish(stream, &bytes, end).await;
    }
}

/// Gives the socket back where a fault asked for more than HTTP can say. Any other error means that the client left or
/// spoke no HTTP: hyper has answered what can be answered, and nobody is there to be told.
async fn serve_requests(stream: TcpStream, server: &Server) -> Option<(TcpStream, Vec<u8>, End)> {
    let service = service_fn(|request| Box::pin(exchange(server, request)));
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let ended = poll_fn(|context| connection.poll_without_shutdown(context)).await;
    let stream = connection.into_parts().io.into_inner();
    match ended.as_ref().err()?.source()?.downcast_ref() {
        Some(Broken::OnPurpose(bytes, end)) => Some((stream, bytes.clone(), *end)),
        _ => None,
    }
}

/// Sends the last bytes and ends the connection. Errors say that the client has gone already, which is an end too.
async fn finish(mut stream: TcpStream, bytes: &[u8], end: End) {
    let sent = stream.write_all(bytes).await;
    let ended = match end {
        End::Reset => stream.set_zero_linger(),
        End::Close => stream.shutdown().await,
        End::Silence => Ok(()),
    };
    if end != End::Reset && sent.and(ended).is_ok() {
        wait_for_client(stream).await.ok();
    }
}

/// Reads until the client closes: to close a socket with unread bytes in it would send a reset.
async fn wait_for_client(mut stream: TcpStream) -> io::Result<u64> {
    tokio::io::copy(&mut stream, &mut tokio::io::sink()).await
}

async fn exchange(server: &Server, request: Request<Incoming>) -> Result<Response<Payload>, Broken> {
    let (head, body) = request.into_parts();
    let method = Method::of(&head.method);
    let agent = contract::bearer(&head.headers).and_then(|token| server.owner(token));
    let fault = server.fault(method, agent);
    if let Some(end) = fault.breaks_before_reading() {
        return Err(Broken::OnPurpose(Vec::new(), end));
    }
    let body = read(body).await?;
    server.record(method, || recorded(server, &head, body.as_deref(), agent));
    let call = Call { method, path: head.uri.path(), agent, body: body.as_deref() };
    let (ordinary, answer) = settle(server, &call, fault).await;
    deliver(ordinary, answer)
}

/// The part of an exchange that a test can hold and delay.
async fn settle(server: &Server, call: &Call<'_>, fault: Fault) -> (Reply, Answer) {
    server.pass_before(call.method).await;
    let ordinary = server.settle(call, fault.effect);
    server.pass_after(call.method).await;
    if !fault.delay.is_zero() {
        tokio::time::sleep(fault.delay).await;
    }
    (ordinary, fault.answer)
}

fn deliver(ordinary: Reply, answer: Answer) -> Result<Response<Payload>, Broken> {
    match answer {
        Answer::Ordinary => Ok(ordinary.into_response()),
        Answer::Reply(reply) => Ok(reply.into_response()),
        Answer::Cut(point, end) => Err(Broken::OnPurpose(fault::first_part(&ordinary, point), end)),
        Answer::Raw(bytes, end) => Err(Broken::OnPurpose(bytes, end)),
    }
}

/// The whole body, or `None` where it is too long. That one is read to its end too: a client that is still writing
/// would see a reset in place of the answer.
async fn read(mut body: Incoming) -> Result<Option<Vec<u8>>, hyper::Error> {
    let mut kept = Some(Vec::new());
    while let Some(frame) = body.frame().await {
        let frame = frame?;
        let data = frame.data_ref().map_or(&[][..], |data| data);
        kept = kept.filter(|kept| kept.len() + data.len() <= BODY_LIMIT);
        if let Some(kept) = &mut kept {
            kept.extend_from_slice(data);
        }
    }
    Ok(kept)
}

fn recorded(server: &Server, head: &Parts, body: Option<&[u8]>, agent: Option<usize>) -> Recorded {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Recorded {
        method: head.method.to_string(),
        path: head.uri.to_string(),
        headers: head
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), text(value.as_bytes())))
            .collect(),
        body: body.unwrap_or_default().to_vec(),
        agent: agent.map(|agent| server.agents()[agent].name().to_owned()),
    }
}
