//! The question codes that are documented, from `assets/question_codes.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

use super::code::QuestionCode;

/// One documented code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DocumentedCode {
    /// The code as the wire has it.
    pub code: QuestionCode,
    /// What it asks a visitor, in our words: the wording on the page is Quickchat's.
    pub about: String,
    /// The same in a few words.
    pub brief: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CatalogFile {
    code: Vec<AssetCode>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AssetCode {
    name: String,
    about: String,
    brief: String,
}

static DOCUMENTED: LazyLock<Vec<DocumentedCode>> = LazyLock::new(|| {
    // The file is compiled in and a test reads it, so this cannot fail in a build that passed.
    let asset: CatalogFile = toml_edit::de::from_str(include_str!("../../assets/question_codes.toml"))
        .unwrap_or_else(|_| CatalogFile { code: Vec::new() });
    asset
        .code
        .into_iter()
        .map(|code| DocumentedCode {
            code: QuestionCode::new(code.name),
            about: code.about,
            brief: code.brief,
        })
        .collect()
});

/// Every documented code, in the order of the file.
pub(crate) fn documented() -> &'static [DocumentedCode] {
    &DOCUMENTED
}

/// What is known of `code`, if it is documented.
pub(crate) fn lookup(code: &QuestionCode) -> Option<&'static DocumentedCode> {
    documented().iter().find(|known| known.code == *code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_asset_holds_the_two_codes_of_the_vendor() {
        let names: Vec<_> = documented().iter().map(|known| known.code.raw()).collect();
        assert_eq!(names, ["HELPFUL_THUMBS", "EXPERIENCE_THUMBS"]);
        assert!(lookup(&QuestionCode::new("NPS_SCORE")).is_none());
        for known in documented() {
            assert_eq!(lookup(&known.code), Some(known));
        }
    }
}
