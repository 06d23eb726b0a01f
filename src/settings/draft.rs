//! The configuration as edited and not yet saved.
//!
//! A draft is a baseline (what the server held when the user last saw it) and the edits on top of it. Only what
//! differs from the baseline is an edit, so nothing is ever "changed" that a save would not change. Rows keep their
//! places for the whole run, whatever is switched, saved or read again.

mod places;

use std::collections::{BTreeMap, HashSet};

use self::places::Places;
use super::merge::Intent;
use super::{Change, QuestionCode, Rating, Settings, catalog};
use crate::visible::is_hidden;

/// How many codes can be edited; a longer list is shown read only.
pub const MAX_CODES: usize = 500;
/// How many characters a code may have to be edited.
pub const MAX_CODE_CHARS: usize = 200;

/// What the user made of a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    baseline: Baseline,
    places: Places,
    edits: Edits,
    undo: Vec<Step>,
    /// How many steps there have been: the number of the next one.
    steps: usize,
}

/// What the server held when the user last saw it, and what every row of every frame asks of it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Baseline {
    settings: Settings,
    codes: HashSet<QuestionCode>,
    can_edit_questions: bool,
}

/// What differs from the baseline. This is all that an undo brings back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Edits {
    rating: Option<bool>,
    codes: BTreeMap<QuestionCode, bool>,
    /// Codes added by hand, whether on or off by now.
    added: Vec<QuestionCode>,
}

/// One edit, as what was there before it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Step {
    number: usize,
    before: Edits,
}

/// One question code as the form shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row<'a> {
    /// Which code.
    pub code: &'a QuestionCode,
    /// Whether it is on in the draft.
    pub is_on: bool,
    /// Whether that differs from the baseline.
    pub is_changed: bool,
}

/// Why a code cannot be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddError {
    /// Nothing but white space was typed.
    #[error("Type a question code first.")]
    Empty,
    /// White space inside.
    #[error("A code has no white space inside.")]
    WhiteSpace,
    /// Control, format or other characters that cannot be seen.
    #[error("A code has no control or invisible characters.")]
    Hidden,
    /// Longer than [`MAX_CODE_CHARS`].
    #[error("A code has at most {MAX_CODE_CHARS} characters.")]
    TooLong,
    /// It has a row already.
    #[error("This code is in the list already.")]
    AlreadyThere,
    /// [`MAX_CODES`] are on, or the list is too long to be edited.
    #[error("{MAX_CODES} codes are on already; no more can be edited here.")]
    TooMany,
}

/// A point in the life of a draft that a save was started from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    draft: Settings,
    steps: usize,
}

impl Draft {
    /// A draft without edits. Rows: the server's codes in their order, then the documented ones that are off.
    pub fn new(baseline: Settings) -> Self {
        let mut places = Places::default();
        places.learn(&baseline.codes);
        for known in catalog::documented() {
            places.learn(std::slice::from_ref(&known.code));
        }
        let baseline = Baseline::of(baseline);
        Self { baseline, places, edits: Edits::default(), undo: Vec::new(), steps: 0 }
    }

    /// What the server held when the user last saw it.
    pub fn baseline(&self) -> &Settings {
        &self.baseline.settings
    }

    /// The rating in the draft.
    pub fn rating(&self) -> Rating {
        self.edits.rating(&self.baseline)
    }

    /// The rows of the form, from top to bottom.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.codes().map(|code| Row {
            code,
            is_on: self.edits.has(&self.baseline, code),
            is_changed: self.edits.codes.contains_key(code),
        })
    }

    /// The codes of the rows.
    pub fn codes(&self) -> impl Iterator<Item = &QuestionCode> {
        self.places.visible(&self.edits.added)
    }

    /// Everything that a save would change.
    pub fn changes(&self) -> Vec<Change> {
        self.baseline().changes_to(&self.settings())
    }

    /// Everything that was changed since `asked`.
    pub fn changes_since(&self, asked: &Snapshot) -> Vec<Change> {
        asked.draft.changes_to(&self.settings())
    }

    /// True if there is anything to save.
    pub fn is_dirty(&self) -> bool {
        self.edits.rating.is_some() || !self.edits.codes.is_empty()
    }

    /// True if there is an edit to undo.
    pub fn can_undo(&self) -> bool {
        self.undoable().is_some()
    }

    /// False where the list is too long, or a code in it: then the questions are shown and not edited.
    pub fn can_edit_questions(&self) -> bool {
        self.baseline.can_edit_questions
    }

    /// True if as many codes are on as can be edited: one more, and nobody could take it back here.
    pub fn is_full(&self) -> bool {
        self.rows().filter(|row| row.is_on).count() >= MAX_CODES
    }

    /// False where codes were edited and the list has become too long for that since.
    pub fn can_be_saved(&self) -> bool {
        self.can_edit_questions() || self.edits.codes.is_empty()
    }

    /// The configuration as edited.
    pub fn settings(&self) -> Settings {
        self.intent().draft()
    }

    /// What a save needs to know.
    pub fn intent(&self) -> Intent {
        Intent {
            baseline: self.baseline().clone(),
            rating: self.edits.rating,
            codes: self.edits.codes.clone(),
            rows: self.codes().cloned().collect(),
        }
    }

    /// Switches the rating; flags that disagree become both on.
    pub fn toggle_rating(&mut self) {
        let on = self.rating().toggled();
        self.edit(|edits| edits.rating = Some(on));
    }

    /// Switches one code. Does nothing where questions cannot be edited, where one more would be too many, and where the
    /// code has no row.
    pub fn toggle(&mut self, code: &QuestionCode) {
        let on = !self.edits.has(&self.baseline, code);
        let is_possible = self.can_edit_questions() && !(on && self.is_full());
        if is_possible && self.codes().any(|row| row == code) {
            self.edit(|edits| {
                edits.codes.insert(code.clone(), on);
            });
        }
    }

    /// Adds a code, on, at the end of the rows. White space around it is taken off.
    ///
    /// # Errors
    /// The reason that is shown in the field; the draft is as before.
    pub fn add(&mut self, typed: &str) -> Result<(), AddError> {
        let code = QuestionCode::new(typed.trim());
        self.check_addition(&code)?;
        self.places.add(&code);
        self.edit(|edits| {
            edits.added.push(code.clone());
            edits.codes.insert(code, true);
        });
        Ok(())
    }

    /// Takes the last edit back that still makes a difference. False if there is none.
    pub fn undo(&mut self) -> bool {
        let Some(place) = self.undoable() else { return false };
        if let Some(step) = self.undo.drain(place..).next() {
            self.edits = step.before.tidied(&self.baseline);
        }
        true
    }

    /// Drops all edits, as one edit that can be undone.
    pub fn discard(&mut self) {
        self.edit(|edits| *edits = Edits::default());
    }

    /// Makes the draft say what `settings` say, as one edit that can be undone. A mixed rating cannot be asked for
    /// and is left as it is, and so are questions that cannot be edited.
    pub fn propose(&mut self, settings: &Settings) {
        self.places.learn(&settings.codes);
        let rating = match settings.rating {
            Rating::On => Some(true),
            Rating::Off => Some(false),
            Rating::Mixed { .. } => self.edits.rating,
        };
        let on = |code: &QuestionCode| (code.clone(), settings.has(code));
        let can_edit = self.can_edit_questions();
        let codes = self.codes().filter(|_| can_edit).map(on).collect();
        self.edit(|edits| {
            edits.rating = rating;
            edits.codes = codes;
        });
    }

    /// The server was read again: edits are kept on top, and what is already so is no longer an edit. Should the server
    /// change back, an undo brings it back.
    pub fn rebase(&mut self, baseline: &Settings) {
        self.places.learn(&baseline.codes);
        self.baseline = Baseline::of(baseline.clone());
        self.edit(|_| {});
    }

    /// Takes `theirs` where they overlap with `intent`, as one edit that can be undone; other edits stay.
    pub fn take_theirs(&mut self, intent: &Intent, theirs: &Settings) {
        self.rebase(theirs);
        self.edit(|edits| {
            if intent.rating_overlaps(theirs) {
                edits.rating = None;
            }
            if intent.codes_overlap(theirs) {
                edits.codes.clear();
            }
        });
    }

    /// The point a save starts from, for [`Draft::saved`].
    pub fn snapshot(&self) -> Snapshot {
        Snapshot { draft: self.settings(), steps: self.steps }
    }

    /// What was asked for at `asked` is on the server, which now holds `now`. Edits made since stay edits, also one
    /// that went back to the old value; what could be undone before the save cannot be undone any more.
    pub fn saved(&mut self, asked: &Snapshot, now: &Settings) {
        self.places.learn(&now.codes);
        let before = std::mem::replace(&mut self.baseline, Baseline::of(now.clone()));
        let since = |edits: &Edits| edits.since(&before, &asked.draft, &self.places);
        self.undo.retain(|step| step.number >= asked.steps);
        for step in &mut self.undo {
            step.before = since(&step.before);
        }
        self.edits = since(&self.edits).tidied(&self.baseline);
    }

    fn check_addition(&self, code: &QuestionCode) -> Result<(), AddError> {
        let text = code.raw();
        if text.is_empty() {
            return Err(AddError::Empty);
        }
        if text.chars().any(char::is_whitespace) {
            return Err(AddError::WhiteSpace);
        }
        if text.chars().any(is_hidden) {
            return Err(AddError::Hidden);
        }
        if text.chars().count() > MAX_CODE_CHARS {
            return Err(AddError::TooLong);
        }
        if self.codes().any(|known| known == code) {
            return Err(AddError::AlreadyThere);
        }
        if self.is_full() || !self.can_edit_questions() {
            return Err(AddError::TooMany);
        }
        Ok(())
    }

    /// Makes one edit, undoable as a whole. An edit that changes nothing leaves no trace.
    fn edit(&mut self, change: impl FnOnce(&mut Edits)) {
        let before = self.edits.clone();
        change(&mut self.edits);
        self.edits.tidy(&self.baseline);
        if self.edits != before {
            self.undo.push(Step { number: self.steps, before });
            self.steps += 1;
        }
    }

    /// The place of the newest step that an undo would show something of.
    fn undoable(&self) -> Option<usize> {
        self.undo.iter().rposition(|step| step.before.clone().tidied(&self.baseline) != self.edits)
    }
}

impl Baseline {
    fn of(settings: Settings) -> Self {
        let codes = settings.codes.iter().cloned().collect();
        let is_short = |code: &QuestionCode| code.raw().chars().count() <= MAX_CODE_CHARS;
        let can_edit_questions = settings.codes.len() <= MAX_CODES && settings.codes.iter().all(is_short);
        Self { settings, codes, can_edit_questions }
    }
}

impl Edits {
    fn rating(&self, baseline: &Baseline) -> Rating {
        self.rating.map_or(baseline.settings.rating, Rating::from)
    }

    fn has(&self, baseline: &Baseline, code: &QuestionCode) -> bool {
        self.codes.get(code).copied().unwrap_or_else(|| baseline.codes.contains(code))
    }

    /// Drops what is so already.
    fn tidy(&mut self, baseline: &Baseline) {
        self.rating = self.rating.filter(|on| Rating::from(*on) != baseline.settings.rating);
        self.codes.retain(|code, on| baseline.codes.contains(code) != *on);
    }

    fn tidied(mut self, baseline: &Baseline) -> Self {
        self.tidy(baseline);
        self
    }

    /// These edits, made on `baseline`, as seen from `asked`, a draft that has been saved meanwhile.
    fn since(&self, baseline: &Baseline, asked: &Settings, places: &Places) -> Self {
        let (rating, asked_codes) = (self.rating(baseline), asked.code_set());
        let is_on = |code: &QuestionCode| self.has(baseline, code);
        let changed = places.all().filter(|code| is_on(code) != asked_codes.contains(code));
        Self {
            rating: (rating != asked.rating).then_some(rating).and_then(|rating| match rating {
                Rating::On => Some(true),
                Rating::Off => Some(false),
                Rating::Mixed { .. } => None,
            }),
            codes: changed.map(|code| (code.clone(), is_on(code))).collect(),
            added: self.added.clone(),
        }
    }
}

#[cfg(test)]
mod tests;
