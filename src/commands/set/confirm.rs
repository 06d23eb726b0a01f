//! Asks before a protected profile is changed. The user sees the changes, and only a yes goes on.

use super::job::Job;
use crate::commands::console::Console;
use crate::commands::failure::Failure;
use crate::commands::prompt::ask_yes;

/// Asks the user if `job` would change a protected profile. Without a yes the job fails.
pub(super) async fn confirm(mut job: Job, console: &mut Console<'_>) -> Job {
    let Some((profile, changes)) = job.question() else { return job };
    let name = profile.name.clone().unwrap_or_default();
    job.notes.drain(..).for_each(|note| console.tell(&note));
    for change in changes {
        console.tell(&format!("  {change}"));
    }
    match ask_yes(&format!("Save to {name}?"), &job.task.interrupts, console).await {
        Ok(true) => job,
        Ok(false) => job.fail(Failure::Declined),
        Err(failure) => job.fail(failure),
    }
}
