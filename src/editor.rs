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

use ratatui::Terminal;
use ratatui::backend::Backend;
use tokio::sync::mpsc::unbounded_channel;

use self::message::Message;
use self::model::{RequestId, Session, Target};
use self::view::theme::Theme;
use crate::api::RequestLog;
use crate::api::credentials::BaseUrl;
use crate::api::retry::Timing;
use crate::history::Recorder;
use crate::profile::Profile;
use crate::terminal::backend::{self, Screen};
use crate::terminal::reader::{self, Input};
use crate::terminal::watcher::{Notice, Signals, Watch};

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
    Opened(RequestId, Result<Box<Profile>, String>),
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
    pub recorder: Option<Recorder>,
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
        backend::leave_before_panic_reports();
        let (to, happenings) = unbounded_channel();
        let watch = self.signals.watch(to.clone())?;
        let mut terminal = Terminal::new(Screen::enter()?)?;
        reader::start(to.clone())?;
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
