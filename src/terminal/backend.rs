//! The backend that ratatui draws through: entering and leaving the terminal, and one write for each frame.
//!
//! ```text
//!  enter ──► draw, draw, … (each one write at most) ──► drop        the same for suspend ──► resume
//!    │                                                    ▲
//!    └── a panic in any thread, or the watcher ───────────┘
//! ```
//!
//! Three things are switched and switched back: the line discipline (raw mode), the alternate screen and the cursor's
//! visibility.
//!
//! ratatui's own backend for crossterm is not used, for these reasons:
//!
//! - It flushes at each step of the cursor, so a frame is two or three writes
//!   (<https://github.com/ratatui/ratatui/blob/007713e50a083d5e7a4963ca829b4622d56828b1/ratatui-crossterm/src/lib.rs>,
//!   `show_cursor` and `set_cursor_position`). Here a frame is one write.
//! - A frame that changes nothing still shows and moves the cursor (<https://github.com/ratatui/ratatui/issues/2754>).
//!   Here it writes nothing.
//! - It asks the system for the terminal's size at each frame. Here the size is read when it has changed.
//! - It writes the 16 colours as colours of a palette of 256 (<https://github.com/crossterm-rs/crossterm/issues/844>):
//!   see `pen`.

use std::io::{self, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::queue;
use crossterm::terminal::{self, Clear};
use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

use super::controlling::ControllingTerminal;
use super::line::TerminalOutput;
use super::reader::ReaderControl;
use super::{cells, line};

/// The terminal as a ratatui backend. A [`draw`](ratatui::Terminal::draw) ends with [`flush`](Backend::flush), and the
/// flush is the frame's one write(2).
///
/// Dropping it leaves the terminal.
#[derive(Debug)]
pub struct TerminalBackend<W: Write = TerminalOutput> {
    /// Collects the bytes of a frame.
    frame: FrameBuffer<W>,
    size: Size,
    /// Where the cursor stands; `None` where that is not known.
    cursor: Option<Position>,
    /// Whether the cursor is shown; `None` where that is not known.
    is_cursor_shown: Option<bool>,
    /// The thread that reads keys; it ends with the backend.
    reader: Option<ReaderControl>,
    /// A helper program may own the terminal: see [`lend`](TerminalBackend::lend).
    is_lent: bool,
}

impl TerminalBackend {
    /// Enters the terminal: raw mode at once, the alternate screen together with the first frame.
    ///
    /// Standard input and output must be a terminal, and the signals must be registered. Otherwise a signal could end
    /// the process in raw mode.
    ///
    /// # Errors
    /// The terminal's line discipline cannot be read or set.
    pub(super) fn enter() -> io::Result<Self> {
        let mut backend = Self::on(TerminalOutput, line::read_size());
        backend.resume()?;
        Ok(backend)
    }

    /// A terminal that is not entered: no frame reaches it. A caller that is asked to end while it is in the background has this one.
    pub(super) fn stay_outside() -> Self {
        Self::on(TerminalOutput, line::read_size())
    }

    /// Keeps the control of the thread that reads keys.
    pub(super) fn read_with(&mut self, reader: ReaderControl) {
        self.reader = Some(reader);
    }

    /// Leaves the terminal for a helper program that may own it, without stopping this process: no key is read any more and
    /// frames are dropped, until `take_back`.
    ///
    /// False if this process is not in the foreground of its terminal. Then nothing happened.
    pub fn lend(&mut self) -> bool {
        if ControllingTerminal::open_in_foreground().is_none() {
            return false;
        }
        self.is_lent = true;
        if let Some(reader) = &self.reader {
            reader.pause();
        }
        line::restore();
        true
    }

    /// Comes back after [`lend`](Self::lend), as [`resume`](Self::resume) does after a stop. What was typed meanwhile is thrown
    /// away. Without a loan nothing happens.
    ///
    /// # Errors
    /// As [`resume`](Self::resume) has them.
    pub(crate) fn take_back(&mut self) -> io::Result<()> {
        if !std::mem::take(&mut self.is_lent) {
            return Ok(());
        }
        self.resume()?;
        line::discard_input();
        if let Some(reader) = &self.reader {
            reader.resume();
        }
        Ok(())
    }

    /// Reads the terminal's size anew: at most 500 columns and 200 rows, and 80 by 24 where the terminal does not know
    /// its size. The next [`resize`](ratatui::Terminal::resize) to it draws everything anew.
    pub fn measure(&mut self) -> Size {
        self.size = line::read_size();
        self.size
    }

    /// Leaves the terminal and stops the process, as Ctrl-Z does elsewhere. The shell's `fg` continues it: the watcher
    /// reports that, and [`resume`](Self::resume) comes back. Frames in between are dropped.
    ///
    /// False if no shell could continue the process, or if the terminal is lent. Then nothing happened.
    ///
    /// # Errors
    /// The process cannot be stopped.
    pub fn suspend(&mut self) -> io::Result<bool> {
        if self.is_lent || !line::has_job_control() {
            return Ok(false);
        }
        line::restore();
        line::stop_process_group()?;
        Ok(true)
    }

    /// Comes back after [`suspend`](Self::suspend), or after a stop that another process caused, and measures the terminal
    /// anew. The next frame has to be drawn whole: [`resize`](ratatui::Terminal::resize) to the returned size does that.
    ///
    /// In the background (after the shell's `bg`) the process stops again, until `fg`. While the terminal is lent nothing is
    /// entered.
    ///
    /// # Errors
    /// The process cannot be stopped, or the terminal's line discipline cannot be read or set.
    pub fn resume(&mut self) -> io::Result<Size> {
        if self.is_lent {
            return Ok(self.measure());
        }
        if line::is_background(rustix::stdio::stdin()) {
            line::stop_background_job()?;
            return Ok(self.measure());
        }
        line::enter_raw_mode()?;
        self.frame.write_all(line::ENTER_SCREEN)?;
        self.cursor = None;
        self.is_cursor_shown = Some(false);
        Ok(self.measure())
    }

    /// Puts a text on the terminal's clipboard, with the next frame. This is OSC 52
    /// (<https://invisible-island.net/xterm/ctlseqs/ctlseqs.html>, "Manipulate Selection Data"). It works through tmux and SSH
    /// too, where their settings allow it. The terminal does not say whether it took the text.
    ///
    /// # Errors
    /// None: the bytes are collected in memory.
    pub(crate) fn copy_to_clipboard(&mut self, text: &str) -> io::Result<()> {
        write!(self, "\x1b]52;c;{}\x07", STANDARD.encode(text))
    }
}

impl<W: Write> TerminalBackend<W> {
    fn on(output: W, size: Size) -> Self {
        let frame = FrameBuffer { bytes: Vec::with_capacity(8 * 1024), output };
        Self { frame, size, cursor: None, is_cursor_shown: None, reader: None, is_lent: false }
    }

    /// Shows or hides the cursor, where that changes something.
    fn set_cursor_shown(&mut self, is_shown: bool) -> io::Result<()> {
        if self.is_cursor_shown.replace(is_shown) == Some(is_shown) {
            return Ok(());
        }
        if is_shown { queue!(self.frame, Show) } else { queue!(self.frame, Hide) }
    }
}

impl<W: Write> Backend for TerminalBackend<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut content = content.peekable();
        if content.peek().is_none() {
            return Ok(());
        }
        let cursor = self.cursor.take().map(|position| (position.x, position.y));
        cells::write_cells(&mut self.frame, content, cursor, self.size.width)
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.set_cursor_shown(false)
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.set_cursor_shown(true)
    }

    /// Where the cursor was set last. The terminal is not asked: see the room's description.
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
        // A screen is cleared when its size has changed, and the cursor may have moved with that.
        self.cursor = None;
        queue!(self.frame, Clear(region))
    }

    /// The size that was measured last, without a system call.
    fn size(&self) -> io::Result<Size> {
        Ok(self.size)
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: self.size, pixels: Size::ZERO })
    }

    /// Writes what was drawn since the last flush, with one write; nothing if nothing was drawn.
    fn flush(&mut self) -> io::Result<()> {
        Write::flush(&mut self.frame)
    }
}

impl<W: Write> Write for TerminalBackend<W> {
    /// Adds bytes to the frame that ratatui does not draw, such as OSC 52. They go out with the next flush.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.frame.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Write::flush(&mut self.frame)
    }
}

impl<W: Write> Drop for TerminalBackend<W> {
    fn drop(&mut self) {
        line::restore();
    }
}

/// The bytes of a frame as they are collected. Flushing writes them with one write.
#[derive(Debug)]
struct FrameBuffer<W: Write> {
    bytes: Vec<u8>,
    output: W,
}

impl<W: Write> Write for FrameBuffer<W> {
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
