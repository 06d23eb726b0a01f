//! What a complete control sequence means, in four dialects:
//!
//! - xterm: <https://invisible-island.net/xterm/ctlseqs/ctlseqs.html>, "PC-Style Function Keys", and
//!   <https://invisible-island.net/xterm/modified-keys.html> for `modifyOtherKeys`
//! - the Linux console: <https://man7.org/linux/man-pages/man4/console_codes.4.html>
//! - rxvt: <http://updates.gnu-darwin.org/ProgramDocuments/rxvt/rxvtRef.html>, "Key Codes"
//! - kitty: <https://sw.kovidgoyal.net/kitty/keyboard-protocol/>

use super::key::Key;

/// The modifier keys as a set of bits: the parameter that xterm and kitty send, less one, without the locks (Caps, Num).
#[derive(Clone, Copy, PartialEq, Eq)]
struct KeyModifiers(u32);

impl KeyModifiers {
    const NONE: Self = Self(0);
    const SHIFT: Self = Self(1);
    const CTRL: Self = Self(4);
    const SHIFT_CTRL: Self = Self(5);
    const LOCKS: u32 = 64 | 128;

    fn from_parameter(parameter: Option<u32>) -> Self {
        Self(parameter.unwrap_or(1).saturating_sub(1) & !Self::LOCKS)
    }
}

/// True where `last` ends a sequence of rxvt for a key with Shift, as `ESC [ 8 $` does. Elsewhere a `$` is not the last byte: it
/// stands in the answer to a question about a mode, behind a `?` or several numbers.
pub(super) fn is_rxvt_shift(parameters: &[u8], last: u8) -> bool {
    last == b'$' && is_number(parameters)
}

fn is_number(parameters: &[u8]) -> bool {
    !parameters.is_empty() && parameters.iter().all(u8::is_ascii_digit)
}

/// The key of the control sequence `ESC [ parameters last`. `None` for everything that is not the press of a known key:
/// reports, answers, releases, the marks around a paste, chords with Alt.
pub(super) fn parse_control_sequence(parameters: &[u8], last: u8) -> Option<Key> {
    let text = std::str::from_utf8(parameters).ok()?;
    // A private mark (< = > ?) or an intermediate byte stands in mouse reports and answers, never in keys.
    if !text.bytes().all(|byte| matches!(byte, b'0'..=b';')) {
        return None;
    }
    // The release of a key, in kitty's protocol.
    if find_number(text, 1, 1) == Some(3) {
        return None;
    }
    let modifiers = KeyModifiers::from_parameter(find_number(text, 1, 0));
    match last {
        b'~' if find_number(text, 0, 0) == Some(27) => {
            key_from_code(find_number(text, 2, 0)?, None, modifiers)
        }
        b'~' => apply_modifiers(key_from_number(find_number(text, 0, 0)?)?, modifiers),
        b'u' => {
            let [plain, shifted, base] = [0, 1, 2].map(|sub| find_number(text, 0, sub));
            let is_ctrl = modifiers == KeyModifiers::CTRL;
            // On a layout without Latin letters Ctrl-C is the key at the place of `c`.
            let code = base.filter(|_| is_ctrl && plain.is_some_and(|code| code >= 0x80)).or(plain);
            key_from_code(code?, shifted, modifiers)
        }
        // rxvt's movement with Shift, with Ctrl, and with both.
        b'$' | b'^' | b'@' if is_number(parameters) => {
            key_from_number(find_number(text, 0, 0)?).filter(|key| key.is_movement())
        }
        // With parameters this is an answer: where the cursor is.
        b'R' if !text.is_empty() => None,
        b'A'..=b'Z' if find_number(text, 0, 0).unwrap_or(1) == 1 => {
            apply_modifiers(key_from_letter(last)?, modifiers)
        }
        _ => None,
    }
}

/// The key of the single shift `ESC O last`. `modifier` is the digit that old terminals put before `last`.
pub(super) fn parse_single_shift(modifier: Option<u32>, last: u8) -> Option<Key> {
    let key = match last {
        b'M' => Key::Enter,
        b'I' => Key::Tab,
        b'X' => Key::Char('='),
        // The keypad in application mode: the character's code plus 64.
        b'j'..=b'y' => Key::Char(char::from(last - 64)),
        _ => key_from_letter(last)?,
    };
    apply_modifiers(key, KeyModifiers::from_parameter(modifier))
}

/// The key of `ESC [ [ last`: F1 to F5 of the Linux console.
pub(super) fn parse_console_key(last: u8) -> Option<Key> {
    matches!(last, b'A'..=b'E').then(|| Key::F(last - b'A' + 1))
}

/// Number `sub` of field `field`, both counted from 0. Semicolons separate fields and colons the numbers of a field. `None`
/// where the number is left out.
fn find_number(text: &str, field: usize, sub: usize) -> Option<u32> {
    text.split(';').nth(field)?.split(':').nth(sub)?.parse().ok()
}

/// The key that a final letter names.
fn key_from_letter(last: u8) -> Option<Key> {
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

/// The key that a number before the final `~` names.
fn key_from_number(number: u32) -> Option<Key> {
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

/// The key that `key` is with these modifiers. Movement with Shift or Ctrl is plain movement, because that does no harm.
/// Any other chord is no key: it is not taken for the key without the modifier.
fn apply_modifiers(key: Key, modifiers: KeyModifiers) -> Option<Key> {
    match (key, modifiers) {
        (_, KeyModifiers::NONE) | (Key::BackTab | Key::Backspace, KeyModifiers::SHIFT) => Some(key),
        (Key::Tab, KeyModifiers::SHIFT) => Some(Key::BackTab),
        (Key::Tab | Key::BackTab, _) => None,
        (_, KeyModifiers::SHIFT | KeyModifiers::CTRL | KeyModifiers::SHIFT_CTRL) if key.is_movement() => {
            Some(key)
        }
        _ => None,
    }
}

/// The key of a code, as kitty (`CSI u`) and xterm's `modifyOtherKeys` (`CSI 27`) send it. `shifted` is the code of the
/// character that the key gives with Shift, where the terminal says it.
fn key_from_code(code: u32, shifted: Option<u32>, modifiers: KeyModifiers) -> Option<Key> {
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
        return apply_modifiers(key, modifiers);
    }
    key_from_character(code, shifted, modifiers)
}

/// The key of a character's code.
fn key_from_character(code: u32, shifted: Option<u32>, modifiers: KeyModifiers) -> Option<Key> {
    // kitty numbers its other functional keys in this private area of Unicode.
    let plain = char::from_u32(code).filter(|c| !c.is_control() && !('\u{e000}'..='\u{f8ff}').contains(c))?;
    match modifiers {
        KeyModifiers::NONE => Some(Key::Char(plain)),
        KeyModifiers::SHIFT => {
            let shifted = shifted.and_then(char::from_u32).filter(|c| !c.is_control());
            Some(Key::Char(shifted.unwrap_or(plain.to_ascii_uppercase())))
        }
        KeyModifiers::CTRL => plain.is_ascii_alphabetic().then(|| Key::Ctrl(plain.to_ascii_lowercase())),
        _ => None,
    }
}
