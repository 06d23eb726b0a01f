//! The floor programs: what the least cost is measured with (`benches/floor`).

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::program::{FLOOR_READY, Program};
use crate::secure::{PATH, Secure};

/// Where the floor programs are.
pub struct Floor {
    folder: PathBuf,
}

impl Floor {
    /// Builds them.
    pub fn build() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let target = root.join("target/floor");
        let mut build = cargo();
        build.args(["build", "--release", "--locked", "--quiet", "--manifest-path"]);
        build.arg(root.join("benches/floor/Cargo.toml")).arg("--target-dir").arg(&target);
        // Not with the flags that make the editor smaller: the floor is what cargo makes of it.
        build.env("RUSTFLAGS", "");
        assert!(build.status().expect("cargo").success(), "the floor programs are built");
        Self { folder: target.join("release") }
    }

    /// A form, and nothing else.
    pub fn form(&self) -> Program {
        Program::new(&self.folder.join("floor"), &[], FLOOR_READY)
    }

    /// The same form after one GET from this server.
    pub fn form_over_tls(&self, secure: &Secure) -> Program {
        let root = secure.root.display().to_string();
        let arguments = [&*secure.address, &root, secure.server.token("acme"), PATH];
        Program::new(&self.folder.join("floor_tls"), &arguments, FLOOR_READY)
    }
}

/// The cargo that runs this benchmark.
pub fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}
