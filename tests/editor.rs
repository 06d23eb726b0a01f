//! The editor without a terminal: what it shows, what it does, what it never does.

mod keys;
mod profiles;
mod screens;
mod update;
mod whole;
