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

mod clock;
mod happening;
pub mod keymap;
pub mod message;
pub mod model;
mod pages;
mod recall;
mod renewal;
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
pub use renewal::Renewed;
pub(crate) use setup::DemoStarter;
pub use setup::{Ending, First, Setup};
pub use shell::run_loop;

/// Runs the editor on the terminal until it ends. When this returns, the terminal is as it was before.
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
