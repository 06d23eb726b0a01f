//! The strict reading of an answer: nothing is guessed, nothing is filled in.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use super::{ACTIVE, POPUP_ACTIVE, QUESTION_CODES, QuestionCode, Rating, Settings};
use crate::visible::excerpt;

/// How an answer differs from the object that it should be. The text names the field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShapeError {
    /// It is not JSON at all.
    #[error("The answer is not JSON")]
    NotJson,
    /// It is JSON, but an array, a string, a number …
    #[error("The answer is no JSON object")]
    NotAnObject,
    /// A field is not there.
    #[error("The answer has no {field}")]
    Missing {
        /// Its name on the wire.
        field: &'static str,
    },
    /// A field has another type, or is null.
    #[error("The answer's {field} is {found}, not {expected}")]
    WrongType {
        /// Its name on the wire, with the index for a code: `conv_rating_question_codes[2]`.
        field: String,
        /// What is there, with its article.
        found: &'static str,
        /// What should be there, with its article.
        expected: &'static str,
    },
    /// A key stands there twice: which one counts would be a guess.
    #[error("The answer has {field} twice")]
    Repeated {
        /// The key, made visible.
        field: String,
    },
}

/// The entries of a JSON object in their order, repetitions included.
struct Entries(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct EntriesVisitor;
        impl<'de> Visitor<'de> for EntriesVisitor {
            type Value = Entries;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(EntriesVisitor)
    }
}

/// Reads the body of an answer.
pub(super) fn settings(body: &[u8]) -> Result<Settings, ShapeError> {
    let Entries(entries) = serde_json::from_slice(body)
        .map_err(|error| if error.is_data() { ShapeError::NotAnObject } else { ShapeError::NotJson })?;
    refuse_repetition(&entries)?;
    let active = flag(&entries, ACTIVE)?;
    let popup_active = flag(&entries, POPUP_ACTIVE)?;
    Ok(Settings { rating: Rating::from_flags(active, popup_active), codes: codes(&entries)? })
}

fn refuse_repetition(entries: &[(String, Value)]) -> Result<(), ShapeError> {
    let mut keys: Vec<&str> = entries.iter().map(|(key, _)| key.as_str()).collect();
    keys.sort_unstable();
    match keys.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(ShapeError::Repeated { field: excerpt(pair[0], 60) }),
        None => Ok(()),
    }
}

fn field<'a>(entries: &'a [(String, Value)], name: &'static str) -> Result<&'a Value, ShapeError> {
    let entry = entries.iter().find(|(key, _)| key == name);
    entry.map(|(_, value)| value).ok_or(ShapeError::Missing { field: name })
}

fn flag(entries: &[(String, Value)], name: &'static str) -> Result<bool, ShapeError> {
    let value = field(entries, name)?;
    value.as_bool().ok_or_else(|| wrong_type(name.to_owned(), value, "true or false"))
}

fn codes(entries: &[(String, Value)]) -> Result<Vec<QuestionCode>, ShapeError> {
    let value = field(entries, QUESTION_CODES)?;
    let list = value.as_array().ok_or_else(|| wrong_type(QUESTION_CODES.to_owned(), value, "a list"))?;
    let code = |(index, item): (usize, &Value)| match item {
        Value::String(code) => Ok(QuestionCode::new(code.as_str())),
        other => Err(wrong_type(format!("{QUESTION_CODES}[{index}]"), other, "a text")),
    };
    list.iter().enumerate().map(code).collect()
}

fn wrong_type(field: String, value: &Value, expected: &'static str) -> ShapeError {
    let found = match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    };
    ShapeError::WrongType { field, found, expected }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn error(body: &str) -> String {
        settings(body.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn an_answer_that_is_not_the_object_is_refused_by_name() {
        let flags = r#""conv_rating_active":true,"conv_rating_popup_active":true"#;
        let cases = [
            ("", "The answer is not JSON"),
            ("<html>", "The answer is not JSON"),
            ("[true,true,[]]", "The answer is no JSON object"),
            ("null", "The answer is no JSON object"),
            ("{}", "The answer has no conv_rating_active"),
            (&format!("{{{flags}}}"), "The answer has no conv_rating_question_codes"),
            (
                &format!(r#"{{{flags},"conv_rating_question_codes":null}}"#),
                "The answer's conv_rating_question_codes is null, not a list",
            ),
            (
                &format!(r#"{{{flags},"conv_rating_question_codes":["A",1]}}"#),
                "The answer's conv_rating_question_codes[1] is a number, not a text",
            ),
            (
                r#"{"conv_rating_active":"yes","conv_rating_popup_active":true,"conv_rating_question_codes":[]}"#,
                "The answer's conv_rating_active is a text, not true or false",
            ),
            (
                &format!(r#"{{{flags},"conv_rating_question_codes":[],"conv_rating_active":false}}"#),
                "The answer has conv_rating_active twice",
            ),
            (&format!(r#"{{{flags},"conv_rating_question_codes":["\ud800"]}}"#), "The answer is not JSON"),
        ];
        for (body, expected) in cases {
            assert_eq!(error(body), expected, "for {body}");
        }
    }

    #[test]
    fn fields_that_are_not_known_are_ignored() {
        let body = br#"{"new":{"a":1,"a":2},"conv_rating_popup_active":false,"conv_rating_question_codes":["A"],"conv_rating_active":true}"#;
        let read = settings(body).unwrap();
        assert_eq!(read.rating, Rating::Mixed { active: true });
        assert_eq!(read.codes, [QuestionCode::new("A")]);
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = settings(&body);
        }
    }
}
