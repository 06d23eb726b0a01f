//! The body of the screen: the lines that are seen, out of all that there are.

use std::ops::Range;

use ratatui::text::Line;

/// The column where the lines of a text begin.
const FIRST_COLUMN: u16 = 3;

/// The part of the body that is on screen, and the place of the cursor.
#[derive(Debug, Default)]
pub(super) struct VisibleBody {
    pub(super) lines: Vec<Line<'static>>,
    /// The number of the first line, counted from 0. In a table it is the number of the first row, and so on.
    pub(super) top: usize,
    /// The number of lines on screen.
    pub(super) shown: usize,
    /// The number of all lines.
    pub(super) total: usize,
    /// The largest number that the first line can have when the user scrolls; `None` for a list that follows its focus.
    pub(super) scroll_end: Option<usize>,
    /// The cursor: its column, and the number of its line among all lines.
    pub(super) cursor: Option<(u16, usize)>,
}

impl VisibleBody {
    /// The screenful of `total` lines that line `focus` is in. Most moves of the focus leave all rows where they are. `line`
    /// is called only for lines on screen.
    pub(super) fn window(
        total: usize,
        focus: usize,
        height: u16,
        line: impl FnMut(usize) -> Line<'static>,
    ) -> Self {
        let top = Self::rows_on_screen(total, focus, height).start;
        Self::from_line(total, top, usize::from(height), line)
    }

    /// The numbers of the lines in that screenful.
    pub(super) fn rows_on_screen(total: usize, focus: usize, height: u16) -> Range<usize> {
        let height = usize::from(height);
        let top = (focus / height.max(1) * height).min(total.saturating_sub(height));
        top..total.min(top + height)
    }

    /// The lines of a text from `top` on, or the last screenful where `top` is too large. The cursor stands on the first line on
    /// screen, where a screen reader begins to read.
    pub(super) fn page(lines: Vec<Line<'static>>, top: usize, height: u16) -> Self {
        let mut lines: Vec<_> = lines.into_iter().map(Some).collect();
        let total = lines.len();
        let height = usize::from(height);
        let body = Self::from_line(total, top, height, |place| lines[place].take().unwrap_or_default());
        let cursor = Some((FIRST_COLUMN, body.top));
        Self { scroll_end: Some(total.saturating_sub(height)), cursor, ..body }
    }

    /// A table, with lines around it that do not scroll: `rows` of its `total` rows are on screen. The cursor's line counts from
    /// the first of `lines`, as if that were line `rows.start`.
    pub(super) fn with_rows(lines: Vec<Line<'static>>, rows: Range<usize>, total: usize) -> Self {
        Self { lines, top: rows.start, shown: rows.len(), total, scroll_end: None, cursor: None }
    }

    fn from_line(total: usize, top: usize, height: usize, line: impl FnMut(usize) -> Line<'static>) -> Self {
        let top = top.min(total.saturating_sub(height));
        let lines: Vec<_> = (top..total.min(top + height)).map(line).collect();
        Self { top, shown: lines.len(), total, lines, scroll_end: None, cursor: None }
    }

    pub(super) fn with_cursor(self, column: u16, line: usize) -> Self {
        Self { cursor: Some((column, line)), ..self }
    }

    /// The user can scroll until line `end` is the first one.
    pub(super) fn with_scroll_end(self, end: usize) -> Self {
        Self { scroll_end: Some(end), ..self }
    }
}
