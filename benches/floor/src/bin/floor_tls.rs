//! The form after one GET over TLS, in the plainest way: rustls on a blocking socket, and the root certificate from one file.
//! There is no HTTP library, no runtime, no second thread and no frame before the answer: no client can do less.
//!
//! `floor_tls ADDRESS ROOT TOKEN PATH`

use std::error::Error;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [address, root, token, path] = &arguments[..] else { return Err("ADDRESS ROOT TOKEN PATH".into()) };
    let answer = get(address, root, token, path)?;
    if !answer.starts_with(b"HTTP/1.1 200") {
        return Err("no answer".into());
    }
    Ok(floor::show_form()?)
}

fn get(address: &str, root: &str, token: &str, path: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(root)?)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let config = Arc::new(config.with_root_certificates(roots).with_no_client_auth());
    let address: SocketAddr = address.parse()?;
    let client = ClientConnection::new(config, address.ip().into())?;
    let mut stream = StreamOwned::new(client, TcpStream::connect(address)?);
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"
    )?;
    let mut answer = Vec::new();
    // The server may close the connection without the last word of TLS.
    stream.read_to_end(&mut answer).ok();
    Ok(answer)
}
