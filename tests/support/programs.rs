//! Programs that some tests run and that a machine may not have, as tmux.
//!
//! A test asks for such a program with [`require`]. Where the program is missing, the test says so and ends without a failure.
//! Where the variable `CI` is `true`, the test fails: there `.ci/run` has installed every program that a test asks for, and
//! `docs::programs` compares the two. Only `/bin/sh` and the coreutils need not be asked for.

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::thread;

/// Where this program is. `None`, after saying so, where it is missing: the test has to return then.
///
/// # Panics
/// Where the program is missing and `CI` is `true`.
pub fn require(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    // Debian's nginx and sshd stand where only root's PATH leads.
    require_in(std::env::split_paths(&path).chain([PathBuf::from("/usr/sbin")]), program)
}

/// The same, where the program can only be in these folders.
pub fn require_in(folders: impl IntoIterator<Item = PathBuf>, program: &str) -> Option<PathBuf> {
    let found = folders.into_iter().map(|folder| folder.join(program)).find(|file| file.is_file());
    if found.is_none() {
        report_missing(program);
    }
    found
}

/// Writes to the stream itself: what `eprintln!` prints is captured by the test harness and never seen if the test passes
/// (<https://doc.rust-lang.org/book/ch11-02-running-tests.html#showing-function-output>).
fn report_missing(program: &str) {
    let is_ci = std::env::var_os("CI").is_some_and(|value| value == "true");
    assert!(
        !is_ci,
        "{program} is not installed, and where CI=true every program that a test needs has to be"
    );
    let thread = thread::current();
    let test = thread.name().unwrap_or("a test");
    let line = format!("skipped: {test} needs {program}, which is not installed\n");
    io::stderr().write_all(line.as_bytes()).expect("stderr can be written to");
}
