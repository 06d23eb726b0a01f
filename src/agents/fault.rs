//! Why a source gives no token.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::source::{MAX_TOKEN_BYTES, ReadableSource};
use crate::api::credentials::TokenError;
use crate::private::{ReadError, spoken};
use crate::visible::{excerpt, visible};

/// There is no usable token where a profile says that there is one. No text of it has the token in it.
#[derive(Debug, thiserror::Error)]
#[error("{}no token for {profile}: {fault}", if *.may_ask_alone { format!("{MAY_ASK}; ") } else { String::new() })]
pub struct SourceError {
    /// The profile's name.
    pub profile: String,
    /// Where the token was to come from.
    pub from: Box<ReadableSource>,
    /// The source is a `token_command` that ran in the background. Alone it could have asked the user for something.
    pub may_ask_alone: bool,
    /// Why there is none.
    pub fault: SourceFault,
}

/// It stands first, since what a program says that cannot ask is often misleading: gpg says "No secret key".
pub(crate) const MAY_ASK: &str = "its token_command may ask: open the profile alone";

impl SourceError {
    /// A command that mends it, or what the user has to do. `convrating login` puts another source in place of this one, so
    /// it is named only where it is the source.
    pub fn mend(&self) -> String {
        let name = &self.profile;
        match (&self.fault, &*self.from) {
            (SourceFault::OpenToOthers { path, .. }, _) => format!("chmod 600 {}", quote_for_shell(path)),
            (_, ReadableSource::Stored) => format!("convrating login {name}"),
            (_, ReadableSource::File(path)) => format!("put the token into {}, alone", excerpt(path, 200)),
            (_, ReadableSource::Variable(variable)) => format!("set {}", excerpt(variable, 60)),
            (_, source @ ReadableSource::Command(_)) => {
                format!("see why the {source} gives no token: token_command of {name} in config.toml")
            }
        }
    }
}

/// Why a source gives no token.
#[derive(Debug, thiserror::Error)]
pub enum SourceFault {
    /// The program cannot be started.
    #[error("the program {program} of token_command cannot be started: {}", spoken(.source))]
    NotStarted {
        /// The program's name.
        program: String,
        /// The system's error.
        source: io::Error,
    },
    /// The system does not say how the program ended.
    #[error("the end of token_command {program} cannot be waited for: {}", spoken(.source))]
    NotFollowed {
        /// The program's name.
        program: String,
        /// The system's error.
        source: io::Error,
    },
    /// The program ended with a failure.
    #[error("token_command {program} failed ({status}){}", quote(.stderr))]
    CommandFailed {
        /// The program's name.
        program: String,
        /// `exit status: 1`, `signal: 9` …
        status: String,
        /// What it wrote to stderr, made visible.
        stderr: String,
    },
    /// The user ended the program with Ctrl-C while it owned the terminal.
    #[error("token_command {0} was ended by Ctrl-C")]
    Interrupted(String),
    /// The program's first line is longer than a token.
    #[error("token_command {0} printed more than {MAX_TOKEN_BYTES} bytes where the token should be")]
    TooLong(String),
    /// The program took longer than it may.
    #[error("token_command {program} gave no token within {} s{}", .limit.as_secs(), quote(.stderr))]
    CommandTooSlow {
        /// The program's name.
        program: String,
        /// How long it had.
        limit: Duration,
        /// What it had written to stderr by then, made visible.
        stderr: String,
    },
    /// The file is not there, or cannot be read.
    #[error("the file {} cannot be used: {fault}", show_path(.path))]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why not.
        fault: ReadError,
    },
    /// The group or others can read the file.
    #[error("others can read the file {0} (mode {mode:04o}); close it: chmod 600 {1}", show_path(.path), quote_for_shell(.path))]
    OpenToOthers {
        /// The file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// The file has more than one line.
    #[error("the file {} has more than one line; it must hold the token alone", show_path(.0))]
    SeveralLines(PathBuf),
    /// The variable is not set.
    #[error("the variable {0} is not set")]
    Unset(String),
    /// `login` has not stored a token for this profile.
    #[error("none is stored; run: convrating login {0}")]
    NotStored(String),
    /// The file of the stored token is not as `login` writes it.
    #[error("the stored token cannot be understood; run: convrating login {0}")]
    BrokenStore(String),
    /// The source gives a text that is no token.
    #[error("{0} gives no token: {1}")]
    NoToken(String, TokenError),
}

fn quote(stderr: &str) -> String {
    if stderr.is_empty() { String::new() } else { format!(": \"{stderr}\"") }
}

fn show_path(path: &Path) -> String {
    visible(&path.to_string_lossy()).into_owned()
}

/// A path that a shell takes as one word.
fn quote_for_shell(path: &Path) -> String {
    let text = path.to_string_lossy();
    // Only a path with a NUL byte cannot be quoted, and no file has such a path.
    let quoted = shlex::try_quote(&text).unwrap_or_default();
    visible(&quoted).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(from: ReadableSource, fault: SourceFault) -> SourceError {
        SourceError { profile: "a".to_owned(), from: Box::new(from), may_ask_alone: false, fault }
    }

    fn file(path: &str) -> ReadableSource {
        ReadableSource::File(path.to_owned())
    }

    #[test]
    fn what_mends_a_fault_is_a_command_or_what_the_user_has_to_do() {
        let unset = || SourceFault::Unset("T".to_owned());
        let open = SourceFault::OpenToOthers { path: "/my token".into(), mode: 0o644 };
        let cases = [
            (error(file("/my token"), open), "chmod 600 '/my token'"),
            (error(ReadableSource::Stored, unset()), "convrating login a"),
            (error(file("t"), unset()), "put the token into t, alone"),
            (error(ReadableSource::Variable("T".to_owned()), unset()), "set T"),
            (
                error(ReadableSource::Command(vec!["/bin/pass".to_owned()]), unset()),
                "see why the command pass gives no token: token_command of a in config.toml",
            ),
        ];
        for (error, expected) in cases {
            assert_eq!(error.mend(), expected, "{error:?}");
        }
    }

    #[test]
    fn a_path_is_shown_with_what_cannot_be_seen_made_visible() {
        let several = error(file("t"), SourceFault::SeveralLines("/t\u{1b}".into()));
        assert_eq!(
            several.to_string(),
            "no token for a: the file /t^[ has more than one line; it must hold the token alone"
        );
    }
}
