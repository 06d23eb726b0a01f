//! The strict reading of an answer: no field is guessed, no field is filled in.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;

use super::code::QuestionCode;
use super::configuration::{QUESTION_CODES, Settings};
use super::switch::{FLAG_COUNT, flag_names};
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

/// The entries of a JSON object in their order, repetitions included. The value of a field that is not ours is only
/// checked to be JSON: it may hold what no type of this crate can, such as a number beyond every range.
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
                while let Some(key) = map.next_key::<String>()? {
                    let value = if is_field(&key) {
                        map.next_value()?
                    } else {
                        map.next_value::<IgnoredAny>()?;
                        Value::Null
                    };
                    entries.push((key, value));
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(EntriesVisitor)
    }
}

fn is_field(name: &str) -> bool {
    name == QUESTION_CODES || flag_names().any(|flag| flag == name)
}

impl Settings {
    /// Reads the body of an answer, strictly: each field must be there once, with its own type. Fields that are not
    /// known are ignored.
    ///
    /// # Errors
    /// A [`ShapeError`] that names the field, or says that the body is no JSON or no object.
    pub fn from_json(body: &[u8]) -> Result<Self, ShapeError> {
        let Entries(entries) = serde_json::from_slice(body)
            .map_err(|error| if error.is_data() { ShapeError::NotAnObject } else { ShapeError::NotJson })?;
        refuse_repetition(&entries)?;
        let mut flags = [false; FLAG_COUNT];
        for (value, name) in flags.iter_mut().zip(flag_names()) {
            *value = read_flag(&entries, name)?;
        }
        Ok(Self { flags, codes: read_codes(&entries)? })
    }
}

fn refuse_repetition(entries: &[(String, Value)]) -> Result<(), ShapeError> {
    let mut keys: Vec<&str> = entries.iter().map(|(key, _)| key.as_str()).collect();
    keys.sort_unstable();
    match keys.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(ShapeError::Repeated { field: excerpt(pair[0], 60) }),
        None => Ok(()),
    }
}

fn find_field<'a>(entries: &'a [(String, Value)], name: &'static str) -> Result<&'a Value, ShapeError> {
    let entry = entries.iter().find(|(key, _)| key == name);
    entry.map(|(_, value)| value).ok_or(ShapeError::Missing { field: name })
}

fn read_flag(entries: &[(String, Value)], name: &'static str) -> Result<bool, ShapeError> {
    let value = find_field(entries, name)?;
    value.as_bool().ok_or_else(|| wrong_type(name.to_owned(), value, "true or false"))
}

fn read_codes(entries: &[(String, Value)]) -> Result<Vec<QuestionCode>, ShapeError> {
    let value = find_field(entries, QUESTION_CODES)?;
    let list = value.as_array().ok_or_else(|| wrong_type(QUESTION_CODES.to_owned(), value, "a list"))?;
    let code = |(index, item): (usize, &Value)| match item {
        Value::String(code) => Ok(QuestionCode::new(code.as_str())),
        other => Err(wrong_type(format!("{QUESTION_CODES}[{index}]"), other, "a text")),
    };
    list.iter().enumerate().map(code).collect()
}

fn wrong_type(field: String, value: &Value, expected: &'static str) -> ShapeError {
    ShapeError::WrongType { field, found: name_type(value), expected }
}

/// The type of a JSON value in words, with its article.
pub(super) fn name_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::mixed;
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Map, json};

    fn error(body: &str) -> String {
        Settings::from_json(body.as_bytes()).unwrap_err().to_string()
    }

    /// The object of the API with every switch off and the code A, after `change`.
    fn changed(change: impl FnOnce(&mut Map<String, Value>)) -> String {
        let mut object = serde_json::to_value(mixed([true, false], "A")).unwrap();
        change(object.as_object_mut().unwrap());
        object.to_string()
    }

    #[test]
    fn an_answer_that_is_not_the_object_is_refused_by_name() {
        let without = |name: &str| changed(|object| drop(object.remove(name)));
        let with = |name: &str, value: Value| changed(|object| drop(object.insert(name.to_owned(), value)));
        let twice = changed(|_| ()).replacen('{', r#"{"conv_rating_active":false,"#, 1);
        let lone_surrogate = changed(|_| ()).replace(r#""A""#, r#""\ud800""#);
        let cases = [
            (String::new(), "The answer is not JSON"),
            ("<html>".to_owned(), "The answer is not JSON"),
            ("[true,true,[]]".to_owned(), "The answer is no JSON object"),
            ("null".to_owned(), "The answer is no JSON object"),
            ("{}".to_owned(), "The answer has no conv_rating_active"),
            (without(QUESTION_CODES), "The answer has no conv_rating_question_codes"),
            (
                with(QUESTION_CODES, Value::Null),
                "The answer's conv_rating_question_codes is null, not a list",
            ),
            (
                with(QUESTION_CODES, json!(["A", 1])),
                "The answer's conv_rating_question_codes[1] is a number, not a text",
            ),
            (
                with("conv_rating_active", json!("yes")),
                "The answer's conv_rating_active is a text, not true or false",
            ),
            (twice, "The answer has conv_rating_active twice"),
            (lone_surrogate, "The answer is not JSON"),
        ];
        for (body, expected) in cases {
            assert_eq!(error(&body), expected, "for {body}");
        }
    }

    #[test]
    fn each_field_must_be_there_with_its_own_type() {
        for name in flag_names().chain([QUESTION_CODES]) {
            let missing = changed(|object| drop(object.remove(name)));
            assert_eq!(error(&missing), format!("The answer has no {name}"));
            let wrong = changed(|object| drop(object.insert(name.to_owned(), json!(1))));
            assert!(error(&wrong).starts_with(&format!("The answer's {name} is a number, not ")));
        }
    }

    #[test]
    fn fields_that_are_not_known_are_ignored_in_any_order() {
        let known = changed(|object| drop(object.insert("new".to_owned(), json!({"a": 1}))));
        assert_eq!(Settings::from_json(known.as_bytes()), Ok(mixed([true, false], "A")));
        let twice_inside = changed(|_| ()).replacen('{', r#"{"new":{"a":1,"a":2},"#, 1);
        assert_eq!(Settings::from_json(twice_inside.as_bytes()), Ok(mixed([true, false], "A")));
    }

    #[test]
    fn a_field_that_is_not_known_may_hold_any_json() {
        for value in ["1e999", r#""\ud800""#, r#"[{"a":-1e-999}]"#, "123456789012345678901234567890"] {
            let known = serde_json::to_string(&mixed([true, false], "A")).unwrap();
            let body = known.replacen('{', &format!(r#"{{"new":{value},"#), 1);
            assert_eq!(Settings::from_json(body.as_bytes()), Ok(mixed([true, false], "A")), "for {value}");
        }
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Settings::from_json(&body);
        }
    }
}
