//! Asks the linker for a smaller program, where this machine's linker and loader know how: together 4 % of it.

#![expect(clippy::expect_used, reason = "cargo sets what a build script needs")]

use std::path::Path;
use std::process::{Command, Stdio};
use std::{env, fs};

/// Functions with the same code are kept once, and the addresses that the loader adjusts at each start are packed. GNU's ld knows
/// nothing of the first, and a glibc before 2.36 starts no program with the second.
const FLAGS: [&str; 2] = ["-Wl,--icf=all", "-Wl,-z,pack-relative-relocs"];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    for flag in FLAGS.into_iter().filter(|flag| can_start(flag)) {
        println!("cargo::rustc-link-arg-bins={flag}");
    }
}

/// Whether a program that is linked with this flag starts here. One for another machine does not.
fn can_start(flag: &str) -> bool {
    let variable = |name| env::var(name).expect("cargo sets it");
    let folder = variable("OUT_DIR");
    let (source, program) = (Path::new(&folder).join("probe.rs"), Path::new(&folder).join("probe"));
    fs::write(&source, "fn main() {}").expect("cargo makes the folder");
    let mut rustc = Command::new(variable("RUSTC"));
    rustc.arg(source).arg("-o").arg(&program).args(["--target", &variable("TARGET")]);
    succeeds(rustc.arg(format!("-Clink-arg={flag}"))) && succeeds(&mut Command::new(program))
}

fn succeeds(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}
