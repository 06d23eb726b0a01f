//! The binary: hooks, parse, run, exit code.

fn main() {}
