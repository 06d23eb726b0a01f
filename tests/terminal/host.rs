//! A demo server in the test's own process, and the built binary against it.

pub(super) use crate::support::cli::{Server as Host, within};
use crate::support::pty::{Builder, Pty};

/// What stands on the screen once the form does.
pub const FORM: &str = "Ask visitors to rate";

/// What stands on the help page and nowhere else.
pub const HELP: &str = "move; scroll a page";

impl Host {
    /// The built binary, to be started on the first agent.
    pub fn editor(&self) -> Builder {
        editor_on(&self.url, self.token("acme"))
    }

    /// The built binary on the first agent, with its form on screen.
    pub fn open(&self) -> Pty {
        opened(self.editor())
    }
}

/// The built binary, to be started on this address with this token.
pub fn editor_on(url: &str, token: &str) -> Builder {
    Builder::convrating(&[]).env("QUICKCHAT_BASE_URL", url).env("QUICKCHAT_API_TOKEN", token)
}

/// Starts an editor and waits for its form.
pub fn opened(builder: Builder) -> Pty {
    let pty = builder.start();
    pty.wait_for_text(FORM);
    pty
}
