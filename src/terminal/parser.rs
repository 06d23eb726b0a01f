//! Bytes to keys, one byte at a time, so that it does not matter how the network split them.
//!
//! ```text
//!            ┌─ text, UTF-8, controls ──────────────────────────────► key
//!  ground ───┤            ┌─ [ ─► parameters … final byte ──────────► key or nothing
//!            └─ ESC ──────┼─ O ─► one byte ─────────────────────────► key or nothing
//!                 │       ├─ ] P _ ^ X ─► string … ST or BEL ───────► nothing
//!                 │       └─ another byte: a chord with Alt ────────► nothing
//!                 └─ nothing for 50 ms ─────────────────────────────► Esc. The rest of a sequence that a slow
//!                                                                        line brings after that: nothing
//! ```
//!
//! The terminal marks a paste: `ESC [ 200 ~`, its text, `ESC [ 201 ~`. What stands between the marks is collected as text and
//! presses no key. Such a paste ends at its end mark, or after [`PASTE_PATIENCE`] without a byte.
//!
//! An unknown sequence is swallowed whole. No input makes the parser deaf: each state except the ground ends after a
//! time-out ([`Parser::patience`]), after a bounded number of bytes, and at a control character.

use std::time::Duration;

use super::batch::InputBatch;
use super::key::Key;
use super::sequence;

const ESC: u8 = 0x1b;
const BEL: u8 = 0x07;

/// How long an ESC can be the start of a sequence. After that it was the key.
const ESC_PATIENCE: Duration = Duration::from_millis(50);
/// How long the rest of a begun sequence or character can take. This is longer than for an ESC: a terminal may be
/// answering the question of an earlier program, and the second half of its answer would be read as typed text.
const REST_PATIENCE: Duration = Duration::from_millis(250);
/// How long the rest of a sequence can be late, after its ESC was taken for the key. As typed keys that rest could trigger
/// anything.
const LATE_PATIENCE: Duration = Duration::from_millis(500);

/// How long a paste can pause before its end mark, and in the middle of its first mark. A mark that does not come costs the user
/// this time.
const PASTE_PATIENCE: Duration = Duration::from_secs(1);

/// The most bytes of a control sequence that are kept. The longest known sequence has 20.
const PARAMETERS: usize = 64;
/// After so many bytes without a final byte, the bytes are no control sequence.
const LONGEST_SEQUENCE: usize = 256;
/// The same for control strings (OSC, DCS, APC, PM, SOS).
const LONGEST_STRING: usize = 4096;

/// The number in the mark at the beginning of a paste.
const PASTE_BEGINS: &[u8] = b"200";

/// What the bytes since the last key were.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ParserState {
    /// Nothing is half read.
    Ground,
    /// After ESC.
    Escape,
    /// After an ESC that was taken for the key.
    LateEscape,
    /// After two ESC: rxvt's Alt before a sequence, or Esc pressed twice.
    TwoEscapes,
    /// After `ESC [`: how many bytes came since, and whether Alt was held.
    Sequence { alt: bool, length: usize },
    /// After `ESC [ [`: a function key of the Linux console.
    Console,
    /// After `ESC O`, with the modifier's digit if there was one.
    SingleShift { alt: bool, modifier: Option<u32> },
    /// In an X10 mouse report, of which so many bytes are still to come.
    Mouse(u8),
    /// In a control string of so many bytes up to now.
    ControlString(usize),
    /// After ESC in a control string.
    ControlStringEscape,
    /// In a character of so many bytes.
    Utf8 { alt: bool, length: usize },
}

/// The parser, with what it remembers between two reads.
#[derive(Clone, Debug)]
pub(super) struct Parser {
    state: ParserState,
    /// The parameters of a sequence, or the bytes of a character; at most [`PARAMETERS`] bytes.
    held: Vec<u8>,
    /// The last byte was a carriage return. A line feed after it belongs to the same Enter.
    after_return: bool,
    /// Between the marks of a paste.
    is_in_paste: bool,
}

impl Default for Parser {
    fn default() -> Self {
        let held = Vec::with_capacity(PARAMETERS);
        Self { state: ParserState::Ground, held, after_return: false, is_in_paste: false }
    }
}

impl Parser {
    /// Takes bytes as they were read and appends the keys and the pasted text that they complete.
    pub(super) fn feed(&mut self, bytes: &[u8], batch: &mut InputBatch) {
        let mut keys = Vec::new();
        for &byte in bytes {
            let was_in_paste = self.is_in_paste;
            self.read_byte(byte, &mut keys);
            match (was_in_paste, self.is_in_paste) {
                (false, true) => batch.begin_paste(),
                (true, _) => batch.paste(keys.drain(..)),
                (false, false) => batch.press(keys.drain(..)),
            }
        }
    }

    /// How long the caller waits for the next byte before it calls [`give_up`](Self::give_up). `None` where nothing is half
    /// read.
    pub(super) fn patience(&self) -> Option<Duration> {
        match self.state {
            _ if self.is_in_paste => Some(PASTE_PATIENCE),
            ParserState::Ground => None,
            ParserState::Escape | ParserState::TwoEscapes => Some(ESC_PATIENCE),
            ParserState::LateEscape => Some(LATE_PATIENCE),
            ParserState::Sequence { .. } if self.may_begin_paste() => Some(PASTE_PATIENCE),
            _ => Some(REST_PATIENCE),
        }
    }

    /// Ends what is half read, because nothing came in time. An ESC was the key; anything else is dropped, and a paste is over.
    pub(super) fn give_up(&mut self, batch: &mut InputBatch) {
        let escapes = match self.state {
            _ if self.is_in_paste => 0,
            ParserState::Escape => 1,
            ParserState::TwoEscapes => 2,
            _ => 0,
        };
        batch.press(std::iter::repeat_n(Key::Esc, escapes));
        self.is_in_paste = false;
        self.state = if escapes > 0 { ParserState::LateEscape } else { ParserState::Ground };
    }

    /// True between the marks of a paste.
    pub(super) fn is_in_paste(&self) -> bool {
        self.is_in_paste
    }

    /// True where the sequence that is half read may be the mark at the beginning of a paste.
    fn may_begin_paste(&self) -> bool {
        !self.held.is_empty() && PASTE_BEGINS.starts_with(&self.held)
    }

    /// Reads one byte, and appends the key that it completes.
    fn read_byte(&mut self, byte: u8, keys: &mut Vec<Key>) {
        match self.state {
            ParserState::Ground => self.read_in_ground(byte, keys),
            ParserState::Escape => self.read_after_escape(byte, false),
            ParserState::LateEscape if matches!(byte, b'[' | b'O') => self.read_after_escape(byte, false),
            ParserState::LateEscape => {
                self.state = ParserState::Ground;
                self.read_in_ground(byte, keys);
            }
            ParserState::TwoEscapes => self.read_after_two_escapes(byte, keys),
            ParserState::ControlString(length) => self.read_in_control_string(length, byte, keys),
            ParserState::ControlStringEscape if byte == b'\\' => self.state = ParserState::Ground,
            ParserState::ControlStringEscape => {
                self.state = ParserState::Escape;
                self.read_byte(byte, keys);
            }
            // A new sequence ends the one that was begun.
            _ if byte == ESC => self.state = ParserState::Escape,
            ParserState::Mouse(left) => {
                self.state = if left > 1 { ParserState::Mouse(left - 1) } else { ParserState::Ground }
            }
            ParserState::Utf8 { alt, length } => self.read_in_character(alt, length, byte, keys),
            _ if !matches!(byte, 0x20..=0x7e) => self.abandon(byte, keys),
            ParserState::Sequence { alt, length } => self.read_in_sequence(alt, length, byte, keys),
            ParserState::Console => self.complete(false, sequence::parse_console_key(byte), keys),
            ParserState::SingleShift { alt, modifier } => {
                self.read_after_single_shift(alt, modifier, byte, keys);
            }
        }
    }

    fn read_in_ground(&mut self, byte: u8, keys: &mut Vec<Key>) {
        let after_return = std::mem::replace(&mut self.after_return, byte == b'\r');
        match byte {
            ESC => self.state = ParserState::Escape,
            b'\n' if after_return => {}
            b'\r' | b'\n' => keys.push(Key::Enter),
            b'\t' => keys.push(Key::Tab),
            0x08 | 0x7f => keys.push(Key::Backspace),
            0x20..=0x7e => keys.push(Key::Char(char::from(byte))),
            // Some lines send it as padding, and no key sends it.
            0 => {}
            0x01..=0x1a => keys.push(Key::Ctrl(char::from(byte - 1 + b'a'))),
            0x1c..=0x1f => keys.push(Key::Ctrl(char::from(byte + 0x40))),
            0x80.. => self.begin_character(byte, false),
        }
    }

    fn read_after_escape(&mut self, byte: u8, alt: bool) {
        self.held.clear();
        self.after_return = false;
        match byte {
            ESC => self.state = ParserState::TwoEscapes,
            b'[' => self.state = ParserState::Sequence { alt, length: 0 },
            b'O' => self.state = ParserState::SingleShift { alt, modifier: None },
            b']' | b'P' | b'_' | b'^' | b'X' => self.state = ParserState::ControlString(0),
            0x80.. => self.begin_character(byte, true),
            _ => self.state = ParserState::Ground,
        }
    }

    fn read_after_two_escapes(&mut self, byte: u8, keys: &mut Vec<Key>) {
        if !matches!(byte, b'[' | b'O') {
            keys.push(Key::Esc);
        }
        self.read_after_escape(byte, true);
    }

    fn read_in_sequence(&mut self, alt: bool, length: usize, byte: u8, keys: &mut Vec<Key>) {
        let is_last = matches!(byte, 0x40..=0x7e) || sequence::is_rxvt_shift(&self.held, byte);
        match byte {
            b'[' if length == 0 => self.state = ParserState::Console,
            b'M' if length == 0 => self.state = ParserState::Mouse(3),
            _ if is_last && length > PARAMETERS => self.state = ParserState::Ground,
            _ if is_last => {
                self.note_mark(byte);
                self.complete(alt, sequence::parse_control_sequence(&self.held, byte), keys);
            }
            _ if length >= LONGEST_SEQUENCE => self.state = ParserState::Ground,
            _ => {
                if length < PARAMETERS {
                    self.held.push(byte);
                }
                self.state = ParserState::Sequence { alt, length: length + 1 };
            }
        }
    }

    /// Notes the marks that stand around a paste: `ESC [ 200 ~` and `ESC [ 201 ~`.
    fn note_mark(&mut self, last: u8) {
        match (&*self.held, last) {
            (PASTE_BEGINS, b'~') => self.is_in_paste = true,
            (b"201", b'~') => self.is_in_paste = false,
            _ => {}
        }
    }

    fn read_after_single_shift(&mut self, alt: bool, modifier: Option<u32>, byte: u8, keys: &mut Vec<Key>) {
        match (byte, modifier) {
            (b'1'..=b'9', None) => {
                self.state = ParserState::SingleShift { alt, modifier: Some(u32::from(byte - b'0')) };
            }
            _ => self.complete(alt, sequence::parse_single_shift(modifier, byte), keys),
        }
    }

    fn read_in_control_string(&mut self, length: usize, byte: u8, keys: &mut Vec<Key>) {
        match byte {
            ESC => self.state = ParserState::ControlStringEscape,
            BEL => self.state = ParserState::Ground,
            // A terminal's answer holds no control character: the user pressed a key.
            0..0x20 | 0x7f => self.abandon(byte, keys),
            _ if length >= LONGEST_STRING => self.state = ParserState::Ground,
            _ => self.state = ParserState::ControlString(length + 1),
        }
    }

    /// Begins a character with its first byte. A byte that begins none is dropped.
    fn begin_character(&mut self, lead: u8, alt: bool) {
        let length = match lead {
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf4 => 4,
            _ => {
                self.state = ParserState::Ground;
                return;
            }
        };
        self.held.clear();
        self.held.push(lead);
        self.state = ParserState::Utf8 { alt, length };
    }

    fn read_in_character(&mut self, alt: bool, length: usize, byte: u8, keys: &mut Vec<Key>) {
        if !matches!(byte, 0x80..=0xbf) {
            return self.abandon(byte, keys);
        }
        self.held.push(byte);
        if self.held.len() == length {
            let decoded = std::str::from_utf8(&self.held).ok().and_then(|text| text.chars().next());
            let key = decoded.filter(|c| !c.is_control()).map(Key::Char);
            self.complete(alt, key, keys);
        }
    }

    /// Ends a sequence or a character with the key that it is. A chord with Alt is no key.
    fn complete(&mut self, alt: bool, key: Option<Key>, keys: &mut Vec<Key>) {
        self.state = ParserState::Ground;
        if !alt {
            keys.extend(key);
        }
    }

    /// Drops what is half read, and reads the byte as if nothing had come before it.
    fn abandon(&mut self, byte: u8, keys: &mut Vec<Key>) {
        self.state = ParserState::Ground;
        self.read_byte(byte, keys);
    }
}

#[cfg(test)]
mod tests;
