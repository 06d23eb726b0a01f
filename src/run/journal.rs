//! The history that a run writes to.

use nix::unistd::{Uid, User};

use crate::agents::Environment;
use crate::journal::{Author, Journal};

/// Opens the history. Each save is recorded with the name of the user.
pub(super) fn open_journal(environment: &Environment) -> Journal {
    let author = Author { user: Some(name_user(environment)), ssh_client: environment.ssh_client() };
    Journal::new(environment.history_file(), author)
}

/// The name of the user's account, as the environment says it, else as the password file does. A user who is in neither is named by
/// a number.
fn name_user(environment: &Environment) -> String {
    let uid = Uid::current();
    let listed = || User::from_uid(uid).ok().flatten().map(|user| user.name);
    environment.user().or_else(listed).unwrap_or_else(|| format!("uid {uid}"))
}
