//! The order of the form's rows. A row keeps its place for the whole run, whether its item is on or off.

use std::collections::HashMap;

use super::code::QuestionCode;
use super::item::Item;
use super::switch::Switch;

/// Every item that ever had a row, from top to bottom: first the switches, then the codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RowOrder {
    places: Vec<Place>,
    /// The index of each item in `places`.
    index: HashMap<Item, usize>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    item: Item,
    /// A switch, a code that the server had in this run, or a documented one. Any other code was added by hand: its
    /// row is there only as long as that edit is.
    is_known: bool,
}

impl RowOrder {
    /// The switches, and no code yet.
    pub(super) fn new() -> Self {
        let mut order = Self { places: Vec::new(), index: HashMap::new() };
        for switch in Switch::all() {
            order.learn_item(Item::Switch(switch));
        }
        order
    }

    /// Gives each code that has no place one at the end. From now on these codes are known.
    pub(super) fn learn<'a>(&mut self, codes: impl IntoIterator<Item = &'a QuestionCode>) {
        for code in codes {
            self.learn_item(Item::Code(code.clone()));
        }
    }

    /// Gives a code that the user adds a place at the end, if it has none.
    pub(super) fn add(&mut self, code: &QuestionCode) {
        self.find_or_append(Item::Code(code.clone()));
    }

    /// The items that have a row: the known ones, and the codes in `added`.
    pub(super) fn rows(&self, added: &[QuestionCode]) -> impl Iterator<Item = &Item> {
        let is_added = |item: &Item| item.code().is_some_and(|code| added.contains(code));
        let rows = self.places.iter().filter(move |place| place.is_known || is_added(&place.item));
        rows.map(|place| &place.item)
    }

    /// Every item that ever had a row.
    pub(super) fn all(&self) -> impl Iterator<Item = &Item> {
        self.places.iter().map(|place| &place.item)
    }

    fn learn_item(&mut self, item: Item) {
        let index = self.find_or_append(item);
        self.places[index].is_known = true;
    }

    fn find_or_append(&mut self, item: Item) -> usize {
        if let Some(index) = self.index.get(&item) {
            return *index;
        }
        let index = self.places.len();
        self.places.push(Place { item: item.clone(), is_known: false });
        self.index.insert(item, index);
        index
    }
}
