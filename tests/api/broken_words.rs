//! What is said of each way in which a call can break over TCP: in words, without a name of the code.

use std::time::{Duration, SystemTime};

use convrating::api::{Client, Timing};
use convrating::demo::{Answer, End, Fault, Method};
use convrating::save::RetryAfter;

use super::lab::{Lab, brisk, client, within};
use super::tls::{answering, explain_read};
use crate::support::closed_port::ClosedPort;

/// True for a word such as `UnexpectedEof`, which is a name in code and in no sentence.
fn is_code(word: &str) -> bool {
    let letters: Vec<_> = word.chars().collect();
    letters.windows(2).any(|pair| pair[0].is_lowercase() && pair[1].is_uppercase())
}

async fn explain(client: &Client) -> String {
    let error = within(client.read(1)).await.expect_err("a failure");
    let said = explain_read(client, &error);
    assert!(!said.contains("::") && !said.contains("os error") && !said.contains('{'), "{said}");
    assert!(!said.split(|c: char| !c.is_alphanumeric()).any(is_code), "{said}");
    // A text of a library is not in our table: it would stand here as it is.
    assert!(!format!("{error}").contains("error"), "{error}");
    said
}

#[tokio::test]
async fn an_answer_that_is_none_is_told_in_words() {
    let whole = "closed before the answer was whole";
    let long = format!("HTTP/1.1 200 OK\r\nx: {}\r\n\r\n", "x".repeat(600_000));
    for (answer, expected) in [
        ("", whole),
        ("HTTP/1.1 200", whole),
        ("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{}", whole),
        ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{", whole),
        ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n", "the answer's body cannot be read"),
        ("SSH-2.0-OpenSSH_9.2\r\n\r\n", "the answer is no HTTP"),
        ("HTTP/7.1 200 OK\r\n\r\n", "the answer is no HTTP"),
        ("HTTP/1.1 wrong OK\r\n\r\n", "the answer is no HTTP"),
        ("HTTP/1.1 200 OK\r\n: no name\r\n\r\n", "the answer is no HTTP"),
        ("HTTP/1.1 200 OK\r\ncontent-length: many\r\n\r\n", "the answer is no HTTP"),
        (&long, "the answer's head is too large"),
    ] {
        let address = answering(answer.as_bytes().to_vec()).await;
        let (client, _) = client(&format!("http://{address}"), "token", brisk());
        let said = explain(&client).await;
        let start: String = answer.chars().take(60).collect();
        assert_eq!(said, format!("the connection to {address} broke ({expected})."), "{start}");
    }
}

#[tokio::test]
async fn a_server_that_is_not_reached_or_does_not_answer_is_told_in_words() {
    let closed = ClosedPort::take();
    let (refused, _) = client(&format!("http://{}", closed.address()), "token", brisk());
    let words = format!("could not connect to {} (connection refused).", closed.address());
    assert_eq!(explain(&refused).await, words);
    let lab = Lab::start();
    lab.hooks.fail_next(Method::Get, Fault::none().after(Duration::from_hours(1)));
    let impatient = Timing { read: Duration::from_millis(50), ..brisk() };
    let said = explain(&lab.client(impatient)).await;
    let host = lab.url.trim_start_matches("http://");
    assert_eq!(said, format!("{host} gave no whole answer within 0.05 s."));
    lab.hooks.fail_next(Method::Get, Fault::not_applied(Answer::Raw(Vec::new(), End::Reset)));
    let said = explain(&lab.client(brisk())).await;
    assert_eq!(said, format!("the connection to {host} broke (connection reset)."));
    let address = answering(Vec::new()).await;
    let (client, _) = client(&format!("https://{address}"), "token", brisk());
    let said = explain(&client).await;
    let beginning = format!("could not connect to {address} (");
    assert!(said.starts_with(&beginning) || said.starts_with("HTTPS could not be set up"), "{said}");
}

/// A server whose clock is years behind asks for three seconds by a date of its own.
#[tokio::test]
async fn a_date_to_come_back_at_is_compared_with_the_answers_own_date() {
    let lab = Lab::start();
    let own = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    let at = |seconds| httpdate::fmt_http_date(own + Duration::from_secs(seconds));
    for (date, expected) in
        [(Some(at(0)), 3), (Some(at(60)), 0), (Some("yesterday".to_owned()), 0), (None, 0)]
    {
        let mut answer = Answer::text(503, "text/plain", "later").with_header("retry-after", &at(3));
        if let Some(date) = &date {
            answer = answer.with_header("date", date);
        }
        lab.hooks.fail_next(Method::Get, Fault::applied(answer));
        let error = within(lab.client(brisk()).read(1)).await.expect_err("503");
        let Some(refusal) = error.refusal() else { panic!("{error:?}") };
        assert_eq!(refusal.retry_after, RetryAfter::In(expected), "{date:?}");
    }
}
