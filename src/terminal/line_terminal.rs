//! A terminal that is read and written line by line, or the two pipes in its place. No byte but those of the lines goes out.

use std::io::{self, IsTerminal as _, Write};

use rustix::io::Errno;
use rustix::stdio::stdin;

use super::controlling::ControllingTerminal;
use super::line;
use super::lines::LineReader;
use super::watcher::WatcherHandle;

/// One request of the loop to a terminal that is read line by line. A test notes them down instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineCommand {
    /// Read a line.
    Ask,
    /// Throw away what the user has typed and the loop has not read. What a script has piped in stays.
    DropTyped,
    /// Show nothing of what the user types.
    Hide,
    /// Show what the user types, and throw away what was typed hidden.
    Show,
    /// Begin a new line, where the terminal has shown the key Ctrl-C on this one.
    EndLine,
    /// Stop the process, as Ctrl-Z does.
    Suspend,
    /// Leave the terminal to a helper program.
    Lend,
    /// Have the terminal again after [`Lend`](Self::Lend).
    TakeBack,
    /// Work is under way whose outcome the user has to learn, or is not: see [`WatcherHandle::set_busy`].
    SetBusy(bool),
}

/// The terminal. Dropping it shows again what the user types.
#[derive(Debug)]
pub struct LineTerminal {
    reader: LineReader,
    watcher: WatcherHandle,
    is_terminal: bool,
}

impl LineTerminal {
    pub(super) fn new(reader: LineReader, watcher: WatcherHandle) -> Self {
        Self { reader, watcher, is_terminal: io::stdin().is_terminal() }
    }

    /// Does it. False if nothing was done of it: there is no such terminal.
    ///
    /// # Errors
    /// The process cannot be stopped, or the terminal's line discipline cannot be read or set.
    pub(crate) fn perform(&mut self, command: LineCommand) -> io::Result<bool> {
        match command {
            LineCommand::Ask => self.reader.ask(),
            LineCommand::SetBusy(is_busy) => self.watcher.set_busy(is_busy),
            LineCommand::Lend => {
                let is_ours = ControllingTerminal::open_in_foreground().is_some();
                if is_ours {
                    self.reader.pause();
                }
                return Ok(is_ours);
            }
            LineCommand::Suspend => return suspend(),
            LineCommand::EndLine if line::shows_control_keys() => LineOutput.write_all(b"\n")?,
            LineCommand::EndLine => return Ok(false),
            // What is piped in is neither shown nor typed.
            LineCommand::DropTyped | LineCommand::Hide | LineCommand::Show | LineCommand::TakeBack
                if !self.is_terminal =>
            {
                return Ok(false);
            }
            LineCommand::DropTyped | LineCommand::TakeBack => line::discard_input(),
            LineCommand::Hide => return self.hide(),
            LineCommand::Show => {
                line::restore();
                line::discard_input();
            }
        }
        Ok(true)
    }

    /// In the background the process stops first, until the shell's `fg`: the system stops a job that sets the modes.
    fn hide(&self) -> io::Result<bool> {
        if !line::wait_for_foreground(stdin(), || self.watcher.is_ending())? {
            return Ok(false);
        }
        line::hide_typing()?;
        Ok(true)
    }
}

impl Drop for LineTerminal {
    fn drop(&mut self) {
        line::restore();
    }
}

/// Stops the process with the terminal as it was before. False where no shell could continue it.
fn suspend() -> io::Result<bool> {
    let can_stop = line::has_job_control();
    if can_stop {
        line::restore();
        line::stop_process_group()?;
    }
    Ok(can_stop)
}

/// Standard output for lines, without a buffer and a lock: a thread that is stuck in a write keeps no other from ending.
#[derive(Debug)]
pub struct LineOutput;

impl Write for LineOutput {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        line::write_all(text, || true).map_err(|error| match error {
            // A terminal that is gone: the watcher reports it.
            Errno::IO => io::ErrorKind::BrokenPipe.into(),
            error => io::Error::from(error),
        })?;
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
