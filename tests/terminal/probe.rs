//! A small program on the room `terminal`, which the tests of this folder run in a pseudo-terminal.
//!
//! It is this test binary itself, started with a variable that makes [`program`] a program. Its keys:
//! `q` quits · `a` aborts · `p` panics · `f` draws for ever · `i` ignores the end · `s` is busy for ever ·
//! `l` shows the limits for core files · Ctrl-Z suspends.

use std::io;

use convrating::terminal::{
    Key, PreparedTerminal, TerminalBackend, TerminalEvent, TerminalInput, WatcherHandle,
};
use ratatui::Terminal;
use ratatui::layout::{Position, Rect};
use ratatui::widgets::{Paragraph, Wrap};
use tokio::sync::mpsc::{self, UnboundedReceiver};

use crate::support::pty::{Builder, Launch, Pty};

const SWITCH: &str = "CONVRATING_TEST_PROBE";

/// Starts the program and waits for its first frame.
pub fn start(launch: Launch) -> Pty {
    let pty = builder(launch).start();
    pty.wait_for_text("READY");
    pty
}

/// The program, to be started.
pub fn builder(launch: Launch) -> Builder {
    let this = std::env::current_exe().expect("a test binary");
    let arguments = ["--exact", "terminal::probe::program", "--nocapture", "--test-threads=1"];
    Builder::command(&this, &arguments).env(SWITCH, "1").env("RUST_BACKTRACE", "0").launch(launch)
}

#[test]
fn program() {
    if std::env::var_os(SWITCH).is_none() {
        return;
    }
    convrating::install_panic_report();
    let code = Probe::run().expect("a terminal");
    #[expect(clippy::exit, reason = "the test harness around would give its own code")]
    std::process::exit(i32::from(code));
}

enum Message {
    Input(TerminalInput),
    Event(TerminalEvent),
}

impl From<TerminalInput> for Message {
    fn from(input: TerminalInput) -> Self {
        Self::Input(input)
    }
}

impl From<TerminalEvent> for Message {
    fn from(event: TerminalEvent) -> Self {
        Self::Event(event)
    }
}

struct Probe {
    terminal: Terminal<TerminalBackend>,
    watcher: WatcherHandle,
    keys: usize,
    bursts: usize,
    last: Option<Key>,
    resumed: usize,
    ignores_the_end: bool,
    remark: String,
}

impl Probe {
    fn run() -> io::Result<u8> {
        convrating::private::forbid_core_files()?;
        let terminal = PreparedTerminal::prepare()?;
        let (to, messages) = mpsc::unbounded_channel::<Message>();
        let (backend, watcher) = terminal.open(&to)?;
        let terminal = Terminal::new(backend)?;
        let mut probe = Self {
            terminal,
            watcher,
            keys: 0,
            bursts: 0,
            last: None,
            resumed: 0,
            ignores_the_end: false,
            remark: String::new(),
        };
        let code = probe.serve(messages);
        drop(probe);
        // Panics on a dead terminal.
        #[expect(clippy::print_stdout, reason = "as any program's last line, without care")]
        {
            println!("BYE");
        }
        code
    }

    fn serve(&mut self, mut messages: UnboundedReceiver<Message>) -> io::Result<u8> {
        loop {
            self.draw()?;
            match messages.blocking_recv() {
                Some(Message::Input(TerminalInput::Keys { keys, burst })) => {
                    self.keys += keys.len();
                    self.last = keys.last().copied();
                    self.bursts += usize::from(burst);
                    if !burst && let Some(code) = self.press(keys[0])? {
                        return Ok(code);
                    }
                }
                Some(Message::Input(TerminalInput::Pasted(text))) => {
                    self.keys += text.chars().count();
                    self.bursts += 1;
                }
                Some(Message::Event(event)) => {
                    if let Some(code) = self.take_event(event)? {
                        return Ok(code);
                    }
                }
                Some(Message::Input(TerminalInput::Ended)) | None => return Ok(1),
            }
        }
    }

    fn take_event(&mut self, event: TerminalEvent) -> io::Result<Option<u8>> {
        match event {
            TerminalEvent::Stop => self.suspend()?,
            // Only line by line.
            TerminalEvent::Interrupted => {}
            TerminalEvent::Continued if self.watcher.is_ending() => {}
            TerminalEvent::Continued => {
                let size = self.terminal.backend_mut().resume()?;
                self.terminal.resize(Rect::from((Position::ORIGIN, size)))?;
                self.resumed += 1;
            }
            TerminalEvent::Resized => {
                let size = self.terminal.backend_mut().measure();
                self.terminal.resize(Rect::from((Position::ORIGIN, size)))?;
            }
            TerminalEvent::Signal(_) | TerminalEvent::HangUp => {
                return Ok(event.exit_code().filter(|_| !self.ignores_the_end));
            }
        }
        Ok(None)
    }

    fn press(&mut self, key: Key) -> io::Result<Option<u8>> {
        match key {
            Key::Char('q') => return Ok(Some(0)),
            Key::Char('p') => panic!("on purpose, in the loop"),
            Key::Char('a') => std::process::abort(),
            Key::Char('i') => self.ignores_the_end = true,
            Key::Char('s') => self.watcher.set_busy(true),
            Key::Char('f') => loop {
                self.keys += 1;
                // Large enough that a full line takes only a part of it.
                self.remark = if self.keys.is_multiple_of(2) { "x" } else { "y" }.repeat(1000);
                let area = self.terminal.get_frame().area();
                self.terminal.resize(area)?;
                self.draw()?;
            },
            Key::Char('l') => self.remark = limits(),
            Key::Ctrl('z') => self.suspend()?,
            _ => {}
        }
        Ok(None)
    }

    fn suspend(&mut self) -> io::Result<()> {
        if !self.terminal.backend_mut().suspend()? {
            self.remark = "STAYS".into();
        }
        Ok(())
    }

    fn draw(&mut self) -> io::Result<()> {
        let size = self.terminal.size()?;
        let text = format!(
            "READY {}x{}\n{} keys, {} bursts, last {:?}, resumed {}.\n{}",
            size.width, size.height, self.keys, self.bursts, self.last, self.resumed, self.remark
        );
        self.terminal
            .draw(|frame| frame.render_widget(Paragraph::new(text).wrap(Wrap { trim: false }), frame.area()))
            .map(drop)
    }
}

fn limits() -> String {
    let size = rustix::process::getrlimit(rustix::process::Resource::Core);
    let dumpable = rustix::process::dumpable_behavior();
    format!("core {:?} {:?}, {dumpable:?}", size.current, size.maximum)
}
