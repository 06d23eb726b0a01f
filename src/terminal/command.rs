//! What a loop asks of its terminal besides drawing.

use std::io;

use super::backend::TerminalBackend;
use super::watcher::WatcherHandle;

/// One request of the loop to its terminal. A loop that is generic over the backend hands these to a function, so that
/// a test can note them down instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TerminalCommand<'a> {
    /// Leave the terminal and stop the process, as Ctrl-Z does.
    Suspend,
    /// Enter the terminal again after a stop.
    Resume,
    /// Leave the terminal to a helper program, without stopping.
    Lend,
    /// Enter the terminal again after [`Lend`](Self::Lend).
    TakeBack,
    /// Read the terminal's size anew.
    Measure,
    /// Ask the terminal to put this text on its clipboard. It does not say whether it does.
    Copy(&'a str),
    /// Work is under way whose outcome the user has to learn (`true`), or is not (`false`): see
    /// [`WatcherHandle::set_busy`].
    SetBusy(bool),
}

impl TerminalCommand<'_> {
    /// Does it on the real terminal. False if the terminal did nothing of it.
    ///
    /// # Errors
    /// The process cannot be stopped, or the terminal's line discipline cannot be read or set.
    pub(crate) fn perform(self, backend: &mut TerminalBackend, watcher: &WatcherHandle) -> io::Result<bool> {
        match self {
            Self::Suspend => return backend.suspend(),
            Self::Lend => return Ok(backend.lend()),
            // The watcher may be restoring the terminal for the last time at this moment.
            Self::Resume | Self::TakeBack if watcher.is_ending() => return Ok(false),
            Self::Resume => drop(backend.resume()?),
            Self::TakeBack => backend.take_back()?,
            Self::Measure => drop(backend.measure()),
            Self::Copy(text) => backend.copy_to_clipboard(text)?,
            Self::SetBusy(is_busy) => watcher.set_busy(is_busy),
        }
        Ok(true)
    }
}
