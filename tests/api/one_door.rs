//! One place in the sources can send a PATCH.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// What a file names that can speak HTTP by itself.
const SPEAKERS: [&str; 3] = ["reqwest", "hyper::", "TcpStream"];

/// Ways to send a request of any method from there.
const DOORS: [&str; 6] =
    [".patch(", "Method::PATCH", ".request(", "Request::new(", "Request::builder(", "\"PATCH\""];

/// Every line that could send a PATCH, with its file. The log's name of the method is a word and no door.
const KNOWN: [(&str, &str); 3] = [
    ("src/api/request_log.rs", "Self::Patch => \"PATCH\","),
    ("src/api/client.rs", "(http.patch(url).header(CONTENT_TYPE, JSON).body(body), self.timing.patch)"),
    ("src/api/driver.rs", "Event::Answered(client.patch(patch, tries.patches, *is_alone).await)"),
];

#[test]
fn only_the_api_speaks_http() {
    let speakers = product().into_iter().filter(|(_, line)| SPEAKERS.iter().any(|name| line.contains(name)));
    let strangers: Vec<_> = speakers.filter(|(file, _)| !is_api(file)).collect();
    assert_eq!(strangers, []);
}

#[test]
fn exactly_one_place_can_send_a_patch_and_only_the_save_opens_it() {
    // Outside of the api the compiler keeps this door shut: `Client::patch` is private to that room.
    let lines = product().into_iter().filter(|(file, _)| is_api(file));
    let found: BTreeSet<_> = lines.filter(|(_, line)| DOORS.iter().any(|door| line.contains(door))).collect();
    let known = KNOWN.map(|(file, line)| (file.to_owned(), line.to_owned()));
    assert_eq!(found, BTreeSet::from(known));
}

fn is_api(file: &str) -> bool {
    file == "src/api.rs" || file.starts_with("src/api/")
}

/// Every line of the product that is no comment, with its file.
fn product() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut lines = Vec::new();
    for file in sources(&root.join("src")) {
        let name = file.strip_prefix(root).expect("below the root").to_string_lossy().into_owned();
        if is_outside(&name) {
            continue;
        }
        let text = fs::read_to_string(&file).expect("a source");
        let product = text.split("#[cfg(test)]").next().unwrap_or_default();
        let code = product.lines().map(str::trim).filter(|line| !line.starts_with("//"));
        lines.extend(code.map(|line| (name.clone(), line.to_owned())));
    }
    lines
}

/// The demo is the other side of the wire; tests are no product.
fn is_outside(name: &str) -> bool {
    name.starts_with("src/demo") || name.contains("/tests")
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries
        .flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}
