//! The walls of the house, held by reading the sources: which room and which file may use which other one.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::imports::{Imports, full_paths};

/// The rooms in their order: a room uses only rooms that stand before it.
const ROOMS: &[&str] = &[
    "visible", "private", "clock", "settings", "save", "api", "terminal", "agents", "journal", "words",
    "cli", "commands", "editor", "demo",
];

/// Rooms that use no other room.
const ALONE: &[&str] = &["visible", "private", "clock", "terminal", "demo"];

/// Rooms that do not know each other, although one stands before the other.
const STRANGERS: &[&str] = &["commands", "editor", "demo"];

/// What stands on top of the rooms and knows all of them.
const TOP: &[&str] = &["lib", "main", "run"];

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
    // The face itself writes; what is said and heard line by line is worked out beside it.
    is_in(path, &places) || path == "terminal/key.rs" || path.starts_with("editor/plain/")
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

/// A file below `src`.
pub(crate) struct Source {
    path: String,
    pub(crate) text: String,
}

/// The sources without comments and tests.
pub(crate) fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    let source = |file: PathBuf| {
        let path = file.strip_prefix(&root).expect("below src").to_string_lossy().into_owned();
        let text = fs::read_to_string(&file).expect("a source");
        Source { path, text: code(&text) }
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

/// Which file uses which.
fn imports(sources: &[Source]) -> Imports {
    let files = sources.iter().filter(|source| source.path != "main.rs");
    Imports::read(files.map(|source| (source.path.as_str(), source.text.as_str())).collect::<Vec<_>>())
}

/// The room of a file: `editor` for `editor.rs` and for `editor/view/form.rs`.
fn room_of(path: &str) -> &str {
    path.split(['/', '.']).next().unwrap_or_default()
}

/// Why `file` may not use `used`; `None` where it may.
fn refuse(file: &str, used: &str) -> Option<String> {
    let (room, other) = (room_of(file), room_of(used));
    let place = |room: &str| ROOMS.iter().position(|known| *known == room);
    let is_known = place(room).is_some() && place(other).is_some();
    let fault = match () {
        () if room == other || TOP.contains(&room) || file == SERVE && other == "demo" => return None,
        () if !is_known => "one of them has no place in the order of the rooms",
        () if ALONE.contains(&room) => "its room uses no other one",
        () if STRANGERS.contains(&room) && STRANGERS.contains(&other) => {
            "the two rooms do not know each other"
        }
        () if place(other) > place(room) => "the other room stands below",
        () => return None,
    };
    Some(format!("{file} uses {used}: {fault}"))
}

#[test]
fn each_room_uses_only_rooms_that_stand_before_it() {
    let sources = sources();
    for (file, used) in &imports(&sources).0 {
        let faults: Vec<_> = used.iter().filter_map(|used| refuse(file, used)).collect();
        assert!(faults.is_empty(), "{faults:#?}");
    }
}

#[test]
fn no_files_use_each_other() {
    let sources = sources();
    let imports = imports(&sources);
    assert!(imports.0.values().map(BTreeSet::len).sum::<usize>() > 300, "the imports are found");
    let circle = imports.find_circle();
    assert!(circle.is_none(), "these files use each other in a circle: {circle:?}");
}

#[test]
fn the_editors_core_uses_nothing_that_draws_or_waits() {
    let sources = sources();
    let outside =
        ["editor/view", "editor/tasks", "editor/shell", "editor/survey", "editor/clock", "editor/setup"];
    for (file, used) in imports(&sources).0.iter().filter(|(file, _)| is_core(file)) {
        let faults: Vec<_> =
            used.iter().filter(|used| is_in(used, &outside) || *used == "editor.rs").collect();
        assert!(faults.is_empty(), "{file} uses {faults:?}");
    }
}

#[test]
fn the_editors_model_does_not_know_its_keys_and_messages() {
    let sources = sources();
    for (file, used) in imports(&sources).0.iter().filter(|(file, _)| is_in(file, &["editor/model"])) {
        let above = ["editor/keymap", "editor/message", "editor/update", "editor/pages"];
        let faults: Vec<_> = used.iter().filter(|used| is_in(used, &above)).collect();
        assert!(faults.is_empty(), "{file} uses {faults:?}");
    }
}

#[test]
fn each_library_is_named_in_its_place_alone() {
    for source in sources() {
        for (libraries, places) in LIBRARIES.iter().filter(|(_, places)| !is_in(&source.path, places)) {
            for library in *libraries {
                let is_named = names(&source.text, library);
                assert!(!is_named, "{} names {library}, which belongs to {places:?}", source.path);
            }
        }
    }
}

/// Whether a text names a library, or something in it.
fn names(text: &str, library: &str) -> bool {
    let is_in_it = |path: &String| {
        path.strip_prefix(library).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
    };
    full_paths(text).iter().any(is_in_it) || text.contains(&format!("extern crate {library}"))
}

/// The first of the forbidden names that a text has in it, whether it is written in full or not.
fn find_impure<'n>(text: &str, forbidden: impl IntoIterator<Item = &'n &'n str>) -> Option<&'n str> {
    let paths = full_paths(text);
    let has = |name: &str| text.contains(name) || paths.iter().any(|path| path.contains(name));
    forbidden.into_iter().copied().find(|name| has(name))
}

/// Whether a source is the file of one of these places, or stands in the place's folder.
fn is_in(path: &str, places: &[&str]) -> bool {
    places.iter().any(|place| path.strip_prefix(place).is_some_and(|rest| rest.starts_with(['.', '/'])))
}

#[test]
fn the_editors_core_knows_the_key_and_nothing_else_of_the_terminal() {
    let core = sources().into_iter().filter(|source| is_core(&source.path));
    for source in core {
        let paths = full_paths(&source.text);
        let is_more = |path: &&String| path.contains("terminal") && !path.contains("terminal::Key");
        let more: Vec<_> = paths.iter().filter(is_more).collect();
        assert!(more.is_empty(), "{} names more of the terminal than the key: {more:?}", source.path);
    }
}

#[test]
fn only_two_files_of_the_api_name_reqwest() {
    let naming: BTreeSet<_> = sources()
        .into_iter()
        .filter(|source| names(&source.text, "reqwest"))
        .map(|source| source.path)
        .collect();
    assert_eq!(naming, BTreeSet::from(["api/client.rs".to_owned(), "api/failure.rs".to_owned()]));
}

#[test]
fn the_editors_core_names_no_terminal_no_clock_and_no_file() {
    let core: Vec<_> = sources().into_iter().filter(|source| is_core(&source.path)).collect();
    assert!(core.len() >= 13);
    for source in core {
        assert_eq!(find_impure(&source.text, IMPURE), None, "{}", source.path);
    }
}

#[test]
fn the_heart_has_no_clock_and_no_socket() {
    let is_heart = |source: &&Source| ["settings", "save"].contains(&room_of(&source.path));
    let heart = sources();
    // The value of a header that is a date is compared with a time that the caller gives.
    let is_header = |path: &str, name: &str| path == "save/retry_after.rs" && name == "SystemTime";
    for source in heart.iter().filter(is_heart) {
        let forbidden = IMPURE.iter().filter(|name| !is_header(&source.path, name));
        assert_eq!(find_impure(&source.text, forbidden), None, "{}", source.path);
    }
}

#[test]
fn a_wall_that_is_broken_is_seen() {
    let is_refused = |file, used| refuse(file, used).is_some();
    assert!(is_refused("settings/draft.rs", "save.rs"), "a room uses one that stands below it");
    assert!(is_refused("editor/shell.rs", "commands/console.rs"), "strangers");
    assert!(is_refused("commands/get.rs", "demo.rs") && is_refused("editor.rs", "demo/server.rs"));
    assert!(is_refused("terminal/line.rs", "visible.rs"), "a room that uses no other one");
    assert!(is_refused("cellar.rs", "visible.rs") && is_refused("save.rs", "run.rs"), "an unknown room");
    assert!(!is_refused("commands/serve.rs", "demo.rs") && !is_refused("run/editor.rs", "demo.rs"));
    assert!(!is_refused("save.rs", "settings.rs") && !is_refused("editor.rs", "editor/view.rs"));
    assert!(["terminal.rs", "terminal/line.rs"].iter().all(|path| is_in(path, &["terminal"])));
    assert!(!is_in("terminals.rs", &["terminal"]) && !is_in("editor/view.rs", &["terminal", "editor/vie"]));
    for text in [
        "use reqwest as other;",
        "use {reqwest};",
        "use ::reqwest::Url;",
        "fn f() { reqwest::get() }",
        "extern crate reqwest;",
    ] {
        assert!(names(text, "reqwest"), "{text}");
    }
    assert!(!names("use crate::reqwest_like::Thing;\nuse reqwests;", "reqwest"));
    let cases = [
        ("use std::{fs, io};", Some("std::fs")),
        ("use std::{fmt, io::{self, Write}};", Some("std::io")),
        ("use std as base;\nfn f() { base::net::f() }", Some("std::net")),
        ("use std::time::{Duration, Instant as Moment};", Some("Instant")),
        ("use jiff::Zoned as Clock;\nfn f() { Clock::now() }", Some("::now()")),
        ("use std::{fmt, borrow::Cow};", None),
    ];
    for (text, found) in cases {
        assert_eq!(find_impure(text, IMPURE), found, "{text}");
    }
    assert_eq!(code("// crate::demo\nlet a = 1;\n#[cfg(test)]\nuse crate::demo;"), "let a = 1;");
}
