//! What the loop waits for.

use super::message::Message;
use super::model::RequestId;
use crate::agents::Connection;
use crate::terminal::{TerminalEvent, TerminalInput};

/// Something that the loop waits for.
#[derive(Debug)]
pub enum Happening {
    /// From the terminal's reader: keys, or their end.
    Input(TerminalInput),
    /// From the terminal's watcher: a signal, a hang-up, another size.
    Terminal(TerminalEvent),
    /// From a task.
    Message(Message),
    /// A connection was opened, or why not.
    Opened(RequestId, Result<Box<Connection>, String>),
}

impl From<TerminalInput> for Happening {
    fn from(input: TerminalInput) -> Self {
        Self::Input(input)
    }
}

impl From<TerminalEvent> for Happening {
    fn from(event: TerminalEvent) -> Self {
        Self::Terminal(event)
    }
}

impl From<Message> for Happening {
    fn from(message: Message) -> Self {
        Self::Message(message)
    }
}
