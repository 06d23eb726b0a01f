//! `set`: saves as the editor does, without the editor.
//!
//! ```text
//! token ─► GET: what is there ─► draft of what is wanted ─┬─ nothing differs ─► done, nothing sent
//!                                                         ├─ --dry-run ───────► shown, nothing sent
//!                                                         ├─ protected ───────► asked, then api::drive: GET, merge, PATCH ─┐
//!                                                         └─ api::drive: PATCH ────────────────────────────────────────────┤
//!                                                              a second later, if it replaced the list of codes: GET ◄─────┘
//! ```

mod changed;
mod confirm;
mod follow_up;
mod job;
mod plan;
mod save;
mod task;
mod want;

use std::cell::RefCell;
use std::ops::ControlFlow;
use std::sync::Arc;

use tokio::sync::mpsc::UnboundedReceiver;

use super::console::Console;
use super::ending::give_way;
use super::failure::Failure;
use super::interrupt::Interrupts;
use super::listing::{Answer, Listing};
use super::news::{News, Newsline, tell_meanwhile};
use super::render::profile_words;
use super::selection::{Asked, Selection};
use super::world::World;
use crate::agents::{AgentOptions, AnswerOrder, Profile, side_by_side};
use crate::cli::SetOptions;
use crate::words::{Exit, describe_undone};
use changed::Changed;
use confirm::confirm;
use follow_up::look_once_more;
use job::Job;
use task::{Approval, Task};

const DEMO_FORGETS: &str = "Note: the demo ends with this command and forgets every change. A server that keeps them: \
                            convrating serve";

pub(super) async fn set(
    options: &SetOptions,
    world: &World,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let selection = Selection::from_options(&options.server, false, world)?;
    selection.warning().iter().for_each(|warning| console.tell(warning));
    let Selection { asked, agents } = selection;
    let interrupts = Interrupts::listen()?;
    let (newsline, mut news) = Newsline::open();
    let task = Arc::new(Task {
        agents,
        wanted: options.wanted.clone(),
        is_dry_run: options.is_dry_run,
        approval: choose_approval(options, console),
        is_ascii: console.is_ascii(),
        journal: world.journal.clone(),
        interrupts: interrupts.clone(),
        clock: world.clock,
        newsline,
    });
    let ended = match asked {
        Asked::One(one) => set_one(&task, one, options.is_json, &mut news, console).await,
        Asked::List(list) => Ok(set_all(&task, list, options.is_json, &mut news, console).await),
    };
    if world.demo.is_some() && ended.is_ok() && !options.is_dry_run {
        console.tell(DEMO_FORGETS);
    }
    give_way(&ended, options.is_json, &interrupts, console);
    ended
}

fn choose_approval(options: &SetOptions, console: &Console<'_>) -> Approval {
    match console.streams().is_stdin_terminal {
        _ if options.is_confirmed || options.is_dry_run => Approval::Needless,
        true => Approval::Asked,
        false => Approval::Impossible,
    }
}

async fn set_one(
    task: &Arc<Task>,
    options: AgentOptions,
    is_json: bool,
    news: &mut UnboundedReceiver<News>,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let job = Job::new(task, options).advance().await;
    job.opened().iter().for_each(|profile| console.tell(&describe(profile)));
    let job = tell_meanwhile(job.advance(), news, |news| console.tell(&news.line)).await;
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
    changed.request.iter().for_each(|request| console.say(request));
    flush(changed, is_dry_run, console);
}

fn tell_json(changed: &Changed, is_dry_run: bool, console: &mut Console<'_>) {
    if is_dry_run {
        console.tell(&changed.text);
    }
    changed.request.iter().for_each(|request| console.tell(request));
    console.json(&changed.settings);
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
            console.tell(&describe_undone(&seen.undone));
            exit = Exit::Conflict;
        }
        changed.settings = seen.settings;
    });
    // Interrupted or not, the save has ended well.
    let _ = task.interrupts.race(looking).await;
    exit
}

async fn set_all(
    task: &Arc<Task>,
    list: Vec<AgentOptions>,
    is_json: bool,
    news: &mut UnboundedReceiver<News>,
    console: &mut Console<'_>,
) -> Exit {
    let mut jobs = Vec::new();
    for options in list {
        let mut job = Job::new(task, options);
        if job.will_ask() {
            job = job.advance().await.advance().await;
            job.to_save().iter().for_each(|profile| console.tell(&describe(profile)));
            job = confirm(job, console).await;
        }
        jobs.push(job);
    }
    let listing = RefCell::new(Listing::begin(console, is_json, jobs.len()));
    let is_request_apart = task.is_dry_run && is_json;
    let mut answers = Vec::new();
    let work = side_by_side(jobs.into_iter().map(Job::finish), AnswerOrder::AsListed, |(answer, notes)| {
        let mut listing = listing.borrow_mut();
        for note in &notes {
            listing.tell(&format!("{}: {note}", answer.shown_name()));
        }
        if !is_json {
            tell_one_of_many(&answer, is_request_apart, &mut listing);
        }
        answers.push(answer);
        if is_json {
            listing.count(answers.len());
        }
        ControlFlow::Continue(())
    });
    tell_meanwhile(work, news, |news| listing.borrow_mut().tell_news(&news)).await;
    let mut listing = listing.into_inner();
    look_at_all(task, &mut answers, &mut listing).await;
    if is_json {
        for answer in &answers {
            tell_one_of_many(answer, is_request_apart, &mut listing);
        }
    }
    listing.end()
}

/// Looks once more, at all profiles together, as [`look_at_one`] does.
async fn look_at_all(task: &Task, answers: &mut [Answer<Changed>], listing: &mut Listing<'_, '_>) {
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

fn tell_one_of_many(answer: &Answer<Changed>, is_request_apart: bool, listing: &mut Listing<'_, '_>) {
    if is_request_apart && answer.result.is_ok() {
        listing.tell(&line(answer));
    }
    listing.add(answer.exit(), || line(answer), || answer.to_json(|changed| changed.settings.clone()));
    if listing.is_lost() {
        // The output is lost, the change is not.
        listing.tell(&line(answer));
    }
}

/// The outcome for one profile: a line, and below it the request of a dry run.
fn line(answer: &Answer<Changed>) -> String {
    let name = answer.shown_name();
    match &answer.result {
        Ok(Changed { text, request: Some(request), .. }) => format!("{name}: {text}\n{request}"),
        Ok(Changed { text, .. }) => format!("{name}: {text}"),
        Err(failure) => format!("{name}: {failure}"),
    }
}

/// The agent whose configuration is changed, and the token, so that the user notices a wrong agent.
fn describe(profile: &Profile) -> String {
    let agent = profile.identity.agent.as_deref().unwrap_or("unknown");
    let (name, host) = (profile_words(profile), profile.host());
    format!("Profile {name}, agent {agent}, host {host}, token from {}", profile.source)
}
