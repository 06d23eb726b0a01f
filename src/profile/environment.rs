//! The environment as it was when the program started: variables, and where files belong.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::{Path, PathBuf};

/// Variables as they were at the program's edge. Its `Debug` shows names and no values, since one of them may be a
/// token.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Environment {
    variables: BTreeMap<OsString, OsString>,
    home: Option<PathBuf>,
}

impl Environment {
    /// These variables; `home` is the fallback where HOME is not among them.
    pub fn new(variables: impl IntoIterator<Item = (OsString, OsString)>, home: Option<PathBuf>) -> Self {
        Self { variables: variables.into_iter().collect(), home }
    }

    /// This process's.
    pub fn of_process() -> Self {
        Self::new(std::env::vars_os(), std::env::home_dir())
    }

    /// A variable as it is; also one that is set to nothing.
    pub fn raw(&self, name: &str) -> Option<&OsStr> {
        self.variables.get(OsStr::new(name)).map(OsString::as_os_str)
    }

    /// A variable's text, with U+FFFD where it is not UTF-8; `None` where it is unset or empty.
    pub fn text(&self, name: &str) -> Option<String> {
        let value = self.raw(name).filter(|value| !value.is_empty())?;
        Some(value.to_string_lossy().into_owned())
    }

    /// The configuration file: `CONVRATING_CONFIG`, or `convrating/config.toml` in the XDG configuration directory.
    pub fn config_file(&self) -> PathBuf {
        let chosen = self.raw("CONVRATING_CONFIG").filter(|path| !path.is_empty());
        chosen.map_or_else(
            || self.xdg("XDG_CONFIG_HOME", ".config").join("convrating/config.toml"),
            PathBuf::from,
        )
    }

    /// The directory of the tokens that `login` stored.
    pub fn token_directory(&self) -> PathBuf {
        self.state_directory().join("tokens")
    }

    /// What is held while `login` changes files.
    pub fn login_lock(&self) -> PathBuf {
        self.state_directory().join("login.lock")
    }

    /// The history of saves.
    pub fn history_file(&self) -> PathBuf {
        self.state_directory().join("history.jsonl")
    }

    /// The name of the account, as the login set it.
    pub fn user(&self) -> Option<String> {
        ["USER", "LOGNAME"].iter().find_map(|name| self.text(name))
    }

    /// The address that an SSH session came from.
    pub fn ssh_client(&self) -> Option<String> {
        let connection = ["SSH_CONNECTION", "SSH_CLIENT"].iter().find_map(|name| self.text(name))?;
        connection.split_whitespace().next().map(str::to_owned)
    }

    /// Whether the locale's characters are UTF-8. The first variable that is set counts, as the C library has it; where
    /// none is, nothing was said, and terminals are UTF-8 by now.
    pub fn has_utf8(&self) -> bool {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| self.text(name));
        locale.is_none_or(|locale| {
            let locale = locale.to_ascii_lowercase();
            locale.contains("utf-8") || locale.contains("utf8")
        })
    }

    /// `path` with a leading `~/` as the home directory, and a relative one as seen from `directory`.
    pub fn resolve(&self, path: &str, directory: &Path) -> PathBuf {
        match path.strip_prefix("~/") {
            Some(rest) => self.home().join(rest),
            None => directory.join(path),
        }
    }

    fn state_directory(&self) -> PathBuf {
        self.xdg("XDG_STATE_HOME", ".local/state").join("convrating")
    }

    /// A base directory; as the XDG specification asks, a relative one counts as unset.
    fn xdg(&self, name: &str, fallback: &str) -> PathBuf {
        let chosen = self.raw(name).map(PathBuf::from).filter(|path| path.is_absolute());
        chosen.unwrap_or_else(|| self.home().join(fallback))
    }

    fn home(&self) -> PathBuf {
        let chosen = self.raw("HOME").filter(|home| !home.is_empty()).map(PathBuf::from);
        chosen.or_else(|| self.home.clone()).unwrap_or_else(|| PathBuf::from("/"))
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.variables.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(variables: &[(&str, &str)]) -> Environment {
        let owned = variables.iter().map(|(name, value)| (OsString::from(name), OsString::from(value)));
        Environment::new(owned, Some(PathBuf::from("/home/passwd")))
    }

    #[test]
    fn files_are_where_xdg_says() {
        let cases: [(&[(&str, &str)], &str); 6] = [
            (&[("HOME", "/h")], "/h/.config/convrating/config.toml"),
            (&[("HOME", "/h"), ("XDG_CONFIG_HOME", "/x")], "/x/convrating/config.toml"),
            (&[("HOME", "/h"), ("XDG_CONFIG_HOME", "x")], "/h/.config/convrating/config.toml"),
            (&[("HOME", "/h"), ("XDG_CONFIG_HOME", "")], "/h/.config/convrating/config.toml"),
            (&[("HOME", "/h"), ("CONVRATING_CONFIG", "/c/o.toml")], "/c/o.toml"),
            (&[], "/home/passwd/.config/convrating/config.toml"),
        ];
        for (variables, expected) in cases {
            assert_eq!(environment(variables).config_file(), Path::new(expected), "{variables:?}");
        }
        let state = environment(&[("XDG_STATE_HOME", "/s")]);
        assert_eq!(state.history_file(), Path::new("/s/convrating/history.jsonl"));
        assert_eq!(state.token_directory(), Path::new("/s/convrating/tokens"));
    }

    #[test]
    fn debug_shows_no_value() {
        let shown = format!("{:?}", environment(&[("QUICKCHAT_API_TOKEN", "s3cret")]));
        assert_eq!(shown, r#"{"QUICKCHAT_API_TOKEN"}"#);
    }
}
