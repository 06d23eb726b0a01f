//! What stays in its place while the user edits, so that no eye has to look for it again.

use super::screens::two_changes;
use crate::support::configuration::settings;
use crate::support::gallery::log_requests;
use crate::support::model_harness::ModelHarness;

/// What must not move, where there is room for it.
const FIXED: [&str; 3] = ["? help", "q quit", "THIS RUN"];

/// The row and the column of a text.
fn place(harness: &ModelHarness, text: &str) -> Option<(usize, usize)> {
    let screen = harness.screen();
    let found = screen.lines().enumerate().find_map(|(row, line)| Some((row, line.split_once(text)?.0)));
    found.map(|(row, before)| (row, before.chars().count()))
}

#[test]
fn no_edit_moves_the_keys_for_help_and_quit_nor_the_last_requests() {
    let rows = [12, 18, 24, 30, 33, 36, 37, 38, 40, 50, 60];
    let columns = [40, 60, 80, 100, 120, 121, 125, 160, 200];
    for (columns, rows) in columns.into_iter().flat_map(|columns| rows.map(|rows| (columns, rows))) {
        let before = settings(false, "HELPFUL_THUMBS EXPERIENCE_THUMBS");
        let mut harness = ModelHarness::reading_at(before, columns, rows);
        // As many as the pane holds, and one more.
        for _ in 0..3 {
            log_requests(&mut harness);
        }
        let places = |harness: &ModelHarness| FIXED.map(|text| place(harness, text));
        let first = places(&harness);
        // After a save there are more keys.
        assert_eq!(places(&two_changes(columns, rows))[..2], first[..2], "{columns}x{rows}, after a save");
        assert_eq!(first.map(|place| place.is_some()), [true, true, rows >= 36], "{columns}x{rows}");
        for keys in ["space", "down space", "down space", "u", "a A enter", "d"] {
            let now = places(harness.press(keys));
            // On a smaller screen the panes above, or the words of the status, need the lines.
            let count = if columns < 80 || rows < 40 { 2 } else { 3 };
            let is_fixed = first[..count] == now[..count];
            assert!(is_fixed, "{columns}x{rows}, {keys}: {first:?} {now:?}\n{}", harness.screen());
        }
    }
}
