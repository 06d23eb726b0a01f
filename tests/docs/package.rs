//! The package that `cargo package` makes. It leaves out the tests and the pictures, and must not leave out a part of the program.

use std::process::Command;

use super::walls::sources;

/// The files of the package, as paths below the root.
fn packaged() -> Vec<String> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["package", "--list", "--allow-dirty", "--offline"]).current_dir(env!("CARGO_MANIFEST_DIR"));
    let output = cargo.output().expect("cargo");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("paths").lines().map(str::to_owned).collect()
}

#[test]
fn every_file_that_is_compiled_in_is_in_the_package() {
    let (sources, packaged) = (sources(), packaged());
    let compiled_in: Vec<_> =
        sources.iter().flat_map(|source| source.text.split("include_str!(\"").skip(1)).collect();
    assert!(compiled_in.len() >= 3, "the files are found");
    for text in compiled_in {
        let path = text[..text.find('"').expect("the end of the path")].trim_start_matches("../");
        assert!(packaged.iter().any(|file| file == path), "{path}");
    }
}
