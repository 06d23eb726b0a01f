//! Gets the token of a profile from its source.

use std::path::Path;
use std::time::Duration;

use super::config::ProfileEntry;
use super::environment::Environment;
use super::fault::{SourceError, SourceFault};
use super::join::run_blocking;
use super::source::{MAX_TOKEN_BYTES, ReadableSource};
use super::store::{Binding, MAX_STORED_BYTES, parse_stored};
use super::token_command::read_first_line;
use crate::api::credentials::Token;
use crate::private::{Opened, ReadError, is_missing};
use crate::visible::excerpt;

/// How long a `token_command` may take.
const COMMAND_LIMIT: Duration = Duration::from_secs(10);

/// A token as its source gave it.
#[derive(Debug)]
pub(super) struct ReadToken {
    pub token: Token,
    /// What `login` checked it for; `None` for every other source.
    pub binding: Option<Binding>,
}

/// The token of `entry`. It takes as long as a `token_command` runs, up to ten seconds; the caller ends the program by
/// dropping this future.
///
/// # Errors
/// Why there is no usable token.
pub(super) async fn read_token(
    entry: &ProfileEntry,
    environment: &Environment,
) -> Result<ReadToken, SourceError> {
    let read = read_text(entry, environment).await;
    let read = read.and_then(|(text, binding)| match Token::new(&text) {
        Ok(token) => Ok(ReadToken { token, binding }),
        Err(error) => Err(SourceFault::NoToken(entry.source.to_string(), error)),
    });
    read.map_err(|fault| SourceError {
        profile: entry.name.clone(),
        from: Box::new(entry.source.clone()),
        fault,
    })
}

/// The token's text, and what `login` checked it for.
async fn read_text(
    entry: &ProfileEntry,
    environment: &Environment,
) -> Result<(String, Option<Binding>), SourceFault> {
    let config_file = environment.config_file();
    let directory = config_file.parent().unwrap_or_else(|| Path::new(""));
    let text = match &entry.source {
        ReadableSource::Command(words) => read_first_line(words, directory, COMMAND_LIMIT).await,
        ReadableSource::Variable(name) => read_variable(environment, name),
        ReadableSource::File(path) => {
            let path = environment.resolve(path, directory);
            // A network file system may not answer, and the editor hears keys meanwhile.
            run_blocking(move || read_only_line(&path, MAX_TOKEN_BYTES as u64)).await
        }
        ReadableSource::Stored => {
            let path = environment.token_directory().join(&entry.name);
            let line = run_blocking(move || read_only_line(&path, MAX_STORED_BYTES)).await;
            let line = line.map_err(|fault| not_stored(fault, &entry.name))?;
            return parse_stored(&line).ok_or_else(|| SourceFault::BrokenStore(entry.name.clone()));
        }
    };
    Ok((text?, None))
}

fn read_variable(environment: &Environment, name: &str) -> Result<String, SourceFault> {
    let value = environment.raw(name).ok_or_else(|| SourceFault::Unset(excerpt(name, 60)))?;
    Ok(value.to_string_lossy().into_owned())
}

/// A file that is not there means that `login` has not stored the token of this profile.
fn not_stored(fault: SourceFault, profile: &str) -> SourceFault {
    match fault {
        SourceFault::Unreadable { fault: ReadError::Io(error), .. } if is_missing(&error) => {
            SourceFault::NotStored(profile.to_owned())
        }
        fault => fault,
    }
}

/// The one line of a file that only its owner can read.
fn read_only_line(path: &Path, limit: u64) -> Result<String, SourceFault> {
    let unreadable = |fault| SourceFault::Unreadable { path: path.to_owned(), fault };
    let opened = Opened::regular(path).map_err(unreadable)?;
    if opened.is_open_to_others() {
        return Err(SourceFault::OpenToOthers { path: path.to_owned(), mode: opened.mode });
    }
    let bytes = opened.read(limit).map_err(unreadable)?;
    let text = String::from_utf8_lossy(&bytes);
    if text.trim().lines().count() > 1 {
        return Err(SourceFault::SeveralLines(path.to_owned()));
    }
    Ok(text.into_owned())
}
