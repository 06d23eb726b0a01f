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
//! | [`profile`] | whom we talk to, with which token | `api`, and those below |
//! | [`history`] | the record of saves | `settings`, and those below |
//! | [`saving`] | a save with its record | `api`, `profile`, `history` |
//! | [`exit`] | what went wrong, as exit codes | `api`, `profile` |
//! | [`terminal`] | a quiet terminal: keys in, frames out, signals; it knows no product | no other room |
//! | [`cli`] | the command line as types | `settings` |
//! | [`demo`] | the demo server: the same API on 127.0.0.1, written a second time | nobody |
//! | [`commands`] | the product without a screen | all of these; `demo` only in `serve` |
//! | [`editor`] | the product on a screen | those below `exit` |
//!
//! `commands` and `editor` do not know each other; [`run`] knows them all. A test reads the sources and holds these
//! lines, and that only `api` names reqwest, only `terminal` and `editor::view` ratatui and crossterm, only `terminal`
//! signal-hook, only `demo` the server library.
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

pub mod api;
pub mod cli;
pub mod clock;
pub mod commands;
pub mod demo;
pub mod editor;

pub mod journal;
pub mod private;
pub mod profile;
mod run;
pub mod save;
pub mod settings;
pub mod terminal;
pub mod visible;
pub mod words;

pub use run::run;
