//! Everything that can be wrong with an address, a token or an answer ends in a clear sentence.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Arc;
use std::thread;

use convrating::demo::{Answer, Fault, Method};
use rustls::ServerConfig;
use tokio_rustls::TlsAcceptor;

use super::host::{FORM, Host, editor_on};
use super::screens::walk;
use crate::support::closed_port::ClosedPort;
use crate::support::pty::{Builder, Exit, Pty};

/// Starts an editor that does not come to its screen, and gives what it says.
fn refused(builder: Builder, code: i32) -> String {
    let pty = builder.start();
    assert_eq!(pty.wait_exit(), Exit::Code(code), "{}", pty.screen_text());
    pty.assert_restored();
    let raw = pty.raw_output();
    assert!(!raw.contains(&0x1b), "the screen was not entered: {}", raw.escape_ascii());
    pty.words()
}

#[test]
fn an_address_that_cannot_be_used_is_told_before_the_screen_is_entered() {
    let host = Host::start();
    for (url, said) in [
        ("nowhere", "error: QUICKCHAT_BASE_URL: the base URL \"nowhere\" is not a URL such as https://"),
        ("http://app.quickchat.ai", "is not https; http is for this machine alone"),
        ("http://localhost.evil.example", "is not https; http is for this machine alone"),
        ("ftp://127.0.0.1", "is not https; http is for this machine alone"),
        ("https://user:secret@127.0.0.1", "has a user, a query or a fragment"),
    ] {
        let words = refused(editor_on(url, host.token("acme")), 2);
        assert!(words.contains(said), "{url}: {words}");
        assert!(!words.contains("secret"), "{words}");
    }
    assert_eq!(host.hooks.attempts(Method::Get), 0);
}

#[test]
fn a_token_that_is_none_is_told_before_the_screen_is_entered() {
    let host = Host::start();
    for (token, said) in
        [(" ", "the token is empty"), ("two words", "white space"), ("\u{fc}", "white space")]
    {
        let words = refused(editor_on(&host.url, token), 4);
        assert!(words.contains("QUICKCHAT_API_TOKEN: the token") && words.contains(said), "{words}");
        assert!(!words.contains("two words"), "{words}");
    }
}

#[test]
fn each_answer_that_is_no_configuration_is_told_on_the_screen_and_r_reads_again() {
    let said: [(Answer, &str); 10] = [
        (Answer::status(400), "The server did not understand the request (400 BAD_REQUEST)"),
        (Answer::status(401), "The token from QUICKCHAT_API_TOKEN was refused: expired or revoked (401)"),
        (Answer::status(402), "Quickchat asks for an active subscription"),
        (Answer::status(403), "This token may not read the configuration (403)"),
        (Answer::status(404), "There is no such configuration at this address"),
        (Answer::status(422), "The server did not accept the request (422 VALIDATION_ERROR)"),
        (Answer::retry_after(429, "3600"), "Too many requests (429). Try again in 60 minutes."),
        (Answer::status(500), "The server failed (500 UNKNOWN)"),
        (Answer::html(200), "The answer is not JSON (text/html"),
        (Answer::empty(204), "The server answered 204 without a configuration."),
    ];
    let host = Host::start();
    host.hooks.fail_always(Method::Get, Fault::applied(Answer::status(404)));
    let pty = host.editor().start();
    pty.wait_for_text("r read again");
    for (answer, words) in said {
        host.hooks.fail_always(Method::Get, Fault::applied(answer));
        pty.send("r");
        pty.wait_for_words(words, |screen| screen.contains(&format!("Not read {words}")));
        assert!(!pty.words().contains("[x]"), "no value is invented: {}", pty.screen_text());
    }
    host.hooks.heal();
    walk(&pty, &[("r", FORM), ("q", "")]);
    assert_eq!(pty.wait_exit(), Exit::Code(0));
}

#[test]
fn a_body_of_a_hundred_megabytes_is_refused_in_little_memory() {
    let host = Host::start();
    for is_length_told in [true, false] {
        host.hooks.fail_next(Method::Get, Fault::applied(Answer::huge(100 << 20, is_length_told)));
        let pty = host.editor().start();
        pty.wait_for_words("a refusal", |screen| {
            screen.contains("Not read The answer is larger than 256 KiB; it was not read.")
        });
        assert!(peak_kibibytes(&pty) < 40 << 10, "{} KiB", peak_kibibytes(&pty));
    }
}

fn peak_kibibytes(pty: &Pty) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", pty.pid())).expect("a program");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a line");
    peak.trim().trim_end_matches(" kB").parse().expect("a number")
}

#[test]
fn a_port_that_nobody_listens_on_is_told() {
    let port = ClosedPort::take();
    let address = port.address();
    let said = format!("could not connect to {address} (connection refused).");
    assert_not_read(&format!("http://{address}"), &said);
}

#[test]
fn a_server_that_speaks_no_tls_is_told() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
            let _ = stream.read(&mut [0; 4096]);
        }
    });
    let said = format!("could not connect to {address} (no TLS is spoken there).");
    assert_not_read(&format!("https://{address}"), &said);
}

#[test]
fn a_certificate_that_nobody_vouches_for_is_told_and_gets_no_token() {
    let address = untrusted();
    let said = "The server's certificate was not accepted: unknown issuer.";
    assert_not_read(&format!("https://{address}"), said);
}

fn assert_not_read(url: &str, said: &str) {
    let host = Host::start();
    let pty = editor_on(url, host.token("acme")).start();
    pty.wait_for_words(said, |screen| screen.contains(&format!("Not read {said}")));
    pty.send("q");
    assert_eq!(pty.wait_exit(), Exit::Code(0));
    pty.assert_restored();
}

/// A server with a certificate of its own making.
fn untrusted() -> std::net::SocketAddr {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).expect("a certificate");
    let key = rustls::pki_types::PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("protocol versions")
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key.into())
        .expect("a certificate and its key");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.set_nonblocking(true).expect("a socket");
    let address = listener.local_addr().expect("an address");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).expect("a socket");
            while let Ok((stream, _)) = listener.accept().await {
                assert!(acceptor.accept(stream).await.is_err(), "the client must not accept it");
            }
        });
    });
    address
}
