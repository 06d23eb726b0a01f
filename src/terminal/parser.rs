//! Bytes to keys, one byte at a time, so that it does not matter how the network split them.
//!
//! ```text
//!            ┌─ text, UTF-8, controls ──────────────────────────────► key
//!  ground ───┤            ┌─ [ ─► parameters … final byte ──────────► key or nothing
//!            └─ ESC ──────┼─ O ─► one byte ─────────────────────────► key or nothing
//!                 │       ├─ ] P _ ^ X ─► string … ST or BEL ───────► nothing
//!                 │       └─ another byte: a chord with Alt ────────► nothing
//!                 └─ nothing for 50 ms ─────────────────────────────► Esc; what a slow line brings
//!                                                                        of its sequence after that: nothing
//! ```
//!
//! Between the marks of a paste, which a terminal sends that another program told to, it says so ([`Parser::take_marked`]).
//!
//! A sequence that is not known is swallowed whole. Nothing makes it deaf: every state but the ground is left
//! after a time-out ([`Parser::patience`]), after a bounded number of bytes, and at a control character.

use std::time::Duration;

use super::key::Key;
use super::sequence;

const ESC: u8 = 0x1b;
const BEL: u8 = 0x07;

/// How long an ESC may be the start of a sequence; after that it was the key.
const ESC_PATIENCE: Duration = Duration::from_millis(50);
/// How long the rest of a begun sequence or character may take: longer, since half an answer that a terminal
/// gives to somebody else's question would be typed into the form.
const REST_PATIENCE: Duration = Duration::from_millis(250);
/// How long the rest of a sequence may be behind an ESC that was taken for the key: as typed keys it would toggle or save.
const LATE_PATIENCE: Duration = Duration::from_millis(500);

/// The longest control sequence that is looked at, in bytes; the longest that is known has 20.
const PARAMETERS: usize = 64;
/// After so many bytes without an end, what looked like a control sequence is none.
const LONGEST_SEQUENCE: usize = 256;
/// The same for strings (OSC, DCS, APC, PM, SOS).
const LONGEST_STRING: usize = 4096;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Ground,
    /// After ESC.
    Escape,
    /// After an ESC that was taken for the key.
    LateEscape,
    /// After two of them: rxvt's Alt before a sequence, or Esc pressed twice.
    TwoEscapes,
    /// After `ESC [`: how many bytes came, and whether Alt was before it.
    Sequence {
        alt: bool,
        length: usize,
    },
    /// After `ESC [ [`.
    Console,
    /// After `ESC O`, with the modifier digit if there was one.
    SingleShift {
        alt: bool,
        modifier: Option<u32>,
    },
    /// So many bytes of an X10 mouse report are to come.
    Mouse(u8),
    /// In a string, so many bytes long.
    Text(usize),
    /// After ESC in a string.
    TextEscape,
    /// In a character of so many bytes.
    Utf8 {
        alt: bool,
        length: usize,
    },
}

/// The state between two reads.
#[derive(Clone, Debug)]
pub(super) struct Parser {
    state: State,
    /// Parameters of a sequence, or the bytes of a character; never more than [`PARAMETERS`].
    held: Vec<u8>,
    /// The last byte was a carriage return: a line feed after it is the same Enter.
    after_return: bool,
    /// Between the marks of a paste.
    is_in_paste: bool,
    /// There was such a mark since it was asked for.
    was_marked: bool,
}

impl Default for Parser {
    fn default() -> Self {
        let held = Vec::with_capacity(PARAMETERS);
        Self { state: State::Ground, held, after_return: false, is_in_paste: false, was_marked: false }
    }
}

impl Parser {
    /// Takes bytes as they were read and appends the keys they complete.
    pub(super) fn feed(&mut self, bytes: &[u8], keys: &mut Vec<Key>) {
        for &byte in bytes {
            self.step(byte, keys);
        }
    }

    /// How long to wait for the next byte before [`give_up`](Self::give_up); `None` where nothing is half read.
    pub(super) fn patience(&self) -> Option<Duration> {
        match self.state {
            State::Ground => None,
            State::Escape | State::TwoEscapes => Some(ESC_PATIENCE),
            State::LateEscape => Some(LATE_PATIENCE),
            _ => Some(REST_PATIENCE),
        }
    }

    /// Nothing came in time: an ESC was the key, everything else that is half read is dropped.
    pub(super) fn give_up(&mut self, keys: &mut Vec<Key>) {
        match self.state {
            State::Escape => keys.push(Key::Esc),
            State::TwoEscapes => keys.extend([Key::Esc, Key::Esc]),
            _ => {}
        }
        let was_escape = matches!(self.state, State::Escape | State::TwoEscapes);
        self.state = if was_escape { State::LateEscape } else { State::Ground };
    }

    /// True between the marks of a paste.
    pub(super) fn is_in_paste(&self) -> bool {
        self.is_in_paste
    }

    /// True if any of the keys since the last call stood behind the mark of a paste.
    pub(super) fn take_marked(&mut self) -> bool {
        std::mem::take(&mut self.was_marked) || self.is_in_paste
    }

    /// The end of a paste was lost: nothing came for too long.
    pub(super) fn leave_paste(&mut self) {
        self.is_in_paste = false;
    }

    fn step(&mut self, byte: u8, keys: &mut Vec<Key>) {
        match self.state {
            State::Ground => self.ground(byte, keys),
            State::Escape => self.escape(byte, false),
            State::LateEscape if matches!(byte, b'[' | b'O') => self.escape(byte, false),
            State::LateEscape => {
                self.state = State::Ground;
                self.ground(byte, keys);
            }
            State::TwoEscapes => self.two_escapes(byte, keys),
            State::Text(length) => self.text(length, byte, keys),
            State::TextEscape if byte == b'\\' => self.state = State::Ground,
            State::TextEscape => {
                self.state = State::Escape;
                self.step(byte, keys);
            }
            // What begins anew ends what was begun.
            _ if byte == ESC => self.state = State::Escape,
            State::Mouse(left) => self.state = if left > 1 { State::Mouse(left - 1) } else { State::Ground },
            State::Utf8 { alt, length } => self.utf8(alt, length, byte, keys),
            _ if !matches!(byte, 0x20..=0x7e) => self.abandon(byte, keys),
            State::Sequence { alt, length } => self.sequence(alt, length, byte, keys),
            State::Console => self.complete(false, sequence::console(byte), keys),
            State::SingleShift { alt, modifier } => self.single_shift(alt, modifier, byte, keys),
        }
    }

    fn ground(&mut self, byte: u8, keys: &mut Vec<Key>) {
        let after_return = std::mem::replace(&mut self.after_return, byte == b'\r');
        match byte {
            ESC => self.state = State::Escape,
            b'\n' if after_return => {}
            b'\r' | b'\n' => keys.push(Key::Enter),
            b'\t' => keys.push(Key::Tab),
            0x08 | 0x7f => keys.push(Key::Backspace),
            0x20..=0x7e => keys.push(Key::Char(char::from(byte))),
            // Padding on some lines, and nobody's key.
            0 => {}
            0x01..=0x1a => keys.push(Key::Ctrl(char::from(byte - 1 + b'a'))),
            0x1c..=0x1f => keys.push(Key::Ctrl(char::from(byte + 0x40))),
            0x80.. => self.begin_character(byte, false),
        }
    }

    fn escape(&mut self, byte: u8, alt: bool) {
        self.held.clear();
        self.after_return = false;
        match byte {
            ESC => self.state = State::TwoEscapes,
            b'[' => self.state = State::Sequence { alt, length: 0 },
            b'O' => self.state = State::SingleShift { alt, modifier: None },
            b']' | b'P' | b'_' | b'^' | b'X' => self.state = State::Text(0),
            0x80.. => self.begin_character(byte, true),
            _ => self.state = State::Ground,
        }
    }

    fn two_escapes(&mut self, byte: u8, keys: &mut Vec<Key>) {
        if !matches!(byte, b'[' | b'O') {
            keys.push(Key::Esc);
        }
        self.escape(byte, true);
    }

    fn sequence(&mut self, alt: bool, length: usize, byte: u8, keys: &mut Vec<Key>) {
        match byte {
            b'[' if length == 0 => self.state = State::Console,
            b'M' if length == 0 => self.state = State::Mouse(3),
            0x40..=0x7e if length > PARAMETERS => self.state = State::Ground,
            0x40..=0x7e => {
                self.note_mark(byte);
                self.complete(alt, sequence::csi(&self.held, byte), keys);
            }
            _ if length >= LONGEST_SEQUENCE => self.state = State::Ground,
            _ => {
                if length < PARAMETERS {
                    self.held.push(byte);
                }
                self.state = State::Sequence { alt, length: length + 1 };
            }
        }
    }

    /// `ESC [ 200 ~` and `ESC [ 201 ~` stand around a paste.
    fn note_mark(&mut self, last: u8) {
        match (&*self.held, last) {
            (b"200", b'~') => (self.is_in_paste, self.was_marked) = (true, true),
            (b"201", b'~') => self.is_in_paste = false,
            _ => {}
        }
    }

    fn single_shift(&mut self, alt: bool, modifier: Option<u32>, byte: u8, keys: &mut Vec<Key>) {
        match (byte, modifier) {
            (b'1'..=b'9', None) => {
                self.state = State::SingleShift { alt, modifier: Some(u32::from(byte - b'0')) };
            }
            _ => self.complete(alt, sequence::ss3(modifier, byte), keys),
        }
    }

    fn text(&mut self, length: usize, byte: u8, keys: &mut Vec<Key>) {
        match byte {
            ESC => self.state = State::TextEscape,
            BEL => self.state = State::Ground,
            // No answer of a terminal holds a control character: a key was pressed.
            0..0x20 | 0x7f => self.abandon(byte, keys),
            _ if length >= LONGEST_STRING => self.state = State::Ground,
            _ => self.state = State::Text(length + 1),
        }
    }

    fn begin_character(&mut self, lead: u8, alt: bool) {
        let length = match lead {
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf4 => 4,
            _ => {
                self.state = State::Ground;
                return;
            }
        };
        self.held.clear();
        self.held.push(lead);
        self.state = State::Utf8 { alt, length };
    }

    fn utf8(&mut self, alt: bool, length: usize, byte: u8, keys: &mut Vec<Key>) {
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

    fn complete(&mut self, alt: bool, key: Option<Key>, keys: &mut Vec<Key>) {
        self.state = State::Ground;
        if !alt {
            keys.extend(key);
        }
    }

    /// Drops what is half read and takes the byte for itself.
    fn abandon(&mut self, byte: u8, keys: &mut Vec<Key>) {
        self.state = State::Ground;
        self.step(byte, keys);
    }
}

#[cfg(test)]
mod tests;
