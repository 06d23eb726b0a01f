//! What goes in and out of [`super::model::Model::update`].

use std::time::Duration;

use jiff::Zoned;

use super::model::{Logged, ProfileState, RequestId, Session, Size, Target};
use crate::api::Order;
use crate::save::{CallError, Save};
use crate::settings::Intent;
use crate::settings::Settings;
use crate::terminal::Key;

/// The moment a message arrived: a value, so that `update` needs no clock.
#[derive(Clone, Debug, PartialEq)]
pub struct Now {
    /// Since the editor started; never goes back.
    pub elapsed: Duration,
    /// The local time of day.
    pub local: Zoned,
}

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Message {
    /// Keys that arrived together. A burst is text that was pasted, not typed.
    Keys {
        /// In the order they came.
        keys: Vec<Key>,
        /// True for a paste.
        burst: bool,
    },
    /// The terminal has another size.
    Resized(Size),
    /// A connection was opened, or why not, in a sentence.
    Opened {
        /// Whose.
        request: RequestId,
        /// Who it leads to.
        result: Result<Session, String>,
    },
    /// The profiles were read anew from the configuration file, or why not, in a sentence.
    Listed {
        /// The number of the request that asks for the states of all profiles.
        request: RequestId,
        /// All profiles, in the file's order.
        result: Result<Vec<Session>, String>,
    },
    /// One of the listed profiles was asked for its state.
    Surveyed {
        /// Whose.
        request: RequestId,
        /// Its place in the list.
        index: usize,
        /// Its state.
        state: ProfileState,
    },
    /// A read is tried again.
    Retrying {
        /// Whose.
        request: RequestId,
        /// Which try comes now.
        attempt: usize,
        /// Why the one before failed.
        error: CallError,
    },
    /// A read ended.
    Read {
        /// Whose.
        request: RequestId,
        /// What it gave.
        result: Result<Settings, CallError>,
    },
    /// A save came to another state.
    SaveMoved {
        /// Whose.
        request: RequestId,
        /// The save as it stands.
        save: Box<Save>,
    },
    /// A request ended: a line for the log.
    Logged(Logged),
    /// The time that the save of this number had left to end is over.
    GraceOver(RequestId),
    /// Something that does not stop the work but should be known.
    Warned(String),
}

/// Something to be done outside.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Connect to this one.
    Open(RequestId, Target),
    /// Read the list of profiles anew, and ask each one for its state, a few at a time.
    Survey(RequestId),
    /// Stop asking them.
    EndSurvey,
    /// Read the configuration, with the tries that a read has.
    Read(RequestId),
    /// Read it once, a moment from now.
    Reread(RequestId),
    /// Save.
    Save(RequestId, Box<Intent>),
    /// Tell the save under way.
    Order(Order),
    /// Forget the read under way.
    Abort,
    /// Send [`Message::GraceOver`] when the save of this number had its time to end.
    Grace(RequestId),
    /// Put this on the terminal's clipboard.
    Copy(String),
    /// Stop this process and come back later.
    Suspend,
    /// Draw everything anew.
    Redraw,
    /// End, with this exit code.
    Quit(u8),
}
