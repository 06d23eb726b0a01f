//! One connection is kept; when the server closes it meanwhile, a save neither fails nor sends twice.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use convrating::agents::{AgentOptions, Agents, KnownProfiles, Profile, TokenSource};
use convrating::api::credentials::{BaseUrl, Token};
use convrating::demo::{Answer, End, Fault, Method};
use convrating::settings::Draft;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

use super::lab::{AGENT, Lab, brisk, configuration, rating_on, save, within};
use crate::support::configuration::RATING;
use convrating::save::Outcome;

/// Stands between client and server: counts the connections and can close those that there are.
struct Gate {
    url: String,
    accepted: Arc<AtomicUsize>,
    close: Arc<Notify>,
    closed: Arc<Notify>,
}

impl Gate {
    async fn before(lab: &Lab) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let gate = Self { url, accepted: Arc::default(), close: Arc::default(), closed: Arc::default() };
        let target = lab.url.trim_start_matches("http://").to_owned();
        let (accepted, close, closed) =
            (Arc::clone(&gate.accepted), Arc::clone(&gate.close), Arc::clone(&gate.closed));
        tokio::spawn(async move {
            loop {
                let (near, _) = listener.accept().await.expect("a connection");
                accepted.fetch_add(1, Ordering::SeqCst);
                let far = TcpStream::connect(&target).await.expect("the demo server");
                tokio::spawn(forward(near, far, Arc::clone(&close), Arc::clone(&closed)));
            }
        });
        gate
    }

    fn accepted(&self) -> usize {
        self.accepted.load(Ordering::SeqCst)
    }

    /// Closes the connection that there is; it is closed when this returns.
    async fn close(&self) {
        self.close.notify_one();
        self.closed.notified().await;
    }
}

async fn forward(mut near: TcpStream, mut far: TcpStream, close: Arc<Notify>, closed: Arc<Notify>) {
    tokio::select! {
        _ = tokio::io::copy_bidirectional(&mut near, &mut far) => return,
        () = close.notified() => {}
    }
    drop((near, far));
    closed.notify_one();
}

fn is_saved(outcome: Option<&Outcome>) -> bool {
    matches!(outcome, Some(Outcome::Saved { .. }))
}

#[tokio::test]
async fn agents_at_one_address_share_one_connection() {
    let lab = Lab::start();
    let gate = Gate::before(&lab).await;
    let profile = |name: &str| {
        let base_url = BaseUrl::parse(&gate.url).expect("a base URL");
        let token = Token::new(&lab.token).expect("a token");
        Profile { name: Some(name.to_owned()), ..Profile::unnamed(base_url, token, TokenSource::Prompt) }
    };
    let names = ["one", "two", "three"];
    let agents = Agents::new(KnownProfiles::Ready(names.map(profile).to_vec()));
    for name in names {
        // As the editor and its list do: each has a copy.
        let options = AgentOptions::default().for_profile(name);
        let connection = agents.clone().open(&options).await.expect("a connection");
        within(connection.client.read(1)).await.expect("a read");
    }
    assert_eq!(gate.accepted(), 1);
}

#[tokio::test]
async fn reads_and_saves_share_one_connection() {
    let lab = Lab::start();
    let gate = Gate::before(&lab).await;
    let (client, _) = lab.client_at(&gate.url, brisk());
    let mut draft = Draft::new(within(client.read(1)).await.expect("a read"));
    for _ in 0..3 {
        draft.toggle(&RATING);
        let point = draft.save_point();
        let ended = save(&client, draft.intent()).await;
        assert!(is_saved(ended.outcome()), "{ended:?}");
        draft.saved(&point, &lab.held());
    }
    assert_eq!((gate.accepted(), lab.hooks.applied(AGENT)), (1, 3));
}

#[tokio::test]
async fn a_connection_that_was_closed_at_rest_costs_a_save_nothing() {
    let lab = Lab::start();
    let gate = Gate::before(&lab).await;
    let (client, _) = lab.client_at(&gate.url, brisk());
    within(client.read(1)).await.expect("a read");
    within(gate.close()).await;
    let ended = save(&client, rating_on().intent()).await;
    assert!(is_saved(ended.outcome()), "{ended:?}");
    assert_eq!((gate.accepted(), lab.hooks.attempts(Method::Patch)), (2, 1));
}

/// The server answers the read and closes at once, without a word of it in the head: the PATCH may meet a connection
/// that is closing. It is never sent twice, and what is said is true.
#[tokio::test]
async fn a_connection_that_closes_under_a_patch_never_makes_it_go_out_twice() {
    for end in [End::Close, End::Reset] {
        for _ in 0..20 {
            let lab = Lab::start();
            let body = configuration(false, false).to_string();
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
            lab.hooks.fail_next(Method::Get, Fault::applied(Answer::Raw(head.into_bytes(), end)));
            let ended = save(&lab.client(brisk()), rating_on().intent()).await;
            let applied = lab.hooks.applied(AGENT);
            assert!(applied <= 1 && lab.hooks.attempts(Method::Patch) <= 1);
            assert_eq!(is_saved(ended.outcome()), applied == 1, "{ended:?}");
        }
    }
}
