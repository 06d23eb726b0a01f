//! The editor: its shell, which does the input and output, around a core that does none.
//!
//! ```text
//!  key ─► keymap::resolve(&Model, key) ─► Action ─► Message ─► Model::update(Message) ─► [Effect]
//!                                                    ▲              │                      │
//!                                   view::render(&Model, &Theme) ◄──┘                      ▼
//!                                                    └───────── tasks (Client, time, clipboard)
//! ```
//!
//! `model` and `update` name no terminal, no runtime, no clock. One frame is drawn for each batch of happenings, and
//! nothing at all while nothing happens. The first frame is on screen before the network is touched.

mod clock;
pub mod keymap;
pub mod message;
pub mod model;
mod pages;
mod shell;
mod survey;
mod tasks;
mod update;
pub mod view;

use std::io;
use std::sync::Arc;

use tokio::sync::mpsc::unbounded_channel;

use self::message::Message;
use self::model::{RequestId, Session};
use self::view::theme::Theme;
use crate::agents::{AgentOptions, Agents, Connection, Profile};
use crate::api::credentials::BaseUrl;
use crate::journal::Journal;
use crate::terminal::{PreparedTerminal, TerminalBackend, TerminalCommand, TerminalEvent, TerminalInput};

pub use shell::run_loop;

/// Something that the loop waits for.
#[derive(Debug)]
pub enum Happening {
    /// From the terminal's reader: keys, or their end.
    Input(TerminalInput),
    /// From the terminal's watcher: a signal, a hang-up, another size.
    Terminal(TerminalEvent),
    /// From a task.
    Message(Message),
    /// A connection was opened, or why not.
    Opened(RequestId, Result<Box<Connection>, String>),
}

impl From<TerminalInput> for Happening {
    fn from(input: TerminalInput) -> Self {
        Self::Input(input)
    }
}

impl From<TerminalEvent> for Happening {
    fn from(event: TerminalEvent) -> Self {
        Self::Terminal(event)
    }
}

impl From<Message> for Happening {
    fn from(message: Message) -> Self {
        Self::Message(message)
    }
}

/// Starts the demo server and gives its first agent, or says in a sentence why not. The editor calls it where the user opens
/// the demo in place of typing a token. It is called on the editor's runtime.
pub type DemoStarter = Arc<dyn Fn() -> Result<Profile, String> + Send + Sync>;

/// The agent that the editor opens first.
#[derive(Clone, Debug)]
pub enum First {
    /// None is known. The editor asks the user for a token, which will go to this address.
    Nobody(BaseUrl),
    /// There are several, and nothing says which. The editor opens their list. A token that the user types in place of
    /// choosing one will go to this address.
    List(BaseUrl),
    /// This one, whose token is at hand.
    Profile(Box<Profile>),
    /// The profile of this session's name. It is opened while the first frame stands.
    Named(Session),
}

/// What the caller gives to the editor.
#[derive(Clone)]
pub struct Setup {
    /// The agent that it opens first.
    pub first: First,
    /// Opens the profiles that the user can switch to, and tokens that the user types. Its times are the editor's.
    pub agents: Agents,
    /// What the command line says about every agent.
    pub options: AgentOptions,
    /// Starts the demo.
    pub start_demo: DemoStarter,
    /// Where saves are recorded.
    pub journal: Option<Journal>,
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

/// Runs the editor on the terminal, to its end. The terminal is as before when this returns.
///
/// # Errors
/// The terminal cannot be entered, or a frame cannot be written.
pub async fn run(terminal: PreparedTerminal, setup: Setup) -> io::Result<Ending> {
    let (to, happenings) = unbounded_channel();
    let (mut terminal, watcher) = terminal.open(&to)?;
    let perform =
        |backend: &mut TerminalBackend, command: TerminalCommand<'_>| command.perform(backend, &watcher);
    run_loop(&mut terminal, to, happenings, setup, perform).await
}
