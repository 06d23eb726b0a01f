//! The environment as it was when the program started: the variables, and where files belong.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::{Path, PathBuf};

use crate::api::credentials::BaseUrl;
use crate::visible::{Charset, has_token_shape};

/// The variable that holds a token.
pub(crate) const TOKEN_VARIABLE: &str = "QUICKCHAT_API_TOKEN";
/// The variable that holds a base URL.
pub(crate) const URL_VARIABLE: &str = "QUICKCHAT_BASE_URL";
/// The variable that names a profile.
pub(crate) const PROFILE_VARIABLE: &str = "CONVRATING_PROFILE";
/// The variable that holds the path of the configuration file.
pub(crate) const CONFIG_VARIABLE: &str = "CONVRATING_CONFIG";
/// The variable that names the shell that asks for completions.
pub(crate) const COMPLETION_VARIABLE: &str = "COMPLETE";

/// The variables that hold a path, a name or an address, and no token.
const OTHER_VARIABLES: [&str; 12] = [
    PROFILE_VARIABLE,
    URL_VARIABLE,
    CONFIG_VARIABLE,
    "HTTPS_PROXY",
    "https_proxy",
    "NO_PROXY",
    "no_proxy",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "XDG_CONFIG_HOME",
    "XDG_STATE_HOME",
    "HOME",
];

/// The variables as they were when the program started. One that was set to nothing counts as unset. `Debug` shows their
/// names and no values, since a value may be a token.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Environment {
    variables: BTreeMap<OsString, OsString>,
    home: Option<PathBuf>,
}

impl Environment {
    /// An environment of these variables. `home` counts where HOME is not among them.
    pub fn new(variables: impl IntoIterator<Item = (OsString, OsString)>, home: Option<PathBuf>) -> Self {
        let variables = variables.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        Self { variables, home }
    }

    /// The environment of this process.
    pub fn from_process() -> Self {
        Self::new(std::env::vars_os(), std::env::home_dir())
    }

    /// A variable as it is; `None` where it is unset or empty.
    pub fn raw(&self, name: &str) -> Option<&OsStr> {
        self.variables.get(OsStr::new(name)).map(OsString::as_os_str)
    }

    /// A variable's text, with U+FFFD where it is not UTF-8; `None` where it is unset or empty.
    pub fn text(&self, name: &str) -> Option<String> {
        self.raw(name).map(|value| value.to_string_lossy().into_owned())
    }

    /// The variable that holds text of a token's shape and is for something else.
    pub(crate) fn find_misplaced_token(&self) -> Option<&'static str> {
        let is_token = |name: &&str| self.text(name).is_some_and(|text| has_token_shape(&text));
        OTHER_VARIABLES.into_iter().find(is_token)
    }

    /// The configuration file: `CONVRATING_CONFIG`, where a leading `~/` is the home, or `convrating/config.toml` in the XDG
    /// configuration directory.
    pub(crate) fn config_file(&self) -> PathBuf {
        match self.raw(CONFIG_VARIABLE).map(Path::new) {
            Some(chosen) => {
                chosen.strip_prefix("~").map_or_else(|_| chosen.into(), |rest| self.home().join(rest))
            }
            None => self.xdg("XDG_CONFIG_HOME", ".config").join("convrating/config.toml"),
        }
    }

    /// True if the user named the configuration file: it has to be there then.
    pub(crate) fn has_named_config(&self) -> bool {
        self.raw(CONFIG_VARIABLE).is_some()
    }

    /// The directory of the tokens that `login` stored.
    pub(crate) fn token_directory(&self) -> PathBuf {
        self.state_directory().join("tokens")
    }

    /// The file that `login` locks while it changes others.
    pub(crate) fn login_lock(&self) -> PathBuf {
        self.state_directory().join("login.lock")
    }

    /// The file that saves to this agent lock: named after the server's host, its port and the agent.
    pub(crate) fn save_lock(&self, base_url: &BaseUrl, agent: Option<&str>) -> PathBuf {
        let (host, port) = base_url.host_and_port();
        let name = format!("{host}-{port}-{}", agent.unwrap_or("-"));
        self.state_directory().join("locks").join(encode_for_name(&name))
    }

    /// The history of saves.
    pub(crate) fn history_file(&self) -> PathBuf {
        self.state_directory().join("history.jsonl")
    }

    /// The name of the user's account.
    pub fn user(&self) -> Option<String> {
        ["USER", "LOGNAME"].iter().find_map(|name| self.text(name))
    }

    /// The address that an SSH session came from.
    pub fn ssh_client(&self) -> Option<String> {
        let connection = ["SSH_CONNECTION", "SSH_CLIENT"].iter().find_map(|name| self.text(name))?;
        connection.split_whitespace().next().map(str::to_owned)
    }

    /// The characters of the locale. The first of its variables that is set counts, as in
    /// [setlocale(3)](https://man7.org/linux/man-pages/man3/setlocale.3.html). Where none is set they are Unicode: today's
    /// terminals are UTF-8.
    pub(crate) fn charset(&self) -> Charset {
        self.locale_charset().unwrap_or(Charset::Unicode)
    }

    /// The same; `None` where no variable of the locale is set.
    pub(crate) fn locale_charset(&self) -> Option<Charset> {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| self.text(name))?;
        let locale = locale.to_ascii_lowercase();
        let has_utf8 = locale.contains("utf-8") || locale.contains("utf8");
        Some(match locale.split(['_', '.', '@']).next() {
            _ if !has_utf8 => Charset::Ascii,
            Some("ja" | "ko" | "zh") => Charset::PlainOrnaments,
            _ => Charset::Unicode,
        })
    }

    /// True where the editor goes line by line: the user asks for it with `ACCESSIBLE`, or the terminal cannot move its cursor.
    pub(crate) fn wants_lines(&self) -> bool {
        let is_asked = self.raw("ACCESSIBLE").is_some_and(|value| value != "0");
        is_asked || self.raw("TERM").is_some_and(|term| term == "dumb")
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

    /// A base directory. A relative one counts as unset, as the
    /// [XDG specification](https://specifications.freedesktop.org/basedir-spec/latest/) asks.
    fn xdg(&self, name: &str, fallback: &str) -> PathBuf {
        let chosen = self.raw(name).map(PathBuf::from).filter(|path| path.is_absolute());
        chosen.unwrap_or_else(|| self.home().join(fallback))
    }

    fn home(&self) -> PathBuf {
        let chosen = self.raw("HOME").map(PathBuf::from);
        chosen.or_else(|| self.home.clone()).unwrap_or_else(|| PathBuf::from("/"))
    }
}

/// `text` as the name of a file: every byte but those of letters, digits, `.` and `-` as `%XX`.
fn encode_for_name(text: &str) -> String {
    let encode = |byte: u8| match byte {
        b'.' | b'-' => char::from(byte).to_string(),
        _ if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(encode).collect()
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
        let cases: [(&[(&str, &str)], &str); 9] = [
            (&[("HOME", "/h")], "/h/.config/convrating/config.toml"),
            (&[("HOME", "/h"), ("XDG_CONFIG_HOME", "/x")], "/x/convrating/config.toml"),
            (&[("HOME", "/h"), ("XDG_CONFIG_HOME", "x")], "/h/.config/convrating/config.toml"),
            (&[("HOME", "/h"), ("XDG_CONFIG_HOME", "")], "/h/.config/convrating/config.toml"),
            (&[("HOME", "/h"), ("CONVRATING_CONFIG", "/c/o.toml")], "/c/o.toml"),
            (&[("HOME", "/h"), ("CONVRATING_CONFIG", "~/o.toml")], "/h/o.toml"),
            (&[("HOME", "/h"), ("CONVRATING_CONFIG", "~o.toml")], "~o.toml"),
            (&[("HOME", "/h"), ("CONVRATING_CONFIG", "")], "/h/.config/convrating/config.toml"),
            (&[], "/home/passwd/.config/convrating/config.toml"),
        ];
        for (variables, expected) in cases {
            assert_eq!(environment(variables).config_file(), Path::new(expected), "{variables:?}");
        }
        let state = environment(&[("XDG_STATE_HOME", "/s")]);
        assert_eq!(state.history_file(), Path::new("/s/convrating/history.jsonl"));
        assert_eq!(state.token_directory(), Path::new("/s/convrating/tokens"));
        assert_eq!(state.login_lock(), Path::new("/s/convrating/login.lock"));
    }

    #[test]
    fn the_lock_of_saves_is_named_after_host_port_and_agent() {
        let cases = [
            ("https://app.quickchat.ai", Some("demoagent1"), "app.quickchat.ai-443-demoagent1"),
            ("https://app.quickchat.ai/", None, "app.quickchat.ai-443--"),
            ("https://Proxy.example:8443/quickchat", Some("a/../b"), "proxy.example-8443-a%2F..%2Fb"),
            ("http://127.0.0.1", Some("A_b c%"), "127.0.0.1-80-A%5Fb%20c%25"),
            ("http://[::1]:9", Some("é"), "%5B%3A%3A1%5D-9-%C3%A9"),
        ];
        let state = environment(&[("XDG_STATE_HOME", "/s")]);
        for (url, agent, name) in cases {
            let path = state.save_lock(&BaseUrl::parse(url).unwrap(), agent);
            assert_eq!(path, Path::new("/s/convrating/locks").join(name));
        }
    }

    #[test]
    fn a_variable_that_is_set_to_nothing_counts_as_unset() {
        for name in [TOKEN_VARIABLE, URL_VARIABLE, PROFILE_VARIABLE, CONFIG_VARIABLE, "NO_COLOR", "T"] {
            let environment = environment(&[(name, "")]);
            assert_eq!((environment.raw(name), environment.text(name)), (None, None), "{name}");
            assert!(!environment.has_named_config());
        }
        assert!(environment(&[(CONFIG_VARIABLE, "/c")]).has_named_config());
    }

    #[test]
    fn debug_shows_no_value() {
        let shown = format!("{:?}", environment(&[("QUICKCHAT_API_TOKEN", "s3cret")]));
        assert_eq!(shown, r#"{"QUICKCHAT_API_TOKEN"}"#);
    }

    #[test]
    fn a_token_in_a_variable_for_something_else_is_found() {
        const JWT: &str = "eyJhIjoxfQ.e30.c2ln";
        for name in OTHER_VARIABLES {
            assert_eq!(environment(&[(name, JWT)]).find_misplaced_token(), Some(name));
            assert_eq!(environment(&[(name, "https://a.example")]).find_misplaced_token(), None);
        }
        assert_eq!(environment(&[(TOKEN_VARIABLE, JWT)]).find_misplaced_token(), None);
    }

    #[test]
    fn the_first_variable_of_the_locale_that_is_set_says_which_characters_are_drawn() {
        let cases: [(&[(&str, &str)], Charset); 12] = [
            (&[], Charset::Unicode),
            (&[("LANG", "en_US.UTF-8")], Charset::Unicode),
            (&[("LANG", "de_DE.utf8")], Charset::Unicode),
            (&[("LANG", "C")], Charset::Ascii),
            (&[("LANG", "de_DE.ISO-8859-1")], Charset::Ascii),
            (&[("LC_ALL", "C"), ("LANG", "en_US.UTF-8")], Charset::Ascii),
            (&[("LC_CTYPE", "C.UTF-8"), ("LANG", "C")], Charset::Unicode),
            (&[("LC_ALL", ""), ("LC_CTYPE", "C"), ("LANG", "en_US.UTF-8")], Charset::Ascii),
            (&[("LANG", "ja_JP.UTF-8")], Charset::PlainOrnaments),
            (&[("LC_ALL", "zh_TW.utf8"), ("LANG", "C")], Charset::PlainOrnaments),
            (&[("LC_CTYPE", "ko_KR.UTF-8@x")], Charset::PlainOrnaments),
            (&[("LANG", "ja_JP.eucJP")], Charset::Ascii),
        ];
        for (variables, expected) in cases {
            assert_eq!(environment(variables).charset(), expected, "{variables:?}");
        }
    }

    #[test]
    fn the_author_is_the_account_and_the_address_that_the_ssh_session_came_from() {
        let user = |variables: &[_]| environment(variables).user();
        assert_eq!(user(&[("USER", "ann"), ("LOGNAME", "bob")]).as_deref(), Some("ann"));
        assert_eq!(user(&[("LOGNAME", "bob")]).as_deref(), Some("bob"));
        assert_eq!(user(&[]), None);
        let client = |variables: &[_]| environment(variables).ssh_client();
        let connection = ("SSH_CONNECTION", "192.0.2.7 50022 192.0.2.1 22");
        assert_eq!(client(&[connection]).as_deref(), Some("192.0.2.7"));
        assert_eq!(client(&[("SSH_CLIENT", "2001:db8::7 50022 22")]).as_deref(), Some("2001:db8::7"));
        assert_eq!(client(&[]), None);
    }

    #[test]
    fn a_path_starts_from_the_home_or_from_the_directory() {
        let cases = [("~/t", "/h/t"), ("t", "/c/t"), ("/t", "/t"), ("~t", "/c/~t"), ("../t", "/c/../t")];
        for (path, expected) in cases {
            let resolved = environment(&[("HOME", "/h")]).resolve(path, Path::new("/c"));
            assert_eq!(resolved, Path::new(expected), "{path}");
        }
    }

    #[test]
    fn the_environment_of_this_process_has_its_variables() {
        assert_eq!(Environment::from_process().raw("PATH"), std::env::var_os("PATH").as_deref());
    }
}
