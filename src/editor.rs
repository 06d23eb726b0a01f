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
pub mod input;
pub mod key;
pub mod keymap;
pub mod message;
pub mod model;
mod pages;
pub mod screen;
mod shell;
mod survey;
mod tasks;
mod update;
pub mod view;
pub mod watcher;

use std::io;
use std::sync::Arc;

use ratatui::Terminal;
use ratatui::backend::Backend;
use tokio::sync::mpsc::unbounded_channel;

use self::input::Input;
use self::message::Message;
use self::model::{RequestId, Session};
use self::screen::Screen;
use self::view::theme::Theme;
use self::watcher::{Notice, Signals, Watch};
use crate::agents::{AgentOptions, Agents, Connection, Profile};
use crate::api::credentials::BaseUrl;
use crate::history::Recorder;

pub use shell::{Call, run_loop};

/// Something that the loop waits for.
#[derive(Debug)]
pub enum Happening {
    /// From the terminal.
    Input(Input),
    /// From the watcher.
    Notice(Notice),
    /// From a task.
    Message(Message),
    /// A connection was opened, or why not.
    Opened(RequestId, Result<Box<Connection>, String>),
}

impl From<Input> for Happening {
    fn from(input: Input) -> Self {
        Self::Input(input)
    }
}

impl From<Notice> for Happening {
    fn from(notice: Notice) -> Self {
        Self::Notice(notice)
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
    pub recorder: Option<Recorder>,
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

/// What has to be there before any thread starts: the signals.
#[derive(Debug)]
pub struct Terminals {
    signals: Signals,
}

impl Terminals {
    /// Takes the signals over.
    ///
    /// # Errors
    /// The system gives no handler.
    pub fn prepare() -> io::Result<Self> {
        Ok(Self { signals: Signals::register()? })
    }

    /// Runs the editor on the terminal, to its end. The terminal is as before when this returns.
    ///
    /// # Errors
    /// The terminal cannot be entered or drawn to.
    pub async fn run(self, setup: Setup) -> io::Result<Ending> {
        screen::leave_before_panic_reports();
        let (to, happenings) = unbounded_channel();
        let watch = self.signals.watch(to.clone())?;
        let mut terminal = Terminal::new(Screen::enter()?)?;
        input::start(to.clone())?;
        let call = |screen: &mut Screen, call: Call<'_>| answer(&watch, screen, call);
        run_loop(&mut terminal, to, happenings, setup, call).await
    }
}

/// Does what the loop asks of the real terminal.
fn answer(watch: &Watch, screen: &mut Screen, call: Call<'_>) -> io::Result<()> {
    match call {
        Call::Suspend => screen.suspend().map(drop),
        // The watcher may be giving the terminal back for good at this moment.
        Call::Resume if watch.is_ending() => Ok(()),
        Call::Resume => screen.resume().map(drop),
        Call::Measure => {
            screen.measure();
            Ok(())
        }
        Call::Copy(text) => copy(screen, text),
        Call::Saving(is_saving) => {
            watch.set_saving(is_saving);
            Ok(())
        }
    }
}

/// OSC 52: the terminal puts the text on its clipboard; through tmux and SSH too, where they let it.
fn copy(screen: &mut Screen, text: &str) -> io::Result<()> {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use io::Write;
    write!(screen, "\x1b]52;c;{}\x07", STANDARD.encode(text))
}

/// The size of what is drawn to.
fn size_of<B: Backend>(backend: &B) -> Result<model::Size, B::Error> {
    let size = backend.size()?;
    Ok(model::Size { columns: size.width, rows: size.height })
}
