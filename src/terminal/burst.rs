//! Tells pasted text from typed keys, so that a paste is not taken for commands.
//!
//! Most terminals mark a paste: see `parser`. For the others (the Linux console) the time at which keys arrive decides: a
//! user does not type nine letters at once.
//!
//! ```text
//!  more than 8 text keys in one batch ─► burst ─ no key for 50 ms ─► over
//! ```

use std::time::{Duration, Instant};

use super::key::Key;

/// Decides for each batch whether it belongs to a burst: to keys that come together, as pasted text does.
#[derive(Debug, Default)]
pub(super) struct BurstDetector {
    /// When the last key of the latest burst came; `None` where the latest batch was not part of one.
    last: Option<Instant>,
}

impl BurstDetector {
    /// A user types at most so many text keys in the time that one batch takes.
    const TYPED: usize = 8;
    /// A burst is over when no key came for so long.
    const QUIET: Duration = Duration::from_millis(50);

    /// True if keys that began to arrive at `came` and were read at `read` belong to a burst.
    pub(super) fn is_burst(&mut self, keys: &[Key], came: Instant, read: Instant) -> bool {
        let goes_on = self.last.is_some_and(|last| came.saturating_duration_since(last) < Self::QUIET);
        let is_burst = goes_on || is_pasted_text(keys);
        self.last = is_burst.then_some(read);
        is_burst
    }
}

/// True for more text keys than a user types at once. Only `j` and `k` are no text, however many: the user held such a key
/// down, on a line that delivered the repetitions together.
fn is_pasted_text(keys: &[Key]) -> bool {
    let is_held_down = |key: &Key| key.is_movement() || matches!(key, Key::Char('j' | 'k'));
    let text_keys = keys.iter().filter(|key| !key.is_movement()).count();
    text_keys > BurstDetector::TYPED && !keys.iter().all(is_held_down)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(text: usize, movement: usize) -> Vec<Key> {
        [vec![Key::Char('x'); text], vec![Key::Down; movement]].concat()
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
        let is_burst = |keys: &[Key]| BurstDetector::default().is_burst(keys, now, now);
        assert!(!is_burst(&[Key::Char('j'); 40]));
        assert!(is_burst(&[vec![Key::Char('k'); 8], vec![Key::Char('x')]].concat()));
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
