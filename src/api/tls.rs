//! What went wrong with TLS, in words: from rustls's errors to a reason and to what helps.
//!
//! ```text
//! rustls::Error ─┬─ InvalidCertificate ─► certificate.rs ─┐
//!                ├─ AlertReceived ──────► alert.rs ───────┼─► TlsFault {topic, reason, remedy}
//!                └─ everything else ────► this file ──────┘
//! ```
//!
//! No name of rustls and no `Debug` text reaches a screen: an error that is not in a table has words of its own too.

mod alert;
mod certificate;

use rustls::{Error, PeerIncompatible};

use self::alert::describe_alert;
use self::certificate::describe_certificate;
use crate::api::tls_fault::{TlsFault, TlsTopic};

/// What to do where the two sides have nothing in common.
const NEEDS_TLS_12: &str =
    "The server has to speak TLS 1.2 or 1.3 with ciphers that are still held to be safe.";
/// What to do where the other side breaks the rules.
const LOOK_IN_BETWEEN: &str =
    "Check the base URL and its port; a proxy or a firewall in between may be the cause.";
/// What to do where this machine is the cause.
const LOOK_HERE: &str = "The cause is on this machine, not on the server.";

/// What `error` means for a user.
pub(super) fn describe_tls(error: &Error) -> TlsFault {
    match error {
        Error::InvalidCertificate(error) => describe_certificate(error),
        Error::AlertReceived(alert) => describe_alert(*alert),
        Error::PeerIncompatible(error) => describe_incompatible(error),
        Error::NoCertificatesPresented => {
            TlsFault::certificate("the server sent none", "The server needs a certificate.")
        }
        Error::InvalidMessage(_) => {
            TlsFault::new(TlsTopic::NotTls, "no TLS is spoken there", LOOK_IN_BETWEEN)
        }
        Error::InvalidCertRevocationList(_) => TlsFault::handshake(
            "a list of revoked certificates cannot be used",
            "Ask the administrator of this machine.",
        ),
        Error::DecryptError | Error::PeerSentOversizedRecord => {
            TlsFault::handshake("what came back was damaged on the way", LOOK_IN_BETWEEN)
        }
        Error::InappropriateMessage { .. }
        | Error::InappropriateHandshakeMessage { .. }
        | Error::PeerMisbehaved(_)
        | Error::InvalidEncryptedClientHello(_)
        | Error::NoApplicationProtocol => {
            TlsFault::handshake("the server breaks the rules of TLS", LOOK_IN_BETWEEN)
        }
        Error::UnsupportedNameType => {
            TlsFault::handshake("the host's name cannot stand in a certificate", "Check the base URL.")
        }
        Error::FailedToGetCurrentTime => {
            TlsFault::handshake("this machine's clock cannot be read", LOOK_HERE)
        }
        Error::FailedToGetRandomBytes => {
            TlsFault::handshake("this machine gives no random numbers", LOOK_HERE)
        }
        _ => TlsFault::handshake("it ended with an error that has no name", LOOK_IN_BETWEEN),
    }
}

fn describe_incompatible(error: &PeerIncompatible) -> TlsFault {
    let reason = match error {
        PeerIncompatible::ServerDoesNotSupportTls12Or13
        | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig
        | PeerIncompatible::SupportedVersionsExtensionRequired
        | PeerIncompatible::Tls12NotOffered
        | PeerIncompatible::Tls12NotOfferedOrEnabled
        | PeerIncompatible::Tls13RequiredForQuic => "the server speaks only versions that are too old",
        PeerIncompatible::NoCipherSuitesInCommon
        | PeerIncompatible::NoKxGroupsInCommon
        | PeerIncompatible::NoSignatureSchemesInCommon
        | PeerIncompatible::NoEcPointFormatsInCommon
        | PeerIncompatible::NoCertificateRequestSignatureSchemesInCommon => {
            "the server and convrating have no cipher in common"
        }
        _ => "the server lacks a part of TLS that is needed",
    };
    TlsFault::handshake(reason, NEEDS_TLS_12)
}

#[cfg(test)]
mod tests;
