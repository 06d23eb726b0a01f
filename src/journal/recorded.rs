//! A configuration as a line of the history tells it: any part may be unknown.

use std::collections::BTreeMap;

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

use crate::settings::switch::flag_names;
use crate::settings::{Change, Item, Position, QUESTION_CODES, QuestionCode, Settings, Switch};

/// What a line of the history says of a configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordedSettings {
    /// The flags that the line names, by their name on the wire.
    flags: BTreeMap<&'static str, bool>,
    /// `None`: the line says nothing of the codes that can be read.
    codes: Option<Vec<QuestionCode>>,
}

impl RecordedSettings {
    /// Reads what can be read of a JSON value; what cannot is unknown.
    pub(super) fn from_json(value: Option<&Value>) -> Self {
        let field = |name: &str| value.and_then(|value| value.get(name));
        let flags = flag_names().filter_map(|name| Some((name, field(name)?.as_bool()?))).collect();
        let read_code = |code: &Value| code.as_str().map(QuestionCode::new);
        let codes = field(QUESTION_CODES).and_then(Value::as_array);
        Self { flags, codes: codes.and_then(|codes| codes.iter().map(read_code).collect()) }
    }

    /// Where a switch stood; `None` where the line does not say it of each of its flags.
    pub fn switch(&self, switch: Switch) -> Option<Position> {
        let flags = switch.definition().flags.iter().map(|flag| self.flags.get(flag.name).copied());
        let values: Vec<bool> = flags.collect::<Option<_>>()?;
        let is_mixed = values.iter().any(|value| *value != values[0]);
        Some(if is_mixed { Position::Mixed } else { Position::from(values[0]) })
    }

    /// What changed from `self` to `after`, as far as both are known.
    pub(crate) fn changes_to(&self, after: &Self) -> Vec<Change> {
        let switches = Switch::all().filter_map(|switch| {
            let (before, after) = (self.switch(switch)?, after.switch(switch)?);
            (before != after).then_some(Change { item: Item::Switch(switch), before, after })
        });
        let codes = self.codes.as_ref().zip(after.codes.as_ref()).map(|(before, after)| {
            let settings = |codes: &Vec<QuestionCode>| Settings::new(codes.clone());
            settings(before).changes_to(&settings(after))
        });
        switches.chain(codes.unwrap_or_default()).collect()
    }
}

/// The API's own object, without what is unknown.
impl Serialize for RecordedSettings {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, value) in flag_names().filter_map(|name| Some((name, self.flags.get(name)?))) {
            map.serialize_entry(name, value)?;
        }
        if let Some(codes) = &self.codes {
            map.serialize_entry(QUESTION_CODES, codes)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::settings::tests::any_settings;

    fn recorded(settings: &Settings) -> RecordedSettings {
        RecordedSettings::from_json(Some(&serde_json::to_value(settings).unwrap()))
    }

    fn words(changes: &[Change]) -> Vec<String> {
        changes.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_is_missing_or_of_another_type_is_unknown_and_no_change() {
        let whole = json!({"conv_rating_active": true, "conv_rating_popup_active": true, "conv_rating_question_codes": ["A"]});
        let after = RecordedSettings::from_json(Some(&whole));
        let cases = [
            (json!({"conv_rating_active": false, "conv_rating_question_codes": []}), vec!["A off → on"]),
            (
                json!({"conv_rating_active": false, "conv_rating_popup_active": false}),
                vec!["rating off → on"],
            ),
            (
                json!({"conv_rating_active": "no", "conv_rating_popup_active": false, "conv_rating_question_codes": [1]}),
                vec![],
            ),
            (json!({"newer": {"a": 1}}), vec![]),
            (json!(null), vec![]),
        ];
        for (before, expected) in cases {
            let before = RecordedSettings::from_json(Some(&before));
            assert_eq!(words(&before.changes_to(&after)), expected, "{before:?}");
        }
        assert_eq!(RecordedSettings::from_json(None), RecordedSettings::default());
        assert_eq!(serde_json::to_value(&after).unwrap(), whole);
    }

    proptest! {
        #[test]
        fn what_was_written_whole_is_read_whole(before in any_settings(), after in any_settings()) {
            let written = recorded(&before);
            prop_assert_eq!(serde_json::to_value(&written).unwrap(), serde_json::to_value(&before).unwrap());
            let changes = written.changes_to(&recorded(&after));
            let known = before.changes_to(&after).into_iter().filter(|change| change.before != change.after);
            prop_assert_eq!(changes, known.collect::<Vec<_>>());
        }
    }
}
