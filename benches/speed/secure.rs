//! A demo server behind TLS, on a thread of its own.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;

use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::program::Program;
use crate::support::certificates::{Certificates, acceptor};
use crate::support::cli::{Home, Server};

/// What is asked for.
pub const PATH: &str = "/v1/api/conversation_ratings/configuration";

/// Where Linux systems keep the certificates that they trust, in one file.
const SYSTEM_ROOTS: [&str; 2] = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"];

/// The server. TLS ends with the benchmark.
pub struct Secure {
    pub server: Server,
    /// `127.0.0.1:PORT`.
    pub address: String,
    /// A file with the one certificate that the server's was signed with.
    pub root: PathBuf,
    certificates: Certificates,
}

impl Secure {
    pub fn start(name: &str) -> Self {
        let certificates = Certificates::write(&format!("bench-{name}"));
        let server = Server::start();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address").to_string();
        let (acceptor, target) = (acceptor(&certificates.folder, "good"), server.host().to_owned());
        thread::spawn(move || serve(listener, &acceptor, &target));
        let root = certificates.folder.join("root.pem");
        Self { server, address, root, certificates }
    }

    pub fn url(&self) -> String {
        format!("https://{}", self.address)
    }

    /// The editor on this server, which may be reached at another address.
    pub fn editor_at(&self, url: &str) -> Program {
        Program::editor(url, &self.server).variables(&[("SSL_CERT_FILE", &self.root.display().to_string())])
    }

    /// The program with this token, on this server, which may be reached at another address.
    pub fn command(&self, home: &Home, arguments: &[&str], url: &str) -> Command {
        let mut command = home.command(arguments, &[("QUICKCHAT_API_TOKEN", self.server.token("acme"))]);
        command.env("QUICKCHAT_BASE_URL", url).env("SSL_CERT_FILE", &self.root);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// The system's roots and this server's in one file; none where the system has no such file.
    pub fn write_all_roots(&self) -> Option<PathBuf> {
        let system = SYSTEM_ROOTS.iter().find_map(|path| fs::read_to_string(path).ok())?;
        let own = fs::read_to_string(&self.root).expect("our file");
        let path = self.certificates.folder.join("all-roots.pem");
        fs::write(&path, system + &own).expect("a file");
        Some(path)
    }
}

fn serve(listener: std::net::TcpListener, acceptor: &TlsAcceptor, target: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        listener.set_nonblocking(true).expect("a socket");
        let listener = TcpListener::from_std(listener).expect("a socket");
        while let Ok((near, _)) = listener.accept().await {
            near.set_nodelay(true).ok();
            tokio::spawn(connect(acceptor.clone(), near, target.to_owned()));
        }
    });
}

async fn connect(acceptor: TlsAcceptor, near: TcpStream, target: String) -> Option<()> {
    let mut near = acceptor.accept(near).await.ok()?;
    let mut far = TcpStream::connect(target).await.ok()?;
    far.set_nodelay(true).ok();
    tokio::io::copy_bidirectional(&mut near, &mut far).await.ok().map(drop)
}
