//! The values of the configuration's fields, read from a JSON object.

use serde_json::{Map, Value};

use super::fields::{FlagGroup, QUESTION_CODES};

/// Why the fields of an object are not accepted.
#[derive(Debug, thiserror::Error)]
pub(super) enum FieldError {
    /// A flag is neither `true` nor `false`.
    #[error("{0} must be a boolean")]
    NotBoolean(&'static str),
    /// The question codes are not a list of texts.
    #[error("{QUESTION_CODES} must be an array of strings")]
    NotCodes,
    /// A PATCH names some flags of a switch only, or gives them different values.
    #[error("{} must be set to the same value", .0.join(" and "))]
    NotAlike(&'static [&'static str]),
    /// A field that an agent must have is not there.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// A field that the documentation does not have.
    #[error("{0} is not a field of the configuration")]
    Unknown(String),
}

/// The value of each flag of `switch`, in the order of its row; `None` for a flag that `fields` does not name.
pub(super) fn parse_flags(
    switch: &FlagGroup,
    fields: &Map<String, Value>,
) -> Result<Vec<Option<bool>>, FieldError> {
    switch.flags.iter().map(|name| parse_flag(name, fields)).collect()
}

fn parse_flag(name: &'static str, fields: &Map<String, Value>) -> Result<Option<bool>, FieldError> {
    let Some(value) = fields.get(name) else { return Ok(None) };
    value.as_bool().map(Some).ok_or(FieldError::NotBoolean(name))
}

/// The question codes, each of them a JSON string; `None` if `fields` does not name them.
pub(super) fn parse_codes(fields: &Map<String, Value>) -> Result<Option<Vec<Value>>, FieldError> {
    let Some(value) = fields.get(QUESTION_CODES) else { return Ok(None) };
    let codes = value.as_array().filter(|codes| codes.iter().all(Value::is_string));
    codes.cloned().map(Some).ok_or(FieldError::NotCodes)
}
