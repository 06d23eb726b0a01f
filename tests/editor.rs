//! The editor without a terminal: what it shows, what it does, what it never does.

mod keys;
mod screens;
mod update;
mod whole;
