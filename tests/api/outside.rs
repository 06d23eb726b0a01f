//! What depends on the environment: trust roots, proxies, names. The environment belongs to a whole process, so each of
//! these tests runs itself again in a process of its own.

use std::env;
use std::fs;
use std::io;
use std::os::fd::{AsFd as _, OwnedFd};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use convrating::demo::{Answer, Fault, Method};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio_rustls::TlsAcceptor;

use super::lab::{Lab, brisk, client, configuration, rating_on, save, within, words};
use convrating::save::{CallError, Outcome, Reason};

/// Set in the second process to the name of the test that it runs.
const INSIDE: &str = "CONVRATING_TEST_INSIDE";
/// Where the second process finds the certificates.
const FOLDER: &str = "CONVRATING_TEST_FOLDER";

/// Runs `body` in a process whose trust roots are those of [`Certificates`].
fn outside<F: Future<Output = ()>>(test: &str, body: impl FnOnce(PathBuf) -> F) {
    outside_with(Stdio::null(), test, &[], body);
}

/// The same, with this standard input and these variables in addition.
fn outside_with<F: Future<Output = ()>>(
    input: impl Into<Stdio>,
    test: &str,
    variables: &[(&str, &str)],
    body: impl FnOnce(PathBuf) -> F,
) {
    let test = format!("api::outside::{test}");
    if env::var(INSIDE).is_ok_and(|inside| inside == test) {
        let folder = PathBuf::from(env::var_os(FOLDER).expect("the folder"));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        return runtime.block_on(within(body(folder)));
    }
    let certificates = Certificates::write(&test);
    let mut command = Command::new(env::current_exe().expect("this binary"));
    command
        .args([test.as_str(), "--exact", "--nocapture"])
        .env(INSIDE, &test)
        .env(FOLDER, &certificates.folder);
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"] {
        command.env_remove(name).env_remove(name.to_lowercase());
    }
    command.env("SSL_CERT_FILE", certificates.folder.join("root.pem")).env_remove("SSL_CERT_DIR");
    let ended = command.stdin(input).envs(variables.iter().copied()).output().expect("a second process");
    let said = String::from_utf8_lossy(&ended.stdout).into_owned() + &String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success() && said.contains("1 passed"), "{said}");
}

/// A folder with a root, certificates that it signed, and one that it did not. It is removed with this.
struct Certificates {
    folder: PathBuf,
}

impl Certificates {
    fn write(test: &str) -> Self {
        let name = format!("convrating-{}-{}", std::process::id(), test.replace("::", "-"));
        let folder = env::temp_dir().join(name);
        fs::create_dir_all(&folder).expect("a folder");
        let root = issuer("a root that is trusted");
        fs::write(folder.join("root.pem"), root.pem()).expect("a file");
        sign(&folder, "good", "127.0.0.1", 4096, &root);
        sign(&folder, "expired", "127.0.0.1", 2000, &root);
        sign(&folder, "other_name", "evil.example", 4096, &root);
        sign(&folder, "unknown", "127.0.0.1", 4096, &issuer("another root"));
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

fn sign(folder: &Path, file: &str, name: &str, until: i32, root: &CertifiedIssuer<'static, KeyPair>) {
    let key = KeyPair::generate().expect("a key");
    let mut params = CertificateParams::new([name.to_owned()]).expect("a name");
    params.not_after = date_time_ymd(until, 1, 1);
    let certificate = params.signed_by(&key, root).expect("a certificate");
    fs::write(folder.join(file).with_extension("pem"), certificate.pem() + &key.serialize_pem())
        .expect("a file");
}

fn acceptor(folder: &Path, name: &str) -> TlsAcceptor {
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

/// TLS before the demo server, with one certificate after the other; the last one stays. Tells each handshake.
async fn tls_before(lab: &Lab, folder: &Path, names: &[&str]) -> (String, UnboundedReceiver<bool>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("https://{}", listener.local_addr().expect("an address"));
    let target = lab.url.trim_start_matches("http://").to_owned();
    let acceptors: Vec<_> = names.iter().map(|name| acceptor(folder, name)).collect();
    let (tell, handshakes) = unbounded_channel();
    tokio::spawn(async move {
        for index in 0.. {
            let (near, _) = listener.accept().await.expect("a connection");
            let shaken = acceptors[index.min(acceptors.len() - 1)].accept(near).await;
            tell.send(shaken.is_ok()).ok();
            if let Ok(mut near) = shaken {
                let mut far = TcpStream::connect(&target).await.expect("the demo server");
                tokio::spawn(async move { tokio::io::copy_bidirectional(&mut near, &mut far).await.ok() });
            }
        }
    });
    (url, handshakes)
}

#[test]
fn a_certificate_that_the_roots_vouch_for_is_accepted() {
    outside("a_certificate_that_the_roots_vouch_for_is_accepted", async |folder| {
        let lab = Lab::start();
        let (url, _handshakes) = tls_before(&lab, &folder, &["good"]).await;
        let ended = save(&lab.client_at(&url, brisk()).0, rating_on().intent()).await;
        assert!(matches!(ended.outcome(), Some(Outcome::Saved { .. })), "{ended:?}");
    });
}

#[test]
fn a_certificate_that_is_not_accepted_says_why_and_nothing_is_sent() {
    outside("a_certificate_that_is_not_accepted_says_why_and_nothing_is_sent", async |folder| {
        for (name, reason) in [
            ("unknown", "unknown issuer"),
            ("expired", "it has expired"),
            ("other_name", "it is for another name"),
        ] {
            let lab = Lab::start();
            let (url, mut handshakes) = tls_before(&lab, &folder, &[name]).await;
            let (client, _) = lab.client_at(&url, brisk());
            let ended = save(&client, rating_on().intent()).await;
            let said = words(&client, ended.outcome().expect("an end"));
            let expected = format!(
                "Not saved: The server's certificate was not accepted: {reason}. A company's own CA: set \
                 SSL_CERT_FILE. Nothing was sent. Your changes are still here."
            );
            assert_eq!(said, expected);
            assert_eq!(handshakes.recv().await, Some(false), "{name}");
            assert_eq!(lab.hooks.attempts(Method::Get), 0);
        }
    });
}

#[test]
fn a_certificate_that_goes_bad_between_read_and_patch_sends_nothing() {
    outside("a_certificate_that_goes_bad_between_read_and_patch_sends_nothing", async |folder| {
        let lab = Lab::start();
        let last = Answer::json(200, &configuration(false, false)).with_header("connection", "close");
        lab.hooks.fail_next(Method::Get, Fault::applied(last));
        let (url, mut handshakes) = tls_before(&lab, &folder, &["good", "expired"]).await;
        let ended = save(&lab.client_at(&url, brisk()).0, rating_on().intent()).await;
        let Some(Outcome::NotSaved(Reason::NotSent { error: CallError::Tls { .. }, .. })) = ended.outcome()
        else {
            panic!("{ended:?}");
        };
        for expected in [true, false, false, false] {
            assert_eq!(handshakes.recv().await, Some(expected), "the PATCH is tried again twice");
        }
        assert_eq!(lab.hooks.attempts(Method::Patch), 0);
    });
}

#[test]
fn a_port_without_tls_is_no_matter_of_certificates() {
    outside("a_port_without_tls_is_no_matter_of_certificates", async |_| {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.expect("a connection");
                stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.ok();
                stream.read_to_end(&mut Vec::new()).await.ok();
            }
        });
        let read = client(&format!("https://{address}"), "token", brisk()).0.read(1).await;
        assert_eq!(read, Err(CallError::Connect { reason: "no TLS is spoken there".to_owned() }));
    });
}

#[test]
fn a_name_that_does_not_exist_is_not_found() {
    outside("a_name_that_does_not_exist_is_not_found", async |_| {
        let (client, log) = client("https://nonexistent.invalid", "token", brisk());
        let ended = save(&client, rating_on().intent()).await;
        let said = words(&client, ended.outcome().expect("an end"));
        // A resolver that cannot be reached takes its time; then it is the time-out that is told.
        let expected = "Not saved: could not connect to nonexistent.invalid (n";
        assert!(said.starts_with(expected), "{said}");
        assert_eq!(log.lock().expect("the log").len(), 3, "read three times");
    });
}

/// A proxy that notes the first line of each connection and refuses to go on. Its listener is the process's standard input.
fn proxy() -> UnboundedReceiver<String> {
    let input = io::stdin().as_fd().try_clone_to_owned().expect("a socket");
    let listener = std::net::TcpListener::from(input);
    listener.set_nonblocking(true).expect("a socket");
    let listener = TcpListener::from_std(listener).expect("a listener");
    let (tell, lines) = unbounded_channel();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.expect("a connection");
            let mut head = vec![0; 4096];
            let length = stream.read(&mut head).await.unwrap_or(0);
            tell.send(String::from_utf8_lossy(&head[..length]).into_owned()).ok();
            stream.write_all(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n").await.ok();
        }
    });
    lines
}

/// A listener for the second process, and its URL, which that process has to know before it starts.
fn listener() -> (OwnedFd, String) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    (listener.into(), url)
}

#[test]
fn no_proxy_is_used_for_this_machine_and_none_but_https_proxy_for_others() {
    let (listener, url) = listener();
    let variables = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"].map(|name| (name, url.as_str()));
    let name = "no_proxy_is_used_for_this_machine_and_none_but_https_proxy_for_others";
    outside_with(listener, name, &variables, async |_| {
        let mut lines = proxy();
        let lab = Lab::start();
        let ended = save(&lab.client(brisk()), rating_on().intent()).await;
        assert!(matches!(ended.outcome(), Some(Outcome::Saved { .. })), "{ended:?}");
        client("https://nonexistent.invalid", "token", brisk()).0.read(1).await.expect_err("no such name");
        assert!(lines.try_recv().is_err(), "the proxy was asked");
    });
}

#[test]
fn https_proxy_gets_the_name_and_not_the_token_and_nothing_of_this_machine() {
    let (listener, url) = listener();
    let name = "https_proxy_gets_the_name_and_not_the_token_and_nothing_of_this_machine";
    outside_with(listener, name, &[("HTTPS_PROXY", &url)], async |folder| {
        let mut lines = proxy();
        let lab = Lab::start();
        let (url, _handshakes) = tls_before(&lab, &folder, &["good"]).await;
        lab.client_at(&url, brisk()).0.read(1).await.expect("this machine is reached without it");
        assert!(lines.try_recv().is_err(), "the proxy was asked for this machine");
        let read = client("https://nonexistent.invalid", "secret", brisk()).0.read(1).await;
        assert!(matches!(read, Err(CallError::Connect { .. })), "never sent: {read:?}");
        let head = lines.recv().await.expect("a request to the proxy");
        assert!(head.starts_with("CONNECT nonexistent.invalid:443 ") && !head.contains("secret"), "{head}");
    });
}
