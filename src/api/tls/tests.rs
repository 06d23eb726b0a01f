use std::sync::Arc;

use rustls::pki_types::{AlgorithmIdentifier, ServerName, UnixTime};
use rustls::{
    AlertDescription, CertRevocationListError, CertificateError, Error, ExtendedKeyPurpose, InvalidMessage,
    OtherError, PeerIncompatible, PeerMisbehaved,
};
use webpki::Error as WebpkiError;

use super::*;

fn time(seconds: u64) -> UnixTime {
    UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds))
}

fn other(error: WebpkiError) -> CertificateError {
    CertificateError::Other(OtherError(Arc::new(error)))
}

/// Noon of the tenth of September 2001, give or take: a clock that is far behind.
const CLOCK: u64 = 1_000_000_000;

/// Each variant of `CertificateError` in rustls 0.23.46, in its order.
#[expect(deprecated, reason = "rustls still makes UnsupportedSignatureAlgorithm")]
fn certificate_errors() -> Vec<CertificateError> {
    use CertificateError as E;
    vec![
        E::BadEncoding,
        E::Expired,
        E::ExpiredContext { time: time(CLOCK), not_after: time(0) },
        E::NotValidYet,
        E::NotValidYetContext { time: time(CLOCK), not_before: time(u64::MAX) },
        E::Revoked,
        E::UnhandledCriticalExtension,
        E::UnknownIssuer,
        E::UnknownRevocationStatus,
        E::ExpiredRevocationList,
        E::ExpiredRevocationListContext { time: time(CLOCK), next_update: time(0) },
        E::BadSignature,
        E::UnsupportedSignatureAlgorithm,
        E::UnsupportedSignatureAlgorithmContext {
            signature_algorithm_id: vec![1],
            supported_algorithms: vec![AlgorithmIdentifier::from_slice(&[2])],
        },
        E::UnsupportedSignatureAlgorithmForPublicKeyContext {
            signature_algorithm_id: vec![1],
            public_key_algorithm_id: vec![2],
        },
        E::NotValidForName,
        names(&["DnsName(\"evil.example\")"]),
        E::InvalidPurpose,
        E::InvalidPurposeContext {
            required: ExtendedKeyPurpose::ServerAuth,
            presented: vec![ExtendedKeyPurpose::ClientAuth],
        },
        E::InvalidOcspResponse,
        E::ApplicationVerificationFailure,
        E::Other(OtherError(Arc::new(std::fmt::Error))),
    ]
}

/// Errors of webpki that rustls has no name for.
fn other_certificate_errors() -> Vec<CertificateError> {
    use WebpkiError as E;
    let all = [
        E::CaUsedAsEndEntity,
        E::CertDistrusted,
        E::EmptyEkuExtension,
        E::EndEntityUsedAsCa,
        E::ExtensionValueInvalid,
        E::InvalidNetworkMaskConstraint,
        E::InvalidSerialNumber,
        E::MalformedDnsIdentifier,
        E::MalformedExtensions,
        E::MalformedNameConstraint,
        E::MaximumNameConstraintComparisonsExceeded,
        E::MaximumPathBuildCallsExceeded,
        E::MaximumPathDepthExceeded,
        E::MaximumSignatureChecksExceeded,
        E::NameConstraintViolation,
        E::PathLenConstraintViolated,
        E::SignatureAlgorithmMismatch,
        E::UnsupportedCertVersion,
        E::UnsupportedCriticalExtension,
        E::UnsupportedNameType,
    ];
    all.map(other).to_vec()
}

fn names(presented: &[&str]) -> CertificateError {
    CertificateError::NotValidForNameContext {
        expected: ServerName::try_from("app.quickchat.ai").unwrap(),
        presented: presented.iter().map(ToString::to_string).collect(),
    }
}

/// One error of each other kind; of the kinds within them those that have words of their own, and one that has none.
fn other_errors() -> Vec<Error> {
    let mut errors = vec![
        Error::InappropriateMessage { expect_types: vec![], got_type: rustls::ContentType::Alert },
        Error::InappropriateHandshakeMessage {
            expect_types: vec![],
            got_type: rustls::HandshakeType::ClientHello,
        },
        Error::InvalidEncryptedClientHello(rustls::EncryptedClientHelloError::InvalidConfigList),
        Error::InvalidMessage(InvalidMessage::InvalidContentType),
        Error::NoCertificatesPresented,
        Error::UnsupportedNameType,
        Error::DecryptError,
        Error::EncryptError,
        Error::PeerMisbehaved(PeerMisbehaved::TooManyEmptyFragments),
        Error::InvalidCertRevocationList(CertRevocationListError::ParseError),
        Error::General("NoGoodReason".to_owned()),
        Error::FailedToGetCurrentTime,
        Error::FailedToGetRandomBytes,
        Error::HandshakeNotComplete,
        Error::PeerSentOversizedRecord,
        Error::NoApplicationProtocol,
        Error::BadMaxFragmentSize,
        Error::InconsistentKeys(rustls::InconsistentKeys::KeyMismatch),
        Error::Other(OtherError(Arc::new(std::fmt::Error))),
    ];
    errors.extend(incompatible().map(Error::PeerIncompatible));
    errors.extend((0..=u8::MAX).map(|number| Error::AlertReceived(AlertDescription::from(number))));
    errors
}

/// Each variant of `PeerIncompatible` in rustls 0.23.46, in its order.
fn incompatible() -> impl Iterator<Item = PeerIncompatible> {
    use PeerIncompatible as P;
    [
        P::EcPointsExtensionRequired,
        P::ExtendedMasterSecretExtensionRequired,
        P::IncorrectCertificateTypeExtension,
        P::KeyShareExtensionRequired,
        P::NamedGroupsExtensionRequired,
        P::NoCertificateRequestSignatureSchemesInCommon,
        P::NoCipherSuitesInCommon,
        P::NoEcPointFormatsInCommon,
        P::NoKxGroupsInCommon,
        P::NoSignatureSchemesInCommon,
        P::NullCompressionRequired,
        P::ServerDoesNotSupportTls12Or13,
        P::ServerSentHelloRetryRequestWithUnknownExtension,
        P::ServerTlsVersionIsDisabledByOurConfig,
        P::SignatureAlgorithmsExtensionRequired,
        P::SupportedVersionsExtensionRequired,
        P::Tls12NotOffered,
        P::Tls12NotOfferedOrEnabled,
        P::Tls13RequiredForQuic,
        P::UncompressedEcPointsRequired,
        P::UnsolicitedCertificateTypeExtension,
        P::ServerRejectedEncryptedClientHello(None),
    ]
    .into_iter()
}

fn all() -> Vec<Error> {
    let certificates = certificate_errors().into_iter().chain(other_certificate_errors());
    certificates.map(Error::InvalidCertificate).chain(other_errors()).collect()
}

/// True for a word such as `UnknownIssuer`, which is a name in code and in no sentence.
fn is_code(word: &str) -> bool {
    let letters: Vec<_> = word.chars().collect();
    letters.windows(2).any(|pair| pair[0].is_lowercase() && pair[1].is_uppercase())
        && word != "subjectAltName"
}

#[test]
fn every_error_has_words_with_a_remedy_and_without_a_name_of_the_code() {
    for error in all() {
        let TlsFault { reason, remedy, .. } = describe_tls(&error);
        let text = format!("{reason}. {remedy}");
        // A terminal of 40 columns and 12 rows has room for so many lines of what to do.
        assert!(textwrap::wrap(remedy, 36).len() <= 3, "{remedy}");
        assert!(!reason.is_empty() && !reason.ends_with('.') && remedy.ends_with('.'), "{error:?}: {text}");
        for sign in ["::", "{", "}", "[", "]", "(", ")", "\"", "_ ", "rustls", "webpki", "Error"] {
            assert!(!text.contains(sign), "{error:?}: {text}");
        }
        assert!(!text.split(|c: char| !c.is_alphanumeric()).any(is_code), "{error:?}: {text}");
    }
}

#[test]
fn a_file_of_certificates_is_advised_where_the_issuer_is_unknown_and_nowhere_else() {
    for error in all() {
        let is_unknown = matches!(error, Error::InvalidCertificate(CertificateError::UnknownIssuer));
        assert_eq!(describe_tls(&error).remedy.contains("SSL_CERT_FILE"), is_unknown, "{error:?}");
    }
}

#[test]
fn what_a_certificate_lacks_is_told() {
    use CertificateError as E;
    let year_2100 = time(4_102_444_800);
    for (error, expected) in [
        (
            E::ExpiredContext { time: time(CLOCK), not_after: time(0) },
            "it expired on 1970-01-01 00:00 UTC, and this machine's clock says 2001-09-09 01:46 UTC",
        ),
        (
            E::NotValidYetContext { time: time(CLOCK), not_before: year_2100 },
            "it is valid from 2100-01-01 00:00 UTC, and this machine's clock says 2001-09-09 01:46 UTC",
        ),
        (
            names(&["DnsName(\"evil.example\")", "IpAddress(10.0.0.1)", "DirectoryName"]),
            "it is for evil.example, 10.0.0.1, not for app.quickchat.ai",
        ),
        (names(&["DnsName(\"a\u{1b}b\")"]), "it is for a^[b, not for app.quickchat.ai"),
        (names(&["DnsName(\"a\")"; 7]), "it is for a, a, a, a, a and 2 more, not for app.quickchat.ai"),
        (names(&[]), "it names no host, so it is not for app.quickchat.ai"),
        (E::UnknownIssuer, "unknown issuer"),
        (other(WebpkiError::CaUsedAsEndEntity), "it is the certificate of a CA, used as the server's own"),
        (E::InvalidPurpose, "it is not made for servers"),
        (E::Revoked, "its issuer has revoked it"),
    ] {
        let fault = describe_tls(&Error::InvalidCertificate(error));
        assert_eq!((fault.topic, fault.reason.as_str()), (TlsTopic::Certificate, expected));
    }
}

#[test]
fn errors_that_have_no_words_of_their_own_are_few() {
    let has_no_words = |error: &Error| {
        let reason = describe_tls(error).reason;
        reason == "it ended with an error that has no name" || reason == "it breaks a rule for certificates"
    };
    let certificates = certificate_errors().into_iter().map(Error::InvalidCertificate);
    assert_eq!(certificates.filter(has_no_words).count(), 0, "each variant has words");
    let wordless = other_errors().iter().filter(|error| has_no_words(error)).count();
    assert_eq!(wordless, 6, "errors that only a mistake in this program can make");
}
