//! How far a text is scrolled.
//!
//! Only the view knows how many lines a text takes and how many fit. It measures both while it draws, and the loop hands
//! the result back with [`Model::note_scroll_end`](super::Model::note_scroll_end).

/// A direction, and how far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Motion {
    /// One up, or the previous one.
    Up,
    /// One down, or the next one.
    Down,
    /// A screenful up.
    PageUp,
    /// A screenful down.
    PageDown,
    /// To the first.
    First,
    /// To the last.
    Last,
}

impl Motion {
    /// The place that this motion leads to from the place `at`, where the last place is `last`. `page` is the number of
    /// places in a screenful.
    pub fn apply(self, at: usize, last: usize, page: usize) -> usize {
        let moved = match self {
            Self::Up => at.saturating_sub(1),
            Self::Down => at.saturating_add(1),
            Self::PageUp => at.saturating_sub(page),
            Self::PageDown => at.saturating_add(page),
            Self::First => 0,
            Self::Last => last,
        };
        moved.min(last)
    }
}

/// How far a text is scrolled, in lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scroll {
    /// The first line on screen, counted from 0. Before the first frame it may be more than there are lines.
    pub top: usize,
    /// The largest `top` with the screen still full of text; `usize::MAX` until the first frame has measured it.
    end: usize,
}

impl Default for Scroll {
    fn default() -> Self {
        Self { top: 0, end: usize::MAX }
    }
}

impl Scroll {
    /// Scrolls, but never beyond the end.
    pub(crate) fn move_by(&mut self, motion: Motion, page: usize) {
        self.top = self.aim(motion, page);
    }

    /// The first line on screen after this motion.
    pub(crate) fn aim(self, motion: Motion, page: usize) -> usize {
        motion.apply(self.top, self.end, page)
    }

    /// The view has measured that `end` is the largest `top`.
    pub(crate) fn note_end(&mut self, end: usize) {
        *self = Self { top: self.top.min(end), end };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_scrolls_to_its_measured_end_and_back() {
        let mut scroll = Scroll::default();
        scroll.note_end(7);
        scroll.move_by(Motion::PageDown, 5);
        assert_eq!(scroll.top, 5);
        scroll.move_by(Motion::PageDown, 5);
        assert_eq!(scroll.top, 7);
        scroll.move_by(Motion::Up, 5);
        assert_eq!(scroll.top, 6);
        scroll.note_end(2);
        assert_eq!(scroll.top, 2);
    }

    #[test]
    fn a_key_before_the_first_frame_counts_as_soon_as_the_end_is_known() {
        let mut scroll = Scroll::default();
        scroll.move_by(Motion::Last, 5);
        scroll.note_end(7);
        assert_eq!(scroll.top, 7);
    }
}
