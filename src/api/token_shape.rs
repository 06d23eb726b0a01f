//! What a text must look like to be a token. Every source of a token is checked here: a variable, a file, a program's output,
//! a pipe, the hidden question and the editor's field.

/// Why a text is no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Nothing is there.
    #[error("the token is empty")]
    Empty,
    /// It could not stand in a header.
    #[error("the token has white space or characters that no token has")]
    Unprintable,
    /// U+FEFF, or its three bytes in UTF-8.
    #[error("a byte order mark stands before the token; save it as plain text without one")]
    ByteOrderMark,
    /// Two bytes for each character.
    #[error("the text is UTF-16; save it as plain text (ASCII or UTF-8)")]
    Utf16,
    /// `NAME=TOKEN`, or `export NAME=TOKEN`.
    #[error("NAME= stands before the token; only what stands after the = belongs there")]
    Assignment,
    /// `"TOKEN"` or `'TOKEN'`.
    #[error("quotes stand around the token; take them away")]
    Quotes,
    /// `<TOKEN>`.
    #[error("< and > stand around the token; take them away")]
    AngleBrackets,
    /// `TOKEN;`.
    #[error("a semicolon stands behind the token; take it away")]
    Semicolon,
}

/// How a fault is found, and its words.
type TokenFault = (fn(&str) -> bool, TokenError);

/// What may stand around a token and is refused, in the order in which it is looked for: an assignment may have the others
/// on its right side.
const FAULTS: [TokenFault; 5] = [
    (|text| text.starts_with(BYTE_ORDER_MARK), TokenError::ByteOrderMark),
    (is_assignment, TokenError::Assignment),
    (|text| text.ends_with(';'), TokenError::Semicolon),
    (|text| text.starts_with(QUOTES) || text.ends_with(QUOTES), TokenError::Quotes),
    (|text| text.starts_with('<') || text.ends_with('>'), TokenError::AngleBrackets),
];
const QUOTES: [char; 7] = ['"', '\'', '`', '\u{201C}', '\u{201D}', '\u{2018}', '\u{2019}'];
const BYTE_ORDER_MARK: char = '\u{FEFF}';
const SCHEME: &str = "bearer";

/// The token in `text`, without the white space around it and without `Bearer ` in front.
///
/// # Errors
/// Why it is none.
pub(super) fn find_token(text: &str) -> Result<&str, TokenError> {
    let token = strip_scheme(text.trim());
    if token.is_empty() {
        return Err(TokenError::Empty);
    }
    if let Some((_, fault)) = FAULTS.iter().find(|(is_there, _)| is_there(token)) {
        return Err(*fault);
    }
    if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(TokenError::Unprintable);
    }
    Ok(token)
}

/// Refuses bytes that are another encoding than ASCII. Read as UTF-8 they would be called unprintable, which does not help.
///
/// # Errors
/// What they are.
pub(super) fn refuse_encoding(bytes: &[u8]) -> Result<(), TokenError> {
    match bytes {
        [0xEF, 0xBB, 0xBF, ..] => Err(TokenError::ByteOrderMark),
        [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] | [0, _, ..] | [_, 0, ..] => Err(TokenError::Utf16),
        _ => Ok(()),
    }
}

/// `text` without `Bearer ` in front, in any case.
fn strip_scheme(text: &str) -> &str {
    match text.split_at_checked(SCHEME.len()) {
        Some((scheme, "")) if scheme.eq_ignore_ascii_case(SCHEME) => "",
        Some((scheme, rest))
            if scheme.eq_ignore_ascii_case(SCHEME) && rest.starts_with(char::is_whitespace) =>
        {
            rest.trim_start()
        }
        _ => text,
    }
}

/// True for `NAME=TOKEN`, with or without `export ` before it. A token may itself end with `=`.
fn is_assignment(text: &str) -> bool {
    let text = text.strip_prefix("export").map_or(text, str::trim_start);
    let Some((name, value)) = text.split_once('=') else { return false };
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let is_name = !name.is_empty() && !name.starts_with(|first: char| first.is_ascii_digit());
    is_name && name.chars().all(is_letter) && !value.trim_matches('=').is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_and_the_scheme_around_a_token_are_taken_off() {
        for text in [
            "t0ken",
            " t0ken\r\n",
            "Bearer t0ken",
            "bearer\t t0ken\n",
            "\n BEARER  t0ken",
            "\u{a0}t0ken\u{2003}",
        ] {
            assert_eq!(find_token(text), Ok("t0ken"), "{text:?}");
        }
        for token in ["bearert0ken", "abc==", "a.b=", "1a=b", "a;b", "a\"b", "a<b"] {
            assert_eq!(find_token(token), Ok(token));
        }
    }

    #[test]
    fn what_stands_around_a_token_is_refused_by_name() {
        let cases = [
            ("", TokenError::Empty),
            (" Bearer \n", TokenError::Empty),
            ("two words", TokenError::Unprintable),
            ("a\tb", TokenError::Unprintable),
            ("a\u{1b}b", TokenError::Unprintable),
            ("uml\u{e4}ut", TokenError::Unprintable),
            ("\u{feff}t0ken", TokenError::ByteOrderMark),
            ("\"t0ken\"", TokenError::Quotes),
            ("'t0ken'", TokenError::Quotes),
            ("\"t0ken", TokenError::Quotes),
            ("t0ken'", TokenError::Quotes),
            ("\u{201c}t0ken\u{201d}", TokenError::Quotes),
            ("Bearer \"t0ken\"", TokenError::Quotes),
            ("\"Bearer t0ken\"", TokenError::Quotes),
            ("<t0ken>", TokenError::AngleBrackets),
            ("t0ken;", TokenError::Semicolon),
            ("NAME=t0ken", TokenError::Assignment),
            ("export NAME=t0ken", TokenError::Assignment),
            ("export NAME='t0ken';", TokenError::Assignment),
        ];
        for (text, expected) in cases {
            assert_eq!(find_token(text), Err(expected), "{text:?}");
        }
    }

    #[test]
    fn another_encoding_is_refused_by_name() {
        let utf16 =
            |text: &str, order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect::<Vec<_>>();
        for order in [u16::to_le_bytes, u16::to_be_bytes] {
            for text in ["t0ken\n", "\u{feff}t0ken\n"] {
                assert_eq!(refuse_encoding(&utf16(text, order)), Err(TokenError::Utf16), "{text:?}");
            }
        }
        assert_eq!(refuse_encoding("\u{feff}t0ken".as_bytes()), Err(TokenError::ByteOrderMark));
        assert_eq!(refuse_encoding(b"t0ken\n"), Ok(()));
        assert_eq!(refuse_encoding(b""), Ok(()));
    }
}
