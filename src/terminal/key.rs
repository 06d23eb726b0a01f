//! One press of a key, as a key table names it.
//!
//! This file names no terminal library, so that a program's core can use it: the parser makes keys from bytes, and
//! key tables are written in them.

/// One press of a key. The release of a key, a mouse report and a chord with Alt never become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Key {
    /// A printable character, Space included; never a control character.
    Char(char),
    /// Ctrl with a lower-case letter, or with one of `\ ] ^ _`.
    Ctrl(char),
    /// Enter, on the main block or on the keypad.
    Enter,
    /// Tab.
    Tab,
    /// Shift-Tab.
    BackTab,
    /// Escape, alone.
    Esc,
    /// Backspace. Terminals send one of two bytes for it.
    Backspace,
    /// Delete: removes the character after the cursor.
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
    /// True for a key that can only move the focus. Such a key is part of no text, so many of them at once are a key
    /// that the user holds down, and not pasted text.
    pub(crate) const fn is_movement(self) -> bool {
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
