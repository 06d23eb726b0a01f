//! The history that a run writes to.

use crate::agents::Environment;
use crate::journal::{Author, Journal};

/// Opens the history. Each save is recorded with the name of the user.
pub(super) fn open_journal(environment: &Environment) -> Journal {
    let author = Author { user: Some(read_user(environment)), ssh_client: environment.ssh_client() };
    Journal::new(environment.history_file(), author)
}

/// The name of the user's account, or its number if no environment variable holds the name.
fn read_user(environment: &Environment) -> String {
    environment.user().unwrap_or_else(|| format!("uid {}", rustix::process::getuid().as_raw()))
}
