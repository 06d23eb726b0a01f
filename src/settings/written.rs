//! The reading of a configuration that a user wrote: the API's own object, or some of its fields. It is read strictly, as a
//! [`Patch`], so that what is asked for can be sent.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use super::code::QuestionCode;
use super::configuration::QUESTION_CODES;
use super::patch::Patch;
use super::switch::{Switch, flag_names};
use super::typed_code::{MAX_CODE_CHARS, MAX_CODES};
use super::wire::name_type;
use crate::visible::{excerpt, has_token_shape, is_blotted};

/// Why a text is no configuration that can be asked for, and where reading stopped.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {fault}")]
pub struct WrittenError {
    /// The line, counted from 1.
    pub line: usize,
    /// The column, in bytes, counted from 1.
    pub column: usize,
    /// What is wrong there.
    pub fault: WrittenFault,
}

/// What is wrong with a configuration that a user wrote.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WrittenFault {
    /// It is not JSON.
    #[error("this is not JSON ({0})")]
    NotJson(String),
    /// It is JSON, but an array, a string, a number …
    #[error("this is not one JSON object, as convrating get --json prints it")]
    NotAnObject,
    /// A field that the API's object does not have.
    #[error("{field} is unknown; the fields are {}", name_fields())]
    Unknown {
        /// Its name, made visible.
        field: String,
    },
    /// A field stands there twice: which one counts would be a guess.
    #[error("{field} stands there twice")]
    Repeated {
        /// Its name.
        field: &'static str,
    },
    /// A field has another type, or is null.
    #[error("{field} is {found}, not {expected}")]
    WrongType {
        /// Its name, with the index for a code: `conv_rating_question_codes[2]`.
        field: String,
        /// What is there, with its article.
        found: &'static str,
        /// What should be there, with its article.
        expected: &'static str,
    },
    /// Two flags of one switch have different values.
    #[error("{field} is {is_on}, but {other} is {}; they always have the same value", !.is_on)]
    Differ {
        /// The flag that stands below.
        field: &'static str,
        /// Its value.
        is_on: bool,
        /// The flag that stands above.
        other: &'static str,
    },
    /// More codes than can be edited.
    #[error("{QUESTION_CODES} has {0} codes; at most {MAX_CODES} can be saved from here")]
    TooMany(usize),
    /// A code with more characters than can be edited.
    #[error("{QUESTION_CODES}[{0}] has more than {MAX_CODE_CHARS} characters")]
    TooLong(usize),
    /// A code of a token's shape, or one in which `<token>` stands in the place of a token. The text is shown nowhere.
    #[error("{QUESTION_CODES}[{0}] has the shape of a token and is no question code")]
    TokenShaped(usize),
    /// No field at all.
    #[error("there is no field; the fields are {}", name_fields())]
    Empty,
}

impl Patch {
    /// Reads a configuration that a user wrote: each field is the API's own, and none of them has to be there. One flag counts
    /// for all flags of its switch. Codes are taken as they are.
    ///
    /// # Errors
    /// A [`WrittenError`] that names the place and the field.
    pub fn from_written(text: &[u8]) -> Result<Self, WrittenError> {
        let mut fields = Fields::default();
        let mut reader = serde_json::Deserializer::from_slice(text);
        let read = fields.deserialize(&mut reader).and_then(|()| reader.end());
        match read {
            Ok(()) => Ok(Self::new(fields.switches, fields.codes)),
            // serde_json counts a column from 0 where nothing was read yet.
            Err(error) => Err(WrittenError {
                line: error.line().max(1),
                column: error.column().max(1),
                fault: fields.fault.unwrap_or_else(|| describe_syntax(&error)),
            }),
        }
    }
}

/// What `serde_json` says, without the place at its end.
fn describe_syntax(error: &serde_json::Error) -> WrittenFault {
    if error.is_data() {
        return WrittenFault::NotAnObject;
    }
    let text = error.to_string();
    let reason = text.rsplit_once(" at line ").map_or(text.as_str(), |(reason, _)| reason);
    WrittenFault::NotJson(reason.to_owned())
}

/// The fields that were read so far, and what is wrong with the next one. The error of serde itself knows the place, but has no
/// room for more than a text.
#[derive(Default)]
struct Fields {
    switches: BTreeMap<Switch, bool>,
    codes: Option<Vec<QuestionCode>>,
    names: Vec<&'static str>,
    fault: Option<WrittenFault>,
}

impl<'de> DeserializeSeed<'de> for &mut Fields {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for &mut Fields {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            let name = self.begin(&key);
            let name = self.keep_fault(name)?;
            let value = map.next_value()?;
            let taken = self.take(name, &value);
            self.keep_fault(taken)?;
        }
        let is_empty = self.names.is_empty();
        self.keep_fault(if is_empty { Err(WrittenFault::Empty) } else { Ok(()) })
    }
}

impl Fields {
    fn keep_fault<T, E: serde::de::Error>(&mut self, result: Result<T, WrittenFault>) -> Result<T, E> {
        result.map_err(|fault| {
            self.fault = Some(fault);
            E::custom("")
        })
    }

    /// The field's own name, if it may stand here.
    fn begin(&mut self, key: &str) -> Result<&'static str, WrittenFault> {
        let unknown = || WrittenFault::Unknown { field: excerpt(key, 60) };
        let field = list_fields().find(|field| *field == key).ok_or_else(unknown)?;
        if self.names.contains(&field) {
            return Err(WrittenFault::Repeated { field });
        }
        self.names.push(field);
        Ok(field)
    }

    fn take(&mut self, field: &'static str, value: &Value) -> Result<(), WrittenFault> {
        match find_switch(field) {
            Some(switch) => self.take_flag(field, switch, value),
            None => read_codes(value).map(|codes| self.codes = Some(codes)),
        }
    }

    fn take_flag(&mut self, field: &'static str, switch: Switch, value: &Value) -> Result<(), WrittenFault> {
        let is_on = value.as_bool().ok_or_else(|| wrong_type(field.to_owned(), value, "true or false"))?;
        if *self.switches.entry(switch).or_insert(is_on) == is_on {
            return Ok(());
        }
        let mut names = self.names.iter().filter(|name| find_switch(name) == Some(switch));
        Err(WrittenFault::Differ { field, is_on, other: names.next().unwrap_or(&field) })
    }
}

fn list_fields() -> impl Iterator<Item = &'static str> {
    flag_names().chain([QUESTION_CODES])
}

fn name_fields() -> String {
    list_fields().collect::<Vec<_>>().join(", ")
}

fn find_switch(field: &str) -> Option<Switch> {
    Switch::all().find(|switch| switch.definition().flags.iter().any(|flag| flag.name == field))
}

fn read_codes(value: &Value) -> Result<Vec<QuestionCode>, WrittenFault> {
    let list = value.as_array().ok_or_else(|| wrong_type(QUESTION_CODES.to_owned(), value, "a list"))?;
    if list.len() > MAX_CODES {
        return Err(WrittenFault::TooMany(list.len()));
    }
    list.iter().enumerate().map(|(index, code)| read_code(index, code)).collect()
}

fn read_code(index: usize, value: &Value) -> Result<QuestionCode, WrittenFault> {
    let Value::String(code) = value else {
        return Err(wrong_type(format!("{QUESTION_CODES}[{index}]"), value, "a text"));
    };
    if has_token_shape(code) || is_blotted(code) {
        return Err(WrittenFault::TokenShaped(index));
    }
    if code.chars().count() > MAX_CODE_CHARS {
        return Err(WrittenFault::TooLong(index));
    }
    Ok(QuestionCode::new(code.as_str()))
}

fn wrong_type(field: String, value: &Value, expected: &'static str) -> WrittenFault {
    WrittenFault::WrongType { field, found: name_type(value), expected }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::super::tests::{any_settings, mixed, settings};
    use super::*;

    fn read(text: &str) -> Result<Patch, String> {
        Patch::from_written(text.as_bytes()).map_err(|error| error.to_string())
    }

    #[test]
    fn one_flag_counts_for_all_flags_of_its_switch() {
        for switch in Switch::all() {
            for flag in switch.definition().flags {
                for is_on in [true, false] {
                    let patch = read(&json!({ flag.name: is_on }).to_string()).unwrap();
                    assert_eq!(patch, Patch::new([(switch, is_on)].into(), None), "{}", flag.name);
                }
            }
        }
    }

    #[test]
    fn a_list_is_taken_as_it_is() {
        let codes = ["A B", "C,D", "", "\u{202e}", " E ", "A B"].map(QuestionCode::new);
        let text = json!({ QUESTION_CODES: ["A B", "C,D", "", "\u{202e}", " E ", "A B"] }).to_string();
        assert_eq!(read(&text), Ok(Patch::new(BTreeMap::new(), Some(codes.to_vec()))));
        assert_eq!(
            read(&json!({ QUESTION_CODES: [] }).to_string()),
            Ok(Patch::new(BTreeMap::new(), Some(vec![])))
        );
    }

    #[test]
    fn what_cannot_be_asked_for_is_refused_by_its_place_and_field() {
        const FIELDS: &str = "conv_rating_active, conv_rating_popup_active, conv_rating_question_codes";
        let cases = [
            ("", "line 1, column 1: this is not JSON (EOF while parsing a value)".to_owned()),
            ("{", "line 1, column 1: this is not JSON (EOF while parsing an object)".to_owned()),
            (
                "{\n  \"conv_rating_active\": true,\n}",
                "line 3, column 1: this is not JSON (trailing comma)".to_owned(),
            ),
            ("{'a': 1}", "line 1, column 2: this is not JSON (key must be a string)".to_owned()),
            (
                "{\"conv_rating_active\":true} x",
                "line 1, column 29: this is not JSON (trailing characters)".to_owned(),
            ),
            (
                "{\"conv_rating_active\":tru",
                "line 1, column 25: this is not JSON (EOF while parsing a value)".to_owned(),
            ),
            (
                "[{}]",
                "line 1, column 1: this is not one JSON object, as convrating get --json prints it"
                    .to_owned(),
            ),
            (
                "null",
                "line 1, column 4: this is not one JSON object, as convrating get --json prints it"
                    .to_owned(),
            ),
            ("{}", format!("line 1, column 2: there is no field; the fields are {FIELDS}")),
            (
                "{\n  \"conv_rating_actve\": true\n}",
                format!("line 2, column 21: conv_rating_actve is unknown; the fields are {FIELDS}"),
            ),
            (
                "{\"conv_rating_active\": true, \"conv_rating_active\": true}",
                "line 1, column 49: conv_rating_active stands there twice".to_owned(),
            ),
            (
                "{\"conv_rating_active\": \"yes\"}",
                "line 1, column 29: conv_rating_active is a text, not true or false".to_owned(),
            ),
            (
                "{\"conv_rating_popup_active\": null}",
                "line 1, column 34: conv_rating_popup_active is null, not true or false".to_owned(),
            ),
            (
                "{\"conv_rating_active\": true,\n\"conv_rating_popup_active\": false}",
                "line 2, column 34: conv_rating_popup_active is false, but conv_rating_active is true; \
                 they always have the same value"
                    .to_owned(),
            ),
            (
                "{\"conv_rating_question_codes\": \"A\"}",
                "line 1, column 35: conv_rating_question_codes is a text, not a list".to_owned(),
            ),
            (
                "{\"conv_rating_question_codes\": [\"A\", 1]}",
                "line 1, column 40: conv_rating_question_codes[1] is a number, not a text".to_owned(),
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text).unwrap_err(), expected, "{text}");
        }
    }

    #[test]
    fn a_code_of_a_tokens_shape_or_one_that_a_token_was_taken_out_of_is_refused_and_not_shown() {
        for code in ["eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.c2ln", "A <token>"] {
            let error = read(&json!({ QUESTION_CODES: ["A", code] }).to_string()).unwrap_err();
            assert!(error.ends_with(
                ": conv_rating_question_codes[1] has the shape of a token and is no question code"
            ));
        }
        let error = read("{\"eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.c2ln\": 1}").unwrap_err();
        assert!(error.contains("<token> is unknown") && !error.contains("eyJ"), "{error}");
    }

    #[test]
    fn more_or_longer_codes_than_can_be_edited_are_refused() {
        let many = |count: usize| json!({ QUESTION_CODES: vec!["A"; count] }).to_string();
        let long = |count: usize| json!({ QUESTION_CODES: ["A".repeat(count)] }).to_string();
        assert!(read(&many(MAX_CODES)).is_ok() && read(&long(MAX_CODE_CHARS)).is_ok());
        assert!(
            read(&many(MAX_CODES + 1))
                .unwrap_err()
                .ends_with(" has 501 codes; at most 500 can be saved from here")
        );
        assert!(read(&long(MAX_CODE_CHARS + 1)).unwrap_err().ends_with("[0] has more than 200 characters"));
    }

    #[test]
    fn flags_that_disagree_on_the_server_cannot_be_copied() {
        let text = serde_json::to_string(&mixed([true, false], "A")).unwrap();
        assert!(read(&text).unwrap_err().ends_with("they always have the same value"));
    }

    proptest! {
        #[test]
        fn what_get_prints_is_read_back(from in any_settings(), to in any_settings()) {
            let is_mixed = Switch::all().any(|switch| from.switch(switch).value().is_none());
            let read = Patch::from_written(&serde_json::to_vec(&from).unwrap());
            match read {
                Ok(patch) => prop_assert!(patch.applied_to(&to).is_same(&from)),
                Err(error) => prop_assert!(is_mixed, "{error}"),
            }
        }

        #[test]
        fn arbitrary_bytes_never_panic(text in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Patch::from_written(&text);
        }
    }

    #[test]
    fn settings_without_codes_empty_the_list() {
        let patch = read(&serde_json::to_string(&settings(false, "")).unwrap()).unwrap();
        assert_eq!(patch.applied_to(&settings(true, "A B")), settings(false, ""));
    }
}
