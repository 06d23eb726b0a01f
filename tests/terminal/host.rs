//! A demo server in the test's own process, and the built binary against it.

use std::thread::{self, JoinHandle};

use convrating::demo::{Demo, Hooks};
use tokio::sync::oneshot;

use crate::support::pty::{Builder, DEADLINE, Pty};

/// What stands on the screen once the form does.
pub const FORM: &str = "Ask visitors to rate";

/// What stands on the help page and nowhere else.
pub const HELP: &str = "move up; scroll a page";

/// A running server. It ends with this.
pub struct Host {
    pub hooks: Hooks,
    pub url: String,
    tokens: Vec<(String, String)>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Host {
    pub fn start() -> Self {
        let demo = Demo::bind(0).expect("a free port");
        let tokens =
            demo.agents().iter().map(|agent| (agent.name().to_owned(), agent.token().to_owned())).collect();
        let (hooks, url) = (demo.hooks(), demo.url());
        let (stop, stopped) = oneshot::channel::<()>();
        let serve = async {
            tokio::select! {
                served = demo.serve() => served.expect("a server"),
                _ = stopped => {}
            }
        };
        let thread = thread::spawn(|| runtime().block_on(serve));
        Self { hooks, url, tokens, stop: Some(stop), thread: Some(thread) }
    }

    /// An agent's token.
    pub fn token(&self, agent: &str) -> &str {
        let known = self.tokens.iter().find(|(name, _)| name == agent);
        &known.expect("an agent of that name").1
    }

    /// The built binary, to be started on the first agent.
    pub fn editor(&self) -> Builder {
        self.editor_on(&self.url, self.token("acme"))
    }

    /// The built binary with another address or token.
    pub fn editor_on(&self, url: &str, token: &str) -> Builder {
        Builder::convrating(&[]).env("QUICKCHAT_BASE_URL", url).env("QUICKCHAT_API_TOKEN", token)
    }

    /// The built binary on the first agent, with its form on screen.
    pub fn open(&self) -> Pty {
        opened(self.editor())
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            // A panic of the server has been printed already.
            let _ = thread.join();
        }
    }
}

/// Starts an editor and waits for its form.
pub fn opened(builder: Builder) -> Pty {
    let pty = builder.start();
    pty.wait_for_text(FORM);
    pty
}

/// Waits here for something that happens in the server.
pub fn within<T>(future: impl Future<Output = T>) -> T {
    runtime().block_on(async { tokio::time::timeout(DEADLINE, future).await.expect("in time") })
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}
