//! Why a server's certificate is not accepted, in words.

use jiff::Timestamp;
use rustls::CertificateError;
use rustls::pki_types::UnixTime;
use webpki::Error as WebpkiError;

use crate::api::tls_fault::TlsFault;
use crate::visible::excerpt;

/// How many of a certificate's names are shown.
const MAX_NAMES: usize = 5;
/// How many characters of a name are shown.
const MAX_NAME_CHARS: usize = 100;

const OLD_OR_CLOCK: &str =
    "If this machine's clock is wrong, set it; if it is right, the server needs a new certificate.";
const YOUNG_OR_CLOCK: &str =
    "If this machine's clock is wrong, set it; if it is right, wait, or ask the server's administrator.";
const LIST_OR_CLOCK: &str = "If this machine's clock is wrong, set it; if it is right, try again later.";
const NEW_ONE: &str = "The server needs another certificate.";
const OWN_CA: &str = "A company's own CA: set SSL_CERT_FILE.";
const CHECK_URL: &str = "Check the base URL.";
const CHANGED: &str = "Something in between may have changed it: ask the network's administrator.";
const SIGN_ANEW: &str = "The server needs a certificate that is signed with RSA, ECDSA or Ed25519 and SHA-2.";
const FOR_SERVERS: &str = "The server needs a certificate for server authentication.";
/// The reason of an error that has no words of its own.
const BREAKS_A_RULE: &str = "it breaks a rule for certificates";
const TRY_LATER: &str = "Try again later; if it stays, ask the server's administrator.";

/// What `error` means for a user.
pub(super) fn describe_certificate(error: &CertificateError) -> TlsFault {
    match error {
        CertificateError::ExpiredContext { time, not_after } => {
            TlsFault::certificate(compare("it expired on", *not_after, *time), OLD_OR_CLOCK)
        }
        CertificateError::NotValidYetContext { time, not_before } => {
            TlsFault::certificate(compare("it is valid from", *not_before, *time), YOUNG_OR_CLOCK)
        }
        CertificateError::NotValidForNameContext { expected, presented } => {
            describe_names(&expected.to_str(), presented)
        }
        CertificateError::Other(other) => describe_other(other.0.downcast_ref()),
        plain => {
            let (reason, remedy) = describe_plain(plain);
            TlsFault::certificate(reason, remedy)
        }
    }
}

/// The words for an error whose data is of no use to a user.
#[expect(deprecated, reason = "rustls still makes UnsupportedSignatureAlgorithm")]
fn describe_plain(error: &CertificateError) -> (&'static str, &'static str) {
    match error {
        CertificateError::Expired => ("it has expired", OLD_OR_CLOCK),
        CertificateError::NotValidYet => ("it is not valid yet", YOUNG_OR_CLOCK),
        CertificateError::NotValidForName => ("it is for another name", CHECK_URL),
        CertificateError::UnknownIssuer => ("unknown issuer", OWN_CA),
        CertificateError::Revoked => {
            ("its issuer has revoked it", "Do not trust this server before it has a new one.")
        }
        CertificateError::UnknownRevocationStatus => ("it is not known whether it was revoked", TRY_LATER),
        CertificateError::ExpiredRevocationList | CertificateError::ExpiredRevocationListContext { .. } => {
            ("the list of revoked certificates is out of date", LIST_OR_CLOCK)
        }
        CertificateError::InvalidOcspResponse => {
            ("the server's proof that it was not revoked is not valid", TRY_LATER)
        }
        CertificateError::BadEncoding => ("it cannot be read", NEW_ONE),
        CertificateError::UnhandledCriticalExtension => ("it has a rule that is not supported", NEW_ONE),
        CertificateError::BadSignature => ("its signature is wrong", CHANGED),
        CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
            ("its signature does not fit its issuer's key", SIGN_ANEW)
        }
        CertificateError::UnsupportedSignatureAlgorithm
        | CertificateError::UnsupportedSignatureAlgorithmContext { .. } => {
            ("it is signed in a way that is not supported", SIGN_ANEW)
        }
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            ("it is not made for servers", FOR_SERVERS)
        }
        CertificateError::ApplicationVerificationFailure => ("it was refused on this machine", NEW_ONE),
        _ => (BREAKS_A_RULE, NEW_ONE),
    }
}

/// A date of the certificate beside what this machine's clock says.
fn compare(words: &str, date: UnixTime, clock: UnixTime) -> String {
    format!("{words} {}, and this machine's clock says {}", render_time(date), render_time(clock))
}

fn render_time(time: UnixTime) -> String {
    let time = i64::try_from(time.as_secs()).ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    time.map_or_else(
        || "a time too far away".to_owned(),
        |time| time.strftime("%Y-%m-%d %H:%M UTC").to_string(),
    )
}

fn describe_names(expected: &str, presented: &[String]) -> TlsFault {
    let names: Vec<_> = presented.iter().filter_map(|name| parse_presented(name)).collect();
    let shown: Vec<_> = names.iter().take(MAX_NAMES).map(|name| excerpt(name, MAX_NAME_CHARS)).collect();
    let more = match names.len().saturating_sub(MAX_NAMES) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let expected = excerpt(expected, MAX_NAME_CHARS);
    if shown.is_empty() {
        let remedy = "The server needs a certificate with its name as subjectAltName.";
        return TlsFault::certificate(format!("it names no host, so it is not for {expected}"), remedy);
    }
    TlsFault::certificate(format!("it is for {}{more}, not for {expected}", shown.join(", ")), CHECK_URL)
}

/// webpki gives each name as the `Debug` text of a type of its own: `DnsName("evil.example")`, `IpAddress(10.0.0.1)`
/// (<https://docs.rs/rustls-webpki/0.103.16/src/webpki/subject_name/mod.rs.html>). Other kinds of names are no hosts.
fn parse_presented(name: &str) -> Option<&str> {
    let dns = name.strip_prefix("DnsName(\"").and_then(|rest| rest.strip_suffix("\")"));
    dns.or_else(|| name.strip_prefix("IpAddress(").and_then(|rest| rest.strip_suffix(')')))
}

/// What webpki found and rustls has no name for.
fn describe_other(error: Option<&WebpkiError>) -> TlsFault {
    let (reason, remedy) = match error {
        Some(WebpkiError::CaUsedAsEndEntity) => (
            "it is the certificate of a CA, used as the server's own",
            "The server needs one of its own: with CA:FALSE, and signed by that CA.",
        ),
        Some(WebpkiError::EndEntityUsedAsCa | WebpkiError::PathLenConstraintViolated) => {
            ("one of its issuers may not issue certificates", NEW_ONE)
        }
        Some(WebpkiError::NameConstraintViolation) => ("its issuer may not issue it for this name", NEW_ONE),
        Some(WebpkiError::EmptyEkuExtension) => ("it is not made for servers", FOR_SERVERS),
        Some(WebpkiError::SignatureAlgorithmMismatch) => ("it names two different signatures", NEW_ONE),
        Some(WebpkiError::UnsupportedCertVersion) => ("it is of a version that is too old", NEW_ONE),
        Some(
            WebpkiError::MaximumPathDepthExceeded
            | WebpkiError::MaximumPathBuildCallsExceeded
            | WebpkiError::MaximumSignatureChecksExceeded
            | WebpkiError::MaximumNameConstraintComparisonsExceeded,
        ) => ("its chain of issuers is too long", NEW_ONE),
        Some(_) => (BREAKS_A_RULE, NEW_ONE),
        None => ("it was refused on this machine", NEW_ONE),
    };
    TlsFault::certificate(reason, remedy)
}
