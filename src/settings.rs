//! What is edited, as the wire has it: three fields as two settings.
//!
//! ```text
//! body of an answer ──Settings::from_json──► Settings ──Draft──► edits ──merge onto a fresh read──► Patch ──► body
//! ```
//!
//! The two flags of the wire are one setting here, [`Rating`]; the array of codes is the other, compared as a set.

pub mod catalog;
pub mod draft;
pub mod merge;
mod parse;

use std::collections::BTreeSet;
use std::fmt;

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

pub use parse::ShapeError;

use crate::visible::visible;

/// The wire's name of the flag "collect feedback at the end of conversations".
pub const ACTIVE: &str = "conv_rating_active";
/// The wire's name of the flag "show a popup that asks for it".
pub const POPUP_ACTIVE: &str = "conv_rating_popup_active";
/// The wire's name of the list of question codes.
pub const QUESTION_CODES: &str = "conv_rating_question_codes";

/// One string of the array, exactly as the server has it. [`fmt::Display`] shows it safely; only [`QuestionCode::raw`]
/// gives the characters that are sent back.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QuestionCode(String);

impl QuestionCode {
    /// Takes any string: the server's codes are kept whatever they hold.
    pub fn new(raw: impl Into<String>) -> Self {
        Self(raw.into())
    }

    /// The code as it stands on the wire.
    pub fn raw(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for QuestionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_str() {
            // Something has to be seen of it.
            "" => f.write_str("\"\""),
            raw => f.write_str(&visible(raw)),
        }
    }
}

/// The on/off switch: both flags of the wire together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rating {
    /// Both flags are true.
    On,
    /// Both flags are false.
    Off,
    /// The flags disagree on the server: `active` is the first one's value, the popup's is the other. No draft can
    /// hold this once it was touched.
    Mixed {
        /// The value of `conv_rating_active`.
        active: bool,
    },
}

impl Rating {
    /// The rating that two flags of the wire make.
    pub fn from_flags(active: bool, popup_active: bool) -> Self {
        match (active, popup_active) {
            (true, true) => Self::On,
            (false, false) => Self::Off,
            (active, _) => Self::Mixed { active },
        }
    }

    /// `conv_rating_active` and `conv_rating_popup_active`.
    pub fn flags(self) -> (bool, bool) {
        match self {
            Self::On => (true, true),
            Self::Off => (false, false),
            Self::Mixed { active } => (active, !active),
        }
    }

    /// What a toggle makes of it: flags that disagree become both on.
    pub fn toggled(self) -> bool {
        self != Self::On
    }
}

impl From<bool> for Rating {
    fn from(on: bool) -> Self {
        Self::from_flags(on, on)
    }
}

impl fmt::Display for Rating {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::On => "on",
            Self::Off => "off",
            Self::Mixed { .. } => "flags disagree",
        })
    }
}

/// The configuration as the server holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Both flags.
    pub rating: Rating,
    /// The codes in the server's order, repetitions included.
    pub codes: Vec<QuestionCode>,
}

impl Settings {
    /// Reads the body of an answer, strictly: each field must be there once, with its own type. Fields that are not
    /// known are ignored.
    ///
    /// # Errors
    /// A [`ShapeError`] that names the field, or says that it is no JSON or no object.
    pub fn from_json(body: &[u8]) -> Result<Self, ShapeError> {
        parse::settings(body)
    }

    /// True if `code` is among the codes.
    pub fn has(&self, code: &QuestionCode) -> bool {
        self.codes.contains(code)
    }

    /// The codes as a set: what is compared.
    pub fn code_set(&self) -> BTreeSet<&QuestionCode> {
        self.codes.iter().collect()
    }

    /// True if both hold the same codes, in whatever order.
    pub fn has_same_codes(&self, other: &Self) -> bool {
        self.code_set() == other.code_set()
    }

    /// True if both settings are the same.
    pub fn is_same(&self, other: &Self) -> bool {
        self.rating == other.rating && self.has_same_codes(other)
    }

    /// What would have to change to get from `self` to `after`: the rating first, then the codes that go, then those that come.
    pub fn changes_to(&self, after: &Self) -> Vec<Change> {
        let rating = (self.rating != after.rating)
            .then_some(Change::Rating { before: self.rating, after: after.rating });
        let (old, new) = (self.code_set(), after.code_set());
        let switched = |codes: &[QuestionCode], other: &BTreeSet<&QuestionCode>, on| {
            let mut seen = BTreeSet::new();
            codes
                .iter()
                .filter(|code| !other.contains(code) && seen.insert((*code).clone()))
                .map(|code| Change::Code { code: code.clone(), on })
                .collect::<Vec<_>>()
        };
        rating
            .into_iter()
            .chain(switched(&self.codes, &new, false))
            .chain(switched(&after.codes, &old, true))
            .collect()
    }
}

/// The API's own object, fields in the order of the vendor's documentation.
impl Serialize for Settings {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        let (active, popup_active) = self.rating.flags();
        map.serialize_entry(ACTIVE, &active)?;
        map.serialize_entry(POPUP_ACTIVE, &popup_active)?;
        map.serialize_entry(QUESTION_CODES, &self.codes)?;
        map.end()
    }
}

impl Serialize for QuestionCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// One difference between two configurations, in words: `rating off → on`, `NPS_SCORE on → off`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The switch.
    Rating {
        /// What it was.
        before: Rating,
        /// What it is then.
        after: Rating,
    },
    /// One question code.
    Code {
        /// Which one.
        code: QuestionCode,
        /// What it is then; before it was the opposite.
        on: bool,
    },
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rating { before, after } => write!(f, "rating {before} → {after}"),
            Self::Code { code, on: true } => write!(f, "{code} off → on"),
            Self::Code { code, on: false } => write!(f, "{code} on → off"),
        }
    }
}

/// The body of a PATCH: the settings that shall change, and no others. It cannot hold one flag without the other, nor
/// two flags that differ.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Patch {
    /// The new value of both flags.
    pub rating: Option<bool>,
    /// The new list of codes.
    pub codes: Option<Vec<QuestionCode>>,
}

impl Patch {
    /// The settings of `wanted` that differ from `theirs`. A mixed rating is never wanted, so it is never sent.
    pub fn between(theirs: &Settings, wanted: &Settings) -> Self {
        let rating = match wanted.rating {
            rating if rating == theirs.rating => None,
            Rating::On => Some(true),
            Rating::Off => Some(false),
            Rating::Mixed { .. } => None,
        };
        let codes = (!wanted.has_same_codes(theirs)).then(|| wanted.codes.clone());
        Self { rating, codes }
    }

    /// True if there is nothing to send.
    pub fn is_empty(&self) -> bool {
        self.rating.is_none() && self.codes.is_none()
    }

    /// True if `settings` hold every value that is asked for.
    pub fn is_held_by(&self, settings: &Settings) -> bool {
        self.same_where_asked(&self.applied_to(settings), settings)
    }

    /// True if `left` and `right` agree in each setting that this patch asks for.
    pub fn same_where_asked(&self, left: &Settings, right: &Settings) -> bool {
        (self.rating.is_none() || left.rating == right.rating)
            && (self.codes.is_none() || left.has_same_codes(right))
    }

    /// `settings` with the values that are asked for.
    pub fn applied_to(&self, settings: &Settings) -> Settings {
        Settings {
            rating: self.rating.map_or(settings.rating, Rating::from),
            codes: self.codes.clone().unwrap_or_else(|| settings.codes.clone()),
        }
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
        if let Some(on) = self.rating {
            map.serialize_entry(ACTIVE, &on)?;
            map.serialize_entry(POPUP_ACTIVE, &on)?;
        }
        if let Some(codes) = &self.codes {
            map.serialize_entry(QUESTION_CODES, codes)?;
        }
        map.end()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Settings from words: `settings(Rating::On, "A B")`.
    pub(crate) fn settings(rating: impl Into<Rating>, codes: &str) -> Settings {
        Settings { rating: rating.into(), codes: codes.split_whitespace().map(QuestionCode::new).collect() }
    }

    /// Any rating, the mixed ones too.
    pub(crate) fn any_rating() -> impl Strategy<Value = Rating> {
        any::<(bool, bool)>().prop_map(|(active, popup)| Rating::from_flags(active, popup))
    }

    /// Any settings over a handful of codes, so that they overlap; with repetitions.
    pub(crate) fn any_settings() -> impl Strategy<Value = Settings> {
        let codes = proptest::collection::vec(any_code(), 0..6);
        (any_rating(), codes).prop_map(|(rating, codes)| Settings { rating, codes })
    }

    /// One of a handful of codes.
    pub(crate) fn any_code() -> impl Strategy<Value = QuestionCode> {
        proptest::sample::select(vec!["A", "B", "C", "D", "E", "\u{202e}evil"]).prop_map(QuestionCode::new)
    }

    #[test]
    fn a_patch_holds_both_flags_or_none_and_only_what_differs() {
        let theirs = settings(false, "A B");
        let patch = |wanted| Patch::between(&theirs, &wanted).to_json();
        assert_eq!(patch(settings(false, "B A A")), "{}");
        assert_eq!(
            patch(settings(true, "A B")),
            r#"{"conv_rating_active":true,"conv_rating_popup_active":true}"#
        );
        assert_eq!(patch(settings(false, "A")), r#"{"conv_rating_question_codes":["A"]}"#);
    }

    #[test]
    fn changes_are_told_in_words() {
        let before = settings(Rating::Mixed { active: true }, "A A B");
        let told: Vec<_> =
            before.changes_to(&settings(true, "B C")).iter().map(ToString::to_string).collect();
        assert_eq!(told, ["rating flags disagree → on", "A on → off", "C off → on"]);
    }

    proptest! {
        #[test]
        fn a_patch_applied_gives_what_was_wanted(theirs in any_settings(), wanted in any_settings()) {
            let patch = Patch::between(&theirs, &wanted);
            let result = patch.applied_to(&theirs);
            prop_assert!(patch.is_held_by(&result));
            prop_assert!(result.has_same_codes(&wanted));
            if !matches!(wanted.rating, Rating::Mixed { .. }) {
                prop_assert_eq!(result.rating, wanted.rating);
            }
        }

        #[test]
        fn no_body_has_one_flag_or_two_different_ones(theirs in any_settings(), wanted in any_settings()) {
            let body: serde_json::Value = serde_json::from_str(&Patch::between(&theirs, &wanted).to_json()).unwrap();
            prop_assert_eq!(body.get(ACTIVE), body.get(POPUP_ACTIVE));
        }

        #[test]
        fn settings_survive_the_wire(settings in any_settings()) {
            let body = serde_json::to_vec(&settings).unwrap();
            prop_assert_eq!(Settings::from_json(&body).unwrap(), settings);
        }

        #[test]
        fn there_are_changes_exactly_where_settings_differ(left in any_settings(), right in any_settings()) {
            prop_assert_eq!(left.changes_to(&right).is_empty(), left.is_same(&right));
        }
    }
}
