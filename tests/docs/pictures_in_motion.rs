//! `assets/demo.cast`: the demo played by the built program in a pseudo-terminal, as a recording for `asciinema play`.
//! `UPDATE_PICTURES=1` writes it anew.
//!
//! The script presses keys and waits for words. Each screen becomes one event of the recording, with a line below it that says what
//! happens. The times are made up: those of the events are the script's, and each time of day on the screen is the same.

use std::fs;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::json;

use crate::support::pty::{Builder, Exit, Pty};

/// Columns and rows of the editor; the line that explains stands two rows below.
const SIZE: (u16, u16) = (80, 24);
/// The row of the explanation, counted from 1.
const CAPTION_ROW: u16 = SIZE.1 + 2;
/// The time of day that stands on each screen.
const CLOCK: &str = "14:02:10";

/// One step of the script: keys, the words that then stand on the screen, the seconds for which it is shown, and what is said.
type Scene = (&'static str, &'static [&'static str], f64, &'static str);

/// The words of the one screen that does not stay: the editor reads half a second later. It is found in what was written.
const PASSING: &str = "reading again";
/// What follows it.
const CONFIRMED: &str = "confirmed by a second read";
/// How every drawing ends.
const FRAME_END: &[u8] = b"\x1b[m";

const SCENES: &[Scene] = &[
    (
        "",
        &["acme [DEMO]", "Ask visitors"],
        5.0,
        "convrating --demo opens an agent. No token and no network are needed.",
    ),
    (" ", &["unsaved change"], 4.0, "Space switches the rating on. Nothing is sent yet."),
    ("s", &["Saved"], 5.0, "s saves. \"Saved\" means: the server has shown the new value."),
    ("p", &["9 of 9 answered"], 4.0, "p lists all agents of the demo."),
    ("jjjjj", &["busy: "], 4.0, "The next one is busy: someone else works on it too."),
    ("\r", &["busy [DEMO]", "Ask visitors"], 3.0, "Enter opens it. Two questions are asked."),
    (
        "3 ",
        &["unsaved change"],
        4.0,
        "You switch EXPERIENCE_THUMBS off. Meanwhile someone else is at work ...",
    ),
    (
        "s",
        &["Conflict"],
        8.0,
        "... and has switched NPS_SCORE on. So a conflict asks first: nothing was sent.",
    ),
    ("\r", &["Saved"], 6.0, "Enter keeps both changes. No work is lost, and none is overwritten."),
    ("p", &["9 of 9 answered"], 2.0, "Another agent: its answers to a save are lost on the way."),
    ("j", &["lost: "], 3.0, "Another agent: its answers to a save are lost on the way."),
    ("\r", &["lost [DEMO]", "Ask visitors"], 2.0, "Enter opens it."),
    (" ", &["unsaved change"], 2.0, "Space switches the rating on."),
    ("s", &[PASSING], 4.0, "s saves. The connection breaks: was it saved? The editor does not guess ..."),
    ("", &[CONFIRMED], 6.0, "... it reads, and only then says \"Saved\"."),
];

/// The words on a screen, wherever lines were broken.
fn words(screen: &vt100::Screen) -> String {
    screen.contents().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Presses the keys of a scene, and returns its screen. A question that opened by itself does not hear the first keys.
fn play(pty: &Pty, (keys, signs, ..): &Scene) -> vt100::Screen {
    if signs == &["Saved"] && *keys == "\r" {
        pty.insist(keys, "Saved");
    } else {
        pty.send(keys);
    }
    let seen = if signs == &[PASSING] { find_passing(pty) } else { wait_for(pty, signs) };
    with_made_up_times(&seen)
}

/// The screen on which all these words stand, once it is there.
fn wait_for(pty: &Pty, signs: &[&str]) -> Vec<u8> {
    let mut seen = None;
    pty.wait_for(&signs.join(", "), |screen| {
        let words = words(screen);
        let is_there = signs.iter().all(|sign| words.contains(sign));
        seen = is_there.then(|| screen.contents_formatted());
        is_there
    });
    seen.expect("the screen that was waited for")
}

/// The screen with [`PASSING`] on it, from all that the program wrote. A slow test would not see it in time.
fn find_passing(pty: &Pty) -> Vec<u8> {
    wait_for(pty, &[CONFIRMED]);
    let raw = pty.raw_output();
    let mut parser = vt100::Parser::new(SIZE.1, SIZE.0, 0);
    let mut rest = raw.as_slice();
    while let Some(end) = rest.windows(FRAME_END.len()).position(|bytes| bytes == FRAME_END) {
        let (frame, behind) = rest.split_at(end + FRAME_END.len());
        parser.process(frame);
        rest = behind;
        if words(parser.screen()).contains(PASSING) {
            // The cursor is placed behind the cells.
            let place = rest.iter().position(|byte| *byte == b'H').map_or(0, |end| end + 1);
            parser.process(&rest[..place]);
            return parser.screen().contents_formatted();
        }
    }
    panic!("no screen says {PASSING}")
}

/// The same screen on any day: each time of day is [`CLOCK`], and the token is as old as at its first moment.
fn with_made_up_times(formatted: &[u8]) -> vt100::Screen {
    let mut text =
        String::from_utf8(formatted.to_vec()).expect("UTF-8").replace("51 weeks left", "52 weeks left");
    for start in 0..text.len() {
        if text.get(start..start + CLOCK.len()).is_some_and(is_time_of_day) {
            text.replace_range(start..start + CLOCK.len(), CLOCK);
        }
    }
    let mut parser = vt100::Parser::new(SIZE.1, SIZE.0, 0);
    parser.process(text.as_bytes());
    with_plain_blanks(parser.screen())
}

/// The same screen with spaces wherever nothing is seen before the end of a line. How its blanks came to be there depends on the
/// frames that were drawn before, and these on how fast the servers of a list answer.
fn with_plain_blanks(screen: &vt100::Screen) -> vt100::Screen {
    let mut parser = vt100::Parser::new(SIZE.1, SIZE.0, 0);
    let draw = |cell: &vt100::Cell| format!("\x1b[{}m{}", attributes(cell), cell.contents());
    for row in 0..SIZE.1 {
        let cells: Vec<_> = (0..SIZE.0).filter_map(|column| screen.cell(row, column)).collect();
        let end = cells.iter().rposition(|cell| is_seen(cell)).map_or(0, |last| last + 1);
        let shown = cells[..end].iter().filter(|cell| !cell.is_wide_continuation());
        let line: String =
            shown.map(|cell| if is_seen(cell) { draw(cell) } else { "\x1b[m ".to_owned() }).collect();
        parser.process(format!("\x1b[{};1H{line}", row + 1).as_bytes());
    }
    let (row, column) = screen.cursor_position();
    parser.process(format!("\x1b[m\x1b[{};{}H", row + 1, column + 1).as_bytes());
    parser.screen().clone()
}

fn is_seen(cell: &vt100::Cell) -> bool {
    let is_blank = matches!(cell.contents(), "" | " ");
    !is_blank || cell.inverse() || cell.bgcolor() != vt100::Color::Default
}

/// The numbers that set the attributes of a cell. The editor uses no others.
fn attributes(cell: &vt100::Cell) -> String {
    let colour = |colour, first: u8| match colour {
        vt100::Color::Idx(number @ 0..8) => Some(first + number),
        vt100::Color::Idx(number) => Some(first + 52 + number),
        _ => None,
    };
    let set = [cell.bold().then_some(1), cell.inverse().then_some(7)];
    let set = set.into_iter().chain([colour(cell.fgcolor(), 30), colour(cell.bgcolor(), 40)]).flatten();
    set.fold("0".to_owned(), |all, number| format!("{all};{number}"))
}

fn is_time_of_day(text: &str) -> bool {
    let is_right =
        |(index, byte): (usize, u8)| if index % 3 == 2 { byte == b':' } else { byte.is_ascii_digit() };
    text.bytes().enumerate().all(is_right)
}

/// A time zone in which it is not midnight soon. Behind midnight the times of the day before show their date.
fn zone() -> &'static str {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
    if now / 3600 % 24 == 23 { "UTC+12" } else { "UTC" }
}

/// The line below the screen. The cursor goes back to where the editor has it.
fn caption(text: &str) -> String {
    assert!(text.chars().count() < usize::from(SIZE.0), "too long: {text}");
    format!("\x1b7\x1b[{CAPTION_ROW};1H\x1b[K\x1b[1m {text}\x1b[m\x1b8")
}

/// The recording, in the form of <https://docs.asciinema.org/manual/asciicast/v2/>.
fn record() -> String {
    let header = json!({
        "version": 2, "width": SIZE.0, "height": CAPTION_ROW, "title": "convrating --demo: why saving is safe",
        "env": {"TERM": "xterm-256color"},
    });
    let mut lines = vec![header.to_string()];
    let pty = Builder::convrating(&["--demo"]).size(SIZE.0, SIZE.1).env("TZ", zone()).start();
    let (mut shown, mut at) = (vt100::Parser::new(SIZE.1, SIZE.0, 0).screen().clone(), 0.0);
    for scene in SCENES {
        let screen = play(&pty, scene);
        let drawn = String::from_utf8(screen.contents_diff(&shown)).expect("UTF-8");
        lines.push(json!([at, "o", drawn + &caption(scene.3)]).to_string());
        (shown, at) = (screen, at + scene.2);
    }
    // A player stays on the last screen until here.
    lines.push(json!([at, "o", ""]).to_string());
    pty.send("q");
    assert_eq!(pty.wait_exit(), Exit::Code(0));
    lines.join("\n") + "\n"
}

/// Plays a recording, and returns the words of each of its screens.
fn replay(recording: &str) -> Vec<String> {
    let mut lines =
        recording.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"));
    let header = lines.next().expect("a header");
    assert_eq!((&header["version"], &header["height"]), (&json!(2), &json!(CAPTION_ROW)));
    let mut parser = vt100::Parser::new(CAPTION_ROW, SIZE.0, 0);
    let mut last = -1.0;
    let screens = lines.map(|event| {
        let at = event[0].as_f64().expect("seconds");
        assert!(at > last, "the times go up");
        last = at;
        parser.process(event[2].as_str().expect("output").as_bytes());
        words(parser.screen())
    });
    screens.collect()
}

#[test]
fn the_recording_shows_the_demo_as_it_is() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo.cast");
    let recorded = record();
    for secret in ["127.0.0.1", "eyJ"] {
        assert!(!recorded.contains(secret), "no port and no token");
    }
    for (screen, (_, signs, _, said)) in replay(&recorded).iter().zip(SCENES) {
        let is_whole = signs.iter().all(|sign| screen.contains(sign)) && screen.contains(said);
        assert!(is_whole, "{said}: {screen}");
    }
    if std::env::var_os("UPDATE_PICTURES").is_some() {
        fs::write(&path, &recorded).expect("written");
    }
    let stored = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        stored == recorded,
        "demo.cast shows another demo: run this test with UPDATE_PICTURES=1 and play it"
    );
}

#[test]
fn the_recording_takes_a_minute_or_so() {
    let length: f64 = SCENES.iter().map(|scene| scene.2).sum();
    assert!((45.0..75.0).contains(&length), "{length} s");
}
