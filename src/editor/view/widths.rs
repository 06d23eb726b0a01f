//! The widths in columns at which the layout changes.

/// Under this width only the short sentences fit, and what a code asks does not stand in its row.
pub(super) const NARROW: u16 = 60;
/// From this width on the illustration stands beside the form.
pub(super) const WIDE: u16 = 100;
/// Form and illustration take at most so many columns: nothing stands far from what it belongs to.
pub(super) const WIDEST: u16 = 120;
