//! How many bytes go over the line: on a slow line the user waits for each.

use super::host::{FORM, Host};
use crate::support::pty::{Exit, Pty};

/// Sends `keys` and returns how many bytes the terminal got until `text` stood on the screen.
fn cost(pty: &Pty, keys: &str, text: &str) -> usize {
    let before = pty.written();
    pty.send(keys);
    pty.wait_for_text(text);
    pty.written() - before
}

#[test]
fn the_first_frames_a_move_a_toggle_and_a_storm_of_moves_stay_within_their_bytes() {
    let host = Host::start();
    let pty = host.open();
    pty.wait_for_text(" q quit");
    // Two frames: while loading, and the form.
    let start = pty.written();
    assert!(start <= 1400, "{start}");
    let moved = cost(&pty, "\x1b[B", " >   [x] HELPFUL_THUMBS");
    assert!(moved <= 170, "a move: {moved}");
    let first = cost(&pty, " ", "1 unsaved change");
    assert!(first <= 300, "the first toggle: {first}");
    cost(&pty, "\x1b[B", " >   [x] EXPERIENCE_THUMBS");
    let second = cost(&pty, " ", "2 unsaved changes");
    assert!(second <= 200, "a further toggle: {second}");
    let storm = cost(&pty, &"\x1b[A".repeat(100), " >   [ ] Ask visitors");
    assert!(storm <= 300, "a hundred moves at once: {storm}");
    assert!(pty.screen_text().contains(FORM));
    pty.send("qn");
    assert_eq!(pty.wait_exit(), Exit::Code(0));
}
