//! Reading the history from its end: the newest save first, and no more of the file than is asked for.

use std::collections::HashMap;
use std::fs::File;
use std::io::{Read, Seek};
use std::ops::Range;
use std::path::Path;

use serde_json::Value;

use super::from_end::LinesFromEnd;
use super::saved_line::{SavedLine, text};
use crate::private::{Opened, ReadError, is_missing};

/// So many saves are never under way at once. Where more outcomes wait for the lines of their intents, there are no such lines.
const MAX_WAITING: usize = 4096;

/// The lines of outcomes whose intents were not read yet, by their id; the newest first.
type Outcomes = HashMap<String, Vec<Value>>;

/// A history that is read from its end. A line that cannot be read is passed over and counted.
#[derive(Debug)]
pub struct NewestFirst<R = File> {
    lines: LinesFromEnd<R>,
    joiner: Joiner,
}

/// The saves whose intents begin in one block of the file.
#[derive(Debug)]
pub struct SaveBlock {
    /// The saves, the newest first.
    pub saves: Vec<SavedLine>,
    pub(super) place: BlockPlace,
}

/// What it takes to read a block again.
#[derive(Debug)]
pub(super) struct BlockPlace {
    bytes: Range<u64>,
    /// The outcomes of the block's saves that stand behind the block.
    outcomes: Outcomes,
}

impl NewestFirst {
    /// Opens the history at `path`; `None` where there is none.
    ///
    /// # Errors
    /// When the file is there and cannot be read.
    pub fn open(path: &Path) -> Result<Option<Self>, ReadError> {
        match Opened::regular(path) {
            Ok(opened) => Ok(Some(Self::new(opened.into_file())?)),
            Err(ReadError::Io(error)) if is_missing(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

impl<R: Read + Seek> NewestFirst<R> {
    /// A history that is read from `source`.
    ///
    /// # Errors
    /// The end of the source cannot be found.
    pub fn new(source: R) -> Result<Self, ReadError> {
        Ok(Self { lines: LinesFromEnd::new(source)?, joiner: Joiner::default() })
    }

    /// Reads one block of the file; `None` where all was read.
    ///
    /// # Errors
    /// The failure to read.
    pub fn read_block(&mut self) -> Result<Option<SaveBlock>, ReadError> {
        let Some(block) = self.lines.read_block()? else { return Ok(None) };
        self.joiner.unreadable += block.too_long;
        let saves = block.lines.iter().filter_map(|line| self.joiner.take_line(line)).collect();
        let place = BlockPlace { bytes: block.place, outcomes: self.joiner.end_block() };
        Ok(Some(SaveBlock { saves, place }))
    }

    /// Reads the saves of a block again, the newest first. What stands before the block cannot be read after that.
    ///
    /// # Errors
    /// The failure to read.
    pub(super) fn read_again(&mut self, place: BlockPlace) -> Result<Vec<SavedLine>, ReadError> {
        self.lines.read_again(place.bytes);
        self.joiner = Joiner { waiting: place.outcomes, ..Joiner::default() };
        let mut saves = Vec::new();
        while let Some(block) = self.read_block()? {
            saves.extend(block.saves);
        }
        Ok(saves)
    }

    /// How many lines could not be read so far: torn, or not written by this program. An outcome whose save is not in the file is
    /// one of them.
    pub(super) fn count_unreadable(&self) -> usize {
        let orphans = || self.joiner.waiting.values().map(Vec::len).sum::<usize>();
        self.joiner.unreadable + if self.lines.is_at_start() { orphans() } else { 0 }
    }
}

/// Joins the outcomes, which are read first, with their intents.
#[derive(Debug, Default)]
struct Joiner {
    /// The outcomes that stand behind the block.
    waiting: Outcomes,
    /// The outcomes in the block.
    own: Outcomes,
    /// Those outcomes behind the block whose intents are in it.
    used: Outcomes,
    unreadable: usize,
}

impl Joiner {
    /// The save that this line began; `None` for every other line.
    fn take_line(&mut self, line: &[u8]) -> Option<SavedLine> {
        let line = serde_json::from_slice(line).unwrap_or(Value::Null);
        match (text(&line, "event").as_deref(), text(&line, "id")) {
            (Some("intent"), _) => return Some(self.join(&line)),
            (Some("outcome"), Some(id)) => self.own.entry(id).or_default().push(line),
            (Some("outcome"), None) | (None, _) => self.unreadable += 1,
            // An event of a newer version.
            (Some(_), _) => {}
        }
        None
    }

    /// The save with what its outcomes say, in the order in which they were written.
    fn join(&mut self, intent: &Value) -> SavedLine {
        let mut saved = SavedLine::from_intent(intent);
        let Some(id) = saved.id.clone() else { return saved };
        let own = self.own.remove(&id).unwrap_or_default();
        let behind = self.waiting.remove(&id).unwrap_or_default();
        own.iter().rev().chain(behind.iter().rev()).for_each(|outcome| saved.end(outcome));
        if !behind.is_empty() {
            self.used.insert(id, behind);
        }
        saved
    }

    /// The block has ended. Returns the outcomes behind it that belong to its saves.
    fn end_block(&mut self) -> Outcomes {
        for (id, outcomes) in self.own.drain() {
            self.waiting.entry(id).or_default().extend(outcomes);
        }
        if self.waiting.len() > MAX_WAITING {
            self.unreadable += self.waiting.drain().map(|(_, outcomes)| outcomes.len()).sum::<usize>();
        }
        std::mem::take(&mut self.used)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    /// Every save of these lines, the oldest first, and how many lines could not be read.
    pub(in super::super) fn read_whole(bytes: &[u8]) -> (Vec<SavedLine>, usize) {
        let mut history = NewestFirst::new(Cursor::new(bytes)).unwrap();
        let mut saves: Vec<_> =
            std::iter::from_fn(|| history.read_block().unwrap()).flat_map(|block| block.saves).collect();
        saves.reverse();
        (saves, history.count_unreadable())
    }

    /// The same by another way: from the first line to the last.
    pub(in super::super) fn read_forwards(text: &str) -> (Vec<SavedLine>, usize) {
        let (mut saves, mut places, mut unreadable) = (Vec::new(), HashMap::new(), 0);
        for line in text.split('\n').filter(|line| !line.trim().is_empty()) {
            let line: Value = serde_json::from_str(line).unwrap_or_default();
            let id = line["id"].as_str().map(str::to_owned);
            match line["event"].as_str() {
                Some("intent") => {
                    places.extend(id.map(|id| (id, saves.len())));
                    saves.push(SavedLine::from_intent(&line));
                }
                Some("outcome") => match id.and_then(|id| places.get(&id)) {
                    Some(place) => SavedLine::end(&mut saves[*place], &line),
                    None => unreadable += 1,
                },
                Some(_) => {}
                None => unreadable += 1,
            }
        }
        (saves, unreadable)
    }

    /// Any line of a history: whole, of a newer version, torn, or nothing at all.
    pub(in super::super) fn any_line() -> impl Strategy<Value = String> {
        let id = || proptest::sample::select(vec!["1", "2", "3"]);
        let intent = (id(), any::<bool>()).prop_map(|(id, is_on)| {
            json!({"id": id, "event": "intent", "before": {"conv_rating_question_codes": []},
                   "after": {"conv_rating_question_codes": if is_on { vec!["A"] } else { vec![] }}})
            .to_string()
        });
        let word = proptest::sample::select(vec!["saved", "not saved", "conflict", "unknown", "magic"]);
        let outcome = (id(), word, any::<bool>()).prop_map(|(id, outcome, has_after)| {
            let mut line = json!({"id": id, "event": "outcome", "outcome": outcome});
            if has_after {
                line["after"] = json!({"conv_rating_question_codes": ["B"]});
            }
            line.to_string()
        });
        let other = ["", "{}", "[]", "{\"event\":\"undo\"}", "{\"event\":\"intent\",\"id\":\"1", "\u{0}"];
        prop_oneof![3 => intent, 3 => outcome, 1 => proptest::sample::select(other.map(str::to_owned).to_vec())]
    }

    proptest! {
        #[test]
        fn the_saves_are_those_of_the_lines_read_forwards(
            lines in proptest::collection::vec(any_line(), 0..20), is_torn in any::<bool>(),
        ) {
            let text = lines.join("\n") + if is_torn { "" } else { "\n" };
            prop_assert_eq!(read_whole(text.as_bytes()), read_forwards(&text));
        }
    }

    #[test]
    fn outcomes_without_intents_are_counted_however_many_there_are() {
        let outcome =
            |id: usize| json!({"id": id.to_string(), "event": "outcome", "outcome": "saved"}).to_string();
        let lines: Vec<_> = (0..MAX_WAITING * 3).map(outcome).collect();
        assert_eq!(read_whole(lines.join("\n").as_bytes()), (Vec::new(), MAX_WAITING * 3));
    }
}
