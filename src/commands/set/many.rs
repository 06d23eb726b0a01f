//! `set` for several profiles: one question for all of them where one is due, then all saves side by side.
//!
//! ```text
//! jobs ─ prepare: those that the user is asked about ─► one question ─► finish: the saves ─► one look at all of them
//! ```

use std::cell::RefCell;
use std::ops::ControlFlow;
use std::sync::Arc;

use tokio::sync::mpsc::UnboundedReceiver;

use super::changed::Changed;
use super::confirm::confirm_all;
use super::follow_up::look_once_more;
use super::job::Job;
use super::notes::Notes;
use super::task::Task;
use crate::agents::{AgentOptions, AnswerOrder, side_by_side};
use crate::commands::console::Console;
use crate::commands::failure::Failure;
use crate::commands::listing::{AgentAnswer, Listing};
use crate::commands::news::{News, tell_meanwhile};
use crate::words::{Exit, describe_undone};

/// Changes all profiles of `list`. The failure of one stops no other. Returns the worst exit code of all.
///
/// # Errors
/// The user had to be asked and could not be, or pressed Ctrl-C before that: then nothing was sent.
pub(super) async fn set_many(
    task: &Arc<Task>,
    list: Vec<AgentOptions>,
    is_json: bool,
    news: &mut UnboundedReceiver<News>,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let jobs = list.into_iter().map(|options| Job::new(task, options)).collect();
    let jobs = task.interrupts.race(prepare_all(jobs, news, console)).await?;
    let jobs = confirm_all(task, jobs, console).await?;
    let listing = RefCell::new(Listing::begin(console, is_json, jobs.len()));
    let (mut answers, mut all_notes) = (Vec::new(), Notes::default());
    let work = side_by_side(jobs.into_iter().map(Job::finish), AnswerOrder::AsListed, |(answer, notes)| {
        let mut listing = listing.borrow_mut();
        let first = notes.into_iter().filter_map(|note| all_notes.take_first(answer.shown_name(), note));
        first.for_each(|line| listing.tell(&line));
        if !is_json {
            tell_one_of_many(&answer, &mut listing);
        }
        answers.push(answer);
        if is_json {
            listing.count(answers.len());
        }
        ControlFlow::Continue(())
    });
    tell_meanwhile(work, news, |news| listing.borrow_mut().tell_news(&news)).await;
    let mut listing = listing.into_inner();
    all_notes.into_lines().for_each(|line| listing.tell(&line));
    look_at_all(task, &mut answers, &mut listing).await;
    if is_json {
        for answer in &answers {
            tell_one_of_many(answer, &mut listing);
        }
    }
    Ok(listing.end())
}

/// Brings each job to the point where the user is asked. A job that asks nothing has not begun then.
async fn prepare_all(
    jobs: Vec<Job>,
    news: &mut UnboundedReceiver<News>,
    console: &mut Console<'_>,
) -> Vec<Job> {
    if !jobs.iter().any(Job::will_ask) {
        return jobs;
    }
    let listing = RefCell::new(Listing::begin(console, false, jobs.len()));
    let mut prepared = Vec::new();
    let work = side_by_side(jobs.into_iter().map(Job::prepare), AnswerOrder::AsListed, |job| {
        prepared.push(job);
        listing.borrow_mut().count(prepared.len());
        ControlFlow::Continue(())
    });
    tell_meanwhile(work, news, |news| listing.borrow_mut().tell_news(&news)).await;
    listing.into_inner().end();
    prepared
}

/// Looks once more at what was saved, at all profiles together. A signal ends the looks, and takes nothing from the saves.
async fn look_at_all(task: &Task, answers: &mut [AgentAnswer<Changed>], listing: &mut Listing<'_, '_>) {
    let mut looks = Vec::new();
    for (place, answer) in answers.iter_mut().enumerate() {
        let look = answer.result.as_mut().ok().and_then(|changed| changed.follow_up.take());
        looks.extend(look.map(|look| (place, look)));
    }
    let looking = look_once_more(looks, |place, seen| {
        let answer = &mut answers[place];
        if !seen.undone.is_empty() {
            listing.tell(&format!("{}: {}", answer.shown_name(), describe_undone(&seen.undone)));
            listing.worsen(Exit::Conflict);
        }
        if let Ok(changed) = &mut answer.result {
            changed.settings = seen.settings;
        }
    });
    // Interrupted or not, the saves have ended.
    let _ = task.interrupts.race(looking).await;
}

fn tell_one_of_many(answer: &AgentAnswer<Changed>, listing: &mut Listing<'_, '_>) {
    let line = line(answer, listing.is_ascii());
    listing.add(answer.exit(), || line.clone(), || answer.to_json(Changed::to_json));
    if listing.is_lost() {
        // The output is lost, the change is not.
        listing.tell(&line);
    }
}

/// The outcome for one profile: a line, and below it the request of a dry run.
fn line(answer: &AgentAnswer<Changed>, is_ascii: bool) -> String {
    let name = answer.shown_name();
    match &answer.result {
        Ok(changed) => {
            let request = changed.request(is_ascii).map(|request| format!("\n{request}")).unwrap_or_default();
            format!("{name}: {}{request}", changed.text)
        }
        Err(failure) => format!("{name}: {failure}"),
    }
}
