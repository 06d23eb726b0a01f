//! Esc gives up a request: its connection is closed, and no answer can come any more.

use std::time::Duration;

use convrating::agents::{Profile, ReadableSource, TokenSource};
use convrating::api::Timing;
use convrating::api::credentials::{BaseUrl, Token};
use convrating::terminal::{Key, TerminalInput};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::support::configuration::object;
use crate::support::editor_harness::{EditorHarness, run, setup};

const TOKEN: &str = "e30.eyJzY2VuYXJpb19pZCI6ImRlbW9hZ2VudDEifQ.c2ln";

/// Longer than any test: no time-out ends a request here.
const FOR_EVER: Duration = Duration::from_hours(1);

/// Reads a request on this connection up to the end of its head.
async fn take_request(stream: &mut TcpStream) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.expect("a request"));
    }
}

async fn answer(stream: &mut TcpStream) {
    let body = object([false; 2], &["A"]).to_string();
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all((head + &body).as_bytes()).await.expect("a client that reads");
}

/// Waits until the client has closed this connection.
async fn closed(stream: &mut TcpStream) {
    let mut byte = [0];
    let read = stream.read(&mut byte).await;
    assert!(matches!(read, Ok(0) | Err(_)), "another request: {byte:?}");
}

/// Runs an editor whose server is the script, on the listener's address.
async fn with_server(script: impl AsyncFnOnce(&mut EditorHarness, &TcpListener)) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let source = TokenSource::Readable(ReadableSource::Variable("A_TEST".to_owned()));
    let base_url = BaseUrl::parse(&url).expect("a URL");
    let profile = Profile::unnamed(base_url, Token::new(TOKEN).expect("a token"), source);
    let mut setup = setup(Some(profile));
    setup.agents = setup.agents.with_timing(Timing { read: FOR_EVER, ..Timing::default() });
    run(setup, async |harness: &mut EditorHarness| script(harness, &listener).await).await;
}

#[tokio::test]
async fn esc_gives_up_the_first_read() {
    with_server(async |harness, listener| {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        take_request(&mut stream).await;
        harness.read("Loading").await;
        harness.press("esc");
        closed(&mut stream).await;
        harness.read("stopped").await;
        harness.press("q");
    })
    .await;
}

#[tokio::test]
async fn esc_gives_up_a_read_of_the_form() {
    with_server(async |harness, listener| {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        take_request(&mut stream).await;
        answer(&mut stream).await;
        harness.read("Ask visitors").await;
        harness.press("r");
        take_request(&mut stream).await;
        harness.press("esc");
        closed(&mut stream).await;
        harness.read("Not read stopped").await;
        harness.press("q");
    })
    .await;
}

#[tokio::test]
async fn esc_gives_up_the_trial_of_a_token_and_the_old_one_reads_again() {
    with_server(async |harness, listener| {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        take_request(&mut stream).await;
        answer(&mut stream).await;
        harness.read("Ask visitors").await;
        harness.press("t");
        harness.read("NEW TOKEN").await;
        let keys = TOKEN.chars().map(Key::Char).collect();
        harness.happen(TerminalInput::Keys { keys, burst: true });
        harness.press("enter");
        take_request(&mut stream).await;
        harness.read("trying it").await;
        harness.press("esc");
        closed(&mut stream).await;
        harness.see(|screen| !screen.contains("NEW TOKEN")).await;
        harness.press("r");
        let (mut stream, _) = listener.accept().await.expect("another connection");
        take_request(&mut stream).await;
        answer(&mut stream).await;
        harness.read("Read again: the server has not changed").await;
        harness.press("q");
    })
    .await;
}
