//! An answer with an error status, and who gave it.

use super::retry_after::RetryAfter;

/// An answer with a status of 400 and above.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// 400 to 599.
    pub status: u16,
    /// Who answered, and with which words.
    pub answerer: Answerer,
    /// What the header of that name asks for.
    pub retry_after: RetryAfter,
}

/// Who gave an answer, as far as its shape tells. All texts are visible and short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answerer {
    /// The API: the answer has the documented shape.
    Api {
        /// The API's own code for the failure.
        code: Option<String>,
        /// The API's own words, the first ones.
        messages: Vec<String>,
        /// How many more messages there are.
        more: usize,
    },
    /// The API or something else: JSON of a shape that the API does not document.
    Undocumented {
        /// The words in it.
        excerpt: String,
    },
    /// Something between this machine and the API: a gateway, a login page, a cache. An answer without a body, too,
    /// cannot be told from it.
    Between {
        /// The header `Server`.
        server: Option<String>,
        /// The title of its page, or the beginning of its text.
        excerpt: Option<String>,
    },
}

impl Refusal {
    /// `503 SERVICE_UNAVAILABLE`, or the bare status where there is no code.
    pub fn label(&self) -> String {
        match self.code() {
            Some(code) => format!("{} {code}", self.status),
            None => self.status.to_string(),
        }
    }

    /// The API's own code for the failure.
    pub fn code(&self) -> Option<&str> {
        if let Answerer::Api { code, .. } = &self.answerer { code.as_deref() } else { None }
    }

    /// True if the answer has the shape that the API documents.
    pub(crate) fn is_from_api(&self) -> bool {
        matches!(self.answerer, Answerer::Api { .. })
    }
}
