//! Why a command failed: its text, its JSON and its exit code.

use std::io;
use std::path::PathBuf;

use serde::Serialize;

use super::prompt_error::PromptError;
use super::render::in_one_line;
use crate::agents::{ChangeError, ConfigError, ProfileError};
use crate::private::{ReadError, spoken};
use crate::save::{CallError, Conflict, Outcome, Refusal};
use crate::settings::{AddError, WrittenError};
use crate::visible::visible;
use crate::words::{Call, CallContext, Exit, describe_outcome, describe_unreadable_history, explain};

/// Why a command did not do what the user asked for.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The command line cannot be understood.
    #[error("{message}")]
    Usage {
        /// What is wrong with it.
        message: String,
        /// The usage of the command.
        usage: Option<String>,
    },
    /// No profile can be opened.
    #[error(transparent)]
    Profile(Box<ProfileError>),
    /// The configuration could not be read.
    #[error("Not read: {}", explain(.error, Call::Read, .context))]
    NotRead {
        /// Why not.
        error: Box<CallError>,
        /// The server, and the source of the token.
        context: Box<CallContext>,
        /// What the user does with a new token, if the server refuses this one.
        renewal: Option<String>,
    },
    /// The save did not end well.
    #[error("{}", describe_outcome(.outcome, "", .context))]
    NotSaved {
        /// How the save ended; never a success.
        outcome: Box<Outcome>,
        /// The server, and the source of the token.
        context: Box<CallContext>,
        /// What the user does with a new token, if the server refuses this one.
        renewal: Option<String>,
    },
    /// A question code cannot be added.
    #[error("{option} {code}: {fault}")]
    Code {
        /// The option that names it.
        option: &'static str,
        /// The code, made visible.
        code: String,
        /// Why not.
        fault: AddError,
    },
    /// The server's list of codes is too long to be changed here, or one of its codes is.
    #[error("the questions on the server are more or longer than can be edited here")]
    QuestionsTooLong,
    /// The profile is read only.
    #[error("the profile {0} is read only; nothing was sent")]
    ReadOnly(String),
    /// The profile is protected, and the user gave no `--yes` and cannot be asked.
    #[error("the profile {0} is protected: set wants --yes, or a yes on the terminal; nothing was sent")]
    Protected(String),
    /// A save is to be undone, and the user gave no `--yes` and cannot be asked.
    #[error("undo wants --yes, or a yes on the terminal; nothing was sent")]
    UndoUnasked,
    /// All profiles are to be changed, and the user gave no `--yes` and cannot be asked.
    #[error("set --all wants --yes, or a yes on the terminal; nothing was sent")]
    AllUnasked,
    /// All profiles are to be changed, and none of them may be.
    #[error("--all: every profile is read only ({0}); nothing was sent")]
    AllReadOnly(String),
    /// The file of `--from` cannot be read.
    #[error("--from {place}: {reason}")]
    FromUnreadable {
        /// The file, made visible, or standard input.
        place: String,
        /// Why not.
        reason: String,
    },
    /// What stands in the file of `--from` cannot be asked for.
    #[error("--from {place}, {fault}")]
    From {
        /// The file, made visible, or standard input.
        place: String,
        /// What is wrong, and where.
        #[source]
        fault: WrittenError,
    },
    /// The user did not answer yes.
    #[error("nothing was sent: the answer was not yes")]
    Declined,
    /// `--all`, and there is no profile.
    #[error("--all: there are no profiles yet; convrating login NAME makes one")]
    NoProfiles,
    /// The user gave a name that no profile can have.
    #[error("{name}: {fault}")]
    Name {
        /// The name, made visible.
        name: String,
        /// Why not.
        fault: &'static str,
    },
    /// The user was asked and gave no usable answer.
    #[error(transparent)]
    Prompt(PromptError),
    /// The request log cannot be written.
    #[error("--log {}: {reason}", visible(&.path.to_string_lossy()))]
    Log {
        /// The file.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
    /// A profile was not changed.
    #[error(transparent)]
    Change(Box<ChangeError>),
    /// Removing a profile wants a yes.
    #[error("removing {0} wants --yes, or a yes on the terminal; nothing was changed")]
    RemovalUnasked(String),
    /// The answer was not yes.
    #[error("{0} was not removed: the answer was not yes")]
    RemovalDeclined(String),
    /// The history cannot be read.
    #[error("{}", describe_unreadable_history(.0))]
    History(#[source] ReadError),
    /// A signal cannot be waited for, or the demo server does not run.
    #[error("the system refuses what is needed: {}", spoken(.0))]
    System(#[from] io::Error),
    /// There is no demo server.
    #[error("the demo server does not start: {}", with_cause(&**.0))]
    Demo(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The demo has no agent of this name.
    #[error("the demo has no agent \"{name}\"; it has: {}", .known.join(", "))]
    DemoAgent {
        /// The name that the user gave, made visible.
        name: String,
        /// The names of all agents of the demo.
        known: Vec<String>,
    },
    /// The user pressed Ctrl-C.
    #[error("interrupted")]
    Interrupted,
}

/// A failure as JSON.
#[derive(Debug, Serialize)]
pub(super) struct FailureJson {
    kind: &'static str,
    message: String,
    hint: Option<String>,
    status: Option<u16>,
    code: Option<String>,
}

impl Failure {
    /// The demo server did not start. This room does not know its type of error.
    pub(crate) fn from_demo(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Demo(Box::new(error))
    }

    /// From the text of a usage error by clap. The error is the first paragraph, and the usage is a line after it.
    pub(crate) fn from_usage(text: &str) -> Self {
        let message: Vec<_> = text.lines().map(str::trim).take_while(|line| !line.is_empty()).collect();
        let message = message.join(" ");
        let usage = text.lines().find_map(|line| line.strip_prefix("Usage: "));
        Self::Usage {
            message: visible(message.trim_start_matches("error: ")).into_owned(),
            usage: usage.map(|usage| visible(usage).into_owned()),
        }
    }

    /// The exit code.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Profile(error) => Exit::from(&**error),
            Self::Change(error) => Exit::from(&**error),
            Self::NotRead { error, .. } => Exit::from(&**error),
            Self::NotSaved { outcome, .. } => Exit::from(&**outcome),
            // The server's list is full: the command line is right, and so this is no usage error.
            Self::Code { fault: AddError::TooMany, .. }
            | Self::QuestionsTooLong
            | Self::Declined
            | Self::RemovalDeclined(_)
            | Self::History(_)
            | Self::System(_)
            | Self::Demo(_) => Exit::Failed,
            Self::Usage { .. }
            | Self::Code { .. }
            | Self::ReadOnly(_)
            | Self::Protected(_)
            | Self::UndoUnasked
            | Self::AllUnasked
            | Self::AllReadOnly(_)
            | Self::FromUnreadable { .. }
            | Self::From { .. }
            | Self::NoProfiles
            | Self::RemovalUnasked(_)
            | Self::Name { .. }
            | Self::Log { .. }
            | Self::DemoAgent { .. } => Exit::Usage,
            Self::Prompt(error) => error.exit(),
            Self::Interrupted => Exit::Interrupted,
        }
    }

    /// The failure as a text on stderr.
    pub fn sentence(&self) -> String {
        match self {
            Self::NotRead { .. } | Self::NotSaved { .. } => format!("{self}{}", self.sides()),
            _ => format!("error: {self}"),
        }
    }

    /// `{"error": {"kind", "message", "hint", "status", "code"}}`.
    pub fn to_json(&self) -> impl Serialize {
        #[derive(Serialize)]
        struct Alone {
            error: FailureJson,
        }
        Alone { error: self.inner_json() }
    }

    /// The value of `error`.
    pub(super) fn inner_json(&self) -> FailureJson {
        self.json_with(self.hint())
    }

    /// The same value with another hint.
    pub(super) fn json_with(&self, hint: Option<String>) -> FailureJson {
        FailureJson {
            kind: self.exit().kind(),
            message: self.to_string(),
            hint,
            status: self.call_error().and_then(CallError::status),
            code: self.refusal().and_then(Refusal::code).map(str::to_owned),
        }
    }

    /// What the user can do next, if the message does not say so itself.
    pub fn hint(&self) -> Option<String> {
        match self.exit() {
            Exit::Unreachable => Exit::Unreachable.hint().map(str::to_owned),
            _ => self.mend(),
        }
    }

    /// The same hint for the output of `status`. It does not tell the user to run `status`.
    pub(super) fn mend(&self) -> Option<String> {
        match (self, self.exit()) {
            (Self::Profile(error), _) => error.mend(),
            (Self::Usage { usage, .. }, _) => usage.clone(),
            (Self::NotRead { renewal, .. } | Self::NotSaved { renewal, .. }, Exit::Token) => renewal.clone(),
            (_, Exit::Unreachable) => None,
            (_, exit) => exit.hint().map(str::to_owned),
        }
    }

    /// The reason without the words `Not read:`, for an output that says so already.
    pub(super) fn reason(&self) -> String {
        match self {
            Self::NotRead { error, context, .. } => explain(error, Call::Read, context).to_string(),
            failure => failure.to_string(),
        }
    }

    /// The error of the call to the API, if there was a call.
    pub(crate) fn call_error(&self) -> Option<&CallError> {
        match self {
            Self::NotRead { error, .. } => Some(error),
            Self::NotSaved { outcome, .. } => outcome.call_error(),
            _ => None,
        }
    }

    /// The sides of a conflict, a line for each.
    fn sides(&self) -> String {
        let Some(conflict) = self.conflict() else { return String::new() };
        let sides =
            [("before", &conflict.before), ("server now", &conflict.theirs), ("asked for", &conflict.yours)];
        let lines = sides.map(|(word, settings)| format!("\n  {word:10}  {}", in_one_line(settings)));
        lines.concat()
    }

    /// The conflict, if the failure is one.
    fn conflict(&self) -> Option<&Conflict> {
        match self {
            Self::NotSaved { outcome, .. } => match &**outcome {
                Outcome::Conflicted(conflict) => Some(conflict),
                _ => None,
            },
            _ => None,
        }
    }

    fn refusal(&self) -> Option<&Refusal> {
        self.call_error()?.refusal()
    }
}

/// The error, and the system's reason if there is one.
fn with_cause(error: &(dyn std::error::Error + Send + Sync + 'static)) -> String {
    match error.source().and_then(|cause| cause.downcast_ref()) {
        Some(cause) => format!("{error}: {}", spoken(cause)),
        None => error.to_string(),
    }
}

impl From<PromptError> for Failure {
    fn from(error: PromptError) -> Self {
        match error {
            PromptError::Interrupted => Self::Interrupted,
            error => Self::Prompt(error),
        }
    }
}

impl From<ProfileError> for Failure {
    fn from(error: ProfileError) -> Self {
        if error.is_interrupted() { Self::Interrupted } else { Self::Profile(Box::new(error)) }
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        ProfileError::Config(error).into()
    }
}

impl From<ChangeError> for Failure {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::Profile(error) => error.into(),
            error => Self::Change(Box::new(error)),
        }
    }
}
