//! The places of rows. A row keeps its place for the whole run, whether its code is on or not.

use std::collections::HashMap;

use crate::settings::QuestionCode;

/// Every code that has a place, from top to bottom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Places {
    list: Vec<Place>,
    /// Where each code stands in `list`.
    index: HashMap<QuestionCode, usize>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    code: QuestionCode,
    /// The server had it in this run, or it is documented. Otherwise it was added by hand, and is there only as long
    /// as that edit is.
    is_known: bool,
}

impl Places {
    /// Gives a place at the end to each code that has none; from now on they are known.
    pub(super) fn learn(&mut self, codes: &[QuestionCode]) {
        for code in codes {
            let place = self.place_of(code);
            self.list[place].is_known = true;
        }
    }

    /// Gives a code that is added by hand a place at the end, if it has none.
    pub(super) fn add(&mut self, code: &QuestionCode) {
        self.place_of(code);
    }

    /// The codes that have a row: those that are known, and those that are `added`.
    pub(super) fn visible(&self, added: &[QuestionCode]) -> impl Iterator<Item = &QuestionCode> {
        self.list
            .iter()
            .filter(|place| place.is_known || added.contains(&place.code))
            .map(|place| &place.code)
    }

    /// Every code that ever had a row.
    pub(super) fn all(&self) -> impl Iterator<Item = &QuestionCode> {
        self.list.iter().map(|place| &place.code)
    }

    fn place_of(&mut self, code: &QuestionCode) -> usize {
        if let Some(place) = self.index.get(code) {
            return *place;
        }
        let place = self.list.len();
        self.list.push(Place { code: code.clone(), is_known: false });
        self.index.insert(code.clone(), place);
        place
    }
}
