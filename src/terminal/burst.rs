//! Tells pasted text from typed keys, so that a paste is not taken for commands.
//!
//! The program does not switch the mode for bracketed paste on, so the time at which keys arrive decides: a user does not
//! type nine letters at once. A terminal can mark pastes all the same, if another program switched the mode on. Then the
//! marks decide.
//!
//! ```text
//!  more than 8 text keys in one batch, or a mark ─► burst ─ no key for 50 ms (400 ms inside marks) ─► over
//! ```

use std::time::{Duration, Instant};

use super::key::Key;

/// The keys that were read together.
#[derive(Debug, Default)]
pub(super) struct KeyBatch {
    pub(super) keys: Vec<Key>,
    /// The terminal marked these keys as a paste, or as a part of one.
    pub(super) is_marked: bool,
    /// The mark of that paste's end has not come yet.
    pub(super) is_open: bool,
}

/// Decides for each batch whether it belongs to a burst: to keys that come together, as pasted text does.
#[derive(Debug, Default)]
pub(super) struct BurstDetector {
    /// When the last key of the latest burst came; `None` where the latest batch was not part of one.
    last: Option<Instant>,
    /// The latest batch is part of a marked paste whose end has not come yet.
    is_open: bool,
}

impl BurstDetector {
    /// A user types at most so many text keys in the time that one batch takes.
    const TYPED: usize = 8;
    /// A burst is over when no key came for so long.
    const QUIET: Duration = Duration::from_millis(50);
    /// The same inside the marks of a paste. The end mark can be lost, so this is bounded too.
    const QUIET_IF_OPEN: Duration = Duration::from_millis(400);

    /// True if a batch that began to arrive at `came` and was read at `read` belongs to a burst.
    pub(super) fn is_burst(&mut self, batch: &KeyBatch, came: Instant, read: Instant) -> bool {
        let goes_on = self.last.is_some() && !self.is_over(came);
        let is_burst = goes_on || batch.is_marked || is_pasted_text(&batch.keys);
        (self.last, self.is_open) = (is_burst.then_some(read), batch.is_open);
        is_burst
    }

    /// True if there was a burst and it is over at `now`.
    pub(super) fn is_over(&self, now: Instant) -> bool {
        let quiet = if self.is_open { Self::QUIET_IF_OPEN } else { Self::QUIET };
        self.last.is_some_and(|last| now.saturating_duration_since(last) >= quiet)
    }
}

/// True for more text keys than a user types at once. Only `j` and `k` are no text, however many: the user held such a key
/// down, on a line that delivered the repetitions together.
fn is_pasted_text(keys: &[Key]) -> bool {
    let is_held_down = |key: &Key| key.is_movement() || matches!(key, Key::Char('j' | 'k'));
    count_text_keys(keys) > BurstDetector::TYPED && !keys.iter().all(is_held_down)
}

/// How many of these keys can be part of a text.
pub(super) fn count_text_keys(keys: &[Key]) -> usize {
    keys.iter().filter(|key| !key.is_movement()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(text: usize, movement: usize) -> KeyBatch {
        let mut keys = vec![Key::Char('x'); text];
        keys.extend(vec![Key::Down; movement]);
        KeyBatch { keys, ..KeyBatch::default() }
    }

    #[test]
    fn more_than_eight_text_keys_at_once_are_a_burst_and_movement_never_is() {
        let now = Instant::now();
        for (text, movement, burst) in
            [(1, 0, false), (8, 0, false), (9, 0, true), (8, 100, false), (0, 3000, false)]
        {
            let is_burst = BurstDetector::default().is_burst(&batch(text, movement), now, now);
            assert_eq!(is_burst, burst, "{text} {movement}");
        }
    }

    #[test]
    fn held_down_letters_that_move_are_no_burst() {
        let now = Instant::now();
        let is_burst = |keys: Vec<Key>| {
            BurstDetector::default().is_burst(&KeyBatch { keys, ..KeyBatch::default() }, now, now)
        };
        assert!(!is_burst(vec![Key::Char('j'); 40]));
        assert!(is_burst([vec![Key::Char('k'); 8], vec![Key::Char('x')]].concat()));
    }

    #[test]
    fn a_burst_lasts_until_no_key_came_for_fifty_milliseconds() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut bursts = BurstDetector::default();
        assert!(bursts.is_burst(&batch(9, 0), at(0), at(10)));
        assert!(bursts.is_burst(&batch(1, 0), at(59), at(59)));
        assert!(bursts.is_burst(&batch(0, 1), at(108), at(108)));
        assert!(!bursts.is_burst(&batch(1, 0), at(158), at(158)));
        assert!(!bursts.is_burst(&batch(1, 0), at(160), at(160)));
    }
}
