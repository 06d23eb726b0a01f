//! The body of a PATCH.

use std::collections::BTreeMap;

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::code::QuestionCode;
use super::configuration::{QUESTION_CODES, Settings};
use super::item::Setting;
use super::switch::Switch;

/// The settings that a PATCH changes, and no others. It holds one value for all flags of a switch, so it can send
/// neither one flag without the other nor two flags that differ.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Patch {
    switches: BTreeMap<Switch, bool>,
    codes: Option<Vec<QuestionCode>>,
}

impl Patch {
    /// A PATCH that asks for these values.
    pub(super) fn new(switches: BTreeMap<Switch, bool>, codes: Option<Vec<QuestionCode>>) -> Self {
        Self { switches, codes }
    }

    /// The settings of `wanted` that differ from `theirs`. A switch whose flags disagree in `wanted` is left out.
    pub fn between(theirs: &Settings, wanted: &Settings) -> Self {
        let differs = |setting| !wanted.is_same_in(setting, theirs);
        let switches = Switch::all().filter(|switch| differs(Setting::Switch(*switch)));
        Self {
            switches: switches.filter_map(|switch| Some((switch, wanted.switch(switch).value()?))).collect(),
            codes: differs(Setting::Questions).then(|| wanted.codes.clone()),
        }
    }

    /// The same with the first codes alone, for a caller that shows no more than so many characters of the body. A code takes three
    /// of them at least.
    #[must_use]
    pub(crate) fn cut_to(mut self, characters: usize) -> Self {
        self.codes.iter_mut().for_each(|codes| codes.truncate(characters / 3 + 1));
        self
    }

    /// True if there is nothing to send.
    pub fn is_empty(&self) -> bool {
        self.switches.is_empty() && self.codes.is_none()
    }

    /// True if the PATCH asks for a value of `setting`.
    pub(crate) fn asks_for(&self, setting: Setting) -> bool {
        match setting {
            Setting::Switch(switch) => self.switches.contains_key(&switch),
            Setting::Questions => self.codes.is_some(),
        }
    }

    /// True if `settings` hold every value that is asked for.
    #[cfg(test)]
    pub(crate) fn is_held_by(&self, settings: &Settings) -> bool {
        self.is_same_where_asked(&self.applied_to(settings), settings)
    }

    /// True if `left` and `right` agree in each setting that this PATCH asks for.
    pub(crate) fn is_same_where_asked(&self, left: &Settings, right: &Settings) -> bool {
        Setting::all().all(|setting| !self.asks_for(setting) || left.is_same_in(setting, right))
    }

    /// `settings` with the values that are asked for.
    pub fn applied_to(&self, settings: &Settings) -> Settings {
        let mut applied = settings.clone();
        for (switch, is_on) in &self.switches {
            applied.set_switch(*switch, *is_on);
        }
        if let Some(codes) = &self.codes {
            applied.codes.clone_from(codes);
        }
        applied
    }

    /// The body as it is sent.
    pub fn to_json(&self) -> String {
        // A map of booleans and strings cannot fail to serialise.
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Serialize for Patch {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (switch, is_on) in &self.switches {
            for flag in switch.definition().flags {
                map.serialize_entry(flag.name, is_on)?;
            }
        }
        if let Some(codes) = &self.codes {
            map.serialize_entry(QUESTION_CODES, codes)?;
        }
        map.end()
    }
}
