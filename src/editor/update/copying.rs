//! `c` copies the request as a command.

use super::super::message::{Copied, Effect};
use super::super::model::Model;
use super::super::pages::{CurlCommand, REPEATS_TOKEN};

impl Model {
    pub(super) fn copy(&mut self) -> Vec<Effect> {
        let (Some(session), Some(form)) = (&self.session, self.form()) else { return Vec::new() };
        match CurlCommand::new(session, &form.patch()) {
            Some(command) => vec![Effect::Copy(command.text())],
            // What is copied has to be the exact request, so it cannot be shown with `<token>` in it.
            None => self.hint(format!("Not copied: {REPEATS_TOKEN}")),
        }
    }
}

/// The last sentence about a text that was sent to the terminal, which gives no answer.
const MAY_NOT_BE_ALLOWED: &str = "sent to your terminal; it may not allow it.";

impl Copied {
    /// What is known of the copy, in words.
    pub(super) fn describe(&self) -> String {
        match self {
            Self::Sent => format!("The command was {MAY_NOT_BE_ALLOWED}"),
            Self::InTmux => {
                "The command is in tmux's buffer, and may be in your terminal's clipboard.".to_owned()
            }
            Self::RefusedByTmux(reason) => {
                format!("tmux did not take the command: {reason}. It was {MAY_NOT_BE_ALLOWED}")
            }
        }
    }
}
