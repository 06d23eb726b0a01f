//! `completions`: static ones, from the definitions of the command line.

use super::console::Console;
use crate::cli::{Shell, definitions};

/// Prints the completions for `shell`.
pub fn completions(shell: Shell, console: &mut Console<'_>) {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut definitions(), "convrating", &mut script);
    console.write(&script);
}
