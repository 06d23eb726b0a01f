//! The configuration that an agent starts with, and the JSON text of a configuration.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::fields::{self, FlagGroup, QUESTION_CODES, SWITCHES};
use super::values::{FieldError, parse_codes, parse_flags};

/// The configuration that an agent starts with, read from its entry in `assets/demo.json`. It has every field of the
/// table. The flags of one switch may disagree.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "Map<String, Value>")]
pub(super) struct FirstConfiguration(Map<String, Value>);

impl FirstConfiguration {
    /// The JSON object, as on the wire, with so many more codes than the entry names: `QUESTION_001` and so on.
    pub(super) fn with_more_codes(&self, count: usize) -> Value {
        let mut fields = self.0.clone();
        if let Some(Value::Array(codes)) = fields.get_mut(QUESTION_CODES) {
            codes.extend((1..=count).map(|number| format!("QUESTION_{number:03}").into()));
        }
        Value::Object(fields)
    }
}

impl TryFrom<Map<String, Value>> for FirstConfiguration {
    type Error = FieldError;

    fn try_from(mut entry: Map<String, Value>) -> Result<Self, FieldError> {
        if let Some(name) = entry.keys().find(|name| !fields::is_known(name)) {
            return Err(FieldError::Unknown(name.clone()));
        }
        parse_codes(&entry)?.ok_or(FieldError::Missing(QUESTION_CODES))?;
        for switch in SWITCHES {
            complete_switch(switch, &mut entry)?;
        }
        Ok(Self(entry))
    }
}

/// Sets the flags of a switch that the entry does not name at all. An entry that names one flag must name the others.
fn complete_switch(switch: &FlagGroup, entry: &mut Map<String, Value>) -> Result<(), FieldError> {
    let values = parse_flags(switch, entry)?;
    if values.iter().all(Option::is_none) {
        entry.extend(switch.flags.iter().map(|name| ((*name).to_owned(), switch.default.into())));
        return Ok(());
    }
    let missing = switch.flags.iter().zip(values).find(|(_, value)| value.is_none());
    missing.map_or(Ok(()), |(name, _)| Err(FieldError::Missing(name)))
}

/// The JSON text of what the server holds: the fields in the order of the documentation, then any others. A test may
/// have put other fields there, or a value that is no object.
pub(super) fn render_json(configuration: &Value) -> String {
    let Some(held) = configuration.as_object() else { return configuration.to_string() };
    let known = fields::names().filter_map(|name| held.get_key_value(name));
    let others = held.iter().filter(|(name, _)| !fields::is_known(name));
    let members: Vec<_> =
        known.chain(others).map(|(name, value)| format!("{}:{value}", Value::from(name.as_str()))).collect();
    format!("{{{}}}", members.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// An entry that names every field, each flag with this value.
    fn entry(on: bool) -> Map<String, Value> {
        let value = |name| if name == QUESTION_CODES { json!([]) } else { on.into() };
        fields::names().map(|name| (name.to_owned(), value(name))).collect()
    }

    fn error_of(entry: Map<String, Value>) -> FieldError {
        FirstConfiguration::try_from(entry).expect_err("a broken entry is refused")
    }

    #[test]
    fn an_entry_that_names_every_field_is_taken_as_it_is() {
        for on in [true, false] {
            let first = FirstConfiguration::try_from(entry(on)).expect("a whole entry");
            assert_eq!(first.with_more_codes(0), Value::Object(entry(on)));
        }
    }

    #[test]
    fn a_switch_that_an_entry_does_not_name_has_the_default_of_its_row() {
        for switch in SWITCHES {
            let mut short = entry(!switch.default);
            short.retain(|name, _| !switch.flags.contains(&name.as_str()));
            let first = FirstConfiguration::try_from(short).expect("the default is used").with_more_codes(0);
            for name in fields::names().filter(|name| *name != QUESTION_CODES) {
                let is_default = switch.flags.contains(&name);
                assert_eq!(first[name], json!(if is_default { switch.default } else { !switch.default }));
            }
        }
    }

    #[test]
    fn an_entry_that_names_only_some_flags_of_a_switch_is_refused() {
        for switch in SWITCHES.iter().filter(|switch| switch.flags.len() > 1) {
            for flag in switch.flags {
                let mut short = entry(true);
                short.remove(*flag);
                assert!(matches!(error_of(short), FieldError::Missing(name) if name == *flag));
            }
        }
    }

    #[test]
    fn an_entry_without_question_codes_is_refused() {
        let mut short = entry(true);
        short.remove(QUESTION_CODES);
        assert!(matches!(error_of(short), FieldError::Missing(QUESTION_CODES)));
    }

    #[test]
    fn an_entry_with_a_value_of_the_wrong_type_or_an_unknown_field_is_refused() {
        for name in fields::names() {
            for wrong in [json!("yes"), json!(1), json!([1]), Value::Null] {
                let mut broken = entry(true);
                broken.insert(name.to_owned(), wrong);
                let is_codes = name == QUESTION_CODES;
                match error_of(broken) {
                    FieldError::NotBoolean(named) => assert!(!is_codes && named == name),
                    error => assert!(is_codes && matches!(error, FieldError::NotCodes), "{name}: {error}"),
                }
            }
        }
        let mut misspelt = entry(true);
        misspelt.insert("conv_rating".to_owned(), json!(true));
        assert!(matches!(error_of(misspelt), FieldError::Unknown(name) if name == "conv_rating"));
    }

    #[test]
    fn the_fields_are_written_in_the_order_of_the_documentation_and_unknown_ones_last() {
        let mut held = entry(true);
        held.insert("a \"quoted\" name".to_owned(), json!({"a": [1, null]}));
        let known: Vec<_> = fields::names().map(|name| format!(r#""{name}":{}"#, held[name])).collect();
        let expected = format!(r#"{{{},"a \"quoted\" name":{{"a":[1,null]}}}}"#, known.join(","));
        assert_eq!(render_json(&Value::Object(held)), expected);
    }

    #[test]
    fn a_value_that_is_no_object_is_written_as_it_is() {
        assert_eq!(render_json(&json!(["a", 1])), r#"["a",1]"#);
    }
}
