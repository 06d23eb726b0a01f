//! A time as a page tells it.

use jiff::Zoned;

/// A local time of day, with the date if it is not today.
pub(in super::super) fn moment(at: &Zoned, now: &Zoned) -> String {
    let is_today = at.date() == now.date();
    at.strftime(if is_today { "%H:%M:%S" } else { "%Y-%m-%d %H:%M:%S" }).to_string()
}
