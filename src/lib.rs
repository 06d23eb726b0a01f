//! A terminal editor for one settings page of Quickchat AI: Conversation Rating.
//!
//! # The rooms
//!
//! | room | what it is | whom it knows |
//! |---|---|---|
//! | [`visible`] | text from outside made safe to show | nobody |
//! | [`private`] | files that are only their owner's | nobody |
//! | [`clock`] | the local time | nobody |
//! | [`settings`] | what is edited: settings, draft, merge, patch | `visible` |
//! | [`api`] | the one resource over HTTPS, and the save | `settings`, and those below |
//! | [`agents`] | whose token, and the one way to an open connection | `api`, and those below |
//! | [`history`] | the record of saves | `settings`, and those below |
//! | [`saving`] | a save with its record | `api`, `agents`, `history` |
//! | [`exit`] | what went wrong, as exit codes | `api`, `agents` |
//! | [`cli`] | the command line as types | `settings` |
//! | [`demo`] | the demo server: the same API on 127.0.0.1, written a second time | nobody |
//! | [`commands`] | the product without a screen | all of these; `demo` only in `serve` |
//! | [`editor`] | the product on a screen | those below `exit` |
//!
//! `commands` and `editor` do not know each other; [`run`] knows them all. A test reads the sources and holds these
//! lines, and that only `api` names reqwest, only `editor` ratatui and crossterm, only `demo` the server library.
//!
//! # How a save goes
//!
//! ```text
//! draft ─ Intent ─► Save: read ─ merge ─► PATCH what differs ─► compare the answer ─► Outcome
//!                     ▲                        │ in doubt
//!                     └──── Conflict ◄──── read again, up to three times
//! ```
//!
//! [`api::save`] has the whole of it, as a value without clock or socket that the editor and `set` both drive.

pub mod agents;
pub mod api;
pub mod cli;
pub mod clock;
pub mod commands;
pub mod demo;
pub mod editor;
pub mod exit;
pub mod history;
pub mod private;
mod run;
pub mod saving;
pub mod settings;
pub mod visible;

pub use run::run;
