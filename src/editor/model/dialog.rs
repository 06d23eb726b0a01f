//! What is open on top of the form: one thing at a time.

use std::time::Duration;

use tui_input::Input;

use super::form::Then;
use super::reading::RequestId;
use super::scroll::Scroll;
use crate::agents::Identity;
use crate::settings::{AddError, Settings};

/// What is open on top of the form.
#[derive(Clone, Debug)]
pub enum Dialog {
    /// The field for a new code.
    Add {
        /// What was typed.
        field: Input,
        /// Why it was not taken.
        refusal: Option<AddError>,
    },
    /// A page to read, and how far it is scrolled.
    Page(Page, Scroll),
    /// The profiles.
    Profiles(ProfileList),
    /// A question; which choice is chosen, and until when keys are not heard.
    Question {
        /// Which.
        question: Question,
        /// What was chosen last; see [`Model::chosen`](super::Model::chosen).
        choice: Choice,
        /// How far its text is scrolled.
        scroll: Scroll,
        /// [`Now::elapsed`](super::Now::elapsed) from which on keys are heard.
        deaf_until: Duration,
    },
}

/// The list of profiles.
#[derive(Clone, Debug)]
pub struct ProfileList {
    /// The number of the survey that fills it in.
    pub request: RequestId,
    /// The focused one.
    pub focus: usize,
    /// Each one's state, in the order of [`Model::profiles`](super::Model::profiles).
    pub states: Vec<ProfileState>,
}

/// What is known of a profile in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProfileState {
    /// It has not answered yet.
    Asked,
    /// What it answered, and what its token says of itself.
    Read(Box<Settings>, Identity),
    /// Why it did not, in a few words.
    Failed(String),
}

/// A page to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// Every key.
    Help,
    /// Each request of this run.
    Log,
    /// The request that a save would send.
    Request,
}

/// A question with buttons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// There are unsaved changes.
    Quit,
    /// The profile is protected.
    Protected {
        /// What follows the save.
        then: Then,
    },
    /// Somebody else changed the same setting.
    Conflict,
    /// Another profile was chosen and there are unsaved changes.
    Switch {
        /// Its place in [`Model::profiles`](super::Model::profiles).
        index: usize,
    },
}

/// One button of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Back to the form; always safe.
    KeepEditing,
    /// Save, then end.
    SaveAndQuit,
    /// End now.
    QuitWithoutSaving,
    /// Save to the protected profile.
    Save,
    /// Send the merged result.
    KeepBoth,
    /// Give up what overlaps.
    UseTheirs,
    /// Go to the other profile.
    SwitchWithoutSaving,
}

impl Choice {
    /// What stands on the button.
    pub const fn label(self) -> &'static str {
        match self {
            Self::KeepEditing => "Keep editing",
            Self::SaveAndQuit => "Save and quit",
            Self::QuitWithoutSaving => "Quit without saving",
            Self::Save => "Save",
            Self::KeepBoth => "Keep both",
            Self::UseTheirs => "Use theirs",
            Self::SwitchWithoutSaving => "Switch without saving",
        }
    }
}
