//! What came from the terminal together: keys, and the texts of marked pastes, in the order in which they came.

use super::key::Key;

/// A part of a batch.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum BatchPart {
    /// Keys, one after the other.
    Pressed(Vec<Key>),
    /// The text of a marked paste, or of a piece of one. It has no control character.
    Pasted(String),
}

/// The keys and the pasted texts that were read together.
#[derive(Debug, Default)]
pub(super) struct InputBatch {
    parts: Vec<BatchPart>,
}

impl InputBatch {
    /// Adds keys.
    pub(super) fn press(&mut self, keys: impl IntoIterator<Item = Key>) {
        let mut keys = keys.into_iter().peekable();
        match self.parts.last_mut() {
            _ if keys.peek().is_none() => {}
            Some(BatchPart::Pressed(pressed)) => pressed.extend(keys),
            _ => self.parts.push(BatchPart::Pressed(keys.collect())),
        }
    }

    /// Begins a paste, which may stay empty.
    pub(super) fn begin_paste(&mut self) {
        self.parts.push(BatchPart::Pasted(String::new()));
    }

    /// Adds what was read inside a paste: only characters are text, line ends and control sequences are not.
    pub(super) fn paste(&mut self, keys: impl IntoIterator<Item = Key>) {
        let text = keys.into_iter().filter_map(|key| match key {
            Key::Char(character) => Some(character),
            _ => None,
        });
        let mut text = text.peekable();
        match self.parts.last_mut() {
            _ if text.peek().is_none() => {}
            Some(BatchPart::Pasted(pasted)) => pasted.extend(text),
            _ => self.parts.push(BatchPart::Pasted(text.collect())),
        }
    }

    /// The keys and the bytes of the texts, counted together.
    pub(super) fn len(&self) -> usize {
        let size = |part: &BatchPart| match part {
            BatchPart::Pressed(keys) => keys.len(),
            BatchPart::Pasted(text) => text.len(),
        };
        self.parts.iter().map(size).sum()
    }

    /// How many of the keys can be part of a text.
    pub(super) fn count_text_keys(&self) -> usize {
        let count = |part: &BatchPart| match part {
            BatchPart::Pressed(keys) => keys.iter().filter(|key| !key.is_movement()).count(),
            BatchPart::Pasted(_) => 0,
        };
        self.parts.iter().map(count).sum()
    }

    /// The parts in their order.
    pub(super) fn into_parts(self) -> Vec<BatchPart> {
        self.parts
    }
}
