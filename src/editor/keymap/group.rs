//! The groups of the help.

/// A group of keys in the help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HelpGroup {
    /// Keys that change the draft.
    Change,
    /// Keys that are about what the server holds.
    Save,
    /// Keys that move, show and leave.
    Look,
}

impl HelpGroup {
    /// All of them, in the order of the help.
    pub const ALL: [Self; 3] = [Self::Change, Self::Save, Self::Look];

    /// Its heading.
    pub(crate) const fn heading(self) -> &'static str {
        match self {
            Self::Change => "CHANGE",
            Self::Save => "SAVE",
            Self::Look => "LOOK",
        }
    }
}
