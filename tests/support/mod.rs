//! What tests share.

pub mod cli;
pub mod configuration;
pub mod desk;
pub mod pty;
pub mod seat;
