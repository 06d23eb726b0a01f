//! Tables: cells with a style of their own, padded to the widths of their columns.
//!
//! The conflict and the list of profiles use them. Both measure only the rows that they draw.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::text::cut;
use super::theme::Theme;

/// One cell: pieces of text, each with its style.
pub(super) type Cell = Line<'static>;

/// A cell of one piece.
pub(super) fn styled(text: impl Into<String>, style: Style) -> Cell {
    // The style belongs to the piece: one of the whole line would be lost where cells become one line.
    Line::from(Span::styled(text.into(), style))
}

/// The width of each of so many columns, in columns of the terminal: that of its widest cell. A row may end early.
pub(super) fn measure(columns: usize, rows: &[Vec<Cell>]) -> Vec<usize> {
    let widest = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(Cell::width).max();
    (0..columns).map(|column| widest(column).unwrap_or(0)).collect()
}

/// The columns that a table of these widths takes, with `gap` columns between two of its columns.
pub(super) fn total_width(widths: &[usize], gap: usize) -> usize {
    widths.iter().sum::<usize>() + gap * widths.len().saturating_sub(1)
}

/// One row as a line behind `indent`. A cell that is wider than its column is cut.
pub(super) fn line(
    indent: &'static str,
    cells: Vec<Cell>,
    widths: &[usize],
    gap: usize,
    theme: &Theme,
) -> Line<'static> {
    let mut line = Line::from(indent);
    let mut missing = 0;
    for (cell, width) in cells.into_iter().zip(widths) {
        line.push_span(Span::raw(" ".repeat(missing)));
        let cell = cut_cell(cell, *width, theme);
        missing = width - cell.width() + gap;
        line.spans.extend(cell.spans);
    }
    line
}

/// The cell in at most `width` columns. Its first piece is cut first, but keeps a third of the width.
fn cut_cell(mut cell: Cell, width: usize, theme: &Theme) -> Cell {
    let mut pieces = cell.spans.iter_mut();
    let Some(first) = pieces.next() else { return cell };
    let mut room = width - first.width().min(width / 3);
    for piece in pieces {
        piece.content = cut(&piece.content, room, theme).into();
        room -= piece.width();
    }
    let others: usize = cell.spans.iter().skip(1).map(Span::width).sum();
    cell.spans[0].content = cut(&cell.spans[0].content, width - others, theme).into();
    cell
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(line: &Line<'_>) -> String {
        line.spans.iter().map(|span| span.content.as_ref()).collect()
    }

    #[test]
    fn cells_stand_below_each_other_and_the_last_one_is_not_padded() {
        let rows = [vec![Cell::from("profile"), Cell::from("agent")], vec![Cell::from("a"), Cell::from("b")]];
        let widths = measure(2, &rows);
        assert_eq!(widths, [7, 5]);
        assert_eq!(total_width(&widths, 2), 14);
        let lines = rows.map(|row| text(&line("   ", row, &widths, 2, &Theme::PLAIN)));
        assert_eq!(lines, ["   profile  agent", "   a        b"]);
    }

    #[test]
    fn a_name_is_cut_before_what_stands_behind_it_and_keeps_a_third() {
        let cell = || Cell::from(vec![Span::raw("acme-prod"), Span::raw(" [PROTECTED]")]);
        assert_eq!(text(&cut_cell(cell(), 17, &Theme::PLAIN)), "acme… [PROTECTED]");
        assert_eq!(text(&cut_cell(cell(), 8, &Theme::PLAIN)), "a… [PRO…");
    }

    proptest! {
        #[test]
        fn a_cell_never_leaves_its_column(pieces in proptest::collection::vec(".{0,12}", 0..4), width in 0_usize..30) {
            let cell = Cell::from(pieces.into_iter().map(Span::raw).collect::<Vec<_>>());
            prop_assert!(cut_cell(cell, width, &Theme::PLAIN).width() <= width);
        }
    }
}
