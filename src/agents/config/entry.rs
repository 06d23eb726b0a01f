//! What the configuration file says.

use std::collections::HashMap;

use super::super::source::{ReadableSource, TokenSource};
use crate::api::credentials::BaseUrl;

/// The configuration file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// The profile that is used where nothing else names one.
    pub default_profile: Option<String>,
    /// Where `default_profile` stands: line and column, from 1.
    pub default_place: Option<(usize, usize)>,
    /// The profiles, in the file's order.
    pub profiles: Vec<ProfileEntry>,
    /// The place of each name in them. A list of profiles looks each of them up by its name.
    places: HashMap<String, usize>,
}

/// One `[profiles.NAME]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileEntry {
    /// Its name.
    pub name: String,
    /// Where its token may go, and nowhere else.
    pub base_url: BaseUrl,
    /// Where its token is.
    pub source: ReadableSource,
    /// The agent that it is for: the token of another agent is refused.
    pub scenario_id: Option<String>,
    /// Saving asks the user first.
    pub is_protected: bool,
    /// Nothing is written.
    pub is_read_only: bool,
}

impl Config {
    /// A file with these profiles, each of another name.
    pub(super) fn new(
        default_profile: Option<String>,
        default_place: Option<(usize, usize)>,
        profiles: Vec<ProfileEntry>,
    ) -> Self {
        let places = profiles.iter().enumerate().map(|(place, entry)| (entry.name.clone(), place)).collect();
        Self { default_profile, default_place, profiles, places }
    }

    /// The profile of this name.
    pub fn profile(&self, name: &str) -> Option<&ProfileEntry> {
        self.profiles.get(*self.places.get(name)?)
    }
}

impl ProfileEntry {
    /// Where its token comes from.
    pub fn token_source(&self) -> TokenSource {
        TokenSource::Readable(self.source.clone())
    }
}
