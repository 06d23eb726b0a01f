//! What the hooks show, hold and count; and how the server ends.

use std::time::Duration;

use convrating::demo::{Demo, Method};
use serde_json::json;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use super::bench::{Bench, PATH, RATING_ON, receive, within};

#[tokio::test]
async fn a_request_is_recorded_as_it_came() {
    let bench = Bench::start();
    bench.patch("acme", RATING_ON).await;
    let [recorded] = bench.hooks.requests().try_into().expect("one request");
    assert_eq!((recorded.method.as_str(), recorded.path.as_str()), ("PATCH", PATH));
    assert_eq!((recorded.body.as_slice(), recorded.agent.as_deref()), (RATING_ON.as_bytes(), Some("acme")));
    let names: Vec<_> = recorded.headers.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["host", "authorization", "content-type", "connection", "content-length"]);
    assert_eq!(recorded.headers[1].1, format!("Bearer {}", bench.token("acme")));
    assert!(!format!("{recorded:?}").contains(bench.token("acme")));
}

#[tokio::test]
async fn a_request_that_breaks_off_is_an_attempt_and_is_not_counted_as_whole() {
    let bench = Bench::start();
    let request = bench.request("PATCH", "acme", RATING_ON);
    let mut stream = bench.open(&request[..request.len() - 3]).await;
    stream.shutdown().await.expect("the client's end");
    within(receive(stream)).await;
    assert_eq!(bench.hooks.requests(), []);
    assert_eq!((bench.hooks.attempts(Method::Patch), bench.hooks.count(Method::Patch)), (1, 0));
    assert_eq!(bench.hooks.applied("acme"), 0);
}

#[tokio::test]
async fn requests_are_counted_and_waited_for_by_method() {
    let bench = Bench::start();
    within(bench.hooks.wait_for(Method::Get, 0)).await;
    let second = bench.hooks.wait_for(Method::Get, 2);
    let asking = async {
        bench.patch("acme", RATING_ON).await;
        bench.get("acme").await;
        assert_eq!((bench.hooks.count(Method::Get), bench.hooks.count(Method::Patch)), (1, 1));
        bench.get("acme").await;
    };
    within(async { tokio::join!(second, asking) }).await;
    within(bench.hooks.wait_for(Method::Get, 2)).await;
    let third = tokio::time::timeout(Duration::from_millis(1), bench.hooks.wait_for(Method::Get, 3)).await;
    assert!(third.is_err(), "there were only two");
}

#[tokio::test]
async fn a_held_change_is_applied_once_it_is_released() {
    let bench = Bench::start();
    let hold = bench.hooks.hold(Method::Patch);
    let stream = bench.open(&bench.request("PATCH", "acme", RATING_ON)).await;
    within(hold.arrived()).await;
    within(hold.arrived()).await;
    assert_eq!((bench.hooks.count(Method::Patch), bench.hooks.applied("acme")), (1, 0));
    assert_eq!(bench.get("acme").await.json()["conv_rating_active"], false);
    hold.release();
    assert_eq!(within(receive(stream)).await.json()["conv_rating_active"], true);
    assert_eq!(bench.hooks.applied("acme"), 1);
}

#[tokio::test]
async fn a_change_is_applied_before_its_held_answer_is_released() {
    let bench = Bench::start();
    let hold = bench.hooks.hold_answer(Method::Patch);
    let stream = bench.open(&bench.request("PATCH", "acme", RATING_ON)).await;
    within(hold.arrived()).await;
    assert_eq!(bench.hooks.applied("acme"), 1);
    let behind = json!({"conv_rating_active": false});
    bench.hooks.set_configuration("acme", behind.clone());
    drop(hold);
    assert_eq!(within(receive(stream)).await.json()["conv_rating_active"], true, "the answer is older");
    assert_eq!(bench.get("acme").await.json(), behind);
}

#[tokio::test]
async fn each_hold_holds_one_request_of_its_method() {
    let bench = Bench::start();
    let (first, second) = (bench.hooks.hold(Method::Get), bench.hooks.hold(Method::Get));
    assert_eq!(bench.patch("acme", "{}").await.status(), 200);
    let request = bench.request("GET", "acme", "");
    let one = bench.open(&request).await;
    within(first.arrived()).await;
    let other = bench.open(&request).await;
    within(second.arrived()).await;
    assert_eq!(bench.get("acme").await.status(), 200, "the third passes");
    second.release();
    assert_eq!(within(receive(other)).await.status(), 200);
    first.release();
    assert_eq!(within(receive(one)).await.status(), 200);
}

#[tokio::test]
async fn a_held_change_whose_client_leaves_is_not_applied() {
    let bench = Bench::start();
    let hold = bench.hooks.hold(Method::Patch);
    let stream = bench.open(&bench.request("PATCH", "acme", RATING_ON)).await;
    within(hold.arrived()).await;
    drop(stream);
    assert_eq!(bench.get("acme").await.status(), 200);
    hold.release();
    assert_eq!(bench.get("acme").await.json()["conv_rating_active"], false);
}

#[tokio::test]
async fn the_server_and_its_connections_end_with_the_future() {
    let mut bench = Bench::start();
    let hold = bench.hooks.hold(Method::Get);
    let stream = bench.open(&bench.request("GET", "acme", "")).await;
    within(hold.arrived()).await;
    bench.stop().await;
    assert_eq!(within(receive(stream)).await.describe(), "nothing, closed");
    TcpStream::connect(bench.address).await.expect_err("the server no longer listens");
    assert_eq!(bench.hooks.count(Method::Get), 1, "the counts can still be read");
}

#[tokio::test]
async fn a_client_that_connects_before_the_server_serves_is_answered() {
    let demo = Demo::bind(0).expect("a free port");
    let address = demo.url().replace("http://", "");
    let mut stream = TcpStream::connect(address).await.expect("it listens already");
    stream.write_all(b"GET / HTTP/1.1\r\nHost: demo\r\nConnection: close\r\n\r\n").await.expect("sent");
    let serving = tokio::spawn(demo.serve());
    assert_eq!(within(receive(stream)).await.status(), 404);
    serving.abort();
}

#[test]
#[should_panic(expected = "the demo has no agent \"acmee\"")]
fn a_misspelt_agents_name_panics() {
    Demo::bind(0).expect("a free port").hooks().configuration("acmee");
}
