//! A row of the screen, and which of its cells are drawn when it has changed, so that the terminal gets few bytes: those that
//! have changed, short gaps between them, and the blank end of the row.

use std::ops::Range;

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;

use super::super::cells::{PlacedCell, columns_of};
use super::super::pen::{Pen, is_blank};
use super::piece::Piece;

/// So many blank cells at the end of a row are drawn one by one. If more of them change, all are drawn up to the last column:
/// the backend erases them.
const MOST_SPACES: usize = 3;

/// A row as it is drawn.
#[derive(Debug)]
pub(super) struct PaintedRow {
    pub(super) pieces: Vec<Piece>,
    cells: Buffer,
    /// Each character takes one column. It may be false for others too.
    is_simple: bool,
    /// The column behind the last one where something is seen.
    end: usize,
}

impl PaintedRow {
    /// A row on an empty screen.
    pub(super) fn empty(area: Rect) -> Self {
        Self { pieces: Vec::new(), cells: Buffer::empty(area), is_simple: true, end: 0 }
    }

    /// The same row with these pieces, each over those before it. Where `is_ascii` is true, `?` is drawn in place of each character
    /// that is not ASCII.
    pub(super) fn redraw(&self, pieces: Vec<Piece>, is_ascii: bool) -> Self {
        let mut cells = Buffer::empty(self.cells.area);
        let is_simple = pieces.iter().all(Piece::is_simple);
        for piece in &pieces {
            if is_simple { piece.draw_simple(&mut cells) } else { piece.draw(&mut cells) }
        }
        if is_ascii {
            let is_foreign = |cell: &&mut Cell| !cell.symbol().is_ascii();
            for cell in cells.content.iter_mut().filter(is_foreign) {
                cell.set_char('?');
            }
        }
        let last = cells.content.iter().rposition(|cell| !is_blank(cell));
        let end = last.map_or(0, |last| last + usize::from(columns_of(&cells.content[last])));
        Self { pieces, cells, is_simple: is_simple || is_ascii, end }
    }

    /// Adds the cells that turn the row `before`, which stands on the screen, into this one.
    pub(super) fn push_damage<'a>(&'a self, before: &Self, damage: &mut Vec<PlacedCell<'a>>) {
        let cells = self.cells.content.as_slice();
        let mut push = |columns: Range<usize>| {
            for column in columns {
                let (x, y) = self.cells.pos_of(column);
                damage.push((x, y, &cells[column]));
            }
        };
        let changed = self.find_changed(before);
        let (text, behind) = changed.split_at(changed.partition_point(|column| *column < self.end));
        let mut last = None;
        for &column in text {
            push(last.and_then(|last| find_cheap_gap(cells, last, column)).unwrap_or(column)..column + 1);
            last = Some(column);
        }
        match behind {
            [first, ..] if behind.len() > MOST_SPACES => {
                push(
                    if last.is_some_and(|last| last + 1 == self.end) { self.end } else { *first }
                        ..cells.len(),
                );
            }
            _ => behind.iter().for_each(|&column| push(column..column + 1)),
        }
    }

    /// The columns of the cells that differ from those before.
    fn find_changed(&self, before: &Self) -> Vec<usize> {
        let (before, after) = (before, self);
        let mut columns = Vec::with_capacity(after.cells.content.len());
        if before.is_simple && after.is_simple {
            let pairs = before.cells.content.iter().zip(&after.cells.content).enumerate();
            let pairs = pairs.take(before.end.max(after.end));
            columns.extend(pairs.filter(|(_, (before, after))| before != after).map(|(column, _)| column));
        } else {
            // Of what a wide character covers some has to be drawn though its cells are equal. ratatui knows the rules.
            let changed = before.cells.diff_iter(&after.cells);
            columns.extend(changed.map(|(x, ..)| usize::from(x - after.cells.area.x)));
        }
        columns
    }
}

/// The first column between the cells in these two columns, where writing what stands there takes no more bytes than a jump.
fn find_cheap_gap(cells: &[Cell], before: usize, behind: usize) -> Option<usize> {
    if before + 1 == behind {
        return None;
    }
    let start = before + usize::from(columns_of(&cells[before]));
    let gap = cells.get(start..behind)?;
    let jump = if gap.len() == 1 { 3 } else { 4 };
    let is_short = gap.len() <= jump && gap.iter().map(|cell| cell.symbol().len()).sum::<usize>() <= jump;
    // The attributes change once, as they would behind a jump.
    let (before, behind) = (Pen::from(&cells[before]), Pen::from(&cells[behind]));
    let mut in_other = gap.iter().skip_while(|cell| before.draws(cell));
    (is_short && gap.iter().all(|cell| columns_of(cell) == 1) && in_other.all(|cell| behind.draws(cell)))
        .then_some(start)
}

#[cfg(test)]
mod tests {
    use ratatui::style::{Modifier, Style};
    use ratatui::text::{Line, Span};

    use super::super::super::cells::write_cells;
    use super::*;

    /// The bytes that turn one row into another. Each is text and the columns of it that are reversed.
    fn write_change(before: (&str, Range<usize>), after: (&str, Range<usize>)) -> String {
        let [before, after] = [before, after].map(|(text, reversed)| {
            let (left, right) = text.split_at(reversed.end);
            let (left, middle) = left.split_at(reversed.start);
            let middle = Span::styled(middle.to_owned(), Style::new().add_modifier(Modifier::REVERSED));
            let line = Line::from(vec![Span::raw(left.to_owned()), middle, Span::raw(right.to_owned())]);
            let area = Rect::new(0, 0, 20, 1);
            PaintedRow::empty(area).redraw(vec![Piece { area, line }], false)
        });
        let (mut damage, mut bytes) = (Vec::new(), Vec::new());
        after.push_damage(&before, &mut damage);
        write_cells(&mut bytes, damage.into_iter(), None, 20).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_short_gap_is_written_again_and_a_long_one_is_jumped_over() {
        let changed = write_change(("one two of three", 0..0), ("One Two of Three x", 0..0));
        assert_eq!(changed, "\x1b[1;1HOne T\x1b[6CT\x1b[5Cx\x1b[m");
        let changed = write_change(("a→→→b", 0..0), ("x→→→y", 0..0));
        assert_eq!(changed, "\x1b[1;1Hx\x1b[3Cy\x1b[m");
    }

    #[test]
    fn a_gap_is_written_again_with_the_attributes_from_before_and_from_after_it() {
        let changed = write_change(("  [x]", 2..5), ("* [ ]", 2..5));
        assert_eq!(changed, "\x1b[1;1H* \x1b[7m[ \x1b[m");
        let changed = write_change(("abc", 1..2), ("xby", 1..2));
        assert_eq!(changed, "\x1b[1;1Hx\x1b[Cy\x1b[m");
    }

    #[test]
    fn the_blank_end_of_a_row_is_erased_where_that_takes_fewer_bytes() {
        assert_eq!(write_change(("a text", 0..0), ("a", 0..0)), "\x1b[1;3H\x1b[K\x1b[m");
        assert_eq!(write_change(("a  text", 0..0), ("b", 0..0)), "\x1b[1;1Hb\x1b[K\x1b[m");
        assert_eq!(write_change(("ab two ", 0..0), ("xy", 0..0)), "\x1b[1;1Hxy\x1b[C   \x1b[m");
    }

    #[test]
    fn a_wide_character_takes_two_columns_of_a_gap_and_of_the_text() {
        let changed = write_change(("a満b満", 0..0), ("x満y満 z", 0..0));
        assert_eq!(changed, "\x1b[1;1Hx\x1b[2Cy\x1b[3Cz\x1b[m");
        assert_eq!(write_change(("abtext", 0..0), ("満", 0..0)), "\x1b[1;1H満\x1b[K\x1b[m");
    }
}
