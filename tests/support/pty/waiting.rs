//! More to wait for: output as such, a key that is heard, a line that is full.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::retry_on_intr;

use super::{DEADLINE, Exit, Pty, State, open_slave};

/// How long one press of [`Pty::insist`] is given before the next: longer than a paste waits for its end mark.
const PATIENCE: Duration = Duration::from_millis(1200);

/// How every drawing ends.
const FRAME_END: &[u8] = b"\x1b[m";

impl State {
    /// False while the last frame has arrived only in part, as a large one does: then old and new stand side by side.
    pub(super) fn is_whole(&self) -> bool {
        if !self.terminal.screen().alternate_screen() {
            return true;
        }
        let end = self.raw.windows(FRAME_END.len()).rposition(|bytes| bytes == FRAME_END);
        let behind = end.map(|end| self.raw[end + FRAME_END.len()..].split(|byte| *byte == 0x1b));
        // After it only the cursor is shown and placed. Lines come from another program that writes on this old screen.
        behind.is_some_and(|mut sequences| {
            sequences.all(|sequence| {
                matches!(sequence, [] | [b'[', .., b'H' | b'h' | b'l']) || sequence.contains(&b'\n')
            })
        })
    }
}

impl Pty {
    /// Presses a key again and again until the program hears it, which shows as `text`. A program is deaf for a moment
    /// behind a paste, of which the key would be a part, and in a question that opened by itself.
    pub fn insist(&self, keys: &str, text: &str) {
        self.insist_until(keys, text, |state| {
            state.is_whole() && state.terminal.screen().contents().contains(text)
        });
    }

    /// The same, where the program shows that it heard the key by taking `text` off the screen.
    pub fn insist_away(&self, keys: &str, text: &str) {
        self.insist_until(keys, &format!("no {text}"), |state| {
            state.is_whole() && !state.terminal.screen().contents().contains(text)
        });
    }

    /// The same, where the program ends when it hears the key.
    pub fn insist_on_exit(&self, keys: &str) -> Exit {
        self.insist_until(keys, "an end", |state| state.exit.is_some());
        self.wait_exit()
    }

    fn insist_until(&self, keys: &str, what: &str, is_heard: impl Fn(&State) -> bool) {
        let deadline = Instant::now() + DEADLINE;
        loop {
            self.send(keys);
            let waited = self
                .shared
                .changed
                .wait_timeout_while(self.shared.lock(), PATIENCE, |state| !is_heard(state));
            let (state, _) = waited.unwrap_or_else(std::sync::PoisonError::into_inner);
            if is_heard(&state) {
                return;
            }
            assert!(Instant::now() < deadline, "not heard: {keys:?}, for {what:?}; {:?}", *state);
        }
    }

    /// Waits until the program has written more than `count` bytes in all.
    pub fn wait_for_more_than(&self, count: usize) {
        drop(self.shared.wait("more output", |state| state.raw.len() > count));
    }

    /// Waits until the screen's words, in one line wherever lines were broken, are as wanted.
    pub fn wait_for_words(&self, what: &str, is_there: impl Fn(&str) -> bool) {
        self.wait_for(what, |screen| is_there(&words(&screen.contents())));
    }

    /// The screen as one line of words, wherever lines were broken.
    pub fn words(&self) -> String {
        words(&self.screen_text())
    }

    /// How many bytes the program wrote so far.
    pub fn written(&self) -> usize {
        self.shared.lock().raw.len()
    }

    /// Stops reading and makes the program draw until the line's buffer is full and the next write blocks.
    pub fn stall(&self) {
        self.stop_reading();
        let slave = open_slave(&self.slave).expect("the slave");
        let deadline = Instant::now() + DEADLINE;
        let is_full = || {
            assert!(Instant::now() < deadline, "the program does not fill the line");
            let mut fds = [PollFd::new(&slave, PollFlags::OUT)];
            retry_on_intr(|| poll(&mut fds, Some(&Timespec::default()))).expect("poll") == 0
        };
        // From one end of the form to the other: movement counts however fast it comes, and each move draws.
        for key in ["\x1b[F", "\x1b[H"].into_iter().cycle() {
            if is_full() {
                return;
            }
            // For each thread: the sum alone may come out the same when a thread ends.
            let turns = self.turns_by_thread();
            self.send(key);
            while self.turns_by_thread() == turns && !is_full() {
                std::thread::yield_now();
            }
        }
    }

    /// How often the program's threads had their turn on the processor so far.
    pub fn turns(&self) -> u64 {
        self.turns_by_thread().values().sum()
    }

    /// The same for each thread that there is now, by its number.
    fn turns_by_thread(&self) -> BTreeMap<OsString, u64> {
        let turns = |status: String| -> u64 {
            let numbers = status.lines().filter(|line| line.contains("voluntary_ctxt_switches:"));
            numbers.filter_map(|line| line.split_whitespace().last()?.parse::<u64>().ok()).sum()
        };
        let threads = fs::read_dir(format!("/proc/{}/task", self.pid())).expect("its threads");
        let counted = threads.filter_map(|thread| {
            let thread = thread.ok()?;
            Some((thread.file_name(), turns(fs::read_to_string(thread.path().join("status")).ok()?)))
        });
        counted.collect()
    }
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
