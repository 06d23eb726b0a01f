//! The editor: a core without input and output, and a shell around it that has both.
//!
//! ```text
//!  key ─► keymap::resolve(&Model, key) ─► Action ─► Message ─► Model::update(Message) ─► [Effect]
//!                                                    ▲              │                      │
//!                                   view::render(&Model, &Theme) ◄──┘                      ▼
//!                                                    └───────── tasks (Client, time, clipboard)
//! ```
//!
//! `model` and `update` use no terminal, no runtime, no clock and nothing of `view`. The loop draws one frame for each batch of
//! happenings, and nothing while nothing happens. The first frame is on screen before the first request is made.
//!
//! The loop shows the model to a face (`face.rs`). There are two: a screen of cells, and [`plain`], which goes line by line.

mod clock;
mod face;
mod frames;
mod happening;
pub mod keymap;
pub mod message;
pub mod model;
mod pages;
pub mod plain;
mod recall;
mod renewal;
mod screen;
mod setup;
mod shell;
mod survey;
mod tasks;
mod update;
pub mod view;

use std::io;

use tokio::sync::mpsc::unbounded_channel;

use crate::terminal::{LineOutput, PreparedTerminal, TerminalBackend, TerminalCommand};

pub use happening::Happening;
pub use renewal::Renewed;
pub use screen::run_loop;
pub(crate) use setup::DemoStarter;
pub use setup::{Ending, First, Setup};

/// Runs the editor line by line, on the terminal or between two pipes, until it ends.
///
/// # Errors
/// The terminal cannot be used, or standard output cannot be written.
pub async fn run_plain(terminal: PreparedTerminal, setup: Setup) -> io::Result<Ending> {
    let (to, happenings) = unbounded_channel();
    let mut terminal = terminal.open_lines(&to)?;
    plain::run_lines(LineOutput, to, happenings, setup, |command| terminal.perform(command)).await
}

/// Runs the editor on the terminal until it ends. When this returns, the terminal is as it was before.
///
/// # Errors
/// The terminal cannot be entered, or a frame cannot be written.
pub async fn run(terminal: PreparedTerminal, setup: Setup) -> io::Result<Ending> {
    let (to, happenings) = unbounded_channel();
    let (mut backend, watcher) = terminal.open(&to)?;
    let perform =
        |backend: &mut TerminalBackend, command: TerminalCommand<'_>| command.perform(backend, &watcher);
    run_loop(&mut backend, to, happenings, setup, perform).await
}
