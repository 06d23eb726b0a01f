//! `set`: saves as the editor does, without the editor.
//!
//! ```text
//! token ─► GET: what is there ─► draft of what is wanted ─┬─ nothing differs ─► done, nothing sent
//!                                                         ├─ --dry-run ───────► shown, nothing sent
//!                                                         ├─ protected ───────► asked, with the changes ─┐
//!                                                         └─ api::save::drive ─► GET, merge, PATCH ◄─────┘
//! ```

mod confirm;
mod job;
mod save;
mod want;

use std::ops::ControlFlow;
use std::sync::Arc;

use super::console::Console;
use super::ending::give_way;
use super::failure::Failure;
use super::interrupt::Interrupts;
use super::listing::{Answer, Listing};
use super::render::profile_words;
use super::selection::Selection;
use super::world::World;
use crate::agents::{AgentOptions, AnswerOrder, Profile, side_by_side};
use crate::cli::SetOptions;
use crate::words::Exit;
use confirm::confirm;
use job::{Approval, Changed, Job, Task};

pub(super) async fn set(
    options: &SetOptions,
    world: &World,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let selection = Selection::from_options(&options.server, false, world)?;
    selection.warning().iter().for_each(|warning| console.tell(warning));
    let Selection { list, is_list, agents } = selection;
    let interrupts = Interrupts::listen()?;
    let task = Arc::new(Task {
        agents,
        wanted: options.wanted.clone(),
        is_dry_run: options.is_dry_run,
        approval: choose_approval(options, console),
        is_ascii: console.is_ascii(),
        journal: world.journal.clone(),
        interrupts: interrupts.clone(),
        clock: world.clock,
    });
    let ended = if is_list {
        Ok(set_all(&task, list, options.is_json, console).await)
    } else {
        set_one(&task, list, options.is_json, console).await
    };
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
    list: Vec<AgentOptions>,
    is_json: bool,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let Some(options) = list.into_iter().next() else { return Err(Failure::NoProfiles) };
    let job = Job::new(task, options).advance().await;
    job.opened().iter().for_each(|profile| console.tell(&describe(profile)));
    let (answer, notes) = confirm(job.advance().await, console).await.finish().await;
    for note in &notes {
        console.tell(note);
    }
    tell(&answer.result?, task.is_dry_run, is_json, console);
    Ok(Exit::Done)
}

fn tell(changed: &Changed, is_dry_run: bool, is_json: bool, console: &mut Console<'_>) {
    if is_json {
        if is_dry_run {
            console.tell(&changed.text);
        }
        changed.request.iter().for_each(|request| console.tell(request));
        console.json(&changed.settings);
    } else {
        console.say(&changed.text);
        changed.request.iter().for_each(|request| console.say(request));
    }
    console.flush();
    if console.is_lost() && !is_dry_run {
        // The output is lost, the change is not.
        console.tell(&changed.text);
    }
}

async fn set_all(
    task: &Arc<Task>,
    list: Vec<AgentOptions>,
    is_json: bool,
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
    let mut listing = Listing::begin(console, is_json, jobs.len());
    side_by_side(jobs.into_iter().map(Job::finish), AnswerOrder::AsListed, |(answer, notes)| {
        tell_one_of_many(&answer, &notes, task.is_dry_run && is_json, &mut listing);
        ControlFlow::Continue(())
    })
    .await;
    listing.end()
}

fn tell_one_of_many(
    answer: &Answer<Changed>,
    notes: &[String],
    is_request_apart: bool,
    listing: &mut Listing<'_, '_>,
) {
    let name = answer.shown_name();
    for note in notes {
        listing.tell(&format!("{name}: {note}"));
    }
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
    let (name, host) = (profile_words(profile), profile.base_url.host());
    format!("Profile {name}, agent {agent}, host {host}, token from {}", profile.source)
}
