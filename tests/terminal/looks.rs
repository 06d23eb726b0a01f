//! How it looks where: sizes, colours, characters, and terminals that are none.

use super::bytes::{assert_own, foreign};
use super::host::{HELP, Host, opened};
use super::screens::walk;
use crate::support::pty::crowd::each;
use crate::support::pty::{Builder, Exit, Launch};

const WIDTHS: [u16; 14] = [1, 2, 3, 7, 20, 39, 40, 41, 59, 80, 99, 100, 200, 500];
const HEIGHTS: [u16; 9] = [1, 2, 3, 11, 12, 15, 24, 60, 200];

#[test]
fn every_size_from_one_cell_to_five_hundred_columns_draws_and_keeps_the_draft() {
    each(
        &WIDTHS,
        |width| format!("{width} columns"),
        |width| {
            let host = Host::start();
            let pty = host.open();
            walk(&pty, &[(" ", "1 unsaved change")]);
            for height in HEIGHTS {
                let before = pty.written();
                pty.resize(*width, height);
                pty.wait_for_more_than(before);
            }
            pty.resize(80, 24);
            walk(&pty, &[("", "1 unsaved change"), ("", "> * [x] Ask visitors")]);
            assert_own(&pty.raw_output());
        },
    );
}

#[test]
fn it_can_be_started_and_left_at_every_size() {
    let sizes =
        [(1, 1), (1, 200), (500, 1), (2, 2), (39, 12), (40, 11), (40, 12), (500, 200), (900, 400), (0, 0)];
    each(
        &sizes,
        |size| format!("{size:?}"),
        |(columns, rows)| {
            let host = Host::start();
            let pty = host.editor().size(*columns, *rows).start();
            pty.wait_for_more_than(0);
            // A key that comes together with the form was meant for what stood there before, and is dropped. At these sizes
            // no text on the screen tells that the form is there.
            assert_eq!(pty.insist_on_exit("q"), Exit::Code(0));
            pty.assert_restored();
            assert_own(&pty.raw_output());
        },
    );
}

#[test]
fn a_storm_of_resizes_ends_at_the_last_size_with_the_draft() {
    let host = Host::start();
    let pty = host.open();
    walk(&pty, &[(" ", "1 unsaved change")]);
    let mut random = fastrand::Rng::with_seed(11);
    for _ in 0..300 {
        pty.resize(random.u16(1..=600), random.u16(1..=300));
    }
    pty.resize(100, 30);
    walk(&pty, &[("", "Illustration"), ("", "1 unsaved change"), ("q", "Quit without saving"), ("n", "")]);
    assert_eq!(pty.wait_exit(), Exit::Code(0));
    pty.assert_restored();
}

/// True if the output has a colour in it, other than the terminal's own: one that every terminal of 16 has.
fn has_colour(raw: &[u8]) -> bool {
    let text = String::from_utf8_lossy(raw);
    assert!(!text.contains("38;"), "{text}");
    ["31", "32", "35"].iter().any(|colour| text.contains(&format!("{colour}m")))
}

#[test]
fn colours_are_there_unless_somebody_asked_for_none_and_the_focus_is_always_reversed() {
    for (arguments, variable, coloured) in [
        (&["--demo"][..], None, true),
        (&["--demo"], Some("1"), false),
        (&["--demo"], Some(""), true),
        (&["--demo", "--color", "auto"], Some("1"), false),
        (&["--demo", "--color", "never"], None, false),
        (&["--demo", "--color", "always"], Some("1"), true),
    ] {
        let builder = Builder::convrating(arguments);
        let pty = opened(variable.into_iter().fold(builder, |builder, value| builder.env("NO_COLOR", value)));
        pty.wait_for("a reversed checkbox, and bold keys", |screen| {
            let (row, column) = screen.cursor_position();
            let has = |text: &str, attribute: fn(&vt100::Cell) -> bool, row: u16, column: u16| {
                screen.cell(row, column).is_some_and(|cell| cell.contents() == text && attribute(cell))
            };
            has(" ", vt100::Cell::inverse, row, column) || has("[", vt100::Cell::inverse, row, column)
        });
        pty.send("q");
        assert_eq!(pty.wait_exit(), Exit::Code(0));
        assert_eq!(has_colour(&pty.raw_output()), coloured, "{arguments:?} NO_COLOR={variable:?}");
    }
}

#[test]
fn in_a_locale_of_wide_characters_the_editors_own_ornaments_are_ascii_and_codes_stay_as_they_are() {
    for locale in ["ja_JP.UTF-8", "ko_KR.UTF-8", "zh_CN.UTF-8"] {
        let host = Host::start();
        let mut held = host.hooks.configuration("acme");
        held["conv_rating_question_codes"] = vec!["満足→度"].into();
        host.hooks.set_configuration("acme", held);
        let pty = opened(host.editor().env("LC_ALL", locale));
        let steps = [
            (" ", "1 unsaved change"),
            ("v", "s reads again"),
            ("\x1b", "Nothing was sent yet"),
            ("s", "Saved"),
        ];
        for step in steps {
            walk(&pty, &[step]);
            let screen = pty.screen_text().replace("満足→度", "");
            assert!(!screen.contains(['─', '→', '…', '×']), "{locale}: {screen}");
        }
        walk(&pty, &[("q", "")]);
        assert_eq!(pty.wait_exit(), Exit::Code(0));
    }
}

#[test]
fn with_ascii_or_another_locale_no_byte_is_above_7f_on_any_screen() {
    let looks: [(&[&str], &str); 4] =
        [(&["--ascii"], "C.UTF-8"), (&[], "C"), (&[], "POSIX"), (&[], "de_DE.ISO-8859-1")];
    for (arguments, locale) in looks {
        let host = Host::start();
        let mut held = host.hooks.configuration("acme");
        held["conv_rating_question_codes"] = vec!["満足度", "ÄÖÜ", "e\u{301}", "\u{1f600}\u{200d}"].into();
        host.hooks.set_configuration("acme", held);
        let mut builder = Builder::convrating(arguments).size(120, 40).env("LC_ALL", locale);
        for (name, value) in
            [("QUICKCHAT_BASE_URL", host.url.as_str()), ("QUICKCHAT_API_TOKEN", host.token("acme"))]
        {
            builder = builder.env(name, value);
        }
        let pty = opened(builder);
        walk(
            &pty,
            &[
                ("2 ", "1 unsaved change"),
                ("v", "s reads again"),
                ("\x1b", "Nothing was sent yet"),
                ("?", HELP),
                ("\x1b", "Nothing was sent yet"),
                ("a", "ADD A"),
                ("漢é", "ADD A"),
                ("\x1b", "Nothing was sent yet"),
                ("q", "Quit without saving"),
                ("\x1b", "Nothing was sent yet"),
                ("s", "Saved"),
                ("l", "LOG"),
                ("q", "Saved"),
                ("q", ""),
            ],
        );
        assert_eq!(pty.wait_exit(), Exit::Code(0));
        let raw = pty.raw_output();
        let at = raw.iter().position(|byte| !byte.is_ascii());
        assert_eq!(
            at,
            None,
            "{arguments:?} {locale}: {}",
            raw[at.unwrap_or(0).saturating_sub(60)..].escape_ascii()
        );
    }
}

#[test]
fn in_any_terminal_nothing_is_switched_but_screen_and_cursor_and_nothing_is_asked() {
    for term in [
        Some("linux"),
        Some("xterm-16color"),
        Some("screen"),
        Some("tmux-256color"),
        Some("vt100"),
        Some(""),
        None,
    ] {
        let host = Host::start();
        let builder = host.editor();
        let pty = opened(match term {
            Some(term) => builder.env("TERM", term),
            None => builder.unset("TERM"),
        });
        walk(&pty, &[(" ", "1 unsaved change"), ("\x0c", "1 unsaved change"), ("s", "Saved"), ("q", "")]);
        assert_eq!(pty.wait_exit(), Exit::Code(0), "{term:?}");
        pty.assert_restored();
        // The list of what is our own has no question in it, and no mode but these two.
        assert_eq!(foreign(&pty.raw_output()), [""; 0], "{term:?}");
    }
}

#[test]
fn the_cursor_stands_on_the_focused_checkbox_and_rows_do_not_move() {
    let pty = opened(Builder::convrating(&["--demo"]));
    for (key, row) in [("", 4), ("\x1b[B", 7), ("j", 8), ("\x1b[F", 9), ("\x1b[H", 4), ("3", 8)] {
        pty.send(key);
        pty.wait_for("the cursor on its row", |screen| {
            screen.cursor_position() == (row, 5)
                && !screen.hide_cursor()
                && screen.cell(row, 1).is_some_and(|cell| cell.contents() == ">")
        });
    }
    let moved = pty.written();
    pty.send("k");
    pty.wait_for("the cursor one up", |screen| screen.cursor_position() == (7, 5));
    assert!(pty.written() - moved < 300, "a move is few bytes: {}", pty.written() - moved);
}

#[test]
fn ctrl_z_and_fg_come_back_to_the_same_screen_with_the_draft() {
    let host = Host::start();
    let pty = opened(host.editor().launch(Launch::JobControl));
    walk(&pty, &[(" ", "1 unsaved change"), ("v", "s reads again")]);
    let before = pty.words();
    pty.send("\x1a");
    pty.wait_for_text("STOPPED");
    pty.assert_restored();
    pty.send("fg\n");
    pty.wait_for_words("the same screen", |screen| screen == before);
    walk(&pty, &[("\x1b", "Nothing was sent yet"), ("q", "Quit without saving"), ("n", "")]);
    assert_eq!(pty.wait_exit(), Exit::Code(0));
    pty.assert_restored();
    assert!(pty.screen_text().contains("convrating: nothing saved"), "{}", pty.screen_text());
}
