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
mod happening;
pub mod keymap;
pub mod message;
pub mod model;
mod pages;
mod setup;
mod shell;
mod survey;
mod tasks;
mod update;
pub mod view;

use std::io;

use tokio::sync::mpsc::unbounded_channel;

use crate::terminal::{PreparedTerminal, TerminalBackend, TerminalCommand};

pub use happening::Happening;
pub use setup::{DemoStarter, Ending, First, Setup};
pub use shell::run_loop;

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
