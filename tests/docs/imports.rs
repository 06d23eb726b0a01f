//! Which source file uses which other one, read from the sources.
//!
//! ```text
//! text ─► paths after `use`, lists in braces taken apart ─┐
//!      └► paths in the code: `crate::a::b`, `child::c`   ─┴► the file of the deepest module in the path
//! ```
//!
//! A path ends at the file that it names: `super::model::Model` leads to `model.rs`, also where `model.rs` only re-exports
//! it from a child. `mod child;` alone is no use of the child.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// A module's path in the crate; that of `lib.rs` is empty.
type Module = Vec<String>;

/// The files of a crate, and which others each of them uses.
pub(crate) struct Imports(pub(crate) BTreeMap<String, BTreeSet<String>>);

impl Imports {
    /// Reads the imports of these files: the path below `src` of each, and its text without comments and tests.
    pub(crate) fn read<'a>(sources: impl IntoIterator<Item = (&'a str, &'a str)> + Clone) -> Self {
        let files: BTreeMap<Module, &str> =
            sources.clone().into_iter().map(|(file, _)| (module_of(file), file)).collect();
        let uses = |(file, text): (&str, &str)| {
            let used = used_modules(&module_of(file), text, &files);
            let used = used.iter().map(|module| files[module].to_owned());
            (file.to_owned(), used.filter(|used| used != file).collect())
        };
        Self(sources.into_iter().map(uses).collect())
    }

    /// A shortest circle of files that use each other, each named once; `None` where there is none.
    pub(crate) fn find_circle(&self) -> Option<Vec<&str>> {
        let circles = self.0.keys().filter_map(|file| self.find_way_back(file));
        circles.min_by_key(Vec::len)
    }

    /// The shortest way from a file back to it.
    fn find_way_back<'a>(&'a self, start: &'a str) -> Option<Vec<&'a str>> {
        let (mut ways, mut seen) = (VecDeque::from([vec![start]]), BTreeSet::new());
        while let Some(way) = ways.pop_front() {
            let Some(used) = way.last().and_then(|file| self.0.get(*file)) else { continue };
            for file in used {
                if file == start {
                    return Some(way);
                }
                if seen.insert(file) {
                    ways.push_back(way.iter().copied().chain([file.as_str()]).collect());
                }
            }
        }
        None
    }
}

/// The module of a file: `editor/view.rs` is `editor::view`.
fn module_of(file: &str) -> Module {
    let name = file.trim_end_matches(".rs");
    if name == "lib" { Vec::new() } else { name.split('/').map(str::to_owned).collect() }
}

/// The modules that a text uses.
fn used_modules(own: &Module, text: &str, files: &BTreeMap<Module, &str>) -> BTreeSet<Module> {
    let (trees, code) = split_uses(text);
    let (mut used, mut names) = (BTreeSet::new(), BTreeMap::new());
    for (path, name) in trees.iter().flat_map(|tree| expand(tree)) {
        if let Some((module, is_whole)) = resolve(own, &path, files, &BTreeMap::new()) {
            if is_whole {
                names.insert(name, module.clone());
            }
            used.insert(module);
        }
    }
    let paths = code.split(|c: char| !c.is_alphanumeric() && !['_', ':'].contains(&c));
    let paths = paths.filter(|path| path.contains("::"));
    used.extend(paths.filter_map(|path| Some(resolve(own, path, files, &names)?.0)));
    used
}

/// The file's module that a path leads to, and whether the path names the module itself. `names` are the modules that have
/// been brought into scope.
fn resolve(
    own: &Module,
    path: &str,
    files: &BTreeMap<Module, &str>,
    names: &BTreeMap<String, Module>,
) -> Option<(Module, bool)> {
    let mut words = path.split("::").filter(|word| !word.is_empty()).peekable();
    let mut module = match *words.peek()? {
        "crate" => Module::new(),
        "self" | "super" => own.clone(),
        name if files.contains_key(&child_of(own, name)) => own.clone(),
        name => names.get(name)?.clone(),
    };
    let is_named = names.contains_key(*words.peek()?) && !files.contains_key(&child_of(own, words.peek()?));
    if is_named || matches!(*words.peek()?, "crate" | "self") {
        words.next();
    }
    while words.next_if_eq(&"super").is_some() {
        module.pop();
    }
    while let Some(word) = words.next_if(|word| files.contains_key(&child_of(&module, word))) {
        module.push(word.to_owned());
    }
    let is_whole = words.next().is_none_or(|word| word == "self");
    files.contains_key(&module).then_some((module, is_whole))
}

fn child_of(module: &Module, name: &str) -> Module {
    module.iter().cloned().chain([name.to_owned()]).collect()
}

/// What stands between `use` and its semicolon, once for each `use`, and the text without them.
fn split_uses(text: &str) -> (Vec<String>, String) {
    let (mut uses, mut code) = (Vec::new(), String::new());
    for line in text.split_inclusive(';') {
        let start = line.match_indices("use ").find(|(at, _)| {
            let before = line[..*at].trim_end_matches(' ');
            before.is_empty() || before.ends_with(['\n', '{', '}', ')', ']']) || before.ends_with("pub")
        });
        match start {
            Some((at, word)) => {
                code.push_str(&line[..at]);
                uses.push(line[at + word.len()..].trim_end_matches(';').replace('\n', " "));
            }
            None => code.push_str(line),
        }
    }
    (uses, without_visibility(&code))
}

/// The text without what stands behind `pub(in`: it says who may see an item, and uses nothing.
fn without_visibility(code: &str) -> String {
    let mut parts = code.split("pub(in ");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once(')').map_or("", |(_, rest)| rest))
}

/// The paths of a `use`, each with the name that it brings into scope: `a::{b, c::d as e}` is `a::b` and `a::c::d`.
fn expand(tree: &str) -> Vec<(String, String)> {
    let Some((head, list)) = tree.split_once('{') else {
        let (path, alias) = tree.split_once(" as ").map_or((tree, None), |(path, name)| (path, Some(name)));
        let path: String = path.split_whitespace().collect();
        let last = path.trim_end_matches("::self").rsplit("::").next().unwrap_or_default();
        let name = alias.map_or(last, str::trim).to_owned();
        return vec![(path, name)];
    };
    let of_item = |item| expand(&format!("{}{item}", head.trim()));
    split_list(list).into_iter().flat_map(of_item).collect()
}

/// The items of a list up to its closing brace, split at the commas that are in no list within it.
fn split_list(list: &str) -> Vec<&str> {
    let (mut depth, mut start, mut items) = (0, 0, Vec::new());
    for (at, letter) in list.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                items.push(list[start..at].trim());
                start = at + 1;
                if letter == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    items.retain(|item| !item.is_empty());
    items
}

/// Every path that a text names, from its first word on: those after `use`, and those in the code with the names that a
/// `use` brought into scope taken back to where they come from.
pub(crate) fn full_paths(text: &str) -> BTreeSet<String> {
    let (trees, code) = split_uses(text);
    let used: Vec<_> = trees.iter().flat_map(|tree| expand(tree)).collect();
    let origins: BTreeMap<&str, &str> =
        used.iter().map(|(path, name)| (name.as_str(), path.trim_end_matches("::self"))).collect();
    let paths = code.split(|c: char| !c.is_alphanumeric() && !['_', ':'].contains(&c));
    let in_code = paths.filter_map(|path| {
        let path = path.trim_start_matches("::");
        let (first, rest) = path.split_once("::")?;
        let origin = origins.get(first).filter(|origin| **origin != first);
        Some(origin.map_or_else(|| path.to_owned(), |origin| format!("{origin}::{rest}")))
    });
    let in_code: Vec<_> = in_code.collect();
    let in_uses = used.iter().map(|(path, _)| path.trim_start_matches("::").to_owned());
    in_uses.chain(in_code).collect()
}

/// The files that `a.rs` uses in a crate of `a.rs`, `a/x.rs`, `a/y.rs` and `b.rs` with its child `b/z.rs`.
fn used_by_a(text: &str) -> Vec<String> {
    used_by("a.rs", text)
}

fn used_by(file: &str, text: &str) -> Vec<String> {
    let files = ["lib.rs", "a.rs", "a/x.rs", "a/y.rs", "b.rs", "b/z.rs"];
    let sources = files.map(|name| (name, if name == file { text } else { "" }));
    Imports::read(sources).0.remove(file).expect("the file").into_iter().collect()
}

#[test]
fn a_path_leads_to_the_file_of_its_deepest_module() {
    assert_eq!(used_by_a("use crate::b::Thing;"), ["b.rs"]);
    assert_eq!(used_by_a("use crate::b::z::Thing;"), ["b/z.rs"]);
    assert_eq!(used_by_a("use crate::b::z;"), ["b/z.rs"]);
    assert_eq!(used_by_a("pub use x::Thing;\nuse self::y::*;"), ["a/x.rs", "a/y.rs"]);
    assert_eq!(used_by("a/x.rs", "use super::y::Thing;"), ["a/y.rs"]);
    assert_eq!(used_by("a/x.rs", "use super::Thing;"), ["a.rs"]);
    assert_eq!(used_by("b/z.rs", "pub(super) use super::super::a::x::Thing;"), ["a/x.rs"]);
    assert_eq!(used_by_a("use crate::THING;"), ["lib.rs"]);
}

#[test]
fn lists_in_braces_are_taken_apart() {
    let nested = "use crate::{a::x::{One, Two},\n    b::{self, z::{Three as Four}},\n};";
    assert_eq!(used_by_a(nested), ["a/x.rs", "b.rs", "b/z.rs"]);
}

#[test]
fn paths_in_the_code_count_too() {
    assert_eq!(used_by_a("fn f() { crate::b::z::run(); }"), ["b/z.rs"]);
    assert_eq!(used_by_a("fn f() -> Option<x::Thing> { y::run() }"), ["a/x.rs", "a/y.rs"]);
    assert_eq!(used_by_a("use crate::b as other;\nfn f() { other::z::run(); }"), ["b.rs", "b/z.rs"]);
}

#[test]
fn a_name_that_stands_for_another_one_is_taken_back_to_its_origin() {
    let paths = |text: &str| full_paths(text).into_iter().collect::<Vec<_>>();
    assert_eq!(paths("use std::{fs, io::{self, Read}};"), ["std::fs", "std::io::Read", "std::io::self"]);
    assert_eq!(paths("use std as base;\nfn f() { base::fs::read() }"), ["std", "std::fs::read"]);
    assert_eq!(
        paths("use reqwest as other;\nfn f() -> other::Url { ::other::f() }")[1..],
        ["reqwest::Url", "reqwest::f"]
    );
    assert_eq!(paths("fn f() { Instant::now() }"), ["Instant::now"]);
}

#[test]
fn what_uses_nothing_is_not_counted() {
    assert_eq!(used_by_a("mod x;\npub mod y;\nuse std::b::Thing;\nfn f() { Self::b(); }"), [""; 0]);
    assert_eq!(used_by("b/z.rs", "pub(in super::super) fn f() {}"), [""; 0]);
    assert_eq!(used_by_a("use self::Thing;"), [""; 0]);
}

#[test]
fn a_circle_is_found_however_long_it_is() {
    let two = [("a.rs", "use crate::b::B;"), ("b.rs", "use crate::a::A;"), ("c.rs", "use crate::a::A;")];
    assert_eq!(Imports::read(two).find_circle(), Some(vec!["a.rs", "b.rs"]));
    let three = [("a.rs", "use crate::b::B;"), ("b.rs", "crate::c::f();"), ("c.rs", "use super::a::A;")];
    assert_eq!(Imports::read(three).find_circle(), Some(vec!["a.rs", "b.rs", "c.rs"]));
    let none = [("a.rs", "use crate::b::B; use crate::c::C;"), ("b.rs", "use crate::c::C;"), ("c.rs", "")];
    assert_eq!(Imports::read(none).find_circle(), None);
    let parent = [("a.rs", "mod x;\npub use x::X;"), ("a/x.rs", "use super::Other;")];
    assert_eq!(Imports::read(parent).find_circle(), Some(vec!["a.rs", "a/x.rs"]));
}
