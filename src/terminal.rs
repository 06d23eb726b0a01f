//! The terminal: keys in, frames out, and the end of both. This room knows no product.

pub mod backend;
mod cells;
pub mod key;
mod line;
mod parser;
pub mod reader;
mod sequence;
pub mod watcher;
