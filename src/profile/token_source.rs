//! Where a token comes from: a program, a file, a variable, what `login` stored.

mod command;

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::config::{Entry, Source};
use super::environment::Environment;
use crate::api::credentials::{Token, TokenError};
use crate::private::{self, Opened, ReadError};
use crate::visible::{excerpt, visible};
pub use command::Leash;

/// The longest token, in bytes; also the most that is read of a file or of a program's output.
pub const MAX_TOKEN_BYTES: usize = 64 * 1024;
/// How long a `token_command` may take.
pub const COMMAND_LIMIT: Duration = Duration::from_secs(10);

/// There is no usable token where a profile says that there is one.
#[derive(Debug, thiserror::Error)]
#[error("no token for {profile}: {fault}")]
pub struct SourceError {
    /// Whose token.
    pub profile: String,
    /// Where it was to come from.
    pub from: Box<Source>,
    /// Why there is none.
    pub fault: SourceFault,
}

impl SourceError {
    /// What mends it: a command, or what to do. `login` would put another source in the place of this one, so it is
    /// named only where it is the source.
    pub fn mend(&self) -> String {
        let name = &self.profile;
        match (&self.fault, &*self.from) {
            (SourceFault::OpenToOthers { path, .. }, _) => format!("chmod 600 {}", quoted_for_shell(path)),
            (_, Source::Stored) => format!("convrating login {name}"),
            (_, Source::File(path)) => format!("put the token into {}, alone", excerpt(path, 200)),
            (_, Source::Variable(variable)) => format!("set {}", excerpt(variable, 60)),
            (_, Source::Command(_)) => {
                format!("see why the {} gives no token: token_command of {name} in config.toml", self.from)
            }
        }
    }
}

/// Why a source gives no token.
#[derive(Debug, thiserror::Error)]
pub enum SourceFault {
    /// The program cannot be started.
    #[error("the program {program} of token_command cannot be started: {}", private::spoken(.source))]
    NotStarted {
        /// Its name.
        program: String,
        /// What the system says.
        source: io::Error,
    },
    /// The program ended badly.
    #[error("token_command {program} failed ({status}){}", quoted(.stderr))]
    CommandFailed {
        /// Its name.
        program: String,
        /// `exit status: 1`, `signal: 9` …
        status: String,
        /// What it said on stderr, made visible.
        stderr: String,
    },
    /// The program took longer than it may.
    #[error("token_command {program} gave no token within {} s{}", .limit.as_secs(), quoted(.stderr))]
    CommandTooSlow {
        /// Its name.
        program: String,
        /// How long it had.
        limit: Duration,
        /// What it said on stderr so far, made visible.
        stderr: String,
    },
    /// The file is not there, or cannot be read.
    #[error("the file {} cannot be used: {fault}", shown(.path))]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why not.
        fault: ReadError,
    },
    /// Others can read the file.
    #[error("others can read the file {0} (mode {mode:04o}); close it: chmod 600 {1}", shown(.path), quoted_for_shell(.path))]
    OpenToOthers {
        /// The file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// The file has more than one line.
    #[error("the file {} has more than one line; it must hold the token alone", shown(.0))]
    SeveralLines(PathBuf),
    /// The variable is not set.
    #[error("the variable {0} is not set")]
    Unset(String),
    /// Nothing was stored yet.
    #[error("none is stored; run: convrating login {0}")]
    NotStored(String),
    /// There is something that is no token.
    #[error("{0} gives no token: {1}")]
    NoToken(String, TokenError),
}

impl Entry {
    /// Gets the token: runs the program on `leash`, reads the file, looks the variable up. Blocks for up to `limit`.
    ///
    /// # Errors
    /// Why there is no usable token; never with the token in it.
    pub fn token(
        &self,
        environment: &Environment,
        config_file: &Path,
        limit: Duration,
        leash: &Leash,
    ) -> Result<Token, SourceError> {
        let directory = config_file.parent().unwrap_or_else(|| Path::new(""));
        let text = match &self.source {
            Source::Command(words) => command::first_line(words, directory, limit, leash),
            Source::File(path) => only_line(&environment.resolve(path, directory)),
            Source::Variable(name) => variable(environment, name),
            Source::Stored => stored(environment, &self.name),
        };
        let token = text.and_then(|text| {
            Token::new(&text).map_err(|error| SourceFault::NoToken(self.source.label(), error))
        });
        token.map_err(|fault| SourceError {
            profile: self.name.clone(),
            from: Box::new(self.source.clone()),
            fault,
        })
    }
}

/// A token that was stored, and what was there before.
pub struct Stored {
    path: PathBuf,
    before: Option<Vec<u8>>,
}

impl Stored {
    /// Puts back what was there before.
    ///
    /// # Errors
    /// What the system says.
    pub fn undo(self) -> io::Result<()> {
        match self.before {
            Some(before) => private::replace(&self.path, &before),
            None => fs::remove_file(&self.path),
        }
    }
}

impl fmt::Debug for Stored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stored").field("path", &self.path).finish_non_exhaustive()
    }
}

/// Stores a token as `login` does: 0600 in a directory 0700, whole or not at all.
///
/// # Errors
/// What the system says; then nothing is changed.
pub fn store(environment: &Environment, name: &str, token: &Token) -> Result<Stored, ReadError> {
    let directory = environment.token_directory();
    private::close_directory(&directory)?;
    let path = directory.join(name);
    let before = match Opened::regular(&path).and_then(|opened| opened.read(MAX_TOKEN_BYTES as u64)) {
        Err(ReadError::Io(missing)) if missing.kind() == io::ErrorKind::NotFound => None,
        read => Some(read?),
    };
    private::replace(&path, format!("{}\n", token.expose()).as_bytes())?;
    Ok(Stored { path, before })
}

fn variable(environment: &Environment, name: &str) -> Result<String, SourceFault> {
    let value = environment.raw(name).ok_or_else(|| SourceFault::Unset(excerpt(name, 60)))?;
    Ok(value.to_string_lossy().into_owned())
}

fn stored(environment: &Environment, name: &str) -> Result<String, SourceFault> {
    only_line(&environment.token_directory().join(name)).map_err(|fault| match fault {
        SourceFault::Unreadable { fault: ReadError::Io(error), .. }
            if error.kind() == io::ErrorKind::NotFound =>
        {
            SourceFault::NotStored(name.to_owned())
        }
        fault => fault,
    })
}

/// The one line of a file that only its owner can read.
fn only_line(path: &Path) -> Result<String, SourceFault> {
    let unreadable = |fault| SourceFault::Unreadable { path: path.to_owned(), fault };
    let opened = Opened::regular(path).map_err(unreadable)?;
    if opened.is_open_to_others() {
        return Err(SourceFault::OpenToOthers { path: path.to_owned(), mode: opened.mode });
    }
    let bytes = opened.read(MAX_TOKEN_BYTES as u64).map_err(unreadable)?;
    let text = String::from_utf8_lossy(&bytes);
    if text.trim().lines().count() > 1 {
        return Err(SourceFault::SeveralLines(path.to_owned()));
    }
    Ok(text.into_owned())
}

fn quoted(stderr: &str) -> String {
    if stderr.is_empty() { String::new() } else { format!(": \"{stderr}\"") }
}

fn shown(path: &Path) -> String {
    visible(&path.to_string_lossy()).into_owned()
}

/// A path that a shell takes as one word.
fn quoted_for_shell(path: &Path) -> String {
    let text = path.to_string_lossy();
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "/._-+@".contains(letter);
    if text.chars().all(is_plain) {
        return text.into_owned();
    }
    format!("'{}'", visible(&text.replace('\'', r"'\''")))
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.label())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_stored_can_be_taken_back() {
        let home = std::env::temp_dir().join(format!("convrating-stored-{}", std::process::id()));
        let environment = Environment::new([("HOME".into(), home.clone().into())], None);
        let path = environment.token_directory().join("a");
        let store = |token| store(&environment, "a", &Token::new(token).unwrap()).unwrap();
        store("first").undo().unwrap();
        assert!(!path.exists());
        store("first");
        store("second").undo().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "first\n");
        fs::remove_dir_all(home).unwrap();
    }
}
