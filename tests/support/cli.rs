//! The built binary in a home of its own, and a demo server for it to speak to.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use convrating::demo::{Demo, Hooks};
use serde_json::{Value, json};
use tokio::sync::oneshot;

use super::pty::DEADLINE;

/// A home directory that goes with the test.
pub(crate) struct Home {
    path: PathBuf,
}

/// How a run of the binary ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// A demo server on a thread of its own, until it is dropped.
pub(crate) struct Server {
    pub(crate) url: String,
    pub(crate) hooks: Hooks,
    /// Names, agents and tokens.
    pub(crate) agents: Vec<(String, String, String)>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Home {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("convrating-cli-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).expect("a home");
        Self { path }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Writes a file with these permissions, and the directories above it.
    pub(crate) fn write(&self, name: &str, mode: u32, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
        fs::write(&path, text).expect("a file");
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("permissions");
        path
    }

    pub(crate) fn config(&self, text: &str) {
        self.write(CONFIG, 0o600, text);
    }

    /// The binary with nothing in its environment but HOME and these variables.
    pub(crate) fn command(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_convrating"));
        command.args(arguments).env_clear().env("HOME", &self.path).env("TZ", "UTC").envs(variables.to_vec());
        command.stdin(Stdio::null());
        command
    }

    /// Starts it; [`end`] waits for its end.
    pub(crate) fn start(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Child {
        let mut command = self.command(arguments, variables);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts")
    }

    pub(crate) fn run(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Ran {
        end(self.start(arguments, variables))
    }

    pub(crate) fn run_with_input(&self, arguments: &[&str], variables: &[(&str, &str)], input: &str) -> Ran {
        let mut command = self.command(arguments, variables);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("it starts");
        // It may end without reading.
        let _ = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
        end(child)
    }

    /// Runs a line of shell in which `$BIN` is the binary.
    pub(crate) fn shell(&self, line: &str, variables: &[(&str, &str)]) -> Ran {
        self.shell_of(Path::new("/bin/sh"), line, variables)
    }

    /// The same in this shell.
    pub(crate) fn shell_of(&self, shell: &Path, line: &str, variables: &[(&str, &str)]) -> Ran {
        let mut command = Command::new(shell);
        command.args(["-c", line]).env_clear().env("HOME", &self.path).env("TZ", "UTC");
        command.env("BIN", env!("CARGO_BIN_EXE_convrating")).env("PATH", "/usr/bin:/bin");
        command.envs(variables.to_vec()).stdin(Stdio::null());
        end(command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts"))
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}

pub(crate) const CONFIG: &str = ".config/convrating/config.toml";
pub(crate) const HISTORY: &str = ".local/state/convrating/history.jsonl";
/// What `set --add N` says of a code that is neither on the server nor documented.
pub(crate) const UNDOCUMENTED: &str = "Warning: N is neither on the server nor documented.\n";
pub(crate) const TOKENS: &str = ".local/state/convrating/tokens";

impl Ran {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// The same without this start of stderr, which must be there.
    #[track_caller]
    pub(crate) fn after(self, start: &str) -> Self {
        let rest = self.stderr.strip_prefix(start).map(str::to_owned);
        let stderr = rest.unwrap_or_else(|| panic!("no {start} before {self:?}"));
        Self { stderr, ..self }
    }

    #[track_caller]
    pub(crate) fn expect(&self, code: i32, stdout: &str, stderr: &str) {
        let expected = Self { code, stdout: stdout.to_owned(), stderr: stderr.to_owned() };
        assert_eq!(*self, expected);
    }
}

impl Server {
    pub(crate) fn start() -> Self {
        Self::serve(Demo::bind(0).expect("a port"))
    }

    /// The same with so many ordinary agents, `crowd1`, `crowd2` …: their rating is off, and they ask one question.
    pub(crate) fn start_crowd(count: usize) -> Self {
        let agent = |number| {
            json!({
                "name": format!("crowd{number}"),
                "description": "",
                "scenario_id": format!("demoagent{number}"),
                "scope": "write_all",
                "configuration": {"conv_rating_question_codes": ["HELPFUL_THUMBS"]},
            })
        };
        let agents: Value = (1..=count).map(agent).collect();
        Self::serve(Demo::bind_agents(0, &agents.to_string()).expect("a port"))
    }

    fn serve(demo: Demo) -> Self {
        let hooks = demo.hooks();
        hooks.limit_off();
        let url = demo.url();
        let text = |text: &str| text.to_owned();
        let agents = demo.agents().iter();
        let agents = agents.map(|agent| (text(agent.name()), text(agent.scenario_id()), text(agent.token())));
        let agents = agents.collect();
        let (stop, stopped) = oneshot::channel::<()>();
        let thread = std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                tokio::select! {
                    served = demo.serve() => served.expect("it serves"),
                    _ = stopped => {}
                }
            });
        });
        Self { url, hooks, agents, stop: Some(stop), thread: Some(thread) }
    }

    pub(crate) fn token(&self, name: &str) -> &str {
        let agent = self.agents.iter().find(|agent| agent.0 == name);
        &agent.expect("an agent").2
    }

    /// The variables of a token without a profile.
    pub(crate) fn variables(&self, name: &str) -> [(&str, &str); 2] {
        [("QUICKCHAT_API_TOKEN", self.token(name)), ("QUICKCHAT_BASE_URL", &self.url)]
    }

    /// What `set` says of a token without a profile before anything else.
    pub(crate) fn profile_line(&self, name: &str) -> String {
        let agent = self.agents.iter().find(|agent| agent.0 == name).expect("an agent");
        format!("Profile none, agent {}, host {}, token from QUICKCHAT_API_TOKEN\n", agent.1, self.host())
    }

    /// `127.0.0.1:PORT`.
    pub(crate) fn host(&self) -> &str {
        self.url.strip_prefix("http://").expect("http")
    }

    /// Every request so far: `GET`, `PATCH {…}`.
    pub(crate) fn requests(&self) -> Vec<String> {
        let requests = self.hooks.requests();
        let shown = requests.iter().map(|request| {
            format!("{} {}", request.method, String::from_utf8_lossy(&request.body)).trim_end().to_owned()
        });
        shown.collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Waits here for something that happens in the server.
pub(crate) fn within<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async { tokio::time::timeout(DEADLINE, future).await.expect("in time") })
}

/// Waits for the end of a run; one that does not end is ended, and fails the test.
pub(crate) fn end(child: Child) -> Ran {
    const PATIENCE: Duration = Duration::from_mins(1);
    let pid = rustix::process::Pid::from_child(&child);
    let (ended, has_ended) = channel::<()>();
    let watcher = std::thread::spawn(move || {
        let is_late = has_ended.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout);
        if is_late {
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::KILL);
        }
        is_late
    });
    let output = child.wait_with_output().expect("it ends");
    drop(ended);
    assert!(!watcher.join().expect("a watcher"), "it did not end by itself");
    ran(&output)
}

fn ran(output: &Output) -> Ran {
    // The demo's tokens live 52 weeks, which a second later are 51 whole ones.
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace("51 weeks left", "52 weeks left");
    Ran {
        code: output.status.code().unwrap_or(-1),
        stdout: text(&output.stdout),
        stderr: text(&output.stderr),
    }
}

/// A file's permission bits.
pub(crate) fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("it is there").permissions().mode() & 0o7777
}

/// Text with each time of day as `HH:MM:SS`.
pub(crate) fn without_times(text: &str) -> String {
    let is_time = |word: &str| word.len() == 9 && word.ends_with(':') && word.matches(':').count() == 3;
    let words = text.split(' ').map(|word| if is_time(word) { "HH:MM:SS:" } else { word });
    words.collect::<Vec<_>>().join(" ")
}
