//! The instructions that a key costs, counted by valgrind.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Duration;

use crate::support::pty::{Builder, Exit, Pty};

/// So many keys are pressed in the shorter run, and so many more in the longer one.
const KEYS: [usize; 2] = [4, 20];
/// Of so many runs the least counts: some starts cost three million instructions more than others.
const RUNS: usize = 4;
/// Longer than the program needs under valgrind for a key after which nothing appears.
const PAUSE: Duration = Duration::from_millis(200);

/// Waits until `text` was written. A frame of the floor program ends otherwise than one of the editor.
pub fn wait_for_output(pty: &Pty, text: &str) {
    loop {
        let output = pty.raw_output();
        if output.windows(text.len()).any(|bytes| bytes == text.as_bytes()) {
            return;
        }
        pty.wait_for_more_than(output.len());
    }
}

/// True if valgrind is installed.
pub fn can_count() -> bool {
    Command::new("valgrind").arg("--version").output().is_ok_and(|run| run.status.success())
}

/// A program to be measured.
pub struct Program<'a> {
    pub path: &'a Path,
    pub arguments: &'a [&'a str],
    /// What is on its screen when it takes keys.
    pub ready: &'a str,
}

impl Program<'_> {
    /// The instructions for one key: `pair` has two keys, which are pressed in turn. `is_dead` is true where nothing appears.
    pub fn count(&self, pair: [&str; 2], is_dead: bool) -> usize {
        let least = |keys| (0..RUNS).map(|_| self.count_run(pair, keys, is_dead)).min().unwrap_or_default();
        let [less, more] = [KEYS[0], KEYS[0] + KEYS[1]].map(least);
        more.saturating_sub(less) / KEYS[1]
    }

    fn count_run(&self, pair: [&str; 2], keys: usize, is_dead: bool) -> usize {
        let log = std::env::temp_dir().join(format!("convrating-bench-{}.log", std::process::id()));
        let log_option = format!("--log-file={}", log.display());
        let program = self.path.display().to_string();
        let options = ["--tool=callgrind", "--callgrind-out-file=/dev/null", &log_option, &program];
        let arguments: Vec<_> = options.iter().chain(self.arguments).copied().collect();
        let pty = Builder::command(Path::new("/usr/bin/valgrind"), &arguments).start();
        wait_for_output(&pty, self.ready);
        for key in pair.iter().cycle().take(keys) {
            let before = pty.written();
            pty.send(key);
            if is_dead {
                thread::sleep(PAUSE);
            } else {
                pty.wait_for_more_than(before);
            }
        }
        // The draft is clean: an even number of toggles takes back what it did.
        pty.send("q");
        assert_eq!(pty.wait_exit(), Exit::Code(0));
        let text = fs::read_to_string(&log).expect("valgrind's log");
        fs::remove_file(&log).expect("our file");
        let count = text.split("Collected : ").nth(1).and_then(|rest| rest.split_whitespace().next());
        count.and_then(|count| count.parse().ok()).expect("a count")
    }
}
