//! A test that needs a program that is missing says so, and `.ci/run` installs all of them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::support::programs::require_in;

/// The variable that makes [`a_test_that_needs_a_missing_program`] ask for it.
const SWITCH: &str = "CONVRATING_TEST_MISSING_PROGRAM";

/// What tests may start without asking for it: the shell, and programs of the coreutils.
const EVERYWHERE: &[&str] = &["/bin/sh", "id"];

#[test]
fn a_test_that_needs_a_missing_program() {
    if std::env::var_os(SWITCH).is_some() {
        assert_eq!(require_in([], "tmux"), None);
    }
}

/// Runs that test in a process of its own, as `cargo test` does: its output is captured.
fn run_in_process(ci: Option<&str>) -> Output {
    let mut command = Command::new(std::env::current_exe().expect("this binary"));
    command.args(["docs::programs::a_test_that_needs_a_missing_program", "--exact"]).env(SWITCH, "1");
    command.env_remove("CI").envs(ci.map(|ci| ("CI", ci)));
    command.output().expect("a second process")
}

#[test]
fn a_missing_program_is_named_as_skipped_although_output_is_captured() {
    for ci in [None, Some(""), Some("false")] {
        let ended = run_in_process(ci);
        assert!(ended.status.success(), "{ended:?}");
        assert_eq!(
            String::from_utf8_lossy(&ended.stderr),
            "skipped: docs::programs::a_test_that_needs_a_missing_program needs tmux, which is not installed\n"
        );
    }
}

#[test]
fn a_missing_program_is_a_failure_where_ci_is_true() {
    let ended = run_in_process(Some("true"));
    let words = String::from_utf8_lossy(&ended.stdout);
    assert!(!ended.status.success() && words.contains("tmux is not installed"), "{ended:?}");
    assert!(words.contains("1 failed"), "{words}");
}

#[test]
fn a_program_that_is_there_is_found() {
    let folders = ["/nowhere", "/bin"].map(PathBuf::from);
    assert_eq!(require_in(folders, "sh"), Some("/bin/sh".into()));
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The texts of all files in this folder and the folders in it.
fn texts(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let rust = files.iter().filter(|file| file.extension().is_some_and(|ending| ending == "rs"));
    let own = rust.map(|file| fs::read_to_string(file).expect("a source"));
    own.chain(folders.iter().flat_map(|folder| texts(folder))).collect()
}

/// What stands behind each place where this function is called, up to the end of the line.
fn calls<'a>(texts: &'a [String], function: &'a str) -> impl Iterator<Item = &'a str> {
    let lines = texts.iter().flat_map(|text| text.lines());
    let code = lines.filter(|line| !line.trim_start().starts_with("//"));
    let places =
        code.flat_map(move |line| line.match_indices(function).map(move |(at, _)| line.split_at(at)));
    let calls = places.filter(|(before, _)| !before.ends_with("fn "));
    calls.map(move |(_, call)| &call[function.len()..])
}

/// The text in quotes that this begins with.
fn literal(text: &str) -> Option<&str> {
    text.strip_prefix('"')?.split('"').next()
}

/// The words of a list in `.ci/run`.
fn list_in_ci(name: &str) -> BTreeSet<String> {
    let script = fs::read_to_string(root().join(".ci/run")).expect("a CI script");
    let mut values = script.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix('='));
    let value = values.next().expect("a list");
    assert_eq!(values.next(), None, "one list of {name}");
    value.trim_matches('"').split_whitespace().map(str::to_owned).collect()
}

#[test]
fn ci_installs_exactly_the_programs_that_tests_ask_for() {
    let texts = texts(&root().join("tests"));
    // In two parts, so that this line is no call.
    let asked = calls(&texts, concat!("require", "("));
    let asked = asked.map(|call| literal(call).unwrap_or_else(|| panic!("not a name in quotes: {call}")));
    let asked: BTreeSet<_> = asked.map(str::to_owned).collect();
    assert!(!asked.is_empty(), "the calls are found");
    assert_eq!(list_in_ci("programs"), asked);
}

#[test]
fn no_test_starts_a_program_by_a_name_that_it_did_not_ask_for() {
    for folder in ["tests", "benches"] {
        let texts = texts(&root().join(folder));
        for function in [concat!("Command::", "new("), concat!("Builder::", "command(Path::new(")] {
            for name in calls(&texts, function).filter_map(literal) {
                assert!(EVERYWHERE.contains(&name), "{name}: ask for it with support::programs");
            }
        }
    }
}
