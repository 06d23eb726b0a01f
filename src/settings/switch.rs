//! The table of switches: each on/off setting of the page is one row here, and nowhere else.
//!
//! The form, the conflict, the list of profiles, `get`, `set`, the history, the reading of answers, the body of a
//! PATCH and the generators of the tests all walk this table. To add a setting, add a row.

/// One flag of a switch on the wire: a boolean field of the API's object.
#[derive(Debug)]
pub struct Flag {
    /// The field's name in the API's object.
    pub name: &'static str,
    /// What a user calls it, where the flags of one switch have to be told apart.
    pub word: &'static str,
}

/// One row of the table.
#[derive(Debug)]
pub struct SwitchDefinition {
    /// The flags that make the switch. They always get the same value.
    pub flags: &'static [Flag],
    /// The switch's word in a list of changes: `rating off → on`.
    pub word: &'static str,
    /// The word for a configuration whose flags of this switch have different values.
    pub disagreement: &'static str,
    /// The heading above the switch in the form. Neighbours with the same heading share it.
    pub heading: &'static str,
    /// The label beside the checkbox in the form.
    pub label: &'static str,
    /// What the form says of the switch while its row is focused.
    pub about: &'static str,
    /// The option of `set`, without the dashes.
    pub option: &'static str,
    /// What `set --help` says of that option.
    pub option_help: &'static str,
    /// True where the switch makes visitors see the questions, so that it needs at least one.
    pub shows_questions: bool,
}

/// Every switch, in the order in which people see them.
pub const SWITCHES: &[SwitchDefinition] = &[
    // Visitors are asked to rate a conversation, and a popup asks them.
    SwitchDefinition {
        flags: &[
            Flag { name: "conv_rating_active", word: "active" },
            Flag { name: "conv_rating_popup_active", word: "popup" },
        ],
        word: "rating",
        disagreement: "flags disagree",
        heading: "RATING",
        label: "Ask visitors to rate the conversation",
        about: "conv_rating_active and conv_rating_popup_active, always together",
        option: "active",
        option_help: "Ask visitors to rate the conversation: on or off",
        shows_questions: true,
    },
];

/// How many flags all switches have together.
pub(crate) const FLAG_COUNT: usize = count_flags(SWITCHES.len());

/// One switch of the table. Switches compare by their place in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Switch(usize);

impl Switch {
    /// The switch that decides whether visitors are asked at all.
    pub const RATING: Self = Self(0);

    /// Every switch, in the table's order.
    pub fn all() -> impl DoubleEndedIterator<Item = Self> {
        (0..SWITCHES.len()).map(Self)
    }

    /// The switch's row in the table.
    pub fn definition(self) -> &'static SwitchDefinition {
        &SWITCHES[self.0]
    }

    /// The place of the switch's first flag among the flags of all switches.
    pub(super) fn first_flag(self) -> usize {
        count_flags(self.0)
    }
}

/// The flags of the first `switches` rows.
const fn count_flags(switches: usize) -> usize {
    let (mut count, mut place) = (0, 0);
    while place < switches {
        count += SWITCHES[place].flags.len();
        place += 1;
    }
    count
}

/// The names of all flags on the wire, in the table's order.
pub(crate) fn flag_names() -> impl Iterator<Item = &'static str> {
    SWITCHES.iter().flat_map(|row| row.flags).map(|flag| flag.name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_switch_has_a_flag_and_no_two_rows_share_a_name() {
        let names: BTreeSet<_> = flag_names().collect();
        let words: BTreeSet<_> = SWITCHES.iter().map(|row| row.word).collect();
        let options: BTreeSet<_> = SWITCHES.iter().map(|row| row.option).collect();
        assert!(SWITCHES.iter().all(|row| !row.flags.is_empty()));
        assert_eq!((names.len(), words.len(), options.len()), (FLAG_COUNT, SWITCHES.len(), SWITCHES.len()));
    }

    #[test]
    fn the_flags_of_a_switch_stand_behind_those_of_the_switches_before_it() {
        let names: Vec<_> = flag_names().collect();
        for switch in Switch::all() {
            assert_eq!(names[switch.first_flag()], switch.definition().flags[0].name);
        }
    }
}
