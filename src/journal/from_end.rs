//! The lines of a file from the last to the first. The file is read in blocks, so a long one is never in memory as a whole.

use std::io::{self, Read, Seek, SeekFrom};

/// How many bytes are read at a time.
const BLOCK: u64 = 256 * 1024;
/// A line with more bytes than this is passed over. The longest lines of a history hold two configurations of 256 KiB each.
const MAX_LINE: usize = 4 * 1024 * 1024;

/// Reads a file backwards.
#[derive(Debug)]
pub(super) struct LinesFromEnd<R, const BYTES: u64 = BLOCK> {
    source: R,
    /// The place of the first byte that was read.
    start: u64,
    /// The end of a line whose beginning was not read yet.
    rest: Vec<u8>,
    /// That line has more than [`MAX_LINE`] bytes.
    is_too_long: bool,
}

impl<R: Read + Seek, const BYTES: u64> LinesFromEnd<R, BYTES> {
    /// Begins at the end that the source has now. What is appended later is not read.
    pub(super) fn new(mut source: R) -> io::Result<Self> {
        let start = source.seek(SeekFrom::End(0))?;
        Ok(Self { source, start, rest: Vec::new(), is_too_long: false })
    }

    /// Reads the next block. Returns the lines whose beginning is in it, the last one first; `None` where all was read.
    pub(super) fn read_block(&mut self) -> io::Result<Option<Vec<Vec<u8>>>> {
        if self.start == 0 {
            return Ok(None);
        }
        let block = self.read_before_start()?;
        let mut lines = Vec::new();
        let mut parts = block.rsplit(|byte| *byte == b'\n').peekable();
        while let Some(part) = parts.next() {
            self.prepend(part);
            if parts.peek().is_some() || self.start == 0 {
                lines.extend(self.take_line());
            }
        }
        Ok(Some(lines))
    }

    fn read_before_start(&mut self) -> io::Result<Vec<u8>> {
        let length = self.start.min(BYTES);
        self.start -= length;
        self.source.seek(SeekFrom::Start(self.start))?;
        let mut block = Vec::new();
        self.source.by_ref().take(length).read_to_end(&mut block)?;
        Ok(block)
    }

    /// Puts `part` in front of the end of its line.
    fn prepend(&mut self, part: &[u8]) {
        self.is_too_long |= self.rest.len() + part.len() > MAX_LINE;
        self.rest = if self.is_too_long { Vec::new() } else { [part, &self.rest].concat() };
    }

    /// The line whose beginning has been read; `None` for an empty one and for one that is too long.
    fn take_line(&mut self) -> Option<Vec<u8>> {
        let line = std::mem::take(&mut self.rest);
        let is_too_long = std::mem::take(&mut self.is_too_long);
        (!is_too_long && !line.trim_ascii().is_empty()).then_some(line)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;

    /// All lines, the last one first.
    fn read<const BYTES: u64>(bytes: &[u8]) -> Vec<Vec<u8>> {
        let mut lines = LinesFromEnd::<_, BYTES>::new(Cursor::new(bytes)).unwrap();
        let mut all = Vec::new();
        while let Some(block) = lines.read_block().unwrap() {
            all.extend(block);
        }
        all
    }

    /// A text that has been read only from byte `from` on.
    struct Guarded {
        text: Cursor<Vec<u8>>,
        from: u64,
    }

    impl Read for Guarded {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            assert!(self.text.position() >= self.from, "read at {}", self.text.position());
            self.text.read(buffer)
        }
    }

    impl Seek for Guarded {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            self.text.seek(to)
        }
    }

    #[test]
    fn a_block_that_was_not_asked_for_is_not_read() {
        let text = b"a line of some bytes\n".repeat(100_000);
        let from = text.len() as u64 - BLOCK;
        let mut lines = LinesFromEnd::<_>::new(Guarded { text: Cursor::new(text), from }).unwrap();
        let block = lines.read_block().unwrap().unwrap();
        assert_eq!(block[0], b"a line of some bytes");
    }

    #[test]
    fn a_line_that_is_too_long_costs_that_line_alone() {
        let long = vec![b'x'; MAX_LINE + 1];
        let text = [b"first\n", &long[..], b"\nlast\n"].concat();
        assert_eq!(read::<BLOCK>(&text), [b"last".to_vec(), b"first".to_vec()]);
        let text = [b"first\n", &long[1..], b"\nlast\n"].concat();
        assert_eq!(read::<BLOCK>(&text).len(), 3);
    }

    proptest! {
        #[test]
        fn the_lines_are_those_of_the_text_from_the_last_to_the_first(
            text in "[a-z\n]{0,60}",
        ) {
            let lines: Vec<_> = text.split('\n').filter(|line| !line.is_empty()).map(|line| line.as_bytes().to_vec()).rev().collect();
            prop_assert_eq!(&read::<1>(text.as_bytes()), &lines);
            prop_assert_eq!(&read::<8>(text.as_bytes()), &lines);
            prop_assert_eq!(&read::<BLOCK>(text.as_bytes()), &lines);
        }
    }
}
