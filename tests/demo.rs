//! The demo server over TCP, spoken to in raw bytes: what the other tests rely on.

mod bench;
mod contract;
mod faults;
mod hooks;
mod limits;
mod tokens;
