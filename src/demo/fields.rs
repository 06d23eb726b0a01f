//! The fields of the configuration, as the documentation names them. No other file of the demo names a switch's flags.
//!
//! The product has a table of its own. This one is written a second time on purpose and shares nothing with it, so that
//! a mistake in one of the two shows in a test. A new switch is one new row of [`SWITCHES`].

/// A setting that is either on or off.
#[derive(Debug)]
pub(super) struct FlagGroup {
    /// The boolean fields that hold it. A PATCH names all of them with one value, or none of them.
    pub(super) flags: &'static [&'static str],
    /// The value of an agent that names none of the flags in `assets/demo.json`.
    pub(super) default: bool,
}

/// Every switch, in the order of the documentation.
pub(super) const SWITCHES: &[FlagGroup] = &[
    // Visitors are asked to rate a conversation, and a popup asks them.
    FlagGroup { flags: &["conv_rating_active", "conv_rating_popup_active"], default: false },
];

/// The field that holds the list of question codes.
pub(super) const QUESTION_CODES: &str = "conv_rating_question_codes";

/// The name of every field, in the order of the documentation: the flags of the switches, then the question codes.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    SWITCHES.iter().flat_map(|switch| switch.flags).copied().chain([QUESTION_CODES])
}

/// Whether the documentation has a field of this name.
pub(super) fn is_known(name: &str) -> bool {
    names().any(|known| known == name)
}
