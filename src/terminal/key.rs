//! A key as the key table names it.
//!
//! No terminal library is named here: `input` makes these from bytes, the key table is written in them.

/// One press of a key. Releases, mouse reports and chords with Alt never become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Key {
    /// A printable character, Space included; never a control character.
    Char(char),
    /// Ctrl with a lower-case letter, or with one of `\ ] ^ _`.
    Ctrl(char),
    /// Enter, of the main block or the keypad.
    Enter,
    /// Tab.
    Tab,
    /// Shift-Tab.
    BackTab,
    /// Escape, alone.
    Esc,
    /// Backspace, whichever of its two bytes the terminal sends.
    Backspace,
    /// Delete, forwards.
    Delete,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// F1 to F12, as 1 to 12.
    F(u8),
}

impl Key {
    /// Whether this key can only ever move the focus: no text holds it, and holding it down is no paste.
    pub const fn is_movement(self) -> bool {
        matches!(
            self,
            Self::Tab
                | Self::BackTab
                | Self::Up
                | Self::Down
                | Self::Left
                | Self::Right
                | Self::Home
                | Self::End
                | Self::PageUp
                | Self::PageDown
        )
    }
}
