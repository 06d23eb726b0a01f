//! The lines of a file from the last to the first. The file is read in blocks, so a long one is never in memory as a whole.

use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;

/// How many bytes are read at a time.
const BLOCK: u64 = 64 * 1024;
/// A line with more bytes than this is passed over. The longest lines of a history hold two configurations of 256 KiB each.
const MAX_LINE: usize = 4 * 1024 * 1024;

/// Reads a file, or a part of it, backwards.
#[derive(Debug)]
pub(super) struct LinesFromEnd<R, const BYTES: u64 = BLOCK> {
    source: R,
    /// The place where the part begins. A line begins there too.
    floor: u64,
    /// The place of the first byte that was read.
    start: u64,
    /// Where the last line that was returned begins: all lines from here on were returned.
    returned: u64,
    /// The end of a line whose beginning was not read yet.
    rest: Vec<u8>,
    /// That line has more than [`MAX_LINE`] bytes.
    is_too_long: bool,
}

/// One block of lines.
#[derive(Debug, Default)]
pub(super) struct LineBlock {
    /// The lines whose beginning is in the block, the last one first. Empty ones are not among them.
    pub(super) lines: Vec<Vec<u8>>,
    /// How many lines were too long.
    pub(super) too_long: usize,
    /// The bytes of all these lines.
    pub(super) place: Range<u64>,
}

impl<R: Read + Seek, const BYTES: u64> LinesFromEnd<R, BYTES> {
    /// Begins at the end that the source has now. What is appended later is not read.
    pub(super) fn new(mut source: R) -> io::Result<Self> {
        let end = source.seek(SeekFrom::End(0))?;
        Ok(Self { source, floor: 0, start: end, returned: end, rest: Vec::new(), is_too_long: false })
    }

    /// Reads only this part from now on, from its end. It is the place of a block that was read.
    pub(super) fn read_again(&mut self, place: Range<u64>) {
        (self.floor, self.start, self.returned) = (place.start, place.end, place.end);
        (self.rest, self.is_too_long) = (Vec::new(), false);
    }

    /// True if all was read.
    pub(super) fn is_at_start(&self) -> bool {
        self.start == self.floor
    }

    /// Reads the next block; `None` where all was read.
    pub(super) fn read_block(&mut self) -> io::Result<Option<LineBlock>> {
        if self.is_at_start() {
            return Ok(None);
        }
        let bytes = self.read_before_start()?;
        let end = self.returned;
        self.returned = self.find_boundary(&bytes);
        let mut block = LineBlock { place: self.returned..end, ..LineBlock::default() };
        let mut parts = bytes.rsplit(|byte| *byte == b'\n').peekable();
        while let Some(part) = parts.next() {
            self.prepend(part);
            if parts.peek().is_some() || self.is_at_start() {
                self.take_line(&mut block);
            }
        }
        Ok(Some(block))
    }

    fn read_before_start(&mut self) -> io::Result<Vec<u8>> {
        let length = (self.start - self.floor).min(BYTES);
        self.start -= length;
        self.source.seek(SeekFrom::Start(self.start))?;
        let mut bytes = Vec::new();
        self.source.by_ref().take(length).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Where the first line begins whose beginning is in the block of `bytes`.
    fn find_boundary(&self, bytes: &[u8]) -> u64 {
        let line_end = || bytes.iter().position(|byte| *byte == b'\n');
        match line_end() {
            _ if self.is_at_start() => self.floor,
            Some(place) => self.start + place as u64 + 1,
            None => self.returned,
        }
    }

    /// Puts `part` in front of the end of its line.
    fn prepend(&mut self, part: &[u8]) {
        self.is_too_long |= self.rest.len() + part.len() > MAX_LINE;
        self.rest = if self.is_too_long { Vec::new() } else { [part, &self.rest].concat() };
    }

    /// Adds the line whose beginning has been read to the block.
    fn take_line(&mut self, block: &mut LineBlock) {
        let line = std::mem::take(&mut self.rest);
        if std::mem::take(&mut self.is_too_long) {
            block.too_long += 1;
        } else if !line.trim_ascii().is_empty() {
            block.lines.push(line);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;

    /// All blocks, the last one first.
    fn read_blocks<const BYTES: u64>(bytes: &[u8]) -> Vec<LineBlock> {
        let mut lines = LinesFromEnd::<_, BYTES>::new(Cursor::new(bytes)).unwrap();
        std::iter::from_fn(|| lines.read_block().unwrap()).collect()
    }

    /// All lines, the last one first.
    fn read<const BYTES: u64>(bytes: &[u8]) -> Vec<Vec<u8>> {
        read_blocks::<BYTES>(bytes).into_iter().flat_map(|block| block.lines).collect()
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
        assert_eq!(block.lines[0], b"a line of some bytes");
    }

    #[test]
    fn a_line_that_is_too_long_costs_that_line_alone_and_is_counted() {
        let long = vec![b'x'; MAX_LINE + 1];
        let count =
            |text: &[u8]| read_blocks::<BLOCK>(text).iter().map(|block| block.too_long).sum::<usize>();
        let text = [b"first\n", &long[..], b"\nlast\n"].concat();
        assert_eq!((read::<BLOCK>(&text), count(&text)), (vec![b"last".to_vec(), b"first".to_vec()], 1));
        let text = [b"first\n", &long[1..], b"\nlast\n"].concat();
        assert_eq!((read::<BLOCK>(&text).len(), count(&text)), (3, 0));
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

        #[test]
        fn a_block_that_is_read_again_has_the_same_lines(text in "[a-z\n]{0,60}") {
            let mut again = LinesFromEnd::<_, 8>::new(Cursor::new(text.as_bytes())).unwrap();
            for block in read_blocks::<8>(text.as_bytes()).into_iter().rev() {
                again.read_again(block.place);
                let blocks = std::iter::from_fn(|| again.read_block().unwrap());
                prop_assert_eq!(blocks.flat_map(|block| block.lines).collect::<Vec<_>>(), block.lines);
            }
        }
    }
}
