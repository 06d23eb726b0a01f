//! The configuration as a server holds it, and the difference between two.

use std::collections::BTreeSet;

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::catalog;
use super::code::QuestionCode;
use super::item::{Change, Item, Position, Setting};
use super::switch::{FLAG_COUNT, Flag, Switch, flag_names};

/// The wire's name of the list of question codes.
pub(crate) const QUESTION_CODES: &str = "conv_rating_question_codes";

/// The configuration as the server holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The value of each flag, in the order of the table of switches.
    pub(super) flags: [bool; FLAG_COUNT],
    /// The codes in the server's order, repetitions included.
    pub codes: Vec<QuestionCode>,
}

impl Settings {
    /// A configuration with every switch off and these codes.
    pub fn new(codes: Vec<QuestionCode>) -> Self {
        Self { flags: [false; FLAG_COUNT], codes }
    }

    /// The flags of `switch` as they are on the wire, in the order of the table.
    pub fn flags(&self, switch: Switch) -> &[bool] {
        let first = switch.first_flag();
        &self.flags[first..first + switch.definition().flags.len()]
    }

    /// Where `switch` stands.
    pub fn switch(&self, switch: Switch) -> Position {
        let flags = self.flags(switch);
        match (flags.contains(&true), flags.contains(&false)) {
            (true, true) => Position::Mixed,
            (is_on, _) => Position::from(is_on),
        }
    }

    /// Gives all flags of `switch` one value.
    pub(crate) fn set_switch(&mut self, switch: Switch, is_on: bool) {
        let first = switch.first_flag();
        self.flags[first..first + switch.definition().flags.len()].fill(is_on);
    }

    /// Where `item` stands. For one code after another, `code_set` is quicker.
    pub fn position(&self, item: &Item) -> Position {
        match item {
            Item::Switch(switch) => self.switch(*switch),
            Item::Code(code) => Position::from(self.has(code)),
        }
    }

    /// True if `code` is among the codes.
    pub fn has(&self, code: &QuestionCode) -> bool {
        self.codes.contains(code)
    }

    /// The codes as a set: what is compared.
    pub(crate) fn code_set(&self) -> BTreeSet<&QuestionCode> {
        self.codes.iter().collect()
    }

    /// True if `setting` is the same in both. The order of codes and repetitions do not count.
    pub(crate) fn is_same_in(&self, setting: Setting, other: &Self) -> bool {
        match setting {
            Setting::Switch(switch) => self.flags(switch) == other.flags(switch),
            Setting::Questions => self.code_set() == other.code_set(),
        }
    }

    /// True if every setting is the same in both.
    pub fn is_same(&self, other: &Self) -> bool {
        Setting::all().all(|setting| self.is_same_in(setting, other))
    }

    /// What would have to change to get from `self` to `after`: first the switches, then the codes that go, then the
    /// codes that come.
    pub(crate) fn changes_to(&self, after: &Self) -> Vec<Change> {
        let switches = Switch::all().filter(|switch| self.flags(*switch) != after.flags(*switch));
        let switches = switches.map(|switch| Change {
            item: Item::Switch(switch),
            before: self.switch(switch),
            after: after.switch(switch),
        });
        switches.chain(code_changes(self, after, false)).chain(code_changes(after, self, true)).collect()
    }

    /// How many questions are on, of all that the form shows: `1 of 3`.
    pub(crate) fn count_asked(&self) -> String {
        let on = self.code_set();
        let off = catalog::documented().iter().filter(|known| !on.contains(&known.code)).count();
        format!("{} of {}", on.len(), on.len() + off)
    }

    /// Every switch and where it stands: `rating on`.
    pub(crate) fn describe_switches(&self) -> String {
        let describe = |switch| {
            let item = Item::Switch(switch);
            format!("{item} {}", self.switch(switch).word(&item))
        };
        Switch::all().map(describe).collect::<Vec<_>>().join(", ")
    }

    /// True if `item` is the same in both. Flags of a switch that disagree are the same only if each flag is.
    pub(crate) fn has_same(&self, item: &Item, other: &Self) -> bool {
        match item {
            Item::Switch(switch) => self.flags(*switch) == other.flags(*switch),
            Item::Code(code) => self.has(code) == other.has(code),
        }
    }

    /// The items that are not the same in all of `compared`, each once: first the switches, then the codes in the order in which
    /// they are met.
    pub(crate) fn differing_items(compared: &[&Self]) -> Vec<Item> {
        let sets: Vec<_> = compared.iter().map(|settings| settings.code_set()).collect();
        let mut seen = BTreeSet::new();
        let codes = compared.iter().flat_map(|settings| &settings.codes).filter(|code| seen.insert(*code));
        let codes = codes.filter(|code| !sets.iter().all(|set| set.contains(code)));
        let is_changed = |item: &Item| compared.windows(2).any(|pair| !pair[0].has_same(item, pair[1]));
        let switches = Switch::all().map(Item::Switch).filter(is_changed);
        switches.chain(codes.cloned().map(Item::Code)).collect()
    }

    /// The flags of one switch in words: `active on, popup off`.
    pub(crate) fn describe_flags(&self, switch: Switch) -> String {
        let flags = switch.definition().flags.iter().zip(self.flags(switch));
        let describe =
            |(flag, is_on): (&Flag, &bool)| format!("{} {}", flag.word, if *is_on { "on" } else { "off" });
        flags.map(describe).collect::<Vec<_>>().join(", ")
    }

    /// The flags of a switch that disagree, and what its first toggle does: `flags disagree: rating is on, its popup is off. Space
    /// makes both on`. `toggle` names what toggles.
    pub(crate) fn describe_disagreement(&self, switch: Switch, toggle: &str) -> String {
        let row = switch.definition();
        let name = |(place, flag): (usize, &Flag)| match place {
            0 => row.word.to_owned(),
            _ => format!("its {}", flag.word),
        };
        let names = row.flags.iter().enumerate().map(name);
        let flags = names.zip(self.flags(switch));
        let described = flags.map(|(name, is_on)| format!("{name} is {}", if *is_on { "on" } else { "off" }));
        let all = if row.flags.len() == 2 { "both" } else { "all" };
        let described = described.collect::<Vec<_>>().join(", ");
        format!("{}: {described}. {toggle} makes {all} on", row.disagreement)
    }
}

/// The codes that `with` has and `without` has not, each once, as changes to `is_on`.
fn code_changes(with: &Settings, without: &Settings, is_on: bool) -> Vec<Change> {
    let (known, mut seen) = (without.code_set(), BTreeSet::new());
    let changed = with.codes.iter().filter(|code| !known.contains(code) && seen.insert(*code));
    let change = |code: &QuestionCode| Change {
        item: Item::Code(code.clone()),
        before: Position::from(!is_on),
        after: Position::from(is_on),
    };
    changed.map(change).collect()
}

/// The API's own object: the flags in the table's order, then the codes, as the vendor's documentation has it.
impl Serialize for Settings {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, value) in flag_names().zip(self.flags) {
            map.serialize_entry(name, &value)?;
        }
        map.serialize_entry(QUESTION_CODES, &self.codes)?;
        map.end()
    }
}
