//! A clean build of the release, and of the tests. Only when it is asked for: it takes minutes.

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
        let mut command = cargo();
        command.args(arguments).arg("--target-dir").arg(&target).stdout(std::process::Stdio::null());
        assert!(command.status().expect("cargo").success(), "{what}");
        table.add(Row::time(what, begun.elapsed().as_secs_f64(), "s").budget(f64::from(minutes * 60)));
        if let Ok(file) = fs::metadata(target.join("release/convrating")) {
            let size = usize::try_from(file.len() / 1000).expect("a small number");
            table.add(Row::count("its file, stripped", size, "kB").budget(4800.0));
        }
    }
    fs::remove_dir_all(&target).ok();
}
