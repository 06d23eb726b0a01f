//! The characters that a terminal can show.

use std::borrow::Cow;

use super::plain::{ascii, draw_plainly};

/// Which characters are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Charset {
    /// All of Unicode.
    #[default]
    Unicode,
    /// All of Unicode, but for this program's own ornaments: arrows, dots and rules are drawn in ASCII. Unicode calls their width
    /// ambiguous (<https://www.unicode.org/reports/tr11/>): a Chinese, Japanese or Korean terminal may draw them two columns wide.
    /// Text of the server stays as it is.
    PlainOrnaments,
    /// ASCII only.
    Ascii,
}

impl Charset {
    /// A sentence of this program.
    pub fn words(self, sentence: &str) -> Cow<'_, str> {
        match self {
            Self::Unicode => Cow::Borrowed(sentence),
            Self::PlainOrnaments => draw_plainly(sentence),
            Self::Ascii => ascii(sentence),
        }
    }

    /// A text that is not this program's: a code, a name, a host.
    pub fn name(self, text: &str) -> Cow<'_, str> {
        if self.is_ascii() { ascii(text) } else { Cow::Borrowed(text) }
    }

    /// The character that stands where a text was cut.
    pub(crate) fn ellipsis(self) -> char {
        if self == Self::Unicode { '…' } else { '~' }
    }

    /// The character that a line across the screen consists of.
    pub fn rule(self) -> &'static str {
        if self == Self::Unicode { "─" } else { "-" }
    }

    /// True where only ASCII is drawn.
    pub fn is_ascii(self) -> bool {
        self == Self::Ascii
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_set_draws_ornaments_and_names_as_it_says() {
        let (sentence, name) = ("満足 off → on…", "満足→…");
        let cases = [
            (Charset::Unicode, "満足 off → on…", "満足→…", '…', "─"),
            (Charset::PlainOrnaments, "満足 off -> on...", "満足→…", '~', "-"),
            (Charset::Ascii, "<U+6E80><U+8DB3> off -> on...", "<U+6E80><U+8DB3>->...", '~', "-"),
        ];
        for (charset, words, names, ellipsis, rule) in cases {
            assert_eq!(charset.words(sentence), words);
            assert_eq!(charset.name(name), names);
            assert_eq!((charset.ellipsis(), charset.rule()), (ellipsis, rule));
        }
    }
}
