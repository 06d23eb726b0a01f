//! What came of one profile's part.

use super::follow_up::FollowUp;
use crate::settings::Settings;

/// What came of a part that did not fail.
#[derive(Debug)]
pub(super) struct Changed {
    /// What the server holds now; in a dry run, what it would hold.
    pub(super) settings: Settings,
    /// The outcome in words.
    pub(super) text: String,
    /// The request that a dry run shows.
    pub(super) request: Option<String>,
    /// The read that is still to be made: it shows whether what was saved stays.
    pub(super) follow_up: Option<Box<FollowUp>>,
}
