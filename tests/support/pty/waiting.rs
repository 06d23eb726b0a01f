//! More to wait for: output as such, a key that is heard, a line that is full.

use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::{DEADLINE, Pty, State, open_slave};

/// How long one press of [`Pty::insist`] is given before the next.
const PATIENCE: Duration = Duration::from_millis(500);

impl Pty {
    /// Presses a key again and again until it is heard, which shows as `text`: a question that opened by itself is deaf
    /// for a moment.
    pub fn insist(&self, keys: &str, text: &str) {
        let deadline = Instant::now() + DEADLINE;
        let shows = |state: &State| state.terminal.screen().contents().contains(text);
        loop {
            self.send(keys);
            let waited =
                self.shared.changed.wait_timeout_while(self.shared.lock(), PATIENCE, |state| !shows(state));
            let (state, _) = waited.unwrap_or_else(std::sync::PoisonError::into_inner);
            if shows(&state) {
                return;
            }
            assert!(Instant::now() < deadline, "not heard: {keys:?}, for {text:?}; {:?}", *state);
        }
    }

    /// Waits until the program has written more than `count` bytes in all.
    pub fn wait_for_more_than(&self, count: usize) {
        drop(self.shared.wait("more output", |state| state.raw.len() > count));
    }

    /// Waits until the program has spoken, as one has that was started and did not end at once.
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
        let mut fds = [PollFd::new(&slave, PollFlags::OUT)];
        for columns in (300..500).cycle() {
            if poll(&mut fds, Some(&Timespec::default())).expect("poll") == 0 {
                return;
            }
            assert!(Instant::now() < deadline, "the program does not fill the line");
            fds[0].clear_revents();
            self.resize(columns, 200);
            std::thread::yield_now();
        }
    }
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
