//! The body of the screen: the lines that are seen, out of all that there are.

use ratatui::text::Line;

/// What of the body is on screen: its lines, which of all they are, and where the cursor stands.
#[derive(Debug, Default)]
pub(super) struct VisibleBody {
    pub(super) lines: Vec<Line<'static>>,
    /// The number of the first one.
    pub(super) top: usize,
    /// How many they are.
    pub(super) shown: usize,
    /// How many there would be in all.
    pub(super) total: usize,
    /// The largest number that the first line can have when the user scrolls; `None` for a list that follows its focus.
    pub(super) scroll_end: Option<usize>,
    /// The cursor: column, and line of all.
    pub(super) cursor: Option<(u16, usize)>,
}

impl VisibleBody {
    /// The part of `total` lines that must be seen for line `focus`: a screenful at a time, so that most moves leave every
    /// row where it is. Only lines that are seen are made.
    pub(super) fn window(
        total: usize,
        focus: usize,
        height: u16,
        line: impl FnMut(usize) -> Line<'static>,
    ) -> Self {
        let height = usize::from(height);
        Self::from_line(total, focus / height.max(1) * height, height, line)
    }

    /// A text in the lines from `top` on, or as far down as there is text.
    pub(super) fn page(lines: Vec<Line<'static>>, top: usize, height: u16) -> Self {
        let mut lines: Vec<_> = lines.into_iter().map(Some).collect();
        let total = lines.len();
        let height = usize::from(height);
        let body = Self::from_line(total, top, height, |place| lines[place].take().unwrap_or_default());
        Self { scroll_end: Some(total.saturating_sub(height)), ..body }
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
