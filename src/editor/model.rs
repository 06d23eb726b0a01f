//! The editor's state. Each state is a variant that owns its data; what can be derived is not stored.
//!
//! ```text
//! AskToken ─► Loading ──ok──► Ready (draft, focus, activity)
//!                └──err──► LoadFailed ──r──► Loading
//! ```

mod dialog;
mod session;

use tui_input::Input;

use super::keymap::can_save;
use super::message::Now;
use crate::api::RequestRecord;
use crate::api::error::ApiError;
use crate::api::save::{Save, State};
use crate::settings::draft::{Draft, Row, Snapshot};
use crate::settings::{Change, Patch, Settings};

pub use dialog::{Choice, Dialog, Page, ProfileList, ProfileState, Question};
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
    /// What is open on top of it.
    pub dialog: Option<Dialog>,
    /// How the last save or read ended.
    pub notice: Option<Notice>,
    /// A word on the last key, until the next one does something.
    pub hint: Option<String>,
    /// Every request of this run.
    pub log: Vec<RequestRecord>,
    /// What this run saved, for the line that stays in the scrollback.
    pub history: Vec<Recap>,
    /// The terminal's size.
    pub size: Size,
    /// When the last message arrived.
    pub now: Now,
    /// The number of the newest request.
    pub newest: RequestId,
}

/// What the editor is doing.
#[derive(Clone, Debug)]
pub enum Phase {
    /// There is no token: one is typed, hidden, or the demo chosen.
    AskToken(TokenForm),
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
    Read(ApiError),
    /// There is no connection to read it from.
    Open(String),
    /// The user stopped the read.
    Stopped,
}

/// The question for a token.
#[derive(Clone, Debug, Default)]
pub struct TokenForm {
    /// Where the token will go.
    pub host: String,
    /// What was typed; never shown.
    pub field: Input,
    /// Why it was not taken.
    pub refusal: Option<String>,
    /// True if the focus is on the demo instead of the field.
    pub is_demo_chosen: bool,
}

/// A read under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Its number.
    pub request: RequestId,
    /// Which try it is, and why the one before failed.
    pub retry: Option<(usize, ApiError)>,
}

/// The form and what happens to it.
#[derive(Clone, Debug)]
pub struct Form {
    /// What the user made of the configuration.
    pub draft: Draft,
    /// The focused row: 0 is the rating, then the codes, last the row that adds one.
    pub focus: usize,
    /// When the configuration was read or confirmed.
    pub read_at: jiff::Zoned,
    /// What is under way.
    pub activity: Activity,
    /// What was there before the last save.
    pub before_save: Option<Settings>,
    /// What a save asked for whose outcome is unknown; until a read tells.
    pub unknown: Option<Patch>,
}

/// What is under way while the form is shown.
#[derive(Clone, Debug)]
pub enum Activity {
    /// Nothing.
    Resting,
    /// The user asked to read again.
    Reading(Reading),
    /// The silent read after a save.
    Rereading(Rereading),
    /// A save.
    Saving(Box<Saving>),
}

/// The silent read after a save: did somebody change the same settings at the same time?
#[derive(Clone, Debug)]
pub struct Rereading {
    /// Its number.
    pub request: RequestId,
    /// What the save had asked for.
    pub saved: Patch,
}

/// A save under way.
#[derive(Clone, Debug)]
pub struct Saving {
    /// Its number.
    pub request: RequestId,
    /// The save's own value.
    pub save: Save,
    /// Where the draft stood when the user pressed `s`.
    pub asked: Snapshot,
    /// What the server held just before the newest PATCH.
    pub theirs: Option<Settings>,
    /// Which try a read is at, and why the one before failed.
    pub retry: Option<(usize, ApiError)>,
    /// What follows when it has ended.
    pub then: Then,
}

/// What follows a save.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// The form.
    Stay,
    /// The end, if it was saved.
    Quit,
    /// The end, if it was saved or the grace is over.
    QuitSoon {
        /// The user gave up the edits made since.
        drops_edits: bool,
    },
}

/// A row of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormRow<'a> {
    /// The switch.
    Rating,
    /// A question code.
    Code(Row<'a>),
    /// The row that adds a code.
    Add,
}

/// Something said to the user, until something else is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// How it is meant; the words say it too.
    pub tone: Tone,
    /// The words.
    pub text: String,
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

    /// The buttons of a question in their order; the first one is chosen at first. None is there that does nothing.
    pub fn choices(&self, question: Question) -> &'static [Choice] {
        match question {
            Question::Quit if can_save(self).is_err() => &[Choice::KeepEditing, Choice::QuitWithoutSaving],
            Question::Quit => &[Choice::KeepEditing, Choice::SaveAndQuit, Choice::QuitWithoutSaving],
            Question::Protected { .. } => &[Choice::KeepEditing, Choice::Save],
            Question::Conflict => &[Choice::KeepBoth, Choice::UseTheirs, Choice::KeepEditing],
            Question::Switch { .. } => &[Choice::KeepEditing, Choice::SwitchWithoutSaving],
        }
    }

    /// True if leaving now would lose an edit.
    pub fn has_unsaved_changes(&self) -> bool {
        self.form().is_some_and(|form| form.draft.is_dirty())
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

impl Form {
    /// How many rows there are.
    pub fn row_count(&self) -> usize {
        self.draft.rows().count() + 2
    }

    /// The rows from top to bottom.
    pub fn rows(&self) -> impl Iterator<Item = FormRow<'_>> {
        let codes = self.draft.rows().map(FormRow::Code);
        std::iter::once(FormRow::Rating).chain(codes).chain(std::iter::once(FormRow::Add))
    }

    /// The focused row.
    pub fn focused(&self) -> FormRow<'_> {
        self.rows().nth(self.focus).unwrap_or(FormRow::Add)
    }

    /// The save under way.
    pub fn saving(&self) -> Option<&Saving> {
        match &self.activity {
            Activity::Saving(saving) => Some(saving),
            _ => None,
        }
    }

    /// The request that a save would send if the server still holds the baseline.
    pub fn patch(&self) -> Patch {
        Patch::between(self.draft.baseline(), &self.draft.settings())
    }

    /// True where something is under way that Esc stops.
    pub fn can_be_stopped(&self) -> bool {
        match &self.activity {
            Activity::Resting | Activity::Rereading(_) => false,
            Activity::Reading(_) => true,
            Activity::Saving(saving) => !matches!(saving.save.state(), State::Ended(_)),
        }
    }
}
