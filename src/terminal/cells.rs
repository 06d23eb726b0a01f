//! Cells as bytes: as few bytes as possible, because on a slow line the user waits for each.
//!
//! ratatui's own backend ends each frame with three resets where one is enough. Which cells are written is the painter's choice.

use std::io::{self, Write};

use ratatui::buffer::{Cell, CellWidth};

use super::pen::{Pen, RESET, is_blank, write_number};

/// A cell with its column and its row.
pub(super) type PlacedCell<'a> = (u16, u16, &'a Cell);

/// Erases to the end of the line.
const ERASE_TO_END: &[u8] = b"\x1b[K";

/// Writes cells on a screen of `width` columns, from left to right and from top to bottom. `cursor` is the column and the row where
/// the cursor stands, if that is known.
///
/// # Errors
/// The output's.
pub(super) fn write_cells<'a>(
    output: &mut impl Write,
    cells: impl Iterator<Item = PlacedCell<'a>>,
    mut cursor: Option<(u16, u16)>,
    width: u16,
) -> io::Result<()> {
    let cells: Vec<_> = cells.collect();
    let mut pen = Pen::default();
    for row in cells.chunk_by(|left, right| left.1 == right.1) {
        let (text, end) = row.split_at(row.len() - count_blank_end(row, width));
        for &(x, y, cell) in text {
            // Mostly it stands there.
            if cursor != Some((x, y)) {
                move_to(output, cursor, (x, y))?;
            }
            pen.change_to(output, cell)?;
            output.write_all(cell.symbol().as_bytes())?;
            let next = x.saturating_add(columns_of(cell));
            // After a character in the last column it is not known where the cursor stands.
            cursor = (next < width).then_some((next, y));
        }
        if let Some(&(x, y, cell)) = end.first() {
            move_to(output, cursor, (x, y))?;
            pen.change_to(output, cell)?;
            output.write_all(ERASE_TO_END)?;
            cursor = Some((x, y));
        }
    }
    output.write_all(RESET)
}

/// How many blank cells, one beside the other, end the row at the last column; 0 where erasing them takes no fewer bytes.
fn count_blank_end(row: &[PlacedCell<'_>], width: u16) -> usize {
    let from_last = row.iter().rev().zip((0..width).rev());
    let count = from_last.take_while(|((x, _, cell), column)| x == column && is_blank(cell)).count();
    if count > ERASE_TO_END.len() { count } else { 0 }
}

/// How many columns a cell takes.
pub(super) fn columns_of(cell: &Cell) -> u16 {
    cell.cell_width().max(1)
}

/// Moves the cursor from the column and row `from`, where they are known.
fn move_to(output: &mut impl Write, from: Option<(u16, u16)>, to: (u16, u16)) -> io::Result<()> {
    let Some((x, _)) = from.filter(|(_, y)| *y == to.1) else {
        output.write_all(b"\x1b[")?;
        write_number(output, to.1 + 1)?;
        output.write_all(b";")?;
        write_number(output, to.0 + 1)?;
        return output.write_all(b"H");
    };
    let (columns, letter) = if to.0 < x { (x - to.0, b"D") } else { (to.0 - x, b"C") };
    if columns == 0 {
        return Ok(());
    }
    output.write_all(b"\x1b[")?;
    if columns > 1 {
        write_number(output, columns)?;
    }
    output.write_all(letter)
}

#[cfg(test)]
mod tests {
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;
    use ratatui::style::{Color, Modifier, Style};

    use super::*;

    /// The bytes that turn an empty screen into `buffer`.
    fn written(buffer: &Buffer) -> String {
        let mut bytes = Vec::new();
        let before = Buffer::empty(buffer.area);
        write_cells(&mut bytes, before.diff_iter(buffer), None, buffer.area.width).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_gap_is_jumped_over_and_only_what_changes_is_set() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 12, 2));
        let style = Style::new().fg(Color::Magenta).add_modifier(Modifier::BOLD);
        buffer.set_string(1, 0, "ab", Style::new());
        buffer.set_string(5, 0, "cd", style);
        buffer.set_string(0, 1, "e", Style::new().add_modifier(Modifier::REVERSED));
        assert_eq!(written(&buffer), "\x1b[1;2Hab\x1b[2C\x1b[1;35mcd\x1b[2;1H\x1b[;7me\x1b[m");
    }

    #[test]
    fn on_the_row_of_the_cursor_it_is_moved_from_where_it_stands() {
        let buffer = Buffer::with_lines(["abc"]);
        for (cursor, bytes) in [
            ((0, 0), "abc\x1b[m"),
            ((1, 0), "\x1b[Dabc\x1b[m"),
            ((12, 0), "\x1b[12Dabc\x1b[m"),
            ((0, 1), "\x1b[1;1Habc\x1b[m"),
        ] {
            let mut written = Vec::new();
            let cells = (0..).zip(&buffer.content).map(|(x, cell)| (x, 0, cell));
            write_cells(&mut written, cells, Some(cursor), 20).unwrap();
            assert_eq!(String::from_utf8(written).unwrap(), bytes, "{cursor:?}");
        }
    }

    #[test]
    fn behind_a_wide_character_and_the_last_column_the_cursor_is_where_it_is() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 6, 2));
        buffer.set_string(0, 0, "満a", Style::new());
        buffer.set_string(4, 0, "yz", Style::new());
        buffer.set_string(0, 1, "b", Style::new());
        assert_eq!(written(&buffer), "\x1b[1;1H満a\x1b[Cyz\x1b[2;1Hb\x1b[m");
    }

    #[test]
    fn a_background_is_set_and_taken_back() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 6, 1));
        buffer.set_string(0, 0, "ab", Style::new().fg(Color::White).bg(Color::Red));
        buffer.set_string(2, 0, "cd", Style::new());
        assert_eq!(written(&buffer), "\x1b[1;1H\x1b[97;41mab\x1b[mcd\x1b[m");
    }

    #[test]
    fn blank_cells_up_to_the_last_column_are_erased_where_that_takes_fewer_bytes() {
        let erased = |text: &str| {
            let buffer = Buffer::with_lines([text]);
            let cells = (0..).zip(&buffer.content).map(|(x, cell)| (x, 0, cell));
            let mut bytes = Vec::new();
            write_cells(&mut bytes, cells, None, buffer.area.width).unwrap();
            String::from_utf8(bytes).unwrap()
        };
        assert_eq!(erased("ab    "), "\x1b[1;1Hab\x1b[K\x1b[m");
        assert_eq!(erased("abc   "), "\x1b[1;1Habc   \x1b[m");
        assert_eq!(erased("ab   c"), "\x1b[1;1Hab   c\x1b[m");
    }
}
