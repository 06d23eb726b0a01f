//! One profile: the question where one is due, the save, and what is printed of it.

use tokio::sync::mpsc::UnboundedReceiver;

use super::changed::Changed;
use super::confirm::confirm;
use super::follow_up::look_once_more;
use super::job::Job;
use super::task::Task;
use crate::agents::Profile;
use crate::commands::console::Console;
use crate::commands::failure::Failure;
use crate::commands::news::{News, tell_meanwhile};
use crate::commands::render::profile_words;
use crate::words::{Exit, describe_undone};

/// Changes one profile, whose job has been opened or has failed.
///
/// # Errors
/// Why it was not changed.
pub(super) async fn change_one(
    task: &Task,
    job: Job,
    is_json: bool,
    news: &mut UnboundedReceiver<News>,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let mut job = tell_meanwhile(job.advance(), news, |news| console.tell(&news.line)).await;
    // A save may take its time: what the user should know of it is told before.
    job.notes.drain(..).for_each(|note| console.tell(&note));
    let job = confirm(job, console).await;
    let (answer, notes) = tell_meanwhile(job.finish(), news, |news| console.tell(&news.line)).await;
    for note in &notes {
        console.tell(note);
    }
    let mut changed = answer.result?;
    if is_json {
        let exit = look_at_one(task, &mut changed, console).await;
        tell_json(&changed, task.is_dry_run, console);
        return Ok(exit);
    }
    tell(&changed, task.is_dry_run, console);
    Ok(look_at_one(task, &mut changed, console).await)
}

fn tell(changed: &Changed, is_dry_run: bool, console: &mut Console<'_>) {
    console.say(&changed.text);
    changed.request(console.is_ascii()).iter().for_each(|request| console.say(request));
    flush(changed, is_dry_run, console);
}

fn tell_json(changed: &Changed, is_dry_run: bool, console: &mut Console<'_>) {
    if is_dry_run {
        console.json(&changed.to_json());
    } else {
        console.json(&changed.settings);
    }
    flush(changed, is_dry_run, console);
}

fn flush(changed: &Changed, is_dry_run: bool, console: &mut Console<'_>) {
    console.flush();
    if console.is_lost() && !is_dry_run {
        // The output is lost, the change is not.
        console.tell(&changed.text);
    }
}

/// Looks once more at what was saved, where that is due. A signal ends the look, and takes nothing from the save.
async fn look_at_one(task: &Task, changed: &mut Changed, console: &mut Console<'_>) -> Exit {
    let looks: Vec<_> = changed.follow_up.take().into_iter().map(|look| (0, look)).collect();
    let mut exit = Exit::Done;
    let looking = look_once_more(looks, |_, seen| {
        if !seen.undone.is_empty() {
            console.tell(&describe_undone(&seen.undone).to_string());
            exit = Exit::Conflict;
        }
        changed.settings = seen.settings;
    });
    // Interrupted or not, the save has ended well.
    let _ = task.interrupts.race(looking).await;
    exit
}

/// The agent whose configuration is changed, and the token, so that the user notices a wrong agent.
pub(super) fn describe(profile: &Profile) -> String {
    let agent = profile.identity.agent.as_deref().unwrap_or("unknown");
    let (name, host) = (profile_words(profile), profile.host());
    format!("Profile {name}, agent {agent}, host {host}, token from {}", profile.source)
}
