//! The limits of a token, and the agents that fail or are slow.

use std::time::{Duration, Instant};

use convrating::demo::Demo;

use super::bench::{Bench, PATH, RATING_ON, request};

#[tokio::test]
async fn a_token_that_has_made_120_reads_or_60_writes_in_a_minute_has_to_wait() {
    let bench = Bench::start();
    for (method, most) in [("GET", 120), ("PATCH", 60)] {
        let request = bench.request(method, "acme", RATING_ON);
        for nth in 1..=most {
            assert_eq!(bench.send(&request).await.status(), 200, "{method} {nth}");
        }
        let refused = bench.send(&request).await;
        assert_eq!(refused.refusal().1, "TOO_MANY_REQUESTS");
        assert_eq!(refused.status(), 429);
        let wait: u64 = refused.header("retry-after").expect("when to try again").parse().expect("seconds");
        assert!((1..=60).contains(&wait), "{wait}");
    }
    assert_eq!(bench.hooks.applied("acme"), 60);
    assert_eq!(bench.get("mixed").await.status(), 200, "another token has its own limit");
    bench.hooks.limit_off();
    assert_eq!(bench.get("acme").await.status(), 200);
    assert_eq!(bench.patch("acme", RATING_ON).await.status(), 200);
}

#[tokio::test]
async fn each_third_request_to_the_flaky_agent_fails_and_changes_nothing() {
    let bench = Bench::start();
    assert_eq!(bench.get("flaky").await.status(), 200);
    assert_eq!(bench.get("flaky").await.status(), 200);
    let (status, code, _) = bench.patch("flaky", RATING_ON).await.refusal();
    assert_eq!((status, code.as_str()), (503, "SERVICE_UNAVAILABLE"));
    assert_eq!(bench.hooks.applied("flaky"), 0);
    assert_eq!(bench.patch("flaky", RATING_ON).await.status(), 200);
    assert_eq!(bench.get("flaky").await.status(), 200);
    assert_eq!(bench.get("flaky").await.status(), 503);
}

#[tokio::test]
async fn the_slow_agent_takes_a_second_and_a_half() {
    let bench = Bench::start();
    let start = Instant::now();
    assert_eq!(bench.get("slow").await.status(), 200);
    assert!(start.elapsed() >= Duration::from_millis(1500));
}

#[tokio::test]
async fn a_server_with_a_latency_answers_each_request_so_much_later() {
    const LATENCY: Duration = Duration::from_millis(60);
    let bench = Bench::run(Demo::bind_for_tests(0, LATENCY).expect("a free port"));
    for (status, least, sent) in [
        (401, LATENCY, request("GET", PATH, "", "")),
        (200, LATENCY, bench.request("PATCH", "acme", RATING_ON)),
        (200, LATENCY + Duration::from_millis(1500), bench.request("GET", "slow", "")),
    ] {
        let start = Instant::now();
        assert_eq!(bench.send(&sent).await.status(), status);
        assert!(start.elapsed() >= least, "{least:?}");
    }
}
