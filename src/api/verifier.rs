//! Checks a server's certificate against the platform's one file of trusted certificates, and against its directories only where the
//! file is not enough.
//!
//! The directories mostly hold the same certificates once more, in some 150 files, which would be read at each start. OpenSSL too
//! looks into a directory only for an issuer that its file does not have
//! (<https://docs.openssl.org/3.5/man3/SSL_CTX_load_verify_locations/>).

use std::fmt;
use std::sync::{Arc, OnceLock};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{VerifierBuilderError, WebPkiServerVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{DigitallySignedStruct, Error, RootCertStore, SignatureScheme};

/// rustls's own verifier with the first trusted certificates, and once more with all of them for a server that it does not accept.
pub(super) struct TwoStepVerifier<F> {
    first: Arc<WebPkiServerVerifier>,
    /// Reads all trusted certificates, which are files. The handshake waits for it.
    read_all: F,
    /// With all of them; `None` inside where there are none. It is made when it is needed for the first time.
    all: OnceLock<Option<Arc<WebPkiServerVerifier>>>,
}

impl<F: Fn() -> RootCertStore> TwoStepVerifier<F> {
    /// # Errors
    /// `first` is empty.
    pub(super) fn new(first: RootCertStore, read_all: F) -> Result<Self, VerifierBuilderError> {
        Ok(Self { first: verifier(first)?, read_all, all: OnceLock::new() })
    }

    fn all(&self) -> Option<&WebPkiServerVerifier> {
        self.all.get_or_init(|| verifier((self.read_all)()).ok()).as_deref()
    }
}

fn verifier(roots: RootCertStore) -> Result<Arc<WebPkiServerVerifier>, VerifierBuilderError> {
    WebPkiServerVerifier::builder(Arc::new(roots)).build()
}

impl<F> fmt::Debug for TwoStepVerifier<F> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("TwoStepVerifier").finish_non_exhaustive()
    }
}

impl<F: Fn() -> RootCertStore + Send + Sync> ServerCertVerifier for TwoStepVerifier<F> {
    /// Accepts what one of the two verifiers accepts. An error is that of all trusted certificates, where they could be read.
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verify_with = |verifier: &WebPkiServerVerifier| {
            verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
        };
        verify_with(&self.first).or_else(|error| self.all().map_or(Err(error), verify_with))
    }

    /// The trusted certificates have no part in it, and neither in the two below.
    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.first.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.first.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.first.supported_verify_schemes()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
    use rustls::CertificateError;

    use super::*;

    fn issuer() -> CertifiedIssuer<'static, KeyPair> {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
    }

    fn roots(issuers: &[&CertifiedIssuer<'static, KeyPair>]) -> RootCertStore {
        let mut roots = RootCertStore::empty();
        for issuer in issuers {
            roots.add(issuer.der().clone()).unwrap();
        }
        roots
    }

    /// What is said of a certificate for `server.invalid` from `signer` on a server of this name, and how often all trusted
    /// certificates were read for two handshakes with it.
    fn verify(
        [first, second, signer]: [&CertifiedIssuer<'static, KeyPair>; 3],
        name: &'static str,
    ) -> (Result<(), Error>, usize) {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let params = CertificateParams::new(["server.invalid".to_owned()]).unwrap();
        let certificate = params.signed_by(&KeyPair::generate().unwrap(), signer).unwrap();
        let reads = AtomicUsize::new(0);
        let read_all = || {
            reads.fetch_add(1, Ordering::Relaxed);
            roots(&[first, second])
        };
        let verifier = TwoStepVerifier::new(roots(&[first]), read_all).unwrap();
        let name = ServerName::try_from(name).unwrap();
        let shake = || {
            let ended = verifier.verify_server_cert(certificate.der(), &[], &name, &[], UnixTime::now());
            ended.map(|_| ())
        };
        let ended = shake();
        assert_eq!(ended, shake(), "the second handshake ends as the first");
        (ended, reads.load(Ordering::Relaxed))
    }

    #[test]
    fn all_certificates_are_read_once_and_only_for_a_server_that_the_first_do_not_accept() {
        let [first, second, unknown] = [issuer(), issuer(), issuer()];
        assert_eq!(verify([&first, &second, &first], "server.invalid"), (Ok(()), 0));
        assert_eq!(verify([&first, &second, &second], "server.invalid"), (Ok(()), 1));
        let (ended, reads) = verify([&first, &second, &unknown], "server.invalid");
        assert!(matches!(ended, Err(Error::InvalidCertificate(_))) && reads == 1, "{ended:?} {reads}");
        for signer in [&first, &second] {
            let (ended, _) = verify([&first, &second, signer], "other.invalid");
            let is_about_name = |error: &Error| {
                matches!(error, Error::InvalidCertificate(CertificateError::NotValidForNameContext { .. }))
            };
            assert!(ended.as_ref().is_err_and(is_about_name), "{ended:?}");
        }
    }

    #[test]
    fn without_a_first_certificate_there_is_no_verifier() {
        assert!(TwoStepVerifier::new(RootCertStore::empty(), RootCertStore::empty).is_err());
    }
}
