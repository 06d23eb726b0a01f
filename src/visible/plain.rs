//! Text for terminals that show fewer characters.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The ornaments of this program's own texts, and how they are typed in ASCII.
const ORNAMENTS: [(char, &str); 4] = [('→', "->"), ('…', "..."), ('×', "x"), ('─', "-")];

/// Text below 0x80: ornaments as they are typed, everything else spelled out.
pub fn ascii(text: &str) -> Cow<'_, str> {
    redraw(text, push_number)
}

/// Text with its ornaments as they are typed in ASCII. Everything else stays.
pub(super) fn draw_plainly(text: &str) -> Cow<'_, str> {
    redraw(text, String::push)
}

/// Text with its ornaments in ASCII. `push` adds each other character that is not ASCII.
fn redraw(text: &str, push: impl Fn(&mut String, char)) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        match ORNAMENTS.iter().find(|(ornament, _)| *ornament == letter) {
            Some((_, typed)) => plain.push_str(typed),
            None if letter.is_ascii() => plain.push(letter),
            None => push(&mut plain, letter),
        }
    }
    Cow::Owned(plain)
}

/// Adds the number of a character: `<U+202E>`.
pub(super) fn push_number(shown: &mut String, character: char) {
    // Writing to a String cannot fail.
    let _ = write!(shown, "<U+{:04X}>", u32::from(character));
}
