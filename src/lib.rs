//! A terminal editor for one settings page of Quickchat AI: Conversation Rating.

pub mod api;
pub mod cli;
pub mod commands;
pub mod demo;
pub mod editor;
pub mod exit;
pub mod history;
pub mod private;
pub mod profile;
mod run;
pub mod settings;
pub mod visible;

pub use run::run;
