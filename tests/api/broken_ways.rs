//! Faults of the way to the server: it can break before anything is sent.

use convrating::demo::{Answer, Fault, Method};
use tokio::net::TcpListener;

use super::lab::{Lab, brisk, configuration, rating_on, save, words};
use super::matrix::Tally;
use convrating::save::{Outcome, Reason};

/// How many scenarios of the matrix stand here.
pub(super) const SCENARIOS: usize = 2;

pub(super) async fn run_all() -> Tally {
    refused_before_the_read().await.and(refused_before_the_patch().await)
}

/// Nobody listens.
async fn refused_before_the_read() -> Tally {
    let lab = Lab::start();
    let gate = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", gate.local_addr().expect("an address"));
    drop(gate);
    judge(&lab, &url, 0).await
}

/// The read gets through; then nobody listens any more.
async fn refused_before_the_patch() -> Tally {
    let lab = Lab::start();
    let url = one_connection(lab.url.clone()).await;
    let last = Answer::json(200, &configuration(false, false)).with_header("connection", "close");
    lab.hooks.fail_next(Method::Get, Fault::applied(last));
    judge(&lab, &url, 1).await
}

/// Listens for one connection, which goes to `target`, and for no other.
async fn one_connection(target: String) -> String {
    let gate = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", gate.local_addr().expect("an address"));
    tokio::spawn(async move {
        let (mut near, _) = gate.accept().await.expect("a connection");
        drop(gate);
        let address = target.trim_start_matches("http://").to_owned();
        let mut far = tokio::net::TcpStream::connect(address).await.expect("the demo server");
        tokio::io::copy_bidirectional(&mut near, &mut far).await.ok();
    });
    url
}

async fn judge(lab: &Lab, url: &str, reads: usize) -> Tally {
    let (client, _) = lab.client_at(url, brisk());
    let mut draft = rating_on();
    let ended = save(&client, draft.intent()).await;
    let said = words(&client, ended.outcome().expect("an end"));
    let address = url.trim_start_matches("http://");
    assert_eq!(
        said,
        format!(
            "Not saved: could not connect to {address} (connection refused). s tries again. Nothing was sent. Your \
             changes are still here."
        )
    );
    let is_sending = matches!(ended.outcome(), Some(Outcome::NotSaved(Reason::NotSent { .. })));
    assert_eq!(is_sending, reads == 1);
    assert_eq!((lab.hooks.attempts(Method::Get), lab.hooks.attempts(Method::Patch)), (reads, 0));
    Tally::judge(&ended, &mut draft, lab)
}
