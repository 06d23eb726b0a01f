//! The tokens that `login` stores: a file for each profile, in which the token stands beside the base URL and the agent that
//! it was checked for.
//!
//! The file is one line of JSON: `{"base_url":"https://…","agent":"…","token":"…"}`. The first version of the program
//! stored the bare token. Such a file is still read. It is taken to be for the profile's own `base_url`.

use std::fmt;
use std::fs;
use std::io;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::environment::Environment;
use super::identity::parse_scenario_id;
use super::source::MAX_TOKEN_BYTES;
use crate::api::credentials::{BaseUrl, Token};
use crate::private::{self, Opened, ReadError};

/// The largest file of a stored token, in bytes: a token, and what stands beside it.
pub(super) const MAX_STORED_BYTES: u64 = MAX_TOKEN_BYTES as u64 + 8 * 1024;

/// What a stored token was checked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TokenBinding {
    /// Where it was checked, and where alone it goes.
    pub base_url: BaseUrl,
    /// The agent that it names; `None` where it names none.
    pub agent: Option<String>,
}

/// The file's one line. A field that this version does not know may bind the token to more: it is refused.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TokenLine {
    base_url: String,
    agent: Option<String>,
    token: String,
}

/// The token's bytes in the line of a file, and what it was checked for. A bare token is bound to nothing. `None` where the
/// line cannot be understood.
pub(super) fn parse_stored(line: &[u8]) -> Option<(Vec<u8>, Option<TokenBinding>)> {
    if !line.trim_ascii_start().starts_with(b"{") {
        return Some((line.to_owned(), None));
    }
    let TokenLine { base_url, agent, token } = serde_json::from_slice(line).ok()?;
    let base_url = BaseUrl::parse(&base_url).ok()?;
    let own = Token::new(&token).ok().and_then(|token| parse_scenario_id(&token).ok());
    (own == agent).then_some((token.into_bytes(), Some(TokenBinding { base_url, agent })))
}

/// A change of the file of a stored token, and what was there before.
pub(super) struct StoredToken {
    path: PathBuf,
    before: Option<Vec<u8>>,
}

impl StoredToken {
    /// Puts back what was there before.
    ///
    /// # Errors
    /// The system's error.
    pub(super) fn undo(self) -> io::Result<()> {
        match self.before {
            Some(before) => private::replace(&self.path, &before),
            None => remove(&self.path),
        }
    }
}

/// It shows neither token.
impl fmt::Debug for StoredToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredToken").field("path", &self.path).finish_non_exhaustive()
    }
}

/// Stores the token of the profile `name`, which was checked at `base_url`: a file of mode 0600 in a directory of mode
/// 0700, whole or not at all. What an interrupted `login` left there is removed. The caller holds the lock of `login`.
///
/// # Errors
/// The system's error; then nothing is changed.
pub(super) fn store_token(
    environment: &Environment,
    name: &str,
    base_url: &BaseUrl,
    token: &Token,
) -> Result<StoredToken, ReadError> {
    let directory = environment.token_directory();
    private::close_directory(&directory)?;
    private::remove_leftovers(&directory);
    let (path, before) = read_before(environment, name)?;
    let line = TokenLine {
        base_url: base_url.to_string(),
        agent: parse_scenario_id(token).ok(),
        token: token.expose().to_owned(),
    };
    let line = serde_json::to_string(&line).map_err(io::Error::from)?;
    private::replace(&path, format!("{line}\n").as_bytes())?;
    Ok(StoredToken { path, before })
}

/// Deletes the stored token of the profile `name`, if there is one.
///
/// # Errors
/// The system's error; then nothing is changed.
pub(super) fn delete_token(environment: &Environment, name: &str) -> Result<StoredToken, ReadError> {
    let (path, before) = read_before(environment, name)?;
    remove(&path)?;
    Ok(StoredToken { path, before })
}

/// Gives the stored token of the profile `old`, if there is one, to the profile `new`. A token that is left there of a
/// profile of that name that is gone is lost.
///
/// # Errors
/// The system's error; then nothing is changed.
pub(super) fn move_token(environment: &Environment, old: &str, new: &str) -> io::Result<()> {
    let directory = environment.token_directory();
    match fs::rename(directory.join(old), directory.join(new)) {
        Err(error) if private::is_missing(&error) => remove(&directory.join(new)),
        moved => moved,
    }
}

/// The file of a stored token, and what stands in it.
fn read_before(environment: &Environment, name: &str) -> Result<(PathBuf, Option<Vec<u8>>), ReadError> {
    let path = environment.token_directory().join(name);
    let before = match Opened::regular(&path).and_then(|opened| opened.read(MAX_STORED_BYTES)) {
        Err(ReadError::Io(missing)) if private::is_missing(&missing) => None,
        read => Some(read?),
    };
    Ok((path, before))
}

fn remove(path: &std::path::Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if !private::is_missing(&error) => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// {"`scenario_id`":"mine"}
    const MINE: &str = "e30.eyJzY2VuYXJpb19pZCI6Im1pbmUifQ.c2ln";

    struct Home(PathBuf, Environment);

    impl Home {
        fn new(name: &str) -> Self {
            let home = std::env::temp_dir().join(format!("convrating-{name}-{}", std::process::id()));
            let environment = Environment::new([("HOME".into(), home.clone().into())], None);
            Self(home, environment)
        }

        fn path(&self, name: &str) -> PathBuf {
            self.1.token_directory().join(name)
        }

        fn store(&self, token: &str) -> StoredToken {
            let base_url = BaseUrl::parse("https://a.example/x/").unwrap();
            store_token(&self.1, "a", &base_url, &Token::new(token).unwrap()).unwrap()
        }
    }

    impl Drop for Home {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn what_was_changed_can_be_taken_back() {
        let home = Home::new("stored");
        home.store("first").undo().unwrap();
        assert!(!home.path("a").exists());
        home.store("first");
        let first = fs::read_to_string(home.path("a")).unwrap();
        home.store("second").undo().unwrap();
        assert_eq!(fs::read_to_string(home.path("a")).unwrap(), first);
        let deleted = delete_token(&home.1, "a").unwrap();
        assert!(!home.path("a").exists());
        deleted.undo().unwrap();
        move_token(&home.1, "a", "b").unwrap();
        assert_eq!(fs::read_to_string(home.path("b")).unwrap(), first);
        assert!(!home.path("a").exists());
    }

    #[test]
    fn the_file_says_what_the_token_was_checked_for() {
        let home = Home::new("bound");
        for (token, agent) in [(MINE, Some("mine".to_owned())), ("opaque", None)] {
            home.store(token);
            let line = fs::read_to_string(home.path("a")).unwrap();
            let base_url = BaseUrl::parse("https://a.example/x").unwrap();
            let (bytes, binding) = parse_stored(line.as_bytes()).unwrap();
            assert_eq!(
                (bytes.as_slice(), binding.unwrap()),
                (token.as_bytes(), TokenBinding { base_url, agent })
            );
        }
    }

    #[test]
    fn a_bare_token_is_read_and_a_broken_line_is_not() {
        assert_eq!(parse_stored(b"t\n"), Some((b"t\n".to_vec(), None)));
        let broken = [
            "{",
            "{}",
            r#"{"token":"t"}"#,
            r#"{"base_url":"https://a.example","agent":null,"token":"t","more":1}"#,
            r#"{"base_url":"http://a.example","agent":null,"token":"t"}"#,
            r#"{"base_url":"https://a.example","agent":"mine","token":"t"}"#,
        ];
        for line in broken {
            assert_eq!(parse_stored(line.as_bytes()), None, "{line}");
        }
    }

    #[test]
    fn what_an_interrupted_login_left_is_removed() {
        let home = Home::new("leftover");
        home.store("first");
        let leftover = home.path(".convrating-0123456789abcdef.tmp");
        fs::write(&leftover, "a token").unwrap();
        home.store("second");
        assert!(!leftover.exists() && home.path("a").exists());
    }

    #[test]
    fn a_token_that_is_not_there_is_no_error_and_one_that_cannot_be_changed_is() {
        let home = Home::new("absent");
        home.store("first");
        delete_token(&home.1, "gone").unwrap();
        move_token(&home.1, "gone", "a").unwrap();
        assert!(!home.path("a").exists(), "a token that was left of another profile is lost");
        home.store("first");
        fs::create_dir(home.path("directory")).unwrap();
        assert!(move_token(&home.1, "a", "directory").is_err());
        assert!(remove(&home.path("directory")).is_err());
        let too_long = "x".repeat(300);
        assert!(delete_token(&home.1, &too_long).is_err());
        assert!(move_token(&home.1, &too_long, "a").is_err());
        assert!(home.path("a").exists(), "nothing is changed");
        std::os::unix::fs::symlink(home.path("loop"), home.path("loop")).unwrap();
        assert!(delete_token(&home.1, "loop").is_err(), "what cannot be read could not be put back");
    }

    #[test]
    fn debug_shows_the_path_and_no_token() {
        let home = Home::new("debug");
        home.store("first");
        let shown = format!("{:?}", home.store("second"));
        assert!(shown.starts_with("StoredToken { path: ") && shown.contains("tokens/a"), "{shown}");
    }
}
