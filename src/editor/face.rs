//! The two ways in which a user meets the editor: on a screen of cells, and line by line. The loop is the same for both.

use tokio::time::Instant;

use super::message::Message;
use super::model::{Model, Size};
use crate::terminal::{LineInput, TerminalCommand};
use crate::words::Audience;

/// What shows the model to the user.
pub(super) trait Face {
    /// Why the model cannot be shown.
    type Error;

    /// Who reads the texts.
    const AUDIENCE: Audience;

    /// The size that the model is shown in.
    fn size(&self) -> Result<Size, Self::Error>;

    /// Does what the loop asks of the terminal. False if nothing was done of it.
    fn perform(&mut self, command: TerminalCommand<'_>) -> Result<bool, Self::Error>;

    /// Shows all of it anew the next time.
    fn redraw(&mut self) -> Result<(), Self::Error>;

    /// Takes note of the model. The loop calls it at the start, and after each thing that happened.
    fn follow(&mut self, _model: &Model) -> Result<(), Self::Error> {
        Ok(())
    }

    /// Shows what has come of all that happened together. Returns how far it can be scrolled, where it can.
    fn show(&mut self, model: &Model) -> Result<Option<usize>, Self::Error>;

    /// Takes a line that the user has typed.
    fn hear(&mut self, _input: LineInput) {}

    /// The terminal has made a signal of Ctrl-C.
    fn note_interrupt(&mut self) -> Result<(), Self::Error> {
        Ok(())
    }

    /// What the line means that was heard, once the model is ready for it.
    fn next_messages(&mut self, _model: &Model) -> Option<Vec<Message>> {
        None
    }

    /// When the face wants to be shown again, although nothing may have happened.
    fn deadline(&self) -> Option<Instant> {
        None
    }

    /// Shows what is left to be shown. Returns the last line as this face says it.
    fn leave(&mut self, farewell: String) -> Result<String, Self::Error> {
        Ok(farewell)
    }
}
