//! Inside a real tmux, and over a real sshd on loopback: edit, save, and no process left when the connection drops.

use std::fs;
use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::host::{FORM, Host};
use super::screens::walk;
use crate::support::programs::require;
use crate::support::pty::{Builder, DEADLINE, Process, Pty};

/// What is promised is one second.
const SOON: Duration = Duration::from_secs(3);

/// A folder of a test's own, removed with this.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(super) fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("convrating-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    pub(super) fn file(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }

    /// The process whose id a shell wrote to `pid`.
    pub(super) fn process(&self) -> Process {
        let text = fs::read_to_string(self.0.join("pid")).expect("a program that runs");
        Process::with_id(text.trim().parse().expect("a pid"))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The editor as a shell's command line. The token is a demo's, and worth nothing.
pub(super) fn command_line(host: &Host, folder: &Folder) -> String {
    format!(
        "echo $$ > '{}'; HOME='{}' XDG_STATE_HOME='{}' QUICKCHAT_BASE_URL='{}' QUICKCHAT_API_TOKEN='{}' exec '{}'",
        folder.file("pid"),
        folder.0.display(),
        folder.file("state"),
        host.url,
        host.token("acme"),
        env!("CARGO_BIN_EXE_convrating"),
    )
}

/// A tmux server of the test's own. It ends with this.
pub(super) struct Tmux<'a> {
    pub(super) program: PathBuf,
    pub(super) folder: &'a Folder,
}

impl Tmux<'_> {
    pub(super) fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(&self.program);
        command.args(["-S", &self.folder.file("tmux"), "-f", "/dev/null"]).args(arguments);
        command.env_remove("TMUX").env("LC_ALL", "C.UTF-8").env("HOME", &self.folder.0);
        command.stdin(Stdio::null()).output().expect("tmux")
    }

    fn screen(&self) -> String {
        String::from_utf8_lossy(&self.run(&["capture-pane", "-p", "-t", "test"]).stdout).into_owned()
    }

    pub(super) fn wait_for(&self, text: &str) {
        assert!(self.shows_within(DEADLINE, text), "never seen: {text}\n{}", self.screen());
    }

    fn shows_within(&self, time: Duration, text: &str) -> bool {
        let deadline = Instant::now() + time;
        while !self.screen().contains(text) {
            if Instant::now() > deadline {
                return false;
            }
        }
        true
    }

    pub(super) fn press(&self, key: &str, text: &str) {
        self.run(&["send-keys", "-t", "test", key]);
        self.wait_for(text);
    }

    /// Presses a key that does no harm twice until it is heard: right behind a paste it is a part of it.
    fn insist(&self, key: &str, text: &str) {
        let is_heard = (0..20).any(|_| {
            self.run(&["send-keys", "-t", "test", key]);
            self.shows_within(DEADLINE / 20, text)
        });
        assert!(is_heard, "never seen: {text}\n{}", self.screen());
    }
}

impl Drop for Tmux<'_> {
    fn drop(&mut self) {
        self.run(&["kill-server"]);
    }
}

#[test]
fn inside_tmux_it_edits_pastes_and_saves_and_a_killed_session_leaves_no_process() {
    let Some(program) = require("tmux") else { return };
    let (host, folder) = (Host::start(), Folder::new("tmux"));
    let tmux = Tmux { program, folder: &folder };
    let started =
        tmux.run(&["new-session", "-d", "-s", "test", "-x", "80", "-y", "24", &command_line(&host, &folder)]);
    assert!(started.status.success(), "{}", String::from_utf8_lossy(&started.stderr));
    tmux.wait_for(FORM);
    let process = folder.process();
    tmux.press("Space", "Nothing was sent yet");
    tmux.run(&["set-buffer", "s x q n and all of a mail in the clipboard"]);
    tmux.run(&["paste-buffer", "-t", "test"]);
    tmux.wait_for("That was a paste");
    tmux.insist("v", "s reads again");
    tmux.press("Escape", "Nothing was sent yet");
    tmux.press("s", "Saved");
    assert_eq!(host.hooks.configuration("acme")["conv_rating_active"], true);
    tmux.run(&["resize-window", "-t", "test", "-x", "120", "-y", "40"]);
    tmux.wait_for("Illustration");
    tmux.run(&["kill-session", "-t", "test"]);
    let took = process.wait_gone();
    assert!(took < SOON, "{took:?}");
}

/// An sshd for one connection, with keys of the test's own, and what a client needs for it.
struct Sshd {
    folder: Folder,
    port: u16,
    user: String,
    ssh: PathBuf,
}

impl Sshd {
    fn start() -> Option<Self> {
        let programs = (require("ssh"), require("sshd"), require("ssh-keygen"));
        let (Some(ssh), Some(sshd), Some(keygen)) = programs else { return None };
        let folder = Folder::new("ssh");
        for key in ["host", "client"] {
            make_key(&keygen, &folder.0.join(key));
        }
        fs::copy(folder.0.join("client.pub"), folder.0.join("authorized")).expect("a file");
        fs::write(folder.0.join("config"), configuration(&folder)).expect("a file");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        serve(listener, &sshd, &folder);
        let user = Command::new("id").arg("-un").output().expect("a name").stdout;
        Some(Self { folder, port, user: String::from_utf8_lossy(&user).trim().to_owned(), ssh })
    }

    /// A client in a terminal, running this on the other side.
    fn connect(&self, command: &str) -> Pty {
        let (port, key) = (self.port.to_string(), self.folder.file("client"));
        let options = ["-tt", "-F", "none", "-p", &port, "-i", &key, "-l", &self.user];
        let settings = [
            "-oIdentitiesOnly=yes",
            "-oBatchMode=yes",
            "-oStrictHostKeyChecking=no",
            "-oUserKnownHostsFile=/dev/null",
            "-oLogLevel=ERROR",
            "127.0.0.1",
            command,
        ];
        Builder::command(&self.ssh, &[&options[..], &settings[..]].concat()).start()
    }
}

fn make_key(keygen: &Path, file: &Path) {
    let made = Command::new(keygen).args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(file).status();
    assert!(made.expect("ssh-keygen").success());
}

fn configuration(folder: &Folder) -> String {
    format!(
        "HostKey {}\nAuthorizedKeysFile {}\nStrictModes no\nUsePAM no\nPasswordAuthentication no\n\
         KbdInteractiveAuthentication no\nPermitRootLogin prohibit-password\nPrintMotd no\nPrintLastLog no\n\
         PidFile none\n",
        folder.file("host"),
        folder.file("authorized"),
    )
}

/// Hands the first connection to an sshd that serves it alone.
fn serve(listener: TcpListener, sshd: &Path, folder: &Folder) {
    if rustix::process::getuid().is_root() {
        // Where no service has made it yet.
        fs::create_dir_all("/run/sshd").expect("the folder that sshd shuts itself in");
    }
    let mut command = Command::new(sshd);
    command.args(["-i", "-e", "-f", &folder.file("config")]);
    command.stderr(fs::File::create(folder.0.join("log")).expect("a file"));
    thread::spawn(move || {
        let (stream, _) = listener.accept().expect("a connection");
        let stream = OwnedFd::from(stream);
        let answers = stream.try_clone().expect("a socket");
        let mut child = command.stdin(stream).stdout(answers).spawn().expect("sshd");
        drop(command);
        child.wait().expect("our child")
    });
}

#[test]
fn over_ssh_it_edits_and_saves_and_a_dropped_connection_leaves_no_process() {
    let host = Host::start();
    let Some(sshd) = Sshd::start() else { return };
    let pty = sshd.connect(&command_line(&host, &sshd.folder));
    pty.wait_for("the form, over ssh", |screen| screen.contents().contains(FORM));
    let process = sshd.folder.process();
    // Ctrl-Z does nothing: no shell of this session could continue the editor.
    pty.send("\u{1a}");
    walk(&pty, &[(" ", "Nothing was sent yet"), ("s", "Saved")]);
    assert_eq!(host.hooks.configuration("acme")["conv_rating_active"], true);
    pty.send("s x q n, and all of a mail in the clipboard");
    pty.wait_for_text("That was a paste");
    pty.resize(120, 40);
    pty.wait_for_text("Illustration");
    // The client is gone without a word, as a line that drops.
    pty.signal(Signal::KILL);
    let took = process.wait_gone();
    assert!(took < SOON, "{took:?}");
    let history = fs::read_to_string(sshd.folder.0.join("state/convrating/history.jsonl")).unwrap();
    assert!(
        history.contains(r#""ssh_client":"127.0.0.1""#),
        "the history names the client's address: {history}"
    );
}
