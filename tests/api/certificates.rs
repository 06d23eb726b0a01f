//! TLS before the demo server.

use std::path::Path;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::lab::Lab;
pub(super) use crate::support::certificates::{Certificates, acceptor};

/// TLS before the demo server, with one certificate after the other; the last one stays. Tells each handshake.
pub(super) async fn tls_before(
    lab: &Lab,
    folder: &Path,
    names: &[&str],
) -> (String, UnboundedReceiver<bool>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("https://{}", listener.local_addr().expect("an address"));
    let target = lab.url.trim_start_matches("http://").to_owned();
    let acceptors: Vec<_> = names.iter().map(|name| acceptor(folder, name)).collect();
    let (tell, handshakes) = unbounded_channel();
    tokio::spawn(async move {
        for index in 0.. {
            let (near, _) = listener.accept().await.expect("a connection");
            let shaken = acceptors[index.min(acceptors.len() - 1)].accept(near).await;
            tell.send(shaken.is_ok()).ok();
            if let Ok(mut near) = shaken {
                let mut far = TcpStream::connect(&target).await.expect("the demo server");
                tokio::spawn(async move { tokio::io::copy_bidirectional(&mut near, &mut far).await.ok() });
            }
        }
    });
    (url, handshakes)
}
