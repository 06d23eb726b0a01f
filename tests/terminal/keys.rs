//! Keys arrive: whole, once, and as what they are.

use std::fmt::Write as _;

use super::probe;
use crate::support::pty::{Launch, Pty};

fn start() -> Pty {
    probe::start(Launch::SessionLeader)
}

#[test]
fn a_paste_of_three_thousand_bytes_arrives_whole_and_is_known_for_one() {
    let pty = start();
    // Were it typed, its first key would end the program.
    pty.send("q".repeat(3000));
    pty.wait_for_text("3000 keys");
    assert!(!pty.screen_text().contains(" 0 bursts"), "{}", pty.screen_text());
}

#[test]
fn a_paste_larger_than_the_lines_buffer_arrives_whole() {
    let pty = start();
    pty.send("q".repeat(20_000));
    pty.wait_for_text("20000 keys");
}

#[test]
fn a_bracketed_paste_is_its_text_and_its_marks_make_nothing_deaf() {
    let pty = start();
    pty.send(format!("\x1b[200~{}", "p".repeat(100)));
    pty.wait_for_text("100 keys");
    // Its end mark is lost: a key is heard again once no byte has come for a second.
    pty.insist("\x1b[A", "last Some(Up)");
    pty.send(format!("\x1b[200~{}\x1b[201~\x1b[B", "p".repeat(100)));
    pty.wait_for_text("last Some(Down)");
}

#[test]
fn an_escape_alone_is_a_key() {
    let pty = start();
    pty.send("\x1b");
    pty.wait_for_text("1 keys, 0 bursts, last Some(Esc)");
}

#[test]
fn any_bytes_leave_it_hearing() {
    let pty = start();
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..20 {
        // Kept together, so that it is a burst and no command to the probe.
        let mut bytes: Vec<u8> = (0..500).map(|_| random.u8(..)).collect();
        bytes.extend([b'x'; 20]);
        pty.send(bytes);
    }
    pty.send("\x1b[6~");
    pty.wait_for_text("last Some(PageDown)");
}

#[test]
fn a_storm_of_resizes_ends_at_the_last_size() {
    let pty = probe::builder(Launch::SessionLeader).size(40, 12).start();
    pty.wait_for_text("READY 40x12");
    for (columns, rows) in [(1, 1), (500, 200), (40, 12), (7, 3), (600, 300), (100, 30)] {
        pty.resize(columns, rows);
    }
    pty.wait_for_text("READY 100x30");
    // Above 500 by 200 it draws into 500 by 200.
    pty.resize(600, 300);
    pty.wait_for_text("READY 500x200");
}

#[test]
fn a_frame_is_one_write_and_nothing_is_asked_of_the_terminal() {
    let pty = start();
    let mut wanted = String::from("\x1b[?1049h\x1b[?2004h\x1b[?25l\x1b[0m\x1b[2J");
    write!(wanted, "\x1b[1;1HREADY").unwrap();
    let raw = pty.raw_output();
    let raw = String::from_utf8_lossy(&raw);
    assert!(raw.contains(&wanted), "{raw:?}");
    for question in ["\x1b[c", "\x1b[6n", "\x1b[>", "\x1b]", "\x1b[?u", "\x1bP"] {
        assert!(!raw.contains(question), "{raw:?}");
    }
}
