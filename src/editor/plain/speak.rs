//! Texts as they go out: for the ear, and in the characters of the locale.

use crate::visible::Charset;

/// A text of the editor, without a symbol that a screen reader would spell out, on one line.
pub(super) fn speak(text: &str, charset: Charset) -> String {
    let text = text.replace(" → ", " to ").replace("… ", ". ");
    let text = text.strip_suffix('…').map_or_else(|| text.clone(), |start| format!("{start}."));
    charset
        .words(&text)
        .chars()
        .map(|character| if character.is_control() { '?' } else { character })
        .collect()
}

/// A row of columns as a sentence: `14:02:10  GET    200` is said as `14:02:10, GET, 200.`
pub(super) fn join_columns(row: &str) -> String {
    let columns = row.split("  ").map(str::trim).filter(|column| !column.is_empty());
    let columns = columns.map(|column| if column == "-" { "no answer" } else { column });
    end_sentence(&columns.collect::<Vec<_>>().join(", "))
}

/// The text with a full stop, where it ends without one.
pub(super) fn end_sentence(text: &str) -> String {
    let has_end = text.is_empty() || text.trim_end_matches(['"', ')']).ends_with(['.', ':', '?', '!', '…']);
    if has_end { text.to_owned() } else { format!("{text}.") }
}

/// The text with a capital at its beginning.
pub(super) fn capitalize(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_symbol_and_no_control_character_is_left() {
        assert_eq!(speak("rating off → on", Charset::Unicode), "rating off to on");
        assert_eq!(speak("Loading… wait…", Charset::Unicode), "Loading. wait.");
        assert_eq!(speak("a\u{1b}\tb\n", Charset::Unicode), "a??b?");
        assert_eq!(speak("満足 on", Charset::Ascii), "<U+6E80><U+8DB3> on");
        assert_eq!(speak("満足 on", Charset::Unicode), "満足 on");
    }

    #[test]
    fn columns_become_a_sentence() {
        assert_eq!(join_columns("   14:02:10  GET    -       12 ms  "), "14:02:10, GET, no answer, 12 ms.");
        assert_eq!(join_columns(""), "");
        assert_eq!(end_sentence("Really?"), "Really?");
        assert_eq!(end_sentence("It said: \"No.\""), "It said: \"No.\"");
        assert_eq!(capitalize("rating"), "Rating");
    }
}
