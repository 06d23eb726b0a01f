//! The tokens that `login` stores: a file for each profile.

use std::fmt;
use std::fs;
use std::io;
use std::path::PathBuf;

use super::environment::Environment;
use super::source::MAX_TOKEN_BYTES;
use crate::api::credentials::Token;
use crate::private::{self, Opened, ReadError};

/// A token that was stored, and what was there before.
pub struct StoredToken {
    path: PathBuf,
    before: Option<Vec<u8>>,
}

impl StoredToken {
    /// Puts back what was there before.
    ///
    /// # Errors
    /// The system's error.
    pub fn undo(self) -> io::Result<()> {
        match self.before {
            Some(before) => private::replace(&self.path, &before),
            None => fs::remove_file(&self.path),
        }
    }
}

/// It shows neither token.
impl fmt::Debug for StoredToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredToken").field("path", &self.path).finish_non_exhaustive()
    }
}

/// Stores the token of the profile `name`: a file of mode 0600 in a directory of mode 0700, whole or not at all.
///
/// # Errors
/// The system's error; then nothing is changed.
pub fn store_token(environment: &Environment, name: &str, token: &Token) -> Result<StoredToken, ReadError> {
    let directory = environment.token_directory();
    private::close_directory(&directory)?;
    let path = directory.join(name);
    let before = match Opened::regular(&path).and_then(|opened| opened.read(MAX_TOKEN_BYTES as u64)) {
        Err(ReadError::Io(missing)) if missing.kind() == io::ErrorKind::NotFound => None,
        read => Some(read?),
    };
    private::replace(&path, format!("{}\n", token.expose()).as_bytes())?;
    Ok(StoredToken { path, before })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_stored_can_be_taken_back() {
        let home = std::env::temp_dir().join(format!("convrating-stored-{}", std::process::id()));
        let environment = Environment::new([("HOME".into(), home.clone().into())], None);
        let path = environment.token_directory().join("a");
        let store = |token| store_token(&environment, "a", &Token::new(token).unwrap()).unwrap();
        store("first").undo().unwrap();
        assert!(!path.exists());
        store("first");
        store("second").undo().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "first\n");
        fs::remove_dir_all(home).unwrap();
    }
}
