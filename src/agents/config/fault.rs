//! What is wrong with the configuration file, and where.

use std::fmt;
use std::io;
use std::path::PathBuf;

use super::super::environment::CONFIG_VARIABLE;
use crate::private::{ReadError, spoken};
use crate::visible::visible;

/// Why the configuration file cannot be used.
#[derive(Debug, thiserror::Error)]
pub struct ConfigError {
    /// The file.
    pub path: PathBuf,
    /// Line and column from 1, the column in characters. `None` where the file could not be read at all.
    pub place: Option<(usize, usize)>,
    /// What is wrong there.
    pub fault: ConfigFault,
}

/// A fault, and the byte of the file's text at which it stands.
pub(crate) type PlacedFault = (usize, ConfigFault);

/// What is wrong with the configuration file.
#[derive(Debug, thiserror::Error)]
pub enum ConfigFault {
    /// The user named it in `CONVRATING_CONFIG`, and it is not there.
    #[error("{CONFIG_VARIABLE} names a file that is not there")]
    Missing,
    /// It cannot be read.
    #[error("cannot be read: {0}")]
    Unreadable(#[source] ReadError),
    /// It cannot be written.
    #[error("cannot be written: {}; {}", spoken(.source), what_is_left(*.is_undone))]
    Unwritable {
        /// The system's error.
        source: io::Error,
        /// The stored token is as it was before, too.
        is_undone: bool,
    },
    /// It is not UTF-8.
    #[error("not UTF-8")]
    NotUtf8,
    /// It is not TOML.
    #[error("{0}")]
    Syntax(String),
    /// A key without a meaning, with the key that the user probably meant.
    #[error("unknown key \"{key}\"{}", suggest(*.suggestion))]
    UnknownKey {
        /// The key, made visible.
        key: String,
        /// The known key that is most like it.
        suggestion: Option<&'static str>,
    },
    /// A value of another type.
    #[error("{key} must be {expected}")]
    Type {
        /// The value's key.
        key: String,
        /// What the value must be.
        expected: &'static str,
    },
    /// A value that cannot be used.
    #[error("{key}: {reason}")]
    Value {
        /// The value's key.
        key: String,
        /// Why not.
        reason: String,
    },
    /// More than one of the three token keys.
    #[error("{first} and {second}: a profile has one token source")]
    TwoSources {
        /// One of them.
        first: &'static str,
        /// Another.
        second: &'static str,
    },
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("config.toml")?;
        if let Some((line, column)) = self.place {
            write!(f, ", line {line}, column {column}")?;
        }
        let path = self.path.to_string_lossy();
        write!(f, ": {} ({})", self.fault, visible(&path))
    }
}

fn what_is_left(is_undone: bool) -> &'static str {
    if is_undone { "nothing was changed" } else { "the stored token is not as it was before" }
}

fn suggest(suggestion: Option<&str>) -> String {
    suggestion.map(|key| format!("; did you mean \"{key}\"?")).unwrap_or_default()
}

/// Line and column, from 1, of the byte `offset` of `text`; the column in characters.
pub(super) fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let mut end = offset.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let before = &text[..end];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_the_middle_of_a_character_is_the_place_of_the_character() {
        let places =
            [(0, (1, 1)), (1, (1, 2)), (2, (1, 2)), (3, (1, 2)), (4, (1, 3)), (5, (2, 1)), (99, (2, 2))];
        for (offset, place) in places {
            assert_eq!(line_and_column("a漢\nb", offset), place, "{offset}");
        }
    }

    #[test]
    fn a_file_that_cannot_be_written_says_what_is_left() {
        let said = |is_undone| {
            ConfigFault::Unwritable { source: io::ErrorKind::PermissionDenied.into(), is_undone }.to_string()
        };
        assert_eq!(said(true), "cannot be written: permission denied; nothing was changed");
        assert_eq!(
            said(false),
            "cannot be written: permission denied; the stored token is not as it was before"
        );
    }
}
