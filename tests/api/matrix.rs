//! The fault matrix: whatever breaks, what is said of the save is true of the server.

use convrating::demo::{Answer, End, Fault, Method, Point};
use convrating::settings::Draft;
use convrating::settings::Position;
use tokio::task::JoinSet;

use super::lab::{AGENT, Lab, before, brisk, quick, rating_on, save, words};
use super::scenarios::{Case, Meaning, Place, Scenario, all};
use super::{broken_ways, late};
use crate::support::configuration::RATING;
use convrating::api::Timing;
use convrating::save::{Outcome, Save};

/// How many scenarios run side by side.
const SIDE_BY_SIDE: usize = 16;

/// What was found wrong over all scenarios.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) scenarios: usize,
    pub(super) false_saved: usize,
    pub(super) false_not_saved: usize,
    pub(super) lost_drafts: usize,
}

impl Tally {
    /// Judges one ended save by what the server holds.
    pub(super) fn judge(ended: &Save, draft: &mut Draft, lab: &Lab) -> Self {
        let wanted = draft.settings();
        let point = draft.save_point();
        let held = lab.held();
        let mut tally = Self { scenarios: 1, ..Self::default() };
        match ended.outcome().expect("an end") {
            Outcome::Saved { now, .. } => {
                draft.saved(&point, now);
                tally.false_saved = usize::from(!held.is_same(&wanted) || draft.is_dirty());
            }
            Outcome::NotSaved(_) => {
                tally.false_not_saved =
                    usize::from(held.position(&RATING) == Position::On || lab.hooks.applied(AGENT) > 0);
            }
            _ => {}
        }
        tally.lost_drafts = usize::from(!draft.settings().is_same(&wanted));
        tally
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self {
            scenarios: self.scenarios + other.scenarios,
            false_saved: self.false_saved + other.false_saved,
            false_not_saved: self.false_not_saved + other.false_not_saved,
            lost_drafts: self.lost_drafts + other.lost_drafts,
        }
    }

    fn line(self) -> String {
        format!(
            "{} scenarios, {} false \"Saved\", {} false \"Not saved\", {} lost drafts",
            self.scenarios, self.false_saved, self.false_not_saved, self.lost_drafts
        )
    }
}

/// The line that the README quotes, for a matrix in which nothing was wrong.
pub(crate) fn line() -> String {
    let scenarios = all().len() + broken_ways::SCENARIOS + late::SCENARIOS;
    Tally { scenarios, ..Tally::default() }.line()
}

/// What is to be said, and how many PATCHes the server is to see.
struct Expected {
    words: &'static [&'static str],
    patches: usize,
}

const BY_ANSWER: &[&str] = &["Saved 14:02:11: rating off → on (confirmed by the server)"];
const BY_READ: &[&str] = &["Saved 14:02:11: rating off → on (confirmed by a second read)"];
const STILL_OLD: &[&str] = &[
    "Not saved: the server still shows the old value; the change may still arrive, saving again is harmless. ",
    "Why: ",
];
const KEPT: &[&str] =
    &["Not saved as asked: the server kept rating off. s tries again. Your changes are still here."];
const REFUSED: &[&str] = &["Not saved: "];
const NOT_APPLIED: &[&str] =
    &["Not saved: ", "Nothing was changed, as one read shows. Your changes are still here."];
const NOT_READ: &[&str] = &["Not saved: ", "Nothing was sent. Your changes are still here."];
const UNKNOWN: &[&str] =
    &["Outcome unknown: the connection broke after sending and the server cannot be read. r finds out."];

fn expected(scenario: &Scenario) -> Expected {
    let (words, patches) = match scenario.place {
        Place::CheckOnce | Place::Check => after_check(&scenario.case, scenario.place == Place::CheckOnce),
        Place::PatchOnce => after_patch(scenario.case.meaning, scenario.is_applied, true),
        Place::Patch => after_patch(scenario.case.meaning, scenario.is_applied, false),
        Place::Probe if !is_well(&scenario.case) => (UNKNOWN, 1),
        Place::ProbeOnce | Place::Probe if scenario.is_applied => (BY_READ, 1),
        Place::ProbeOnce | Place::Probe => (STILL_OLD, 1),
    };
    Expected { words, patches }
}

fn is_well(case: &Case) -> bool {
    matches!(case.meaning, Meaning::Fine | Meaning::Truthful)
}

fn after_check(case: &Case, is_once: bool) -> (&'static [&'static str], usize) {
    if is_well(case) || is_once && case.is_read_again { (BY_ANSWER, 1) } else { (NOT_READ, 0) }
}

fn after_patch(meaning: Meaning, is_applied: bool, is_once: bool) -> (&'static [&'static str], usize) {
    match (meaning, is_applied, is_once) {
        (Meaning::Fine | Meaning::Truthful, true, _) => (BY_ANSWER, 1),
        (Meaning::Fine | Meaning::Truthful, false, _) => (KEPT, 1),
        (Meaning::Doubt | Meaning::DoubtLater | Meaning::Dropped | Meaning::LikelyRefused, true, _) => {
            (BY_READ, 1)
        }
        (Meaning::Doubt | Meaning::Unread, _, _) => (STILL_OLD, 1),
        (Meaning::Dropped | Meaning::UnreadAndDropped, _, false) => (STILL_OLD, 2),
        (Meaning::LikelyRefused, false, _) => (NOT_APPLIED, 1),
        (
            Meaning::Dropped
            | Meaning::UnreadAndDropped
            | Meaning::DoubtLater
            | Meaning::Later
            | Meaning::Concurrent,
            _,
            true,
        ) => (BY_ANSWER, 2),
        (Meaning::DoubtLater, false, false) => (STILL_OLD, 3),
        (Meaning::Later, _, false) => (REFUSED, 3),
        (Meaning::Concurrent, _, false) => (REFUSED, 2),
        (Meaning::Refusal, _, _) => (REFUSED, 1),
    }
}

fn timing(scenario: &Scenario) -> Timing {
    let patient = brisk();
    match scenario.place {
        _ if !scenario.case.is_silent => patient,
        Place::PatchOnce | Place::Patch => Timing { patch: quick().patch, ..patient },
        Place::Check => Timing { read: quick().read, ..patient },
        // Another read has to succeed on the slowest machine, too.
        Place::Probe => Timing { read: patient.read / 10, ..patient },
        Place::CheckOnce | Place::ProbeOnce => Timing { read: patient.read / 5, ..patient },
    }
}

fn set_up(lab: &Lab, scenario: &Scenario) {
    let (hooks, fault) = (&lab.hooks, scenario.fault());
    match scenario.place {
        Place::CheckOnce => hooks.fail_next(Method::Get, fault),
        Place::Check => hooks.fail_always(Method::Get, fault),
        Place::PatchOnce => hooks.fail_next(Method::Patch, fault),
        Place::Patch => hooks.fail_always(Method::Patch, fault),
        Place::ProbeOnce | Place::Probe => {
            let lost = Answer::Cut(Point::InBody, End::Reset);
            let effect =
                Scenario { case: Case { answer: lost, ..scenario.case.clone() }, ..scenario.clone() };
            hooks.fail_next(Method::Patch, effect.fault());
            hooks.fail_next(Method::Get, Fault::none());
            match scenario.place {
                Place::ProbeOnce => hooks.fail_next(Method::Get, fault),
                _ => hooks.fail_always(Method::Get, fault),
            }
        }
    }
}

async fn run(scenario: Scenario) -> Tally {
    let name = format!("{:?}, {}, applied: {}", scenario.place, scenario.case.name, scenario.is_applied);
    let lab = Lab::start();
    set_up(&lab, &scenario);
    let client = lab.client(timing(&scenario));
    let mut draft = rating_on();
    let ended = save(&client, draft.intent()).await;
    let said = words(&client, ended.outcome().expect("an end"));
    let expected = expected(&scenario);
    for part in expected.words {
        assert!(said.contains(part), "{name}: {said}");
    }
    assert_eq!(lab.hooks.attempts(Method::Patch), expected.patches, "{name}: {said}");
    let says = |words: &str| said.matches(words).count();
    let kept = says("our changes are still here.") + says("your changes stay.");
    assert_eq!(kept, says("Not saved"), "the user hears once that the draft stays, {name}: {said}");
    Tally::judge(&ended, &mut draft, &lab)
}

#[tokio::test]
#[expect(clippy::print_stdout, reason = "the README quotes the line")]
async fn whatever_breaks_what_is_said_is_true_of_the_server() {
    let mut waiting = all().into_iter();
    let mut running: JoinSet<Tally> = waiting.by_ref().take(SIDE_BY_SIDE).map(run).collect();
    let mut tally = broken_ways::run_all().await.and(late::run_all().await);
    while let Some(ended) = running.join_next().await {
        tally = tally.and(ended.expect("a scenario that ends"));
        if let Some(next) = waiting.next() {
            running.spawn(run(next));
        }
    }
    assert_eq!(tally.line(), line());
    assert_eq!(before().position(&RATING), Position::Off, "else every scenario were one of nothing to do");
    println!("{}", tally.line());
}
