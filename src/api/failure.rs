//! From reqwest's chain of causes to the one thing that a user can act on.

use std::error::Error;
use std::io;
use std::path::Path;
use std::time::Duration;

use rustls::CertificateError;

use super::proxy;
use super::timing::Timing;
use crate::private::Opened;
use crate::save::CallError;
use crate::visible::{excerpt, visible};

/// How an error of the way through a proxy begins.
const TUNNEL: &str = "tunnel error: ";
/// The largest file of trusted certificates that is looked at for what is wrong with it, in bytes.
const MAX_TRUST_BYTES: u64 = 16 * 1024 * 1024;

/// What `error` of a request with the time bound `bound` means. `has_head` says whether the head of an answer had come.
pub(super) fn from_call_error(
    error: &reqwest::Error,
    timing: &Timing,
    bound: Duration,
    has_head: bool,
) -> CallError {
    if error.is_connect() {
        return match causes(error).find_map(as_tls_error) {
            Some(rustls::Error::InvalidCertificate(error)) => CallError::Tls { reason: certificate(error) },
            Some(rustls::Error::InvalidMessage(_)) => {
                CallError::Connect { reason: "no TLS is spoken there".to_owned() }
            }
            Some(other) => CallError::Connect { reason: excerpt(&other.to_string(), 100) },
            None => CallError::Connect { reason: connection(error, timing) },
        };
    }
    if error.is_timeout() {
        return CallError::TimedOut { after: bound };
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

/// What `error` of making the HTTP client means: it is then that the trust roots are read.
pub(super) fn from_set_up_error(error: &reqwest::Error) -> CallError {
    let reason = trust_file().map_or_else(
        || describe(error),
        |(path, fault)| {
            let fault = fault.unwrap_or_else(|| "it holds no certificate that can be used".to_owned());
            format!("SSL_CERT_FILE {path} cannot be used: {fault}")
        },
    );
    CallError::SetUp { reason }
}

/// The file of SSL_CERT_FILE, and why it cannot be read, if it cannot.
fn trust_file() -> Option<(String, Option<String>)> {
    let path = std::env::var_os("SSL_CERT_FILE")?;
    let read = Opened::regular(Path::new(&path)).and_then(|opened| opened.read(MAX_TRUST_BYTES));
    let shown = format!("({})", visible(&path.to_string_lossy()));
    Some((shown, read.err().map(|fault| fault.to_string())))
}

/// Why no connection came about, and which way was taken.
fn connection(error: &reqwest::Error, timing: &Timing) -> String {
    // The proxy's own errors stand inside one that says so; a time that is up stands alone.
    let is_tunnel = causes(error).any(|cause| cause.to_string().starts_with(TUNNEL));
    if is_tunnel {
        return proxy::on_the_way(describe(error).trim_start_matches(TUNNEL));
    }
    match error.is_timeout() {
        true if proxy::is_for_every_host() => proxy::on_the_way(&no_answer_for(timing.connect)),
        true => no_answer_for(timing.connect),
        false => describe(error),
    }
}

/// The innermost cause in a few words.
pub(super) fn describe(error: &reqwest::Error) -> String {
    let io = causes(error).find_map(|cause| cause.downcast_ref::<io::Error>());
    if causes(error).any(|cause| cause.to_string() == "dns error") {
        return "name not found".to_owned();
    }
    let known = io.and_then(|error| match error.kind() {
        io::ErrorKind::ConnectionRefused => Some("connection refused"),
        io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => Some("connection reset"),
        io::ErrorKind::NetworkUnreachable | io::ErrorKind::HostUnreachable => Some("network unreachable"),
        io::ErrorKind::TimedOut => Some("no answer"),
        io::ErrorKind::UnexpectedEof => Some("closed before the answer was whole"),
        _ => None,
    });
    known.map_or_else(|| excerpt(&last_cause(error), 100), str::to_owned)
}

fn no_answer_for(time: Duration) -> String {
    format!("no answer for {} s", time.as_secs_f64())
}

fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |cause| (*cause).source())
}

fn last_cause(error: &reqwest::Error) -> String {
    causes(error).last().map(ToString::to_string).unwrap_or_default()
}

/// rustls hides its error inside an [`io::Error`], and that one may stand inside another: `source` skips both.
fn as_tls_error<'a>(cause: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    let mut inner = cause.downcast_ref::<io::Error>()?.get_ref()?;
    while let Some(io) = inner.downcast_ref::<io::Error>() {
        inner = io.get_ref()?;
    }
    inner.downcast_ref()
}

fn certificate(error: &CertificateError) -> String {
    match error {
        CertificateError::UnknownIssuer => match trust_file() {
            Some((path, Some(fault))) => {
                format!("unknown issuer, and SSL_CERT_FILE {path} cannot be used: {fault}")
            }
            _ => "unknown issuer".to_owned(),
        },
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "it has expired".to_owned(),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "it is not valid yet".to_owned()
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "it is for another name".to_owned()
        }
        CertificateError::Revoked => "it was revoked".to_owned(),
        other => excerpt(&other.to_string(), 100),
    }
}
