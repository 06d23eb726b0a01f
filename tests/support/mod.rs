//! What tests share.

pub mod cli;
pub mod closed_port;
pub mod configuration;
pub mod desk;
pub mod programs;
pub mod pty;
pub mod seat;
