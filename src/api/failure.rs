//! From reqwest's chain of causes to the one thing that a user can act on.

use std::error::Error;
use std::io;
use std::time::Duration;

use super::proxy::{ProxyServer, Route};
use super::tls::describe_tls;
use super::tls_fault::{TlsFault, TlsTopic};
use crate::private::spoken;
use crate::save::CallError;
use crate::visible::excerpt;

/// How an error of the way through a proxy begins. hyper-util shows its type to no other crate
/// (<https://docs.rs/hyper-util/0.1.21/src/hyper_util/client/legacy/connect/proxy/tunnel.rs.html>), so it is known by its text.
const TUNNEL: &str = "tunnel error: ";
/// What stands behind [`TUNNEL`] where the proxy answered and refused.
const REFUSED: &str = "unsuccessful";
/// What stands behind [`TUNNEL`] where the proxy answered 407.
const WANTS_A_USER: &str = "proxy authorization required";
/// How many characters of a library's own words are shown.
const MAX_CHARS: usize = 100;

/// How a request was sent: what its failure is explained by.
pub(super) struct Sending<'a> {
    /// The way to the host.
    pub(super) route: &'a Route,
    /// The bound on a connection.
    pub(super) connect: Duration,
    /// The bound on the whole request.
    pub(super) bound: Duration,
}

/// What `error` of a request means. `has_head` says whether the head of an answer had come.
pub(super) fn from_call_error(error: &reqwest::Error, sending: &Sending<'_>, has_head: bool) -> CallError {
    if error.is_connect() {
        return from_connect_error(error, sending);
    }
    if error.is_timeout() {
        return CallError::TimedOut { after: sending.bound };
    }
    // Bytes that are no HTTP are an answer too, of something else.
    CallError::Broken { reason: describe(error), has_head: has_head || !is_dropped(error) }
}

/// True if the connection ended, by a reset or without a word.
fn is_dropped(error: &reqwest::Error) -> bool {
    let is_reset = |cause: &io::Error| {
        matches!(
            cause.kind(),
            io::ErrorKind::ConnectionReset
                | io::ErrorKind::ConnectionAborted
                | io::ErrorKind::BrokenPipe
                | io::ErrorKind::UnexpectedEof
        )
    };
    // hyper's text for an end of the connection before the answer was whole: https://docs.rs/hyper/1/hyper/struct.Error.html#method.is_incomplete_message
    causes(error).any(|cause| {
        cause.downcast_ref().is_some_and(is_reset)
            || cause.to_string() == "connection closed before message completed"
    })
}

/// Why no connection came about. Nothing was sent.
fn from_connect_error(error: &reqwest::Error, sending: &Sending<'_>) -> CallError {
    if let (Some(tunnel), Some(proxy)) = (tunnel_fault(error), sending.route.proxy()) {
        return from_tunnel_error(error, &tunnel, proxy);
    }
    if let Some(fault) = tls_fault(error) {
        return from_tls_fault(fault);
    }
    // A time that is up stands alone, without the tunnel's own error around it.
    let reason = match (error.is_timeout(), sending.route.proxy()) {
        (true, Some(proxy)) => proxy.explain_failure(&no_answer_for(sending.connect)),
        (true, None) => no_answer_for(sending.connect),
        (false, _) => describe(error),
    };
    CallError::Connect { reason }
}

fn from_tls_fault(fault: TlsFault) -> CallError {
    let TlsFault { topic, reason, remedy } = fault;
    let remedy = remedy.to_owned();
    match topic {
        TlsTopic::Certificate => CallError::Tls { reason, remedy },
        TlsTopic::Handshake => CallError::Handshake { reason, remedy },
        TlsTopic::NotTls => CallError::Connect { reason },
    }
}

/// Why the proxy opened no tunnel, or was not reached.
fn from_tunnel_error(error: &reqwest::Error, tunnel: &str, proxy: &ProxyServer) -> CallError {
    let refused = |status| CallError::ProxyRefused { proxy: proxy.to_string(), status };
    match tunnel {
        REFUSED => refused(None),
        WANTS_A_USER => refused(Some(407)),
        _ => {
            let reason = match tls_fault(error) {
                Some(TlsFault { topic: TlsTopic::Certificate, reason, .. }) => {
                    format!("its certificate was not accepted, {reason}")
                }
                Some(fault) => fault.reason,
                None => describe_io(error).map_or_else(|| describe_tunnel(tunnel).to_owned(), str::to_owned),
            };
            CallError::Connect { reason: proxy.explain_failure(&reason) }
        }
    }
}

fn describe_tunnel(tunnel: &str) -> &'static str {
    match tunnel {
        "unexpected end of file" => "it closed the connection without an answer",
        "proxy response headers too long" => "its answer is too long",
        _ => "it could not be reached",
    }
}

/// What stands in the tunnel's own error, if it is one.
fn tunnel_fault(error: &reqwest::Error) -> Option<String> {
    causes(error).find_map(|cause| cause.to_string().strip_prefix(TUNNEL).map(str::to_owned))
}

fn tls_fault(error: &reqwest::Error) -> Option<TlsFault> {
    causes(error).find_map(as_tls_error).map(describe_tls)
}

/// The cause in a few words.
pub(super) fn describe(error: &reqwest::Error) -> String {
    if let Some(fault) = tls_fault(error) {
        return fault.reason;
    }
    if error.is_dns() {
        return "name not found".to_owned();
    }
    let known = describe_io(error).or_else(|| describe_hyper(error));
    known.map_or_else(|| last_cause(error), str::to_owned)
}

/// An error of the system in a few words, where there is one that says something.
fn describe_io(error: &reqwest::Error) -> Option<&'static str> {
    let io = causes(error).find_map(|cause| cause.downcast_ref::<io::Error>())?;
    Some(match io.kind() {
        io::ErrorKind::ConnectionRefused => "connection refused",
        io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionAborted => {
            "connection reset"
        }
        io::ErrorKind::NetworkUnreachable | io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkDown => {
            "network unreachable"
        }
        io::ErrorKind::TimedOut => "no answer",
        io::ErrorKind::UnexpectedEof => "closed before the answer was whole",
        io::ErrorKind::PermissionDenied => "this machine does not allow it",
        io::ErrorKind::AddrNotAvailable => "no free port on this machine",
        _ => return None,
    })
}

/// An answer that hyper cannot read, in a few words. hyper has no public kinds for all of them, so its text is looked at.
fn describe_hyper(error: &reqwest::Error) -> Option<&'static str> {
    const KNOWN: &[(&str, &str)] = &[
        ("connection closed before message completed", "closed before the answer was whole"),
        ("end of file before message length reached", "closed before the answer was whole"),
        ("unexpected EOF", "closed before the answer was whole"),
        ("invalid HTTP", "the answer is no HTTP"),
        ("invalid content-length", "the answer is no HTTP"),
        ("invalid URI", "the answer is no HTTP"),
        ("message head is too large", "the answer's head is too large"),
        ("chunk", "the answer's body cannot be read"),
    ];
    causes(error).find_map(|cause| {
        let text = cause.to_string();
        KNOWN.iter().find(|(part, _)| text.contains(part)).map(|(_, words)| *words)
    })
}

fn no_answer_for(time: Duration) -> String {
    format!("no answer for {} s", time.as_secs_f64())
}

fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |cause| (*cause).source())
}

/// The innermost cause in its own words; an error of the system without its number.
fn last_cause(error: &reqwest::Error) -> String {
    let Some(last) = causes(error).last() else { return String::new() };
    let text = last.downcast_ref::<io::Error>().map_or_else(|| last.to_string(), spoken);
    excerpt(&text, MAX_CHARS)
}

/// rustls hides its error inside an [`io::Error`], and that one may stand inside another: `source` skips both.
fn as_tls_error<'a>(cause: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    let mut inner = cause.downcast_ref::<io::Error>()?.get_ref()?;
    while let Some(io) = inner.downcast_ref::<io::Error>() {
        inner = io.get_ref()?;
    }
    inner.downcast_ref()
}
