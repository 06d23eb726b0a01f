//! Gets the token of a profile from its source.

use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use super::config::ProfileEntry;
use super::environment::Environment;
use super::fault::{SourceError, SourceFault};
use super::join::run_blocking;
use super::options::HelperPlace;
use super::source::{MAX_TOKEN_BYTES, ReadableSource};
use super::store::{MAX_STORED_BYTES, TokenBinding, parse_stored};
use super::token_command::{Helper, read_first_line};
use crate::api::credentials::Token;
use crate::private::{Opened, ReadError, is_missing};
use crate::visible::{excerpt, visible};

/// A token as its source gave it.
#[derive(Debug)]
pub(super) struct ReadToken {
    pub token: Token,
    /// What `login` checked it for; `None` for every other source.
    pub binding: Option<TokenBinding>,
}

/// The token of `entry`. It takes as long as a `token_command` runs, which is ten seconds at most in the background. The caller
/// ends the program by dropping this future.
///
/// # Errors
/// Why there is no usable token.
pub(super) async fn read_token(
    entry: &ProfileEntry,
    environment: &Environment,
    place: HelperPlace,
) -> Result<ReadToken, SourceError> {
    let read = read_bytes(entry, environment, place).await;
    let read = read.and_then(|(bytes, binding)| match Token::from_bytes(&bytes) {
        Ok(token) => Ok(ReadToken { token, binding }),
        Err(error) => Err(SourceFault::NoToken(name_place(entry, environment), error)),
    });
    read.map_err(|fault| SourceError {
        profile: entry.name.clone(),
        from: Box::new(entry.source.clone()),
        may_ask_alone: place == HelperPlace::Background && matches!(entry.source, ReadableSource::Command(_)),
        fault,
    })
}

/// The place that the user has to look at: the file's path, the variable's name, the program.
fn name_place(entry: &ProfileEntry, environment: &Environment) -> String {
    let show = |path: PathBuf| format!("the file {}", visible(&path.to_string_lossy()));
    match &entry.source {
        ReadableSource::File(path) => show(environment.resolve(path, &config_directory(environment))),
        ReadableSource::Stored => show(environment.token_directory().join(&entry.name)),
        source @ (ReadableSource::Command(_) | ReadableSource::Variable(_)) => source.to_string(),
    }
}

/// What relative paths in the configuration file start from.
fn config_directory(environment: &Environment) -> PathBuf {
    environment.config_file().parent().unwrap_or_else(|| Path::new("")).to_owned()
}

/// The bytes in which the token stands, and what `login` checked it for.
async fn read_bytes(
    entry: &ProfileEntry,
    environment: &Environment,
    place: HelperPlace,
) -> Result<(Vec<u8>, Option<TokenBinding>), SourceFault> {
    let directory = &config_directory(environment);
    let bytes = match &entry.source {
        ReadableSource::Command(words) => {
            read_first_line(Helper { words, directory, profile: &entry.name }, place).await
        }
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
    Ok((bytes?, None))
}

fn read_variable(environment: &Environment, name: &str) -> Result<Vec<u8>, SourceFault> {
    let value = environment.raw(name).ok_or_else(|| SourceFault::Unset(excerpt(name, 60)))?;
    Ok(value.as_bytes().to_owned())
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
fn read_only_line(path: &Path, limit: u64) -> Result<Vec<u8>, SourceFault> {
    let unreadable = |fault| SourceFault::Unreadable { path: path.to_owned(), fault };
    let opened = Opened::regular(path).map_err(unreadable)?;
    if opened.is_open_to_others() {
        return Err(SourceFault::OpenToOthers { path: path.to_owned(), mode: opened.mode });
    }
    let bytes = opened.read(limit).map_err(unreadable)?;
    // A line of UTF-16 has a NUL behind its line feed, and would be two lines here.
    if !bytes.contains(&0) && bytes.trim_ascii().contains(&b'\n') {
        return Err(SourceFault::SeveralLines(path.to_owned()));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::super::config::Config;
    use super::*;

    /// A home directory, which is removed at the end.
    struct Home(PathBuf);

    impl Home {
        fn new(name: &str) -> Self {
            let home = std::env::temp_dir().join(format!("convrating-token-{name}-{}", std::process::id()));
            for directory in [".config/convrating", ".local/state/convrating/tokens"] {
                fs::create_dir_all(home.join(directory)).unwrap();
            }
            Self(home)
        }

        fn write(&self, bytes: &[u8], mode: u32) {
            let file = self.0.join(".config/convrating/t");
            fs::write(&file, bytes).unwrap();
            fs::set_permissions(file, Permissions::from_mode(mode)).unwrap();
        }

        /// The token of the only profile of `config`, or why there is none. `~` stands for the home.
        async fn read(&self, config: &str) -> Result<String, String> {
            let environment = Environment::new([("HOME".into(), self.0.clone().into())], None);
            let entry = Config::parse(config).unwrap().profiles.remove(0);
            let read = read_token(&entry, &environment, HelperPlace::Background).await;
            let shown = |error: SourceError| error.to_string().replace(self.0.to_str().unwrap(), "~");
            read.map(|read| read.token.expose().to_owned()).map_err(shown)
        }
    }

    impl Drop for Home {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[tokio::test]
    async fn a_token_file_beside_the_configuration_file_holds_one_line_for_its_owner() {
        const CONFIG: &str = "[profiles.a]\ntoken_file = 't'\n";
        let home = Home::new("file");
        home.write(b"secret\n", 0o600);
        assert_eq!(home.read(CONFIG).await.as_deref(), Ok("secret"));
        let cases: [(&[u8], u32, &str); 4] = [
            (b"one\ntwo\n", 0o600, "the file ~/.config/convrating/t has more than one line"),
            (b"", 0o600, "the file ~/.config/convrating/t gives no token: "),
            (b"o\0n\0\n\0e\0", 0o600, "the file ~/.config/convrating/t gives no token: "),
            (b"secret\n", 0o640, "others can read the file ~/.config/convrating/t (mode 0640)"),
        ];
        for (bytes, mode, expected) in cases {
            home.write(bytes, mode);
            let error = home.read(CONFIG).await.unwrap_err();
            assert!(error.starts_with(&format!("no token for a: {expected}")), "{error}");
        }
    }

    #[tokio::test]
    async fn a_token_that_login_has_not_stored_is_told_from_one_that_cannot_be_read() {
        let home = Home::new("stored");
        let token = home.0.join(".local/state/convrating/tokens/a");
        let missing = home.read("[profiles.a]\n").await.unwrap_err();
        assert_eq!(missing, "no token for a: none is stored; run: convrating login a");
        symlink(&token, &token).unwrap();
        let unreadable = home.read("[profiles.a]\n").await.unwrap_err();
        assert!(
            unreadable
                .starts_with("no token for a: the file ~/.local/state/convrating/tokens/a cannot be used: "),
            "{unreadable}"
        );
    }

    #[tokio::test]
    async fn only_a_helper_that_ran_in_the_background_may_have_asked() {
        let home = Home::new("helper");
        let failed = home.read("[profiles.a]\ntoken_command = ['/gone/pass']\n").await.unwrap_err();
        assert!(
            failed.starts_with("its token_command may ask: open the profile alone; no token"),
            "{failed}"
        );
        let unset = home.read("[profiles.a]\ntoken_env = 'T'\n").await.unwrap_err();
        assert_eq!(unset, "no token for a: the variable T is not set");
    }
}
