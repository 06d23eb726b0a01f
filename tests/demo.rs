//! The demo server over TCP, spoken to in raw bytes: what the other tests rely on.

#![expect(clippy::expect_used, reason = "a helper that fails is a test that fails")]

mod bench;
mod contract;
mod faults;
mod hooks;
mod limits;
mod tokens;
