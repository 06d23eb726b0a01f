//! What tests share.

pub mod certificates;
pub mod cli;
pub mod closed_port;
pub mod configuration;
pub mod editor_harness;
pub mod gallery;
pub mod model_harness;
pub mod plain_harness;
pub mod programs;
pub mod pty;
pub mod styled_screen;
