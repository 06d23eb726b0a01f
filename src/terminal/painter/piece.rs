//! A line of text, and the part of a row that it is drawn in.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;
use ratatui::widgets::Widget;

/// A line of text, and the part of a row that it is drawn in.
#[derive(Debug, PartialEq)]
pub(super) struct Piece {
    pub(super) area: Rect,
    pub(super) line: Line<'static>,
}

impl Piece {
    /// True if the line begins at the left, and each of its characters is one that takes a column for itself: ASCII, or an ornament
    /// of the editor. It may be false for others too.
    pub(super) fn is_simple(&self) -> bool {
        let is_simple = |character| matches!(character, ' '..='~' | '×' | '…' | '→' | '─');
        self.line.alignment.is_none()
            && self.line.spans.iter().all(|span| span.content.chars().all(is_simple))
    }

    /// Draws the line into the cells of its row.
    pub(super) fn draw(&self, cells: &mut Buffer) {
        (&self.line).render(self.area, cells);
    }

    /// The same for a simple line. ratatui looks for the borders and the width of each character, which takes most of its time; here
    /// that is not needed.
    pub(super) fn draw_simple(&self, cells: &mut Buffer) {
        let row = self.area.intersection(cells.area);
        if row.is_empty() {
            return;
        }
        let row = usize::from(row.x - cells.area.x)..usize::from(row.right() - cells.area.x);
        let row = &mut cells.content[row];
        let spans = self.line.spans.iter();
        if self.line.style != Style::new() && spans.clone().any(|span| !span.content.is_empty()) {
            for cell in row.iter_mut() {
                cell.set_style(self.line.style);
            }
        }
        let characters = spans.flat_map(|span| span.content.chars().map(|character| (character, span.style)));
        for (cell, (character, style)) in row.iter_mut().zip(characters) {
            cell.set_char(character).set_style(style);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ratatui::buffer::Cell;
    use ratatui::layout::Alignment;
    use ratatui::style::Modifier;
    use ratatui::text::Span;

    use super::*;

    fn any_style() -> impl Strategy<Value = Style> {
        prop_oneof![
            Just(Style::new()),
            Just(Style::new().red().bold()),
            Just(Style::new().add_modifier(Modifier::REVERSED)),
        ]
    }

    proptest! {
        #[test]
        fn a_simple_line_is_drawn_as_ratatui_draws_it(
            first in "[ -~…→]{0,5}[a\u{6e80}\u{301}\u{7}]?", second in "[ -~]{0,9}", is_right: bool,
            styles in (any_style(), any_style(), any_style()), x in 0_u16..14, width in 0_u16..12,
        ) {
            let spans = vec![Span::styled(first, styles.0), Span::styled(second, styles.1)];
            let mut line = Line::from(spans).style(styles.2);
            line.alignment = is_right.then_some(Alignment::Right);
            let area = Rect::new(x, 3, width, 1);
            let mut ours = Buffer::filled(Rect::new(2, 3, 10, 1), Cell::new("."));
            let mut theirs = ours.clone();
            let piece = Piece { area, line };
            piece.draw(&mut theirs);
            piece.draw_simple(&mut ours);
            prop_assert!(ours == theirs || !piece.is_simple(), "{ours:?} {theirs:?}");
        }
    }
}
