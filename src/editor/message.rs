//! What goes into [`super::model::Model::update`], and what comes out of it.

use super::keymap::Action;
use super::model::{Choice, FoundSaves, HiddenInput, Logged, ProfileState, RequestId, Session, Size, Target};
use crate::api::Order;
use crate::api::credentials::Token;
use crate::journal::{SavedLine, Subject};
use crate::save::{CallError, Save};
use crate::settings::{Intent, Settings};
use crate::terminal::Key;

/// Something that happened outside.
#[derive(Clone, Debug)]
pub enum Message {
    /// Keys that arrived together.
    Keys {
        /// In the order they came.
        keys: Vec<Key>,
        /// True where the keys are a paste.
        burst: bool,
    },
    /// The user has pasted this text, as the terminal marked it.
    Pasted(String),
    /// The user has typed a word for this action. With a place it is for that row, counted from 0.
    Act(Action, Option<usize>),
    /// The user has typed the word for this button of the question that is open.
    Answer(Choice),
    /// The user has typed this code, to add it.
    AddCode(String),
    /// The user has typed this whole text for the field that is open.
    Entered(HiddenInput),
    /// No more lines will come: the user has ended the input, or nothing hears what the editor says.
    InputEnded,
    /// The terminal has another size.
    Resized(Size),
    /// The opening of a connection has ended.
    Opened {
        /// The number of the request.
        request: RequestId,
        /// The agent that the connection leads to, or why there is none, in a sentence.
        result: Result<Session, String>,
    },
    /// The user ended the `token_command` of the profile that was being opened.
    OpenStopped(RequestId),
    /// The configuration file gives the profile that is being opened a helper program by now, which the editor did not know.
    HelperFound {
        /// The number of the request.
        request: RequestId,
        /// The profile as the file describes it.
        session: Session,
    },
    /// A token was read again from its source, or the user has typed one that works, for the agent that is open or for a new
    /// profile.
    Renewed {
        /// The number of the request.
        request: RequestId,
        /// The new token, or why the old one stays, in a sentence.
        result: Result<Box<NewToken>, String>,
    },
    /// The list of profiles has been read again from the configuration file.
    Listed {
        /// The number of the request that asks for the states of all profiles.
        request: RequestId,
        /// All profiles in the order of the file, or why there is no list, in a sentence.
        result: Result<Vec<Session>, String>,
    },
    /// The state of one of the listed profiles is known.
    Surveyed {
        /// The number of the request.
        request: RequestId,
        /// The place of the profile in the list.
        index: usize,
        /// The state of the profile.
        state: ProfileState,
    },
    /// A read is tried again.
    Retrying {
        /// The number of the request.
        request: RequestId,
        /// The number of the try that begins now.
        attempt: usize,
        /// Why the try before failed.
        error: CallError,
    },
    /// A read ended.
    Read {
        /// The number of the request.
        request: RequestId,
        /// The configuration, or why there is none.
        result: Result<Settings, CallError>,
    },
    /// A save has come to another state.
    SaveMoved {
        /// The number of the request.
        request: RequestId,
        /// The save in its new state.
        save: Box<Save>,
    },
    /// The history was searched for the newest save that `b` can set back.
    LastSaveFound {
        /// The number of the request.
        request: RequestId,
        /// The save, where there is one; or why the history cannot be read, as part of a sentence.
        result: Result<Option<Box<SavedLine>>, String>,
    },
    /// The history was read for its page.
    HistoryRead {
        /// The number of the request.
        request: RequestId,
        /// The saves of the profile; or why the history cannot be read, as part of a sentence.
        result: Result<FoundSaves, String>,
    },
    /// A request has ended. It becomes a line of the log.
    Logged(Logged),
    /// The user wants to quit, and the time that the save of this number had to end is over.
    GraceOver(RequestId),
    /// The text of [`Effect::Copy`] is on its way, or where the user finds it.
    Copied(Copied),
    /// A warning that the user should see.
    Warned(String),
}

impl Message {
    /// True for what comes in its hundreds while the list of profiles fills. It can be shown a moment later.
    pub(super) fn is_news(&self) -> bool {
        matches!(self, Self::Surveyed { .. } | Self::Logged(_))
    }
}

/// Where a text went that was copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Copied {
    /// To the terminal, which does not say whether it took the text.
    Sent,
    /// Into tmux's buffer. tmux does not say whether the terminal took the text from it.
    InTmux,
    /// To the terminal, because tmux did not take it, for this reason. It follows a colon, and a full stop follows it.
    RefusedByTmux(String),
}

/// Something that the loop has to do outside the model.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Leave the terminal to the helper program of the profile that is opened next, until that opening has ended.
    LendTerminal,
    /// Open a connection to this target.
    Open(RequestId, Target),
    /// Get another token for the agent that is open, and use it from then on.
    Renew(RequestId, Box<Renewal>),
    /// Try the token of a new profile, store both, and use the profile from then on. [`Message::Renewed`] tells the end.
    Add(RequestId, Box<NewProfile>),
    /// Read the list of profiles again, and ask the server of each profile for its state, a few at a time.
    Survey(RequestId),
    /// Stop the survey of the profiles.
    EndSurvey,
    /// Read the configuration, and try again after a failure as a read does.
    Read(RequestId),
    /// Wait for a moment and read the configuration once.
    Reread {
        /// The number of the read.
        request: RequestId,
        /// True for the second read after a save, which waits longer.
        is_second: bool,
    },
    /// Begin a save.
    Save(RequestId, Box<Intent>),
    /// Search the history for the newest save to this profile and agent that changed something.
    FindLastSave(RequestId, Subject),
    /// Read the saves to this profile and agent from the history.
    ReadHistory(RequestId, Subject),
    /// Pass an order to the save that is under way.
    Order(Order),
    /// Stop the read that is under way.
    Abort,
    /// Send [`Message::GraceOver`] when the time that the save of this number has to end is over.
    Grace(RequestId),
    /// Copy this text: inside tmux into its buffer, else by the terminal. [`Message::Copied`] says where it went.
    Copy(String),
    /// Suspend this process until the shell continues it.
    Suspend,
    /// Draw the whole screen again.
    Redraw,
    /// End the editor with this exit code.
    Quit(u8),
}

/// A token that takes the place of the one before it.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// The agent with its new token.
    pub session: Session,
    /// What a token that the user typed has read. `None` for one from its source: nothing has been read with it yet.
    pub read: Option<Settings>,
}

/// Another token for the agent that is open.
#[derive(Clone, Debug, PartialEq)]
pub struct Renewal {
    /// The agent, and the profile that it was opened by.
    pub session: Session,
    /// What the user typed; `None` where the token is read again from its source.
    pub typed: Option<TypedText>,
    /// There is a form: its draft is for one agent alone.
    pub has_form: bool,
}

/// What the user typed in the field for another token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TypedText {
    /// A token.
    Token(Token),
    /// Any text. The demo gives its own token for it; the text itself goes nowhere and is forgotten.
    ForDemo,
}

/// A profile that the user adds.
#[derive(Clone, Debug, PartialEq)]
pub struct NewProfile {
    /// Its name.
    pub name: String,
    /// The token that the user typed.
    pub token: Token,
}
