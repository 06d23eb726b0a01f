//! From reqwest's chain of causes to the one thing that a user can act on.

use std::error::Error;
use std::io;
use std::time::Duration;

use rustls::CertificateError;

use super::error::ApiError;
use super::retry::Timing;
use crate::visible::excerpt;

/// What `error` of a request with the time bound `bound` means.
pub(super) fn of(error: &reqwest::Error, timing: &Timing, bound: Duration) -> ApiError {
    if error.is_connect() {
        return match causes(error).find_map(as_tls_error) {
            Some(rustls::Error::InvalidCertificate(error)) => ApiError::Tls { reason: certificate(error) },
            Some(rustls::Error::InvalidMessage(_)) => {
                ApiError::Connect { reason: "no TLS is spoken there".to_owned() }
            }
            Some(other) => ApiError::Connect { reason: excerpt(&other.to_string(), 100) },
            None if error.is_timeout() => ApiError::Connect { reason: no_answer_for(timing.connect) },
            None => ApiError::Connect { reason: reason(error) },
        };
    }
    if error.is_timeout() {
        return ApiError::TimedOut { seconds: bound.as_secs() };
    }
    ApiError::Broken { reason: reason(error) }
}

/// The innermost cause in a few words.
pub(super) fn reason(error: &reqwest::Error) -> String {
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
    format!("no answer for {} s", time.as_secs())
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
        CertificateError::UnknownIssuer => "unknown issuer".to_owned(),
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
