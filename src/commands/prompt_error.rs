//! Why a question to the user got no answer.

use std::io;

use crate::private::spoken;
use crate::words::Exit;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum PromptError {
    /// Ctrl-C, or a signal.
    #[error("interrupted")]
    Interrupted,
    /// The input ended before anything came.
    #[error("nothing was typed or piped in")]
    Empty,
    /// It is longer than a token.
    #[error("what was piped in is too long for a token")]
    TooLong,
    /// Reading failed.
    #[error("the input cannot be read: {}", spoken(.0))]
    Io(io::Error),
}

impl From<io::Error> for PromptError {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::Interrupted { Self::Interrupted } else { Self::Io(error) }
    }
}

impl PromptError {
    pub(super) fn exit(&self) -> Exit {
        match self {
            Self::Interrupted => Exit::Interrupted,
            Self::Empty | Self::TooLong => Exit::Token,
            Self::Io(_) => Exit::Failed,
        }
    }
}
