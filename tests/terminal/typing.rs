//! What is typed, pasted or comes as noise: all of it arrives, and nothing is changed that was not asked for.

use convrating::demo::Method;

use super::host::{FORM, HELP, Host};
use super::screens::{SCREENS, Set, TO_TOKEN, walk};
use crate::support::pty::crowd::each;
use crate::support::pty::{Builder, Exit, Launch, Pty};

/// The first row as the server has it, focused.
const UNTOUCHED: &str = " >   [ ] Ask visitors";

/// Quits a form without changes, which is the proof that nothing was changed.
fn assert_unchanged(host: &Host, pty: &Pty) {
    assert!(!pty.words().contains("unsaved change"), "{}", pty.screen_text());
    assert_eq!(host.hooks.attempts(Method::Patch), 0);
    // The burst is over once a key is heard again.
    pty.insist("?", HELP);
    walk(pty, &[("\x1b", FORM), ("q", "")]);
    assert_eq!(pty.wait_exit(), Exit::Code(0));
    pty.assert_restored();
}

#[test]
fn a_paste_on_the_form_changes_nothing_and_says_so_bracketed_or_not() {
    let text = "x s q d\rspace\nsave it, quit, n\r".repeat(20);
    for paste in
        [text.clone(), format!("\x1b[200~{text}\x1b[201~"), format!("\x1b[200~{text}"), "s".repeat(3000)]
    {
        let host = Host::start();
        let pty = host.open();
        pty.send(&paste);
        pty.wait_for_text("That was a paste: outside a text field it changes nothing.");
        assert_unchanged(&host, &pty);
    }
}

/// How many characters are pasted: less and more than a user types at once, and more than the line's buffer holds.
const LENGTHS: [usize; 6] = [1, 2, 8, 9, 300, 100_000];

#[test]
fn a_marked_paste_of_any_length_on_any_screen_changes_nothing() {
    let cells: Vec<_> = SCREENS.iter().collect();
    each(
        &cells,
        |screen| screen.name.to_owned(),
        |screen| {
            let Set { pty, host, held: _held } = screen.open(Launch::SessionLeader);
            for length in LENGTHS {
                let keys = " \rxsnyqdub\t\x03x\x1b[B".chars().cycle();
                let text: String = keys.take(length).collect();
                pty.send(format!("\x1b[200~{text}\x1b[201~"));
            }
            if !screen.has_field() {
                pty.wait_for_words("a refusal of the paste", |words| {
                    words.contains("That was a paste: outside")
                });
            }
            // What is asked on the way out tells what has changed since the screen was reached: nothing.
            // A key that comes together with the paste is a part of it.
            let (steps, code) = screen.ctrl_c;
            for (keys, text) in steps.iter().filter(|(_, text)| !text.is_empty()) {
                pty.insist(keys, text);
            }
            assert_eq!(pty.insist_on_exit("\x03"), Exit::Code(code));
            assert_eq!(host.hooks.attempts(Method::Patch), usize::from(screen.is_saving()));
            pty.assert_restored();
        },
    );
}

#[test]
fn keys_that_are_typed_ahead_are_not_taken_for_a_paste() {
    let host = Host::start();
    let pty = host.open();
    pty.send(" sq");
    assert_eq!(pty.wait_exit(), Exit::Code(0));
    assert_eq!(host.hooks.attempts(Method::Patch), 1);
    assert_eq!(host.hooks.configuration("acme")["conv_rating_active"], true);
}

#[test]
fn in_a_burst_only_movement_counts() {
    let host = Host::start();
    let pty = host.open();
    pty.send(format!("{}\x1b[B\x1b[B", "x".repeat(30)));
    pty.wait_for_text(" >   [x] EXPERIENCE_THUMBS");
    pty.wait_for_text("That was a paste");
    assert_unchanged(&host, &pty);
}

#[test]
fn held_down_keys_move_and_every_press_counts() {
    let host = Host::start();
    let codes: Vec<String> = (0..300).map(|number| format!("CODE_{number:03}")).collect();
    let mut held = host.hooks.configuration("acme");
    held["conv_rating_question_codes"] = codes.into();
    host.hooks.set_configuration("acme", held);
    let pty = host.open();
    pty.send("\x1b[B".repeat(250));
    pty.wait_for_text(" >   [x] CODE_249");
    pty.send("\x1b[A".repeat(100));
    pty.wait_for_text(" >   [x] CODE_149");
    pty.send("q");
    assert_eq!(pty.wait_exit(), Exit::Code(0));
}

#[test]
fn a_paste_of_three_thousand_bytes_into_a_field_arrives_whole_without_its_line_ends() {
    let host = Host::start();
    let pty = Builder::convrating(&[]).env("QUICKCHAT_BASE_URL", &host.url).start();
    walk(&pty, TO_TOKEN);
    for paste in ["q".repeat(3000), format!("\x1b[200~{}\x1b[201~", "q\r\n".repeat(3000))] {
        pty.wait_for_text("API TOKEN");
        pty.send(&paste);
        pty.wait_for_text("(3000 characters)");
        // Right behind the paste, Ctrl-U is a part of it.
        pty.insist_away("\x15", "characters)");
    }
    pty.send("\x03");
    assert_eq!(pty.wait_exit(), Exit::Code(0));
}

#[test]
fn a_paste_into_the_field_for_a_code_is_its_text_in_one_line() {
    let host = Host::start();
    let pty = host.open();
    walk(
        &pty,
        &[
            ("a", "ADD A QUESTION CODE"),
            ("\x1b[200~PASTED\r\n_FROM_\nA_MAIL\r\x1b[201~", "PASTED_FROM_A_MAIL"),
        ],
    );
    pty.insist("\r", "* [x] PASTED_FROM_A_MAIL");
    walk(&pty, &[("", "1 unsaved change"), ("q", "Quit without saving"), ("n", "")]);
    assert_eq!(pty.wait_exit(), Exit::Code(0));
}

#[test]
fn a_sequence_in_pieces_is_the_key_that_it_is() {
    let host = Host::start();
    let pty = host.open();
    for piece in ["\x1b", "[", "B"] {
        pty.send(piece);
    }
    pty.wait_for_text(" >   [x] HELPFUL_THUMBS");
    for piece in ["\x1b[", "1;", "5A"] {
        pty.send(piece);
    }
    pty.wait_for_text(UNTOUCHED);
    assert_unchanged(&host, &pty);
}

#[test]
fn answers_reports_and_releases_are_no_keys() {
    let host = Host::start();
    let pty = host.open();
    // Each would toggle, save or quit if its letters were taken for keys, and none is: movement behind it is heard.
    for noise in [
        "\x1b[?62;22c",
        "\x1b[12;40R",
        "\x1b]11;rgb:0000/0000/0000\x1b\\",
        "\x1bP>|xterm s q\x1b\\",
        "\x1b[I",
        "\x1b[O",
        "\x1b[<0;5;5M",
        "\x1b[M !!",
        "\x1b[115;1:3u",
        "\x1b[32;1:3u",
        "\x1bs",
        "\x1bx",
        "\x1bq",
        "\x1b[13;2u",
        "\x1b_Gs;q\x1b\\",
        "\x1b]52;c;c3Fz\x07",
        "\u{9b}",
        "\x01",
        "\x02",
        "\x04",
        "\x11",
        "\x1c",
    ] {
        pty.send(noise);
        pty.insist("\x1b[B", " >   [x]");
        pty.insist("\x1b[H", UNTOUCHED);
    }
    assert_unchanged(&host, &pty);
}

/// Bytes that ask for nothing: no `s`, no Ctrl-S, no Enter (it may press a button), and none that leaves.
const ASKING: &[u8] = b"s\x13\r\nq\x03n";

fn noise(seed: u64, count: usize) -> Vec<u8> {
    let mut random = fastrand::Rng::with_seed(seed);
    std::iter::repeat_with(|| random.u8(..)).filter(|byte| !ASKING.contains(byte)).take(count).collect()
}

#[test]
fn random_bytes_never_end_it_and_never_send_anything() {
    each(
        &[1, 2, 3, 4, 5, 6],
        |seed| format!("seed {seed}"),
        |seed| {
            let host = Host::start();
            let pty = host.open();
            let bytes = noise(*seed, 4096);
            // Odd seeds come as one stream, even ones in the size of keys, each with a frame between.
            if seed % 2 == 1 {
                pty.send(&bytes);
            } else {
                for (piece, columns) in bytes.chunks(5).zip([81, 80].into_iter().cycle()) {
                    let before = pty.written();
                    pty.send(piece);
                    pty.resize(columns, 24);
                    pty.wait_for_more_than(before);
                }
            }
            // Whatever is open: out of it, and the keys are heard.
            pty.insist("\x1b", FORM);
            pty.insist_away("\x1b", "Find:");
            pty.insist("\x1b[F", " >   +   add a question code");
            assert_eq!(host.hooks.attempts(Method::Patch), 0);
            super::bytes::assert_own(&super::bytes::clipboard(&pty.raw_output()).1);
            pty.signal(rustix::process::Signal::TERM);
            assert_eq!(pty.wait_exit(), Exit::Code(143));
            pty.assert_restored();
        },
    );
}
