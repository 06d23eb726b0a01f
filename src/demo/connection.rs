//! One connection: from the socket to the server and back. A fault can break it off.

use std::error::Error as _;
use std::future::poll_fn;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use super::contract::{self, BODY_LIMIT};
use super::fault::{self, Answer, End, FaultEffect};
use super::method::Method;
#[cfg(feature = "test-hooks")]
use super::recorded::Recorded;
use super::reply::{Payload, Reply};
use super::server::{IncomingCall, Server};

/// Why the server library has to give a connection up.
#[derive(Debug, thiserror::Error)]
enum Broken {
    /// A fault asks for it: these bytes are still sent, then the connection ends in this way.
    #[error("broken off on purpose")]
    OnPurpose(Vec<u8>, End),
    /// The client left before its request was complete.
    #[error("the request did not arrive whole")]
    Unread(#[from] hyper::Error),
}

/// Serves one connection until either side ends it.
pub(super) async fn serve(stream: TcpStream, server: Arc<Server>) {
    #[cfg(feature = "test-hooks")]
    if let Some(end) = server.interference.take_refusal() {
        return finish(stream, &[], end).await;
    }
    if let Some((stream, bytes, end)) = serve_requests(stream, &server).await {
        finish(stream, &bytes, end).await;
    }
}

/// Serves the requests of one connection. Returns the socket if a fault asks for something that the server library
/// cannot do, with the bytes to send and the way to end. Any other error means that the client left or spoke no HTTP.
/// The library has then sent what answer there is.
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

/// Sends the last bytes and ends the connection. An error means that the client has already left, which is an end too.
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

/// Reads until the client closes. A socket that is closed with unread bytes in it sends a reset
/// (RFC 2525, section 2.17: <https://www.rfc-editor.org/rfc/rfc2525#section-2.17>).
async fn wait_for_client(mut stream: TcpStream) -> io::Result<u64> {
    tokio::io::copy(&mut stream, &mut tokio::io::sink()).await
}

/// One request and its answer.
async fn exchange(server: &Server, request: Request<Incoming>) -> Result<Response<Payload>, Broken> {
    let (head, body) = request.into_parts();
    let method = Method::from_http(&head.method);
    let caller = contract::parse_token(&head.headers).and_then(|token| server.find_caller(token));
    let fault = server.choose_fault(caller, method);
    #[cfg(feature = "test-hooks")]
    let fault = server.interference.take_fault(method).unwrap_or(fault);
    if let Some(end) = fault.end_before_reading() {
        return Err(Broken::OnPurpose(Vec::new(), end));
    }
    let body = read_body(body).await?;
    #[cfg(feature = "test-hooks")]
    server.interference.record(method, || {
        let name = caller.map(|caller| server.agents()[caller.agent].name());
        Recorded::new(&head, body.as_deref(), name)
    });
    let has_json_type = contract::has_json_type(&head.headers);
    let call = IncomingCall { method, path: head.uri.path(), has_json_type, caller, body: body.as_deref() };
    let ordinary = answer(server, &call, fault.effect, fault.delay).await;
    deliver(ordinary, fault.answer)
}

/// The ordinary answer, after the fault's delay. A test can hold the request before it is applied, and the answer after
/// that.
async fn answer(server: &Server, call: &IncomingCall<'_>, effect: FaultEffect, delay: Duration) -> Reply {
    #[cfg(feature = "test-hooks")]
    server.interference.hold_request(call.method).await;
    let ordinary = server.answer(call, effect);
    #[cfg(feature = "test-hooks")]
    server.interference.hold_answer(call.method).await;
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    ordinary
}

/// Sends the ordinary answer, or what the fault puts in its place.
fn deliver(ordinary: Reply, answer: Answer) -> Result<Response<Payload>, Broken> {
    match answer {
        Answer::Ordinary => Ok(ordinary.into_response()),
        Answer::Reply(reply) => Ok(reply.into_response()),
        Answer::Cut(point, end) => Err(Broken::OnPurpose(fault::first_part(&ordinary, point), end)),
        Answer::Raw(bytes, end) => Err(Broken::OnPurpose(bytes, end)),
    }
}

/// The whole body, or `None` if it is longer than [`BODY_LIMIT`]. A body that is too long is read to its end too:
/// otherwise a client that is still writing would see a reset and not the answer.
async fn read_body(mut body: Incoming) -> Result<Option<Vec<u8>>, hyper::Error> {
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
