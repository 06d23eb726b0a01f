//! nginx as a child process, and a save through it.

use std::fs;
use std::io::Write as _;
use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use convrating::api::{Client, HttpMethod, Timing};
use rustix::process::{Pid, Signal, geteuid, kill_process_group};

use crate::api::lab::{Lab, Log, brisk, rating_on, save, words};
use crate::api::matrix::Tally;
use crate::support::programs::require;

/// What a test adds to the configuration of nginx, in nginx's own language.
#[derive(Clone, Copy, Default)]
pub(super) struct Directives<'a> {
    /// Inside `http`.
    pub(super) http: &'a str,
    /// Inside `server`.
    pub(super) server: &'a str,
    /// Inside the only `location`, which passes every request on.
    pub(super) location: &'a str,
    /// The certificate file and its key; without it nginx speaks plain http.
    pub(super) certificate: Option<&'a Path>,
}

/// A running nginx before a server. Its processes end with this, and its folder is removed.
pub(super) struct Nginx {
    pub(super) url: String,
    /// nginx's own folder.
    folder: PathBuf,
    /// The master process, which leads a process group.
    master: Child,
}

impl Nginx {
    /// Starts nginx before the server at `target`. `None` where it is not installed, after saying so.
    ///
    /// nginx inherits a socket that listens already, so no other program can take the port meanwhile, and a connection waits
    /// until nginx is ready. The variable `NGINX` names the sockets: nginx uses it for an upgrade of its own program
    /// (<https://nginx.org/en/docs/ngx_core_module.html#env>). It needs a master process and a worker: in a single process
    /// (`master_process off`) nginx 1.22 crashes at the first connection.
    pub(super) fn before(target: &str, directives: &Directives<'_>) -> Option<Self> {
        let program = require("nginx")?;
        let folder = new_folder();
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address").to_string();
        let file = folder.join("nginx.conf");
        fs::write(&file, configuration(&folder, &address, target, directives)).expect("a file");
        let mut command = Command::new(program);
        command.arg("-p").arg(&folder).arg("-c").arg(&file).arg("-e").arg(folder.join("error.log"));
        command.env("NGINX", "0;").stdin(OwnedFd::from(listener)).stdout(Stdio::null()).process_group(0);
        let master = command.spawn().expect("nginx starts");
        let scheme = if directives.certificate.is_some() { "https" } else { "http" };
        Some(Self { url: format!("{scheme}://{address}"), folder, master })
    }

    /// The address as the words name it: `127.0.0.1:PORT`.
    pub(super) fn host(&self) -> &str {
        self.url.split_once("://").expect("a scheme").1
    }

    /// A client that speaks to nginx with the lab's token.
    pub(super) fn client(&self, lab: &Lab, timing: Timing) -> Client {
        lab.client_at(&self.url, timing).0
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // The worker too: a master that is killed alone leaves it running.
        kill_process_group(Pid::from_child(&self.master), Signal::KILL).ok();
        self.master.wait().ok();
        if std::thread::panicking() {
            let told = fs::read(self.folder.join("error.log")).unwrap_or_default();
            std::io::stderr().write_all(&told).ok();
        }
        fs::remove_dir_all(&self.folder).ok();
    }
}

fn new_folder() -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let name = format!("convrating-nginx-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let folder = std::env::temp_dir().join(name);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// The whole configuration: one worker, and nothing outside of `folder`. Paths without a slash in front begin there.
fn configuration(folder: &Path, address: &str, target: &str, directives: &Directives<'_>) -> String {
    let Directives { http, server, location, certificate } = *directives;
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|name| format!("{name}_temp_path {}/{name};\n", folder.display()))
        .concat();
    let (ssl, certificate) = match certificate.map(Path::display) {
        Some(file) => (" ssl", format!("ssl_certificate {file};\nssl_certificate_key {file};\n")),
        None => ("", String::new()),
    };
    // As root, nginx gives its worker to another user, who may not see the folder. To other users the line would be a warning.
    let user = if geteuid().is_root() { "user root;\n" } else { "" };
    format!(
        "daemon off;\n{user}worker_processes 1;\npid nginx.pid;\nerror_log error.log;\n\
         events {{ worker_connections 64; }}\n\
         http {{\naccess_log off;\nserver_tokens off;\n{temporary}{http}\n\
         server {{\nlisten {address}{ssl};\n{certificate}{server}\n\
         location / {{\nproxy_pass {target};\n{location}\n}}\n}}\n}}\n"
    )
}

/// Switches the rating on through `client`, and gives what the user is told. What is said must be true of the server, and the
/// draft must still be there.
pub(super) async fn save_truly(client: &Client, lab: &Lab) -> String {
    let mut draft = rating_on();
    let ended = save(client, draft.intent()).await;
    let said = words(client, ended.outcome().expect("an end"));
    let found = Tally::judge(&ended, &mut draft, lab);
    assert_eq!(found, Tally { scenarios: 1, ..Tally::default() }, "{said}");
    said
}

/// The same through a new nginx with these lines in its `location`. `None` where nginx is not installed.
pub(super) async fn save_with(lab: &Lab, location: &str) -> Option<String> {
    let nginx = Nginx::before(&lab.url, &Directives { location, ..Directives::default() })?;
    Some(save_truly(&nginx.client(lab, brisk()), lab).await)
}

/// The status of the answer to each PATCH; `None` where there was no answer.
pub(super) fn patch_statuses(log: &Log) -> Vec<Option<u16>> {
    let log = log.lock().expect("no panic");
    log.iter().filter(|record| record.method == HttpMethod::Patch).map(|record| record.status).collect()
}

/// Saved, by the answer to the PATCH.
pub(super) const BY_ANSWER: &str = "Saved 14:02:11: rating off → on (confirmed by the server)";
/// Saved, as a read shows.
pub(super) const BY_READ: &str = "Saved 14:02:11: rating off → on (confirmed by a second read)";

/// Not saved: a page of nginx came in place of the API's answer, and one read decided.
pub(super) fn not_applied(page: &str) -> String {
    let status = &page[..3];
    format!(
        "Not saved: something in between answered {status} (\"{page}\", nginx), not the API. s tries again. Nothing was changed, as one read \
         shows. Your changes are still here."
    )
}

/// Not saved: a page of nginx came in place of the API's answer, and three reads show the old value.
pub(super) fn still_old(page: &str) -> String {
    let status = &page[..3];
    format!(
        "Not saved: the server still shows the old value; the change may still arrive, saving again is harmless. s tries again. \
         Why: something in between answered {status} (\"{page}\", nginx), not the API. Your changes are still here."
    )
}

/// Not saved: a page of nginx came in place of the answer to the read before the PATCH.
pub(super) fn not_read(page: &str) -> String {
    let status = &page[..3];
    format!(
        "Not saved: something in between answered {status} (\"{page}\", nginx), not the API. s tries again. Nothing was sent. Your changes are \
         still here."
    )
}
