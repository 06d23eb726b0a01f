//! `c` inside tmux: the command comes into tmux's buffer. A tmux that is old, fails or hangs is played by a script.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::thread;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::bytes::{assert_own, clipboard};
use super::elsewhere::{Folder, Tmux, command_line};
use super::host::{FORM, Host, opened};
use super::screens::walk;
use crate::support::programs::require;
use crate::support::pty::{Builder, DEADLINE, Exit, Process, Pty};

const IN_BUFFER: &str = "The command is in tmux's buffer, and may be in your terminal's clipboard.";
const SENT: &str = "It was sent to your terminal; it may not allow it.";

/// How the command begins where the token is one without a profile.
const BEGINNING: &str =
    ": 'no profile, agent demoagent1'\n: \"${QUICKCHAT_API_TOKEN:?holds no token}\" && printf ";

#[test]
fn inside_tmux_the_command_stands_in_its_buffer() {
    let Some(program) = require("tmux") else { return };
    let (host, folder) = (Host::start(), Folder::new("buffer"));
    let tmux = Tmux { program, folder: &folder };
    let command = command_line(&host, &folder);
    let started = tmux.run(&["new-session", "-d", "-s", "test", "-x", "80", "-y", "24", &command]);
    assert!(started.status.success(), "{}", String::from_utf8_lossy(&started.stderr));
    tmux.wait_for(FORM);
    tmux.press("Space", "1 unsaved change");
    tmux.press("v", "s reads again");
    tmux.press("c", "in tmux's buffer");
    let buffer = String::from_utf8(tmux.run(&["show-buffer"]).stdout).expect("UTF-8");
    assert!(buffer.starts_with(BEGINNING) && buffer.ends_with("}'"), "{buffer}");
}

#[test]
fn inside_tmux_the_terminal_around_it_is_asked_too() {
    let Some(program) = require("tmux") else { return };
    let (host, folder) = (Host::start(), Folder::new("around"));
    let tmux = Tmux { program: program.clone(), folder: &folder };
    let (socket, command) = (folder.file("tmux"), command_line(&host, &folder));
    let arguments = ["-S", &socket, "-f", "/dev/null", "new-session", "-s", "test", &command];
    let pty = Builder::command(&program, &arguments).start();
    tmux.wait_for(FORM);
    tmux.press("Space", "1 unsaved change");
    tmux.press("v", "s reads again");
    tmux.press("c", "in tmux's buffer");
    // This is the code as tmux writes it to its own terminal.
    let code = format!("\x1b]52;;{}\x07", STANDARD.encode(tmux.run(&["show-buffer"]).stdout));
    wait_until("the code for the clipboard", || contains(&pty.raw_output(), code.as_bytes()));
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

fn wait_until(what: &str, is_true: impl Fn() -> bool) {
    let deadline = Instant::now() + DEADLINE;
    while !is_true() {
        assert!(Instant::now() < deadline, "never seen: {what}");
        thread::yield_now();
    }
}

/// A tmux that is a script. It notes its arguments and, where it ends, what it was given.
struct Played {
    folder: Folder,
}

impl Played {
    /// `version` is what it calls itself, `load` what it does in place of loading the buffer.
    fn new(name: &str, version: &str, load: &str) -> Self {
        let folder = Folder::new(name);
        let here = folder.0.display();
        let script = format!(
            "#!/bin/sh\nhere='{here}'\necho \"$@\" >> \"$here/arguments\"\n\
             echo noise >&2; echo noise 2>/dev/null >/dev/tty\n\
             case $1 in -V) echo '{version}';; *) {load};; esac\n"
        );
        fs::write(folder.0.join("tmux"), script).expect("a script");
        fs::set_permissions(folder.0.join("tmux"), fs::Permissions::from_mode(0o700)).expect("a program");
        Self { folder }
    }

    /// An editor that runs inside this tmux, on the page of a request.
    fn open(&self, host: &Host) -> Pty {
        let path = format!("{}:/usr/bin:/bin", self.folder.0.display());
        let pty = opened(host.editor().env("TMUX", "/nowhere/default,1,0").env("PATH", &path));
        walk(&pty, &[(" ", "1 unsaved change"), ("v", "s reads again")]);
        pty
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.folder.0.join(file)).unwrap_or_default()
    }

    /// The two processes that it has left hanging.
    fn wait_for_processes(&self) -> Vec<Process> {
        wait_until("two processes", || self.read("pids").lines().count() == 2);
        let pids = self.read("pids");
        pids.lines().map(|pid| Process::with_id(pid.parse().expect("a pid"))).collect()
    }
}

/// Keeps what it is given.
const KEEP: &str = "cat > \"$here/buffer\"";
/// Hangs, and so does a process that it has started.
const HANG: &str =
    "sleep 1000 & printf '%s\\n' $$ $! > \"$here/part\"; mv \"$here/part\" \"$here/pids\"; wait";

fn leave(pty: &Pty) {
    walk(pty, &[("\x03", "Quit without saving"), ("n", "")]);
    assert_eq!(pty.wait_exit(), Exit::Code(0));
}

#[test]
fn only_a_tmux_that_knows_the_clipboard_is_asked_for_it() {
    for (name, version, arguments) in
        [("old", "tmux 3.1c", "-V\nload-buffer -\n"), ("new", "tmux 3.2", "-V\nload-buffer -w -\n")]
    {
        let (host, played) = (Host::start(), Played::new(name, version, KEEP));
        let pty = played.open(&host);
        walk(&pty, &[("c", IN_BUFFER)]);
        leave(&pty);
        assert_eq!(played.read("arguments"), arguments);
        assert!(played.read("buffer").starts_with(BEGINNING), "{}", played.read("buffer"));
        // Neither the clipboard nor what tmux prints: nothing foreign came to the terminal.
        assert_own(&pty.raw_output());
        assert!(!contains(&pty.raw_output(), b"noise"));
    }
}

#[test]
fn where_tmux_takes_nothing_the_terminal_gets_the_command_and_the_user_reads_why() {
    let host = Host::start();
    let missing = Played::new("missing", "", "");
    fs::remove_file(missing.folder.0.join("tmux")).expect("a script");
    for (played, path, reason) in [
        (Played::new("fails", "tmux 3.3a", "exit 1"), "/usr/bin:/bin", "it failed (exit status: 1)."),
        (missing, "", "it cannot be started (no such file or directory)"),
    ] {
        let path = format!("{}:{path}", played.folder.0.display());
        let editor = host.editor().env("TMUX", "/nowhere/default,1,0").env("PATH", &path);
        let pty = opened(editor.size(150, 24));
        walk(&pty, &[(" ", "1 unsaved change"), ("v", "s reads again"), ("c", SENT)]);
        assert!(pty.screen_text().contains(&format!("tmux did not take the command: {reason}")));
        leave(&pty);
        let (copied, rest) = clipboard(&pty.raw_output());
        let [copied] = &copied[..] else { panic!("one text: {copied:?}") };
        assert!(STANDARD.decode(copied).expect("base64").starts_with(BEGINNING.as_bytes()));
        assert_own(&rest);
    }
}

#[test]
fn an_empty_variable_is_no_tmux() {
    let (host, played) = (Host::start(), Played::new("empty", "tmux 3.3a", KEEP));
    let path = format!("{}:/usr/bin:/bin", played.folder.0.display());
    let pty = opened(host.editor().env("TMUX", "").env("PATH", &path));
    walk(
        &pty,
        &[(" ", "1 unsaved change"), ("v", "s reads again"), ("c", "sent to your terminal; it may not")],
    );
    leave(&pty);
    assert_eq!((played.read("arguments").as_str(), clipboard(&pty.raw_output()).0.len()), ("", 1));
}

#[test]
fn a_tmux_that_hangs_is_killed_after_a_second_and_the_user_reads_that_it_did_not_answer() {
    let (host, played) = (Host::start(), Played::new("hangs", "tmux 3.3a", HANG));
    let pty = played.open(&host);
    let begun = Instant::now();
    pty.send("c");
    let processes = played.wait_for_processes();
    for process in processes {
        process.wait_gone();
    }
    assert!(begun.elapsed() >= Duration::from_secs(1), "{:?}", begun.elapsed());
    pty.wait_for_text("it gave no answer within a second.");
    pty.wait_for_text("it may not allow it.");
    // Not even as a dead child that its parent has not waited for.
    let children = format!("/proc/{0}/task/{0}/children", pty.pid().as_raw_nonzero());
    wait_until("no child", || fs::read_to_string(&children).expect("Linux has it").is_empty());
    leave(&pty);
}

/// On a loaded machine one try may take longer than tmux has time.
#[test]
fn keys_are_heard_while_tmux_hangs() {
    let (host, played) = (Host::start(), Played::new("keys", "tmux 3.3a", HANG));
    let pty = played.open(&host);
    walk(&pty, &[("\x1b", "Nothing was sent yet")]);
    let is_heard = (0..5).any(|_| {
        walk(&pty, &[("v", "s reads again"), ("c", "")]);
        let processes = played.wait_for_processes();
        pty.insist_away("\x1b", "REQUEST");
        let is_heard = processes.iter().all(Process::is_running);
        for process in processes {
            process.wait_gone();
        }
        fs::remove_file(played.folder.0.join("pids")).expect("a file");
        is_heard
    });
    assert!(is_heard, "{}", pty.screen_text());
}

#[test]
fn a_tmux_that_hangs_does_not_outlive_the_editor() {
    let (host, played) = (Host::start(), Played::new("outlives", "tmux 3.3a", HANG));
    let pty = played.open(&host);
    pty.send("c");
    let processes = played.wait_for_processes();
    leave(&pty);
    for process in processes {
        process.wait_gone();
    }
}
