//! What tests share.

pub mod cli;
pub mod desk;
pub mod pty;
pub mod seat;
