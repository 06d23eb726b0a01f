//! The built binary without a screen: exact output, exit codes and requests.

mod configuration;
mod editor;
mod failures;
mod get;
mod history;
mod login;
mod many;
mod network;
mod pages;
mod profiles;
mod secrets;
mod set;
mod status;
mod terminal;
mod tokens;

use crate::support::cli as support;
