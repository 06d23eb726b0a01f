//! `set`: the editor's save without the editor.
//!
//! ```text
//! guards ─► GET: what is there ─► draft of what is wanted ─┬─ nothing differs ─► done, nothing sent
//!                                                          ├─ --dry-run ───────► shown, nothing sent
//!                                                          └─ api::save::drive ─► GET, merge, PATCH, outcome
//! ```

mod save;

use std::ops::ControlFlow;
use std::sync::Arc;

use super::confirm::confirm;
use super::interrupt::Interrupts;
use super::listing::{Answer, Listing};
use super::side_by_side::side_by_side;
use super::target::Targets;
use super::{Console, Failure, World};
use crate::cli::Change;
use crate::exit::Exit;
use crate::settings::draft::Draft;
use crate::settings::{QuestionCode, Rating};
use crate::visible::excerpt;
use save::{Changed, Job};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

pub(super) async fn set(change: &Change, world: &World, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let targets = Targets::of(&change.reach, false, world)?;
    targets.notice().iter().for_each(|notice| console.tell(notice));
    let Targets { list, is_list, opener } = targets;
    confirm(change, &list, &opener, console).await?;
    let interrupts = Interrupts::listen(&[SIGINT, SIGTERM, SIGHUP])?;
    let jobs: Vec<_> = list
        .into_iter()
        .map(|target| Job {
            target,
            opener: Arc::clone(&opener),
            wanted: change.wanted.clone(),
            is_dry_run: change.is_dry_run,
            is_ascii: console.is_ascii(),
            recorder: world.recorder.clone(),
            interrupts: interrupts.clone(),
            clock: world.clock,
        })
        .collect();
    if is_list {
        let exit = set_all(jobs, change.is_json, console).await;
        console.flush();
        interrupts.give_way();
        return Ok(exit);
    }
    let Some(job) = jobs.into_iter().next() else { return Err(Failure::NoProfiles) };
    let (answer, notes) = job.run().await;
    for note in &notes {
        console.tell(note);
    }
    let changed = answer
        .result
        .inspect_err(|failure| leave_by_signal(failure, &interrupts, change.is_json, console))?;
    if change.is_json {
        changed.request.iter().for_each(|request| console.tell(request));
        console.json(&changed.settings);
    } else {
        console.say(&changed.text);
        changed.request.iter().for_each(|request| console.say(request));
    }
    console.flush();
    if console.is_lost() && !change.is_dry_run {
        // The output is lost, the change is not.
        console.tell(&changed.text);
    }
    Ok(Exit::Done)
}

/// After SIGTERM or SIGHUP the failure is told before the signal has its way.
fn leave_by_signal(failure: &Failure, interrupts: &Interrupts, is_json: bool, console: &mut Console<'_>) {
    if interrupts.is_fatal() {
        super::tell_failure(failure, is_json, console);
        console.flush();
        interrupts.give_way();
    }
}

async fn set_all(jobs: Vec<Job>, is_json: bool, console: &mut Console<'_>) -> Exit {
    let mut listing = Listing::begin(console, is_json, jobs.len());
    side_by_side(jobs.into_iter().map(Job::run), |(answer, notes)| {
        let name = answer.shown_name();
        for note in &notes {
            listing.tell(&format!("{name}: {note}"));
        }
        listing.add(answer.exit(), || line(&answer), || answer.to_json(|changed| changed.settings.clone()));
        if listing.is_lost() {
            // The output is lost, the change is not.
            listing.tell(&line(&answer));
        }
        ControlFlow::Continue(())
    })
    .await;
    listing.end()
}

fn line(answer: &Answer<Changed>) -> String {
    match &answer.result {
        Ok(changed) => format!("{}: {}", answer.shown_name(), changed.text),
        Err(failure) => format!("{}: {failure}", answer.shown_name()),
    }
}

/// Makes of `draft` what is wanted.
fn want(draft: &mut Draft, wanted: &crate::cli::Wanted) -> Result<(), Failure> {
    if let Some(on) = wanted.active {
        while draft.rating() != Rating::from(on) {
            draft.toggle_rating();
        }
    }
    let has_codes = !(wanted.exactly.is_empty() && wanted.add.is_empty() && wanted.remove.is_empty());
    if has_codes && !draft.can_edit_questions() {
        return Err(Failure::QuestionsTooLong);
    }
    let exactly: Vec<_> = wanted.exactly.iter().map(|text| meant(draft, text)).collect();
    for code in exactly.iter().cloned().chain(wanted.add.iter().map(QuestionCode::new)) {
        switch_on(draft, &code)?;
    }
    let is_unwanted = |code: &QuestionCode| {
        wanted.remove.iter().any(|text| text == code.raw()) || !exactly.is_empty() && !exactly.contains(code)
    };
    let unwanted: Vec<_> =
        draft.rows().filter(|row| row.is_on && is_unwanted(row.code)).map(|row| row.code.clone()).collect();
    for code in &unwanted {
        draft.toggle(code);
    }
    Ok(())
}

/// The code that is meant by `text`: the server's own one where it is written like this, else without the white space
/// around it, as it would be added.
fn meant(draft: &Draft, text: &str) -> QuestionCode {
    let is_there = draft.rows().any(|row| row.code.raw() == text);
    QuestionCode::new(if is_there { text } else { text.trim() })
}

fn switch_on(draft: &mut Draft, code: &QuestionCode) -> Result<(), Failure> {
    let is_on = draft.rows().find(|row| row.code == code).map(|row| row.is_on);
    match is_on {
        Some(true) => Ok(()),
        Some(false) => {
            draft.toggle(code);
            Ok(())
        }
        None => draft.add(code.raw()).map_err(|fault| Failure::Code { code: excerpt(code.raw(), 60), fault }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Wanted;
    use crate::settings::tests::settings;
    use crate::settings::{Patch, Settings};

    fn body(baseline: &Settings, wanted: &Wanted) -> String {
        let mut draft = Draft::new(baseline.clone());
        want(&mut draft, wanted).unwrap();
        Patch::between(baseline, &draft.settings()).to_json()
    }

    fn codes(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn only_what_is_named_is_touched() {
        let mixed = settings(Rating::Mixed { active: true }, "B A X");
        let flags = |on| format!(r#"{{"conv_rating_active":{on},"conv_rating_popup_active":{on}}}"#);
        let active = |on| Wanted { active: Some(on), ..Wanted::default() };
        assert_eq!(body(&mixed, &active(false)), flags(false));
        assert_eq!(body(&mixed, &active(true)), flags(true));
        assert_eq!(body(&settings(true, "A"), &active(true)), "{}");
        let add = Wanted { add: codes("C B"), remove: codes("A Z"), ..Wanted::default() };
        assert_eq!(body(&mixed, &add), r#"{"conv_rating_question_codes":["B","X","C"]}"#);
        let exactly = Wanted { exactly: codes("N X"), ..Wanted::default() };
        assert_eq!(body(&mixed, &exactly), r#"{"conv_rating_question_codes":["X","N"]}"#);
    }

    #[test]
    fn a_code_is_meant_as_the_server_writes_it_else_without_white_space_around_it() {
        let mut there = settings(true, "A");
        there.codes.push(QuestionCode::new(" B "));
        let wanted = Wanted { exactly: vec![" B ".to_owned(), " N ".to_owned()], ..Wanted::default() };
        assert_eq!(body(&there, &wanted), r#"{"conv_rating_question_codes":[" B ","N"]}"#);
    }
}
