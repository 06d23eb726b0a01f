//! The built binary without a screen: exact output, exit codes and requests.

mod busy;
mod completions;
mod configuration;
mod demo;
mod editor;
mod examples;
mod failures;
mod first_start;
mod get;
mod help_texts;
mod helper;
mod history;
mod login;
mod look;
mod many;
mod misplaced;
mod network;
mod pages;
mod pass;
mod profiles;
mod request_log;
mod scripts;
mod secrets;
mod serve;
mod set;
mod set_all;
mod set_from;
mod signals;
mod status;
mod stopped_login;
mod terminal;
mod token_shapes;
mod tokens;
mod turns;
mod undo;

use crate::support::cli as support;
