//! A text in parts, so that a small screen can leave out what matters least.

use std::fmt;

/// How something ended, in the order in which a reader needs the parts. A part may be empty; all but the lead are sentences.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Explanation {
    /// How it ended, in a word or two: `Saved 14:02:11`, `Not saved`, `Not read`, `Outcome unknown`.
    pub lead: String,
    /// What happened.
    pub happened: String,
    /// What the user can do next. A screen leaves it out last.
    pub todo: String,
    /// What else is known.
    pub details: String,
    /// The server's own words.
    pub said: String,
}

impl Explanation {
    /// How it ended, and what happened.
    pub(crate) fn new(lead: impl Into<String>, happened: impl Into<String>) -> Self {
        Self { lead: lead.into(), happened: happened.into(), ..Self::default() }
    }

    /// With this lead.
    #[must_use]
    pub(crate) fn led_by(self, lead: &str) -> Self {
        Self { lead: lead.to_owned(), ..self }
    }

    /// With this to do, where nothing else is to be done. What happened becomes a whole sentence before it.
    #[must_use]
    pub(crate) fn or_todo(self, todo: &str) -> Self {
        if !self.todo.is_empty() || todo.is_empty() {
            return self;
        }
        let stop = if self.happened.ends_with(')') { "." } else { "" };
        Self { happened: self.happened + stop, todo: todo.to_owned(), ..self }
    }

    /// Without what the user can do next: the program ends.
    #[must_use]
    pub(crate) fn without_todo(self) -> Self {
        Self { todo: String::new(), ..self }
    }

    /// With these sentences after the other details.
    #[must_use]
    pub(crate) fn with_details(self, sentences: &[&str]) -> Self {
        let details = join(&[&[self.details.as_str()], sentences].concat());
        Self { details, ..self }
    }
}

impl From<String> for Explanation {
    fn from(happened: String) -> Self {
        Self::new("", happened)
    }
}

impl From<&str> for Explanation {
    fn from(happened: &str) -> Self {
        Self::new("", happened)
    }
}

/// All of it: `Not saved: the connection broke. s tries again. Nothing was sent.`
impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.lead.is_empty() {
            write!(f, "{}: ", self.lead)?;
        }
        f.write_str(&join(&[&self.happened, &self.todo, &self.details, &self.said]))
    }
}

/// The sentences that are not empty, with spaces between them.
pub(super) fn join(sentences: &[&str]) -> String {
    let told: Vec<_> = sentences.iter().copied().filter(|sentence| !sentence.is_empty()).collect();
    told.join(" ")
}
