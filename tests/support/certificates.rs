//! Certificates made for a test, and the side of TLS that shows them.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    date_time_ymd,
};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

/// A folder with a root, certificates that it signed, and one that it did not. It is removed with this.
pub(crate) struct Certificates {
    pub(crate) folder: PathBuf,
}

impl Certificates {
    pub(crate) fn write(test: &str) -> Self {
        let name = format!("convrating-{}-{}", std::process::id(), test.replace("::", "-"));
        let folder = env::temp_dir().join(name);
        fs::create_dir_all(&folder).expect("a folder");
        let root = issuer("a root that is trusted");
        fs::write(folder.join("root.pem"), root.pem()).expect("a file");
        let good = || CertificateParams::new(["127.0.0.1".to_owned()]).expect("a name");
        let changed = |change: &dyn Fn(&mut CertificateParams)| {
            let mut params = good();
            change(&mut params);
            params
        };
        sign(&folder, "good", &good(), &root);
        sign(&folder, "unknown", &good(), &issuer("another root"));
        sign(&folder, "expired", &changed(&|params| params.not_after = date_time_ymd(2000, 1, 1)), &root);
        sign(&folder, "too_young", &changed(&|params| params.not_before = date_time_ymd(4000, 1, 1)), &root);
        let is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        sign(&folder, "ca", &changed(&|params| params.is_ca = is_ca), &root);
        let for_clients = vec![ExtendedKeyUsagePurpose::ClientAuth];
        let purpose = changed(&|params| params.extended_key_usages.clone_from(&for_clients));
        sign(&folder, "for_clients", &purpose, &root);
        let named = |names: &[&str]| {
            CertificateParams::new(names.iter().map(ToString::to_string).collect::<Vec<_>>()).expect("names")
        };
        sign(&folder, "other_name", &named(&["evil.example", "10.0.0.1"]), &root);
        sign(&folder, "api", &named(&["api.invalid"]), &root);
        sign(&folder, "no_name", &named(&[]), &root);
        Self { folder }
    }
}

impl Drop for Certificates {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.folder).ok();
    }
}

fn issuer(name: &str) -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("a root")
}

fn sign(folder: &Path, file: &str, params: &CertificateParams, root: &CertifiedIssuer<'static, KeyPair>) {
    let key = KeyPair::generate().expect("a key");
    let mut params = params.clone();
    if params.not_after == CertificateParams::default().not_after {
        params.not_after = date_time_ymd(4096, 1, 1);
    }
    let certificate = params.signed_by(&key, root).expect("a certificate");
    fs::write(folder.join(file).with_extension("pem"), certificate.pem() + &key.serialize_pem())
        .expect("a file");
}

/// Accepts TLS with the certificate of this name.
pub(crate) fn acceptor(folder: &Path, name: &str) -> TlsAcceptor {
    let file = folder.join(name).with_extension("pem");
    let certificate = CertificateDer::from_pem_file(&file).expect("a certificate");
    let key = PrivateKeyDer::from_pem_file(&file).expect("a key");
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("protocol versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .expect("a certificate and its key");
    TlsAcceptor::from(Arc::new(config))
}
