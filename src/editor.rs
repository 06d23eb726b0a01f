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
use self::model::{RequestId, Session, Target};
use self::view::theme::Theme;
use crate::api::credentials::BaseUrl;
use crate::api::{RequestLog, Timing};
use crate::journal::Journal;
use crate::profile::Profile;
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
    Opened(RequestId, Result<Box<Profile>, String>),
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

/// Who is told of the requests that go to a base URL.
pub type RequestLogOf = Arc<dyn Fn(&BaseUrl) -> RequestLog + Send + Sync>;

/// Opens a profile, or says in a sentence why not. It may block: a `token_command` takes up to ten seconds.
pub type Opener = Arc<dyn Fn(Target) -> Result<Profile, String> + Send + Sync>;

/// Whom the editor talks to first.
#[derive(Clone, Debug)]
pub enum First {
    /// Nobody is known: it asks for a token, which will go there.
    Nobody(BaseUrl),
    /// This one, whose token is at hand.
    Profile(Box<Profile>),
    /// The profile of this session's name, which is opened while the first frame stands.
    Named(Session),
}

/// What the editor is given by those who know more than it does.
#[derive(Clone)]
pub struct Setup {
    /// Whom it talks to first.
    pub first: First,
    /// Everyone it can switch to.
    pub profiles: Vec<Session>,
    /// Opens them, the demo, and typed tokens.
    pub opener: Opener,
    /// Where saves are recorded.
    pub journal: Option<Journal>,
    /// How long everything may take.
    pub timing: Timing,
    /// Who else is told of each request, by where it goes.
    pub request_log: Option<RequestLogOf>,
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
