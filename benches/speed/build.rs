//! A clean build of the release, and of the tests, which run too. Only when it is asked for: it takes minutes.

use std::fs;
use std::path::Path;
use std::time::Instant;

use crate::Bench;
use crate::floor::cargo;
use crate::table::{Row, Table};

pub fn measure(_: &Bench, table: &mut Table) {
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/clean");
    for (what, arguments, minutes) in [
        ("a clean build of the release", &["build", "--release", "--locked", "--quiet"][..], 2),
        ("cargo test from nothing", &["test", "--locked", "--quiet"], 4),
    ] {
        fs::remove_dir_all(&target).ok();
        let begun = Instant::now();
        let output = cargo().args(arguments).arg("--target-dir").arg(&target).output().expect("cargo");
        let row = Row::time(what, begun.elapsed().as_secs_f64(), "s").budget(f64::from(minutes * 60));
        table.add(if output.status.success() { row } else { row.note(list_failures(&output.stdout)) });
        if let Ok(file) = fs::metadata(target.join("release/convrating")) {
            let size = usize::try_from(file.len() / 1000).expect("a small number");
            table.add(Row::count("its file, stripped", size, "kB").budget(4800.0));
        }
    }
    fs::remove_dir_all(&target).ok();
}

/// The names of the tests that failed: cargo lists them at the end.
fn list_failures(output: &[u8]) -> String {
    let text = String::from_utf8_lossy(output);
    let names = text.rsplit("failures:").next().unwrap_or_default().lines();
    let names: Vec<_> = names.filter_map(|line| line.strip_prefix("    ")).collect();
    format!("failed: {}", names.join(", "))
}
