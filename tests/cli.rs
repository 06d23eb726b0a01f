//! The built binary without a screen: exact output, exit codes and requests.

#![expect(clippy::expect_used, reason = "a helper that fails is a test that fails")]

mod configuration;
mod failures;
mod get;
mod history;
mod login;
mod many;
mod pages;
mod secrets;
mod set;
mod status;
#[path = "support/cli.rs"]
mod support;
mod terminal;
mod tokens;
