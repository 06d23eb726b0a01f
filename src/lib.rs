//! A terminal editor for one settings page of Quickchat AI: Conversation Rating.
//!
//! # The rooms
//!
//! A room uses only rooms that stand above it in this table.
//!
//! | room | what it is |
//! |---|---|
//! | [`visible`] | text from outside made safe to show |
//! | [`private`] | files that only their owner can read |
//! | [`clock`] | the local time |
//! | [`settings`] | the heart, 1: the table of switches, the draft, the three-way merge, the body of a PATCH |
//! | [`save`] | the heart, 2: a save as a value that steps on events |
//! | [`api`] | the client of the one resource over HTTPS, and the driver of a save |
//! | [`terminal`] | a quiet terminal: keys in, frames out, signals, and its loan to a helper program; it knows no product |
//! | [`agents`] | whose token, and the one way to an open connection |
//! | [`journal`] | the history of saves |
//! | [`words`] | what is said of a failure or an outcome, and the exit codes |
//! | [`cli`] | the command line as types |
//! | [`commands`] | the product without a screen |
//! | [`editor`] | the product on a screen, and line by line |
//! | [`demo`] | the demo server: the same API on 127.0.0.1, written a second time |
//!
//! `commands`, `editor` and `demo` do not know each other: [`run`] knows them all, and `serve` starts the demo. A test
//! reads the sources and holds these lines. It also holds which library each room may name: only `api` names reqwest,
//! only `terminal` and `editor::view` ratatui and crossterm, only `demo` the server library.
//!
//! # How a save goes
//!
//! ```text
//! draft ─ Intent ─► Save: read ─ merge ─► PATCH what differs ─► compare the answer ─► Outcome
//!                     ▲                        │ in doubt
//!                     └──── Conflict ◄──── read again, up to three times
//! ```
//!
//! [`save`] has the whole of it; the editor, `set` and `undo` drive it with [`api::drive`].

pub mod agents;
pub mod api;
pub mod cli;
pub mod clock;
pub mod commands;
pub mod demo;
pub mod editor;

pub mod journal;
pub mod private;
mod run;
pub mod save;
pub mod settings;
pub mod terminal;
pub mod visible;
pub mod words;

pub use run::{install_panic_report, print_report, run};
