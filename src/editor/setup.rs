//! What the editor is given at its start, and what it gives back at its end.

use std::sync::Arc;

use super::model::Session;
use super::view::theme::Theme;
use crate::agents::{AgentOptions, Agents, Profile};
use crate::api::credentials::BaseUrl;
use crate::journal::Journal;

/// Starts the demo server and gives its agents, or says in a sentence why not. The editor calls it where the user opens the demo
/// in place of typing a token; the first agent is the one that is opened. It is called on the editor's runtime.
pub(crate) type DemoStarter = Arc<dyn Fn() -> Result<Vec<Profile>, String> + Send + Sync>;

/// The agent that the editor opens first.
#[derive(Clone, Debug)]
pub enum First {
    /// No agent is known. The editor asks the user for a token, which will go to this address.
    NoAgent(BaseUrl),
    /// There are several profiles, and nothing says which one is meant. The editor opens their list. A token that the user
    /// types in place of choosing one will go to this address.
    List(BaseUrl),
    /// This profile. Its token has been read.
    Profile(Box<Profile>),
    /// The profile of this session's name. It is opened while the first frame is on screen.
    Named(Session),
    /// The profile of this session's name. It could not be opened, for this reason.
    NotOpened(Session, String),
}

/// What the caller gives to the editor.
#[derive(Clone)]
pub struct Setup {
    /// The agent that the editor opens first.
    pub first: First,
    /// Opens the profiles that the user can switch to, and tokens that the user types. Its times are the editor's.
    pub agents: Agents,
    /// The options of the command line that hold for each agent.
    pub options: AgentOptions,
    /// Starts the demo.
    pub start_demo: DemoStarter,
    /// Where saves are recorded.
    pub journal: Option<Journal>,
    /// The editor runs inside tmux: what the user copies goes into its buffer.
    pub is_in_tmux: bool,
    /// Colours and characters.
    pub theme: Theme,
}

/// How the editor ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// The exit code.
    pub code: u8,
    /// The line for the scrollback; `None` where there is no terminal any more.
    pub farewell: Option<String>,
}
