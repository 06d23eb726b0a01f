//! The configuration as edited and not yet saved.
//!
//! A draft is a baseline (what the server held when the user last saw it) and the edits on top of it. Only a value that
//! differs from the baseline is an edit: a save would change exactly the edits. Rows keep their places for the whole run,
//! through every toggle, save and reload.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::catalog;
use super::code::QuestionCode;
use super::configuration::Settings;
use super::intent::Intent;
use super::item::{Change, Item, Position, Setting};
use super::row_order::RowOrder;
use super::set_back::SetBack;
use super::switch::Switch;
use super::typed_code::{AddError, MAX_CODE_CHARS, MAX_CODES, check_code};

/// What the user made of a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    baseline: Baseline,
    order: RowOrder,
    edits: Edits,
    undo: Vec<UndoStep>,
    /// How many steps there have been. It is the number of the next one.
    steps: usize,
}

/// What the server held when the user last saw it, with what every row of every frame asks of it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Baseline {
    settings: Settings,
    codes: HashSet<QuestionCode>,
    can_edit_questions: bool,
}

/// What differs from the baseline. This is all that an undo brings back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Edits {
    values: BTreeMap<Item, bool>,
    /// Codes that the user added by hand, whether they are on or off by now.
    added: Vec<QuestionCode>,
}

/// One edit, as the edits that there were before it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct UndoStep {
    number: usize,
    before: Edits,
}

/// One item as the form shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row<'a> {
    /// Which item.
    pub item: &'a Item,
    /// Where the item stands in the baseline.
    pub before: Position,
    /// Where the item stands in the draft.
    pub now: Position,
}

impl Row<'_> {
    /// True if the draft differs from the baseline here.
    pub fn is_changed(&self) -> bool {
        self.before != self.now
    }
}

/// A point in the life of a draft that a save was started from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavePoint {
    draft: Settings,
    steps: usize,
}

impl Draft {
    /// A draft without edits. Its rows: the switches, the server's codes in their order, then the documented codes that
    /// are off.
    pub fn new(baseline: Settings) -> Self {
        let mut order = RowOrder::new();
        order.learn(&baseline.codes);
        order.learn(catalog::documented().iter().map(|known| &known.code));
        let baseline = Baseline::new(baseline);
        Self { baseline, order, edits: Edits::default(), undo: Vec::new(), steps: 0 }
    }

    /// What the server held when the user last saw it.
    pub fn baseline(&self) -> &Settings {
        &self.baseline.settings
    }

    /// The rows of the form, from top to bottom: first the switches, then the codes.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.items().map(|item| self.row(item))
    }

    /// The row of an item.
    pub(crate) fn row<'a>(&self, item: &'a Item) -> Row<'a> {
        Row { item, before: self.baseline.position(item), now: self.position(item) }
    }

    /// The items of the rows.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.order.rows(&self.edits.added)
    }

    /// The rows of the question codes.
    pub(crate) fn code_rows(&self) -> impl Iterator<Item = (&QuestionCode, Row<'_>)> {
        self.rows().filter_map(|row| Some((row.item.code()?, row)))
    }

    /// Where `item` stands in the draft.
    pub fn position(&self, item: &Item) -> Position {
        self.edits.position(&self.baseline, item)
    }

    /// Everything that a save would change: first the switches, then the codes that go, then the codes that come. The edits say it,
    /// and the other codes are looked at for the order of those that come.
    pub fn changes(&self) -> Vec<Change> {
        let values = &self.edits.values;
        let codes = |wanted: bool| -> BTreeSet<&QuestionCode> {
            let edited = values.iter().filter(|(_, is_on)| **is_on == wanted);
            edited.filter_map(|(item, _)| item.code()).collect()
        };
        let (mut gone, come) = (codes(false), codes(true));
        let gone = self.baseline().codes.iter().filter(|code| gone.remove(code));
        let merged = if come.is_empty() { Vec::new() } else { self.settings().codes };
        let come = merged.iter().filter(|code| come.contains(code));
        let items = Switch::all().map(Item::Switch).chain(gone.chain(come).cloned().map(Item::Code));
        let change = |item| {
            let after = Position::from(*values.get(&item)?);
            Some(Change { before: self.baseline.position(&item), after, item })
        };
        items.filter_map(change).collect()
    }

    /// Everything that was changed since `point`.
    pub(crate) fn changes_since(&self, point: &SavePoint) -> Vec<Change> {
        point.draft.changes_to(&self.settings())
    }

    /// True if there is anything to save.
    pub fn is_dirty(&self) -> bool {
        !self.edits.values.is_empty()
    }

    /// True if there is an edit to undo.
    pub(crate) fn can_undo(&self) -> bool {
        self.find_undoable().is_some()
    }

    /// False where the list of codes is too long, or a code in it is: then the questions are shown and not edited.
    pub(crate) fn can_edit_questions(&self) -> bool {
        self.baseline.can_edit_questions
    }

    /// True if as many codes are on as can be edited: with one more, the list could not be edited after the save.
    pub fn is_full(&self) -> bool {
        self.count_on() >= MAX_CODES
    }

    /// How many codes are on: those of the baseline, and what the edits add to them and take from them.
    pub(crate) fn count_on(&self) -> usize {
        let edited = self.edits.values.iter().filter(|(item, _)| item.code().is_some());
        let (on, off): (Vec<_>, Vec<_>) = edited.partition(|(_, is_on)| **is_on);
        self.baseline.codes.len() + on.len() - off.len()
    }

    /// The switch that shows the questions to visitors and is on, if no question is.
    pub(crate) fn switch_without_questions(&self) -> Option<Switch> {
        let is_on = |switch: &Switch| self.position(&Item::Switch(*switch)) == Position::On;
        let switch = Switch::all().find(|switch| switch.definition().shows_questions && is_on(switch))?;
        (self.count_on() == 0).then_some(switch)
    }

    /// False where codes were edited and the list has become too long for that since.
    pub(crate) fn can_be_saved(&self) -> bool {
        self.can_edit_questions() || !self.edits.touches(Setting::Questions)
    }

    /// The configuration as edited.
    pub fn settings(&self) -> Settings {
        self.intent().draft()
    }

    /// What a save needs to know.
    pub fn intent(&self) -> Intent {
        Intent {
            baseline: self.baseline().clone(),
            edits: self.edits.values.clone(),
            rows: self.items().filter_map(Item::code).cloned().collect(),
        }
    }

    /// Switches one item; flags that disagree become all true. Does nothing to a code where questions cannot be edited,
    /// where one more code would be too many, and where the code has no row.
    pub fn toggle(&mut self, item: &Item) {
        let is_on = self.position(item).toggled();
        if self.can_switch(item, is_on) {
            self.edit(|edits| {
                edits.values.insert(item.clone(), is_on);
            });
        }
    }

    /// Adds a code, on, at the end of the rows. White space around it is taken off.
    ///
    /// # Errors
    /// The reason that the field shows. The draft is as before.
    pub fn add(&mut self, typed: &str) -> Result<(), AddError> {
        let code = QuestionCode::new(typed.trim());
        self.check_addition(&code)?;
        self.order.add(&code);
        self.edit(|edits| {
            edits.added.push(code.clone());
            edits.values.insert(Item::Code(code), true);
        });
        Ok(())
    }

    /// Takes back the last edit that still makes a difference. False if there is none.
    pub fn undo(&mut self) -> bool {
        let Some(place) = self.find_undoable() else { return false };
        if let Some(step) = self.undo.drain(place..).next() {
            self.edits = step.before.tidied(&self.baseline);
        }
        true
    }

    /// Drops all edits, as one edit that can be undone.
    pub fn discard(&mut self) {
        self.edit(|edits| *edits = Edits::default());
    }

    /// Makes the changes of `back`, together as one edit that can be undone. Returns what was really changed: codes are left as
    /// they are where the list cannot be edited, or could not be edited afterwards.
    pub(crate) fn set_back(&mut self, back: SetBack) -> SetBack {
        let back = if self.has_room_for(&back) { back } else { back.without_codes() };
        let edits = back.edits();
        self.order.learn(back.changes.iter().filter_map(|change| change.item.code()));
        self.edit(|own| own.values.extend(edits));
        back
    }

    /// The server was read again: edits are kept on top, and a value that the server has by now is no longer an edit.
    /// Should the server change back, an undo brings the edit back.
    pub(crate) fn rebase(&mut self, baseline: &Settings) {
        self.order.learn(&baseline.codes);
        self.baseline = Baseline::new(baseline.clone());
        self.edit(|_| {});
    }

    /// Takes `theirs` in each setting where it overlaps with `intent`, as one edit that can be undone. Other edits stay.
    pub(crate) fn take_theirs(&mut self, intent: &Intent, theirs: &Settings) {
        self.rebase(theirs);
        self.edit(|edits| edits.values.retain(|item, _| !intent.overlaps_in(item.setting(), theirs)));
    }

    /// The point that a save starts from.
    pub fn save_point(&self) -> SavePoint {
        SavePoint { draft: self.settings(), steps: self.steps }
    }

    /// The server holds what the user asked for at `point`; all in all it holds `now`. Edits made since stay edits, also
    /// one that went back to the old value. An edit from before the save can no longer be undone.
    pub fn saved(&mut self, point: &SavePoint, now: &Settings) {
        self.order.learn(&now.codes);
        let before = std::mem::replace(&mut self.baseline, Baseline::new(now.clone()));
        let asked = Baseline::new(point.draft.clone());
        let rebuilt = |edits: &Edits| edits.rebuilt(&before, &asked, &self.order);
        self.undo.retain(|step| step.number >= point.steps);
        for step in &mut self.undo {
            step.before = rebuilt(&step.before);
        }
        self.edits = rebuilt(&self.edits).tidied(&self.baseline);
    }

    fn can_switch(&self, item: &Item, is_on: bool) -> bool {
        let has_room = self.can_edit_questions() && !(is_on && self.is_full());
        item.code().is_none() || has_room && self.items().any(|row| row == item)
    }

    /// True if the questions can be edited now, and also after the changes of `back`.
    fn has_room_for(&self, back: &SetBack) -> bool {
        let (baseline, edits) = (self.settings(), back.edits());
        let rows = edits.keys().filter_map(Item::code).cloned().collect();
        let after = Intent { baseline, edits, rows }.draft();
        self.can_edit_questions() && Baseline::new(after).can_edit_questions
    }

    fn check_addition(&self, code: &QuestionCode) -> Result<(), AddError> {
        check_code(code.raw())?;
        if self.items().any(|item| item.code() == Some(code)) {
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
            self.undo.push(UndoStep { number: self.steps, before });
            self.steps += 1;
        }
    }

    /// The place of the newest step whose undo the user would see.
    fn find_undoable(&self) -> Option<usize> {
        self.undo.iter().rposition(|step| step.before.clone().tidied(&self.baseline) != self.edits)
    }
}

impl Baseline {
    fn new(settings: Settings) -> Self {
        let codes = settings.codes.iter().cloned().collect();
        let is_short = |code: &QuestionCode| code.raw().chars().count() <= MAX_CODE_CHARS;
        let can_edit_questions = settings.codes.len() <= MAX_CODES && settings.codes.iter().all(is_short);
        Self { settings, codes, can_edit_questions }
    }

    fn position(&self, item: &Item) -> Position {
        match item {
            Item::Switch(switch) => self.settings.switch(*switch),
            Item::Code(code) => Position::from(self.codes.contains(code)),
        }
    }
}

impl Edits {
    fn position(&self, baseline: &Baseline, item: &Item) -> Position {
        self.values.get(item).map_or_else(|| baseline.position(item), |is_on| Position::from(*is_on))
    }

    fn touches(&self, setting: Setting) -> bool {
        self.values.keys().any(|item| item.setting() == setting)
    }

    /// Drops each edit to a value that the baseline has already.
    fn tidy(&mut self, baseline: &Baseline) {
        self.values.retain(|item, is_on| baseline.position(item) != Position::from(*is_on));
    }

    fn tidied(mut self, baseline: &Baseline) -> Self {
        self.tidy(baseline);
        self
    }

    /// These edits, made on `baseline`, as edits of `asked`, a draft that has been saved meanwhile.
    fn rebuilt(&self, baseline: &Baseline, asked: &Baseline, order: &RowOrder) -> Self {
        let changed = order.all().filter(|item| self.position(baseline, item) != asked.position(item));
        let values = changed.filter_map(|item| Some((item.clone(), self.position(baseline, item).value()?)));
        Self { values: values.collect(), added: self.added.clone() }
    }
}

#[cfg(test)]
mod tests;
