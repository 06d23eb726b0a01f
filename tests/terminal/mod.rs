//! The terminal side of the editor's shell, in real pseudo-terminals: keys, leaving, losing the terminal, suspension.

mod keys;
mod leaving;
mod losing;
mod probe;
mod suspending;
