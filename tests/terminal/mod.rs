//! The terminal side of the editor, in real pseudo-terminals.
//!
//! `probe` and the files that use it (`keys`, `leaving`, `losing`, `suspending`) show the shell's parts by themselves;
//! all others run the built binary, mostly against a server in the test's process (`host`).

mod bad_input;
mod budgets;
mod bytes;
mod copying;
mod editing;
mod elsewhere;
mod host;
mod hostile;
mod jobs;
mod keys;
mod leaving;
mod looks;
mod losing;
mod panic_anywhere;
mod panicking;
mod plain;
mod probe;
mod screens;
mod signals;
mod stalling;
pub(crate) mod static_binary;
mod suspending;
mod tmux_buffer;
mod typed_command;
mod typing;
pub mod ways_out;
mod wide_budgets;
