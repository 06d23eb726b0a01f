//! The screen: entering and leaving the terminal, and what ratatui draws through.
//!
//! ```text
//!  enter ──► draw, draw, … (each at most one write) ──► leave        the same for suspend ──► resume
//!    │                                                    ▲
//!    └── panic in any thread, the watcher's last resort ──┘
//! ```
//!
//! Switched are the line discipline (raw mode), the alternate screen and the cursor's visibility, nothing else; and nothing
//! is asked of the terminal, since late answers are typed into whatever runs then.
//!
//! [`Screen`] is a ratatui backend of its own, in crossterm's words, because a frame has to be one write (crossterm's own
//! flushes at each step of the cursor), a frame without changes none, and the size a system call only when it changed.

use std::io::{self, Write};
use std::panic;

use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::queue;
use crossterm::terminal::{self, Clear};
use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect, Size};

use super::{cells, line};

/// The terminal as a ratatui backend. A [`draw`](ratatui::Terminal::draw) ends with [`flush`](Backend::flush), and that
/// is the frame's one write(2).
///
/// Dropping it leaves the terminal.
#[derive(Debug)]
pub struct Screen<W: Write = Line> {
    /// Keeps the bytes until the frame is whole.
    frame: Frame<W>,
    /// What stands on the screen.
    shown: Buffer,
    size: Size,
    /// Where the cursor stands, as far as known.
    cursor: Option<Position>,
    /// Whether it is shown, as far as known.
    cursor_shown: Option<bool>,
}

impl Screen {
    /// Enters the terminal: raw mode at once, the alternate screen together with the first frame.
    ///
    /// Standard input and output must be a terminal, and the signals registered: a signal between must not find raw
    /// mode and nobody to end it.
    ///
    /// # Errors
    /// The terminal's line discipline cannot be read or set.
    pub fn enter() -> io::Result<Self> {
        let mut screen = Self::on(Line, line::size());
        screen.resume()?;
        Ok(screen)
    }

    /// Reads the terminal's size anew: within 500 columns and 200 rows, 80 by 24 where the terminal does not know.
    /// The next [`resize`](ratatui::Terminal::resize) to it draws everything anew.
    pub fn measure(&mut self) -> Size {
        self.size = line::size();
        self.size
    }

    /// Leaves the terminal and stops the process, as Ctrl-Z does elsewhere; the shell's `fg` lets it go on, the watcher tells
    /// it, and [`resume`](Self::resume) comes back. Until then frames are dropped.
    ///
    /// False, and nothing happened, where nobody is there who could let it go on.
    ///
    /// # Errors
    /// The process cannot be stopped.
    pub fn suspend(&mut self) -> io::Result<bool> {
        if !line::has_job_control() {
            return Ok(false);
        }
        leave();
        line::stop()?;
        Ok(true)
    }

    /// Comes back after [`suspend`](Self::suspend), or after a stop that nobody announced, and measures the terminal anew.
    /// The next frame has to be drawn whole: [`resize`](ratatui::Terminal::resize) to the size given does that.
    ///
    /// In the background (the shell's `bg`) the process stops again, until `fg`.
    ///
    /// # Errors
    /// The terminal's line discipline cannot be read or set.
    pub fn resume(&mut self) -> io::Result<Size> {
        if line::is_background() {
            line::stop()?;
            return Ok(self.measure());
        }
        line::take()?;
        self.frame.write_all(line::ENTER)?;
        self.cursor = None;
        self.cursor_shown = Some(false);
        Ok(self.measure())
    }
}

/// Leaves the terminal as it was before [`Screen::enter`], from any thread; a second call does nothing.
///
/// Never panics, says nothing of errors, and waits half a second at most for a terminal that does not read.
pub fn leave() {
    line::give_back();
}

/// Makes every panic, in whatever thread, leave the terminal before the hook that was there reports it.
pub fn leave_before_panic_reports() {
    let report = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        leave();
        report(info);
    }));
}

/// A screen of this size with nothing on it.
fn empty(size: Size) -> Buffer {
    Buffer::empty(Rect::from((Position::ORIGIN, size)))
}

impl<W: Write> Screen<W> {
    fn on(output: W, size: Size) -> Self {
        let frame = Frame { bytes: Vec::with_capacity(8 * 1024), output };
        Self { frame, shown: empty(size), size, cursor: None, cursor_shown: None }
    }

    fn show(&mut self, shown: bool) -> io::Result<()> {
        if self.cursor_shown.replace(shown) == Some(shown) {
            return Ok(());
        }
        if shown { queue!(self.frame, Show) } else { queue!(self.frame, Hide) }
    }
}

impl<W: Write> Backend for Screen<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut content = content.peekable();
        if content.peek().is_none() {
            return Ok(());
        }
        self.cursor = None;
        cells::write(&mut self.frame, content, &mut self.shown)
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.show(false)
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.show(true)
    }

    /// Where the cursor was set last: the terminal is not asked.
    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.cursor.unwrap_or(Position::ORIGIN))
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        let position = position.into();
        if self.cursor.replace(position) == Some(position) {
            return Ok(());
        }
        queue!(self.frame, MoveTo(position.x, position.y))
    }

    fn clear(&mut self) -> io::Result<()> {
        self.clear_region(ClearType::All)
    }

    fn clear_region(&mut self, region: ClearType) -> io::Result<()> {
        let region = match region {
            ClearType::All => terminal::ClearType::All,
            ClearType::AfterCursor => terminal::ClearType::FromCursorDown,
            ClearType::BeforeCursor => terminal::ClearType::FromCursorUp,
            ClearType::CurrentLine => terminal::ClearType::CurrentLine,
            ClearType::UntilNewLine => terminal::ClearType::UntilNewLine,
        };
        self.shown = empty(self.size);
        queue!(self.frame, Clear(region))
    }

    /// The size as it was measured last, without a system call.
    fn size(&self) -> io::Result<Size> {
        Ok(self.size)
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: self.size, pixels: Size::ZERO })
    }

    /// Writes what was drawn since the last time, whole and at once; nothing where nothing was.
    fn flush(&mut self) -> io::Result<()> {
        Write::flush(&mut self.frame)
    }
}

impl<W: Write> Write for Screen<W> {
    /// Adds bytes to the frame: for what is no drawing, as OSC 52. They go out with the next frame.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.frame.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Write::flush(&mut self.frame)
    }
}

impl<W: Write> Drop for Screen<W> {
    fn drop(&mut self) {
        leave();
    }
}

/// The terminal's standard output, without the buffer and the lock that Rust's own has: a thread that is stuck in a write
/// to a terminal that does not read must keep nobody else from ending.
#[derive(Debug)]
pub struct Line;

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        line::write_frame(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A frame as it grows; flushing it is one write.
#[derive(Debug)]
struct Frame<W: Write> {
    bytes: Vec<u8>,
    output: W,
}

impl<W: Write> Write for Frame<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.bytes.is_empty() {
            return Ok(());
        }
        let outcome = self.output.write_all(&self.bytes);
        self.bytes.clear();
        outcome
    }
}

#[cfg(test)]
mod tests;
