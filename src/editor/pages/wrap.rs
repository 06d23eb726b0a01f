//! The lines of a page in the width of the screen.

use textwrap::Options;

/// The space before each line.
pub(super) const INDENT: &str = "   ";
/// The space before each further line of an entry.
const FURTHER: &str = "     ";

/// `text` in lines of at most `columns`, each behind `indent`.
pub(super) fn wrap(text: &str, columns: u16, indent: &str) -> Vec<String> {
    let room = usize::from(columns).saturating_sub(indent.len() + 1).max(1);
    textwrap::wrap(text, room).into_iter().map(|part| format!("{indent}{part}")).collect()
}

/// The same for one entry of a list: its further lines stand deeper than its first one.
pub(super) fn wrap_entry(text: &str, columns: u16) -> Vec<String> {
    let room = usize::from(columns).saturating_sub(1).max(FURTHER.len() + 1);
    let options = Options::new(room).initial_indent(INDENT).subsequent_indent(FURTHER);
    textwrap::wrap(text, options).into_iter().map(std::borrow::Cow::into_owned).collect()
}
