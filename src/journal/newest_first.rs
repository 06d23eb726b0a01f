//! Reading the history from its end: the newest save first, and no more of the file than is asked for.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::Path;

use serde_json::Value;

use super::from_end::LinesFromEnd;
use super::saved_line::{SavedLine, text};
use crate::private::{Opened, ReadError, is_missing};

/// A history that is read from its end. A line that cannot be read is passed over.
#[derive(Debug)]
pub(crate) struct NewestFirst<R = File> {
    lines: LinesFromEnd<R>,
    /// The lines of outcomes whose intents were not read yet, by their id; the newest first.
    outcomes: HashMap<String, Vec<Value>>,
}

impl NewestFirst {
    /// Opens the history at `path`; `None` where there is none.
    ///
    /// # Errors
    /// When the file is there and cannot be read.
    pub(crate) fn open(path: &Path) -> Result<Option<Self>, ReadError> {
        match Opened::regular(path) {
            Ok(opened) => Ok(Some(Self::new(opened.into_file())?)),
            Err(ReadError::Io(error)) if is_missing(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

impl<R: Read + Seek> NewestFirst<R> {
    fn new(source: R) -> io::Result<Self> {
        Ok(Self { lines: LinesFromEnd::new(source)?, outcomes: HashMap::new() })
    }

    /// Reads one block of the file. Returns the saves whose intents begin in it, the newest first; `None` at the end.
    ///
    /// # Errors
    /// The failure to read.
    pub(crate) fn read_block(&mut self) -> Result<Option<Vec<SavedLine>>, ReadError> {
        let lines = self.lines.read_block()?;
        Ok(lines.map(|lines| lines.iter().filter_map(|line| self.take_line(line)).collect()))
    }

    /// The save that this line began; `None` for every other line.
    fn take_line(&mut self, line: &[u8]) -> Option<SavedLine> {
        let line: Value = serde_json::from_slice(line).ok()?;
        match text(&line, "event")?.as_str() {
            "intent" => Some(self.join(&line)),
            "outcome" => {
                self.outcomes.entry(text(&line, "id")?).or_default().push(line);
                None
            }
            _ => None,
        }
    }

    /// The save with what its outcomes say, in the order in which they were written.
    fn join(&mut self, intent: &Value) -> SavedLine {
        let mut saved = SavedLine::from_intent(intent);
        let outcomes = saved.id.as_ref().and_then(|id| self.outcomes.remove(id)).unwrap_or_default();
        outcomes.iter().rev().for_each(|outcome| saved.end(outcome));
        saved
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;
    use serde_json::json;

    use super::super::History;
    use super::*;

    /// Any line of a history: whole, of a newer version, torn, or nothing at all.
    fn any_line() -> impl Strategy<Value = String> {
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
        fn the_saves_are_those_of_the_whole_history_the_newest_first(
            lines in proptest::collection::vec(any_line(), 0..20), is_torn in any::<bool>(),
        ) {
            let text = lines.join("\n") + if is_torn { "" } else { "\n" };
            let mut history = NewestFirst::new(Cursor::new(text.as_bytes())).unwrap();
            let mut saves = Vec::new();
            while let Some(block) = history.read_block().unwrap() {
                saves.extend(block);
            }
            let whole = History::from_lines(text.as_bytes()).unwrap().saves;
            prop_assert_eq!(saves, whole.into_iter().rev().collect::<Vec<_>>());
        }
    }
}
