//! The question codes that Quickchat AI documents. Any other code may come from a server and is kept; these are offered even where
//! the server has them off.

use std::sync::LazyLock;

use super::code::QuestionCode;

/// One documented code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DocumentedCode {
    /// The code as the wire has it.
    pub code: QuestionCode,
    /// What it asks a visitor, in our words: the wording on the page is Quickchat's.
    pub about: &'static str,
    /// The same in a few words.
    pub brief: &'static str,
}

static DOCUMENTED: LazyLock<[DocumentedCode; 2]> = LazyLock::new(|| {
    [
        DocumentedCode {
            code: QuestionCode::new("HELPFUL_THUMBS"),
            about: "whether the conversation helped, by thumbs up or down",
            brief: "whether it helped, by thumbs",
        },
        DocumentedCode {
            code: QuestionCode::new("EXPERIENCE_THUMBS"),
            about: "how the experience was, by thumbs up or down",
            brief: "how it was, by thumbs",
        },
    ]
});

/// Every documented code, in the order in which they are offered.
pub(crate) fn documented() -> &'static [DocumentedCode] {
    &*DOCUMENTED
}

/// What is known of `code`, if it is documented.
pub(crate) fn lookup(code: &QuestionCode) -> Option<&'static DocumentedCode> {
    documented().iter().find(|known| known.code == *code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_holds_the_two_codes_of_the_vendor() {
        let names: Vec<_> = documented().iter().map(|known| known.code.raw()).collect();
        assert_eq!(names, ["HELPFUL_THUMBS", "EXPERIENCE_THUMBS"]);
        assert!(lookup(&QuestionCode::new("NPS_SCORE")).is_none());
        for known in documented() {
            assert_eq!(lookup(&known.code), Some(known));
        }
    }
}
