//! Text from outside made safe to show.
//!
//! Server strings, token claims and the user's environment may hold characters that move the cursor, recolour the
//! screen or reorder what is read. Each is turned into plain letters once, where the text enters; what is sent back to
//! the server is always the raw text.
//!
//! The same text may repeat a token. In place of each token of this run, and of anything of a token's shape, stands
//! `<token>`.

mod charset;
mod own;
mod plain;
mod shape;

use std::borrow::Cow;
use std::fmt::Write;

use own::{OwnTokens, own_tokens};
use shape::measure_shape;

pub use charset::Charset;
pub(crate) use own::note_token;
pub use plain::ascii;
use plain::push_number;
pub(crate) use shape::has_token_shape;

/// What stands in a token's place.
const BLOT: &str = "<token>";

/// Characters that a terminal does not show but acts on, or shows as nothing: Unicode's categories Cf, Zl and Zp and
/// the rest of `Default_Ignorable_Code_Point`, as of Unicode 18.0, as inclusive ranges. C0, DEL and C1 are found by `char::is_control`.
const INVISIBLE: [(u32, u32); 29] = [
    (0x00AD, 0x00AD),
    (0x034F, 0x034F),
    (0x0600, 0x0605),
    (0x061C, 0x061C),
    (0x06DD, 0x06DD),
    (0x070F, 0x070F),
    (0x0890, 0x0891),
    (0x08E2, 0x08E2),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x200B, 0x200F),
    (0x2028, 0x202E),
    (0x2060, 0x206F),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFFB),
    (0x1_10BD, 0x1_10BD),
    (0x1_10CD, 0x1_10CD),
    (0x1_3430, 0x1_343F),
    (0x1_BCA0, 0x1_BCA3),
    (0x1_D173, 0x1_D17A),
    (0xE_0000, 0xE_0FFF),
    // Private use: what it looks like is the font's secret, and some terminals act on it.
    (0xE000, 0xF8FF),
    (0xF_0000, 0xF_FFFF),
    (0x10_0000, 0x10_FFFF),
    // Noncharacters; the last two of each plane are found by their bits.
    (0xFDD0, 0xFDEF),
];

/// True for a character that must not reach a terminal as it is.
pub fn is_hidden(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_control();
    }
    let code = u32::from(character);
    let is_last_of_plane = code & 0xFFFE == 0xFFFE;
    character.is_control()
        || is_last_of_plane
        || INVISIBLE.iter().any(|&(first, last)| (first..=last).contains(&code))
}

/// True if `text` is ASCII without controls: each byte is a character that can be seen, or a space, and takes one column.
pub(crate) fn is_printable_ascii(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// `text` with `<token>` in place of each token, with C0 and DEL as `^X` and every other control or format character by its
/// number, as in `<U+202E>`. Borrows when there is nothing to change.
pub fn visible(text: &str) -> Cow<'_, str> {
    let text = redact(text);
    if is_printable_ascii(&text) || !text.chars().any(is_hidden) {
        return text;
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        push_visible(&mut shown, character);
    }
    Cow::Owned(shown)
}

/// `text` with `<token>` in place of each token of this run and of anything of a token's shape, and nothing else changed.
/// Borrows when there is no token.
pub(crate) fn redact(text: &str) -> Cow<'_, str> {
    let own = own_tokens();
    let Some(first) = find_token(text, 0, &own) else { return Cow::Borrowed(text) };
    let (mut shown, mut start, mut found) = (String::with_capacity(text.len()), 0, Some(first));
    while let Some((token, end)) = found {
        shown.push_str(&text[start..token]);
        shown.push_str(BLOT);
        start = end;
        found = find_token(text, start, &own);
    }
    shown.push_str(&text[start..]);
    Cow::Owned(shown)
}

/// True if `text` has `<token>` in it. Where the program wrote the text to a file, the text may have held a token before.
pub(crate) fn is_blotted(text: &str) -> bool {
    text.contains(BLOT)
}

/// Where the first token behind the byte `from` begins and ends. A token is ASCII, so both are borders of characters.
fn find_token(text: &str, from: usize, own: &OwnTokens) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let mut starts = (from..bytes.len()).filter(|start| own.may_begin_with(bytes[*start]));
    starts.find_map(|start| {
        let rest = &bytes[start..];
        let length = measure_shape(rest).max(own.measure(rest));
        (length > 0).then_some((start, start + length))
    })
}

/// JSON text with `<token>` in place of each token in its strings, keys included. All else is the same value.
pub(crate) fn redact_json(json: &str) -> Cow<'_, str> {
    // A token with a quote or a backslash in it looks different in JSON.
    if !json.contains('\\') && matches!(redact(json), Cow::Borrowed(_)) {
        return Cow::Borrowed(json);
    }
    let (mut shown, mut rest) = (String::with_capacity(json.len()), json);
    while let Some(start) = rest.find('"') {
        let end = start + measure_json_string(&rest[start..]);
        shown.push_str(&rest[..start]);
        push_redacted(&mut shown, &rest[start..end]);
        rest = &rest[end..];
    }
    shown.push_str(rest);
    Cow::Owned(shown)
}

/// How many bytes the JSON string has that `json` begins with, both quotes included.
fn measure_json_string(json: &str) -> usize {
    let mut is_escaped = false;
    let is_end = |byte: u8| {
        let is_end = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        is_end
    };
    json.bytes().skip(1).position(is_end).map_or(json.len(), |end| end + 2)
}

fn push_redacted(shown: &mut String, literal: &str) {
    match serde_json::from_str::<String>(literal) {
        Ok(text) if matches!(redact(&text), Cow::Owned(_)) => {
            // A text is always JSON.
            shown.push_str(&serde_json::to_string(&redact(&text)).unwrap_or_default());
        }
        _ => shown.push_str(literal),
    }
}

/// JSON text with every hidden character in its strings escaped and `<token>` in place of each token: otherwise the same
/// value, and safe to print. With `is_ascii` everything that is not ASCII is escaped.
pub(crate) fn json_visible(json: &str, is_ascii: bool) -> Cow<'_, str> {
    let json = redact_json(json);
    let is_escaped = |letter: char| is_hidden(letter) || is_ascii && !letter.is_ascii();
    if !json.chars().any(is_escaped) {
        return json;
    }
    let mut shown = String::with_capacity(json.len() + 16);
    for letter in json.chars() {
        if is_escaped(letter) {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                // Writing to a String cannot fail.
                let _ = write!(shown, "\\u{unit:04x}");
            }
        } else {
            shown.push(letter);
        }
    }
    Cow::Owned(shown)
}

/// The first `limit` characters of `text`, made visible, with `…` where something was cut off. Tokens go before the cut: half
/// a token would not be known as one.
pub(crate) fn excerpt(text: &str, limit: usize) -> String {
    let text = redact(text);
    let cut = text.char_indices().nth(limit).map_or(&*text, |(end, _)| &text[..end]);
    let mut shown = visible(cut).into_owned();
    if cut.len() < text.len() {
        shown.push('…');
    }
    shown
}

fn push_visible(shown: &mut String, character: char) {
    match character {
        '\0'..='\x1F' | '\x7F' => {
            shown.push('^');
            shown.push(char::from(character as u8 ^ 0x40));
        }
        _ if is_hidden(character) => push_number(shown, character),
        _ => shown.push(character),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn each_kind_of_hidden_character_is_spelled_out() {
        assert_eq!(visible("a\x1b[31mb\x7f"), "a^[[31mb^?");
        assert_eq!(visible("\0\t\n"), "^@^I^J");
        assert_eq!(
            visible("\u{9b}\u{202e}\u{feff}\u{e0041}\u{2028}"),
            "<U+009B><U+202E><U+FEFF><U+E0041><U+2028>"
        );
        assert!(matches!(visible("HELPFUL_THUMBS 満足 é"), Cow::Borrowed(_)));
    }

    /// Against the tables of Unicode 18.0.
    #[test]
    fn a_character_is_hidden_if_unicode_says_that_it_is_not_seen() {
        use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory};
        use icu_properties::{CodePointMapData, CodePointSetData};
        let category = CodePointMapData::<GeneralCategory>::new();
        let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>();
        for character in '\0'..=char::MAX {
            let is_unseen = matches!(
                category.get(character),
                GeneralCategory::Control
                    | GeneralCategory::Format
                    | GeneralCategory::LineSeparator
                    | GeneralCategory::ParagraphSeparator
                    | GeneralCategory::PrivateUse
            );
            let code = u32::from(character);
            let is_noncharacter = code & 0xFFFE == 0xFFFE || (0xFDD0..=0xFDEF).contains(&code);
            let expected = is_unseen || ignorable.contains(character) || is_noncharacter;
            assert_eq!(is_hidden(character), expected, "U+{code:04X}");
        }
    }

    #[test]
    fn an_excerpt_counts_characters_before_they_are_spelled_out() {
        assert_eq!(excerpt("\x1b\x1b\x1b", 2), "^[^[…");
        assert_eq!(excerpt("満足度", 3), "満足度");
    }

    #[test]
    fn escaped_json_is_the_same_value_without_hidden_characters() {
        let json = serde_json::to_string("é\u{202e}\u{9b}\u{e0041}\u{1b}\u{7f}").unwrap();
        let shown = json_visible(&json, false);
        assert_eq!(shown, r#""é\u202e\u009b\udb40\udc41\u001b\u007f""#);
        assert!(json_visible(&json, true).is_ascii());
        let back = |text: &str| serde_json::from_str::<String>(text).unwrap();
        assert_eq!(back(&shown), back(&json));
    }

    #[test]
    fn ascii_spells_out_what_it_cannot_show() {
        assert_eq!(ascii("off → on, é…"), "off -> on, <U+00E9>...");
        assert!(matches!(ascii("plain"), Cow::Borrowed(_)));
    }

    const JWT: &str = "eyJhbGciOiJIUzI1NiJ9.eyJzY2VuYXJpb19pZCI6ImRlbW9hZ2VudDEifQ.c2lnbmF0dXJl";

    #[test]
    fn a_token_is_blotted_out_and_the_text_around_it_stays() {
        note_token("0paque/t\"oken\\of-just-this-run");
        note_token("short-1");
        let lower = JWT.to_ascii_lowercase();
        let cases = [
            (format!("Bearer {JWT} is bad"), "Bearer <token> is bad"),
            (format!("é{JWT}, {JWT}."), "é<token>, <token>."),
            (format!("https://{lower}.evil.example/"), "https://<token>.evil.example/"),
            (format!("\x1b{JWT}\u{202e}"), "^[<token><U+202E>"),
            ("was 0PAQUE/t\"oken\\of-just-this-run!".to_owned(), "was <token>!"),
            // Cut off by the server.
            ("0paque/t\"oken\\of-just-this-ru…".to_owned(), "<token>…"),
            ("0paque/t short-1".to_owned(), "0paque/t short-1"),
        ];
        for (text, expected) in cases {
            assert_eq!(visible(&text), expected, "{text}");
        }
    }

    #[test]
    fn a_token_goes_before_a_text_is_cut() {
        for limit in 0..JWT.len() + 9 {
            let shown = excerpt(&format!("say {JWT} ok"), limit);
            assert!("say <token> ok".starts_with(shown.trim_end_matches('…')), "{shown}");
        }
    }

    #[test]
    fn json_keeps_its_form_where_a_token_is_blotted_out() {
        note_token("q\"uoted\\token");
        note_token("8675309867");
        let value =
            serde_json::json!({"a": ["x", JWT, "\"q\"uoted\\token\""], JWT: 8_675_309_867_i64, "b": "\\"});
        let shown = json_visible(&value.to_string(), false).into_owned();
        let expected = serde_json::json!({"a": ["x", "<token>", "\"<token>\""], "<token>": 8_675_309_867_i64, "b": "\\"});
        assert_eq!(serde_json::from_str::<serde_json::Value>(&shown).unwrap(), expected);
        assert!(matches!(json_visible(r#"{"a":"HELPFUL_THUMBS"}"#, false), Cow::Borrowed(_)));
    }

    proptest! {
        #[test]
        fn no_token_is_left_wherever_it_stands(
            before in ".{0,20}",
            after in "[^A-Za-z0-9_=.-].{0,20}",
            own in "[!-~]{8,60}",
            limit in 0_usize..200,
        ) {
            note_token(&own);
            let text = format!("{before}{JWT}{after}{own}{after}");
            for shown in [visible(&text).into_owned(), excerpt(&text, limit)] {
                prop_assert!(!has_token_shape(&shown), "{}", shown);
                prop_assert!(!shown.contains(&own), "{}", shown);
            }
        }

        #[test]
        fn nothing_hidden_is_left_and_plain_text_is_untouched(text in any::<String>()) {
            let shown = visible(&text);
            prop_assert!(!shown.chars().any(is_hidden));
            prop_assert_eq!(visible(&shown), shown.as_ref());
        }
    }
}
