//! The way through a proxy, and what is said where the proxy opens none.

use std::path::Path;
use std::sync::{Arc, Mutex};

use convrating::api::{Client, NetworkVariables};
use convrating::demo::Method;
use convrating::save::Outcome;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::certificates::{Certificates, tls_before};
use super::lab::{self, Lab, brisk, rating_on, save, within, words};
use super::tls::explain_read;

/// A proxy that answers each request for a tunnel with the same bytes, and notes what it was asked.
struct Proxy {
    address: String,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    /// With `target` it opens the tunnels, all of them to that address.
    async fn start(answer: &'static str, target: Option<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address").to_string();
        let heads = Arc::<Mutex<Vec<String>>>::default();
        let told = Arc::clone(&heads);
        tokio::spawn(async move {
            loop {
                let (near, _) = listener.accept().await.expect("a connection");
                tokio::spawn(serve(near, answer, target.clone(), Arc::clone(&told)));
            }
        });
        Self { address, heads }
    }

    fn heads(&self) -> Vec<String> {
        self.heads.lock().expect("no panic").clone()
    }
}

async fn serve(mut near: TcpStream, answer: &str, target: Option<String>, told: Arc<Mutex<Vec<String>>>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if near.read_buf(&mut head).await.unwrap_or(0) == 0 {
            return;
        }
    }
    told.lock().expect("no panic").push(String::from_utf8_lossy(&head).into_owned());
    near.write_all(answer.as_bytes()).await.ok();
    if let Some(target) = target {
        let mut far = TcpStream::connect(target).await.expect("the server");
        tokio::io::copy_bidirectional(&mut near, &mut far).await.ok();
    } else {
        near.shutdown().await.ok();
        near.read_to_end(&mut Vec::new()).await.ok();
    }
}

/// A client that trusts the root in `folder` and has these variables.
fn client(url: &str, token: &str, folder: &Path, variables: &[(&str, &str)]) -> Client {
    let root = folder.join("root.pem").into_os_string();
    let network = NetworkVariables::from_lookup(|name| match name {
        "SSL_CERT_FILE" => Some(root.clone()),
        _ => variables.iter().find(|(own, _)| *own == name).map(|(_, value)| value.into()),
    });
    lab::client(url, token, brisk()).0.with_network(network)
}

#[tokio::test]
async fn a_save_goes_through_the_proxy_with_its_user_and_without_the_token() {
    let certificates = Certificates::write("proxied");
    let lab = Lab::start();
    let (url, _handshakes) = tls_before(&lab, &certificates.folder, &["api"]).await;
    let target = url.trim_start_matches("https://").to_owned();
    let proxy = Proxy::start("HTTP/1.1 200 OK\r\n\r\n", Some(target)).await;
    let address = format!("http://me:a%2Fb@{}", proxy.address);
    for name in ["HTTPS_PROXY", "https_proxy"] {
        let client = client("https://api.invalid", &lab.token, &certificates.folder, &[(name, &address)]);
        let ended = save(&client, rating_on().intent()).await;
        assert!(matches!(ended.outcome(), Some(Outcome::Saved { .. })), "{ended:?}");
    }
    for head in proxy.heads() {
        assert!(head.starts_with("CONNECT api.invalid:443 HTTP/1.1\r\n"), "{head}");
        let header = "Basic bWU6YS9i";
        assert!(head.contains(header) && !head.contains(&lab.token), "{head}");
    }
    assert_eq!(lab.hooks.attempts(Method::Patch), 1, "the second save had nothing to change");
}

#[tokio::test]
async fn a_proxy_that_opens_no_way_is_named_with_what_it_answered() {
    let certificates = Certificates::write("refusing");
    let refused =
        |status: &str| format!("The proxy from https_proxy (PLACE) refused the connection{status}.");
    let through =
        |reason: &str| format!("could not connect to api.invalid (through https_proxy, PLACE: {reason}).");
    for (answer, expected, tries) in [
        ("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", refused(" (407)"), 1),
        ("HTTP/1.1 403 Forbidden\r\ncontent-length: 3\r\n\r\nno.", refused(" (403)"), 2),
        ("HTTP/1.0 502 Bad Gateway\r\n\r\n", refused(" (502)"), 2),
        ("SSH-2.0-OpenSSH\r\n\r\n", refused(""), 2),
        ("", through("it closed the connection without an answer"), 1),
    ] {
        let proxy = Proxy::start(answer, None).await;
        let address = format!("http://user:s3cret@{}", proxy.address);
        let variables = [("https_proxy", address.as_str())];
        let client = client("https://api.invalid", "token", &certificates.folder, &variables);
        let error = within(client.read(1)).await.expect_err("no way");
        assert_eq!(explain_read(&client, &error), expected.replace("PLACE", &proxy.address));
        assert_eq!(proxy.heads().len(), tries, "{answer}");
        assert!(proxy.heads().iter().all(|head| head.contains("Basic dXNlcjpzM2NyZXQ=")), "{answer}");
        let ended = save(&client, rating_on().intent()).await;
        let said = words(&client, ended.outcome().expect("an end"));
        assert!(said.contains(&proxy.address) && !said.contains("s3cret"), "{said}");
        assert!(said.ends_with("Nothing was sent. Your changes are still here."), "{said}");
    }
}

#[tokio::test]
async fn a_proxy_whose_own_certificate_is_not_accepted_is_told_from_the_server() {
    let certificates = Certificates::write("tls-proxy");
    let lab = Lab::start();
    let (url, _handshakes) = tls_before(&lab, &certificates.folder, &["unknown"]).await;
    let client = client("https://api.invalid", "token", &certificates.folder, &[("HTTPS_PROXY", &url)]);
    let error = within(client.read(1)).await.expect_err("no way");
    let place = url.trim_start_matches("https://");
    let way = format!("through HTTPS_PROXY, {place}: its certificate was not accepted, unknown issuer");
    assert_eq!(explain_read(&client, &error), format!("could not connect to api.invalid ({way})."));
}

#[tokio::test]
async fn a_variable_that_cannot_be_honoured_is_refused_by_name_before_anything_is_sent() {
    let certificates = Certificates::write("bad-variables");
    let proxy = Proxy::start("HTTP/1.1 200 OK\r\n\r\n", None).await;
    let good = format!("http://{}", proxy.address);
    let quoted = format!("\"{good}\"");
    let cases: [(&[(&str, &str)], &str); 4] = [
        (&[("HTTPS_PROXY", &quoted)], "HTTPS_PROXY cannot be used: it has quotes in it."),
        (
            &[("https_proxy", "ftp://s3cret@p")],
            "https_proxy cannot be used: it is an address of ftp; http and https are supported.",
        ),
        (
            &[("HTTPS_PROXY", "http://s3cret:12345/67@proxy")],
            "HTTPS_PROXY cannot be used: it has more than a host and a port; in a password write / as %2F, ? as %3F \
             and # as %23.",
        ),
        (
            &[("HTTPS_PROXY", &good), ("no_proxy", "a.b,10.*")],
            "no_proxy cannot be used: \"10.*\" is no domain, address, host:port or network such as 10.0.0.0/8.",
        ),
    ];
    for (variables, reason) in cases {
        let client = client("https://api.invalid", "token", &certificates.folder, variables);
        let error = within(client.read(1)).await.expect_err("a fault");
        assert_eq!(explain_read(&client, &error), format!("HTTPS could not be set up: {reason}"));
        assert!(!format!("{error:?}").contains("s3cret"));
    }
    assert_eq!(proxy.heads(), Vec::<String>::new());
}

#[tokio::test]
async fn a_host_that_no_proxy_names_is_not_asked_of_the_proxy() {
    let certificates = Certificates::write("exempt");
    let proxy = Proxy::start("HTTP/1.1 403 Forbidden\r\n\r\n", None).await;
    for (list, is_asked) in
        [("*", false), (".invalid", false), ("api.invalid:443", false), ("api.invalid:1", true)]
    {
        let variables = [("HTTPS_PROXY", proxy.address.as_str()), ("NO_PROXY", list)];
        let client = client("https://api.invalid", "token", &certificates.folder, &variables);
        let before = proxy.heads().len();
        within(client.read(1)).await.expect_err("no such name");
        assert_eq!(proxy.heads().len() > before, is_asked, "{list}");
    }
}
