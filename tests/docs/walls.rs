//! The rooms know whom they may know: read from the sources.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Each room and the rooms that it may name.
const ROOMS: &[(&str, &[&str])] = &[
    ("visible", &[]),
    ("private", &[]),
    ("clock", &[]),
    ("settings", &["visible"]),
    ("api", &["private", "settings", "visible"]),
    ("agents", &["api", "private", "settings", "visible"]),
    ("history", &["private", "settings", "visible"]),
    ("saving", &["agents", "api", "history"]),
    ("exit", &["agents", "api"]),
    ("cli", &["settings", "visible"]),
    ("demo", &[]),
    (
        "commands",
        &["agents", "api", "cli", "clock", "exit", "history", "private", "saving", "settings", "visible"],
    ),
    ("editor", &["agents", "api", "clock", "history", "saving", "settings", "visible"]),
];

/// Libraries that one room alone may name.
const LIBRARIES: &[(&str, &[&str])] = &[
    ("api", &["reqwest", "rustls"]),
    ("editor", &["ratatui", "crossterm", "tui_input"]),
    ("demo", &["hyper", "hyper_util", "http_body_util"]),
];

/// What the editor's pure core may not name.
const IMPURE: &[&str] = &[
    "ratatui",
    "crossterm",
    "tokio",
    "reqwest",
    "std::env",
    "std::fs",
    "std::io",
    "std::net",
    "std::process",
    "std::thread",
    "Instant",
    "SystemTime",
    "::now()",
];

/// The one place outside the room of `demo` and the top that may name the demo.
const SERVE: &str = "commands/serve.rs";

struct Source {
    path: String,
    room: String,
    text: String,
}

/// The sources without comments and tests, each with its room.
fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    let source = |file: PathBuf| {
        let path = file.strip_prefix(&root).expect("below src").to_string_lossy().into_owned();
        let name = path.split(['/', '.']).next().unwrap_or_default().to_owned();
        let text = fs::read_to_string(&file).expect("a source");
        Source { path, room: name, text: code(&text) }
    };
    let sources: Vec<_> =
        files.into_iter().map(source).filter(|source| !source.path.contains("tests")).collect();
    assert!(sources.len() > 50, "the sources are found");
    sources
}

fn collect(directory: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.push(path);
        }
    }
}

/// A file's code: without comment lines, and without its tests, which stand at its end.
fn code(text: &str) -> String {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The names behind `crate::` in a source, those of a list in braces included.
fn named_rooms(text: &str) -> BTreeSet<String> {
    let words = text.split("crate::").skip(1);
    let heads = words.flat_map(|rest| match rest.strip_prefix('{') {
        Some(list) => heads_of_list(list),
        None => vec![rest],
    });
    let word = |head: &str| head.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    heads.map(word).filter(|name| !name.is_empty()).collect()
}

/// What stands in a list before its closing brace, split at the commas that are in no list within it.
fn heads_of_list(list: &str) -> Vec<&str> {
    let (mut depth, mut start, mut heads) = (0, 0, Vec::new());
    for (at, letter) in list.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' if depth > 0 => {}
            ',' | '}' => {
                heads.push(list[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
        if letter == '}' && depth == 0 && start == at + 1 {
            break;
        }
    }
    heads
}

#[test]
fn each_room_names_only_rooms_that_it_may_know() {
    let known: BTreeSet<_> = ROOMS.iter().map(|(room, _)| *room).collect();
    for source in sources() {
        let Some((_, allowed)) = ROOMS.iter().find(|(room, _)| *room == source.room) else {
            assert!(
                ["lib", "main", "run"].contains(&source.room.as_str()),
                "a room without a line: {}",
                source.path
            );
            continue;
        };
        for name in named_rooms(&source.text).iter().filter(|name| known.contains(name.as_str())) {
            let is_serve = name == "demo" && source.path == SERVE;
            let may = name == &source.room || allowed.contains(&name.as_str()) || is_serve;
            assert!(may, "{} names {name}", source.path);
        }
    }
}

#[test]
fn each_library_is_named_in_its_room_alone() {
    for source in sources() {
        for (room, libraries) in LIBRARIES.iter().filter(|(room, _)| *room != source.room) {
            for library in *libraries {
                let is_named = source.text.contains(&format!("{library}::"));
                assert!(!is_named, "{} names {library}, which belongs to {room}", source.path);
            }
        }
    }
}

#[test]
fn only_two_files_of_the_api_name_reqwest() {
    let naming: BTreeSet<_> = sources()
        .into_iter()
        .filter(|source| source.text.contains("reqwest::"))
        .map(|source| source.path)
        .collect();
    assert_eq!(naming, BTreeSet::from(["api.rs".to_owned(), "api/failure.rs".to_owned()]));
}

#[test]
fn the_editors_core_names_no_terminal_no_clock_and_no_file() {
    let is_core = |path: &str| {
        ["editor/model.rs", "editor/message.rs", "editor/update.rs", "editor/keymap.rs", "editor/key.rs"]
            .contains(&path)
            || ["editor/update/", "editor/model/", "editor/pages"].iter().any(|start| path.starts_with(start))
    };
    let core: Vec<_> = sources().into_iter().filter(|source| is_core(&source.path)).collect();
    assert!(core.len() >= 13);
    for source in core {
        for name in IMPURE {
            assert!(!source.text.contains(name), "{} names {name}", source.path);
        }
    }
}

#[test]
fn the_save_has_no_clock_and_no_socket_but_in_its_driver() {
    for source in sources()
        .iter()
        .filter(|source| source.path.starts_with("api/save") && !source.path.ends_with("driver.rs"))
    {
        for name in IMPURE {
            assert!(!source.text.contains(name), "{} names {name}", source.path);
        }
    }
}

#[test]
fn a_wall_that_is_broken_is_seen() {
    let text =
        "use crate::{api::{A, b::{C}}, demo::Demo, exit};\nuse crate::settings::{Patch, X}; let a = (b, c);";
    let named = named_rooms(text);
    assert_eq!(named, ["api", "demo", "exit", "settings"].map(str::to_owned).into());
    assert_eq!(code("// crate::demo\nlet a = 1;\n#[cfg(test)]\nuse crate::demo;"), "let a = 1;");
}
