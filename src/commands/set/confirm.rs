//! Asks before a protected profile is changed, or all profiles are. The user sees the changes, and only a yes goes on.

use super::job::Job;
use super::notes::Notes;
use super::task::{Approval, Task};
use crate::agents::Profile;
use crate::commands::console::Console;
use crate::commands::failure::Failure;
use crate::commands::prompt::ask_yes_at;
use crate::commands::render::profile_words;

/// Asks the user if `job` would change a protected profile. Without a yes the job fails.
pub(super) async fn confirm(job: Job, console: &mut Console<'_>) -> Job {
    let Some((profile, changes)) = job.question() else { return job };
    let question = name_one(profile);
    for change in changes {
        console.tell(&format!("  {change}"));
    }
    match ask(&question, &job.task, console).await {
        Ok(()) => job,
        Err(failure) => job.fail(failure),
    }
}

/// Lists all changes that the user has to be asked about, and asks once. Without a yes these jobs fail.
///
/// # Errors
/// The user cannot be asked, or pressed Ctrl-C: then nothing was sent.
pub(super) async fn confirm_all(
    task: &Task,
    mut jobs: Vec<Job>,
    console: &mut Console<'_>,
) -> Result<Vec<Job>, Failure> {
    let asked: Vec<_> = jobs.iter().filter_map(Job::question).collect();
    let Some((first, _)) = asked.first() else { return Ok(jobs) };
    let question = match asked.len() {
        1 => name_one(first),
        many => format!("Save to {many} profiles?"),
    };
    let rows = list_rows(&asked);
    let mut notes = Notes::default();
    for job in &mut jobs {
        job.hand_over_notes(&mut notes);
    }
    notes.into_lines().chain(rows).chain(count_others(&jobs)).for_each(|line| console.tell(&line));
    match ask(&question, task, console).await {
        Ok(()) => Ok(jobs),
        Err(Failure::Declined) => Ok(jobs.into_iter().map(decline).collect()),
        Err(failure) => Err(failure),
    }
}

fn name_one(profile: &Profile) -> String {
    let agent = || format!("agent {}", profile.identity.agent.as_deref().unwrap_or("unknown"));
    format!("Save to {}?", profile.name.clone().unwrap_or_else(agent))
}

/// The profile, the agent and the changes of each job, in columns.
fn list_rows(asked: &[(&Profile, Vec<String>)]) -> Vec<String> {
    let names: Vec<_> = asked.iter().map(|(profile, _)| profile_words(profile)).collect();
    let width = names.iter().map(|name| name.chars().count()).max().unwrap_or_default();
    let row = |(name, (profile, changes)): (&String, &(&Profile, Vec<String>))| {
        let agent = profile.identity.agent.as_deref().unwrap_or("unknown");
        format!("  {name:width$}  {agent:12}  {}", changes.join(", "))
    };
    names.iter().zip(asked).map(row).collect()
}

/// How many jobs are over before the question. Their outcome is told after it.
fn count_others(jobs: &[Job]) -> Option<String> {
    let ended: Vec<_> = jobs.iter().filter_map(Job::result).collect();
    let failed = ended.iter().filter(|result| result.is_err()).count();
    let counted = [(ended.len() - failed, "with nothing to change"), (failed, "that failed")];
    let words = counted.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}"));
    let words: Vec<_> = words.collect();
    (!words.is_empty()).then(|| format!("Besides them: {}.", words.join(", ")))
}

fn decline(job: Job) -> Job {
    if job.question().is_some() { job.fail(Failure::Declined) } else { job }
}

/// Asks the user.
///
/// # Errors
/// [`Failure::Declined`] without a yes; the user cannot be asked, or a signal came first.
async fn ask(question: &str, task: &Task, console: &mut Console<'_>) -> Result<(), Failure> {
    let Approval::Asked(source) = &task.approval else { return Ok(()) };
    if ask_yes_at(source, question, &task.interrupts, console).await? {
        Ok(())
    } else {
        Err(Failure::Declined)
    }
}
