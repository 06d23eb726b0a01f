//! The screen of an editor that has no token: the user chooses how to go on.
//!
//! ```text
//!           ┌─ Add a profile ──► Naming ─► Typing, kept under the name ─► form
//! Choosing ─┼─ Use a token once ─────────► Typing, for once ────────────► form
//!           └─ Open the demo ───────────────────────────────────────────► form
//! ```
//!
//! Esc goes one step back.

use tui_input::Input;

use super::hidden_input::HiddenInput;
use super::reading::RequestId;

/// Where the user finds a token.
pub(crate) const FIND_TOKEN: &str =
    "Get a token: Quickchat Dashboard > External Apps > API, scope write_all (read_all only shows).";
/// What the screen shows where there is no token.
#[derive(Clone, Debug, Default)]
pub struct FirstStart {
    /// Where a token will go.
    pub host: String,
    /// What the user is asked now.
    pub step: FirstStep,
    /// Why the last answer was not taken, in a sentence.
    pub refusal: Option<String>,
    /// The number of the request that tries the answer. Until it has ended no other answer is taken.
    pub request: Option<RequestId>,
}

/// What the user is asked.
#[derive(Clone, Debug)]
pub enum FirstStep {
    /// The user chooses a way to go on. This one is chosen now.
    Choosing(FirstChoice),
    /// The user types the name of a new profile.
    Naming(Input),
    /// The user types a token.
    Typing {
        /// What becomes of the token.
        token_use: TokenUse,
        /// The text that the user has typed. It is never shown.
        field: HiddenInput,
    },
}

impl Default for FirstStep {
    fn default() -> Self {
        Self::Choosing(FirstChoice::AddProfile)
    }
}

/// A way to go on without a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirstChoice {
    /// The token is stored with a name.
    AddProfile,
    /// The token is used for this run.
    UseOnce,
    /// The embedded demo needs no token.
    OpenDemo,
}

impl FirstChoice {
    /// All of them, from top to bottom.
    pub const ALL: [Self; 3] = [Self::AddProfile, Self::UseOnce, Self::OpenDemo];

    /// The words on the button.
    pub fn label(self) -> &'static str {
        match self {
            Self::AddProfile => "Add a profile",
            Self::UseOnce => "Use a token once",
            Self::OpenDemo => "Open the demo",
        }
    }

    /// What it means, in at most 36 columns: so many has the line for it on the smallest screen.
    pub(crate) fn about(self) -> &'static str {
        match self {
            Self::AddProfile => "the token is kept on this machine",
            Self::UseOnce => "the token is not stored",
            Self::OpenDemo => "no token, no network",
        }
    }
}

/// What becomes of the token that the user types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenUse {
    /// It is used for this run and not stored.
    Once,
    /// It is stored for a new profile of this name.
    Kept(String),
}

impl FirstStart {
    /// Another step. What was said of the one before goes.
    pub(crate) fn go_to(&mut self, step: FirstStep) {
        (self.step, self.refusal) = (step, None);
    }

    /// The answer was not taken, for this reason. The user can give another one.
    pub(crate) fn refuse(&mut self, reason: String) {
        (self.refusal, self.request) = (Some(reason), None);
    }

    /// True while the user types the name of a new profile.
    pub(crate) fn is_naming(&self) -> bool {
        matches!(self.step, FirstStep::Naming(_))
    }
}
