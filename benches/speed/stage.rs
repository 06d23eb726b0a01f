//! A program that runs in a terminal, and what it has cost so far.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use nix::time::ClockId;
use rustix::fs::{CWD, FileType, Mode, mknodat};

use crate::support::pty::{DEADLINE, Pty};

/// Between two looks at a process that may have come to rest.
const LOOK: Duration = Duration::from_millis(1);

/// The running program.
pub struct Stage {
    pub pty: Pty,
}

/// What something cost.
#[derive(Clone, Copy)]
pub struct Spent {
    pub wall: Duration,
    /// Processor time of all threads.
    pub cpu: Duration,
}

/// A program that waits to be started.
pub struct Gate {
    stage: Stage,
    fifo: File,
}

/// A program that was started a moment ago.
pub struct Started {
    pub stage: Stage,
    begun: Instant,
    cpu_before: Duration,
}

impl Stage {
    pub fn new(pty: Pty) -> Self {
        Self { pty }
    }

    /// Waits until `text` was written. A frame of the floor program ends otherwise than one of the editor.
    pub fn wait_for_output(&self, text: &str) {
        loop {
            let output = self.pty.raw_output();
            if output.windows(text.len()).any(|bytes| bytes == text.as_bytes()) {
                return;
            }
            self.pty.wait_for_more_than(output.len());
        }
    }

    /// The bytes that these keys write until `text` stands on the screen.
    pub fn press(&self, keys: &str, text: &str) -> usize {
        let before = self.pty.written();
        self.pty.send(keys);
        self.pty.wait_for_text(text);
        self.pty.written() - before
    }

    /// Types one key, and waits until the program has come to rest again. Returns what that cost.
    pub fn pay_for(&self, key: &str) -> Duration {
        let before = self.cpu();
        self.pty.send(key);
        wait_until("the key is heard", || self.cpu() > before);
        self.settle();
        self.cpu().saturating_sub(before)
    }

    /// Waits until every thread sleeps, and has not worked since the last look.
    pub fn settle(&self) {
        let mut last = Duration::ZERO;
        wait_until("the program comes to rest", || {
            let before = std::mem::replace(&mut last, self.cpu());
            last == before && self.is_asleep()
        });
    }

    /// Processor time of all threads so far. The kernel counts it to this moment, also for a thread that runs.
    pub fn cpu(&self) -> Duration {
        let pid = nix::unistd::Pid::from_raw(self.pty.pid().as_raw_pid());
        let clock = ClockId::pid_cpu_clock_id(pid).expect("a process that runs");
        Duration::from(clock.now().expect("its clock"))
    }

    fn is_asleep(&self) -> bool {
        // The state stands behind the name, which stands in parentheses.
        self.of_threads("stat").iter().all(|stat| stat.contains(") S "))
    }

    /// The names of its threads.
    pub fn threads(&self) -> Vec<String> {
        self.of_threads("comm").iter().map(|name| name.trim().to_owned()).collect()
    }

    /// How often its threads went to sleep so far. A system call that waits for nothing is seen in the processor time.
    pub fn sleeps(&self) -> usize {
        self.of_threads("status")
            .iter()
            .map(|status| number_after(status, "\nvoluntary_ctxt_switches:"))
            .sum()
    }

    /// Memory as one of the kernel's figures, in kB: `Pss:` is of the whole process, with its part of each shared page.
    pub fn memory(&self, name: &str) -> usize {
        number_after(&self.file("smaps_rollup"), name)
    }

    /// The most memory that it ever had resident, in kB.
    pub fn peak(&self) -> usize {
        number_after(&self.file("status"), "VmHWM:")
    }

    fn file(&self, name: &str) -> String {
        fs::read_to_string(self.process().join(name)).expect("a process that runs")
    }

    /// This file of each thread.
    fn of_threads(&self, name: &str) -> Vec<String> {
        let threads = fs::read_dir(self.process().join("task")).expect("a process that runs");
        threads.filter_map(|thread| fs::read_to_string(thread.ok()?.path().join(name)).ok()).collect()
    }

    fn process(&self) -> PathBuf {
        Path::new("/proc").join(self.pty.pid().as_raw_pid().to_string())
    }

    /// The time from the keys that end it until it is gone.
    pub fn end(&self, keys: &str) -> Duration {
        let process = self.pty.watch_process();
        let begun = Instant::now();
        self.pty.send(keys);
        process.wait_gone();
        begun.elapsed()
    }
}

impl Gate {
    /// A shell that reads a line of the file that `start` is told, and becomes the program then.
    pub fn new(start: impl FnOnce(&Path) -> Pty) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("convrating-gate-{}-{number}", std::process::id()));
        mknodat(CWD, &path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).expect("a named pipe");
        let stage = Stage::new(start(&path));
        // This waits until the shell has opened it too.
        let fifo = File::options().write(true).open(&path).expect("a named pipe");
        fs::remove_file(path).expect("our file");
        stage.settle();
        Self { stage, fifo }
    }

    pub fn open(mut self) -> Started {
        let cpu_before = self.stage.cpu();
        let begun = Instant::now();
        self.fifo.write_all(b"\n").expect("the shell waits");
        Started { stage: self.stage, begun, cpu_before }
    }
}

impl Started {
    /// What it has cost when this text is written.
    pub fn wait_for(&self, text: &str) -> Spent {
        self.stage.wait_for_output(text);
        Spent { wall: self.begun.elapsed(), cpu: self.stage.cpu().saturating_sub(self.cpu_before) }
    }
}

/// Looks again and again. Nothing tells of what another process does with its time.
fn wait_until(what: &str, mut is_true: impl FnMut() -> bool) {
    let deadline = Instant::now() + DEADLINE;
    while !is_true() {
        assert!(Instant::now() < deadline, "not in {DEADLINE:?}: {what}");
        thread::sleep(LOOK);
    }
}

/// The number behind the first `name`; 0 without one.
pub fn number_after(text: &str, name: &str) -> usize {
    let rest = text.split_once(name).and_then(|(_, rest)| rest.split_whitespace().next());
    rest.and_then(|number| number.parse().ok()).unwrap_or_default()
}
