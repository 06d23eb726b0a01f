//! The static binary of `just static`, in an empty folder as the root of its file system: no library, no `/dev`, no `/proc`,
//! no time zones, no certificates. `.ci/run` builds it and names it in a variable. Only root may change the root.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::elsewhere::Folder;
use super::host::{FORM, Host};
use crate::support::programs::require;
use crate::support::pty::{Builder, Exit};

/// Where the static binary is. Without it these tests say that they were skipped.
const VARIABLE: &str = "CONVRATING_STATIC_BINARY";

/// A folder with the binary in it and nothing else, and the program that makes it the root.
pub(crate) struct EmptyRoot {
    pub(crate) folder: Folder,
    chroot: PathBuf,
}

impl EmptyRoot {
    /// `None`, after saying so, where there is no static binary or the tests are not run by root.
    pub(crate) fn make(name: &str) -> Option<Self> {
        let binary = std::env::var_os(VARIABLE).map(PathBuf::from);
        let Some(binary) = binary.filter(|_| rustix::process::geteuid().is_root()) else {
            let line = format!("skipped: {name} needs {VARIABLE} and root\n");
            io::stderr().write_all(line.as_bytes()).expect("stderr can be written to");
            return None;
        };
        let chroot = require("chroot")?;
        let folder = Folder::new(name);
        fs::copy(binary, folder.0.join("convrating")).expect("the static binary");
        Some(Self { folder, chroot })
    }

    /// The program's command line, from `chroot` on.
    fn arguments(&self, arguments: &[&str]) -> Vec<String> {
        let own = [&self.folder.0.display().to_string(), "/convrating"].map(ToString::to_string);
        own.into_iter().chain(arguments.iter().map(ToString::to_string)).collect()
    }

    /// A command, without any variable but HOME.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.chroot);
        command.args(self.arguments(arguments)).env_clear().env("HOME", "/home");
        command
    }

    /// Runs a command; returns what it printed on stdout.
    fn run(&self, arguments: &[&str], host: &Host) -> String {
        let output = self.command(arguments).envs(host.variables("acme")).output().expect("chroot");
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    /// The editor in a terminal.
    fn editor(&self, arguments: &[&str]) -> Builder {
        let words = self.arguments(arguments);
        Builder::command(&self.chroot, &words.iter().map(String::as_str).collect::<Vec<_>>())
    }

    fn has(&self, path: &str) -> bool {
        self.folder.0.join(Path::new(path)).exists()
    }
}

#[test]
fn the_static_binary_reads_and_saves_in_an_empty_file_system() {
    let Some(root) = EmptyRoot::make("static-commands") else { return };
    let host = Host::start();
    assert!(root.run(&["get"], &host).contains("Rating     off"));
    assert!(root.run(&["set", "--active", "on"], &host).contains("rating off → on"));
    assert_eq!(host.hooks.applied("acme"), 1);
    assert!(root.run(&["history"], &host).contains("saved"));
    assert!(root.has("home/.local/state/convrating/history.jsonl"));
}

/// Switches the rating on, saves and quits.
fn save(editor: Builder) {
    let pty = editor.start();
    pty.wait_for_text(FORM);
    pty.send(" ");
    pty.wait_for_text("1 unsaved change");
    pty.send("s");
    pty.wait_for_text("Saved ");
    pty.send("q");
    assert_eq!(pty.wait_exit(), Exit::Code(0));
    pty.assert_restored();
}

#[test]
fn the_editor_of_the_static_binary_saves_in_an_empty_file_system() {
    let Some(root) = EmptyRoot::make("static-editor") else { return };
    let host = Host::start();
    let [token, url] = host.variables("acme");
    save(root.editor(&[]).env(token.0, token.1).env(url.0, url.1));
    assert_eq!(host.hooks.applied("acme"), 1);
}

#[test]
fn the_demo_of_the_static_binary_saves_in_an_empty_file_system() {
    let Some(root) = EmptyRoot::make("static-demo") else { return };
    save(root.editor(&["--demo"]));
}
