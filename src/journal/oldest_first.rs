//! Reading the newest saves of the history from the oldest of them to the newest, as a terminal shows them.
//!
//! ```text
//! from the end of the file, block by block, until enough saves are found: only where the blocks stand is kept
//! then the same blocks again, the other way round ─► the saves of one block at a time
//! ```
//!
//! So a long history is never in memory as a whole.

use std::fs::File;
use std::io::{Read, Seek};

use super::newest_first::{BlockPlace, NewestFirst};
use super::saved_line::SavedLine;
use crate::private::ReadError;

/// The newest saves that are asked for, from the oldest of them to the newest.
#[derive(Debug)]
pub(crate) struct OldestFirst<F, R = File> {
    history: NewestFirst<R>,
    is_asked: F,
    /// The blocks that hold such saves, the oldest last.
    blocks: Vec<BlockPlace>,
    /// So many saves of the oldest block are too many.
    spare: usize,
    /// How many lines could not be read on the way.
    pub(crate) unreadable: usize,
}

impl<F: Fn(&SavedLine) -> bool, R: Read + Seek> OldestFirst<F, R> {
    /// Finds the newest `limit` saves for which `is_asked` is true; without a limit all of them.
    ///
    /// # Errors
    /// The failure to read.
    pub(crate) fn find(
        mut history: NewestFirst<R>,
        limit: Option<usize>,
        is_asked: F,
    ) -> Result<Self, ReadError> {
        let (mut blocks, mut found) = (Vec::new(), 0);
        while limit.is_none_or(|limit| found < limit)
            && let Some(block) = history.read_block()?
        {
            let asked = block.saves.iter().filter(|saved| is_asked(saved)).count();
            found += asked;
            blocks.extend((asked > 0).then_some(block.place));
        }
        let spare = limit.map_or(0, |limit| found.saturating_sub(limit));
        let unreadable = history.count_unreadable();
        Ok(Self { history, is_asked, blocks, spare, unreadable })
    }

    /// Reads the saves of the next block; `None` after the newest one.
    ///
    /// # Errors
    /// The failure to read.
    pub(crate) fn read_block(&mut self) -> Result<Option<Vec<SavedLine>>, ReadError> {
        let Some(place) = self.blocks.pop() else { return Ok(None) };
        let mut saves = self.history.read_again(place)?;
        saves.retain(&self.is_asked);
        saves.truncate(saves.len().saturating_sub(std::mem::take(&mut self.spare)));
        saves.reverse();
        Ok(Some(saves))
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::io::{self, Cursor, SeekFrom};

    use proptest::prelude::*;

    use super::super::newest_first::tests::{any_line, read_forwards};
    use super::*;
    use crate::journal::Verdict;

    fn read(text: &str, limit: Option<usize>) -> (Vec<SavedLine>, usize) {
        let history = NewestFirst::new(Cursor::new(text.as_bytes())).unwrap();
        let mut found = OldestFirst::find(history, limit, is_asked).unwrap();
        (std::iter::from_fn(|| found.read_block().unwrap()).flatten().collect(), found.unreadable)
    }

    fn is_asked(saved: &SavedLine) -> bool {
        saved.outcome != Verdict::Conflict
    }

    /// A text, and how many of its bytes were read.
    struct Counted<'c>(Cursor<Vec<u8>>, &'c Cell<usize>);

    impl Read for Counted<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = self.0.read(buffer)?;
            self.1.set(self.1.get() + count);
            Ok(count)
        }
    }

    impl Seek for Counted<'_> {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            self.0.seek(to)
        }
    }

    #[test]
    fn of_a_long_history_only_the_blocks_of_the_newest_saves_are_read() {
        const BLOCK: usize = 64 * 1024;
        let text = br#"{"event":"intent"}"#.to_vec();
        let (text, count) = ([text, b"\n".to_vec()].concat().repeat(100_000), Cell::new(0));
        let history = NewestFirst::new(Counted(Cursor::new(text), &count)).unwrap();
        let mut found = OldestFirst::find(history, Some(20), is_asked).unwrap();
        let saves: Vec<_> = std::iter::from_fn(|| found.read_block().unwrap()).flatten().collect();
        assert!(saves.len() == 20 && count.get() <= 2 * BLOCK, "{} bytes", count.get());
    }

    /// A line of a newer version, so long that the lines around it stand in different blocks.
    const FILLER: usize = 70_000;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn the_newest_that_are_asked_for_are_read_the_oldest_first_through_all_blocks(
            lines in proptest::collection::vec((any_line(), any::<bool>()), 0..20), limit in 0_usize..8,
        ) {
            let filler = format!("{{\"event\":\"filler\",\"text\":\"{}\"}}", "x".repeat(FILLER));
            let parts = lines.iter().map(|(line, is_filled)| [line.as_str(), if *is_filled { &filler } else { "" }]);
            let text = parts.flatten().collect::<Vec<_>>().join("\n");
            let (mut expected, unreadable) = read_forwards(&text);
            expected.retain(is_asked);
            prop_assert_eq!(read(&text, None), (expected.clone(), unreadable));
            expected.drain(..expected.len().saturating_sub(limit));
            prop_assert_eq!(read(&text, Some(limit)).0, expected);
        }
    }
}
