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
    ("save", &["settings"]),
    ("api", &["private", "save", "settings", "visible"]),
    ("agents", &["api", "private", "settings", "terminal", "visible"]),
    ("journal", &["agents", "private", "save", "settings", "visible"]),
    ("words", &["agents", "api", "save", "settings"]),
    ("terminal", &[]),
    ("cli", &["settings", "visible"]),
    ("demo", &[]),
    (
        "commands",
        &[
            "agents", "api", "cli", "clock", "journal", "private", "save", "settings", "terminal", "visible",
            "words",
        ],
    ),
    ("editor", &["agents", "api", "clock", "journal", "save", "settings", "terminal", "visible", "words"]),
];

/// Libraries, and the only places that may name them: the place `terminal` is `terminal.rs` and all files in `terminal/`.
const LIBRARIES: &[(&[&str], &[&str])] = &[
    (&["reqwest", "rustls"], &["api"]),
    (&["ratatui", "crossterm"], &["terminal", "editor/view"]),
    (&["signal_hook"], &["terminal/signals"]),
    (&["tui_input"], &["editor"]),
    (&["hyper", "hyper_util", "http_body_util"], &["demo"]),
];

/// Whether a source belongs to the editor's pure core, which does no input and no output.
fn is_core(path: &str) -> bool {
    let places = ["editor/model", "editor/message", "editor/update", "editor/keymap", "editor/pages"];
    is_in(path, &places) || path == "terminal/key.rs"
}

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
fn each_library_is_named_in_its_place_alone() {
    for source in sources() {
        for (libraries, places) in LIBRARIES.iter().filter(|(_, places)| !is_in(&source.path, places)) {
            for library in *libraries {
                let is_named = source.text.contains(&format!("{library}::"));
                assert!(!is_named, "{} names {library}, which belongs to {places:?}", source.path);
            }
        }
    }
}

/// Whether a source is the file of one of these places, or stands in the place's folder.
fn is_in(path: &str, places: &[&str]) -> bool {
    places.iter().any(|place| path.strip_prefix(place).is_some_and(|rest| rest.starts_with(['.', '/'])))
}

#[test]
fn the_editors_core_knows_the_key_and_nothing_else_of_the_terminal() {
    let core = sources().into_iter().filter(|source| is_core(&source.path));
    for source in core {
        let names = source.text.matches("terminal::").count();
        let keys = source.text.matches("terminal::Key").count();
        assert_eq!(names, keys, "{} names more of the terminal than the key", source.path);
    }
}

#[test]
fn only_two_files_of_the_api_name_reqwest() {
    let naming: BTreeSet<_> = sources()
        .into_iter()
        .filter(|source| source.text.contains("reqwest::"))
        .map(|source| source.path)
        .collect();
    assert_eq!(naming, BTreeSet::from(["api/client.rs".to_owned(), "api/failure.rs".to_owned()]));
}

#[test]
fn the_editors_core_names_no_terminal_no_clock_and_no_file() {
    let core: Vec<_> = sources().into_iter().filter(|source| is_core(&source.path)).collect();
    assert!(core.len() >= 13);
    for source in core {
        for name in IMPURE {
            assert!(!source.text.contains(name), "{} names {name}", source.path);
        }
    }
}

#[test]
fn the_heart_has_no_clock_and_no_socket() {
    let is_heart = |source: &&Source| source.room == "settings" || source.room == "save";
    let heart = sources();
    // The value of a header that is a date is compared with a time that the caller gives.
    let is_header = |path: &str, name: &str| path == "save/retry_after.rs" && name == "SystemTime";
    for source in heart.iter().filter(is_heart) {
        for name in IMPURE.iter().filter(|name| !is_header(&source.path, name)) {
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
    assert!(["terminal.rs", "terminal/line.rs"].iter().all(|path| is_in(path, &["terminal"])));
    assert!(!is_in("terminals.rs", &["terminal"]) && !is_in("editor/view.rs", &["terminal", "editor/vie"]));
    assert_eq!(code("// crate::demo\nlet a = 1;\n#[cfg(test)]\nuse crate::demo;"), "let a = 1;");
}
