//! A command for a shell in rows, so that the user can select them on the screen and paste them.
//!
//! A terminal may copy the spaces that stand behind a row (xterm does, see `trimSelection` in
//! [its manual](https://invisible-island.net/xterm/manpage/xterm.html)), and a backslash with a space behind it does not continue
//! a command. So each backslash stands in the last column.

/// The least room, in columns, for the first part of a word that is split.
const MIN_PART: usize = 8;

/// A word of a command. Only ASCII, so that one byte takes one column.
#[derive(Clone, Debug)]
pub(super) enum Word {
    /// A short word that needs no quotes.
    Bare(&'static str),
    /// Text that the shell takes as it is. There is no single quote in it, and no `!`, which an interactive bash may replace.
    Literal(String),
    /// Text with a variable in it that the shell expands. There is no quote and no backslash in it.
    Expanded(String),
}

impl Word {
    /// The word on one row.
    fn quote(&self) -> String {
        match self {
            Self::Bare(text) => (*text).to_owned(),
            Self::Literal(text) => format!("'{text}'"),
            Self::Expanded(text) => format!("\"{text}\""),
        }
    }

    /// The word in parts, where a backslash and a line break can stand between two parts: the first of at most `first` columns, each
    /// other of at most `others`.
    fn split(&self, first: usize, others: usize) -> Vec<String> {
        match self {
            // A shell keeps a line break that stands between single quotes.
            Self::Literal(text) => chunks(text, first.saturating_sub(2), others.saturating_sub(2))
                .map(|part| format!("'{part}'"))
                .collect(),
            Self::Bare(_) | Self::Expanded(_) => {
                chunks(&self.quote(), first, others).map(str::to_owned).collect()
            }
        }
    }
}

fn chunks(text: &str, first: usize, others: usize) -> impl Iterator<Item = &str> {
    let (mut rest, mut size) = (text, first);
    std::iter::from_fn(move || {
        let (chunk, left) = rest.split_at_checked(size).unwrap_or((rest, ""));
        (rest, size) = (left, others.max(1));
        (!chunk.is_empty()).then_some(chunk)
    })
}

/// The words as one command, in rows of at most `columns`. Each row but the last has exactly so many.
pub(super) fn fill_rows(words: &[Word], columns: usize) -> Vec<String> {
    lay_out(words, columns, |row| format!("{row:<width$}\\", width = columns - 1))
}

/// The words as one command, in rows of at most `columns`, without spaces that are not needed.
pub(super) fn wrap_rows(words: &[Word], columns: usize) -> Vec<String> {
    lay_out(words, columns, |row| format!("{row}\\"))
}

/// The words in rows. A word that begins a row has a space before it, which keeps it apart from the row above. A word is split only
/// where no row has room for it. `end` adds to a row what continues it on the next one.
fn lay_out(words: &[Word], columns: usize, end: impl Fn(&str) -> String) -> Vec<String> {
    // A backslash has to follow.
    let room = columns - 1;
    let (mut rows, mut row) = (Vec::new(), String::new());
    for (index, word) in words.iter().enumerate() {
        let text = word.quote();
        let is_split = text.len() >= room;
        let needed = if is_split { MIN_PART } else { text.len() };
        if index > 0 && row.len() + 1 + needed > room {
            rows.push(end(&row));
            row.clear();
        }
        if index > 0 {
            row.push(' ');
        }
        let mut parts = if is_split { word.split(room - row.len(), room) } else { vec![text] };
        let last = parts.pop().unwrap_or_default();
        for part in parts {
            rows.push(format!("{row}{part}\\"));
            row.clear();
        }
        row.push_str(&last);
    }
    rows.push(row);
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(literal: &str) -> Vec<Word> {
        let literal = Word::Literal(literal.to_owned());
        vec![Word::Bare("curl"), Word::Expanded("$NAME".to_owned()), literal, Word::Bare("-g")]
    }

    #[test]
    fn a_row_that_goes_on_ends_in_the_last_column() {
        let rows = fill_rows(&words("a text that is too long"), 14);
        assert_eq!(rows, ["curl \"$NAME\" \\", " 'a text tha'\\", "'t is too lo'\\", "'ng' -g"]);
        assert_eq!(fill_rows(&words("a"), 10), ["curl     \\", " \"$NAME\" \\", " 'a' -g"]);
        assert_eq!(wrap_rows(&words("a"), 10), ["curl\\", " \"$NAME\"\\", " 'a' -g"]);
    }

    proptest! {
        /// The crate shlex splits words as a shell does. It keeps the end of a row as an empty word, which a shell does not.
        #[test]
        fn a_shell_reads_the_same_words_at_each_width(literal in "[ -&(-~]{0,300}", columns in 12_usize..120) {
            let read = |rows: Vec<String>| shlex::split(&rows.join("\n").replace("\\\n", ""));
            let expected = vec!["curl".to_owned(), "$NAME".to_owned(), literal.clone(), "-g".to_owned()];
            prop_assert_eq!(read(fill_rows(&words(&literal), columns)), Some(expected.clone()));
            prop_assert_eq!(read(wrap_rows(&words(&literal), columns)), Some(expected));
            let rows = fill_rows(&words(&literal), columns);
            prop_assert!(rows[..rows.len() - 1].iter().all(|row| row.len() == columns && row.ends_with('\\')));
        }
    }
}
