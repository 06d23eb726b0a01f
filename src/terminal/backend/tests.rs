use std::cell::RefCell;
use std::rc::Rc;

use proptest::prelude::*;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::Line;
use ratatui::{Frame, Terminal, TerminalOptions, Viewport};

use super::super::painter::{Painter, Picture};
use super::*;

/// Each write in its order.
#[derive(Debug, Clone, Default)]
struct Writes(Rc<RefCell<Vec<String>>>);

impl Writes {
    fn take(&self) -> Vec<String> {
        self.0.take()
    }
}

impl Write for Writes {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().push(String::from_utf8(bytes.to_vec()).expect("text"));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn terminal(viewport: Option<Rect>) -> (Terminal<TerminalBackend<Writes>>, Writes) {
    let writes = Writes::default();
    let backend = TerminalBackend::on(writes.clone(), Size::new(20, 5));
    let viewport = viewport.map_or(Viewport::Fullscreen, Viewport::Fixed);
    (Terminal::with_options(backend, TerminalOptions { viewport }).expect("no query"), writes)
}

fn say(text: &str) -> impl FnOnce(&mut Frame) {
    move |frame| {
        frame.render_widget(text, frame.area());
        frame.set_cursor_position((0, 1));
    }
}

/// Both ways to draw: ratatui asks the backend for its size, or it draws in a fixed area.
const WAYS: [Option<Rect>; 2] = [None, Some(Rect::new(0, 0, 20, 5))];

#[test]
fn a_frame_is_one_write_and_an_unchanged_frame_is_none() {
    for way in WAYS {
        let (mut terminal, writes) = terminal(way);
        terminal.draw(say("one")).unwrap();
        let first = writes.take();
        assert_eq!(first.len(), 1, "{first:?}");
        assert!(
            first[0].contains("one") && first[0].contains("\x1b[?25h") && first[0].ends_with("\x1b[2;1H")
        );
        terminal.draw(say("one")).unwrap();
        assert_eq!(writes.take(), [""; 0]);
        terminal.draw(say("ore")).unwrap();
        let changed = writes.take();
        assert_eq!(changed.len(), 1, "{changed:?}");
        assert_eq!(changed, ["\x1b[1;2Hr\x1b[m\x1b[2;1H"]);
        terminal.draw(|frame| frame.render_widget("ore", frame.area())).unwrap();
        assert_eq!(writes.take(), ["\x1b[?25l"]);
    }
}

#[test]
fn a_resize_to_the_same_size_draws_everything_anew_in_one_write_and_asks_nothing() {
    for way in WAYS {
        let (mut terminal, writes) = terminal(way);
        terminal.draw(say("one")).unwrap();
        writes.take();
        terminal.resize(Rect::new(0, 0, 20, 5)).unwrap();
        terminal.draw(say("one")).unwrap();
        let again = writes.take();
        assert_eq!(again.len(), 1, "{again:?}");
        assert!(again[0].contains("one") && again[0].contains("\x1b["), "{again:?}");
        assert!(again[0].contains("\x1b[2J") || again[0].starts_with("\x1b[1;1H\x1b[J"), "{again:?}");
        for question in ["\x1b[6n", "\x1b[c", "\x1b[?"] {
            let asked = again[0].replace("\x1b[?25", "");
            assert!(!asked.contains(question), "{again:?}");
        }
    }
}

#[test]
fn clearing_asks_nothing() {
    let (mut terminal, writes) = terminal(None);
    terminal.clear().unwrap();
    terminal.draw(say("one")).unwrap();
    let written = writes.take();
    assert_eq!(written.len(), 1);
    assert!(!written[0].contains("\x1b[6n"));
}

#[test]
fn bytes_that_ratatui_does_not_draw_go_out_with_the_frame() {
    let (mut terminal, writes) = terminal(None);
    terminal.draw(say("one")).unwrap();
    writes.take();
    terminal.backend_mut().write_all(b"\x1b]52;c;YQ==\x07").unwrap();
    terminal.draw(say("one")).unwrap();
    assert_eq!(writes.take(), ["\x1b]52;c;YQ==\x07"]);
}

#[test]
fn dropping_the_terminal_writes_nothing_to_a_dead_one() {
    let (mut terminal, writes) = terminal(None);
    terminal.draw(|frame| frame.render_widget("one", frame.area())).unwrap();
    writes.take();
    drop(terminal);
    assert_eq!(writes.take(), [""; 0]);
}

/// A screen of 20 columns and 5 rows, and what a terminal shows of it.
struct Painted {
    painter: Painter,
    backend: TerminalBackend<Writes>,
    writes: Writes,
    shown: vt100::Parser,
}

impl Painted {
    fn new() -> Self {
        let writes = Writes::default();
        let backend = TerminalBackend::on(writes.clone(), Size::new(20, 5));
        Self { painter: Painter::default(), backend, writes, shown: vt100::Parser::new(5, 20, 0) }
    }

    /// Paints lines at their columns and rows, some of them reversed. Returns the writes.
    fn paint(&mut self, lines: &[(u16, u16, &str, bool)], is_ascii: bool) -> Vec<String> {
        let mut picture = Picture::new(20, 5, is_ascii);
        for (x, y, text, is_reversed) in lines {
            let modifier = if *is_reversed { Modifier::REVERSED } else { Modifier::empty() };
            let line = Line::styled((*text).to_owned(), Style::new().add_modifier(modifier));
            picture.put(Rect::new(*x, *y, 14, 1), [line]);
        }
        self.painter.paint(&mut self.backend, picture).expect("memory");
        let writes = self.writes.take();
        self.shown.process(writes.concat().as_bytes());
        writes
    }

    /// What each cell shows, and whether it is reversed.
    fn cells(&self) -> Vec<(String, bool)> {
        let cell = |place: u16| self.shown.screen().cell(place / 20, place % 20).expect("a cell");
        let shown = |cell: &vt100::Cell| if cell.has_contents() { cell.contents() } else { " " }.to_owned();
        (0..100).map(cell).map(|cell| (shown(cell), cell.inverse())).collect()
    }
}

/// Pictures of a few lines each, some of which stick out of the screen or lie on each other. They have wide characters,
/// or attributes and overlaps: what half of a wide character looks like that is drawn over is a matter of the terminal.
fn any_pictures() -> impl Strategy<Value = Vec<Vec<(u16, u16, String, bool)>>> {
    any::<bool>().prop_flat_map(|is_wide| {
        let text = if is_wide { "[ab 満]{0,9}" } else { "[ab ]{0,9}" };
        let line = (0_u16..20, 0_u16..6, text, any::<bool>().prop_map(move |styled| styled && !is_wide));
        let most = if is_wide { 2 } else { 6 };
        proptest::collection::vec(proptest::collection::vec(line, 0..most), 1..6)
    })
}

proptest! {
    #[test]
    fn after_any_pictures_the_terminal_shows_what_it_would_if_only_the_last_one_had_been_drawn(
        pictures in any_pictures(), is_ascii in any::<bool>(),
    ) {
        let (mut screen, mut whole) = (Painted::new(), Painted::new());
        for lines in &pictures {
            let lines: Vec<_> = lines.iter().map(|(x, y, text, style)| (*x, *y, text.as_str(), *style)).collect();
            screen.paint(&lines, is_ascii);
            whole = Painted::new();
            whole.paint(&lines, is_ascii);
        }
        prop_assert_eq!(screen.cells(), whole.cells());
    }
}

#[test]
fn a_picture_is_one_write_and_an_unchanged_one_is_none() {
    let mut screen = Painted::new();
    assert_eq!(screen.paint(&[(1, 1, "one", false), (3, 2, "\u{6e80}", false)], true).len(), 1);
    assert_eq!(screen.shown.screen().contents(), "\n one\n   ?");
    assert_eq!(screen.paint(&[(1, 1, "one", false), (3, 2, "\u{6e80}", false)], true), [""; 0]);
    assert_eq!(screen.paint(&[(1, 1, "ore", false), (3, 2, "\u{6e80}", false)], true), ["\x1b[2;3Hr\x1b[m"]);
}

#[test]
fn a_screen_that_was_cleared_or_has_another_size_is_drawn_whole_and_cleared_once() {
    let mut screen = Painted::new();
    screen.paint(&[(1, 1, "one", false)], false);
    // The terminal may move the cursor when its size changes: the next frame does not start from there.
    screen.backend.set_cursor_position((5, 0)).unwrap();
    Backend::flush(&mut screen.backend).unwrap();
    screen.writes.take();
    screen.painter.clear(&mut screen.backend).unwrap();
    screen.backend.size = Size::new(10, 3);
    let mut smaller = Picture::new(10, 3, false);
    smaller.put(smaller.area(), [Line::from("one")]);
    screen.painter.paint(&mut screen.backend, smaller).unwrap();
    assert_eq!(screen.writes.take(), ["\x1b[2J\x1b[1;1Hone\x1b[m"]);
    let mut larger = Picture::new(20, 5, false);
    larger.put(larger.area(), [Line::from("one")]);
    screen.painter.paint(&mut screen.backend, larger).unwrap();
    assert_eq!(screen.writes.take(), ["\x1b[2J\x1b[1;1Hone\x1b[m"]);
}
