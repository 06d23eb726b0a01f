//! A question code.

use std::borrow::Cow;
use std::fmt;

use serde::ser::{Serialize, Serializer};

use crate::visible::visible;

/// One string of the array of codes, exactly as the server has it. [`fmt::Display`] makes it safe to show; only
/// [`QuestionCode::raw`] gives the characters that are sent back.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QuestionCode(String);

impl QuestionCode {
    /// Takes any string: a code of the server is kept whatever it holds.
    pub fn new(raw: impl Into<String>) -> Self {
        Self(raw.into())
    }

    /// The code as it is on the wire.
    pub fn raw(&self) -> &str {
        &self.0
    }

    /// The code, safe to show.
    pub(crate) fn shown(&self) -> Cow<'_, str> {
        match self.0.as_str() {
            // An empty code still needs something that the user can see.
            "" => "\"\"".into(),
            raw => visible(raw),
        }
    }
}

impl fmt::Display for QuestionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown())
    }
}

impl Serialize for QuestionCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}
