//! What is said where TLS does not come about: over TCP, with certificates of each kind and servers that end the handshake.

use std::path::Path;
use std::sync::Arc;

use convrating::api::{Client, NetworkVariables};
use convrating::demo::Method;
use convrating::save::{CallError, Outcome};
use convrating::words::{Audience, Call, CallContext, explain};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, SupportedProtocolVersion};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::certificates::{Certificates, tls_before};
use super::lab::{self, Lab, brisk, rating_on, save, within, words};

/// A client that trusts the root in `folder`.
pub(super) fn client(url: &str, token: &str, folder: &Path) -> Client {
    let root = folder.join("root.pem").into_os_string();
    let network = NetworkVariables::from_lookup(|name| (name == "SSL_CERT_FILE").then(|| root.clone()));
    lab::client(url, token, brisk()).0.with_network(network)
}

/// The words of a shell for a read that failed.
pub(super) fn explain_read(client: &Client, error: &CallError) -> String {
    let context = CallContext {
        profile: None,
        base_url: client.base_url().clone(),
        token_source: convrating::agents::TokenSource::Prompt,
        audience: Audience::Shell,
    };
    explain(error, Call::Read, &context).to_string()
}

#[tokio::test]
async fn a_certificate_that_is_not_accepted_says_why_and_what_helps_and_nothing_is_sent() {
    let certificates = Certificates::write("refused");
    for (name, reason, remedy) in [
        ("unknown", "unknown issuer", "A company's own CA: set SSL_CERT_FILE."),
        (
            "expired",
            "it expired on 2000-01-01 00:00 UTC, and this machine's clock says ",
            "If this machine's clock is wrong, set it; if it is right, the server needs a new certificate.",
        ),
        (
            "too_young",
            "it is valid from 4000-01-01 00:00 UTC, and this machine's clock says ",
            "If this machine's clock is wrong, set it; if it is right, wait, or ask the server's administrator.",
        ),
        ("other_name", "it is for evil.example, 10.0.0.1, not for 127.0.0.1", "Check the base URL."),
        (
            "no_name",
            "it names no host, so it is not for 127.0.0.1",
            "The server needs a certificate with its name as subjectAltName.",
        ),
        (
            "ca",
            "it is the certificate of a CA, used as the server's own",
            "The server needs one of its own: with CA:FALSE, and signed by that CA.",
        ),
        (
            "for_clients",
            "it is not made for servers",
            "The server needs a certificate for server authentication.",
        ),
    ] {
        let lab = Lab::start();
        let (url, mut handshakes) = tls_before(&lab, &certificates.folder, &[name]).await;
        let client = client(&url, &lab.token, &certificates.folder);
        let ended = save(&client, rating_on().intent()).await;
        let said = words(&client, ended.outcome().expect("an end"));
        let beginning = format!("Not saved: The server's certificate was not accepted: {reason}");
        let end = format!(". {remedy} Nothing was sent. Your changes are still here.");
        assert!(said.starts_with(&beginning) && said.ends_with(&end), "{name}: {said}");
        if !reason.ends_with("says ") {
            assert_eq!(said, format!("{beginning}{end}"));
        }
        assert_eq!(handshakes.recv().await, Some(false), "{name}");
        assert_eq!(lab.hooks.attempts(Method::Get), 0);
    }
}

#[tokio::test]
async fn a_root_that_the_server_uses_as_its_own_certificate_is_told_as_what_it_is() {
    // What `openssl req -x509` makes: a CA's certificate that signs itself. It is trusted here.
    let certificates = Certificates::write("own-root");
    let folder = &certificates.folder;
    std::fs::copy(folder.join("ca.pem"), folder.join("root.pem")).expect("a file");
    let lab = Lab::start();
    let (url, _handshakes) = tls_before(&lab, folder, &["ca"]).await;
    let client = client(&url, &lab.token, folder);
    let Err(CallError::Tls { reason, .. }) = within(client.read(1)).await else { panic!("it was accepted") };
    assert_eq!(reason, "it is the certificate of a CA, used as the server's own");
}

/// A server that answers the first message of each connection with these bytes and closes.
pub(super) async fn answering(bytes: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.expect("a connection");
            let read = stream.read(&mut [0; 4096]).await;
            if read.is_ok() && stream.write_all(&bytes).await.is_ok() {
                // A reset would overtake the answer.
                stream.shutdown().await.ok();
                stream.read_to_end(&mut Vec::new()).await.ok();
            }
        }
    });
    address.to_string()
}

/// A fatal alert of TLS 1.2 as a record.
fn alert(number: u8) -> Vec<u8> {
    vec![0x15, 3, 3, 0, 2, 2, number]
}

#[tokio::test]
async fn an_alert_with_which_the_server_ends_tls_is_told_in_words() {
    let certificates = Certificates::write("alerts");
    let safe = "The server has to speak TLS 1.2 or 1.3 with ciphers that are still held to be safe.";
    for (number, words) in [
        (40, format!("the server accepts no cipher that convrating has. {safe}")),
        (70, format!("the server accepts no TLS version that convrating has. {safe}")),
        (112, "the server does not know a host of this name. Check the base URL.".to_owned()),
        (
            116,
            "the server asks for a client certificate. This server is not for convrating, which has no client \
             certificate: check the base URL."
                .to_owned(),
        ),
        (
            99,
            "the server broke it off with alert 99. A proxy or a firewall in between may be the cause.".to_owned(),
        ),
    ] {
        let address = answering(alert(number)).await;
        let client = client(&format!("https://{address}"), "token", &certificates.folder);
        let error = within(client.read(1)).await.expect_err("no TLS");
        assert_eq!(explain_read(&client, &error), format!("TLS with {address} failed: {words}"));
        assert!(!error.is_worth_reading_again());
    }
}

/// TLS of one version, whose server asks for a client certificate.
async fn asking_for_a_client_certificate(
    folder: &Path,
    version: &'static SupportedProtocolVersion,
) -> String {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(folder.join("root.pem")).expect("a root")).expect("a root");
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
    let file = folder.join("good.pem");
    let certificate = CertificateDer::from_pem_file(&file).expect("a certificate");
    let config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[version])
        .expect("a version")
        .with_client_cert_verifier(verifier.build().expect("a verifier"))
        .with_single_cert(vec![certificate], PrivateKeyDer::from_pem_file(&file).expect("a key"))
        .expect("a certificate and its key");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        let acceptor = TlsAcceptor::from(Arc::new(config));
        loop {
            let (near, _) = listener.accept().await.expect("a connection");
            let refused = acceptor.accept(near).into_fallible().await.expect_err("no certificate came");
            let (_, mut near) = refused;
            near.read_to_end(&mut Vec::new()).await.ok();
        }
    });
    address.to_string()
}

#[tokio::test]
async fn a_server_that_wants_a_client_certificate_says_so_in_both_versions_of_tls() {
    let certificates = Certificates::write("client-certificate");
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let address = asking_for_a_client_certificate(&certificates.folder, version).await;
        let client = client(&format!("https://{address}"), "token", &certificates.folder);
        let error = within(client.read(1)).await.expect_err("no certificate");
        let said = explain_read(&client, &error);
        assert!(said.contains("the server asks for a client certificate"), "{version:?}: {said}");
    }
}

#[tokio::test]
async fn certificates_from_a_file_and_from_directories_are_trusted_together() {
    let certificates = Certificates::write("directories");
    let folder = &certificates.folder;
    std::fs::create_dir(folder.join("roots")).expect("a directory");
    std::fs::copy(folder.join("root.pem"), folder.join("roots/root.pem")).expect("a file");
    std::fs::write(folder.join("roots/README"), "no certificate").expect("a file");
    let lab = Lab::start();
    let (url, _handshakes) = tls_before(&lab, folder, &["good"]).await;
    for (file, directories) in [
        ("", vec!["roots"]),
        ("unknown.pem", vec!["roots"]),
        ("root.pem", vec![]),
        ("", vec!["roots", "roots"]),
        // An empty part is no directory.
        ("", vec!["roots", ""]),
    ] {
        let path = |name: &str| if name.is_empty() { std::path::PathBuf::new() } else { folder.join(name) };
        let directories: Vec<_> = directories.into_iter().map(path).collect();
        let joined = std::env::join_paths(&directories).expect("paths");
        let network = NetworkVariables::from_lookup(|name| match name {
            "SSL_CERT_FILE" if !file.is_empty() => Some(folder.join(file).into_os_string()),
            "SSL_CERT_DIR" => Some(joined.clone()),
            _ => None,
        });
        let client = lab::client(&url, &lab.token, brisk()).0.with_network(network);
        let ended = save(&client, rating_on().intent()).await;
        assert!(matches!(ended.outcome(), Some(Outcome::Saved { .. })), "{file}: {ended:?}");
    }
}
