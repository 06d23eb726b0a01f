//! What a user can switch: an item. What a PATCH sends and a conflict is about: a setting.

use std::borrow::Cow;
use std::fmt;

use super::code::QuestionCode;
use super::switch::Switch;

/// One thing that a user can switch on or off.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Item {
    /// A switch of the table.
    Switch(Switch),
    /// A question code.
    Code(QuestionCode),
}

impl Item {
    /// The setting that the item belongs to.
    pub fn setting(&self) -> Setting {
        match self {
            Self::Switch(switch) => Setting::Switch(*switch),
            Self::Code(_) => Setting::Questions,
        }
    }

    /// The item's name in a list of changes.
    pub(crate) fn shown(&self) -> Cow<'_, str> {
        match self {
            Self::Switch(switch) => switch.definition().word.into(),
            Self::Code(code) => code.shown(),
        }
    }

    /// The question code, if the item is one.
    pub fn code(&self) -> Option<&QuestionCode> {
        match self {
            Self::Switch(_) => None,
            Self::Code(code) => Some(code),
        }
    }
}

/// The item's name in a list of changes.
impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown())
    }
}

/// What is sent, compared and consented to as a whole: each switch is one setting, all codes together are one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Setting {
    /// A switch of the table.
    Switch(Switch),
    /// The list of question codes, compared as a set.
    Questions,
}

impl Setting {
    /// Every setting.
    pub fn all() -> impl Iterator<Item = Self> {
        Switch::all().map(Self::Switch).chain([Self::Questions])
    }
}

/// Where an item stands in a configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// The code is in the list; all flags of the switch are true.
    On,
    /// The code is not in the list; all flags of the switch are false.
    Off,
    /// The flags of the switch disagree. Only a server can hold this: it can never be asked for.
    Mixed,
}

impl Position {
    /// The value that asks for this position; `None` for [`Position::Mixed`], which cannot be asked for.
    pub fn value(self) -> Option<bool> {
        match self {
            Self::On => Some(true),
            Self::Off => Some(false),
            Self::Mixed => None,
        }
    }

    /// The value after a toggle: flags that disagree become all true.
    pub fn toggled(self) -> bool {
        self != Self::On
    }
}

impl From<bool> for Position {
    fn from(is_on: bool) -> Self {
        if is_on { Self::On } else { Self::Off }
    }
}

/// One difference between two configurations: `rating off → on`, `NPS_SCORE on → off`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What differs.
    pub item: Item,
    /// Where the item stood.
    pub before: Position,
    /// Where the item stands now.
    pub after: Position,
}

impl Change {
    /// The word for a position of this change's item.
    fn word(&self, position: Position) -> &'static str {
        position.word(&self.item)
    }

    /// The item and where it ends: `rating off`.
    pub fn result(&self) -> String {
        format!("{} {}", self.item, self.word(self.after))
    }
}

impl Position {
    /// The word for this position of `item`: `on`, `off`, or the table's word for flags that disagree.
    pub fn word(self, item: &Item) -> &'static str {
        match (self, item) {
            (Self::On, _) => "on",
            (Self::Off, _) => "off",
            (Self::Mixed, Item::Switch(switch)) => switch.definition().disagreement,
            // The codes are a set: no code is ever mixed.
            (Self::Mixed, Item::Code(_)) => "mixed",
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} → {}", self.item, self.word(self.before), self.word(self.after))
    }
}
