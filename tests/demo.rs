//! The demo server over TCP, asked in raw bytes. The other tests rely on what these tests show.

mod agents;
mod bench;
mod contract;
mod faults;
mod hooks;
mod limits;
mod tokens;
