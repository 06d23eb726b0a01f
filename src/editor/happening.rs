//! What the loop waits for.

use super::message::Message;
use super::model::RequestId;
use super::renewal::Renewed;
use crate::agents::Connection;
use crate::terminal::{LineInput, TerminalEvent, TerminalInput, TmuxError};

/// Something that the loop waits for.
#[derive(Debug)]
pub enum Happening {
    /// The terminal's reader has keys, or its input has ended.
    Input(TerminalInput),
    /// The reader of lines has one, or its input has ended.
    Line(LineInput),
    /// The terminal's watcher has seen a signal, a hang-up or another size.
    Terminal(TerminalEvent),
    /// tmux has taken this text into its buffer, or not.
    LeftToTmux(String, Result<(), TmuxError>),
    /// A task has a message for the model.
    Message(Box<Message>),
    /// The renewal of this number has ended, with a new connection or with the reason why the old one stays, in a sentence.
    Renewed(RequestId, Result<Box<Renewed>, String>),
    /// The opening of this number has ended, with a connection or with the reason why there is none.
    Opened(RequestId, Result<Box<Connection>, String>),
}

impl From<TerminalInput> for Happening {
    fn from(input: TerminalInput) -> Self {
        Self::Input(input)
    }
}

impl From<LineInput> for Happening {
    fn from(input: LineInput) -> Self {
        Self::Line(input)
    }
}

impl From<TerminalEvent> for Happening {
    fn from(event: TerminalEvent) -> Self {
        Self::Terminal(event)
    }
}

impl From<Message> for Happening {
    fn from(message: Message) -> Self {
        Self::Message(Box::new(message))
    }
}
