//! Two editors on one configuration: every interleaving of what they do, with the real save and a model of the server.
//!
//! ```text
//! read ─► edit ─► check ─► send ─► a second later: read again
//! ```
//!
//! A value is lost when its editor was told "Saved", it is not on the server at the end, and the other editor did not
//! change it knowingly. Nothing is lost but where one editor's PATCH arrives between the other's check and PATCH, which no client can
//! prevent on a server without versions. There the silent read says so, as long as that window is shorter than the
//! second after which it comes: the interleavings in which it is longer are counted apart.
//!
//! Two processes of one machine take turns. There a step that needs the other's turn waits for a later one, and nothing is lost
//! in any order.

use std::sync::LazyLock;

use crate::support::configuration::{code, mixed};
use convrating::save::{Aftermath, Consent, Event, Outcome, Save, State};
use convrating::settings::Draft;
use convrating::settings::Intent;
use convrating::settings::{Item, Position, Settings, Switch};

/// What an editor does, in its order.
const STEPS: [Step; 5] = [Step::Read, Step::Edit, Step::Check, Step::Send, Step::Reread];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Read,
    Edit,
    Check,
    Send,
    Reread,
}

/// What a user does to the form.
#[derive(Clone)]
enum Edit {
    Toggle(Item),
    Add(&'static str),
    Both(Box<[Edit; 2]>),
}

/// The edits that each of the two makes: every switch and some codes, alone and together.
fn edits() -> Vec<Edit> {
    let toggle = |text| Edit::Toggle(code(text));
    let switches = || Switch::all().map(Item::Switch).map(Edit::Toggle);
    let singles = [toggle("A"), toggle("B"), Edit::Add("C"), Edit::Add("D")];
    let pairs = switches().map(|switch| [switch, toggle("A")]).chain([[toggle("B"), Edit::Add("C")]]);
    switches().chain(singles).chain(pairs.map(|pair| Edit::Both(Box::new(pair)))).collect()
}

impl Edit {
    fn apply(&self, draft: &mut Draft) {
        match self {
            Self::Toggle(item) => draft.toggle(item),
            // A code that is there already is not added, and nothing changes.
            Self::Add(code) => drop(draft.add(code)),
            Self::Both(edits) => edits.iter().for_each(|edit| edit.apply(draft)),
        }
    }
}

/// How an editor saves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    /// With the save; a conflict is answered so, or (`None`) by going back.
    Careful(Option<Consent>),
    /// The whole draft, unread: the baseline to compare with.
    Blind,
    /// As `set` does: the draft is made from the check's read.
    Once,
}

/// One of the two.
struct Editor {
    edit: Edit,
    manner: Manner,
    draft: Option<Draft>,
    save: Option<Save>,
    /// A PATCH has gone out.
    has_sent: bool,
    /// What a blind save asked for.
    intent: Option<Intent>,
    /// The user was told that somebody else changed the same.
    is_told: bool,
}

impl Editor {
    fn new(edit: Edit, manner: Manner) -> Self {
        Self { edit, manner, draft: None, save: None, has_sent: false, intent: None, is_told: false }
    }

    fn act(&mut self, step: Step, server: &mut Settings) {
        match (step, self.manner) {
            (Step::Read, _) => self.draft = Some(Draft::new(server.clone())),
            (Step::Edit, _) => self.edit.clone().apply(self.draft()),
            (Step::Send, Manner::Blind) => self.send_blindly(server),
            (_, Manner::Blind) => {}
            (Step::Check, Manner::Careful(consent)) => self.check(server, consent),
            (Step::Check, Manner::Once) => self.check_once(server),
            (Step::Send, _) => self.send(server),
            (Step::Reread, _) => self.reread(server),
        }
    }

    /// True if this editor has to wait where the other one has its turn.
    fn needs_turn_for(&self, step: Step) -> bool {
        step == Step::Check || step == Step::Send && self.is_checking()
    }

    fn has_turn(&self) -> bool {
        self.save.as_ref().is_some_and(Save::needs_turn) && !self.is_checking()
    }

    /// After consent the server is read again with the next step.
    fn is_checking(&self) -> bool {
        self.save.as_ref().is_some_and(|save| *save.state() == State::Checking)
    }

    fn check_once(&mut self, server: &Settings) {
        let mut draft = Draft::new(server.clone());
        self.edit.apply(&mut draft);
        self.save = Some(Save::start_checked(draft.intent()).0);
    }

    fn draft(&mut self) -> &mut Draft {
        self.draft.as_mut().expect("a draft after the read")
    }

    fn check(&mut self, server: &Settings, consent: Option<Consent>) {
        let mut save = Save::start(self.draft().intent());
        save.step(Event::Read(Ok(server.clone())));
        if matches!(save.state(), State::Conflict(_)) {
            self.is_told = true;
            save.step(consent.map_or(Event::Stop, Event::Consent));
        }
        self.save = Some(save);
    }

    fn send(&mut self, server: &mut Settings) {
        let save = self.save.as_mut().expect("a save after the check");
        if *save.state() == State::Checking {
            // After consent the server is read afresh.
            save.step(Event::Read(Ok(server.clone())));
        }
        if let State::Sending(attempt) = save.state() {
            self.has_sent = true;
            *server = attempt.patch.applied_to(server);
            save.step(Event::Answered(Ok(server.clone())));
        }
    }

    fn send_blindly(&mut self, server: &mut Settings) {
        let intent = self.draft().intent();
        if self.draft().is_dirty() {
            *server = intent.draft();
            self.has_sent = true;
        }
        self.intent = Some(intent);
    }

    /// The silent read: it speaks up if a setting that was saved has changed again.
    fn reread(&mut self, server: &Settings) {
        let Some((asked, after)) = self.saved().filter(|_| self.save.is_some() && self.has_sent) else {
            return;
        };
        self.is_told |= !Aftermath::compare(&asked.changes(), &after, server).undone.is_empty();
    }

    /// What was asked for and what was there after it, where "Saved" was said.
    fn saved(&self) -> Option<(Intent, Settings)> {
        match &self.save {
            Some(save) => match save.outcome() {
                Some(Outcome::Saved { now, .. }) => Some((save.intent().clone(), now.clone())),
                _ => None,
            },
            None => {
                self.intent.clone().filter(|_| self.has_sent).map(|intent| (intent.clone(), intent.draft()))
            }
        }
    }

    /// The baseline and what was asked for on top of it.
    fn intent(&self) -> Option<Intent> {
        self.save.as_ref().map(|save| save.intent().clone()).or_else(|| self.intent.clone())
    }

    /// True if a value that this editor saved is not in `last`, and the other did not change it knowingly.
    fn has_lost(&self, other: &Self, last: &Settings) -> bool {
        let Some((asked, _)) = self.saved() else { return false };
        let theirs = other.intent().expect("both have saved");
        asked.edits.iter().any(|(item, is_on)| {
            let value = Position::from(*is_on);
            let is_known = theirs.baseline.position(item) == value && theirs.edits.get(item) == Some(&!is_on);
            last.position(item) != value && !is_known
        })
    }
}

/// An interleaving: whose turn it is, ten times.
type Turns = [usize; 2 * STEPS.len()];

/// All of them: each way to choose five of ten turns.
fn interleavings() -> Vec<Turns> {
    let all = (0_u32..1 << (2 * STEPS.len())).filter(|bits| bits.count_ones() as usize == STEPS.len());
    all.map(|bits| std::array::from_fn(|turn| ((bits >> turn) & 1) as usize)).collect()
}

/// When an editor takes a step.
fn when(turns: &Turns, editor: usize, step: Step) -> usize {
    let nth = STEPS.iter().position(|known| *known == step).expect("a step");
    let own = turns.iter().enumerate().filter(|(_, turn)| **turn == editor);
    own.map(|(at, _)| at).nth(nth).expect("each editor takes each step")
}

/// The PATCH of `one` arrives between the check and the PATCH of the other.
fn is_in_window(turns: &Turns, one: usize) -> bool {
    let sent = when(turns, one, Step::Send);
    when(turns, 1 - one, Step::Check) < sent && sent < when(turns, 1 - one, Step::Send)
}

/// That window is still open when `one` reads again, a second after its save.
fn is_long_window(turns: &Turns, one: usize) -> bool {
    is_in_window(turns, one) && when(turns, one, Step::Reread) < when(turns, 1 - one, Step::Send)
}

/// What came of all runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Count {
    runs: usize,
    lost_outside: usize,
    lost_inside: usize,
    untold: usize,
    untold_in_long_window: usize,
}

impl Count {
    fn add(&mut self, turns: &Turns, editors: &[Editor; 2], last: &Settings) {
        self.runs += 1;
        let losers: Vec<usize> =
            (0..2).filter(|&one| editors[one].has_lost(&editors[1 - one], last)).collect();
        if losers.is_empty() {
            return;
        }
        let is_told = editors.iter().any(|editor| editor.is_told);
        if !losers.iter().any(|&one| is_in_window(turns, one)) {
            self.lost_outside += 1;
        } else if is_told {
            self.lost_inside += 1;
        } else if losers.iter().any(|&one| is_long_window(turns, one)) {
            self.untold_in_long_window += 1;
        } else {
            self.untold += 1;
        }
    }

    fn lost(&self) -> usize {
        self.lost_outside + self.lost_inside + self.untold + self.untold_in_long_window
    }
}

fn run_all(manners: &[Manner]) -> Count {
    let mut count = Count::default();
    let starts = [[false, false], [true, false]];
    let edits = edits();
    for (start, turns) in
        starts.iter().flat_map(|start| interleavings().into_iter().map(move |t| (*start, t)))
    {
        for (one, other) in edits.iter().flat_map(|one| edits.iter().map(move |other| (one, other))) {
            for &manner in manners {
                let mut server = mixed(start, "A X B");
                let mut editors = [one, other].map(|edit| Editor::new(edit.clone(), manner));
                let mut steps = [STEPS.iter(), STEPS.iter()];
                for turn in turns {
                    editors[turn].act(*steps[turn].next().expect("five steps"), &mut server);
                }
                count.add(&turns, &editors, &server);
            }
        }
    }
    count
}

/// Runs the steps in the order of `turns`; those that have to wait for the other's turn are taken later.
fn run_in_turns(turns: &Turns, editors: &mut [Editor; 2], server: &mut Settings) {
    let mut next = [0, 0];
    for turn in turns.iter().copied().chain([0, 1].into_iter().cycle().take(2 * turns.len())) {
        let Some(&step) = STEPS.get(next[turn]) else { continue };
        if editors[turn].needs_turn_for(step) && editors[1 - turn].has_turn() {
            continue;
        }
        editors[turn].act(step, server);
        next[turn] += 1;
    }
    assert_eq!(next, [STEPS.len(); 2], "each save ends");
}

/// How many runs of two processes of one machine there were, and in how many of them something was lost, told or not.
fn run_all_in_turns() -> (usize, usize) {
    let answers = [None, Some(Consent::KeepBoth), Some(Consent::UseTheirs)].map(Manner::Careful);
    let alike = answers.into_iter().map(|answer| [answer; 2]);
    let manners: Vec<_> = alike.chain([[answers[1], Manner::Once], [Manner::Once; 2]]).collect();
    let edits = edits();
    let (mut runs, mut lost) = (0, 0);
    for turns in interleavings() {
        for (one, other) in edits.iter().flat_map(|one| edits.iter().map(move |other| (one, other))) {
            for &[mine, theirs] in &manners {
                let mut server = mixed([true, false], "A X B");
                let mut editors = [Editor::new(one.clone(), mine), Editor::new(other.clone(), theirs)];
                run_in_turns(&turns, &mut editors, &mut server);
                runs += 1;
                let has_lost = |editor: usize| editors[editor].has_lost(&editors[1 - editor], &server);
                lost += usize::from(has_lost(0) || has_lost(1));
            }
        }
    }
    (runs, lost)
}

#[test]
fn of_two_processes_of_one_machine_none_loses_a_change_in_any_order() {
    let (runs, lost) = run_all_in_turns();
    assert_eq!((runs, lost), (interleavings().len() * edits().len().pow(2) * 5, 0));
}

/// Both counts: with the save, each answer to a conflict; and blind, as often.
static COUNTS: LazyLock<(Count, Count)> = LazyLock::new(|| {
    let answers = [None, Some(Consent::KeepBoth), Some(Consent::UseTheirs)];
    (run_all(&answers.map(Manner::Careful)), run_all(&[Manner::Blind; 3]))
});

/// The line that the README quotes.
pub(crate) fn line() -> String {
    let (careful, blind) = &*COUNTS;
    format!(
        "{} runs of two editors: {} silent losses outside the window between a check and its PATCH; inside it {} told, \
         {} untold, {} untold where the window is longer than a second; a blind full PATCH loses {}",
        careful.runs,
        careful.lost_outside,
        careful.lost_inside,
        careful.untold,
        careful.untold_in_long_window,
        blind.lost()
    )
}

#[test]
#[expect(clippy::print_stdout, reason = "the README quotes the line")]
fn of_two_editors_none_loses_a_change_without_a_word() {
    let (careful, blind) = &*COUNTS;
    assert_eq!((careful.lost_outside, careful.untold), (0, 0), "{careful:?}");
    assert!(careful.lost_inside > 0, "else the window was never met");
    assert!(blind.lost() > careful.lost(), "{blind:?}");
    println!("{}", line());
}
