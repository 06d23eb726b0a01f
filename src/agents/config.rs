//! The configuration file: which profiles there are.
//!
//! It is read strictly. Each error names `config.toml` with line and column. A key that is not known is an error with a
//! suggestion, because a misspelt `protected` would protect nothing.

mod comments;
mod edit;
mod entry;
mod fault;
mod name;
mod parse;

use std::path::Path;

use crate::private::{Opened, ReadError, is_missing};
use crate::visible::excerpt;
use fault::line_and_column;

pub(crate) use edit::{ConfigEdit, LoginEdit, apply_edit};
pub use entry::{Config, ProfileEntry};
pub(crate) use fault::PlacedFault;
pub use fault::{ConfigError, ConfigFault};
pub(crate) use name::check_name;

/// The largest configuration file, in bytes.
const MAX_CONFIG_BYTES: u64 = 4 * 1024 * 1024;

impl Config {
    /// Reads `text`, which stands in the file at `path`.
    ///
    /// # Errors
    /// It cannot be understood.
    pub(super) fn parse_file(path: &Path, text: &str) -> Result<Self, ConfigError> {
        Self::parse(text).map_err(|(offset, fault)| ConfigError {
            path: path.to_owned(),
            place: Some(line_and_column(text, offset)),
            fault,
        })
    }

    /// Reads the file's text.
    ///
    /// # Errors
    /// What is wrong, and at which byte.
    pub fn parse(text: &str) -> Result<Self, PlacedFault> {
        parse::parse_config(text)
    }

    /// What is wrong where `default_profile` names no profile. It is an error only for a caller that would use the default.
    pub(crate) fn stray_default(&self, path: &Path) -> Option<ConfigError> {
        let name = self.default_profile.as_deref().filter(|name| self.profile(name).is_none())?;
        let reason = format!("there is no profile \"{}\"", excerpt(name, 60));
        let fault = ConfigFault::Value { key: "default_profile".to_owned(), reason };
        Some(ConfigError { path: path.to_owned(), place: self.default_place, fault })
    }
}

/// The text of the file at `path`; `None` where there is none.
///
/// # Errors
/// It cannot be read, or is not UTF-8.
pub(super) fn read_config(path: &Path) -> Result<Option<String>, ConfigError> {
    let error = |fault| ConfigError { path: path.to_owned(), place: None, fault };
    let bytes = match Opened::regular(path).and_then(|opened| opened.read(MAX_CONFIG_BYTES)) {
        Err(ReadError::Io(missing)) if is_missing(&missing) => return Ok(None),
        read => read.map_err(|fault| error(ConfigFault::Unreadable(fault)))?,
    };
    String::from_utf8(bytes).map(Some).map_err(|not_utf8| {
        let valid = not_utf8.utf8_error().valid_up_to();
        let text = String::from_utf8_lossy(&not_utf8.as_bytes()[..valid]).into_owned();
        ConfigError { place: Some(line_and_column(&text, valid)), ..error(ConfigFault::NotUtf8) }
    })
}

#[cfg(test)]
mod tests;
