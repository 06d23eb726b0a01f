//! Asks the linker for a program that is smaller and starts sooner, where this machine's linker and loader know how.

#![expect(clippy::expect_used, reason = "cargo sets what a build script needs")]

use std::path::Path;
use std::process::{Command, Stdio};
use std::{env, fs};

/// Arguments for rustc, and what cargo is told for the same.
///
/// - Functions with the same code are kept once. GNU's ld knows nothing of it.
/// - The addresses that the loader adjusts at each start are packed. A glibc before 2.36 starts no such program.
/// - The code that unwinds a stack comes from gcc's static library: the loader has one file less to find, map and link at each start.
const WISHES: [[&str; 2]; 3] = [
    ["-Clink-arg=-Wl,--icf=all", "rustc-link-arg-bins=-Wl,--icf=all"],
    ["-Clink-arg=-Wl,-z,pack-relative-relocs", "rustc-link-arg-bins=-Wl,-z,pack-relative-relocs"],
    ["-lstatic:-bundle=gcc_eh", "rustc-link-lib=static:-bundle=gcc_eh"],
];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    for [argument, instruction] in WISHES {
        if can_start(argument) {
            println!("cargo::{instruction}");
        }
    }
}

/// Whether a program that rustc builds with this argument starts here. One for another machine does not.
fn can_start(argument: &str) -> bool {
    let variable = |name| env::var(name).expect("cargo sets it");
    let folder = variable("OUT_DIR");
    let (source, program) = (Path::new(&folder).join("probe.rs"), Path::new(&folder).join("probe"));
    fs::write(&source, "fn main() {}").expect("cargo makes the folder");
    let mut rustc = Command::new(variable("RUSTC"));
    rustc.arg(source).arg("-o").arg(&program).args(["--target", &variable("TARGET")]);
    // What the user asks of rustc and of the linker counts for the probe too.
    rustc.args(variable("CARGO_ENCODED_RUSTFLAGS").split('\x1f').filter(|flag| !flag.is_empty()));
    rustc.args(env::var("RUSTC_LINKER").map(|linker| format!("-Clinker={linker}")));
    succeeds(rustc.arg(argument)) && succeeds(&mut Command::new(program))
}

fn succeeds(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}
