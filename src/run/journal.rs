//! The history that a run writes to.

use crate::agents::Environment;
use crate::journal::{Author, Journal};

/// Opens the history. Each save is recorded with the name of the user.
pub(super) fn open_journal(environment: &Environment) -> Journal {
    let author = Author { user: environment.user(), ssh_client: environment.ssh_client() };
    Journal::new(environment.history_file(), author)
}
