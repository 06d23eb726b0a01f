//! What depends on the environment: trust roots, proxies, names. The environment belongs to a whole process, so each of
//! these tests runs itself again in a process of its own.

use std::env;
use std::io;
use std::os::fd::{AsFd as _, OwnedFd};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use convrating::api::{Client, NetworkVariables, Timing};
use convrating::demo::{Answer, Fault, Method};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::certificates::{Certificates, tls_before};
use super::lab::{self, Lab, Log, brisk, configuration, rating_on, save, within, words};
use convrating::save::Reason;
use convrating::save::{CallError, Outcome};

/// Set in the second process to the name of the test that it runs.
const INSIDE: &str = "CONVRATING_TEST_INSIDE";
/// Where the second process finds the certificates.
const FOLDER: &str = "CONVRATING_TEST_FOLDER";

/// A client with the variables of this process.
fn client(url: &str, token: &str, timing: Timing) -> (Client, Log) {
    let (client, log) = lab::client(url, token, timing);
    (client.with_network(NetworkVariables::from_lookup(|name| env::var_os(name))), log)
}

fn client_at(lab: &Lab, url: &str) -> Client {
    client(url, &lab.token, brisk()).0
}

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

#[test]
fn a_certificate_that_the_roots_vouch_for_is_accepted() {
    outside("a_certificate_that_the_roots_vouch_for_is_accepted", async |folder| {
        let lab = Lab::start();
        let (url, _handshakes) = tls_before(&lab, &folder, &["good"]).await;
        let ended = save(&client_at(&lab, &url), rating_on().intent()).await;
        assert!(matches!(ended.outcome(), Some(Outcome::Saved { .. })), "{ended:?}");
    });
}

#[test]
fn a_certificate_that_goes_bad_between_read_and_patch_sends_nothing() {
    outside("a_certificate_that_goes_bad_between_read_and_patch_sends_nothing", async |folder| {
        let lab = Lab::start();
        let last = Answer::json(200, &configuration(false, false)).with_header("connection", "close");
        lab.hooks.fail_next(Method::Get, Fault::applied(last));
        let (url, mut handshakes) = tls_before(&lab, &folder, &["good", "expired"]).await;
        let ended = save(&client_at(&lab, &url), rating_on().intent()).await;
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
        let ended = save(&client_at(&lab, &lab.url), rating_on().intent()).await;
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
        client_at(&lab, &url).read(1).await.expect("this machine is reached without it");
        assert!(lines.try_recv().is_err(), "the proxy was asked for this machine");
        let read = client("https://nonexistent.invalid", "secret", brisk()).0.read(1).await;
        assert!(
            matches!(read, Err(CallError::ProxyRefused { status: Some(403), .. })),
            "never sent: {read:?}"
        );
        let head = lines.recv().await.expect("a request to the proxy");
        assert!(head.starts_with("CONNECT nonexistent.invalid:443 ") && !head.contains("secret"), "{head}");
    });
}
