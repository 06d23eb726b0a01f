//! `undo`: the newest save of the history is set back by a save.
//!
//! ```text
//! token ─► history: the newest save to this profile and agent ─► as `set` goes on: GET, what it sets back, asked, GET, PATCH
//! ```

use std::sync::Arc;

use super::back::describe_no_save;
use super::job::Job;
use super::one::{change_one, describe};
use super::task::{Approval, Task, open_to_change};
use super::want::Aim;
use crate::agents::Profile;
use crate::cli::UndoOptions;
use crate::commands::console::Console;
use crate::commands::ending::give_way;
use crate::commands::failure::Failure;
use crate::commands::interrupt::Interrupts;
use crate::commands::news::Newsline;
use crate::commands::selection::{Asked, Selection};
use crate::commands::world::World;
use crate::journal::{SavedLine, Subject, find_last_save};
use crate::terminal::AnswerSource;
use crate::words::Exit;

pub(in super::super) async fn undo(
    options: &UndoOptions,
    world: &World,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let interrupts = Interrupts::listen()?;
    let ended = undo_last(options, world, &interrupts, console).await;
    give_way(&ended, options.is_json, &interrupts, console);
    ended
}

async fn undo_last(
    options: &UndoOptions,
    world: &World,
    interrupts: &Interrupts,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let selection = Selection::from_options(&options.server, false, world)?;
    selection.warning().iter().for_each(|warning| console.tell(warning));
    let Selection { asked: Asked::One(asked), agents } = selection else { return Err(refuse_many()) };
    let connection = open_to_change(&agents, &asked, interrupts).await?;
    console.tell(&describe(&connection.profile));
    let approval = choose_approval(options, console);
    let saved = find_save(&connection.profile, world, interrupts).await?;
    match &saved {
        Some(_) if matches!(approval, Approval::Impossible) => return Err(Failure::UndoUnasked),
        // In JSON the configuration is told all the same.
        None if !options.is_json => {
            console.say(&describe_no_save(&connection.profile));
            return Ok(Exit::Done);
        }
        _ => {}
    }
    let (newsline, mut news) = Newsline::open();
    let task = Arc::new(Task {
        agents,
        aim: Aim::Undo(saved),
        is_dry_run: options.is_dry_run,
        is_all: false,
        approval,
        journal: world.journal.clone(),
        interrupts: interrupts.clone(),
        clock: world.clock,
        newsline,
    });
    let job = Job::from_connection(&task, connection);
    change_one(&task, job, options.is_json, &mut news, console).await
}

fn refuse_many() -> Failure {
    let [message, usage] = ["undo takes one --profile", "convrating undo [OPTIONS]"].map(str::to_owned);
    Failure::Usage { message, usage: Some(usage) }
}

fn choose_approval(options: &UndoOptions, console: &Console<'_>) -> Approval {
    match console.streams().is_stdin_terminal {
        _ if options.is_confirmed || options.is_dry_run => Approval::Needless,
        true => Approval::Asked(AnswerSource::StandardInput),
        false => Approval::Impossible,
    }
}

/// The newest save to this profile and agent that changed something. The demo keeps no history.
async fn find_save(
    profile: &Profile,
    world: &World,
    interrupts: &Interrupts,
) -> Result<Option<Box<SavedLine>>, Failure> {
    let journal = (!profile.is_demo()).then(|| world.journal.clone());
    let subject = Subject::from(&profile.outline());
    interrupts.race(find_last_save(journal, &subject)).await?.map_err(Failure::History)
}
