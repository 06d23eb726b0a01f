//! The configuration as edited and not yet saved.
//!
//! A draft is a baseline (what the server held when the user last saw it) and the edits on top of it. Only what
//! differs from the baseline is an edit, so nothing is ever "changed" that a save would not change. Rows keep their
//! places for the whole run, whatever is switched, saved or read again.

use std::collections::BTreeMap;

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
    baseline: Settings,
    places: Vec<Place>,
    edits: Edits,
    undo: Vec<Edits>,
}

/// A row's place. It outlives the code's being on.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    code: QuestionCode,
    /// The server had it in this run, or it is documented. Otherwise it was added by hand, and is there only as long
    /// as that edit is.
    is_known: bool,
}

/// What differs from the baseline. This is all that an undo brings back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Edits {
    rating: Option<bool>,
    codes: BTreeMap<QuestionCode, bool>,
    /// Codes added by hand, whether on or off by now.
    added: Vec<QuestionCode>,
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
    /// There are [`MAX_CODES`] rows.
    #[error("There are {MAX_CODES} codes already; no more can be edited here.")]
    TooMany,
}

/// A point in the life of a draft that a save was started from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    draft: Settings,
    undo_depth: usize,
}

impl Draft {
    /// A draft without edits. Rows: the server's codes in their order, then the documented ones that are off.
    pub fn new(baseline: Settings) -> Self {
        let codes = baseline.codes.clone();
        let mut draft = Self { baseline, places: Vec::new(), edits: Edits::default(), undo: Vec::new() };
        draft.learn(&codes);
        for known in catalog::documented() {
            draft.learn(std::slice::from_ref(&known.code));
        }
        draft
    }

    /// What the server held when the user last saw it.
    pub fn baseline(&self) -> &Settings {
        &self.baseline
    }

    /// The rating in the draft.
    pub fn rating(&self) -> Rating {
        self.edits.rating(&self.baseline)
    }

    /// The rows of the form, from top to bottom.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.visible_codes().map(|code| Row {
            code,
            is_on: self.edits.has(&self.baseline, code),
            is_changed: self.edits.codes.contains_key(code),
        })
    }

    /// Everything that a save would change.
    pub fn changes(&self) -> Vec<Change> {
        self.baseline.changes_to(&self.settings())
    }

    /// True if there is anything to save.
    pub fn is_dirty(&self) -> bool {
        self.edits.rating.is_some() || !self.edits.codes.is_empty()
    }

    /// True if there is an edit to undo.
    pub fn can_undo(&self) -> bool {
        !self.undo.is_empty()
    }

    /// False where the list is too long, or a code in it: then the questions are shown and not edited.
    pub fn can_edit_questions(&self) -> bool {
        self.baseline.codes.len() <= MAX_CODES
            && self.baseline.codes.iter().all(|code| code.raw().chars().count() <= MAX_CODE_CHARS)
    }

    /// The configuration as edited.
    pub fn settings(&self) -> Settings {
        self.intent().draft()
    }

    /// What a save needs to know.
    pub fn intent(&self) -> Intent {
        Intent {
            baseline: self.baseline.clone(),
            rating: self.edits.rating,
            codes: self.edits.codes.clone(),
            rows: self.visible_codes().cloned().collect(),
        }
    }

    /// Switches the rating; flags that disagree become both on.
    pub fn toggle_rating(&mut self) {
        let on = self.rating().toggled();
        self.edit(|edits| edits.rating = Some(on));
    }

    /// Switches one code. Does nothing where questions cannot be edited, or the code has no row.
    pub fn toggle(&mut self, code: &QuestionCode) {
        if self.can_edit_questions() && self.visible_codes().any(|row| row == code) {
            let on = !self.edits.has(&self.baseline, code);
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
        if !self.places.iter().any(|place| place.code == code) {
            self.places.push(Place { code: code.clone(), is_known: false });
        }
        self.edit(|edits| {
            edits.added.push(code.clone());
            edits.codes.insert(code, true);
        });
        Ok(())
    }

    /// Takes the last edit back. False if there is none.
    pub fn undo(&mut self) -> bool {
        let Some(edits) = self.undo.pop() else { return false };
        self.edits = edits;
        true
    }

    /// Drops all edits, as one edit that can be undone.
    pub fn discard(&mut self) {
        self.edit(|edits| *edits = Edits::default());
    }

    /// Makes the draft say what `settings` say, as one edit that can be undone. A mixed rating cannot be asked for
    /// and is left as it is, and so are questions that cannot be edited.
    pub fn propose(&mut self, settings: &Settings) {
        self.learn(&settings.codes);
        let rating = match settings.rating {
            Rating::On => Some(true),
            Rating::Off => Some(false),
            Rating::Mixed { .. } => self.edits.rating,
        };
        let on = |code: &QuestionCode| (code.clone(), settings.has(code));
        let can_edit = self.can_edit_questions();
        let codes = self.visible_codes().filter(|_| can_edit).map(on).collect();
        self.edit(|edits| {
            edits.rating = rating;
            edits.codes = codes;
        });
    }

    /// The server was read again: edits are kept on top, and what is already so is no longer an edit.
    pub fn rebase(&mut self, baseline: &Settings) {
        self.learn(&baseline.codes);
        self.baseline = baseline.clone();
        self.tidy();
    }

    /// Takes `theirs` where both sides changed a setting, as one edit that can be undone; other edits stay.
    pub fn take_theirs(&mut self, theirs: &Settings) {
        let intent = self.intent();
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
        Snapshot { draft: self.settings(), undo_depth: self.undo.len() }
    }

    /// What was asked for at `asked` is on the server, which now holds `now`. Edits made since stay edits, also one
    /// that went back to the old value; what could be undone before the save cannot be undone any more.
    pub fn saved(&mut self, asked: &Snapshot, now: &Settings) {
        self.learn(&now.codes);
        let before = std::mem::replace(&mut self.baseline, now.clone());
        self.edits = self.edits.since(&before, &asked.draft, &self.places);
        self.undo.drain(..asked.undo_depth.min(self.undo.len()));
        for edits in &mut self.undo {
            *edits = edits.since(&before, &asked.draft, &self.places);
        }
        self.tidy();
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
        if self.visible_codes().any(|known| known == code) {
            return Err(AddError::AlreadyThere);
        }
        if self.visible_codes().count() >= MAX_CODES || !self.can_edit_questions() {
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
            self.undo.push(before);
        }
    }

    /// Gives a place at the end to each code that has none.
    fn learn(&mut self, codes: &[QuestionCode]) {
        for code in codes {
            match self.places.iter_mut().find(|place| place.code == *code) {
                Some(place) => place.is_known = true,
                None => self.places.push(Place { code: code.clone(), is_known: true }),
            }
        }
    }

    fn visible_codes(&self) -> impl Iterator<Item = &QuestionCode> {
        let is_visible = |place: &&Place| place.is_known || self.edits.added.contains(&place.code);
        self.places.iter().filter(is_visible).map(|place| &place.code)
    }

    /// After a new baseline: drops what is no edit any more, and undo steps that would change nothing.
    fn tidy(&mut self) {
        self.edits.tidy(&self.baseline);
        for edits in &mut self.undo {
            edits.tidy(&self.baseline);
        }
        self.undo.dedup();
        if self.undo.last() == Some(&self.edits) {
            self.undo.pop();
        }
    }
}

impl Edits {
    fn rating(&self, baseline: &Settings) -> Rating {
        self.rating.map_or(baseline.rating, Rating::from)
    }

    fn has(&self, baseline: &Settings, code: &QuestionCode) -> bool {
        self.codes.get(code).copied().unwrap_or_else(|| baseline.has(code))
    }

    fn tidy(&mut self, baseline: &Settings) {
        self.rating = self.rating.filter(|on| Rating::from(*on) != baseline.rating);
        self.codes.retain(|code, on| baseline.has(code) != *on);
    }

    /// These edits, made on `baseline`, as seen from `asked`, a draft that has been saved meanwhile.
    fn since(&self, baseline: &Settings, asked: &Settings, places: &[Place]) -> Self {
        let rating = self.rating(baseline);
        let is_on = |code: &QuestionCode| self.has(baseline, code);
        let changed = places.iter().map(|place| &place.code).filter(|code| is_on(code) != asked.has(code));
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
