use std::cell::RefCell;
use std::rc::Rc;

use ratatui::layout::Rect;
use ratatui::{Frame, Terminal, TerminalOptions, Viewport};

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
