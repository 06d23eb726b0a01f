//! Where a token comes from.

use std::fmt;
use std::path::Path;

use crate::api::credentials::BaseUrl;
use crate::visible::excerpt;

/// The longest token, in bytes. No more than this is read of a file or of a program's output.
pub(crate) const MAX_TOKEN_BYTES: usize = 64 * 1024;
/// How many characters of a variable's or a program's name are shown.
const MAX_SHOWN_CHARS: usize = 60;

/// A place that a token can be read from, as often as it is needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadableSource {
    /// `token_command`: a program and its arguments; never empty.
    Command(Vec<String>),
    /// `token_file`: a path, as the configuration file has it.
    File(String),
    /// The name of a variable: the one in `token_env`, or `QUICKCHAT_API_TOKEN`.
    Variable(String),
    /// The file that `login` stored for the profile.
    Stored,
}

/// Where the token of a profile came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenSource {
    /// A place that it can be read from again.
    Readable(ReadableSource),
    /// The user typed it in the editor.
    Prompt,
    /// The user typed it for `login`, or a program piped it in.
    Input,
    /// The demo made it.
    Demo,
}

impl TokenSource {
    /// The host of `base_url` as the user reads it. The demo's port would say nothing: each run has another one.
    pub(crate) fn name_host(&self, base_url: &BaseUrl) -> String {
        if *self == Self::Demo { "demo server".to_owned() } else { base_url.host() }
    }
}

/// The source in the words of the header: `command pass`, `file`, `login`, or the name of the variable.
impl fmt::Display for ReadableSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Command(words) => write!(f, "command {}", program_name(words)),
            Self::File(_) => f.write_str("file"),
            Self::Variable(name) => f.write_str(&excerpt(name, MAX_SHOWN_CHARS)),
            Self::Stored => f.write_str("login"),
        }
    }
}

/// The source in the words of the header.
impl fmt::Display for TokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Readable(source) => source.fmt(f),
            Self::Prompt => f.write_str("the prompt"),
            Self::Input => f.write_str("what was typed or piped in"),
            Self::Demo => f.write_str("the demo"),
        }
    }
}

/// The name of the program that `words` runs, without its directory, made visible.
pub(super) fn program_name(words: &[String]) -> String {
    let program = words.first().map(Path::new).and_then(Path::file_name);
    excerpt(&program.unwrap_or_default().to_string_lossy(), MAX_SHOWN_CHARS)
}
