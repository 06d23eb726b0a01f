//! What tests share.

pub mod desk;
pub mod pty;
pub mod seat;
