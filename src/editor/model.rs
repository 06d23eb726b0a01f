//! The editor's state. Each state is a variant that owns its data; what can be derived is not stored.
//!
//! ```text
//! AskToken ─► Opening ──ok──► Loading ──ok──► Ready (draft, focus, activity)
//!                │               │
//!                └──────err──────┴──► LoadFailed ──r──► Opening or Loading, whichever failed
//! ```

mod dialog;
mod form;
mod session;

use tui_input::Input;

use super::keymap::can_save;
use super::message::Now;
use crate::api::RequestRecord;
use crate::save::{CallError, Outcome, State};
use crate::settings::Change;

pub use dialog::{Choice, Dialog, Page, ProfileList, ProfileState, Question};
pub use form::{Activity, Form, FormRow, LateSave, Rereading, Saving, Then};
pub use session::{ReadOnly, Session, Start, Target};

/// The number of a request; a late answer to an older one is dropped.
pub type RequestId = u64;

/// The terminal's size in cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Its width.
    pub columns: u16,
    /// Its height.
    pub rows: u16,
}

impl Size {
    /// The least that the editor works in.
    pub const LEAST: Self = Self { columns: 40, rows: 12 };

    /// True if the form does not fit.
    pub fn is_too_small(self) -> bool {
        self.columns < Self::LEAST.columns || self.rows < Self::LEAST.rows
    }
}

/// Everything the editor knows.
#[derive(Clone, Debug)]
pub struct Model {
    /// Whom it talks to; `None` until there is a token.
    pub session: Option<Session>,
    /// Whom it tries to connect to, when that has to be tried again.
    pub target: Option<Target>,
    /// Everyone it can switch to, as far as they are known without a token.
    pub profiles: Vec<Session>,
    /// What it is doing.
    pub phase: Phase,
    /// Where it was before it began to open another profile: it goes back there if the user stops the helper program.
    pub left: Option<Box<Left>>,
    /// What is open on top of it.
    pub dialog: Option<Dialog>,
    /// How the last save or read ended.
    pub notice: Option<Notice>,
    /// A word on the last key, until the next one does something.
    pub hint: Option<String>,
    /// What went wrong beside the last save, such as with its record.
    pub warning: Option<String>,
    /// Every request of this run.
    pub log: Vec<Logged>,
    /// What this run saved, for the line that stays in the scrollback.
    pub history: Vec<Recap>,
    /// The terminal's size.
    pub size: Size,
    /// When the last message arrived.
    pub now: Now,
    /// The number of the newest request.
    pub newest: RequestId,
}

/// A form that was left for another profile.
#[derive(Clone, Debug)]
pub struct Left {
    /// Whose configuration it is.
    pub session: Option<Session>,
    /// What to connect to, when that has to be tried again.
    pub target: Option<Target>,
    /// The form, with its draft.
    pub form: Box<Form>,
}

/// What the editor is doing.
#[derive(Clone, Debug)]
pub enum Phase {
    /// There is no token: one is typed, hidden, or the demo chosen.
    AskToken(TokenForm),
    /// A connection to `target` is being opened, by the request of this number; until then no request goes anywhere.
    Opening(RequestId),
    /// The configuration is being read for the first time.
    Loading(Reading),
    /// It could not be: there is no form, and no value is invented.
    LoadFailed(Failure),
    /// The form.
    Ready(Box<Form>),
}

/// Why there is no form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The configuration could not be read.
    Read(CallError),
    /// There is no connection to read it from.
    Open(String),
    /// The user stopped the read.
    Stopped,
    /// The user stopped before there was a connection.
    NotOpened,
}

/// The question for a token.
#[derive(Clone, Debug, Default)]
pub struct TokenForm {
    /// Where the token will go.
    pub host: String,
    /// What was typed; never shown.
    pub field: HiddenInput,
    /// Why it was not taken.
    pub refusal: Option<String>,
    /// True if the focus is on the demo instead of the field.
    pub is_demo_chosen: bool,
}

/// What is typed and never shown: neither on screen nor in a debug print.
#[derive(Clone, Default)]
pub struct HiddenInput(pub Input);

impl std::fmt::Debug for HiddenInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HiddenInput(redacted)")
    }
}

/// A read under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Its number.
    pub request: RequestId,
    /// Which try it is, and why the one before failed.
    pub retry: Option<(usize, CallError)>,
}

/// Something said to the user, until something else is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Words, and how they are meant.
    Said(Tone, String),
    /// How a save ended, and when.
    Ended(Box<Outcome>, jiff::Zoned),
}

/// How a notice is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// By the way.
    Plain,
    /// It worked.
    Good,
    /// It did not.
    Bad,
}

/// A request of this run, and the profile that it was made for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logged {
    /// The request.
    pub record: RequestRecord,
    /// The profile's name.
    pub profile: Option<String>,
}

/// One save of this run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recap {
    /// Profile and agent.
    pub target: String,
    /// What was changed.
    pub changes: Vec<Change>,
    /// False where the outcome is unknown.
    pub is_known: bool,
}

impl Model {
    /// The form, if there is one.
    pub fn form(&self) -> Option<&Form> {
        match &self.phase {
            Phase::Ready(form) => Some(form),
            _ => None,
        }
    }

    /// The form to be changed.
    pub fn form_mut(&mut self) -> Option<&mut Form> {
        match &mut self.phase {
            Phase::Ready(form) => Some(form),
            _ => None,
        }
    }

    /// Why nothing can be saved, where that is so.
    pub fn read_only(&self) -> Option<ReadOnly> {
        self.session.as_ref().and_then(|session| session.read_only)
    }

    /// The buttons of a question in their order. None is there that does nothing.
    pub fn choices(&self, question: Question) -> &'static [Choice] {
        match question {
            Question::Quit if can_save(self).is_err() => &[Choice::KeepEditing, Choice::QuitWithoutSaving],
            Question::Quit => &[Choice::KeepEditing, Choice::SaveAndQuit, Choice::QuitWithoutSaving],
            Question::Protected { then: Then::Stay } => &[Choice::KeepEditing, Choice::Save],
            Question::Protected { .. } => &[Choice::KeepEditing, Choice::SaveAndQuit],
            Question::Conflict => &[Choice::KeepBoth, Choice::UseTheirs, Choice::KeepEditing],
            Question::Switch { .. } => &[Choice::KeepEditing, Choice::SwitchWithoutSaving],
        }
    }

    /// The button that Enter presses: the one that the user chose, or the first one where that is not there any more.
    pub fn chosen(&self, question: Question, choice: Choice) -> Choice {
        let choices = self.choices(question);
        if choices.contains(&choice) { choice } else { choices[0] }
    }

    /// True if there are edits that no save has brought to the server.
    pub fn has_unsaved_changes(&self) -> bool {
        self.form().is_some_and(|form| form.draft.is_dirty())
    }

    /// What leaving now would lose: the edits, or those made since, where a save is on its way.
    pub fn unsaved(&self) -> Vec<Change> {
        match self.form() {
            Some(form) if self.is_sending() => {
                form.saving().map(|saving| form.draft.changes_since(&saving.asked)).unwrap_or_default()
            }
            Some(form) => form.draft.changes(),
            None => Vec::new(),
        }
    }

    /// True while a save is under way that does not wait for the user.
    pub fn is_sending(&self) -> bool {
        let saving = self.form().and_then(Form::saving);
        saving.is_some_and(|saving| !matches!(saving.save.state(), State::Conflict(_)))
    }

    /// The line that stays in the scrollback.
    pub fn farewell(&self) -> String {
        if self.history.is_empty() {
            return "convrating: nothing saved".to_owned();
        }
        let line = |recap: &Recap| {
            let changes: Vec<_> = recap.changes.iter().map(ToString::to_string).collect();
            let what = if recap.is_known { "saved to" } else { "outcome unknown for" };
            format!("{what} {}: {}", recap.target, changes.join(", "))
        };
        let lines: Vec<_> = self.history.iter().map(line).collect();
        format!("convrating: {}", lines.join("; "))
    }
}
