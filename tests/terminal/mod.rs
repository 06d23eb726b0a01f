//! The terminal side of the editor, in real pseudo-terminals.
//!
//! `probe` and the files that use it (`keys`, `leaving`, `losing`, `suspending`) show the shell's parts by themselves;
//! all others run the built binary, mostly against a server in the test's process (`host`).

mod bad_input;
mod editing;
mod bytes;
mod host;
mod hostile;
mod keys;
mod leaving;
mod losing;
mod probe;
mod screens;
mod suspending;
pub mod ways_out;
