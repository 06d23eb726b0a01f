//! The dialogs. One at a time is open on top of the form.

use std::time::Duration;

use tui_input::Input;

use super::form::Then;
use super::hidden_input::HiddenInput;
use super::reading::RequestId;
use super::saves::HistoryPage;
use super::scroll::Scroll;
use super::session::Session;
use crate::agents::Identity;
use crate::settings::{AddError, Settings};

/// What is open on top of the form.
#[derive(Clone, Debug)]
pub enum Dialog {
    /// The field for a new code.
    Add {
        /// The text that the user has typed.
        field: Input,
        /// Why the code was not added.
        refusal: Option<AddError>,
    },
    /// The field for another token of the agent that is open.
    Token {
        /// The text that the user has typed. It is never shown.
        field: HiddenInput,
        /// Why the last token was not taken, in a sentence.
        refusal: Option<String>,
        /// The number of the request that tries the token.
        request: Option<RequestId>,
    },
    /// A page to read, and how far it is scrolled.
    Page(Page, Scroll),
    /// The page with the saves of the profile.
    History(HistoryPage),
    /// The list of profiles.
    Profiles(ProfileList),
    /// A question with buttons.
    Question {
        /// Which question it is.
        question: Question,
        /// The button that the user chose last; see [`Model::chosen`](super::Model::chosen).
        choice: Choice,
        /// How far its text is scrolled.
        scroll: Scroll,
        /// [`Now::elapsed`](super::Now::elapsed) from which on the question takes keys. Earlier keys were
        /// meant for what was on screen before.
        deaf_until: Duration,
    },
}

impl Dialog {
    /// How far the text of a page or of a question is scrolled; `None` where no text scrolls.
    pub(crate) fn scroll(&self) -> Option<Scroll> {
        match self {
            Self::Page(_, scroll) | Self::Question { scroll, .. } => Some(*scroll),
            Self::History(page) => Some(page.scroll),
            Self::Add { .. } | Self::Token { .. } | Self::Profiles(_) => None,
        }
    }

    /// The same, to be changed.
    pub(crate) fn scroll_mut(&mut self) -> Option<&mut Scroll> {
        match self {
            Self::Page(_, scroll) | Self::Question { scroll, .. } => Some(scroll),
            Self::History(page) => Some(&mut page.scroll),
            Self::Add { .. } | Self::Token { .. } | Self::Profiles(_) => None,
        }
    }
}

/// The list of profiles.
#[derive(Clone, Debug)]
pub struct ProfileList {
    /// The number of the survey whose answers fill the list in.
    pub request: RequestId,
    /// The place of the focused profile.
    pub focus: usize,
    /// The state of each profile, in the order of [`Model::profiles`](super::Model::profiles).
    pub states: Vec<ProfileState>,
}

/// What is known of a profile in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProfileState {
    /// Its server has not answered yet.
    Asked,
    /// What the list shows of the configuration that the server answered with, and what the token says about itself.
    Read(ListedSettings, Identity),
    /// Why there is no configuration.
    Failed(SurveyFailure),
}

/// A configuration as the list shows it. The codes are counted and not kept: there may be thousands of profiles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedSettings {
    /// The configuration without its codes.
    pub switches: Settings,
    /// How many questions are on, of all that the form shows: `1 of 3`.
    pub asked: String,
}

impl From<Settings> for ListedSettings {
    fn from(mut settings: Settings) -> Self {
        let asked = settings.count_asked();
        settings.codes = Vec::new();
        Self { switches: settings, asked }
    }
}

/// Why there is no configuration of a profile in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SurveyFailure {
    /// A few words for the profile's row.
    pub short: String,
    /// A sentence or two for the focused profile.
    pub reason: String,
    /// True where the token is the reason: the words stand in the token's column.
    pub is_about_token: bool,
}

/// A page to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// All keys.
    Help,
    /// All requests of this run.
    Log,
    /// The request that a save would send.
    Request,
}

/// A question with buttons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// The user wants to quit and there are unsaved changes.
    Quit,
    /// The user wants to save to a protected profile.
    Protected {
        /// What follows the save.
        then: Then,
    },
    /// Another user changed the same setting on the server.
    Conflict,
    /// The user chose this other profile and there are unsaved changes.
    Switch(Box<Session>),
}

/// One button of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Back to the form. Changes nothing and loses nothing.
    KeepEditing,
    /// Save, then end the editor.
    SaveAndQuit,
    /// End the editor now. The changes are lost.
    QuitWithoutSaving,
    /// Save to the protected profile.
    Save,
    /// Send the result of the merge.
    KeepBoth,
    /// Keep what the server holds, and give up the edits of the same settings.
    UseTheirs,
    /// Save, then open the other profile.
    SaveAndSwitch,
    /// Open the other profile. The changes are lost.
    SwitchWithoutSaving,
}

impl Choice {
    /// The text on the button.
    pub const fn label(self) -> &'static str {
        match self {
            Self::KeepEditing => "Keep editing",
            Self::SaveAndQuit => "Save and quit",
            Self::QuitWithoutSaving => "Quit without saving",
            Self::Save => "Save",
            Self::KeepBoth => "Keep both",
            Self::UseTheirs => "Use theirs",
            Self::SaveAndSwitch => "Save and switch",
            Self::SwitchWithoutSaving => "Switch without saving",
        }
    }
}
