//! The alerts with which a server ends TLS, in words.

use rustls::AlertDescription as Alert;

use crate::api::tls_fault::TlsFault;

const NOTHING_IN_COMMON: &str =
    "The server has to speak TLS 1.2 or 1.3 with ciphers that are still held to be safe.";
const CLIENT_CERTIFICATE: &str =
    "This server is not for convrating, which has no client certificate: check the base URL.";
const CHECK_URL: &str = "Check the base URL.";
const TRY_LATER: &str = "Try again later; if it stays, ask the server's administrator.";
const IN_BETWEEN: &str = "A proxy or a firewall in between may be the cause.";

/// Each alert that has a cause of its own: why the server sent it, and what helps.
const ALERTS: &[(Alert, &str, &str)] = &[
    (Alert::HandshakeFailure, "the server accepts no cipher that convrating has", NOTHING_IN_COMMON),
    (Alert::InsufficientSecurity, "the server asks for other ciphers", NOTHING_IN_COMMON),
    (Alert::ProtocolVersion, "the server accepts no TLS version that convrating has", NOTHING_IN_COMMON),
    (
        Alert::InappropriateFallback,
        "the server accepts no TLS version that convrating has",
        NOTHING_IN_COMMON,
    ),
    (Alert::NoApplicationProtocol, "the server does not speak HTTP/1.1", CHECK_URL),
    (Alert::UnrecognisedName, "the server does not know a host of this name", CHECK_URL),
    (Alert::CertificateRequired, "the server asks for a client certificate", CLIENT_CERTIFICATE),
    (Alert::NoCertificate, "the server asks for a client certificate", CLIENT_CERTIFICATE),
    (Alert::BadCertificate, "the server asks for a client certificate", CLIENT_CERTIFICATE),
    (Alert::UnsupportedCertificate, "the server asks for a client certificate", CLIENT_CERTIFICATE),
    (Alert::CertificateRevoked, "the server asks for a client certificate", CLIENT_CERTIFICATE),
    (Alert::CertificateExpired, "the server asks for a client certificate", CLIENT_CERTIFICATE),
    (Alert::CertificateUnknown, "the server asks for a client certificate", CLIENT_CERTIFICATE),
    (Alert::UnknownCA, "the server asks for a client certificate", CLIENT_CERTIFICATE),
    (Alert::AccessDenied, "the server refuses this machine", "Ask the server's administrator."),
    (Alert::InternalError, "the server has an error of its own", TRY_LATER),
    (Alert::UserCanceled, "the server broke it off", TRY_LATER),
    (Alert::CloseNotify, "the server closed the connection", TRY_LATER),
    (Alert::BadRecordMac, "the server got something that was damaged on the way", IN_BETWEEN),
    (Alert::DecryptError, "the server got something that was damaged on the way", IN_BETWEEN),
    (Alert::DecodeError, "the server got something that was damaged on the way", IN_BETWEEN),
];

/// What an alert of the server means. One that is not in the table is told by its number, which is listed at
/// <https://www.iana.org/assignments/tls-parameters/tls-parameters.xhtml#tls-parameters-6>.
pub(super) fn describe_alert(alert: Alert) -> TlsFault {
    match ALERTS.iter().find(|(known, ..)| *known == alert) {
        Some((_, reason, remedy)) => TlsFault::handshake(*reason, remedy),
        None => {
            TlsFault::handshake(format!("the server broke it off with alert {}", u8::from(alert)), IN_BETWEEN)
        }
    }
}
