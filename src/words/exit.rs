//! The exit codes: what a script learns of how a run ended.

use crate::agents::{ChangeError, ProfileError};

/// How a run ended. The greater one is the worse one: that is what counts for several profiles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Exit {
    /// Done; also when there was nothing to change.
    #[default]
    Done = 0,
    /// Failed.
    Failed = 1,
    /// Wrong usage or configuration file.
    Usage = 2,
    /// Someone else changed the same setting.
    Conflict = 3,
    /// The token was refused, is missing or has not the scope.
    Token = 4,
    /// The server was not reached or kept failing, and nothing was changed.
    Unreachable = 5,
    /// It may or may not have been changed.
    Unknown = 6,
    /// Interrupted.
    Interrupted = 130,
}

/// One exit code.
#[derive(Debug)]
pub struct ExitRow {
    /// The code.
    pub exit: Exit,
    /// The word for it in JSON: `kind`.
    pub kind: &'static str,
    /// What it means. The manual page and the README show this.
    pub meaning: &'static str,
    /// The command that helps, where one does whatever the failure was.
    pub hint: Option<&'static str>,
}

const fn row(exit: Exit, kind: &'static str, meaning: &'static str, hint: Option<&'static str>) -> ExitRow {
    ExitRow { exit, kind, meaning, hint }
}

/// Every exit code, in order.
pub const EXITS: [ExitRow; 8] = [
    row(Exit::Done, "done", "done; also when there was nothing to change", None),
    row(Exit::Failed, "failed", "failed", None),
    row(Exit::Usage, "usage", "wrong usage or configuration file", None),
    row(
        Exit::Conflict,
        "conflict",
        "conflict: someone else changed the same setting, or changed it back within a second of the save",
        Some("convrating get, then set again"),
    ),
    row(Exit::Token, "token", "token refused, missing or without the scope", None),
    row(
        Exit::Unreachable,
        "unreachable",
        "server not reached, or it kept failing (5xx, 429, time-out, TLS) and nothing was changed",
        Some("convrating status"),
    ),
    row(
        Exit::Unknown,
        "unknown",
        "outcome unknown: it may or may not have been changed",
        Some("convrating get"),
    ),
    row(Exit::Interrupted, "interrupted", "interrupted", None),
];

impl Exit {
    /// The code.
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The word for it in JSON: `kind`.
    pub fn kind(self) -> &'static str {
        self.row().map_or("failed", |row| row.kind)
    }

    /// The command that helps, where one does whatever the failure was.
    pub fn hint(self) -> Option<&'static str> {
        self.row()?.hint
    }

    fn row(self) -> Option<&'static ExitRow> {
        EXITS.iter().find(|row| row.exit == self)
    }
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

impl From<&ProfileError> for Exit {
    fn from(error: &ProfileError) -> Self {
        if error.is_usage() { Self::Usage } else { Self::Token }
    }
}

impl From<&ChangeError> for Exit {
    fn from(error: &ChangeError) -> Self {
        match error {
            ChangeError::Profile(error) => Self::from(error),
            ChangeError::Name { .. } | ChangeError::Taken(_) => Self::Usage,
            ChangeError::Store(_) | ChangeError::Meanwhile(_) | ChangeError::NoFile => Self::Failed,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::process::ExitCode;

    use super::*;
    use crate::private::ReadError;

    #[test]
    fn each_code_stands_in_the_table_once() {
        let codes: Vec<_> = EXITS.iter().map(|row| row.exit.code()).collect();
        assert_eq!(codes, [0, 1, 2, 3, 4, 5, 6, 130]);
    }

    #[test]
    fn each_code_has_its_word_and_the_command_that_helps() {
        let rows = [
            (Exit::Done, "done", None),
            (Exit::Failed, "failed", None),
            (Exit::Usage, "usage", None),
            (Exit::Conflict, "conflict", Some("convrating get, then set again")),
            (Exit::Token, "token", None),
            (Exit::Unreachable, "unreachable", Some("convrating status")),
            (Exit::Unknown, "unknown", Some("convrating get")),
            (Exit::Interrupted, "interrupted", None),
        ];
        assert_eq!(rows.len(), EXITS.len());
        for (exit, kind, hint) in rows {
            assert_eq!((exit.kind(), exit.hint()), (kind, hint));
            assert_eq!(ExitCode::from(exit), ExitCode::from(exit.code()), "{exit:?}");
        }
    }

    #[test]
    fn a_profile_that_is_not_there_is_a_wrong_usage_and_a_missing_token_is_not() {
        let unknown = || ProfileError::Unknown { name: "a".to_owned(), known: Vec::new() };
        let store = ReadError::Io(io::ErrorKind::PermissionDenied.into());
        let rows = [
            (ChangeError::Profile(unknown()), Exit::Usage),
            (ChangeError::Profile(ProfileError::NoToken), Exit::Token),
            (ChangeError::Name { name: "-a".to_owned(), fault: "no" }, Exit::Usage),
            (ChangeError::Taken("a".to_owned()), Exit::Usage),
            (ChangeError::Meanwhile("a".to_owned()), Exit::Failed),
            (ChangeError::Store(store), Exit::Failed),
        ];
        for (error, exit) in rows {
            assert_eq!(Exit::from(&error), exit, "{error:?}");
        }
        assert_eq!(Exit::from(&unknown()), Exit::Usage);
        assert_eq!(Exit::from(&ProfileError::NoToken), Exit::Token);
    }
}
