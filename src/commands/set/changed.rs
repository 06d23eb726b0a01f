//! What came of one profile's part.

use serde::Serialize;

use super::follow_up::FollowUp;
use crate::settings::{Change, Item, Patch, Settings};
use crate::visible::json_visible;

/// What came of a part that did not fail.
#[derive(Debug)]
pub(super) struct Changed {
    /// What the server holds now; in a dry run, what it would hold.
    pub(super) settings: Settings,
    /// The outcome in words.
    pub(super) text: String,
    /// What a dry run shows.
    pub(super) proposal: Option<Proposal>,
    /// The read that is still to be made: it shows whether what was saved stays.
    pub(super) follow_up: Option<Box<FollowUp>>,
}

/// What a dry run shows.
#[derive(Debug)]
pub(super) struct Proposal {
    /// The address that the PATCH would go to.
    pub(super) url: String,
    /// The PATCH; an empty one would not be sent.
    pub(super) patch: Patch,
    pub(super) changes: Vec<Change>,
}

impl Changed {
    /// The request of a dry run, as a line and a body below it.
    pub(super) fn request(&self, is_ascii: bool) -> Option<String> {
        let Proposal { url, patch, .. } =
            self.proposal.as_ref().filter(|proposal| !proposal.patch.is_empty())?;
        let body = patch.to_json();
        Some(format!("{METHOD} {url}\n{}", json_visible(&body, is_ascii)))
    }

    /// `{"configuration"}`, and in a dry run `{"changes", "request", "configuration"}`.
    pub(super) fn to_json(&self) -> ChangedJson {
        ChangedJson {
            proposal: self.proposal.as_ref().map(Proposal::to_json),
            configuration: self.settings.clone(),
        }
    }
}

const METHOD: &str = "PATCH";

impl Proposal {
    fn to_json(&self) -> ProposalJson {
        let Self { url, patch, changes } = self;
        let request = RequestJson { method: METHOD, url: url.clone(), body: patch.clone() };
        ProposalJson {
            changes: changes.iter().map(ChangeJson::from).collect(),
            request: Some(request).filter(|request| !request.body.is_empty()),
        }
    }
}

/// What is printed of one profile.
#[derive(Serialize)]
pub(super) struct ChangedJson {
    #[serde(flatten)]
    proposal: Option<ProposalJson>,
    configuration: Settings,
}

#[derive(Serialize)]
struct ProposalJson {
    changes: Vec<ChangeJson>,
    request: Option<RequestJson>,
}

#[derive(Serialize)]
struct RequestJson {
    method: &'static str,
    url: String,
    body: Patch,
}

/// A change as the words of [`Change`] say it, but with the code as the server has it.
#[derive(Serialize)]
struct ChangeJson {
    setting: String,
    before: &'static str,
    after: &'static str,
}

impl From<&Change> for ChangeJson {
    fn from(Change { item, before, after }: &Change) -> Self {
        let setting = match item {
            Item::Switch(switch) => switch.definition().word.to_owned(),
            Item::Code(code) => code.raw().to_owned(),
        };
        Self { setting, before: before.word(item), after: after.word(item) }
    }
}
