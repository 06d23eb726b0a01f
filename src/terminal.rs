//! The terminal: keys come in, frames go out, and the program leaves it as it was. This room knows no product.
//!
//! ```text
//!  PreparedTerminal::prepare   the signals are registered, before any thread starts
//!          │ open
//!          ├─► watcher thread: signals, hang-up ──► TerminalEvent ─┐
//!          ├─► reader thread:  keys ──────────────► TerminalInput ─┴─► the loop's channel
//!          └─► TerminalBackend ◄── Painter ◄── pictures and TerminalCommand ── the loop
//! ```
//!
//! | file | what it holds |
//! |---|---|
//! | `key` | one press of a key |
//! | `parser`, `sequence` | bytes to keys |
//! | `reader`, `batch`, `burst`, `pause` | the thread that reads keys, how it tells pasted text from typed keys, and how it pauses |
//! | `painter` | what of a frame has changed |
//! | `backend`, `cells`, `pen` | frames to bytes |
//! | `line` | the line discipline, the terminal's size, and giving both back |
//! | `line_terminal`, `lines` | a terminal, or two pipes, read and written line by line |
//! | `command` | what a loop asks of the terminal besides drawing |
//! | `watcher`, `signals` | signals and hang-ups; `signals` is the only file that registers handlers |
//! | `controlling` | the controlling terminal: its owner, its path, its modes |
//! | `foreground`, `loan` | a helper program that owns the terminal while it runs |
//! | `tmux` | the buffer of the tmux that the program runs in |
//! | `children` | programs that run in the background: none outlives this one |
//! | `echo` | a terminal without echo, for a hidden question on the command line |
//! | `answer` | a question on the command line that is answered with a line |
//!
//! Nothing is asked of the terminal (its colours, its cursor, its keyboard protocol): over a slow line an answer can
//! come after the program has ended, and the shell would read it as typed text.

mod answer;
mod backend;
mod batch;
mod burst;
mod cells;
mod children;
mod command;
mod controlling;
mod echo;
mod foreground;
mod key;
mod line;
mod line_terminal;
mod lines;
mod loan;
mod painter;
mod parser;
mod pause;
mod pen;
mod reader;
mod sequence;
pub(crate) mod signals;
mod tmux;
mod watcher;

use std::io;

use rustix::stdio::stdin;
use tokio::sync::mpsc::UnboundedSender;

pub(crate) use answer::{AnswerSource, read_answer};
pub use backend::TerminalBackend;
pub(crate) use children::ChildGroup;
pub use command::TerminalCommand;
pub(crate) use controlling::ControllingTerminal;
pub(crate) use echo::{EchoGuard, TypedInput};
pub(crate) use foreground::{ForegroundJob, JobOutput};
pub use key::Key;
pub(crate) use line::{close, wait_if_closed};
pub use line_terminal::{LineCommand, LineOutput, LineTerminal};
pub use lines::LineInput;
use lines::LineReader;
pub use painter::{Painter, Picture};
pub(crate) use ratatui::backend::Backend;
pub use reader::TerminalInput;
pub use tmux::TmuxError;
pub(crate) use tmux::load_tmux_buffer;
pub(crate) use watcher::end_process;
pub use watcher::{TerminalEvent, WatcherHandle};
use watcher::{TerminalUse, Watcher};

/// True if this process is in the foreground of its terminal: a helper program can own that terminal for a while.
pub(crate) fn is_in_foreground() -> bool {
    ControllingTerminal::open_in_foreground().is_some()
}

/// True if this process has to wait for the terminal, because another job owns it, and if it may write to the terminal meanwhile.
pub(crate) fn has_to_wait() -> bool {
    line::is_background(stdin()) && !line::stops_writers()
}

/// The terminal before it is opened: the signals are registered, and nothing else has changed yet.
#[derive(Debug)]
pub struct PreparedTerminal {
    watcher: Watcher,
}

impl PreparedTerminal {
    /// Registers the signals. The caller must do this before it starts a thread.
    ///
    /// # Errors
    /// The system gives no socket or no signal handler.
    pub fn prepare() -> io::Result<Self> {
        Ok(Self { watcher: Watcher::register()? })
    }

    /// Waits for a signal that asks for the end, and returns its exit code. The caller races its own work with this, for as
    /// long as the terminal is not opened.
    ///
    /// # Errors
    /// The system gives no second descriptor.
    pub(crate) async fn wait_for_end(&mut self) -> io::Result<u8> {
        self.watcher.wait_for_end().await
    }

    /// Starts the watcher, enters the terminal and starts the reader. Both threads send to `to`.
    ///
    /// Standard input and output must be a terminal. Dropping what is returned leaves the terminal as it was before. A process in the
    /// background stops first, until the shell's `fg`; if it is asked to end before that, the terminal is not entered.
    ///
    /// # Errors
    /// The system gives no thread, the terminal's line discipline cannot be read or set, or another job keeps the terminal.
    pub fn open<M>(self, to: &UnboundedSender<M>) -> io::Result<(TerminalBackend, WatcherHandle)>
    where
        M: From<TerminalInput> + From<TerminalEvent> + Send + 'static,
    {
        let watcher = self.watcher.start(to.clone(), TerminalUse::Screen)?;
        if !line::wait_for_foreground(stdin(), || watcher.is_ending())? {
            return Ok((TerminalBackend::stay_outside(), watcher));
        }
        let mut backend = TerminalBackend::enter()?;
        backend.read_with(reader::start(to.clone())?);
        Ok((backend, watcher))
    }

    /// Starts the watcher and the thread that reads lines. Both send to `to`. The terminal stays as it is, and standard input and
    /// output may be pipes. SIGINT is [`TerminalEvent::Interrupted`] from now on.
    ///
    /// # Errors
    /// The system gives no thread or no socket.
    pub fn open_lines<M>(self, to: &UnboundedSender<M>) -> io::Result<LineTerminal>
    where
        M: From<LineInput> + From<TerminalEvent> + Send + 'static,
    {
        let watcher = self.watcher.start(to.clone(), TerminalUse::Lines)?;
        Ok(LineTerminal::new(LineReader::start(to.clone())?, watcher))
    }
}
