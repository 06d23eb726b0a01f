//! The configuration file: which profiles there are.
//!
//! It is read strictly. Each error names `config.toml` with line and column; a key that is not known is an error with
//! a suggestion, because a misspelt `protected` would protect nothing.

mod edit;
mod walk;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::api::credentials::BaseUrl;
use crate::private::{Opened, ReadError, spoken};

pub use edit::{LoginEdit, with_login};

/// The largest configuration file, in bytes.
pub const MAX_CONFIG_BYTES: u64 = 4 * 1024 * 1024;
/// The longest name of a profile, in characters.
pub const MAX_NAME_CHARS: usize = 64;

/// What the file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// The profile that is used when nothing else says which.
    pub default_profile: Option<String>,
    /// Where that stands: line and column from 1.
    pub default_place: Option<(usize, usize)>,
    /// The profiles in the file's order.
    pub profiles: Vec<Entry>,
}

/// One `[profiles.NAME]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// Where its token goes, and nowhere else.
    pub base_url: BaseUrl,
    /// Where its token is.
    pub source: Source,
    /// The agent it is for: a token of another one is refused.
    pub scenario_id: Option<String>,
    /// Saving asks first.
    pub is_protected: bool,
    /// It never writes.
    pub is_read_only: bool,
}

/// Where a profile's token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// `token_command`: a program and its arguments; never empty.
    Command(Vec<String>),
    /// `token_file`: a path, as written.
    File(String),
    /// `token_env`: a variable's name.
    Variable(String),
    /// None of them: what `login` stored.
    Stored,
}

impl Source {
    /// The source as it is shown: `command pass`, `file`, the variable's name, `login`.
    pub fn label(&self) -> String {
        let shown = |text: &str| crate::visible::excerpt(text, 60);
        match self {
            Self::Command(words) => {
                let program = words.first().map(Path::new).and_then(Path::file_name);
                format!("command {}", shown(&program.unwrap_or_default().to_string_lossy()))
            }
            Self::File(_) => "file".to_owned(),
            Self::Variable(name) => shown(name),
            Self::Stored => "login".to_owned(),
        }
    }
}

/// Why the configuration file cannot be used.
#[derive(Debug, thiserror::Error)]
pub struct ConfigError {
    /// The file.
    pub path: PathBuf,
    /// Line and column from 1, the column in characters; `None` where the file could not be read at all.
    pub place: Option<(usize, usize)>,
    /// What is wrong there.
    pub fault: ConfigFault,
}

/// What is wrong with the configuration file.
#[derive(Debug, thiserror::Error)]
pub enum ConfigFault {
    /// It cannot be read.
    #[error("cannot be read: {0}")]
    Unreadable(#[source] ReadError),
    /// It cannot be written.
    #[error("cannot be written: {}; {}", spoken(.source), left(*.is_undone))]
    Unwritable {
        /// What the system says.
        source: io::Error,
        /// The token is as it was before, too.
        is_undone: bool,
    },
    /// It is not UTF-8.
    #[error("not UTF-8")]
    NotUtf8,
    /// It is no TOML.
    #[error("{0}")]
    Syntax(String),
    /// A key that means nothing, with the one that was probably meant.
    #[error("unknown key \"{key}\"{}", suggested(*.suggestion))]
    UnknownKey {
        /// The key, made visible.
        key: String,
        /// The known key that is most like it.
        suggestion: Option<&'static str>,
    },
    /// A value of another type.
    #[error("{key} must be {expected}")]
    Type {
        /// Whose value.
        key: String,
        /// What it must be.
        expected: &'static str,
    },
    /// A value that cannot be used.
    #[error("{key}: {reason}")]
    Value {
        /// Whose value.
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
        write!(f, ": {} ({})", self.fault, crate::visible::visible(&path))
    }
}

fn left(is_undone: bool) -> &'static str {
    if is_undone { "nothing was changed" } else { "the new token is stored all the same" }
}

fn suggested(suggestion: Option<&str>) -> String {
    suggestion.map(|key| format!("; did you mean \"{key}\"?")).unwrap_or_default()
}

impl Config {
    /// Reads the file at `path`; one that is not there says nothing.
    ///
    /// # Errors
    /// A [`ConfigError`] for a file that is there and cannot be read or understood.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let text = read(path)?;
        Self::parse(&text).map_err(|(offset, fault)| ConfigError {
            path: path.to_owned(),
            place: Some(line_and_column(&text, offset)),
            fault,
        })
    }

    /// Reads the file's text.
    ///
    /// # Errors
    /// What is wrong, and at which byte.
    pub fn parse(text: &str) -> Result<Self, (usize, ConfigFault)> {
        walk::config(text)
    }

    /// What is wrong where `default_profile` names no profile. It matters only to whoever would use the default.
    pub fn stray_default(&self, path: &Path) -> Option<ConfigError> {
        let name = self.default_profile.as_deref().filter(|name| self.profile(name).is_none())?;
        let reason = format!("there is no profile \"{}\"", crate::visible::excerpt(name, 60));
        let fault = ConfigFault::Value { key: "default_profile".to_owned(), reason };
        Some(ConfigError { path: path.to_owned(), place: self.default_place, fault })
    }

    /// The profile of this name.
    pub fn profile(&self, name: &str) -> Option<&Entry> {
        self.profiles.iter().find(|entry| entry.name == name)
    }
}

/// The text of the file at `path`; empty where there is none.
///
/// # Errors
/// When it cannot be read or is not UTF-8.
pub fn read(path: &Path) -> Result<String, ConfigError> {
    let error = |fault| ConfigError { path: path.to_owned(), place: None, fault };
    let bytes = match Opened::regular(path).and_then(|opened| opened.read(MAX_CONFIG_BYTES)) {
        Err(ReadError::Io(missing)) if missing.kind() == io::ErrorKind::NotFound => Vec::new(),
        read => read.map_err(|fault| error(ConfigFault::Unreadable(fault)))?,
    };
    String::from_utf8(bytes).map_err(|not_utf8| {
        let valid = not_utf8.utf8_error().valid_up_to();
        let text = String::from_utf8_lossy(&not_utf8.as_bytes()[..valid]).into_owned();
        ConfigError { place: Some(line_and_column(&text, valid)), ..error(ConfigFault::NotUtf8) }
    })
}

/// Why `name` cannot be a profile's: it is also a file's name.
pub fn fault_of_name(name: &str) -> Option<&'static str> {
    let is_allowed = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.');
    if name.is_empty() {
        return Some("a profile's name is not empty");
    }
    if name.starts_with(['.', '-']) {
        return Some("a profile's name begins with a letter or a digit");
    }
    if !name.chars().all(is_allowed) {
        return Some("a profile's name has only letters, digits, '-', '_' and '.'");
    }
    (name.chars().count() > MAX_NAME_CHARS).then_some("a profile's name has at most 64 characters")
}

fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let mut end = offset.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let before = &text[..end];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

#[cfg(test)]
mod tests;
