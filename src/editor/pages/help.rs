//! All keys and what they do, from the table of keys, in three groups.
//!
//! ```text
//!    HELP
//!    CHANGE                                  LOOK
//!    Space x Enter  toggle the row; …        Up Down k j    move; scroll a page
//!    u              undo the last edit       Tab Shift-Tab  move down, up
//! ```
//!
//! On a narrow screen the groups stand below each other.

use super::super::keymap::{HelpGroup, help_of};
use super::wrap::{INDENT, wrap};

/// From this width on there are two columns.
const TWO_COLUMNS: u16 = 80;
/// The widest column: what a key does stands near the key.
const WIDEST_COLUMN: u16 = 46;
/// The heading of the page.
const TITLE: &str = "HELP";
/// The headings of the page and of its groups.
pub(in super::super) const HEADINGS: [&str; 4] = {
    let [change, save, look] = HelpGroup::ALL;
    [TITLE, change.heading(), save.heading(), look.heading()]
};
/// The space before what a key does.
const ABOUT_INDENT: &str = "                  ";

/// The lines of the page.
pub(super) fn lines(columns: u16) -> Vec<String> {
    let [change, save, look] = HelpGroup::ALL;
    let heading = format!("{INDENT}{TITLE}");
    let groups = if columns < TWO_COLUMNS {
        stack([change, save, look], columns)
    } else {
        // The texts of the right column are a little longer.
        let left = (columns / 2 - 1).min(WIDEST_COLUMN);
        let right = (columns - left).min(WIDEST_COLUMN);
        side_by_side(&stack([change, save], left), &stack([look], right), left)
    };
    std::iter::once(heading).chain(groups).collect()
}

/// Groups below each other, with an empty line between them.
fn stack<const N: usize>(groups: [HelpGroup; N], columns: u16) -> Vec<String> {
    groups.map(|group| group_lines(group, columns)).join(&String::new())
}

fn group_lines(group: HelpGroup, columns: u16) -> Vec<String> {
    let heading = format!("{INDENT}{}", group.heading());
    let keys = help_of(group).flat_map(|(label, about)| key_lines(label, about, columns));
    std::iter::once(heading).chain(keys).collect()
}

/// What a key does, with its name before the first line.
fn key_lines(label: &str, about: &str, columns: u16) -> Vec<String> {
    let mut lines = wrap(about, columns, ABOUT_INDENT);
    if let Some(first) = lines.first_mut() {
        let name = format!("{INDENT}{label}");
        *first = format!("{name:<width$}{}", first.trim_start(), width = ABOUT_INDENT.len());
    }
    lines
}

fn side_by_side(left: &[String], right: &[String], column: u16) -> Vec<String> {
    let line = |lines: &[String], place: usize| lines.get(place).cloned().unwrap_or_default();
    let height = left.len().max(right.len());
    let width = usize::from(column);
    let joined = |place| format!("{:<width$}{}", line(left, place), line(right, place)).trim_end().to_owned();
    (0..height).map(joined).collect()
}
