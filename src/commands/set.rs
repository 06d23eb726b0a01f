//! `set`: saves as the editor does, without the editor.
//!
//! ```text
//! token ─► GET: what is there ─► draft of what is wanted ─┬─ nothing differs ─► done, nothing sent
//!                                                         ├─ --dry-run ───────► shown, nothing sent
//!                                                         ├─ protected, --all ► asked, then api::drive: GET, merge, PATCH ─┐
//!                                                         └─ api::drive: PATCH ────────────────────────────────────────────┤
//!                                                              a second later, if it replaced the list of codes: GET ◄─────┘
//! ```

mod back;
mod changed;
mod confirm;
mod follow_up;
mod input;
mod job;
mod many;
mod notes;
mod one;
mod plan;
mod save;
mod task;
mod undo;
mod want;

use std::sync::Arc;

use super::console::Console;
use super::ending::give_way;
use super::failure::Failure;
use super::interrupt::Interrupts;
use super::news::Newsline;
use super::selection::{Asked, Selection};
use super::world::World;
use crate::agents::AgentOptions;
use crate::cli::{SetOptions, WantedSource};
use crate::terminal::AnswerSource;
use crate::words::Exit;
use input::read_aim;
use job::Job;
use many::set_many;
use one::{change_one, describe};
use task::{Approval, Task};

pub(super) use undo::undo;

const DEMO_FORGETS: &str = "Note: the demo ends with this command and forgets every change. A server that keeps them: \
                            convrating serve";

pub(super) async fn set(
    options: &SetOptions,
    world: &World,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let interrupts = Interrupts::listen()?;
    let ended = set_selected(options, world, &interrupts, console).await;
    if world.demo.is_some() && ended.is_ok() && !options.is_dry_run {
        console.tell(DEMO_FORGETS);
    }
    give_way(&ended, options.is_json, &interrupts, console);
    ended
}

async fn set_selected(
    options: &SetOptions,
    world: &World,
    interrupts: &Interrupts,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let approval = choose_approval(options, console)?;
    let aim = read_aim(&options.wanted, interrupts).await?;
    let selection = Selection::from_options(&options.server, options.is_all, world)?;
    selection.warning().iter().for_each(|warning| console.tell(warning));
    let Selection { asked, agents } = selection;
    let (newsline, mut news) = Newsline::open();
    let task = Arc::new(Task {
        agents,
        aim,
        is_dry_run: options.is_dry_run,
        is_all: options.is_all,
        approval,
        journal: world.journal.clone(),
        interrupts: interrupts.clone(),
        clock: world.clock,
        newsline,
    });
    match asked {
        Asked::One(one) => {
            let job = Job::new(&task, one).advance().await;
            job.opened().iter().for_each(|profile| console.tell(&describe(profile)));
            change_one(&task, job, options.is_json, &mut news, console).await
        }
        Asked::List(list) => {
            let list = leave_out_read_only(&task, list, console)?;
            set_many(&task, list, options.is_json, &mut news, console).await
        }
    }
}

/// Whether the user is asked, and where.
///
/// # Errors
/// All profiles are to be changed, and the user would have to be asked and cannot be.
fn choose_approval(options: &SetOptions, console: &Console<'_>) -> Result<Approval, Failure> {
    if options.is_confirmed || options.is_dry_run {
        return Ok(Approval::Needless);
    }
    let source = match &options.wanted {
        WantedSource::StandardInput => AnswerSource::open_terminal().ok(),
        _ => console.streams().is_stdin_terminal.then_some(AnswerSource::StandardInput),
    };
    match source {
        Some(source) => Ok(Approval::Asked(source)),
        None if options.is_all => Err(Failure::AllUnasked),
        None => Ok(Approval::Impossible),
    }
}

/// The profiles that may be changed, where the user changes all and named none. The others are named here.
///
/// # Errors
/// None of them may be changed.
fn leave_out_read_only(
    task: &Task,
    list: Vec<AgentOptions>,
    console: &mut Console<'_>,
) -> Result<Vec<AgentOptions>, Failure> {
    let is_left_out = |options: &AgentOptions| {
        task.is_all && task.outline(options).is_some_and(|outline| outline.is_read_only)
    };
    let (left_out, kept): (Vec<_>, Vec<_>) = list.into_iter().partition(is_left_out);
    let names = left_out.iter().filter_map(AgentOptions::profile_name).collect::<Vec<_>>().join(", ");
    match (left_out.is_empty(), kept.is_empty()) {
        (true, _) => {}
        (false, true) => return Err(Failure::AllReadOnly(names)),
        (false, false) => console.tell(&format!("Left out, because read only: {names}")),
    }
    Ok(kept)
}
