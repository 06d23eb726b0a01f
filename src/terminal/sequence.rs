//! What a complete control sequence means: tables of xterm, the Linux console, rxvt and kitty.
//!
//! Sources: xterm's `ctlseqs` ("PC-Style Function Keys", "modifyOtherKeys"), `console_codes(4)`, rxvt's `rxvtRef`
//! ("Key Codes") and kitty's "Comprehensive keyboard handling in terminals".

use super::key::Key;

/// Modifiers as xterm and kitty count them, less one, with the locks (Caps, Num) taken out.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Modifiers(u32);

impl Modifiers {
    const NONE: Self = Self(0);
    const SHIFT: Self = Self(1);
    const CTRL: Self = Self(4);
    const SHIFT_CTRL: Self = Self(5);
    const LOCKS: u32 = 64 | 128;

    fn from_parameter(parameter: Option<u32>) -> Self {
        Self(parameter.unwrap_or(1).saturating_sub(1) & !Self::LOCKS)
    }
}

/// The key of `ESC [ parameters last`, or `None` for everything that is not the press of a key we know:
/// reports, answers, releases, the marks around a paste, chords with Alt.
pub(super) fn csi(parameters: &[u8], last: u8) -> Option<Key> {
    let text = std::str::from_utf8(parameters).ok()?;
    // A private mark (< = > ?) or an intermediate byte: mouse reports and answers, never keys.
    if !text.bytes().all(|byte| matches!(byte, b'0'..=b';')) {
        return None;
    }
    if part(text, 1, 1) == Some(3) {
        return None;
    }
    let modifiers = Modifiers::from_parameter(part(text, 1, 0));
    match last {
        b'~' if part(text, 0, 0) == Some(27) => pressed(part(text, 2, 0)?, None, modifiers),
        b'~' => modified(numbered(part(text, 0, 0)?)?, modifiers),
        b'u' => pressed(part(text, 0, 0)?, part(text, 0, 1), modifiers),
        // With parameters it is an answer about the cursor.
        b'R' if !text.is_empty() => None,
        b'A'..=b'Z' if part(text, 0, 0).unwrap_or(1) == 1 => modified(lettered(last)?, modifiers),
        _ => None,
    }
}

/// The key of `ESC O last`; `modifier` is the digit that old terminals put between.
pub(super) fn ss3(modifier: Option<u32>, last: u8) -> Option<Key> {
    let key = match last {
        b'M' => Key::Enter,
        b'I' => Key::Tab,
        b'X' => Key::Char('='),
        // The keypad in application mode: the character, moved up by 64.
        b'j'..=b'y' => Key::Char(char::from(last - 64)),
        _ => lettered(last)?,
    };
    modified(key, Modifiers::from_parameter(modifier))
}

/// F1 to F5 of the Linux console, `ESC [ [ last`.
pub(super) fn console(last: u8) -> Option<Key> {
    matches!(last, b'A'..=b'E').then(|| Key::F(last - b'A' + 1))
}

/// Number `sub` (colons between) of field `field` (semicolons between); none where it is left out.
fn part(text: &str, field: usize, sub: usize) -> Option<u32> {
    text.split(';').nth(field)?.split(':').nth(sub)?.parse().ok()
}

fn lettered(last: u8) -> Option<Key> {
    Some(match last {
        b'A' => Key::Up,
        b'B' => Key::Down,
        b'C' => Key::Right,
        b'D' => Key::Left,
        b'F' => Key::End,
        b'H' => Key::Home,
        b'P'..=b'S' => Key::F(last - b'P' + 1),
        b'Z' => Key::BackTab,
        _ => return None,
    })
}

fn numbered(number: u32) -> Option<Key> {
    Some(match number {
        1 | 7 => Key::Home,
        3 => Key::Delete,
        4 | 8 => Key::End,
        5 => Key::PageUp,
        6 => Key::PageDown,
        11 => Key::F(1),
        12 => Key::F(2),
        13 => Key::F(3),
        14 => Key::F(4),
        15 => Key::F(5),
        17 => Key::F(6),
        18 => Key::F(7),
        19 => Key::F(8),
        20 => Key::F(9),
        21 => Key::F(10),
        23 => Key::F(11),
        24 => Key::F(12),
        _ => return None,
    })
}

/// A modifier is dropped only where the plain key does no harm: movement with Shift or Ctrl. Every other chord is
/// ignored rather than taken for the key without it.
fn modified(key: Key, modifiers: Modifiers) -> Option<Key> {
    match (key, modifiers) {
        (_, Modifiers::NONE) | (Key::BackTab | Key::Backspace, Modifiers::SHIFT) => Some(key),
        (Key::Tab, Modifiers::SHIFT) => Some(Key::BackTab),
        (Key::Tab | Key::BackTab, _) => None,
        (_, Modifiers::SHIFT | Modifiers::CTRL | Modifiers::SHIFT_CTRL) if key.is_movement() => Some(key),
        _ => None,
    }
}

/// The key of a code as kitty (`CSI u`) and xterm's modifyOtherKeys (`CSI 27`) send it.
fn pressed(code: u32, shifted: Option<u32>, modifiers: Modifiers) -> Option<Key> {
    let named = match code {
        9 => Some(Key::Tab),
        13 | 57414 => Some(Key::Enter),
        27 => Some(Key::Esc),
        8 | 127 => Some(Key::Backspace),
        57399..=57408 => char::from_digit(code - 57399, 10).map(Key::Char),
        57417 => Some(Key::Left),
        57418 => Some(Key::Right),
        57419 => Some(Key::Up),
        57420 => Some(Key::Down),
        57421 => Some(Key::PageUp),
        57422 => Some(Key::PageDown),
        57423 => Some(Key::Home),
        57424 => Some(Key::End),
        57426 => Some(Key::Delete),
        _ => None,
    };
    if let Some(key) = named {
        return modified(key, modifiers);
    }
    character(code, shifted, modifiers)
}

fn character(code: u32, shifted: Option<u32>, modifiers: Modifiers) -> Option<Key> {
    // kitty's other functional keys stand in this private area.
    let plain = char::from_u32(code).filter(|c| !c.is_control() && !('\u{e000}'..='\u{f8ff}').contains(c))?;
    match modifiers {
        Modifiers::NONE => Some(Key::Char(plain)),
        Modifiers::SHIFT => {
            let shifted = shifted.and_then(char::from_u32).filter(|c| !c.is_control());
            Some(Key::Char(shifted.unwrap_or(plain.to_ascii_uppercase())))
        }
        Modifiers::CTRL => plain.is_ascii_alphabetic().then(|| Key::Ctrl(plain.to_ascii_lowercase())),
        _ => None,
    }
}
