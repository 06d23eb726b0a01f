//! Asks before a protected profile is changed. The user sees the changes, and only a yes goes on.

use super::job::Job;
use crate::agents::run_blocking;
use crate::commands::console::Console;
use crate::commands::failure::Failure;
use crate::commands::prompt;
use crate::commands::prompt_error::PromptError;

/// Asks the user if `job` would change a protected profile. Without a yes the job fails.
pub(super) async fn confirm(mut job: Job, console: &mut Console<'_>) -> Job {
    let Some((profile, changes)) = job.question() else { return job };
    let name = profile.name.clone().unwrap_or_default();
    job.notes.drain(..).for_each(|note| console.tell(&note));
    for change in changes {
        console.tell(&format!("  {change}"));
    }
    console.ask(&format!("Save to {name}? [y/N] "));
    let answer = job.task.interrupts.race(run_blocking(prompt::read_line)).await;
    if !matches!(&answer, Ok(Ok(line)) if line.ends_with('\n')) {
        // The cursor still stands in the line of the question.
        console.tell("");
    }
    match require_yes(answer) {
        Ok(()) => job,
        Err(failure) => job.fail(failure),
    }
}

fn require_yes(answer: Result<Result<String, PromptError>, Failure>) -> Result<(), Failure> {
    let line = answer??;
    let is_yes = ["y", "yes"].contains(&line.trim().to_lowercase().as_str());
    if is_yes { Ok(()) } else { Err(Failure::Declined) }
}
