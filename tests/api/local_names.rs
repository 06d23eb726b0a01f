//! `localhost` is this machine, whatever a resolver says.

use convrating::api::NetworkVariables;
use convrating::save::Outcome;
use tokio::net::{TcpListener, TcpStream};

use super::lab::{self, Lab, brisk, rating_on, save};

/// A port of this address before the demo server; `None` where this machine has no such address.
async fn listen(lab: &Lab, address: &str) -> Option<u16> {
    let listener = TcpListener::bind((address, 0)).await.ok()?;
    let port = listener.local_addr().expect("an address").port();
    let target = lab.url.trim_start_matches("http://").to_owned();
    tokio::spawn(async move {
        loop {
            let (mut near, _) = listener.accept().await.expect("a connection");
            let mut far = TcpStream::connect(&target).await.expect("the demo server");
            tokio::spawn(async move { tokio::io::copy_bidirectional(&mut near, &mut far).await.ok() });
        }
    });
    Some(port)
}

/// No resolver and no hosts file knows `convrating-test.localhost`: who reaches this machine by it has asked none.
#[tokio::test]
async fn a_name_of_this_machine_is_reached_without_a_resolver_and_without_a_proxy() {
    for address in ["127.0.0.1", "::1"] {
        let lab = Lab::start();
        let Some(port) = listen(&lab, address).await else { continue };
        for name in ["localhost", "LocalHost", "convrating-test.localhost"] {
            let url = format!("http://{name}:{port}");
            let network = NetworkVariables::from_lookup(|name| {
                (name == "HTTPS_PROXY").then(|| "http://proxy.invalid:3128".into())
            });
            let client = lab::client(&url, &lab.token, brisk()).0.with_network(network);
            let ended = save(&client, rating_on().intent()).await;
            assert!(matches!(ended.outcome(), Some(Outcome::Saved { .. })), "{url} {address}: {ended:?}");
        }
    }
}
