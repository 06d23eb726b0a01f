//! What an accepted PATCH changes.

use serde_json::{Map, Value};

use super::contract::Denial;
use super::fields::{FlagGroup, QUESTION_CODES, SWITCHES};
use super::values::{FieldError, parse_codes, parse_flags};

/// The changes of one PATCH. A setting that the body does not name is not in here.
#[derive(Debug, Clone)]
pub(super) struct Changes {
    /// Each switch that is set, and whether it is set to on.
    switches: Vec<(&'static FlagGroup, bool)>,
    codes: Option<Vec<Value>>,
}

impl Changes {
    /// Reads the body of a PATCH. Fields that the documentation does not have are ignored.
    ///
    /// # Errors
    ///
    /// 400 if the body is no JSON object, 422 if a field does not have a value that the documentation allows.
    pub(super) fn parse(body: &[u8]) -> Result<Self, Denial> {
        let value: Value =
            serde_json::from_slice(body).map_err(|_| Denial::bad_request("The body is not valid JSON"))?;
        let fields =
            value.as_object().ok_or_else(|| Denial::bad_request("The body must be a JSON object"))?;
        Self::from_fields(fields).map_err(|error| Denial::invalid(&error))
    }

    fn from_fields(fields: &Map<String, Value>) -> Result<Self, FieldError> {
        let mut switches = Vec::new();
        for switch in SWITCHES {
            switches.extend(parse_switch(switch, fields)?.map(|on| (switch, on)));
        }
        Ok(Self { switches, codes: parse_codes(fields)? })
    }

    /// Puts the changes into what the server holds for an agent. A test may have put a value there that is no object:
    /// it stays as it is.
    pub(super) fn apply(self, held: &mut Value) {
        let Some(held) = held.as_object_mut() else { return };
        for (switch, on) in self.switches {
            held.extend(switch.flags.iter().map(|name| ((*name).to_owned(), on.into())));
        }
        if let Some(codes) = self.codes {
            held.insert(QUESTION_CODES.to_owned(), codes.into());
        }
    }
}

/// The one value of all flags of `switch`; `None` if `fields` names none of them.
fn parse_switch(switch: &FlagGroup, fields: &Map<String, Value>) -> Result<Option<bool>, FieldError> {
    let values = parse_flags(switch, fields)?;
    let first = values.first().copied().flatten();
    if values.iter().all(|value| *value == first) {
        Ok(first)
    } else {
        Err(FieldError::NotAlike(switch.flags))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::fields;
    use serde_json::json;

    fn body(flags: &[&str], on: bool) -> Value {
        flags.iter().map(|name| ((*name).to_owned(), on.into())).collect::<Map<_, _>>().into()
    }

    fn parse(body: &Value) -> Result<Changes, Denial> {
        Changes::parse(body.to_string().as_bytes())
    }

    #[test]
    fn a_patch_of_one_switch_sets_its_flags_and_nothing_else() {
        for switch in SWITCHES {
            for on in [true, false] {
                let before: Map<String, Value> =
                    fields::names().map(|name| (name.to_owned(), json!("as before"))).collect();
                let mut held = Value::Object(before);
                parse(&body(switch.flags, on)).expect("a valid body").apply(&mut held);
                for name in fields::names() {
                    let is_set = switch.flags.contains(&name);
                    assert_eq!(held[name], if is_set { json!(on) } else { json!("as before") }, "{name}");
                }
            }
        }
    }

    #[test]
    fn a_patch_of_some_flags_of_a_switch_or_of_flags_that_disagree_is_refused() {
        for switch in SWITCHES.iter().filter(|switch| switch.flags.len() > 1) {
            for flag in switch.flags {
                parse(&body(&[flag], true)).expect_err("the other flags are missing");
                let mut disagreeing = body(switch.flags, true);
                disagreeing[flag] = json!(false);
                parse(&disagreeing).expect_err("the flags disagree");
            }
        }
    }

    #[test]
    fn a_configuration_that_is_no_object_is_left_as_it_is() {
        let mut held = json!("not an object");
        parse(&body(SWITCHES[0].flags, true)).expect("a valid body").apply(&mut held);
        assert_eq!(held, json!("not an object"));
    }
}
