//! `completions`: what switches the completions of a shell on.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use super::console::Console;
use crate::cli::{Shell, render_script};

/// Prints what `shell` has to run at its start. `program` is this program's name as the user typed it.
pub fn completions(shell: Shell, program: &OsStr, console: &mut Console<'_>) {
    console.write(&render_script(shell, &find_again(program)));
}

/// The program as another directory finds it: by its name alone, else by the whole path.
fn find_again(program: &OsStr) -> OsString {
    let has_folder = Path::new(program).components().count() > 1;
    match std::path::absolute(program) {
        Ok(path) if has_folder => path.into(),
        _ => program.to_owned(),
    }
}
