//! The editor's state. Each state is a variant that owns its data. What can be computed from other data is not stored.
//!
//! ```text
//! AskToken ─► Opening ──ok──► Loading ──ok──► Ready (draft, focus, activity)
//!                │               │
//!                └──────err──────┴──► LoadFailed ──r──► Opening or Loading: the one that failed
//! ```

mod dialog;
mod first_start;
mod form;
mod hidden_input;
mod now;
mod reading;
mod saves;
mod scroll;
mod search;
mod session;

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::api::RequestRecord;
use crate::journal::Subject;
use crate::save::{CallError, Outcome};
use crate::settings::{Change, Item};
use crate::words::{Audience, CallContext, Explanation, list_changes};

pub use dialog::{Choice, Dialog, ListedSettings, Page, ProfileList, ProfileState, Question, SurveyFailure};
pub(crate) use first_start::FIND_TOKEN;
pub use first_start::{FirstChoice, FirstStart, FirstStep, TokenUse};
pub use form::{Activity, BringingBack, Form, FormRow, LateSave, Rereading, Saving, Then};
pub use hidden_input::HiddenInput;
pub use now::Now;
pub use reading::Reading;
pub(crate) use reading::RequestId;
pub use saves::{FoundSaves, HistoryPage, LastSave, PageSaves};
pub use scroll::{Motion, Scroll};
pub use search::{Search, SearchField};
pub(crate) use search::{next_place, previous_place};
pub use session::{ReadOnly, Session, Start, Target};

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
    pub(crate) const LEAST: Self = Self { columns: 40, rows: 12 };

    /// True if the form does not fit.
    pub(crate) fn is_too_small(self) -> bool {
        self.columns < Self::LEAST.columns || self.rows < Self::LEAST.rows
    }
}

/// Everything the editor knows.
#[derive(Clone, Debug)]
pub struct Model {
    /// The agent that is edited; `None` until there is a token.
    pub session: Option<Session>,
    /// What the editor connects to. It is kept for another try after a failure.
    pub target: Option<Target>,
    /// The profiles that the user can switch to, with what is known without their tokens.
    pub profiles: Vec<Session>,
    /// What the editor is doing.
    pub phase: Phase,
    /// Where it was before it began to open another profile: it goes back there if the user stops the helper program.
    pub left: Option<Box<Left>>,
    /// The dialog that is open on top of the form.
    pub dialog: Option<Dialog>,
    /// How the last save or read ended.
    pub notice: Option<Notice>,
    /// What the editor says about the last key, until another key does something.
    pub hint: Option<String>,
    /// The search for a row.
    pub search: Search,
    /// True once the editor has said that a letter does nothing. It says so once.
    pub has_named_unbound: bool,
    /// A problem beside the last save, such as a history that cannot be written.
    pub warning: Option<String>,
    /// All requests of this run, the oldest first.
    pub log: Vec<Logged>,
    /// The saves of this run, for the line that stays in the scrollback.
    pub history: Vec<Recap>,
    /// The newest save of this run to each agent.
    pub last_saves: BTreeMap<Subject, LastSave>,
    /// The terminal's size.
    pub size: Size,
    /// Who reads the texts: a user of keys, or one who types words.
    pub audience: Audience,
    /// The time at which the last message arrived.
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
    /// There is no token. The user adds a profile, types a token for once, or opens the demo.
    AskToken(FirstStart),
    /// The request of this number opens a connection to `target`. No other request is made meanwhile.
    Opening(RequestId),
    /// The first read of the configuration is under way.
    Loading(Reading),
    /// The first read failed. There is no form, and the screen shows no values.
    LoadFailed(LoadFailure, Scroll),
    /// The form is on screen.
    Ready(Box<Form>),
}

/// Why there is no form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoadFailure {
    /// The configuration could not be read.
    Read(CallError),
    /// No connection could be opened, and why, in a sentence.
    Open(String),
    /// The user stopped the read.
    Stopped,
    /// The user stopped the opening of the connection.
    NotOpened,
}

/// What the editor tells the user, until the next notice takes its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// A text, and whether it is good news.
    Said(Tone, Explanation),
    /// How a save ended, and when.
    Ended(Box<Outcome>, jiff::Zoned),
}

/// Whether a notice is good news.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// It is neither.
    Plain,
    /// It is good news.
    Good,
    /// It is bad news.
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
    /// The settings that were changed.
    pub changes: Vec<Change>,
    /// False where the outcome is unknown.
    pub is_known: bool,
    /// When the outcome was known, or the form was left.
    pub at: jiff::Zoned,
}

impl Phase {
    /// The first read failed, or could not begin.
    pub(crate) fn failed(failure: LoadFailure) -> Self {
        Self::LoadFailed(failure, Scroll::default())
    }
}

impl Model {
    /// The form, if there is one.
    pub fn form(&self) -> Option<&Form> {
        match &self.phase {
            Phase::Ready(form) => Some(form),
            _ => None,
        }
    }

    /// The form, if it is on screen: no dialog lies on top of it.
    pub(crate) fn shown_form(&self) -> Option<&Form> {
        self.form().filter(|_| self.dialog.is_none())
    }

    /// The form to be changed.
    pub(crate) fn form_mut(&mut self) -> Option<&mut Form> {
        match &mut self.phase {
            Phase::Ready(form) => Some(form),
            _ => None,
        }
    }

    /// What the words for a failed call need to know of the agent that is open.
    pub(crate) fn call_context(&self) -> Option<CallContext> {
        let context = &self.session.as_ref()?.context;
        Some(CallContext { audience: self.audience, ..context.clone() })
    }

    /// Why nothing can be saved; `None` where saving is possible.
    pub fn read_only(&self) -> Option<ReadOnly> {
        self.session.as_ref().and_then(|session| session.read_only)
    }

    /// Whether a save would send something now.
    ///
    /// # Errors
    /// Why not, in a sentence for the user. The sentence is empty where there is no form.
    pub(crate) fn can_save(&self) -> Result<(), &'static str> {
        let form = self.form().ok_or("")?;
        let words = self.audience;
        match self.read_only() {
            _ if form.saving().is_some() => {
                Err(words.choose("Still saving; s was ignored.", "Still saving; save was ignored."))
            }
            _ if !form.draft.is_dirty() && form.unknown().is_some() => {
                Err(words.choose(
                    "Nothing was sent: the form has no change. r finds out whether the last save arrived.",
                    "Nothing was sent: there is no change. Type read to find out whether the last save arrived.",
                ))
            }
            _ if !form.draft.is_dirty() => Err("Nothing to save: there is no change."),
            _ if !form.draft.can_be_saved() => {
                Err(words.choose(
                    "The list has become too long to be changed here: d discards your changes.",
                    "The list has become too long to be changed here. Type discard to undo your changes.",
                ))
            }
            None => Ok(()),
            Some(ReadOnly::Asked) => Err("[READ ONLY] was asked for: nothing is sent."),
            Some(ReadOnly::Refused) => {
                Err(words.choose(
                    "[READ ONLY] The server said that this token may only read. p switches the profile.",
                    "[READ ONLY] The server said that this token may only read. Type profiles to switch the profile.",
                ))
            }
        }
    }

    /// The rows of the list of profiles, or of the form, whose name holds `text`.
    pub(crate) fn find_rows(&self, text: &str) -> Vec<usize> {
        search::find_matches(self.row_names().iter().map(Cow::as_ref), text).collect()
    }

    /// True if one of those rows has a name that holds `text`.
    pub(crate) fn has_row(&self, text: &str) -> bool {
        search::find_matches(self.row_names().iter().map(Cow::as_ref), text).next().is_some()
    }

    /// The names of those rows, from top to bottom. The row that adds a code has none.
    pub(crate) fn row_names(&self) -> Vec<Cow<'_, str>> {
        match (&self.dialog, self.form()) {
            (Some(Dialog::Profiles(_)), _) => self.profiles.iter().map(Session::searchable_name).collect(),
            (None, Some(form)) => form.draft.items().map(Item::shown).collect(),
            _ => Vec::new(),
        }
    }

    /// The view has drawn a frame and measured how far what is open can be scrolled.
    pub fn note_scroll_end(&mut self, end: usize) {
        if let Some(scroll) = self.scroll_mut() {
            scroll.note_end(end);
        }
    }

    /// How far the text is scrolled that is on screen; `None` where it does not scroll.
    pub(crate) fn scroll(&self) -> Option<Scroll> {
        match (&self.dialog, &self.phase) {
            (Some(dialog), _) => dialog.scroll(),
            (None, Phase::LoadFailed(_, scroll)) => Some(*scroll),
            (None, _) => None,
        }
    }

    /// The same, to scroll it.
    pub(crate) fn scroll_mut(&mut self) -> Option<&mut Scroll> {
        match (&mut self.dialog, &mut self.phase) {
            (Some(dialog), _) => dialog.scroll_mut(),
            (None, Phase::LoadFailed(_, scroll)) => Some(scroll),
            (None, _) => None,
        }
    }

    /// The buttons of a question, in their order. A button that would do nothing is left out.
    pub fn choices(&self, question: &Question) -> &'static [Choice] {
        match question {
            Question::Quit if self.can_save().is_err() => &[Choice::KeepEditing, Choice::QuitWithoutSaving],
            Question::Quit => &[Choice::KeepEditing, Choice::SaveAndQuit, Choice::QuitWithoutSaving],
            Question::Protected { then: Then::Stay } => &[Choice::KeepEditing, Choice::Save],
            Question::Protected { then: Then::Switch(_) } => &[Choice::KeepEditing, Choice::SaveAndSwitch],
            Question::Protected { .. } => &[Choice::KeepEditing, Choice::SaveAndQuit],
            Question::Conflict => &[Choice::KeepBoth, Choice::UseTheirs, Choice::KeepEditing],
            Question::Switch(_) if self.can_save().is_err() => {
                &[Choice::KeepEditing, Choice::SwitchWithoutSaving]
            }
            Question::Switch(_) => &[Choice::KeepEditing, Choice::SaveAndSwitch, Choice::SwitchWithoutSaving],
        }
    }

    /// The button that Enter presses: the one that the user chose, or the first one where that button is gone.
    pub fn chosen(&self, question: &Question, choice: Choice) -> Choice {
        let choices = self.choices(question);
        if choices.contains(&choice) { choice } else { choices[0] }
    }

    /// True if there are edits that no save has brought to the server.
    pub(crate) fn has_unsaved_changes(&self) -> bool {
        self.form().is_some_and(|form| form.draft.is_dirty())
    }

    /// The newest save of this run to the profile and agent that are open.
    pub(crate) fn last_save(&self) -> Option<&LastSave> {
        if self.last_saves.is_empty() {
            return None;
        }
        self.last_saves.get(&self.session.as_ref().map(Session::subject)?)
    }

    /// The edits that would be lost if the editor ended now. While a save is under way these are the edits made since it began.
    pub fn unsaved(&self) -> Vec<Change> {
        match self.form() {
            Some(form) if self.is_sending() => {
                form.saving().map(|saving| form.draft.changes_since(&saving.asked)).unwrap_or_default()
            }
            Some(form) => form.draft.changes(),
            None => Vec::new(),
        }
    }

    /// True while a save is under way and does not wait for an answer of the user.
    pub fn is_sending(&self) -> bool {
        self.form().is_some_and(|form| form.saving().is_some() && !form.has_conflict())
    }

    /// The line that stays in the scrollback.
    pub fn farewell(&self) -> String {
        if self.history.is_empty() {
            return "convrating: nothing saved".to_owned();
        }
        let line = |recap: &Recap| {
            let what = if recap.is_known { "saved to" } else { "outcome unknown for" };
            format!("{what} {}: {}", recap.target, list_changes(&recap.changes))
        };
        let lines: Vec<_> = self.history.iter().map(line).collect();
        format!("convrating: {}", lines.join("; "))
    }
}
