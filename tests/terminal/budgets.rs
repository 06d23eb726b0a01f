//! How many bytes go over the line: on a slow line the user waits for each.

use convrating::demo::Method;

use super::host::{FORM, Host, opened, within};
use crate::support::pty::{Builder, Exit, Pty};

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
    assert!(first <= 280, "the first toggle: {first} {}", raw(&pty, first));
    cost(&pty, "\x1b[B", " >   [x] EXPERIENCE_THUMBS");
    let second = cost(&pty, " ", "2 unsaved changes");
    assert!(second <= 120, "a further toggle: {second} {}", raw(&pty, second));
    let storm = cost(&pty, &"\x1b[A".repeat(100), " >   [ ] Ask visitors");
    assert!(storm <= 300, "a hundred moves at once: {storm}");
    assert!(pty.screen_text().contains(FORM));
    pty.send("qn");
    assert_eq!(pty.wait_exit(), Exit::Code(0));
}

#[test]
fn the_first_frame_stays_within_its_bytes() {
    let host = Host::start();
    let held = host.hooks.hold(Method::Get);
    let pty = host.editor().start();
    within(held.arrived());
    pty.wait_for_text(" q quit");
    let first = pty.written();
    assert!(first <= 700, "{first} {}", raw(&pty, first));
}

/// Here the profile's name stands in the header, and in the words about what is not saved.
#[test]
fn the_first_toggle_in_the_demo_stays_within_its_bytes() {
    let pty = opened(Builder::convrating(&["--demo"]));
    let first = cost(&pty, " ", "1 unsaved change");
    assert!(first <= 280, "{first} {}", raw(&pty, first));
    pty.send("qn");
    assert_eq!(pty.wait_exit(), Exit::Code(0));
}

#[test]
fn a_warning_that_comes_or_goes_stays_within_its_bytes() {
    let host = Host::start();
    let pty = host.open();
    cost(&pty, " ", "1 unsaved change");
    cost(&pty, "\x1b[B", " >   [x] HELPFUL_THUMBS");
    cost(&pty, " ", "2 unsaved changes");
    cost(&pty, "\x1b[B", " >   [x] EXPERIENCE_THUMBS");
    for sign in ["Warning: ", "2 unsaved changes"] {
        let warned = cost(&pty, " ", sign);
        assert!(warned <= 200, "a warning that comes or goes: {warned} {}", raw(&pty, warned));
    }
    pty.send("qn");
    assert_eq!(pty.wait_exit(), Exit::Code(0));
}

#[test]
fn a_toggle_on_a_wide_and_high_screen_stays_within_its_bytes() {
    let host = Host::start();
    let pty = host.editor().size(120, 40).start();
    pty.wait_for_text("THIS RUN");
    cost(&pty, "2", " >   [x] HELPFUL_THUMBS");
    // The first one draws the changes and the request, and no line moves for them.
    for sign in ["1 of 2 on", "2 of 2 on", "1 of 2 on"] {
        let toggled = cost(&pty, " ", sign);
        assert!(toggled <= 500, "a question: {toggled} {}", raw(&pty, toggled));
    }
    cost(&pty, "1", " >   [ ] Ask visitors");
    // This one draws the whole card too, which is 38 columns wide and ten rows high.
    let card = cost(&pty, " ", "Rate this conversation");
    assert!(card <= 950, "the rating: {card} {}", raw(&pty, card));
    pty.send("qn");
    assert_eq!(pty.wait_exit(), Exit::Code(0));
}

/// The last bytes that the terminal got.
fn raw(pty: &Pty, count: usize) -> String {
    let raw = pty.raw_output();
    String::from_utf8_lossy(&raw[raw.len() - count..]).escape_debug().to_string()
}
