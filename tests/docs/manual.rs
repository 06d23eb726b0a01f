//! The manual page: its sections, its tables, and what mandoc finds wrong with it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use convrating::cli::{EXAMPLES, READ_MORE, VARIABLES};
use convrating::editor::keymap;
use convrating::words::EXITS;

use crate::support::cli::Home;
use crate::support::programs::require;

/// The source of the page.
fn page() -> String {
    let ran = Home::new().run(&["man"], &[]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    ran.stdout
}

/// What stands below this heading.
fn section(page: &str, title: &str) -> String {
    let rest = page.split_once(&format!(".SH {title}\n"));
    let (_, rest) = rest.unwrap_or_else(|| panic!("no {title} in {page}"));
    rest.split("\n.SH ").next().unwrap_or_default().to_owned()
}

/// The text of a source, on one line and without the escapes of roff.
fn plain(source: &str) -> String {
    let escapes = [("\\&", ""), ("\\-", "-"), ("\\(aq", "'"), ("\\(ti", "~"), ("\\fB", ""), ("\\fR", "")];
    let text = escapes.iter().fold(source.to_owned(), |text, (escape, letter)| text.replace(escape, letter));
    text.replace("\\e", "\\").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Fails unless the section has each of these rows, in this order.
#[track_caller]
fn assert_rows<'t>(title: &str, rows: impl Iterator<Item = (&'t str, &'t str)>) {
    let text = plain(&section(&page(), title));
    let expected: Vec<_> = rows.map(|(term, meaning)| format!(".TP {term} {meaning}")).collect();
    assert_eq!(text.trim(), expected.join(" "));
}

#[test]
fn its_tables_are_those_of_the_code() {
    assert_rows("KEYS", keymap::help());
    assert_rows("ENVIRONMENT", VARIABLES.iter().map(|row| (row.names, row.meaning)));
    let codes: Vec<_> = EXITS.iter().map(|row| (row.exit.code().to_string(), row.meaning)).collect();
    assert_rows("EXIT STATUS", codes.iter().map(|(code, meaning)| (code.as_str(), *meaning)));
}

#[test]
fn it_has_the_examples_the_files_a_date_and_where_to_read_more() {
    let page = page();
    let examples = plain(&section(&page, "EXAMPLES"));
    for example in EXAMPLES {
        let shown = format!("{}: .PP .in +4n .nf {} .fi", example.about, example.line);
        assert!(examples.contains(&shown), "{shown}\n{examples}");
    }
    let files = plain(&section(&page, "FILES"));
    for file in ["config.toml", "tokens/NAME", "history.jsonl", "locks/", "login.lock"] {
        assert!(files.contains(&format!("convrating/{file} ")), "{file}: {files}");
    }
    let title = page.lines().find(|line| line.starts_with(".TH ")).expect("a title");
    let version = concat!("\"convrating ", env!("CARGO_PKG_VERSION"), "\"");
    assert!(title.starts_with(".TH CONVRATING 1 20") && title.contains(version), "{title}");
    assert!(section(&page, "SEE ALSO").contains(&format!(".UR {READ_MORE}\n")));
}

#[test]
fn mandoc_finds_nothing_wrong_with_it() {
    let Some(mandoc) = require("mandoc") else { return };
    let home = Home::new();
    let file = home.write("convrating.1", 0o600, &page());
    let ended = Command::new(mandoc).args(["-T", "lint"]).arg(file).output().expect("mandoc runs");
    assert_eq!(String::from_utf8_lossy(&ended.stdout), "");
    assert!(ended.status.success(), "{ended:?}");
}

/// The files of the code that read the environment: what stands there in quotes and looks like a variable is one.
const READERS: [&str; 5] = [
    "agents/environment.rs",
    "agents/token_command/foreground.rs",
    "api/network.rs",
    "clock.rs",
    "run/editor.rs",
];

/// The names of variables in a file, without its tests.
fn variables_in(file: &str) -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(file);
    let text = fs::read_to_string(path).expect("a source");
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let quoted = code.split('"').skip(1).step_by(2);
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let is_variable = |word: &&str| {
        let is_upper = !word.contains(char::is_lowercase) && word.len() > 1;
        word.chars().all(is_letter) && (is_upper || word.ends_with("_proxy"))
    };
    quoted.filter(is_variable).map(str::to_owned).collect()
}

#[test]
fn the_table_of_variables_has_each_one_that_the_code_reads() {
    let read: BTreeSet<_> = READERS.iter().flat_map(|file| variables_in(file)).collect();
    let listed = VARIABLES.iter().flat_map(|row| row.names.split(", ")).map(str::to_owned);
    assert_eq!(listed.collect::<BTreeSet<_>>(), read);
}

#[test]
fn no_other_file_reads_a_variable() {
    // A name in quotes behind a call, or one of the process itself.
    let calls = [".raw(\"", ".text(\"", "env::var"];
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut found = BTreeSet::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                folders.push(entry);
                continue;
            }
            let text = fs::read_to_string(&entry).expect("a source");
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            if calls.iter().any(|call| code.contains(call)) {
                let path = entry.to_string_lossy().into_owned();
                found.insert(path.split("/src/").last().unwrap_or_default().to_owned());
            }
        }
    }
    assert!(found.len() >= 4, "the files are found: {found:?}");
    let strangers: Vec<_> = found.iter().filter(|file| !READERS.contains(&file.as_str())).collect();
    assert!(strangers.is_empty(), "{strangers:?}");
}
